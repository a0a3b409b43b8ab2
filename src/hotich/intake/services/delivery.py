"""Handing a book over with its scans: one workbook and one zip of PDFs, checked both ways before anything is written."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.files.models import StoredFile
from hotich.files.queries import read_copy
from hotich.intake.models import ExportRequest
from hotich.intake.queries.delivery import BookOfDelivery, Entry, book_of_delivery, entries_of_book, stray_scans
from hotich.intake.rules import delivery_report as told
from hotich.intake.rules.delivery_report import BookReport, DeliveryNotWhole, DeliveryReport, Trouble
from hotich.intake.rules.file_names import ScanNames
from hotich.intake.rules.file_naming import format_name, package_name, pattern_of, patterns_read, unique_names
from hotich.intake.rules.messages import MESSAGES
from hotich.intake.rules.scan_matching import SCAN_ENCRYPTED
from hotich.intake.services.access import must_have, must_keep
from hotich.intake.services.export_use import use_request
from hotich.intake.services.exporting import What, note_export, workbook_of
from hotich.intake.services.scans import fault_of_pdf
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.parameters import constant
from hotich.registers.types import REGISTER_TYPES
from hotich.units.models import Office

_MADE = (2024, 10, 1, 0, 0, 0)  # a fixed day: the same PDFs are the same zip
_FILE_MODE = 0o600 << 16


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be handed over. `pattern`: of the names, "" for that of the installation."""

    office: Office
    register_type: str
    books: Sequence[str]
    pattern: str = ""
    gaps_reason: str = ""
    unapproved: bool = False
    current: bool = False
    template: str = ""

    def what(self, label: str) -> What:
        """One book as the export of workbooks knows it."""
        return What(self.office.id, self.register_type, label, self.unapproved, self.current, self.template)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A book with its workbook, its PDFs by name in the order of the rows, and what was found."""

    book: BookOfDelivery
    workbook: bytes
    scans: Sequence[tuple[str, StoredFile]]
    report: BookReport


def deliver_books(
    *, actor: Actor, at: datetime, order: Order, folder: Path, request_id: UUID | None = None
) -> DeliveryReport:
    """Check the books, write `OFFICE/KS.2006.01.zip`, `.xlsx` and `.json` of each into an empty folder, write it down.

    `request_id`: the request of this officer that another one approved; only demo state does without. The caller puts
    the folder in its place afterwards. Raises DeliveryNotWhole, and RuleBroken: not_allowed, office_not_in_scope,
    register_unknown, books_missing, book_unknown, export_empty, export_needs_request, export_not_as_approved,
    delivery_restricted, what `pattern_of` and what `use_request` refuse with. Then nothing was written.
    """
    must_have(actor, "record.read")
    must_keep(actor, order.office.id)
    if request_id is None and not settings.DEMO:
        raise RuleBroken("export_needs_request", field="request")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        if request_id is not None:
            _as_approved(use_request(actor=actor, at=at, request_id=request_id), order)
        report = write_delivery(actor, order, folder, request_id)
        for book in report.books:
            note_export(work, order.what(book.label), book.rows, request_id, pdfs=len(book.files),
                        gaps=len(book.troubles), gaps_reason=report.gaps_reason if book.troubles else "")  # fmt: skip
    return report


def write_delivery(
    actor: Actor, order: Order, folder: Path, request_id: UUID | None, *, most: int = 0
) -> DeliveryReport:
    """The same for a caller who has asked whether it is allowed and writes it down; `most`: bytes of all PDFs, 0 for any.

    Raises RuleBroken delivery_too_large besides.
    """
    checked, report = _check(actor, order, request_id)
    if not report.is_whole and not order.gaps_reason.strip():
        raise DeliveryNotWhole(report)
    if most and sum(book.size for book in report.books) > most:
        raise RuleBroken("delivery_too_large", most=most // 1_000_000)
    place = folder / order.office.code
    place.mkdir(parents=True, mode=0o700)
    for each in checked:
        _write_book(place, each, report)
    return report


def check_delivery(*, actor: Actor, order: Order, opened: bool = True) -> DeliveryReport:
    """What is missing, without writing anything; `opened` False: PDFs are not opened. Raises RuleBroken as delivering."""
    must_have(actor, "record.read")
    must_keep(actor, order.office.id)
    with office_scope(actor.office_ids):
        return _check(actor, order, None, opened=opened)[1]


def _as_approved(request: ExportRequest, order: Order) -> None:
    allowed = (request.origin_office_id, request.register_type, request.unapproved, request.current, request.template)
    wanted = (order.office.id, order.register_type, order.unapproved, order.current, order.template)
    if not request.with_scans or allowed != wanted or not set(order.books) <= set(request.books):
        raise RuleBroken("export_not_as_approved", field="request")


def _check(
    actor: Actor, order: Order, request_id: UUID | None, *, opened: bool = True
) -> tuple[list[_Checked], DeliveryReport]:
    if order.register_type not in REGISTER_TYPES:
        raise RuleBroken("register_unknown", register_type=order.register_type, types=", ".join(REGISTER_TYPES))
    labels = list(dict.fromkeys(order.books))
    if not labels:
        raise RuleBroken("books_missing", field="books")
    pattern = pattern_of(order.pattern or settings.HOTICH_SCAN_NAMES)
    report = DeliveryReport(
        order.office.code, order.register_type, pattern, " ".join(order.gaps_reason.split()), str(request_id or "")
    )
    found = []
    for label in labels:
        book = book_of_delivery(order.office, order.register_type, label)
        found.append((book, *_check_book(actor, order, book, ScanNames(patterns_read(pattern)))))
        report.books.append(found[-1][1])
    named = _named([entry for _, _, entries, _ in found for entry in entries], pattern)
    checked = []
    for book, about, entries, workbook in found:
        scans = list(_good_scans(about, entries, named, opened=opened))
        checked.append(_Checked(book, workbook, scans, about))
    return checked, report


def _check_book(
    actor: Actor, order: Order, book: BookOfDelivery, names: ScanNames
) -> tuple[BookReport, list[Entry], bytes]:
    """What rows and PDFs say of one another; PDFs are not opened yet."""
    sees = actor.may("restricted.read")
    workbook, rows = workbook_of(actor, order.what(book.label))
    entries = entries_of_book(book, unapproved=order.unapproved, sees=sees)
    if any(not entry.is_shown for entry in entries):
        raise RuleBroken("delivery_restricted", book=book.label)
    about = BookReport(book.label, package_name(book.letters, book.number, book.year), rows, len(entries))
    about.earlier_scans = sum(entry.earlier for entry in entries)
    by_content: dict[str, str] = {}
    for entry in entries:
        if entry.name is None:
            about.troubles.append(Trouble(told.NO_NUMBER, {"number": entry.label}))
        if entry.scan is None:
            about.troubles.append(Trouble(told.NO_SCAN, {"number": entry.label}))
        elif (other := by_content.setdefault(entry.scan.sha256, entry.label)) != entry.label:
            about.troubles.append(Trouble(told.SCAN_SHARED, {"number": entry.label, "other": other}))
    about.troubles += [Trouble(told.NO_ROW, {"file": words}) for words in stray_scans(book, entries, names)]
    return about, entries, workbook


def _named(entries: Sequence[Entry], pattern: str) -> dict[int, str]:
    """The name of each entry's PDF, unique in the whole delivery; by the identity of the entry."""
    given = [entry for entry in entries if entry.name is not None and entry.scan is not None]
    names = unique_names([format_name(entry.name, pattern) for entry in given if entry.name is not None])
    return {id(entry): name for entry, name in zip(given, names, strict=True)}


def _good_scans(
    about: BookReport, entries: Sequence[Entry], named: dict[int, str], *, opened: bool
) -> Iterator[tuple[str, StoredFile]]:
    """The PDFs that may go; of the others the report says why not."""
    budget = constant("scan_budget")
    for entry in entries:
        name = named.get(id(entry))
        if name is None or entry.scan is None:
            continue
        content, trouble = _content(entry, entry.scan, budget) if opened else (b"", None)
        if trouble is not None:
            about.troubles.append(trouble)
            continue
        size = len(content) if opened else entry.scan.size
        digest = hashlib.sha256(content).hexdigest() if opened else ""
        about.files.append({"name": name, "number": entry.label, "bytes": size, "sha256": digest})
        yield name, entry.scan


def _content(entry: Entry, scan: StoredFile, budget: int) -> tuple[bytes, Trouble | None]:
    """The copy that is handed out, and what is wrong with it. Raises RuleBroken where the storage does not answer."""
    number = {"number": entry.label}
    try:
        content = read_copy(scan)
    except RuleBroken as refusal:
        if refusal.code not in ("file_content_missing", "file_damaged"):
            raise
        return b"", Trouble(told.SCAN_LOST, number)
    if fault := fault_of_pdf(content):
        return content, Trouble(told.SCAN_LOCKED if fault == SCAN_ENCRYPTED else told.SCAN_UNREADABLE, number)
    if len(content) > budget:
        return content, Trouble(
            told.SCAN_TOO_LARGE, number | {"size": -(-len(content) // 1000), "limit": budget // 1000}
        )
    return content, None


def _write_book(place: Path, checked: _Checked, report: DeliveryReport) -> None:
    """Workbook, zip and report of one book. The PDFs are read again, one at a time."""
    name = checked.report.name
    _write(place / f"{name}.xlsx", checked.workbook)
    with zipfile.ZipFile(place / f"{name}.zip", "w", zipfile.ZIP_STORED) as package:
        for file_name, scan in sorted(checked.scans):
            package.writestr(_member(file_name), read_copy(scan))
    (place / f"{name}.zip").chmod(0o600)
    own = DeliveryReport(report.office, report.register_type, report.pattern, report.gaps_reason, report.request_id)
    own.books.append(checked.report)
    _write(place / f"{name}.json", report_bytes(own))


def _member(name: str) -> zipfile.ZipInfo:
    """A file of a package: on whatever day and system it is made, the same bytes."""
    entry = zipfile.ZipInfo(name, _MADE)
    entry.external_attr, entry.create_system = _FILE_MODE, 3
    return entry


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def report_bytes(report: DeliveryReport) -> bytes:
    """The report as a file."""
    text = json.dumps(told.as_json(report, MESSAGES), ensure_ascii=False, indent=1, sort_keys=False)
    return (text + "\n").encode()


def packed(folder: Path) -> bytes:
    """A delivery as one package, for a browser: the same files, the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                package.writestr(_member(path.relative_to(folder).as_posix()), path.read_bytes())
    return target.getvalue()
