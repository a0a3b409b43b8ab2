"""The books that are keyed in the demo: of other people, under numbers of their own, with a map of their pages."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from hotich.config.demo import ScanPrinter, generate
from hotich.config.demo.citizens import write_people
from hotich.config.demo.keying import (
    APART,
    DPI,
    EDGE,
    HIGH,
    keying_books,
    of_keying,
    regions_of_birth,
    scanned,
    year_of,
)
from hotich.config.demo.model import Book
from hotich.keying.rules.frames import Ruling, is_same_page, move_between, ruling_of_picture
from hotich.keying.rules.pictures import PageSize, plan_picture
from hotich.registers.types import version_for
from hotich.scans.pages import PageImage
from hotich.scans.rectify import rectify
from hotich.scans.settings import ScanSettings
from hotich.scans.split import rules_of, strong_rules

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
    book = replace(books["KS"], rows=books["KS"].rows[:3])
    with ScanPrinter() as printer:
        document = pypdfium2.PdfDocument(io.BytesIO(scanned(book, printer)))
    try:
        assert len(document) == 2
        wide, high = document[0].get_size()
        assert round(high / wide, 2) == 1.41  # A4
    finally:
        document.close()


def test_the_map_of_the_first_case_lies_on_every_case_of_the_book(books: dict[str, Book]) -> None:
    """Who tries the demo sees each field lit on the scan: the pages are printed in one size, whatever is written on them."""
    with ScanPrinter() as printer:
        document = pypdfium2.PdfDocument(io.BytesIO(scanned(books["KS"], printer)))
    rulings = [ruling for page in document for ruling in rulings_of(page.render(scale=DPI / 72).to_numpy())]
    document.close()
    assert len(rulings) == 18
    margin = ScanSettings().cut_margin_mm / 25.4 * DPI
    for place, found in enumerate(rulings):
        assert is_same_page(rulings[0], found)
        moved = move_between(rulings[0], found).region((0.2, 0.2, 0.8, 0.225))  # the first line of the form
        higher = (EDGE - margin) / (HIGH / 2 + margin) * (place % 2)  # the lower entry begins where its half begins
        assert moved == pytest.approx((0.2, 0.2 - higher, 0.8, 0.225 - higher), abs=0.006)


def rulings_of(pixels: object) -> list[Ruling]:
    """The printed rules of the two cases of a page, as they are measured of a scan."""
    settings = ScanSettings()
    flat = rectify(PageImage(pixels, float(DPI), "x.jpg"), settings)  # type: ignore[arg-type]
    high, wide = flat.pixels.shape[:2]
    rules, sizes = strong_rules(rules_of(flat)), {"1": PageSize(wide, high, float(DPI))}
    made = []
    for place in range(2):
        box = [0, high / 2 * place, wide, high / 2 * (place + 1)]
        plan = plan_picture([{"page": "1", "box": box}], sizes, margin_mm=settings.cut_margin_mm)
        assert plan is not None
        ruling = ruling_of_picture(plan, {"1": rules}, sizes)
        assert ruling is not None
        made.append(ruling)
    return made


def test_the_map_of_regions_names_fields_of_the_register_within_the_picture() -> None:
    codes = {field.code for field in version_for("KS", "ND158").fields if field.on_form}
    regions = regions_of_birth()
    assert set(regions) <= codes and len(regions) > 20
    assert all(0 <= left < right <= 1 and 0 <= top < bottom <= 1 for left, top, right, bottom in regions.values())


def test_who_stands_in_them_can_be_looked_up_in_the_population(books: dict[str, Book], tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    people = [generate(), of_keying()]
    written = write_people(people, file)
    citizens = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    numbers = Counter(each["personal_id"] for each in citizens if each["personal_id"])
    assert written == len(citizens) > len(people[0].people)
    assert set(numbers.values()) == {1}
    there = {(each["full_name"], each["birth"]) for each in citizens if not each["absent"]}
    children = {(row["nksHoTen"], "-".join(reversed(row["nksNgaySinh"].split(".")))) for row in books["KS"].rows}
    assert len(children & there) >= len(children) * 0.8
