"""Reads: the rows of a book as a workbook has them, in the order they came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hotich.intake.models import Batch, Case, CaseState
from hotich.intake.rules.change_groups import split
from hotich.intake.rules.row_examination import cells_of
from hotich.intake.rules.workbook_header import newest_version
from hotich.intake.rules.workflow import UNAPPROVED
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annotation, Record
from hotich.records.rules.current_view import current_view
from hotich.records.rules.restricted import values_shown
from hotich.registers.models import Book
from hotich.registers.rules.cells import headings
from hotich.registers.rules.reading import read_book
from hotich.registers.types import version_by_id


@dataclass(frozen=True, slots=True)
class BookRows:
    """The headings and rows (heading -> text) of an export."""

    letters: str
    headings: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


def values_of_record(record: Record, notes: Sequence[Annotation], *, current: bool) -> list[dict[str, Any]]:
    """The rows of a record: as recorded, or after the annotations in force."""
    values: Mapping[str, Any] = record.as_recorded
    if current:
        values = current_view(record.as_recorded, notes).values
    return list(split(values))


def cells_of_record(
    record: Record, notes: Sequence[Annotation], *, current: bool, restricted: bool
) -> list[dict[str, str]]:
    """The same as cells. Without the right to see them, restricted values are left out."""
    version = version_by_id(record.schema_version)
    closed = {note.field for note in notes if note.restricted and note.field}
    rows = values_of_record(record, notes, current=current)
    return [cells_of(version, values_shown(version, row, sees=restricted, also=closed).values) for row in rows]


def book_rows(
    *,
    office_id: int,
    letters: str,
    label: str,
    unapproved: bool,
    current: bool,
    template: str,
    restricted: bool,
) -> BookRows:
    """The rows of the book `label` ("01/2006") of the office that registered.

    Raises RuleBroken book_unknown, template_unknown.
    """
    read = read_book(label)
    if read is None or read.year is None:
        raise RuleBroken("book_unknown", field="book", label=label)
    cases = list(
        Case.objects.filter(
            origin_office_id=office_id, register_type=letters, book_number=read.number, book_year=read.year,
            state__in=[CaseState.APPROVED, *(UNAPPROVED if unapproved else ())],
        ).order_by("batch__created_at", "batch_id", "row_number")
    )  # fmt: skip
    records = _records(office_id, letters, read.number, read.year)
    rows = list(_in_order(cases, records, current=current, restricted=restricted))
    if not rows and not Book.objects.filter(
        origin_office_id=office_id, register_type=letters, number=read.number, opening_year=read.year
    ).exists():  # fmt: skip
        raise RuleBroken("book_unknown", field="book", label=label)
    used = {heading for row in rows for heading in row}
    return BookRows(letters, _headings(cases, letters, template, used), tuple(rows))


def _records(office_id: int, letters: str, number: str, year: int) -> dict[UUID, Record]:
    found = Record.objects.filter(
        origin_office_id=office_id, register_type=letters, book__number=number, book__opening_year=year
    )
    return found.order_by("registration_year", "number", "number_suffix").in_bulk()


def _in_order(
    cases: Sequence[Case], records: Mapping[UUID, Record], *, current: bool, restricted: bool
) -> Iterator[Mapping[str, str]]:
    """Rows where they stood in the files; entries that came in another way follow by number."""
    notes: dict[UUID, list[Annotation]] = {}
    if current or not restricted:  # a restricted annotation closes the field it changed, also as recorded
        for note in Annotation.objects.filter(record_id__in=records.keys()):
            notes.setdefault(note.record_id, []).append(note)

    def cells(record: Record) -> list[dict[str, str]]:
        return cells_of_record(record, notes.get(record.id, []), current=current, restricted=restricted)

    left = Counter(case.record_id for case in cases if case.record_id)
    of_record: dict[UUID, list[dict[str, str]]] = {}
    for case in cases:
        record = records.get(case.record_id) if case.record_id else None
        if record is None:
            yield _cells_of_case(case, restricted=restricted)
            continue
        rows = of_record.setdefault(record.id, cells(record) if record.id not in of_record else [])
        left[record.id] -= 1
        # one row a case; what a repair added follows the last of them
        taken = rows if not left[record.id] else rows[:1]
        yield from taken
        del rows[: len(taken)]
    for identity, record in records.items():
        if identity not in of_record:
            yield from cells(record)


def _cells_of_case(case: Case, *, restricted: bool) -> dict[str, str]:
    version = version_by_id(case.schema_version)
    return cells_of(version, values_shown(version, case.as_recorded, sees=restricted).values)


def _headings(cases: Sequence[Case], letters: str, template: str, used: set[str]) -> tuple[str, ...]:
    """The heading the rows came in with, or that of a template; nothing that has a value is left out."""
    version = newest_version(letters)
    if template and template not in version.column_sets:
        raise RuleBroken(
            "template_unknown", template=template, register_type=letters, templates=", ".join(version.column_sets)
        )
    if template or not cases:
        return headings(version, template, used)
    batches = Batch.objects.filter(id__in={case.batch_id for case in cases}).order_by("-created_at")
    found = [tuple(batch.header) for batch in batches if batch.header]
    if not found:
        return headings(version, "", used)
    # of several files the one with most columns; the others' columns follow
    chosen = max(found, key=len)
    extra = [
        field.import_key for field in version.fields if field.import_key in used and field.import_key not in chosen
    ]
    return (*chosen, *extra)
