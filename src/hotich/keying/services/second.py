"""What a second person keyed for the same case without seeing the first: kept once, compared at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import CaseState
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    CheckState,
    Difference,
    Entry,
    EntryKind,
    KeyingPackage,
    PackageItem,
    PackageState,
    SecondKeying,
)
from hotich.keying.queries.held_entries import Held
from hotich.keying.rules.comparison import WHOLE_CASE, asks_notes, fields_asked, kept_fields, same
from hotich.keying.rules.sampling import STRAY
from hotich.keying.rules.sync import ACCEPTED, DUPLICATE, REFUSED, SyncAnswer, SyncItem
from hotich.keying.services.access import CHECK, KEY, locked_package, must_have
from hotich.keying.services.checking_access import (
    check_again,
    held_of,
    must_be_another,
    note_entry,
)
from hotich.keying.services.differences import compare_again, reopen_case, settle
from hotich.registers.types import version_by_id

# A package may have been finished or given back while the checker's PC had no line: what he keyed is kept all the same.
_TAKES = frozenset({PackageState.RELEASED, PackageState.CHECKING, PackageState.CHECKED, PackageState.OUT})


def receive_second_keyings(
    *, actor: Actor, at: datetime, items: Sequence[SyncItem], clock_error: int = 0
) -> list[SyncAnswer]:
    """Keep second keyings (kind critical | double | sample) sent by a browser; each is answered, in their order.

    Sent twice, one is kept once: `duplicate`. What equals the first keying passes its check at once, else the
    differences wait for their decisions. `clock_error`: of the PC, milliseconds ahead. Refused, item by item: see
    `_receive`. Raises RuleBroken: not_allowed.
    """
    must_have(actor, CHECK)
    answers: dict[int, SyncAnswer] = {}
    order = sorted(range(len(items)), key=lambda place: (items[place].package, place))  # packages are locked in order
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        for place in order:
            answers[place] = _answered(actor, at, items[place], clock_error)
    return [answers[place] for place in range(len(items))]


def _answered(actor: Actor, at: datetime, item: SyncItem, clock_error: int) -> SyncAnswer:
    identity = str(item.client_id)
    try:
        with unit_of_work(actor=actor, at=at) as work:
            result, state = _receive(work, item, clock_error)
    except RuleBroken as fault:
        return SyncAnswer(
            identity, item.revision, REFUSED, code=fault.code, params={"field": fault.field, **fault.params}
        )
    return SyncAnswer(identity, item.revision, result, case_state=state)


def _receive(work: UnitOfWork, item: SyncItem, clock_error: int) -> tuple[str, str]:
    """Keep one. Raises RuleBroken: package_unknown, package_not_released, item_unknown, entry_missing (nobody has
    keyed this place), checked_by_keyer, second_keying_given (other values than those sent before), second_of_other.
    """
    actor = work.actor
    package = locked_package(actor, item.package)
    if (known := SecondKeying.objects.filter(id=item.client_id).first()) is not None:
        return _known(actor, known, item)
    if package.state not in _TAKES:
        raise RuleBroken("package_not_released", state=str(package.state))
    held = _entry_at(package, item)
    must_be_another(actor, held)
    kind = item.kind if held.outstanding == item.kind else STRAY
    second = keep_second(work, held, item, kind, clock_error)
    note_entry(work, held, "keyed_entry.keyed_again", kind=kind, second=str(second.id))
    return ACCEPTED, str(held.case.state) if held.case is not None else ""


def _known(actor: Actor, known: SecondKeying, item: SyncItem) -> tuple[str, str]:
    if known.keyer not in actor.hands:
        raise RuleBroken("second_of_other")
    notes = known.annotations is None or list(known.annotations) == list(item.annotations)
    if not notes or any(not same(known.values.get(code), item.values.get(code)) for code in known.values):
        raise RuleBroken("second_keying_given")  # compared already: whoever has seen the first may not key again
    return DUPLICATE, ""


def _entry_at(package: KeyingPackage, item: SyncItem) -> Held:
    places = PackageItem.objects.filter(package=package)
    place = places.filter(id=item.item).first() if item.item is not None else None
    if place is None:
        raise RuleBroken("item_unknown")
    entry_id = Entry.objects.filter(item=place).values_list("id", flat=True).first()
    if entry_id is None:
        raise RuleBroken("entry_missing")
    return held_of(package, [entry_id])[0]


def keep_stray(*, actor: Actor, at: datetime, entry_id: UUID, item: SyncItem, clock_error: int = 0) -> SecondKeying:
    """Another officer has keyed this case too, and his entry came later: kept and compared like a second keying.

    It counts as a blind one, for none of the two saw the other's. Sent twice, it is kept once. Raises RuleBroken:
    not_allowed, entry_unknown, second_of_other.
    """
    must_have(actor, KEY, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = Entry.objects.filter(id=entry_id, origin_office_id__in=actor.office_ids)
        package_id = found.values_list("package_id", flat=True).first()
        if package_id is None:
            raise RuleBroken("entry_unknown")
        held = held_of(locked_package(actor, package_id), [entry_id])[0]
        if (known := SecondKeying.objects.filter(id=item.client_id).first()) is not None:
            _known(actor, known, item)
            return known
        second = keep_second(work, held, item, STRAY, clock_error)
        note_entry(work, held, "keyed_entry.keyed_again", kind=STRAY, second=str(second.id))
    return second


def keep_second(work: UnitOfWork, held: Held, item: SyncItem, kind: str, clock_error: int) -> SecondKeying:
    """Write a second keying of a locked entry and compare it."""
    at, entry = work.at, held.entry
    fields = fields_asked(version_by_id(entry.schema_version), kind)
    second = SecondKeying.objects.create(
        id=item.client_id, origin_office_id=entry.origin_office_id, entry=entry, kind=kind,
        keyer=work.actor.officer_id or 0, values=kept_fields(item.values, fields), of_revision=entry.revision,
        saved_at=_saved_at(item, clock_error, at), received_at=at, strokes=item.strokes, active_ms=item.active_ms,
        annotations=list(item.annotations) if asks_notes(kind) and item.state == EntryKind.CASE else None,
    )  # fmt: skip
    held.seconds.append(second)
    _note_whole_case(held, second, item, at)
    if entry.check_state == CheckState.RETURNED:
        return second  # compared when its keyer has mended it
    compare_again(held, at)
    if _reopens(work, held):
        settle(work, held, at)
    return second


def _reopens(work: UnitOfWork, held: Held) -> bool:
    """A late entry that differs from a case that passed brings it back to be checked, unless it is approved: then its
    differences stand, and what is wrong is mended in the record."""
    if held.entry.check_state != CheckState.PASSED:
        return True
    if held.case is None or not Difference.objects.filter(entry=held.entry, decision="").exists():
        return False
    if held.case.state not in (CaseState.APPROVED, CaseState.WITHDRAWN):
        check_again(work, held.package)
        reopen_case(work, held, work.at)
    return True


def _note_whole_case(held: Held, second: SecondKeying, item: SyncItem, at: datetime) -> None:
    """One says there is a case, the other that the number is void or its page missing: a difference about all of it."""
    if item.state == held.entry.kind:
        return
    Difference.objects.create(
        origin_office_id=held.entry.origin_office_id, entry=held.entry, second=second, field=WHOLE_CASE,
        is_critical=True, first_value={"text": str(held.entry.kind), "reason": ""},
        second_value={"text": item.state, "reason": item.reason[:300]}, found_at=at,
    )  # fmt: skip


def _saved_at(item: SyncItem, clock_error: int, at: datetime) -> datetime:
    """When it was keyed, by the PC's clock put right; never later than now."""
    told = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=item.saved_at - clock_error)
    return min(told, at)
