"""Reads: which registers and years of an office are digitised whole."""

from __future__ import annotations

from collections import defaultdict

from hotich.records.queries.books import BookCount, counts_of_books
from hotich.records.rules.coverage import NOT_LISTED, BookCover, YearCover, cover_of, is_covered
from hotich.registers.models import Book, BookCopy

NOTHING = BookCount()


def coverage_of(office_id: int) -> dict[str, dict[int, YearCover]]:
    """{register letters: {year of opening: cover}} of the books an office registered in; its own copies only."""
    books = list(Book.objects.filter(origin_office_id=office_id, copy=BookCopy.COMMUNE))
    counts = counts_of_books(book.id for book in books)
    found: dict[tuple[str, int], list[BookCover]] = defaultdict(list)
    for book in books:
        count = counts.get(book.id, NOTHING)
        found[book.register_type, book.opening_year].append(
            BookCover(book.cases_declared, count.entered, count.gap_numbers)
        )
    made: dict[str, dict[int, YearCover]] = defaultdict(dict)
    for (letters, year), covers in sorted(found.items()):
        made[letters][year] = cover_of(covers)
    return dict(made)


def years_are_covered(office_id: int, register_type: str, first: int, last: int) -> bool:
    """Whether all books of a register from one year to another (both included) are digitised whole at an office."""
    years = coverage_of(office_id).get(register_type, {})
    return is_covered(years.get(year, NOT_LISTED) for year in range(first, last + 1))
