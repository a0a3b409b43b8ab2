"""Reads: books of closed offices with their keepers, and their hand-overs."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import Book, BookHandover, HandoverLine, HandoverState
from hotich.units.models import Office
from hotich.units.queries import offices_matching, units_of_province

OPEN_STATES = (HandoverState.PLANNED, HandoverState.HANDED_OVER)


def books_of_closed_offices(province_id: int | None, *, text: str = "", register_type: str = "") -> QuerySet[Book]:
    """Books whose registering office has closed, in the province (None: everywhere)."""
    books = Book.objects.filter(origin_office__valid_to__isnull=False)
    if province_id is not None:
        books = books.filter(origin_office__unit_id__in=units_of_province(province_id))
    if text:
        books = books.filter(origin_office__in=offices_matching(text))
    if register_type:
        books = books.filter(register_type=register_type)
    return books.select_related("origin_office", "keeping_office").order_by(
        "origin_office__code", "register_type", "opening_year", "number", "copy"
    )


def open_handover_of(book_ids: Collection[UUID]) -> dict[UUID, BookHandover]:
    """The hand-over each of these books is in now."""
    lines = HandoverLine.objects.filter(book_id__in=book_ids, is_open=True).select_related("handover__to_office")
    return {line.book_id: line.handover for line in lines}


def handovers_for(actor: Actor) -> QuerySet[BookHandover]:
    """Hand-overs this officer may see: all for the department, else those of the own offices; open ones first."""
    found = BookHandover.objects.select_related("from_office", "to_office").annotate(books=Count("lines"))
    if not actor.may("office.custody"):
        ids = actor.office_ids
        found = found.filter(Q(from_office_id__in=ids) | Q(to_office_id__in=ids))
    return found.order_by("-id")


def handover_by_id(handover_id: UUID, *, actor: Actor) -> BookHandover:
    """One of them. Raises RuleBroken `handover_unknown`."""
    found = handovers_for(actor).filter(id=handover_id).first()
    if found is None:
        raise RuleBroken("handover_unknown")
    return found


def books_of_handover(handover: BookHandover) -> QuerySet[Book]:
    """The books of a hand-over, in the order of a shelf: what the acceptance paper lists."""
    return (
        Book.objects.filter(handovers__handover=handover)
        .select_related("origin_office", "keeping_office")
        .order_by("origin_office__code", "register_type", "opening_year", "number", "copy")
    )


def books_by_keeper(office_ids: Collection[int]) -> dict[int, list[tuple[Office, int]]]:
    """Who keeps how many of the books each of these offices registered in."""
    rows = (
        Book.objects.filter(origin_office_id__in=office_ids)
        .values("origin_office_id", "keeping_office_id")
        .annotate(n=Count("id"))
        .order_by("-n")
    )
    offices = Office.objects.in_bulk({row["keeping_office_id"] for row in rows})
    found: dict[int, list[tuple[Office, int]]] = {}
    for row in rows:
        found.setdefault(row["origin_office_id"], []).append((offices[row["keeping_office_id"]], row["n"]))
    return found
