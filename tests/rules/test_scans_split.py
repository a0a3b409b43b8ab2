"""The cases of a page are proposed by its ruling: rows with their column titles, framed forms, whole pages."""

from __future__ import annotations

import numpy
import pytest
from register_pages import FontBook, Truth, make_page
from scans_truth import box_on_flat, cases_on_flat, delivered, overlap

from hotich.scans.pages import CaseBox, FlatPage, Pixels
from hotich.scans.rectify import rectify
from hotich.scans.settings import ScanSettings
from hotich.scans.split import propose_cases

SETTINGS = ScanSettings()
DPI = 150


def flattened(pixels: Pixels, truth: Truth) -> FlatPage:
    return rectify(delivered(pixels, truth), SETTINGS)


def worst_overlap(found: tuple[CaseBox, ...], flat: FlatPage, truth: Truth) -> float:
    """Of the cases in reading order, each with the proposal of the same place in the order."""
    return min(overlap(a, b.box) for a, b in zip(cases_on_flat(flat, truth), found, strict=True))


@pytest.mark.parametrize(
    ("layout", "steps"),
    [
        ("form", []), ("halves", ["skew", "border"]), ("table", ["skew"]), ("table", ["torn", "border"]),
        ("opening_forms", ["gutter"]), ("opening_tables", []), ("facing_rows", ["skew"]), ("faint", []), ("phone", []),
    ],
)  # fmt: skip
def test_every_case_of_a_printed_page_is_found_in_reading_order(
    layout: str, steps: list[str], page_fonts: FontBook
) -> None:
    pixels, truth = make_page(layout, "split-1", DPI, page_fonts, steps=steps)
    flat = flattened(pixels, truth)
    found = propose_cases(flat, SETTINGS)
    assert len(found) == len(truth.cases)
    assert worst_overlap(found, flat, truth) > 0.95


def test_rows_ruled_by_hand_are_found_nearly_as_well(page_fonts: FontBook) -> None:
    pixels, truth = make_page("hand_ruled", "split-2", DPI, page_fonts, steps=["skew"])
    flat = flattened(pixels, truth)
    found = propose_cases(flat, SETTINGS)
    assert len(found) == len(truth.cases)
    assert worst_overlap(found, flat, truth) > 0.88


def test_each_row_carries_the_strip_of_column_titles(page_fonts: FontBook) -> None:
    pixels, truth = make_page("table", "split-3", DPI, page_fonts)
    flat = flattened(pixels, truth)
    found = propose_cases(flat, SETTINGS)
    assert truth.cases[0].header is not None
    titles = box_on_flat(truth.cases[0].header, flat, truth)
    assert all(case.header is not None and overlap(case.header, titles) > 0.9 for case in found)


def test_whether_rows_run_over_both_pages_is_for_the_officer_to_say(page_fonts: FontBook) -> None:
    pixels, truth = make_page("facing_rows", "split-4", DPI, page_fonts)
    flat = flattened(pixels, truth)
    by_itself = propose_cases(flat, SETTINGS)
    apart = propose_cases(flat, SETTINGS, over_both_pages=False)
    assert len(by_itself) == len(truth.cases)
    assert len(apart) == 2 * len(truth.cases)
    pixels, truth = make_page("opening_tables", "split-4", DPI, page_fonts)
    flat = flattened(pixels, truth)
    assert len(propose_cases(flat, SETTINGS)) == 28
    assert len(propose_cases(flat, SETTINGS, over_both_pages=True)) == 14


def test_lines_of_school_paper_make_no_table() -> None:
    pixels = numpy.full((1754, 1240, 3), 235, numpy.uint8)
    for y in range(130, 1700, 47):
        pixels[y : y + 2] = (120, 150, 215)
    pixels[:, 180:183] = (220, 90, 90)
    found = propose_cases(FlatPage(pixels, 150.0, numpy.eye(3)), SETTINGS)
    assert found == (CaseBox((0.0, 0.0, 1240.0, 1754.0)),)


@pytest.mark.parametrize("rows", [3, 7, 22])
@pytest.mark.parametrize("titles", [True, False])
def test_tables_of_other_shapes_are_split_too(rows: int, titles: bool) -> None:
    pixels = numpy.full((1654, 2339, 3), 240, numpy.uint8)
    top, bottom, left, right = 100, 1560, 90, 2250
    first = round(top + 0.6 * (bottom - top) / rows) if titles else top
    places = [top, *(round(first + (bottom - first) * i / rows) for i in range(0 if titles else 1, rows + 1))]
    for y in places:
        pixels[y - 1 : y + 2, left:right] = 60
    for share in (0, 0.08, 0.3, 0.45, 0.85, 1):
        x = round(left + (right - left) * share)
        pixels[top:bottom, x - 1 : x + 2] = 60
    found = propose_cases(FlatPage(pixels, 200.0, numpy.eye(3)), SETTINGS)
    assert len(found) == rows
    assert all((case.header is not None) is titles for case in found)


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (40, 30), (300, 200)])
def test_a_page_without_ruling_is_one_case(shape: tuple[int, int]) -> None:
    page = FlatPage(numpy.full((*shape, 3), 240, numpy.uint8), 150.0, numpy.eye(3))
    assert [case.box for case in propose_cases(page, SETTINGS)] == [(0.0, 0.0, float(shape[1]), float(shape[0]))]
