"""The picture of a case is laid out like the PDF of the case: held against the code that cuts the PDF."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

from hotich.keying.rules.pictures import GAP, MOST_PIXELS, WIDE, PageSize, plan_page, plan_picture
from hotich.scans.cut import cut_case
from hotich.scans.pages import CaseBox, FlatPage
from hotich.scans.settings import ScanSettings
from hotich.scans.steps import flat_page

MARGIN = ScanSettings().cut_margin_mm
BOX, HEADER, APART = [100.0, 300.0, 1100.0, 500.0], [100.0, 200.0, 1100.0, 300.0], [100.0, 40.0, 1100.0, 140.0]


def flat(width: int, height: int, dpi: float) -> FlatPage:
    import cv2

    pixels = numpy.full((height, width, 3), 240, numpy.uint8)
    return flat_page(cv2.imencode(".jpg", pixels)[1].tobytes(), dpi)


def part(page: str, box: list[float], header: list[float] | None = None) -> dict[str, Any]:
    return {"page": page, "box": box, "header": header}


def as_cut(parts: list[dict[str, Any]], pages: dict[str, PageSize]) -> list[tuple[int, int]]:
    """Width and height of each sheet as the PDF has it, before it is made smaller."""
    flats = {name: flat(size.width, size.height, size.dpi) for name, size in pages.items()}
    made = cut_case([
        (flats[each["page"]], CaseBox(tuple(each["box"]), tuple(each["header"]) if each["header"] else None))
        for each in parts
    ])  # fmt: skip
    return [(sheet.shape[1], sheet.shape[0]) for sheet in made]


PAGE = {"a": PageSize(1240, 1754, 150.0), "b": PageSize(1240, 1754, 150.0)}
SHAPES = {
    "a form": [part("a", BOX)],
    "a row under its titles": [part("a", BOX, HEADER)],
    "a row far from its titles": [part("a", BOX, APART)],
    "two halves of a row on facing pages": [part("a", BOX, HEADER), part("b", BOX, HEADER)],
    "two sheets": [part("a", [100.0, 200.0, 900.0, 1500.0]), part("b", [100.0, 200.0, 900.0, 1500.0])],
    "a box at the edge": [part("a", [0.0, 0.0, 1240.0, 900.0])],
}


@pytest.mark.parametrize("name", SHAPES)
def test_sheets_are_as_large_as_those_of_the_pdf(name: str) -> None:
    parts = SHAPES[name]
    plan = plan_picture(parts, PAGE, margin_mm=MARGIN, wide=5000)
    assert plan is not None
    cut = as_cut(parts, PAGE)
    assert len(plan.sheets) == len(cut)
    shrink = min(1.0, plan.width / max(width for width, _ in cut))
    assert plan.width == pytest.approx(max(width for width, _ in cut) * shrink, abs=2)
    tops = [0, *(end + GAP for end in plan.sheets[:-1])]
    for (_, height), top, end in zip(cut, tops, plan.sheets, strict=True):
        assert end - top == pytest.approx(height * shrink, abs=2)


def test_pieces_lie_on_the_picture_and_keep_their_shape() -> None:
    for parts in SHAPES.values():
        plan = plan_picture(parts, PAGE, margin_mm=MARGIN)
        assert plan is not None
        assert plan.width <= WIDE
        assert plan.width * plan.height <= MOST_PIXELS * 1.02
        for piece in plan.pieces:
            left, top, right, bottom = piece.place
            assert 0 <= left < right <= plan.width + 1
            assert 0 <= top < bottom <= plan.height + 1
            wide, high = piece.box[2] - piece.box[0], piece.box[3] - piece.box[1]
            assert (right - left) / wide == pytest.approx((bottom - top) / high, rel=0.05)


def test_pages_of_other_resolutions_are_brought_to_the_lowest() -> None:
    pages = {"a": PageSize(1240, 1754, 150.0), "b": PageSize(2480, 3508, 300.0)}
    twice = [value * 2 for value in BOX]
    plan = plan_picture([part("a", BOX), part("b", twice)], pages, margin_mm=MARGIN)
    assert plan is not None
    widths = [piece.place[2] - piece.place[0] for piece in plan.pieces]
    assert widths[0] == pytest.approx(widths[1], abs=2)


def test_a_case_with_a_page_that_is_not_ready_has_no_plan() -> None:
    assert plan_picture([part("a", BOX), part("x", BOX)], PAGE, margin_mm=MARGIN) is None
    assert plan_picture([], PAGE, margin_mm=MARGIN) is None


def test_a_whole_page_is_never_made_larger() -> None:
    plan = plan_page("a", PageSize(800, 1200, 100.0))
    assert (plan.width, plan.height, plan.sheets) == (800, 1200, (1200,))
