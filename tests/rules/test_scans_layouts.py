"""Boxes drawn on one page of a book are laid on its other pages by their rules; what does not fit is told."""

from __future__ import annotations

import json
from typing import Any

import cv2
import numpy
import pytest
from register_pages import FontBook, make_page, rescan
from scans_truth import cases_on_flat, delivered, overlap

from hotich.kernel.problems import RuleBroken
from hotich.scans.layouts import draw_layout, lay_layout
from hotich.scans.pages import CaseBox, FlatPage, PageImage
from hotich.scans.rectify import rectify
from hotich.scans.settings import ScanSettings

SETTINGS = ScanSettings()


DRAWN: dict[str, str] = {}  # by layout: made once, several tests lay it


def drawn(layout: str, fonts: FontBook) -> dict[str, Any]:
    """A drawing as it comes back from the database."""
    if layout not in DRAWN:
        pixels, truth = make_page(layout, "layout-drawn", 150, fonts)
        flat = rectify(delivered(pixels, truth), SETTINGS)
        boxes = [CaseBox(box) for box in cases_on_flat(flat, truth)]
        DRAWN[layout] = json.dumps(draw_layout(flat, boxes, SETTINGS))
    stored: dict[str, Any] = json.loads(DRAWN[layout])
    return stored


@pytest.mark.parametrize(
    ("layout", "dpi", "steps", "photo"),
    [
        ("table", 200, ["skew", "border"], None), ("table", 150, ["torn"], None), ("table", 150, [], (1512, 2016)),
        ("form", 150, ["torn", "skew"], None), ("facing_rows", 150, ["border"], None),
    ],
)  # fmt: skip
def test_boxes_land_on_other_pages_of_the_book(
    layout: str, dpi: int, steps: list[str], photo: tuple[int, int] | None, page_fonts: FontBook
) -> None:
    pixels, truth = make_page(layout, "layout-other", dpi, page_fonts, steps=steps, photo_size=photo)
    flat = rectify(delivered(pixels, truth), SETTINGS)
    boxes, fit = lay_layout(drawn(layout, page_fonts), flat, SETTINGS)
    assert fit >= SETTINGS.layout_fit
    assert min(overlap(a, b.box) for a, b in zip(cases_on_flat(flat, truth), boxes, strict=True)) > 0.95


def test_a_page_cut_off_at_its_edges_is_still_recognised(page_fonts: FontBook) -> None:
    pixels, _ = make_page("table", "layout-cut", 150, page_fonts)
    part = numpy.ascontiguousarray(rescan(pixels, "layout-cut")[120:-30, 20:-90])
    flat = rectify(PageImage(part, 150.0, "x.jpg"), SETTINGS)
    boxes, fit = lay_layout(drawn("table", page_fonts), flat, SETTINGS)
    assert fit >= SETTINGS.layout_fit
    heights = [b.box[3] - b.box[1] for b in boxes[2:-2]]
    assert max(heights) - min(heights) < 3
    whole = rectify(PageImage(pixels, 150.0, "x.jpg"), SETTINGS)
    there, _ = lay_layout(drawn("table", page_fonts), whole, SETTINGS)
    assert boxes[4].box[3] - boxes[4].box[1] == pytest.approx(there[4].box[3] - there[4].box[1], rel=0.02)


@pytest.mark.parametrize("other", ["form", "hand_ruled", "opening_tables", "blank"])
def test_a_page_of_another_kind_does_not_fit(other: str, page_fonts: FontBook) -> None:
    pixels, truth = make_page(other, "layout-wrong", 150, page_fonts)
    _, fit = lay_layout(drawn("table", page_fonts), rectify(delivered(pixels, truth), SETTINGS), SETTINGS)
    assert fit < SETTINGS.layout_fit


def test_a_page_without_ruling_goes_by_the_edges_of_the_sheet_and_is_looked_at() -> None:
    plain = numpy.full((1754, 1240, 3), 238, numpy.uint8)
    drawing = draw_layout(FlatPage(plain, 150.0, numpy.eye(3)), [CaseBox((100.0, 200.0, 1100.0, 800.0))], SETTINGS)
    larger = cv2.resize(plain, (2480, 3508))
    boxes, fit = lay_layout(drawing, FlatPage(numpy.asarray(larger, numpy.uint8), 300.0, numpy.eye(3)), SETTINGS)
    assert boxes[0].box == pytest.approx((200.0, 400.0, 2200.0, 1600.0), abs=3)
    assert 0.5 < fit < SETTINGS.layout_fit


def test_a_layout_needs_boxes_and_a_known_shape() -> None:
    page = FlatPage(numpy.full((300, 200, 3), 238, numpy.uint8), 150.0, numpy.eye(3))
    with pytest.raises(RuleBroken) as refusal:
        draw_layout(page, [], SETTINGS)
    assert refusal.value.code == "layout_without_boxes"
    with pytest.raises(RuleBroken) as refusal:
        lay_layout({"version": 99, "boxes": []}, page, SETTINGS)
    assert refusal.value.code == "layout_unreadable"
