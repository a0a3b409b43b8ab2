"""The books that are keyed in the demo: of other people, under numbers of their own, with a map of their pages."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from hotich.config.demo import ScanPrinter, generate
from hotich.config.demo.keying import APART, keying_books, regions_of_birth, scanned, year_of
from hotich.config.demo.model import Book
from hotich.registers.types import version_for

OFFICES = ("24529", "24529-2025")


@pytest.fixture(scope="module")
def books() -> dict[str, Book]:
    return keying_books(OFFICES, {"KS": 18, "KH": 5})


def test_they_have_the_entries_that_were_asked_for_in_the_order_of_their_numbers(books: dict[str, Book]) -> None:
    assert {letters: len(book.rows) for letters, book in books.items()} == {"KS": 18, "KH": 5}
    for book in books.values():
        numbers = [int(row["so"].partition("/")[0]) for row in book.rows]
        assert numbers == list(range(APART + 1, APART + 1 + len(numbers)))
        assert {row["quyenSo"] for row in book.rows} == {book.label}
    assert len({year_of(row) for row in books["KH"].rows}) == 1  # keyed from the paper by a range of numbers


def test_no_book_and_nobody_of_the_demo_is_met_again(books: dict[str, Book]) -> None:
    demo = generate()
    assert not {book.key for book in books.values()} & {book.key for book in demo.books}
    theirs = {
        row.get("nksHoTen", "") + row.get("nksNgaySinh", "") for b in demo.books if b.letters == "KS" for row in b.rows
    }
    assert not {row.get("nksHoTen", "") + row.get("nksNgaySinh", "") for row in books["KS"].rows} & theirs


def test_an_office_without_such_a_book_is_told() -> None:
    with pytest.raises(LookupError):
        keying_books(["99999"], {"KS": 3})


def test_two_entries_stand_on_a_scanned_page(books: dict[str, Book]) -> None:
    book = books["KS"]
    book.rows = book.rows[:3]
    with ScanPrinter() as printer:
        document = pypdfium2.PdfDocument(io.BytesIO(scanned(book, printer)))
    try:
        assert len(document) == 2
        wide, high = document[0].get_size()
        assert round(high / wide, 2) == 1.41  # A4
    finally:
        document.close()


def test_the_map_of_regions_names_fields_of_the_register_within_the_picture() -> None:
    codes = {field.code for field in version_for("KS", "ND158").fields if field.on_form}
    regions = regions_of_birth()
    assert set(regions) <= codes and len(regions) > 20
    assert all(0 <= left < right <= 1 and 0 <= top < bottom <= 1 for left, top, right, bottom in regions.values())
