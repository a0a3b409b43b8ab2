"""Writes: books are handed over to those who key them and come back, against a record that is signed (A12, H5).

A book is out only once (the database sees to it). What is handed over to the police is entered in their software from
then on: the same act marks the book so, and nothing of it is keyed here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    BookPlace,
    BookWork,
    ForceKind,
    KeyingHandover,
    KeyingHandoverLine,
    KeyingHandoverState,
)
from hotich.keying.rules.handover import next_state
from hotich.keying.services.inventory import (
    book_title,
    books_in_reach,
    list_books,
    locked_works,
    must_manage,
    set_place,
)
from hotich.registers.models import Book


@dataclass(frozen=True, slots=True)
class Paper:
    """What the record of a hand-over says: its number and day, who receives, who gives, until when."""

    number: str
    day: date
    force_kind: str
    force_name: str
    receiver_name: str
    receiver_title: str = ""
    giver_name: str = ""
    giver_title: str = ""
    due_back: date | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a book is given, or how it comes back: its pages and its condition in words."""

    pages: int | None = None
    condition: str = ""


def draft_handover(
    *, actor: Actor, at: datetime, request_key: UUID, paper: Paper, book_ids: Collection[UUID]
) -> KeyingHandover:
    """Draw up the record of a hand-over; books not listed yet are listed. The same `request_key` gives the same one.

    Pages and condition of each book are taken from the inventory. Raises RuleBroken not_allowed, nothing_chosen,
    book_unknown, book_born_digital, book_kept_elsewhere, book_is_lost, book_is_out, handover_number_missing,
    force_kind_unknown, force_name_missing, receiver_missing, due_before_day.
    """
    officer = must_manage(actor)
    values = _checked(paper)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        earlier = KeyingHandover.objects.filter(request_key=request_key).first()
        if earlier is not None:
            return earlier
        books = _books(actor, at, book_ids)
        handover = KeyingHandover.objects.create(
            origin_office_id=actor.office_id, request_key=request_key, made_by=officer, made_at=at, **values
        )
        _add_lines(handover, books)
        _note(work, "keying_handover.drafted", handover, books=len(books))
    return handover


def edit_handover(
    *, actor: Actor, at: datetime, handover_id: UUID, version: int, paper: Paper, shapes: Mapping[UUID, Shape]
) -> KeyingHandover:
    """Change a draft: the words of the record, and its books – those of `shapes` (book → as it is given), no others.

    Raises RuleBroken keying_handover_unknown, keying_handover_changed_meanwhile, keying_handover_step_not_allowed,
    count_negative, and what `draft_handover` raises.
    """
    must_manage(actor)
    values = _checked(paper)
    _refuse_negative(shapes.values())
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        handover = _taken(actor, handover_id, version, "edit")
        books = _books(actor, at, shapes.keys())
        for name, value in values.items():
            setattr(handover, name, value)
        _save(handover)
        handover.lines.exclude(book__in=books).delete()
        known = {line.book_id: line for line in handover.lines.all()}
        _add_lines(handover, [book for book in books if book.id not in known], shapes)
        for line in known.values():
            line.pages, line.condition = shapes[line.book_id].pages, _short(shapes[line.book_id].condition)
        KeyingHandoverLine.objects.bulk_update(known.values(), ["pages", "condition"])
        _note(work, "keying_handover.edited", handover, books=len(books))
    return handover


def hand_over(*, actor: Actor, at: datetime, handover_id: UUID, version: int) -> KeyingHandover:
    """The books have left, the record is signed. To the police: they are entered there from now on.

    Raises RuleBroken not_allowed, keying_handover_unknown, keying_handover_changed_meanwhile,
    keying_handover_step_not_allowed, nothing_chosen, book_is_out, book_is_lost, book_kept_elsewhere,
    book_is_keyed_here.
    """
    officer = must_manage(actor)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        handover = _taken(actor, handover_id, version, "hand_over")
        book_ids = list(handover.lines.values_list("book_id", flat=True))
        rows = locked_works(book_ids)  # whoever cuts packages of these books, or gives them too, waits
        _books(actor, at, book_ids)
        handover.lines.update(is_out=True)
        handover.state = next_state(handover.state, "hand_over")
        handover.handed_over_by, handover.handed_over_at = officer, at
        _save(handover)
        if handover.force_kind == ForceKind.POLICE:
            reason = f"Bàn giao cho Công an theo biên bản số {handover.number} ngày {handover.day:%d/%m/%Y}"
            set_place(work, [row for row in rows if row.place != BookPlace.POLICE], BookPlace.POLICE, reason)
        _note(work, "keying_handover.handed_over", handover, books=len(book_ids))
        work.announce(
            "keying_handover.handed_over", subject_kind="keying_handover", subject_id=handover.id,
            office=handover.origin_office_id,
        )  # fmt: skip
    return handover


def take_back(
    *, actor: Actor, at: datetime, handover_id: UUID, version: int, shapes: Mapping[UUID, Shape]
) -> KeyingHandover:
    """Books (`shapes`: book → as it came back) are here again; the hand-over is over when its last one is.

    A book the police entered stays marked so: its data comes by their file. Raises RuleBroken not_allowed,
    keying_handover_unknown, keying_handover_changed_meanwhile, keying_handover_step_not_allowed, nothing_chosen,
    line_not_out, count_negative.
    """
    officer = must_manage(actor)
    if not shapes:
        raise RuleBroken("nothing_chosen")
    _refuse_negative(shapes.values())
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        handover = _taken(actor, handover_id, version, "take_back")
        out = {line.book_id: line for line in handover.lines.select_for_update(of=("self",)).filter(is_out=True)}
        if not set(shapes) <= set(out):
            raise RuleBroken("line_not_out")
        back = [out[book_id] for book_id in shapes]
        for line in back:
            shape = shapes[line.book_id]
            line.returned_pages, line.returned_condition, line.is_out = shape.pages, _short(shape.condition), False
        KeyingHandoverLine.objects.bulk_update(back, ["returned_pages", "returned_condition", "is_out"])
        handover.state = next_state(handover.state, "take_back", is_last=len(back) == len(out))
        if handover.state == KeyingHandoverState.RETURNED:
            handover.returned_by, handover.returned_at = officer, at
        _save(handover)
        _note(work, "keying_handover.taken_back", handover, books=len(back))
    return handover


def cancel_keying_handover(
    *, actor: Actor, at: datetime, handover_id: UUID, version: int, reason: str
) -> KeyingHandover:  # fmt: skip
    """Give up a draft. Raises RuleBroken not_allowed, reason_missing and as the others."""
    must_manage(actor)
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        handover = _taken(actor, handover_id, version, "cancel")
        handover.state = next_state(handover.state, "cancel")
        handover.notes = reason.strip()[:500]
        _save(handover)
        _note(work, "keying_handover.cancelled", handover, books=handover.lines.count())
    return handover


def _checked(paper: Paper) -> dict[str, Any]:
    """The words of the record, trimmed. Raises RuleBroken for what must not be missing."""
    values = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(paper).items()}
    for name, code in (
        ("number", "handover_number_missing"), ("force_name", "force_name_missing"),
        ("receiver_name", "receiver_missing"),
    ):  # fmt: skip
        if not values[name]:
            raise RuleBroken(code, field=name)
    if values["force_kind"] not in ForceKind.values:
        raise RuleBroken("force_kind_unknown", field="force_kind")
    if paper.due_back is not None and paper.due_back < paper.day:
        raise RuleBroken("due_before_day", field="due_back")
    return values


def _books(actor: Actor, at: datetime, book_ids: Collection[UUID]) -> list[Book]:
    """The books of a hand-over, listed. Raises RuleBroken book_kept_elsewhere, book_is_lost, book_is_out and others."""
    books = books_in_reach(actor, book_ids)
    list_books(actor=actor, at=at, book_ids=book_ids)
    lost = set(BookWork.objects.filter(book__in=books, is_lost=True).values_list("book_id", flat=True))
    for book in books:
        if book.keeping_office_id not in actor.office_ids:
            raise RuleBroken("book_kept_elsewhere", book=book_title(book))
        if book.id in lost:
            raise RuleBroken("book_is_lost", book=book_title(book))
    out = KeyingHandoverLine.objects.filter(book__in=books, is_out=True).select_related("book", "handover").first()
    if out is not None:
        raise RuleBroken("book_is_out", book=book_title(out.book), number=out.handover.number)
    return books


def _add_lines(handover: KeyingHandover, books: Sequence[Book], shapes: Mapping[UUID, Shape] | None = None) -> None:
    counted = dict(BookWork.objects.filter(book__in=books).values_list("book_id", "counted_pages"))
    lines = []
    for book in books:
        pages = book.pages_total if counted.get(book.id) is None else counted[book.id]
        shape = shapes[book.id] if shapes else Shape(pages, book.condition)
        lines.append(
            KeyingHandoverLine(
                origin_office_id=book.origin_office_id, handover=handover, book=book, pages=shape.pages,
                condition=_short(shape.condition),
            )
        )  # fmt: skip
    KeyingHandoverLine.objects.bulk_create(lines)


def _short(words: str) -> str:
    return words.strip()[:200]


def _refuse_negative(shapes: Collection[Shape]) -> None:
    if any((shape.pages or 0) < 0 for shape in shapes):
        raise RuleBroken("count_negative")


def _taken(actor: Actor, handover_id: UUID, version: int, step: str) -> KeyingHandover:
    found = KeyingHandover.objects.select_for_update(of=("self",))
    handover = found.filter(id=handover_id, origin_office_id__in=actor.office_ids).first()
    if handover is None:
        raise RuleBroken("keying_handover_unknown")
    next_state(handover.state, step)
    if handover.version != version:
        raise RuleBroken("keying_handover_changed_meanwhile")
    return handover


def _save(handover: KeyingHandover) -> None:
    handover.version += 1
    handover.save()


def _note(work: UnitOfWork, verb: str, handover: KeyingHandover, *, books: int) -> None:
    work.record(
        verb, subject_kind="keying_handover", subject_id=handover.id, subject_office=handover.origin_office_id,
        facts={"books": books, "act": handover.number, "state": str(handover.state), "kind": str(handover.force_kind)},
    )  # fmt: skip
