"""Gaps of a book: numbers that should be there and are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers from `first` to `last` that nobody has entered or declared. `year` None: numbers run through."""

    first: int
    last: int
    year: int | None = None

    @property
    def count(self) -> int:
        """How many numbers are missing."""
        return self.last - self.first + 1


def gaps(
    numbers: Iterable[int], *, first: int | None = None, last: int | None = None, year: int | None = None
) -> Iterator[Gap]:
    """The gaps among numbers that are used, void or known to be missing.

    Without `first` and `last` (of the closing totals) they run from the lowest to the highest number known: where a
    book begins is known only to the officer who closed it, since numbers go on from the book before.
    """
    known = sorted(set(numbers))
    if not known and (first is None or last is None):
        return
    start = first if first is not None else known[0]
    end = last if last is not None else known[-1]
    expected = start
    for number in known:
        if number < start or number > end:
            continue
        if number > expected:
            yield Gap(expected, number - 1, year)
        expected = number + 1
    if expected <= end:
        yield Gap(expected, end, year)
