"""Reads: what lies in a book – entries in order, gaps, doubles, void and missing numbers, declared against entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from hotich.records.models import Record, RecordState, RegistrationNumber
from hotich.records.rules.numbers import Gap, gaps
from hotich.registers.models import Book, NumberScope

Use = RegistrationNumber.Use


@dataclass(frozen=True, slots=True)
class BookCount:
    """How much of a book has been entered."""

    entered: int = 0
    in_force: int = 0
    void: int = 0
    missing: int = 0
    first: int | None = None
    last: int | None = None
    gap_numbers: int = 0


@dataclass(frozen=True, slots=True)
class ClosingComparison:
    """What the officer declared at closing against what was entered. `difference` None: nothing was declared."""

    declared: int | None
    entered: int
    void: int
    missing: int
    difference: int | None


def counts_of_books(book_ids: Iterable[UUID]) -> dict[UUID, BookCount]:
    """Counts of several books in two queries; books without anything are left out."""
    ids = list(book_ids)
    records = {
        row["book"]: row
        for row in Record.objects.filter(book_id__in=ids)
        .order_by()
        .values("book")
        .annotate(entered=Count("id"), in_force=Count("id", filter=Q(state=RecordState.IN_FORCE)))
    }
    numbers = (
        RegistrationNumber.objects.filter(book_id__in=ids)
        .order_by()
        .values("book", "registration_year")
        .annotate(
            void=Count("id", filter=Q(use=Use.VOID)),
            missing=Count("id", filter=Q(use=Use.MISSING)),
            first=Min("number"),
            last=Max("number"),
            distinct=Count("number", distinct=True),
        )
    )
    years: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in numbers:
        years[row["book"]].append(row)
    return {book: _count(records.get(book), years[book]) for book in {*records, *years}}


def _count(records: Mapping[str, Any] | None, years: list[Mapping[str, Any]]) -> BookCount:
    records = records or {"entered": 0, "in_force": 0}
    return BookCount(
        entered=records["entered"],
        in_force=records["in_force"],
        void=sum(year["void"] for year in years),
        missing=sum(year["missing"] for year in years),
        first=min((year["first"] for year in years), default=None),
        last=max((year["last"] for year in years), default=None),
        gap_numbers=sum(year["last"] - year["first"] + 1 - year["distinct"] for year in years),
    )


def records_of_book(book_id: UUID) -> QuerySet[Record]:
    """The entries of a book in its order."""
    return (
        Record.objects.filter(book_id=book_id)
        .prefetch_related("participants")
        .order_by("registration_year", "number", "number_suffix", "id")
    )


def gaps_of_book(book: Book) -> list[Gap]:
    """Numbers nobody has entered or declared void or missing, by year where numbers start anew each year."""
    numbers: dict[int | None, list[int]] = defaultdict(list)
    by_year = book.number_scope == NumberScope.YEAR
    rows = RegistrationNumber.objects.filter(book=book).values_list("registration_year", "number")
    for year, number in rows:
        numbers[year if by_year else None].append(number)
    # closing totals tell the numbers of the year in which the book was opened, or of the whole book
    own = book.opening_year if by_year else None
    if book.first_number is not None and book.last_number is not None:
        numbers.setdefault(own, [])
    return [
        gap
        for year in sorted(numbers, key=lambda item: item or 0)
        for gap in gaps(
            numbers[year],
            first=book.first_number if year == own else None,
            last=book.last_number if year == own else None,
            year=year,
        )
    ]


def doubles_of_book(book: Book) -> list[tuple[int, int, int]]:
    """Numbers that several entries of the book carry (12 and 12a, 12(1)): year, number, how many.

    Where numbers run through the whole book, the same number in two years is a double too (year 0).
    """
    rows = RegistrationNumber.objects.filter(book=book, use=Use.USED).order_by()
    if book.number_scope == NumberScope.BOOK:
        counted = rows.values("number").annotate(times=Count("id")).filter(times__gt=1)
        return sorted((0, row["number"], row["times"]) for row in counted)
    found = rows.values("registration_year", "number").annotate(times=Count("id")).filter(times__gt=1)
    return sorted((row["registration_year"], row["number"], row["times"]) for row in found)


def numbers_declared(book: Book) -> QuerySet[RegistrationNumber]:
    """Void and missing numbers of a book with their reasons."""
    return RegistrationNumber.objects.filter(book=book, use__in=[Use.VOID, Use.MISSING]).order_by(
        "registration_year", "number", "number_suffix"
    )


def closing_comparison(book: Book, count: BookCount) -> ClosingComparison:
    """Declared cases against entered ones; void and missing numbers stand beside, they are no cases."""
    difference = None if book.cases_declared is None else count.entered - book.cases_declared
    return ClosingComparison(book.cases_declared, count.entered, count.void, count.missing, difference)
