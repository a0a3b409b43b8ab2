"""The order of the campaign as a soft gate: phases, and inside each the groups, one finished before the next.

Source: requirements A2 and A3 of the plan of digitisation – marriage, birth, recognition, marital status, death, the
rest, so that people who are there already are used again. Whoever goes on before the time says why; nobody is stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

UNFINISHED = frozenset({"listed", "open"})
"""States of a book in which something of it is still to be keyed or checked."""


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One group of one phase; steps follow one another in this order."""

    phase: int
    group: int


@dataclass(frozen=True, slots=True)
class BookAtStep:
    """What the gate needs to know of a book. `is_here`: keyed in this software (not by the police, not earlier)."""

    step: Step
    state: str
    is_here: bool = True
    is_lost: bool = False


def earlier_unfinished(step: Step, books: Iterable[BookAtStep]) -> list[Step]:
    """The steps before this one in which a book of the office is still unfinished, in their order."""
    return sorted({book.step for book in books if book.step < step and is_unfinished(book)})


def is_unfinished(book: BookAtStep) -> bool:
    """Whether the book holds the gate: to be keyed here, there to be keyed, and not keyed whole yet."""
    return book.is_here and not book.is_lost and book.state in UNFINISHED
