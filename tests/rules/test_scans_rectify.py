"""Pages as scanners and phones deliver them become flat: the sheet alone, upright, level."""

from __future__ import annotations

import cv2
import numpy
import pytest
from register_pages import FontBook, make_page
from scans_truth import delivered, edges_off_mm, lean, moved

from hotich.kernel.problems import RuleBroken
from hotich.scans.messages import MESSAGES
from hotich.scans.pages import FlatPage, PageImage
from hotich.scans.rectify import rectify
from hotich.scans.settings import ScanSettings

SETTINGS = ScanSettings()
DPI = 150


def codes(flat: FlatPage) -> set[str]:
    return {finding.code for finding in flat.findings}


@pytest.mark.parametrize(
    ("layout", "steps"),
    [("table", ["skew", "border"]), ("form", ["border", "skew"]), ("faint", ["skew"]), ("opening_forms", ["border"])],
)
def test_a_page_laid_askew_in_a_black_border_becomes_level_and_the_border_goes(
    layout: str, steps: list[str], page_fonts: FontBook
) -> None:
    pixels, truth = make_page(layout, "rectify-1", DPI, page_fonts, steps=steps)
    flat = rectify(delivered(pixels, truth), SETTINGS)
    assert lean(flat, truth) < 0.1
    assert edges_off_mm(flat, truth) < 1.0
    assert flat.skew == pytest.approx(truth.skew, abs=0.1)
    assert not codes(flat)


@pytest.mark.parametrize("step", ["upside_down", "sideways"])
@pytest.mark.parametrize("layout", ["form", "table"])
def test_a_page_laid_the_wrong_way_up_is_turned(layout: str, step: str, page_fonts: FontBook) -> None:
    pixels, truth = make_page(layout, "rectify-2", DPI, page_fonts, steps=[step])
    flat = rectify(delivered(pixels, truth), SETTINGS)
    assert (flat.turned + truth.turned) % 360 == 0
    assert lean(flat, truth) < 0.2
    assert "turn_unsure" not in codes(flat)


def test_a_page_that_does_not_show_its_way_up_is_left_to_an_officer(page_fonts: FontBook) -> None:
    pixels, truth = make_page("blank", "rectify-3", DPI, page_fonts, steps=["upside_down"])
    assert "turn_unsure" in codes(rectify(delivered(pixels, truth), SETTINGS))


def test_an_officers_turn_stands_whatever_the_page_shows(page_fonts: FontBook) -> None:
    pixels, truth = make_page("form", "rectify-4", DPI, page_fonts)
    flat = rectify(delivered(pixels, truth), SETTINGS, turned=180)
    assert flat.turned == 180
    assert numpy.array_equal(flat.pixels, pixels[::-1, ::-1])


def test_a_straight_page_is_not_interpolated(page_fonts: FontBook) -> None:
    pixels, truth = make_page("table", "rectify-5", DPI, page_fonts)
    flat = rectify(delivered(pixels, truth), SETTINGS)
    assert numpy.array_equal(flat.pixels, pixels)
    assert numpy.allclose(flat.to_flat, numpy.eye(3))
    assert flat.dpi == DPI


@pytest.mark.parametrize("steps", [[], ["upside_down"], ["torn"]])
def test_a_photo_of_a_sheet_on_a_desk_becomes_the_sheet(steps: list[str], page_fonts: FontBook) -> None:
    pixels, truth = make_page("phone", "rectify-6", DPI, page_fonts, steps=steps)
    flat = rectify(delivered(pixels, truth), SETTINGS)
    assert flat.is_photo
    assert lean(flat, truth) < 0.15
    assert edges_off_mm(flat, truth) < 1.0
    assert flat.dpi == pytest.approx(max(flat.pixels.shape) / 11.69, rel=0.01)


def test_a_photo_that_shows_only_paper_is_straightened_by_its_rules(page_fonts: FontBook) -> None:
    pixels, truth = make_page("table", "rectify-7", DPI, page_fonts, photo_size=(1512, 2016))
    sheet = moved(
        [(0, 0), (truth.page_size[0], 0), truth.page_size, (0, truth.page_size[1])], numpy.linalg.inv(truth.to_page)
    )
    left, top = (int(v) + 12 for v in numpy.maximum(sheet[0], [sheet[3][0], sheet[1][1]]))
    right, bottom = (int(v) - 12 for v in numpy.minimum(sheet[2], [sheet[1][0], sheet[3][1]]))
    part = numpy.ascontiguousarray(pixels[top:bottom, left:right])
    flat = rectify(PageImage(part, None, "x.jpg"), SETTINGS)
    shift = numpy.array([[1, 0, left], [0, 1, top], [0, 0, 1.0]])
    frame = moved(
        [(v * DPI / 300, w * DPI / 300) for v, w in ((120, 120), (2360, 120), (2360, 3388), (120, 3388))],
        flat.to_flat @ numpy.linalg.inv(shift) @ numpy.linalg.inv(truth.to_page),
    )
    assert flat.is_photo
    for start, end in ((0, 1), (3, 2)):
        x, y = frame[end] - frame[start]
        assert abs(y / x) < 0.004  # a quarter of a degree
    for start, end in ((0, 3), (1, 2)):
        x, y = frame[end] - frame[start]
        assert abs(x / y) < 0.004


def test_corners_marked_by_an_officer_are_taken_in_any_order(page_fonts: FontBook) -> None:
    pixels, truth = make_page("phone", "rectify-8", DPI, page_fonts)
    width, height = truth.page_size
    sheet = moved([(width, height), (0, 0), (0, height), (width, 0)], numpy.linalg.inv(truth.to_page))
    flat = rectify(delivered(pixels, truth), SETTINGS, corners=[(float(x), float(y)) for x, y in sheet])
    assert edges_off_mm(flat, truth) < 0.6


@pytest.mark.parametrize("corners", [[(10.0, 10.0)] * 4, [(0.0, 0.0), (50.0, 50.0), (100.0, 100.0), (150.0, 150.0)]])
def test_corners_that_make_no_sheet_are_refused(corners: list[tuple[float, float]]) -> None:
    page = PageImage(numpy.full((300, 200, 3), 230, numpy.uint8), 150.0, "x.png")
    with pytest.raises(RuleBroken) as refusal:
        rectify(page, SETTINGS, corners=corners)
    assert refusal.value.code == "corners_unusable"


def test_a_curved_page_is_told_and_the_fold_in_its_middle_cuts_nothing_off(page_fonts: FontBook) -> None:
    pixels, truth = make_page("table", "rectify-9", DPI, page_fonts, steps=["fold", "curl"])
    flat = rectify(delivered(pixels, truth), SETTINGS)
    assert "page_curved" in codes(flat)
    assert edges_off_mm(flat, truth) < 2.0


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (40, 30), (900, 3)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_nothing_of_any_shape_or_shade_makes_it_fail(shape: tuple[int, int], level: int) -> None:
    flat = rectify(PageImage(numpy.full((*shape, 3), level, numpy.uint8), None, "x.png"), SETTINGS)
    assert min(flat.pixels.shape[:2]) >= 1
    assert flat.dpi > 0


def test_noise_is_no_page_but_gives_one_with_findings() -> None:
    noise = numpy.random.default_rng(7).integers(0, 255, (700, 500, 3)).astype(numpy.uint8)
    flat = rectify(PageImage(cv2.GaussianBlur(noise, (0, 0), 1.0), None, "x.png"), SETTINGS)
    assert codes(flat)
    assert codes(flat) <= set(MESSAGES)
