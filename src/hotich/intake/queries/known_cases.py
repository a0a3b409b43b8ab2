"""Reads: cases that are there already, by what they say and by their number."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from hotich.database.plain import ask
from hotich.intake.models import Batch, Case, CaseState
from hotich.intake.rules.import_decisions import Known, NumberKey, part_of, source_words
from hotich.intake.rules.workflow import HOLDS_ITS_NUMBER
from hotich.records.models import Attachment

_COLUMNS = ("id", "batch__source_name", "row_number", "state", "import_hash", "content_hash", "scan_id", "as_recorded")


def cases_of_register(office_id: int, letters: str, *, not_batch: UUID | None = None) -> QuerySet[Case]:
    """Cases of an office and a register that were not withdrawn, those of one batch left out."""
    cases = Case.objects.filter(origin_office_id=office_id, register_type=letters).exclude(state=CaseState.WITHDRAWN)
    return cases.exclude(batch_id=not_batch) if not_batch else cases


def known_by_digest(cases: QuerySet[Case], digests: Collection[str]) -> dict[str, Known]:
    """Cases that say the same, as imported or as they would be exported now; by fingerprint."""
    found: dict[str, Known] = {}
    wanted = [list(set(digests))]
    # the second index holds corrected cases only, and must be asked for in its own words
    for column, some in (("import_hash", cases), ("content_hash", cases.exclude(content_hash=""))):
        # one array, not 500 parameters: the query is made and planned in a fraction of the time
        near = some.extra(where=[f"intake_case.{column} = any(%s)"], params=wanted)
        rows: Iterable[Any] = near.values_list(*_COLUMNS[:-1])
        for identity, batch, row, state, imported, corrected, scan in rows:
            known = Known(identity, batch, row, state, imported, scan is not None)
            found.setdefault(imported if column == "import_hash" else corrected, known)
    return found


def known_by_number(
    cases: QuerySet[Case], keys: Collection[NumberKey], row_fields: Sequence[str] = ()
) -> dict[NumberKey, list[Known]]:
    """Cases with these numbers, by number; those of the lowest row first."""
    found: dict[NumberKey, list[Known]] = defaultdict(list)
    if not keys:
        return found
    wanted = set(keys)
    columns = ("book_number", "book_year", "registration_year", "number")
    near = cases.extra(
        where=[f"intake_case.{column} = any(%s)" for column in columns],
        params=[sorted({key[place] for key in wanted}) for place in range(4)],
    )
    shown = _COLUMNS if row_fields else _COLUMNS[:-1]
    rows: Iterable[Any] = near.order_by("row_number").values_list(*columns, "number_suffix", *shown)
    for book, book_year, year, number, suffix, identity, batch, row, state, imported, _, scan, *rest in rows:
        key = (book, book_year, year, number, suffix.lower())
        if key in wanted:
            part = part_of(rest[0], row_fields) if row_fields else ""
            found[key].append(Known(identity, batch, row, state, imported, scan is not None, part))
    return found


def digests_known(office_id: int, letters: str, digests: Collection[str], *, besides: UUID | None = None) -> set[str]:
    """Which of these fingerprints another case has, as imported or keyed, or as it would be exported now.

    Plain SQL, as `numbers_held`: both are asked at every save of a keyer.
    """
    if not digests:
        return set()
    near = "from intake_case where origin_office_id = %s and register_type = %s and state <> 'withdrawn'"
    other = " and id <> %s" if besides else ""
    own: list[Any] = [office_id, letters, list(digests), *([besides] if besides else [])]
    found = ask(
        f"select import_hash {near} and import_hash = any(%s){other} union all "  # nosec B608 - fixed texts only
        f"select content_hash {near} and content_hash = any(%s) and content_hash <> ''{other}",
        [*own, *own],
    )
    return {digest for (digest,) in found}


def words_of_batch(batch_id: UUID | str) -> str:
    """Which file or package a row stands in, as it is told behind the number of the row."""
    return source_words(Batch.objects.filter(id=batch_id).values_list("source_name", flat=True).first())


def numbers_held(
    office_id: int,
    letters: str,
    keys: Collection[NumberKey],
    row_fields: Sequence[str] = (),
    *,
    besides: UUID | None = None,
) -> dict[tuple[object, ...], tuple[int, str]]:
    """Which of these numbers a case has that holds its number: number with part -> row and batch of the first."""
    if not keys:
        return {}
    recorded = "as_recorded" if row_fields else "null"
    rows = ask(
        "select book_number, book_year, registration_year, number, number_suffix, row_number, batch_id, "
        f"{recorded} from intake_case where origin_office_id = %s and register_type = %s "  # nosec B608
        "and state = any(%s) and book_number = any(%s) and book_year = any(%s::int[]) "
        "and registration_year = any(%s::int[]) "
        f"and number = any(%s::int[]) {'and id <> %s' if besides else ''} order by row_number",
        [
            office_id, letters, list(HOLDS_ITS_NUMBER), *(sorted({key[place] for key in keys}) for place in range(4)),
            *([besides] if besides else []),
        ],
    )  # fmt: skip
    wanted = set(keys)
    found: dict[tuple[object, ...], tuple[int, str]] = {}
    for *key, suffix, row, batch, values in rows:
        key.append(suffix.lower())
        if tuple(key) in wanted:
            part = part_of(json.loads(values) if isinstance(values, str) else values, row_fields) if row_fields else ""
            found.setdefault((*key, part), (row, str(batch)))
    return found


def others_with_number(case: Case) -> QuerySet[Case]:
    """Other cases of the same office, register, book, year and number."""
    return (
        cases_of_register(case.origin_office_id, case.register_type)
        .filter(
            book_number=case.book_number,
            book_year=case.book_year,
            registration_year=case.registration_year,
            number=case.number,
            number_suffix__iexact=case.number_suffix,
        )
        .exclude(Q(id=case.id))
        .order_by("row_number")
    )


def has_scan_of(case_id: UUID, sha256: str) -> bool:
    """Whether a case, or the record it became, has a scan with this content."""
    case = Case.objects.filter(id=case_id).values_list("scan__sha256", "record_id").first()
    if case is None or case[0] == sha256:
        return case is not None
    return case[1] is not None and Attachment.objects.filter(record_id=case[1], file__sha256=sha256).exists()
