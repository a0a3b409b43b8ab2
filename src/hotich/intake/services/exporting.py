"""A book goes out as the workbook it came in as. Who took it is written down: it holds citizens' data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.queries.book_rows import book_rows
from hotich.intake.queries.export_requests import book_of_label
from hotich.intake.rules.workbook_header import newest_version
from hotich.intake.rules.workbook_writer import write_workbook
from hotich.intake.services.access import must_have, must_keep
from hotich.intake.services.export_use import use_request
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.types import REGISTER_TYPES


@dataclass(frozen=True, slots=True)
class What:
    """One book to take away: office, register, label ("01/2006"), and how."""

    office_id: int
    register_type: str
    book: str
    unapproved: bool = False
    current: bool = False
    template: str = ""


def export_book(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    register_type: str,
    book: str,
    unapproved: bool = False,
    current: bool = False,
    template: str = "",
    request_id: UUID | None = None,
) -> bytes:
    """The workbook of the book `book` ("01/2006") of the office that registered.

    The same cells as imported (what was repaired counts as the cell); surrogates of ours are blank. `unapproved`: with
    cases that are not records yet; `current`: the values after annotations. `request_id`: the request of this officer
    that another one approved; only demo state, which holds no real person, does without. Raises RuleBroken:
    not_allowed, office_not_in_scope, register_unknown, book_unknown, template_unknown, export_empty,
    export_needs_request, and what `use_request` refuses with.
    """
    must_have(actor, "record.read")
    must_keep(actor, office_id)
    if register_type not in REGISTER_TYPES:
        raise RuleBroken("register_unknown", register_type=register_type, types=", ".join(REGISTER_TYPES))
    if request_id is None and not settings.DEMO:
        raise RuleBroken("export_needs_request", field="request")
    what = What(office_id, register_type, book, unapproved, current, template)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        if request_id is not None:
            asked = use_request(actor=actor, at=at, request_id=request_id)
            allowed = (asked.origin_office_id, asked.register_type, asked.unapproved, asked.current, asked.template)
            if book not in asked.books or allowed != (office_id, register_type, unapproved, current, template):
                raise RuleBroken("export_not_as_approved", field="request")
        content, rows = workbook_of(actor, what)
        note_export(work, what, rows, request_id)
    return content


def workbook_of(actor: Actor, what: What) -> tuple[bytes, int]:
    """The workbook and its number of rows, as this officer may see them. Raises RuleBroken export_empty and others."""
    found = book_rows(
        office_id=what.office_id,
        letters=what.register_type,
        label=what.book,
        unapproved=what.unapproved,
        current=what.current,
        template=what.template,
        restricted=actor.may("restricted.read"),
    )
    if not found.rows:
        raise RuleBroken("export_empty")
    return write_workbook(newest_version(what.register_type), found.headings, found.rows), len(found.rows)


def note_export(
    work: UnitOfWork,
    what: What,
    rows: int,
    request_id: UUID | None,
    *,
    pdfs: int = 0,
    gaps: int = 0,
    gaps_reason: str = "",
) -> None:
    """Write that a book was taken away: beside the book, so that the history of a person in it can tell.

    Of a delivery with scans: how many PDFs, how many points in which book and scans did not match, and why it went.
    """
    book = book_of_label(what.office_id, what.register_type, what.book)
    work.record(
        "book.exported",
        subject_kind="book" if book else "office",
        subject_id=book.id if book else what.office_id,
        subject_office=what.office_id,
        after={"reason": gaps_reason} if gaps_reason else None,
        facts={
            "register_type": what.register_type, "book": what.book, "rows": rows, "unapproved": what.unapproved,
            "current": what.current, "request_id": str(request_id or ""), "pdfs": pdfs, "gaps": gaps,
        },
    )  # fmt: skip
