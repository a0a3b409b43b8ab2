"""Reads: requests to take books away, and the books they name."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from hotich.accounts.models import Officer
from hotich.intake.models import Case, ExportRequest
from hotich.intake.rules.workflow import UNAPPROVED
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Record
from hotich.registers.models import Book
from hotich.registers.rules.reading import read_book


def export_requests(actor: Actor) -> QuerySet[ExportRequest]:
    """The requests one may see, the newest first: all of one's offices for whoever decides, else one's own.

    Raises RuleBroken not_allowed.
    """
    found = ExportRequest.objects.filter(origin_office_id__in=actor.office_ids).select_related("origin_office")
    if not actor.may("export.approve"):
        if not actor.may("export.request"):
            raise RuleBroken("not_allowed")
        found = found.filter(requested_by=actor.officer_id or 0)
    return found.order_by("-requested_at", "-id")


def export_request(actor: Actor, request_id: UUID) -> ExportRequest:
    """One of them. Raises RuleBroken not_allowed, export_unknown."""
    found = export_requests(actor).filter(id=request_id).first()
    if found is None:
        raise RuleBroken("export_unknown")
    return found


def exports_to_decide(actor: Actor) -> int:
    """How many requests wait for this officer: those of his offices that somebody else made."""
    if not actor.may("export.approve"):
        return 0
    waiting = ExportRequest.objects.filter(origin_office_id__in=actor.office_ids, state=ExportRequest.State.WAITING)
    return waiting.exclude(requested_by=actor.officer_id or 0).count()


def book_of_label(office_id: int, letters: str, label: str) -> Book | None:
    """The book "01/2006" of the office that registered; None while nothing of it has been approved."""
    read = read_book(label)
    if read is None or read.year is None:
        return None
    return Book.objects.filter(
        origin_office_id=office_id, register_type=letters, number=read.number, opening_year=read.year
    ).first()


def rows_of_books(office_id: int, letters: str, labels: Iterable[str], *, unapproved: bool) -> int:
    """About how many rows these books have: what decides whether the file is made in the background."""
    rows = 0
    for label in labels:
        book = book_of_label(office_id, letters, label)
        rows += Record.objects.filter(book=book).count() if book else 0
        read = read_book(label)
        if unapproved and read is not None:
            rows += Case.objects.filter(
                origin_office_id=office_id, register_type=letters, book_number=read.number, book_year=read.year,
                state__in=UNAPPROVED,
            ).count()  # fmt: skip
    return rows


def login_of_asker(request: ExportRequest) -> str:
    """The login name of whoever made a request; "" when there is no such account any more."""
    return Officer.objects.filter(id=request.requested_by).values_list("username", flat=True).first() or ""
