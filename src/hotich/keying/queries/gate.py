"""Reads: which earlier steps of the campaign are unfinished at an office."""

from __future__ import annotations

from hotich.keying.models import BookPlace, BookWork
from hotich.keying.rules.gate import BookAtStep, Step, earlier_unfinished


def steps_before(listed: BookWork) -> list[Step]:
    """The earlier phases and groups of the office of a book that are unfinished, in their order."""
    return earlier_unfinished(Step(listed.phase, listed.group), books_at_steps(listed.origin_office_id))


def books_at_steps(office_id: int) -> list[BookAtStep]:
    """The listed books of an office, as the gate sees them."""
    rows = BookWork.objects.filter(origin_office_id=office_id).values_list(
        "phase", "group", "state", "place", "is_lost"
    )
    return [
        BookAtStep(Step(phase, group), state, is_here=place == BookPlace.HERE, is_lost=is_lost)
        for phase, group, state, place, is_lost in rows
    ]
