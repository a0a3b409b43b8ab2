"""Planted faults of the demo and its files: workbooks with the damage of real ones, case PDFs small enough."""

from __future__ import annotations

import dataclasses
import io
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from hotich.config.demo import LETTERS, Book, Demo, Mix, Planted, ScanPrinter, generate, write_book, write_scans
from hotich.config.demo.columns import CODE_LISTS
from hotich.config.demo.workbook import header_of
from hotich.registers.rules.cells import from_cells
from hotich.registers.rules.examine import examine
from hotich.registers.types import version_for
from hotich.registers.types.declaration import Channel

FOUND_AS = {
    "wrong_number_year": "registration_number_year_mismatch",
    "impossible_date": "date_impossible",
    "words_disagree": "date_words_disagree",
    "mother_younger": "mother_not_older",
    "unknown_code": "code_unknown",
    "marriage_under_age": "wife_under_age",
    "name_with_digits": "name_has_digit",
    "future_date": "date_year_out_of_range",
    "registered_before_birth": "birth_after_registration",
    "sex_digit_swapped": "personal_id_sex_mismatch",
}


@pytest.fixture(scope="module")
def demo() -> Demo:
    """The demo as it is loaded."""
    return generate()


def book_of(demo: Demo, planted: Planted) -> Book:
    """The book a fault was planted in."""
    return next(book for book in demo.books if book.key == planted.book)


def test_every_kind_of_fault_is_planted_and_stands_where_the_manifest_says(demo: Demo) -> None:
    assert {item.kind for item in demo.planted} == {field.name for field in dataclasses.fields(Mix)}
    for item in demo.planted:
        book = book_of(demo, item)
        if item.column:
            assert book.rows[item.row].get(item.column, "") == item.after, item
            damaged = (item.row, item.column) in book.damage
            assert damaged if item.before == item.after else not damaged, item


def test_planted_faults_are_what_the_examination_finds(demo: Demo) -> None:
    checked = set()
    for item in demo.planted:
        if item.kind in FOUND_AS:
            book = book_of(demo, item)
            version = version_for(book.letters, book.era)
            cells = from_cells(version, book.rows[item.row])
            found = examine(version, cells, channel=Channel.HISTORICAL, today=date(2026, 1, 1))
            assert FOUND_AS[item.kind] in {problem.code for problem in found.problems}, item
            checked.add(item.kind)
    assert checked == set(FOUND_AS)


def test_a_doubled_number_is_the_number_of_the_entry_before(demo: Demo) -> None:
    doubled = [item for item in demo.planted if item.kind == "duplicate_number"]
    assert doubled
    for item in doubled:
        rows = book_of(demo, item).rows
        assert rows[item.row]["so"] == rows[item.row - 1]["so"]


def test_another_mix_plants_other_faults_and_a_clean_mix_none() -> None:
    only = dataclasses.replace(Mix.clean(), illegible=50.0)
    found = generate(9, 0.3, faults=only).planted
    assert {item.kind for item in found} == {"illegible"}
    assert len(found) > 20
    assert generate(9, 0.3, faults=Mix.clean()).planted == ()


def test_workbooks_hold_the_same_cells_under_noisy_headings(demo: Demo, tmp_path: Path) -> None:
    books = [next(book for book in demo.books if book.letters == letters and len(book.rows) > 1)
             for letters in LETTERS]  # fmt: skip
    noisy = 0
    for book in books:
        write_book(book, tmp_path / "book.xlsx")
        workbook = openpyxl.load_workbook(tmp_path / "book.xlsx")
        assert workbook.sheetnames == ["DL Import", "Ghi chu"]
        head, *rows = workbook["DL Import"].iter_rows(values_only=True)
        keys = header_of(book)
        assert [str(text).split(" i=")[0].strip().lower() for text in head] == [key.lower() for key in keys]
        noisy += list(head) != keys
        for index, (row, cells) in enumerate(zip(book.rows, rows, strict=True)):
            for key, value in zip(keys, cells, strict=True):
                if key != "STT" and (index, key) not in book.damage:
                    assert (value or "") == row.get(key, "")
        assert workbook["Ghi chu"].max_row == 1 + sum(
            len(text.split(";")) for text in CODE_LISTS[book.letters].values()
        )
    assert noisy


def test_damaged_cells_are_numbers_and_dates_and_the_row_keeps_the_text(demo: Demo, tmp_path: Path) -> None:
    seen = set()
    for book in demo.books:
        if not book.damage:
            continue
        write_book(book, tmp_path / "book.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["DL Import"]
        keys = header_of(book)
        for (index, column), kind in book.damage.items():
            value, text = sheet.cell(index + 2, keys.index(column) + 1).value, book.rows[index][column]
            seen.add(kind)
            if kind == "date":
                assert isinstance(value, datetime)
                assert value.strftime("%d.%m.%Y") == text
            else:
                assert not isinstance(value, str)
                assert value == float(text)
    assert seen == {"number", "float", "date"}


def test_birth_workbooks_have_60_or_70_columns_and_refuse_to_lose_any(demo: Demo) -> None:
    old = next(book for book in demo.books if book.letters == "KS" and book.era == "ND83")
    new = next(book for book in demo.books if book.letters == "KS" and book.era == "LIVE" and len(book.rows) > 5)
    assert len(header_of(old)) == 60
    assert len(header_of(old, 70)) == len(header_of(new)) == 70
    with pytest.raises(ValueError, match="60 columns"):
        header_of(new, 60)


def test_at_least_300_entries_of_all_registers_have_a_scan_under_three_name_patterns(demo: Demo) -> None:
    scanned = [book for book in demo.books if book.scans]
    assert sum(scan.row >= 0 for book in scanned for scan in book.scans) >= 300
    assert {book.letters for book in scanned} == set(LETTERS)
    assert {book.scan_pattern for book in scanned} == {"P1", "P2", "P3"}
    for book in scanned:
        names = [scan.name for scan in book.scans]
        assert len(names) == len(set(names)), book.key


def test_scan_faults_are_a_missing_a_large_and_a_stray_file(demo: Demo) -> None:
    for item in demo.planted:
        book = book_of(demo, item)
        names = {scan.name: scan for scan in book.scans}
        if item.kind == "scan_missing":
            assert item.before not in names
        elif item.kind == "scan_too_large":
            assert names[item.after].kind == "large"
        elif item.kind == "scan_unmatched":
            assert names[item.after].row == -1


def test_case_pdfs_stay_below_the_limit_except_the_planted_ones(demo: Demo) -> None:
    started, drawn = time.perf_counter(), 0
    with ScanPrinter() as printer:
        for book in demo.books:
            chosen = [scan for scan in book.scans if scan.kind != "normal"] + list(book.scans[:4])
            for scan in chosen:
                size = len(printer.pdf(book, scan))
                assert size > 102_400 if scan.kind == "large" else size < 100_000, (book.key, scan)
                drawn += 1
    assert drawn >= 80
    assert (time.perf_counter() - started) / drawn < 0.25  # 300 in 15 s leaves 0.05; other jobs may share the machine


def test_a_zip_holds_readable_pdfs_of_one_page_and_is_the_same_each_time(demo: Demo, tmp_path: Path) -> None:
    book = next(book for book in demo.books if len(book.scans) > 5)
    names = write_scans(book, tmp_path / "one.zip", 3)
    write_scans(book, tmp_path / "two.zip", 3)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == names == [scan.name for scan in book.scans[:3]]
        with pikepdf.open(io.BytesIO(archive.read(names[0]))) as document:
            assert len(document.pages) == 1


def test_a_printer_outside_its_with_block_refuses(demo: Demo) -> None:
    book = next(book for book in demo.books if book.scans)
    with pytest.raises(RuntimeError, match="with block"):
        ScanPrinter().pdf(book, book.scans[0])
