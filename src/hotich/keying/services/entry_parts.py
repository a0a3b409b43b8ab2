"""Rows, comparisons and answers for what was keyed: the small parts of `entries`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db.models import QuerySet

from hotich.database.plain import tell
from hotich.intake.models import CaseState
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import CheckState, Entry, EntryKind, ItemState, PackageItem
from hotich.keying.rules.comparison import all_fields, differing
from hotich.keying.rules.sync import (
    ACCEPTED,
    DUPLICATE,
    REFUSED,
    RETURNED,
    SyncAnswer,
    SyncItem,
    accepted_version,
    unconfirmed,
)
from hotich.keying.rules.workflow import ITEM, next_state
from hotich.registers.types import version_by_id

COLUMNS = (
    "id", "origin_office_id", "package_id", "item_id", "case_id", "kind", "schema_version", "revision", "keyer",
    "confirmed", "annotations", "saved_at", "received_at", "first_received_at", "clock_error", "strokes", "active_ms",
    "characters", "fields_filled", "is_sample", "check_state", "doubt", "version",
)  # fmt: skip
MENDED = [
    "case_id", "kind", "schema_version", "revision", "keyer", "confirmed", "annotations", "saved_at", "received_at",
    "clock_error", "strokes", "active_ms", "characters", "fields_filled", "doubt", "version",
]  # fmt: skip
TO_MEND = frozenset({CaseState.HELD, CaseState.RETURNED})
"""States of a case that wait for its keyer."""

LARGEST_ERROR = 2**31 - 1  # milliseconds, some 24 days: of a clock that is further off only this much is kept
_JSON = frozenset({"confirmed", "annotations"})
_NEW = {"is_sample": False, "check_state": CheckState.PENDING.value, "version": 1}


def locked_entries() -> QuerySet[Entry]:
    """Entries with their case, locked."""
    return Entry.objects.select_for_update(of=("self",)).select_related("case")


def row_of(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """The row of a new entry, in the order of COLUMNS; what it does not say is as of any new one."""
    return tuple(
        orjson.dumps(entry[name]).decode() if name in _JSON else entry[name] if name in entry else _NEW[name]
        for name in COLUMNS
    )


def mark_keyed(places: Sequence[PackageItem]) -> None:
    """Places that were open are keyed now. Raises RuleBroken act_not_allowed_in_state."""
    moved = [place for place in places if place.state != ItemState.KEYED]
    for state in {place.state for place in moved}:
        next_state(ITEM, state, "key")
    if moved:
        tell(
            "update package_item set state = 'keyed', reason = '' where id = any(%s::uuid[])",
            [[place.id for place in moved]],
        )


def saved_at(item: SyncItem, clock_error: int, at: datetime) -> datetime:
    """When it was keyed, by the PC's clock put right; never later than now."""
    told = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=item.saved_at - clock_error)
    return min(told, at)


def is_accepted(expected: str, given: str) -> bool:
    """Whether a package with the form `expected` takes what was keyed in the form `given`."""
    try:
        accepted_version(expected, given)
    except RuleBroken:
        return False
    return True


def says_the_same(entry: Entry, item: SyncItem) -> bool:
    """Whether an item says of its place what the entry says already."""
    if entry.kind != item.state:
        return False
    if entry.case is None or entry.kind != EntryKind.CASE:
        return True
    version, recorded = version_by_id(entry.case.schema_version), entry.case.as_recorded
    # the number of the book is the server's where the keyer left it out
    asked = [code for code in all_fields(version) if code in item.values or code != "register_book_no"]
    same_notes = list(entry.case.annotations) == list(item.annotations)
    return same_notes and not differing(version, recorded, item.values, asked)


def answer_for(
    item: SyncItem, state: str, problems: Sequence[Mapping[str, Any]], *, result: str = ACCEPTED, reason: str = ""
) -> SyncAnswer:
    """What a keyer is told of a case that is stored: returned with what must be mended or confirmed, else `result`.

    `reason`: why it was given back to him. Problems are as the case keeps them.
    """
    errors = [found for found in problems if found["severity"] == "error"]
    told = [*errors, *unconfirmed(problems, item.confirmed)]
    if state in TO_MEND or told:
        result = RETURNED
    code = "case_given_back" if state == CaseState.RETURNED else ""
    return SyncAnswer(
        str(item.client_id), item.revision, result, case_state=state, problems=told, code=code,
        params={"reason": reason} if code else {},
    )  # fmt: skip


def answer_about(entry: Entry, item: SyncItem, left_out: Sequence[Mapping[str, Any]] = ()) -> SyncAnswer:
    """What is told about a case that was sent once more: the same as the first time, else that it is a duplicate.

    `left_out`: choices about the population database that were not taken.
    """
    case = entry.case
    if case is None:
        return SyncAnswer(str(item.client_id), item.revision, DUPLICATE)
    if case.state not in (CaseState.HELD, CaseState.CHECKING, CaseState.RETURNED):
        return SyncAnswer(str(item.client_id), item.revision, DUPLICATE, case_state=case.state)
    problems = [*case.problems, *left_out]
    return answer_for(item, case.state, problems, result=DUPLICATE, reason=case.returned_reason)


def refused(item: SyncItem, fault: RuleBroken) -> SyncAnswer:
    """Not stored, and why."""
    params = {"field": fault.field, **fault.params}
    return SyncAnswer(str(item.client_id), item.revision, REFUSED, code=fault.code, params=params)
