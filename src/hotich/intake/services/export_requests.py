"""Taking books away in bulk: one officer asks and says why, another one decides, within a time and so many times."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.files.queries import read_file
from hotich.files.services import store_file
from hotich.intake.models import ExportRequest
from hotich.intake.queries.export_requests import book_of_label, rows_of_books
from hotich.intake.rules.delivery_report import DeliveryNotWhole, summary
from hotich.intake.services.access import must_have, must_keep
from hotich.intake.services.delivery import Order, check_delivery, packed, write_delivery
from hotich.intake.services.export_use import locked_request, use_request
from hotich.intake.services.exporting import What, note_export, workbook_of
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.parameters import constant
from hotich.registers.rules.reading import read_book
from hotich.registers.types import REGISTER_TYPES

State = ExportRequest.State
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
BOOKS_MOST = 50  # of one request: a leader must be able to judge what it is about
LARGE = 3000  # rows: beyond them the file is made in the background
DELIVERY_MOST = 1000  # MB of PDFs that go through a browser


def request_export(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    register_type: str,
    books: Sequence[str],
    reason: str,
    unapproved: bool = False,
    current: bool = False,
    template: str = "",
    with_scans: bool = False,
    gaps_reason: str = "",
) -> ExportRequest:
    """Ask to take books of one's offices away as workbooks; `with_scans`: each with a zip of the PDFs of its cases.

    What the check finds missing is kept with the request, for whoever decides; `gaps_reason`: it may go out all the same.

    Raises RuleBroken: not_allowed, office_not_in_scope, register_unknown, books_missing, books_too_many, book_unknown,
    export_empty, reason_too_short.
    """
    officer = must_have(actor, "export.request")
    must_keep(actor, office_id)
    if register_type not in REGISTER_TYPES:
        raise RuleBroken("register_unknown", field="register_type", register_type=register_type,
                         types=", ".join(REGISTER_TYPES))  # fmt: skip
    needed = constant("reading_reason_length")
    if sum(map(str.isalpha, reason)) < needed:
        raise RuleBroken("reason_too_short", field="reason", letters=needed)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        labels = _known_books(office_id, register_type, books, unapproved=unapproved)
        made = ExportRequest(
            origin_office_id=office_id, register_type=register_type, books=labels, unapproved=unapproved,
            current=current, template=template, reason=" ".join(reason.split())[:500], requested_by=officer,
            requested_at=at, with_scans=with_scans, gaps_reason=" ".join(gaps_reason.split())[:300] if with_scans else "",
        )  # fmt: skip
        if with_scans:
            made.report = summary(check_delivery(actor=actor, order=_order(made), opened=False))
        made.save(force_insert=True)
        work.record(
            "export.requested", subject_kind="export", subject_id=made.id, subject_office=office_id,
            after={"reason": made.reason},
            facts={"register_type": register_type, "books": labels, "unapproved": unapproved, "current": current,
                   "with_scans": with_scans},
        )  # fmt: skip
        work.announce("export.requested", subject_kind="export", subject_id=made.id, office=office_id)
    return made


def _known_books(office_id: int, letters: str, books: Sequence[str], *, unapproved: bool) -> list[str]:
    labels = list(dict.fromkeys(label.strip() for label in books if label.strip()))
    if not labels:
        raise RuleBroken("books_missing", field="books")
    if len(labels) > BOOKS_MOST:
        raise RuleBroken("books_too_many", field="books", most=BOOKS_MOST)
    for label in labels:
        read = read_book(label)
        if read is None or read.year is None:
            raise RuleBroken("book_unknown", field="books", label=label)
        if book_of_label(office_id, letters, label) is None and not (
            unapproved and rows_of_books(office_id, letters, [label], unapproved=True)
        ):
            raise RuleBroken("book_unknown", field="books", label=label)
    return labels


def decide_export(*, actor: Actor, at: datetime, request_id: UUID, approve: bool, words: str = "") -> ExportRequest:
    """Allow or refuse a request of somebody else. Approved, it is open for some hours and some downloads.

    Raises RuleBroken: not_allowed, export_unknown, second_person_required, export_decided_already, reason_missing.
    """
    officer = must_have(actor, "export.approve")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = locked_request(actor, request_id)
        if found.requested_by in actor.hands:
            raise RuleBroken("second_person_required")
        if found.state != State.WAITING:
            raise RuleBroken("export_decided_already")
        if not approve and not words.strip():
            raise RuleBroken("reason_missing", field="words")
        found.state = State.APPROVED if approve else State.REFUSED
        found.decided_by, found.decided_at, found.decision_words = officer, at, " ".join(words.split())[:500]
        if approve:
            found.expires_at = at + timedelta(hours=constant("export_open_hours"))
            found.downloads_left = constant("export_downloads")
        found.save(
            update_fields=["state", "decided_by", "decided_at", "decision_words", "expires_at", "downloads_left"]
        )
        verb = "export.approved" if approve else "export.refused"
        work.record(
            verb, subject_kind="export", subject_id=found.id, subject_office=found.origin_office_id,
            after={"words": found.decision_words}, facts={"downloads": found.downloads_left},
        )  # fmt: skip
        work.announce(verb, subject_kind="export", subject_id=found.id, office=found.origin_office_id)
    return found


def cancel_export(*, actor: Actor, at: datetime, request_id: UUID) -> ExportRequest:
    """Take one's own request back, waiting or approved. Raises RuleBroken: export_unknown, export_decided_already."""
    officer = must_have(actor, "export.request")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = locked_request(actor, request_id)
        if found.requested_by != officer:
            raise RuleBroken("export_unknown")
        if found.state not in (State.WAITING, State.APPROVED):
            raise RuleBroken("export_decided_already")
        found.state = State.CANCELLED
        found.save(update_fields=["state"])
        work.record(
            "export.cancelled", subject_kind="export", subject_id=found.id, subject_office=found.origin_office_id
        )
    return found


def is_large(request: ExportRequest) -> bool:
    """Whether the file of a request is better made in the background; every PDF of a delivery is opened twice."""
    if request.with_scans:
        return True
    rows = rows_of_books(request.origin_office_id, request.register_type, request.books, unapproved=request.unapproved)
    return rows > LARGE


def failure_params(request: ExportRequest) -> dict[str, Any]:
    """What fills the text of the failure a request keeps."""
    return {"number": request.report.get("problem_count", 0), "most": DELIVERY_MOST}


def retry_export(*, actor: Actor, at: datetime, request_id: UUID) -> ExportRequest:
    """Have the file of one's approved request made again, once what was missing is there; the caller starts the job.

    Raises RuleBroken: not_allowed, export_unknown, export_not_approved, export_expired.
    """
    officer = must_have(actor, "export.request")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = locked_request(actor, request_id)
        if found.requested_by != officer:
            raise RuleBroken("export_unknown")
        if found.state != State.APPROVED or found.file_id is not None or found.expires_at is None:
            raise RuleBroken("export_not_approved")
        if at >= found.expires_at:
            raise RuleBroken("export_expired")
        found.failure = ""
        found.save(update_fields=["failure"])
        work.record("export.retried", subject_kind="export", subject_id=found.id, subject_office=found.origin_office_id)
    return found


def build_export(*, actor: Actor, at: datetime, request_id: UUID) -> ExportRequest:
    """Make the file of a large approved request, as the officer who asked; a second run changes nothing.

    Raises RuleBroken: not_allowed, export_unknown, export_not_approved, and what the workbook refuses with (which is
    written into the request as well).
    """
    must_have(actor, "export.request")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = locked_request(actor, request_id)
        if found.state != State.APPROVED or found.requested_by != actor.officer_id:
            raise RuleBroken("export_not_approved")
        if found.file_id is not None:
            return found
        try:
            name, media_type, content, counts = _content(actor, found)
        except RuleBroken as refusal:
            found.failure = refusal.code[:60]
            if isinstance(refusal, DeliveryNotWhole):
                found.report = summary(refusal.report)
            found.save(update_fields=["failure", "report"])
            return found
        found.file = store_file(
            office_id=found.origin_office_id, name=name, content=content, media_type=media_type, actor=actor, at=at
        )
        found.rows, found.failure = sum(counts.values()), ""
        found.save(update_fields=["file", "rows", "failure", "report"])
        work.record(
            "export.built", subject_kind="export", subject_id=found.id, subject_office=found.origin_office_id,
            facts={"rows": found.rows, "bytes": len(content)},
        )  # fmt: skip
    return found


def download_export(*, actor: Actor, at: datetime, request_id: UUID) -> tuple[str, str, bytes]:
    """Name, media type and content of an approved request, one download less.

    Raises RuleBroken: as `use_request`, and export_not_built while the background still works on a large one.
    """
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = use_request(actor=actor, at=at, request_id=request_id)
        if found.file is not None:
            name, media_type, content = found.file.name, found.file.media_type, read_file(found.file)
            counts = dict.fromkeys(found.books, 0) | {found.books[0]: found.rows or 0}
        elif is_large(found):
            raise RuleBroken(found.failure or "export_not_built", **failure_params(found))
        else:
            name, media_type, content, counts = _content(actor, found)
            found.rows = sum(counts.values())
            found.save(update_fields=["rows", "report"])
        for book, rows in counts.items():
            about = found.report.get("books", {}).get(book, [0, 0]) if found.with_scans else [0, 0]
            note_export(
                work, _what(found, book), rows, found.id, pdfs=about[0], gaps=about[1],
                gaps_reason=found.gaps_reason if about[1] else "",
            )  # fmt: skip
        work.announce("export.downloaded", subject_kind="export", subject_id=found.id, office=found.origin_office_id)
    return name, media_type, content


def _what(request: ExportRequest, book: str) -> What:
    return What(
        request.origin_office_id, request.register_type, book, request.unapproved, request.current, request.template
    )


def _content(actor: Actor, request: ExportRequest) -> tuple[str, str, bytes, dict[str, int]]:
    """One book is a workbook, several are a zip of workbooks, with scans it is a delivery. The rows of each beside it."""
    if request.with_scans:
        return _delivered(actor, request)
    made = {book: workbook_of(actor, _what(request, book)) for book in request.books}
    counts = {book: rows for book, (_content, rows) in made.items()}
    names = {book: f"{request.register_type}.{book.replace('/', '.')}.xlsx" for book in made}
    if len(made) == 1:
        ((book, (content, _rows)),) = made.items()
        return names[book], XLSX, content, counts
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for book, (content, _rows) in made.items():
            package.writestr(zipfile.ZipInfo(names[book]), content)
    return f"{request.register_type}-{request.origin_office.code}.zip", ZIP, target.getvalue(), counts


def _order(request: ExportRequest) -> Order:
    return Order(
        request.origin_office, request.register_type, request.books, gaps_reason=request.gaps_reason,
        unapproved=request.unapproved, current=request.current, template=request.template,
    )  # fmt: skip


def _delivered(actor: Actor, request: ExportRequest) -> tuple[str, str, bytes, dict[str, int]]:
    """The package of a delivery; what was found stands in the request (not saved here)."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as place:
        report = write_delivery(actor, _order(request), Path(place), request.id, most=DELIVERY_MOST * 1_000_000)
        request.report = summary(report)
        content = packed(Path(place))
    counts = {book.label: book.rows for book in report.books}
    return f"{request.register_type}-{request.origin_office.code}.zip", ZIP, content, counts
