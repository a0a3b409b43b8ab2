"""Reads: hand-overs of books to those who key them (requirement A12)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import KeyingHandover, KeyingHandoverLine


def keying_handovers(actor: Actor, *, state: str = "") -> QuerySet[KeyingHandover]:
    """Hand-overs of the actor's offices, the newest first, with `books` and `out` (books not back yet)."""
    found = KeyingHandover.objects.filter(origin_office_id__in=actor.office_ids)
    if state:
        found = found.filter(state=state)
    counted = found.annotate(books=Count("lines"), out=Count("lines", filter=Q(lines__is_out=True)))
    return counted.order_by("-day", "-id")


def keying_handover_by_id(actor: Actor, handover_id: UUID) -> KeyingHandover:
    """One of them. Raises RuleBroken keying_handover_unknown."""
    found = keying_handovers(actor).filter(id=handover_id).first()
    if found is None:
        raise RuleBroken("keying_handover_unknown")
    return found


def lines_of(handover: KeyingHandover) -> QuerySet[KeyingHandoverLine]:
    """The books of a hand-over, in the order of a shelf."""
    return handover.lines.select_related("book__origin_office").order_by(
        "book__origin_office__code", "book__register_type", "book__opening_year", "book__number", "book__copy"
    )
