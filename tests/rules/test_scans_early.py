"""What cannot become legible is seen early, what is sound is left alone."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy
import pytest
from register_pages import FontBook, make_page

from hotich.scans.early import look_over
from hotich.scans.messages import MESSAGES
from hotich.scans.pages import Finding, PageImage, Pixels
from hotich.scans.settings import ScanSettings

SETTINGS = ScanSettings()
DPI = 200


def findings(pixels: Pixels, dpi: float | None = DPI, paper: str = "") -> dict[str, Finding]:
    found = look_over(PageImage(pixels, dpi, "trang.jpg"), SETTINGS, paper=paper)
    for finding in found:
        assert "{" not in MESSAGES[finding.code].format(**finding.params)
    return {finding.code: finding for finding in found}


@pytest.fixture(scope="module")
def form(page_fonts: FontBook) -> Pixels:
    return make_page("form", 1, DPI, page_fonts)[0]


@pytest.mark.parametrize(
    ("layout", "steps"),
    [("form", ["border"]), ("form", ["fold"]), ("table", ["skew"]), ("table", ["torn"]), ("faint", []), ("phone", [])],
)
def test_sound_pages_are_left_alone(page_fonts: FontBook, layout: str, steps: list[str]) -> None:
    pixels, truth = make_page(layout, 5, DPI, page_fonts, steps=steps)
    if truth.is_photo:
        assert set(findings(pixels, None)) <= {"resolution_unknown", "page_soft"}
    else:
        assert findings(pixels) == {}


@pytest.mark.parametrize("layout", ["form", "faint"])
def test_a_soft_scan_is_told_from_faint_ink(page_fonts: FontBook, layout: str) -> None:
    sharp = make_page(layout, 2, DPI, page_fonts)[0]
    assert findings(sharp) == {}
    blurred = cv2.GaussianBlur(sharp, (0, 0), 0.32 / 25.4 * DPI)
    found = findings(blurred)["page_blurred"]
    assert found.severity == "refuse"
    assert found.params["blur"] > SETTINGS.blur_refuse
    soft = findings(cv2.GaussianBlur(sharp, (0, 0), 0.21 / 25.4 * DPI))["page_soft"]
    assert soft.severity == "review"


def test_too_few_dots_an_inch_are_refused_and_rather_few_looked_at(form: Pixels) -> None:
    half = cv2.resize(form, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    refused = findings(half, 100)["resolution_low"]
    assert (refused.severity, refused.params["dpi"]) == ("refuse", 100)
    some = cv2.resize(form, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    assert findings(some, 160)["resolution_doubtful"].severity == "review"


def test_known_paper_goes_before_a_tag_that_lies(form: Pixels) -> None:
    half = cv2.resize(form, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert findings(half, 300, "A4")["resolution_low"].params["dpi"] == pytest.approx(100, abs=2)
    assert findings(form, 300, "A3")["resolution_doubtful"].params["dpi"] == pytest.approx(141, abs=3)
    assert "resolution_low" not in findings(form, None, "A4")


def test_the_resolution_of_a_photo_is_that_of_its_sheet(page_fonts: FontBook) -> None:
    photo, _ = make_page("form", 3, DPI, page_fonts, photo_size=(1000, 1333))
    low = findings(photo, None, "A4")["resolution_low"]
    assert 80 < low.params["dpi"] < 110  # 1,333 pixels, of which the sheet has some 1,130


def test_without_tag_and_paper_a_doubtful_page_is_looked_at(form: Pixels) -> None:
    some = cv2.resize(form, None, fx=0.85, fy=0.85, interpolation=cv2.INTER_AREA)
    assert "resolution_unknown" in findings(some, None)


@pytest.mark.parametrize("steps", [[], ["border"], ["skew"]])
def test_an_empty_page_is_counted_not_refused(page_fonts: FontBook, steps: list[str]) -> None:
    pixels, _ = make_page("blank", 4, DPI, page_fonts, steps=steps)
    found = findings(pixels)
    assert list(found) == ["page_blank"]
    assert found["page_blank"].severity == "review"


def test_a_ruled_page_nobody_wrote_on_has_a_code_of_its_own(page_fonts: FontBook) -> None:
    empty, _ = make_page("blank_table", 4, DPI, page_fonts)
    assert list(findings(empty)) == ["form_unwritten"]


def test_glare_and_black_shadow_are_seen(form: Pixels) -> None:
    glare = form.copy()
    glare[200:1500, 100:1100] = 255
    assert "clipped_light" in findings(glare)
    dark = form.copy()
    dark[300:2200, 300:1300] = 3
    assert findings(dark)["clipped_dark"].severity == "refuse"


def test_white_paper_of_a_cleaned_scan_is_no_glare(form: Pixels) -> None:
    gray = cv2.cvtColor(form, cv2.COLOR_RGB2GRAY)
    clean = numpy.where(gray > 140, 255, gray).astype(numpy.uint8)
    assert "clipped_light" not in findings(numpy.dstack([clean] * 3))


def test_a_page_cut_through_its_writing_says_at_which_side(form: Pixels) -> None:
    cut = numpy.ascontiguousarray(form[:, : form.shape[1] // 2])
    found = findings(cut)["page_cut_off"]
    assert (found.severity, found.params["sides"]) == ("review", "phải")


def test_thresholds_are_those_of_the_installation(form: Pixels) -> None:
    strict = replace(SETTINGS, lowest_dpi=300)
    codes = [finding.code for finding in look_over(PageImage(form, DPI, ""), strict)]
    assert codes == ["resolution_low"]


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (500, 2), (40, 40)])
def test_pictures_far_too_small_do_no_harm(size: tuple[int, int]) -> None:
    for value in (0, 128, 255):
        assert findings(numpy.full((*size, 3), value, numpy.uint8), None)
