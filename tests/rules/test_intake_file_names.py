"""Names of case PDFs, by the three patterns seen in deliveries (registers.md 3.4), and which row they belong to."""

from __future__ import annotations

import pytest

from hotich.intake.rules.file_names import ScanName, ScanNames
from hotich.intake.rules.scan_matching import RowKey, match_scans, share_between_siblings

NAMES = ScanNames()


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("KS.2010.01.001.pdf", ScanName("KS", 2010, "01", 1, "", None)),
        ("KS.2010.01.001.PDF", ScanName("KS", 2010, "01", 1, "", None)),
        ("ks.2010.1.12a.pdf", ScanName("KS", 2010, "01", 12, "a", None)),
        ("KS.2006.01.2006-10-01.123.pdf", ScanName("KS", 2006, "01", 123, "", 2006)),
        ("KS.2006.01.2007-00-00.123.pdf", ScanName("KS", 2006, "01", 123, "", 2007)),
        ("KS.2006.01.0000-00-00.123.pdf", ScanName("KS", 2006, "01", 123, "", None)),
        ("KH.2005.31483.01.A2.139.pdf", ScanName("KH", 2005, "01", 139, "", None)),
        ("KS.2003.93620.01.A2.2004.120.pdf", ScanName("KS", 2003, "01", 120, "", 2004)),
        ("KS.2005.93711.02.A2.288(1).pdf", ScanName("KS", 2005, "02", 288, "(1)", None)),
        ("KS/2005/93711/02/CDGH.2018.02A.7.pdf", ScanName("CDGH", 2018, "02A", 7, "", None)),
    ],
)
def test_the_three_patterns_are_read(name: str, read: ScanName) -> None:
    assert NAMES.read(name) == read


@pytest.mark.parametrize(
    "name", ["", "001.pdf", "XX.2010.01.001.pdf", "KS.2010.01.001.pdf.exe", "KS.10.01.1.pdf", "KS.pdf"]
)
def test_other_names_are_not_guessed_at(name: str) -> None:
    assert NAMES.read(name) is None


def test_the_pattern_is_configuration() -> None:
    own = ScanNames(["PLACE.TYPE.BOOK.YEAR.NUMBER"])
    assert own.read("24529.KS.01.2006.12.pdf") == ScanName("KS", 2006, "01", 12, "", None)
    assert own.read("KS.2006.01.012.pdf") is None


def _row(row: int, number: int, year: int = 2005, suffix: str = "", book_year: int = 2005) -> RowKey:
    return RowKey(row, "01", book_year, number, suffix, year)


def _match(names: list[str], rows: list[RowKey]) -> tuple[dict[int, str], tuple[str, ...]]:
    found = match_scans({name: NAMES.read(name) for name in names}, rows, "KS")
    return dict(found.by_row), found.unmatched


def test_a_file_goes_to_the_row_with_its_number_and_the_rest_is_told() -> None:
    names = ["KS.2005.01.001.pdf", "KS.2005.01.009.pdf", "KH.2005.01.001.pdf", "bìa.pdf"]
    by_row, unmatched = _match(names, [_row(2, 1), _row(3, 2)])
    assert by_row == {2: "KS.2005.01.001.pdf"}
    assert unmatched == ("KH.2005.01.001.pdf", "KS.2005.01.009.pdf", "bìa.pdf")


def test_a_doubled_file_goes_to_the_doubled_row() -> None:
    names = ["KS.2005.01.288(1).pdf", "KS.2005.01.288.pdf"]
    by_row, unmatched = _match(names, [_row(2, 288), _row(3, 288)])
    assert by_row == {2: "KS.2005.01.288.pdf", 3: "KS.2005.01.288(1).pdf"}
    assert unmatched == ()


def test_a_suffix_of_the_book_is_matched_before_a_doubled_file() -> None:
    by_row, _ = _match(["KS.2005.01.288(1).pdf"], [_row(2, 288), _row(3, 288, suffix="(1)")])
    assert by_row == {3: "KS.2005.01.288(1).pdf"}


def test_a_book_of_two_years_tells_them_apart_by_the_year_in_the_name() -> None:
    names = ["KS.2003.93620.01.A2.2004.120.pdf", "KS.2003.93620.01.A2.120.pdf"]
    by_row, unmatched = _match(names, [_row(2, 120, 2003, book_year=2003), _row(3, 120, 2004, book_year=2003)])
    assert by_row == {3: names[0], 2: names[1]}
    assert unmatched == ()


def test_without_a_year_in_the_name_the_only_entry_of_that_number_is_meant() -> None:
    by_row, _ = _match(["KS.2003.01.120.pdf"], [_row(3, 120, 2004, book_year=2003)])
    assert by_row == {3: "KS.2003.01.120.pdf"}


def test_rows_of_one_case_share_its_scan() -> None:
    found = match_scans({"KS.2005.01.7.pdf": NAMES.read("KS.2005.01.7.pdf")}, [_row(2, 7), _row(3, 7)], "KS")
    shared = share_between_siblings(found, [(2, 3)])
    assert dict(shared.by_row) == {2: "KS.2005.01.7.pdf", 3: "KS.2005.01.7.pdf"}
