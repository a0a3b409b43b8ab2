"""What the inventory of an office does not tell: years without a book, book numbers that are skipped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hotich.records.rules.numbers import gaps


@dataclass(frozen=True, slots=True)
class ShelfGap:
    """Books that should be on the shelf: no book opened in these years (`number` 0), or a number of one year."""

    register_type: str
    first_year: int
    last_year: int
    number: int = 0


def shelf_gaps(books: Iterable[tuple[str, int, str]]) -> list[ShelfGap]:
    """Gaps among books of one office, given as (register type, year of opening, number).

    A year is missed between the first and the last year of the type: a book may run over several years, so this is a
    question to the officer, not a fault. Numbers are counted from 01 within a year of a type (Thông tư
    15/2015/TT-BTP); "02A" counts as 2, what is no number is left out.
    """
    years: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for letters, year, number in books:
        digits = re.match(r"\d+", number)
        years[letters][year].add(int(digits.group()) if digits else 0)
    found: list[ShelfGap] = []
    for letters, by_year in years.items():
        found += [ShelfGap(letters, gap.first, gap.last) for gap in gaps(by_year)]
        for year, numbers in by_year.items():
            known = numbers - {0}
            if known:
                skipped = gaps(known, first=1, last=max(known))
                found += [ShelfGap(letters, year, year, n) for gap in skipped for n in range(gap.first, gap.last + 1)]
    return sorted(found, key=lambda gap: (gap.register_type, gap.first_year, gap.number))
