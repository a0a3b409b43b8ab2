"""Writes: books of closed offices are handed over by a decision; the keeper changes when they are received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import F

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import Book, BookHandover, HandoverLine
from hotich.registers.rules.handover import next_state
from hotich.units.models import Office
from hotich.units.queries import unit_chain


@dataclass(frozen=True, slots=True)
class Decision:
    """What orders a hand-over, from which day, and the archive or store where the receiving office puts the books."""

    number: str
    from_day: date
    on: date | None = None
    authority: str = ""
    place: str = ""
    notes: str = ""


def plan_handover(
    *, actor: Actor, at: datetime, request_key: UUID, book_ids: Sequence[UUID], to_office_id: int, decision: Decision
) -> list[BookHandover]:
    """Order that these books of closed offices go to an office; one hand-over for each office that keeps them now.

    The same `request_key` again gives the same hand-overs. Raises RuleBroken not_allowed, nothing_chosen, book_unknown,
    act_number_missing, office_not_open, office_of_other_province, office_still_open, book_is_kept_there,
    book_in_handover.
    """
    if not actor.may("office.custody") or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    if not book_ids:
        raise RuleBroken("nothing_chosen")
    if not decision.number.strip():
        raise RuleBroken("act_number_missing", field="act_number")
    with unit_of_work(actor=actor, at=at) as work:
        receiver = _receiver(actor, to_office_id)
        books = list(Book.objects.select_for_update(of=("self",)).filter(id__in=set(book_ids)).order_by("id"))
        if len(books) != len(set(book_ids)):
            raise RuleBroken("book_unknown")
        by_keeper: dict[int, list[Book]] = defaultdict(list)
        for book in books:
            by_keeper[book.keeping_office_id].append(book)
        made = []
        for keeper, kept in sorted(by_keeper.items()):
            key = uuid5(request_key, str(keeper))
            earlier = BookHandover.objects.filter(request_key=key).first()
            made.append(earlier or _plan(work, actor, at, key, keeper, receiver, kept, decision))
    return made


def _receiver(actor: Actor, office_id: int) -> Office:
    office = Office.objects.filter(pk=office_id).select_related("unit__parent__parent").first()
    if office is None or office.is_closed:
        raise RuleBroken("office_not_open", field="to_office", office=office.name if office else "")
    own = Office.objects.filter(pk=actor.office_id).select_related("unit__parent__parent").first()
    if _province(own) is None or _province(own) != _province(office):
        raise RuleBroken("office_of_other_province", field="to_office", office=office.name)
    return office


def _province(office: Office | None) -> int | None:
    return unit_chain(office.unit)[-1].id if office and office.unit else None


def _plan(
    work: UnitOfWork, actor: Actor, at: datetime, key: UUID, keeper: int, receiver: Office, books: list[Book],
    decision: Decision,
) -> BookHandover:  # fmt: skip
    _refuse(keeper, receiver, books, decision)
    assert actor.officer_id is not None
    handover = BookHandover.objects.create(
        from_office_id=keeper, to_office=receiver, place=decision.place.strip()[:200], from_day=decision.from_day,
        act_number=decision.number.strip()[:60], act_date=decision.on, act_authority=decision.authority.strip()[:120],
        notes=decision.notes.strip()[:500], office_id=actor.office_id, request_key=key, planned_by=actor.officer_id,
        planned_at=at,
    )  # fmt: skip
    HandoverLine.objects.bulk_create([HandoverLine(handover=handover, book=book) for book in books])
    _note(work, "book.handover_planned", handover, len(books))
    return handover


def _refuse(keeper: int, receiver: Office, books: list[Book], decision: Decision) -> None:
    if keeper == receiver.id and not decision.place.strip():
        raise RuleBroken("book_is_kept_there", office=receiver.name)
    open_lines = HandoverLine.objects.filter(book__in=books, is_open=True).select_related("book").first()
    if open_lines is not None:
        raise RuleBroken("book_in_handover", book=open_lines.book.label)
    closed = set(
        Office.objects.filter(id__in={book.origin_office_id for book in books}, valid_to__isnull=False).values_list(
            "id", flat=True
        )
    )
    for book in books:
        if book.origin_office_id not in closed:
            raise RuleBroken("office_still_open", name=book.origin_office.name)


def hand_over_books(*, actor: Actor, at: datetime, handover_id: UUID, version: int) -> BookHandover:
    """The giving side says that the books have left. By the department, or an officer of the giving office.

    Raises RuleBroken not_allowed, handover_unknown, handover_step_not_allowed, changed_meanwhile.
    """
    with unit_of_work(actor=actor, at=at) as work:
        handover = _taken(handover_id, version, "hand_over")
        officer = _side(actor, handover.from_office_id)
        handover.state = next_state(handover.state, "hand_over")
        handover.handed_over_by, handover.handed_over_at = officer, at
        _save(handover)
        _note(work, "book.handed_over", handover, handover.lines.count())
    return handover


def receive_books(*, actor: Actor, at: datetime, handover_id: UUID, version: int) -> BookHandover:
    """The receiving side has them: from now on it is their keeping office. Not by whoever handed them over.

    Raises RuleBroken not_allowed, handover_unknown, handover_step_not_allowed, changed_meanwhile, own_handover.
    """
    with unit_of_work(actor=actor, at=at) as work:
        handover = _taken(handover_id, version, "receive")
        officer = _side(actor, handover.to_office_id)
        if handover.handed_over_by in actor.hands:
            raise RuleBroken("own_handover")
        handover.state = next_state(handover.state, "receive")
        handover.received_by, handover.received_at = officer, at
        _save(handover)
        books = Book.objects.filter(handovers__handover=handover)
        changed = {"keeping_office_id": handover.to_office_id, "version": F("version") + 1}
        if handover.place:
            changed["storage_location"] = handover.place
        Book.objects.filter(id__in=[book.id for book in books]).update(**changed)
        number = HandoverLine.objects.filter(handover=handover).update(is_open=False)
        _note(work, "book.received", handover, number)
    return handover


def cancel_handover(*, actor: Actor, at: datetime, handover_id: UUID, version: int, reason: str) -> BookHandover:
    """Give up a hand-over that was not received. Raises RuleBroken not_allowed, reason_missing and as the others."""
    if not actor.may("office.custody"):
        raise RuleBroken("not_allowed")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with unit_of_work(actor=actor, at=at) as work:
        handover = _taken(handover_id, version, "cancel")
        handover.state = next_state(handover.state, "cancel")
        handover.notes = reason.strip()[:500]
        _save(handover)
        number = HandoverLine.objects.filter(handover=handover).update(is_open=False)
        _note(work, "book.handover_cancelled", handover, number)
    return handover


def _taken(handover_id: UUID, version: int, step: str) -> BookHandover:
    handover = BookHandover.objects.select_for_update().filter(id=handover_id).first()
    if handover is None:
        raise RuleBroken("handover_unknown")
    next_state(handover.state, step)
    if handover.version != version:
        raise RuleBroken("changed_meanwhile")
    return handover


def _side(actor: Actor, office_id: int) -> int:
    """The officer, if he speaks for this side: of the office with the right over books, or of the department."""
    own = actor.may("book.manage") and office_id in actor.office_ids
    if actor.officer_id is None or not (own or actor.may("office.custody")):
        raise RuleBroken("not_allowed")
    return actor.officer_id


def _save(handover: BookHandover) -> None:
    handover.version += 1
    handover.save()


def _note(work: UnitOfWork, verb: str, handover: BookHandover, books: int) -> None:
    work.record(
        verb,
        subject_kind="book_handover",
        subject_id=handover.id,
        subject_office=handover.from_office_id,
        facts={"to": handover.to_office_id, "books": books, "act": handover.act_number},
    )
