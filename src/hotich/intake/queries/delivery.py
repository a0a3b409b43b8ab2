"""Reads: what a delivery of a book is made of – its entries, each with the PDF that shows it – and PDFs without an entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hotich.files.models import StoredFile
from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.intake.queries.export_requests import book_of_label
from hotich.intake.rules.file_names import ScanNames
from hotich.intake.rules.file_naming import CaseName, day_text
from hotich.intake.rules.workflow import UNAPPROVED
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annotation, Attachment, Record
from hotich.records.rules.restricted import entry_scan_shown
from hotich.registers.models import Book
from hotich.registers.rules.reading import read_book
from hotich.registers.types import version_by_id
from hotich.units.models import Office


@dataclass(frozen=True, slots=True)
class Entry:
    """One case of a book: its name (None where it has no number), its PDF, and whether this officer may see that.

    `earlier`: how many scans it had before the present one; they are not delivered.
    """

    label: str
    name: CaseName | None
    scan: StoredFile | None
    is_shown: bool = True
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class BookOfDelivery:
    """A book by its label, read: letters, number and year, with what names of its PDFs need."""

    office: Office
    letters: str
    label: str
    number: str
    year: int
    paper: str

    @property
    def place(self) -> str:
        """The code of the unit the office stood for; "" where it has none of digits only."""
        code = self.office.unit.code if self.office.unit is not None else self.office.code.partition("-")[0]
        return code if code.isdigit() and 2 <= len(code) <= 6 else ""


Strays = Callable[[BookOfDelivery], list[str]]
_strays: dict[str, Strays] = {}


def declare_stray_scans(code: str, strays: Strays) -> None:
    """Have PDFs of a book told that belong to no entry, by the app above that makes them. Called once, in `ready`;
    runs in the scope of whoever delivers, and gives words for each: a number, or where it lies."""
    _strays[code] = strays


def book_of_delivery(office: Office, letters: str, label: str) -> BookOfDelivery:
    """The book "01/2006" of the office that registered. Raises RuleBroken book_unknown."""
    read = read_book(label)
    if read is None or read.year is None:
        raise RuleBroken("book_unknown", field="book", label=label)
    book: Book | None = book_of_label(office.id, letters, label)
    return BookOfDelivery(office, letters, label, read.number, read.year, book.paper_size if book else "")


def entries_of_book(book: BookOfDelivery, *, unapproved: bool, sees: bool) -> list[Entry]:
    """The entries in the order of the workbook's rows: as they came in, then those that came in another way."""
    cases = Case.objects.filter(
        origin_office_id=book.office.id, register_type=book.letters, book_number=book.number, book_year=book.year,
        state__in=[CaseState.APPROVED, *(UNAPPROVED if unapproved else ())],
    ).select_related("scan").order_by("batch__created_at", "batch_id", "row_number")  # fmt: skip
    records = Record.objects.filter(
        origin_office_id=book.office.id, register_type=book.letters, book__number=book.number,
        book__opening_year=book.year,
    ).order_by("registration_year", "number", "number_suffix", "id").in_bulk()  # fmt: skip
    closed, scans = _closed(records, sees=sees), _scans_of(records)
    found: dict[object, Entry] = {}
    for case in cases:
        record = records.get(case.record_id) if case.record_id else None
        if record is not None:
            key: object = record.id
            found.setdefault(key, _entry(record, book, scans.get(record.id) or _own(case), sees, closed[record.id]))
        else:  # the rows of one change share their scan
            key = (case.registration_year, case.number, case.number_suffix, case.scan_id or case.id)
            found.setdefault(key, _entry(case, book, _own(case), sees, set()))
    for identity, record in records.items():
        found.setdefault(identity, _entry(record, book, scans.get(identity, []), sees, closed[identity]))
    return list(found.values())


def _own(case: Case) -> list[StoredFile]:
    return [case.scan] if case.scan is not None else []


def _scans_of(records: Iterable[UUID]) -> dict[UUID, list[StoredFile]]:
    """The scans of each record, the latest last: what replaced another one is the one that is delivered."""
    found: dict[UUID, list[StoredFile]] = defaultdict(list)
    rows = Attachment.objects.filter(record_id__in=list(records), kind=Attachment.Kind.SCAN)
    for row in rows.select_related("file").order_by("created_at", "id"):
        found[row.record_id].append(row.file)
    return found


def _closed(records: Iterable[UUID], *, sees: bool) -> dict[UUID, set[str]]:
    """Fields that a restricted annotation closes, of each record."""
    found: dict[UUID, set[str]] = defaultdict(set)
    if not sees:
        notes = Annotation.objects.filter(record_id__in=list(records), restricted=True).exclude(field="")
        for record_id, name in notes.values_list("record_id", "field"):
            found[record_id].add(name)
    return found


def _entry(row: Any, book: BookOfDelivery, scans: list[StoredFile], sees: bool, closed: set[str]) -> Entry:
    """Of a record or a case: both have the same columns for number, day and values."""
    name = None
    if row.number is not None:
        day = day_text(row.registered_earliest, row.registered_latest, row.registration_year)
        name = CaseName(
            book.letters, book.year, book.number, row.number, row.number_suffix, day, book.place, book.paper
        )
    version = version_by_id(row.schema_version)
    shown = entry_scan_shown(book.letters, version, row.as_recorded, sees=sees, also=closed)
    label = row.number_text or f"{row.number or '?'}{row.number_suffix}/{row.registration_year or '?'}"
    return Entry(label, name, scans[-1] if scans else None, shown, max(0, len(scans) - 1))


def stray_scans(book: BookOfDelivery, entries: Iterable[Entry], names: ScanNames) -> list[str]:
    """PDFs of this book that belong to no entry: delivered with a workbook and never linked, or made here and not linked."""
    numbers = {(entry.name.number, entry.name.suffix.lower()) for entry in entries if entry.name is not None}
    batches = Batch.objects.filter(
        origin_office_id=book.office.id, register_type=book.letters, state=BatchState.LOADED, scans_given=True
    ).order_by("created_at")
    found = set()
    for report in batches.values_list("scan_report", flat=True):
        for path in report.get("unmatched", []):
            read = names.read(path)
            if read is None or (read.register_type, read.book, read.book_year) != (
                book.letters,
                book.number,
                book.year,
            ):
                continue
            if (read.number, read.plain_suffix) not in numbers and (read.number, read.suffix) not in numbers:
                found.add(path.rpartition("/")[2])
    return [*sorted(found), *(words for strays in _strays.values() for words in strays(book))]
