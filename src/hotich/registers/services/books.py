"""Writes: books are opened when their first case comes, and closed with the totals of the officer who closed them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import Book, BookCopy, NumberScope
from hotich.registers.types import version_for
from hotich.units.queries import keeping_office, offices_by_id

RIGHTS_TO_OPEN = ("case.approve", "case.import", "book.manage", "inventory.manage")
LONGEST_NUMBER = 8


def find_or_make_book(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    register_type: str,
    era: str,
    number: str,
    year: int,
    assigned: bool = False,
    copy: str = BookCopy.COMMUNE,
) -> Book:
    """The book `number`/`year` of this register at the office that registered; made if it is not there.

    `assigned`: the book shows no number, ours is a surrogate. The keeping office is the one that keeps this office's
    books today. Raises RuleBroken not_allowed, office_not_in_scope, book_number_too_long; UnknownRegister.
    """
    if not any(actor.may(right) for right in RIGHTS_TO_OPEN):
        raise RuleBroken("not_allowed")
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")
    version_for(register_type, era)
    if not 0 < len(number) <= LONGEST_NUMBER:
        raise RuleBroken("book_number_too_long", field="register_book_no", number=number)
    key = {
        "origin_office_id": office_id,
        "register_type": register_type,
        "number": number,
        "opening_year": year,
        "copy": copy,
    }
    found = Book.objects.filter(**key).first()
    if found is not None:
        return found
    office = offices_by_id([office_id])[office_id]
    keeper = keeping_office(office, in_vietnam(at).date()) or office
    with unit_of_work(actor=actor, at=at) as work:
        book, made = Book.objects.get_or_create(
            **key,
            defaults={
                "keeping_office_id": keeper.id,
                "era": era,
                "is_number_assigned": assigned,
                "created_at": at,
            },
        )
        if made:
            work.record(
                "book.opened",
                subject_kind="book",
                subject_id=book.id,
                subject_office=office_id,
                facts={"register_type": register_type, "era": era, "label": book.label, "assigned": assigned},
            )
    return book


@dataclass(frozen=True, slots=True)
class ClosingTotals:
    """What the officer wrote when the book was closed, and how the book looks (số liệu khóa sổ)."""

    opened_on: date | None = None
    closed_on: date | None = None
    pages_total: int | None = None
    cases_declared: int | None = None
    corrected_entries: int | None = None
    blank_pages: int | None = None
    first_number: int | None = None
    last_number: int | None = None
    number_scope: str = NumberScope.YEAR
    paper_size: str = ""
    condition: str = ""
    storage_location: str = ""


def update_closing_totals(*, actor: Actor, at: datetime, book_id: UUID, version: int, totals: ClosingTotals) -> Book:
    """Write the control totals of a book. `version` is that of the page: whoever comes second is told.

    Raises RuleBroken not_allowed, book_unknown, changed_meanwhile, total_negative, closed_before_opened,
    last_number_before_first.
    """
    if not actor.may("book.manage"):
        raise RuleBroken("not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        book = Book.objects.select_for_update().filter(id=book_id).first()
        if book is None or not {book.origin_office_id, book.keeping_office_id} & actor.office_ids:
            raise RuleBroken("book_unknown")
        if book.version != version:
            raise RuleBroken("changed_meanwhile")
        _refuse_impossible(totals)
        changed = {name: value for name, value in asdict(totals).items() if getattr(book, name) != value}
        before = {name: getattr(book, name) for name in changed}
        for name, value in changed.items():
            setattr(book, name, value)
        book.version += 1
        book.save(update_fields=[*changed, "version"])
        work.record(
            "book.totals_updated",
            subject_kind="book",
            subject_id=book.id,
            subject_office=book.origin_office_id,
            before=_plain(before),
            after=_plain(changed),
        )
    return book


def _refuse_impossible(totals: ClosingTotals) -> None:
    for name, value in asdict(totals).items():
        if isinstance(value, int) and value < 0:
            raise RuleBroken("total_negative", field=name)
    if totals.opened_on and totals.closed_on and totals.closed_on < totals.opened_on:
        raise RuleBroken("closed_before_opened", field="closed_on")
    if totals.first_number is not None and totals.last_number is not None and totals.last_number < totals.first_number:
        raise RuleBroken("last_number_before_first", field="last_number")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
