"""How far the paper books of a year are digitised: the table that says where "nothing found" means something.

Nobody may be called unmarried unless the marriage books of every place of residence are covered (procedures.md 4.7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Cover(StrEnum):
    """What is known of the books of one office, register and year."""

    WHOLE = "whole"  # every book has closing totals, they agree with what was entered, no number is missing
    PART = "part"
    NONE = "none"  # books are listed, nothing of them is entered
    UNKNOWN = "unknown"  # no book of that year is listed


@dataclass(frozen=True, slots=True)
class BookCover:
    """One book: what was declared at closing (None: not known), what was entered, numbers nobody accounts for."""

    declared: int | None
    entered: int
    gap_numbers: int


@dataclass(frozen=True, slots=True)
class YearCover:
    """The books of one year together. `expected` None: not every book has closing totals."""

    cover: Cover
    books: int = 0
    entered: int = 0
    expected: int | None = None

    @property
    def share(self) -> float | None:
        """The part that is entered, 0 … 1; None where nobody knows how much there is."""
        if not self.expected:
            return None
        return min(self.entered / self.expected, 1.0)


NOT_LISTED = YearCover(Cover.UNKNOWN)


def cover_of(books: Iterable[BookCover]) -> YearCover:
    """The cover of a year from all its books."""
    listed = list(books)
    if not listed:
        return NOT_LISTED
    entered = sum(book.entered for book in listed)
    declared = [book.declared for book in listed if book.declared is not None]
    expected = sum(declared) if len(declared) == len(listed) else None
    whole = all(book.declared == book.entered and not book.gap_numbers for book in listed)
    if not entered and not whole:
        return YearCover(Cover.NONE, len(listed), 0, expected)
    return YearCover(Cover.WHOLE if whole else Cover.PART, len(listed), entered, expected)


def is_covered(years: Iterable[YearCover]) -> bool:
    """Whether "nothing was found" in these years means that there is nothing; false for no years at all."""
    found = list(years)
    return bool(found) and all(year.cover is Cover.WHOLE for year in found)
