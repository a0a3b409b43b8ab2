"""A case is cut with paper around it, its row under the column titles, the halves of a row side by side."""

from __future__ import annotations

import numpy
import pytest

from hotich.scans.cut import MARK, cut_case
from hotich.scans.pages import Box, CaseBox, FlatPage
from hotich.scans.settings import ScanSettings

MARGIN = round(ScanSettings().cut_margin_mm / 25.4 * 100)


def page(marks: dict[int, Box], dpi: float = 100.0, size: tuple[int, int] = (1000, 800)) -> FlatPage:
    """A white page with areas of one gray each."""
    pixels = numpy.full((*size, 3), 255, numpy.uint8)
    for gray, (left, top, right, bottom) in marks.items():
        pixels[int(top) : int(bottom), int(left) : int(right)] = gray
    return FlatPage(pixels, dpi, numpy.eye(3))


def rows_of(picture: numpy.typing.NDArray[numpy.uint8], gray: int) -> numpy.typing.NDArray[numpy.int_]:
    return numpy.flatnonzero((picture[:, :, 0] == gray).any(axis=1))


TITLES, FIRST, FIFTH = (100.0, 100.0, 700.0, 130.0), (100.0, 130.0, 700.0, 200.0), (100.0, 410.0, 700.0, 480.0)


def test_a_row_stands_under_its_column_titles() -> None:
    flat = page({10: TITLES, 50: FIFTH})
    (sheet,) = cut_case([(flat, CaseBox(FIFTH, TITLES))])
    assert len(rows_of(sheet, 10)) == 30
    assert len(rows_of(sheet, 50)) == 70
    assert rows_of(sheet, 10).max() < rows_of(sheet, 50).min()
    columns = [numpy.flatnonzero((sheet[:, :, 0] == gray).any(axis=0)) for gray in (10, 50)]
    assert columns[0].tolist() == columns[1].tolist()  # titles stand above their columns


def test_a_thin_line_parts_the_titles_from_the_row_and_nothing_of_the_first_row_stands_between() -> None:
    flat = page({10: TITLES, 30: FIRST, 70: (100.0, 340.0, 700.0, 410.0), 50: FIFTH})
    (sheet,) = cut_case([(flat, CaseBox(FIFTH, TITLES))])
    lines = numpy.flatnonzero((sheet == MARK).all(axis=2).mean(axis=1) > 0.9)
    assert 1 <= len(lines) <= 3
    assert rows_of(sheet, 10).max() < lines.min() < lines.max() < rows_of(sheet, 50).min()
    assert len(rows_of(sheet, 30)) <= 3  # the rule under the titles, not writing of the row below them
    assert len(rows_of(sheet, 70)) == pytest.approx(MARGIN, abs=1)  # strokes may run up into the row above


@pytest.mark.parametrize("box", [FIRST, FIFTH, (100.0, 930.0, 700.0, 1000.0)])
def test_a_bar_beside_the_paper_shows_from_where_to_where_the_row_goes(box: Box) -> None:
    (sheet,) = cut_case([(page({10: TITLES, 50: box}), CaseBox(box, TITLES))])
    bar = numpy.flatnonzero((sheet[:, :6] == MARK).any(axis=(1, 2)) & ~(sheet[:, 100] == MARK).all(axis=1))
    row = rows_of(sheet, 50)
    assert abs(int(bar.min()) - int(row.min())) <= 1 and abs(int(bar.max()) - int(row.max())) <= 1


def test_the_first_row_and_its_titles_are_one_piece() -> None:
    flat = page({10: TITLES, 50: FIRST})
    (sheet,) = cut_case([(flat, CaseBox(FIRST, TITLES))])
    assert rows_of(sheet, 50).min() == rows_of(sheet, 10).max() + 1
    assert sheet.shape[0] == pytest.approx(100 + 2 * MARGIN, abs=2)


def test_strokes_that_run_over_the_rule_are_kept() -> None:
    flat = page({50: FIFTH, 90: (300.0, 480.0, 310.0, 488.0)})
    (sheet,) = cut_case([(flat, CaseBox(FIFTH))])
    assert len(rows_of(sheet, 90)) == 8
    assert sheet.shape[1] == pytest.approx(600 + 2 * MARGIN, abs=2)


def test_both_halves_of_a_row_on_facing_pages_come_side_by_side() -> None:
    left, right = page({10: TITLES, 50: FIFTH}), page({20: TITLES, 60: FIFTH})
    (sheet,) = cut_case([(left, CaseBox(FIFTH, TITLES)), (right, CaseBox(FIFTH, TITLES))])
    assert rows_of(sheet, 50).tolist() == rows_of(sheet, 60).tolist()
    places = [numpy.flatnonzero((sheet[:, :, 0] == gray).any(axis=0)) for gray in (50, 60)]
    assert places[0].max() < places[1].min()


def test_a_row_that_goes_on_at_the_top_of_the_next_page_is_two_sheets() -> None:
    last, first = (100.0, 900.0, 700.0, 970.0), (100.0, 130.0, 700.0, 200.0)
    sheets = cut_case([(page({50: last}), CaseBox(last)), (page({60: first}), CaseBox(first, TITLES))])
    assert len(sheets) == 2
    assert rows_of(sheets[0], 50).size and rows_of(sheets[1], 60).size


def test_whole_forms_are_a_sheet_each_in_their_order() -> None:
    form = (50.0, 50.0, 750.0, 950.0)
    sheets = cut_case([(page({gray: form}), CaseBox(form)) for gray in (30, 40, 60)])
    assert [int(sheet[500, 300, 0]) for sheet in sheets] == [30, 40, 60]


def test_pages_of_different_resolution_come_at_the_lower_one() -> None:
    form = (50.0, 50.0, 750.0, 950.0)
    twice = (100.0, 100.0, 1500.0, 1900.0)
    fine = page({30: twice}, dpi=200.0, size=(2000, 1600))
    sheets = cut_case([(fine, CaseBox(twice)), (page({40: form}), CaseBox(form))])
    assert sheets[0].shape[0] == pytest.approx(sheets[1].shape[0], abs=3)


@pytest.mark.parametrize(
    "box", [(-50.0, -50.0, 5000.0, 5000.0), (799.5, 999.5, 799.6, 999.6), (900.0, 1200.0, 950.0, 1300.0)]
)
def test_a_box_that_leaves_the_page_still_gives_a_picture(box: Box) -> None:
    (sheet,) = cut_case([(page({}), CaseBox(box))])
    assert sheet.size > 0 and sheet.shape[0] <= 1000 and sheet.shape[1] <= 800
