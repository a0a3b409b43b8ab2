"""Reads: register books of offices."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, QuerySet, When

from hotich.kernel.problems import RuleBroken
from hotich.registers.models import Book, BookCopy
from hotich.registers.rules.reading import read_book
from hotich.registers.types import REGISTER_TYPES


def books_of_offices(
    office_ids: Iterable[int], *, register_type: str = "", era: str = "", year: int | None = None
) -> QuerySet[Book]:
    """Books that these offices registered in or keep, by type, year and number."""
    ids = set(office_ids)
    books = Book.objects.filter(origin_office_id__in=ids) | Book.objects.filter(keeping_office_id__in=ids)
    if register_type:
        books = books.filter(register_type=register_type)
    if era:
        books = books.filter(era=era)
    if year is not None:
        books = books.filter(opening_year=year)
    order = Case(*(When(register_type=letters, then=place) for place, letters in enumerate(REGISTER_TYPES)), default=99)
    return books.select_related("origin_office", "keeping_office").order_by(
        order, "opening_year", "number", "copy", "origin_office_id"
    )


def book_by_id(book_id: UUID, *, office_ids: Iterable[int]) -> Book:
    """A book that one of these offices registered in or keeps. Raises RuleBroken book_unknown."""
    book = books_of_offices(office_ids).filter(id=book_id).first()
    if book is None:
        raise RuleBroken("book_unknown")
    return book


def book_by_label(office_id: int, register_type: str, label: str, *, copy: str = BookCopy.COMMUNE) -> Book:
    """The book with this label ("01/2006", "1/2006" or "01-TP/HT-2006-KS") of the office that registered.

    Raises RuleBroken book_unknown.
    """
    read = read_book(label)
    book = None
    if read is not None and read.year is not None:
        book = Book.objects.filter(
            origin_office_id=office_id,
            register_type=register_type,
            number=read.number,
            opening_year=read.year,
            copy=copy,
        ).first()
    if book is None:
        raise RuleBroken("book_unknown", field="book", label=label)
    return book
