"""The gate: passes what is legible, refuses what is not – judged on the finished PDF, by whomever it was made."""

from __future__ import annotations

import io
from dataclasses import replace

import cv2
import numpy
import pikepdf
import pytest
from register_pages import make_page

from hotich.scans import pdfa
from hotich.scans.encode import encode_case
from hotich.scans.encode.jpeg import jpeg
from hotich.scans.gate import judge
from hotich.scans.gate.reading import facts_of
from hotich.scans.messages import MESSAGES
from hotich.scans.settings import ScanSettings

SETTINGS = ScanSettings()
DPI = 200


@pytest.fixture(scope="module")
def page(page_fonts):
    """Upper part of a form, with its truth."""
    pixels, truth = make_page("form", "gate-1", DPI, page_fonts)
    return numpy.ascontiguousarray(pixels[:1000]), [line for line in truth.lines if line.box[3] < 950]


def pdf_of(pixels, dpi=DPI, quality=75, points=None):
    """A contone PDF of a picture as it is: what any program might have made."""
    height, width = pixels.shape[:2]
    size = points or (width * 72 / dpi, height * 72 / dpi)
    return pdfa.write_pdf([pdfa.Sheet(*size, jpeg(pixels, quality))], "x")


def layered_pdf_of(pixels):
    case = encode_case([pixels], DPI, replace(SETTINGS, contone_dpi=()), title="x")
    assert case.method == "layered"
    return case.pdf


ROOMY = replace(SETTINGS, budget=10_000_000)


def verdict(pdf, page):
    report = judge(pdf, [page[0]], DPI, ROOMY)
    for finding in report.findings:
        assert MESSAGES[finding.code].format(**finding.params)
    return report.verdict, [finding.code for finding in report.findings]


def without(pixels, box):
    """The picture with paper where the box was."""
    left, top, right, bottom = (int(value) for value in box)
    erased = pixels.copy()
    erased[top:bottom, left:right] = numpy.median(pixels[top:bottom, left:right].reshape(-1, 3), axis=0)
    return erased


def a_written_line(page):
    return next(line.box for line in page[1] if line.kind == "hand" and line.box[2] - line.box[0] > 150)


def test_a_good_picture_passes_contone_and_layered(page):
    assert verdict(pdf_of(page[0]), page) == ("pass", [])
    assert verdict(layered_pdf_of(page[0]), page) == ("pass", [])


@pytest.mark.parametrize("blur", [1.5, 3.0, 5.0])
def test_a_blurred_page_is_refused(page, blur):
    blurred = cv2.GaussianBlur(page[0], (0, 0), blur)
    assert verdict(pdf_of(blurred), page)[0] == "refuse"


@pytest.mark.parametrize("make", [pdf_of, layered_pdf_of], ids=["contone", "layered"])
def test_an_erased_line_is_refused_though_the_rest_of_the_page_is_perfect(page, make):
    found, codes = verdict(make(without(page[0], a_written_line(page))), page)
    assert found == "refuse" and "gate_spot_missing" in codes


@pytest.mark.parametrize("make", [pdf_of, layered_pdf_of], ids=["contone", "layered"])
def test_one_erased_letter_does_not_pass(page, make):
    left, top, _, bottom = a_written_line(page)
    found, codes = verdict(make(without(page[0], (left + 4, top, left + 34, bottom))), page)
    assert found != "pass" and "gate_spot_missing" in codes


@pytest.mark.parametrize("make", [pdf_of, layered_pdf_of], ids=["contone", "layered"])
def test_pale_ink_that_is_gone_is_found_though_all_dark_ink_is_there(page_fonts, make):
    """A threshold that keeps print and loses pale writing: the very mistake of bilevel scans."""
    pixels = numpy.ascontiguousarray(make_page("faint", "gate-2", DPI, page_fonts)[0][:1000])
    dark = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) < 110
    paper = numpy.uint8(numpy.median(pixels.reshape(-1, 3), axis=0))
    thresholded = numpy.where(dark[..., None], pixels, paper)
    found, codes = verdict(make(thresholded), (pixels, []))
    assert found == "refuse" and "gate_ink_missing" in codes


def test_another_page_is_refused(page, page_fonts):
    other = make_page("form", "gate-3", DPI, page_fonts)[0][:1000]
    assert verdict(pdf_of(numpy.ascontiguousarray(other)), page)[0] == "refuse"


def test_an_empty_page_in_place_of_the_written_one_is_refused(page):
    assert verdict(pdf_of(numpy.full_like(page[0], 250)), page)[0] == "refuse"


def test_a_blank_original_is_never_passed_unseen():
    blank = numpy.full((800, 600, 3), 240, numpy.uint8)
    assert verdict(pdf_of(blank), (blank, [])) == ("review", ["gate_nothing_written"])


def test_width_and_height_swapped_is_refused(page):
    height, width = page[0].shape[:2]
    pdf = pdf_of(page[0], points=(height * 72 / DPI, width * 72 / DPI))
    assert verdict(pdf, page) == ("refuse", ["gate_page_size_differs"])


def test_a_page_too_many_or_too_few_is_refused(page):
    height, width = page[0].shape[:2]
    sheet = pdfa.Sheet(width * 72 / DPI, height * 72 / DPI, jpeg(page[0], 75))
    assert verdict(pdfa.write_pdf([sheet, sheet], "x"), page) == ("refuse", ["gate_pages_differ"])
    report = judge(pdfa.write_pdf([sheet], "x"), [page[0], page[0]], DPI, ROOMY)
    assert report.reason == "gate_pages_differ"


def test_a_byte_over_the_budget_is_refused(page):
    pdf = pdf_of(page[0])
    exact = judge(pdf, [page[0]], DPI, replace(SETTINGS, budget=len(pdf)))
    over = judge(pdf, [page[0]], DPI, replace(SETTINGS, budget=len(pdf) - 1))
    assert (exact.verdict, over.verdict, over.reason) == ("pass", "refuse", "gate_over_budget")


def test_what_is_no_pdf_a_is_refused_and_passes_where_that_is_not_asked(page):
    with pikepdf.open(io.BytesIO(pdf_of(page[0]))) as opened:
        del opened.Root.OutputIntents
        out = io.BytesIO()
        opened.save(out)
    assert verdict(out.getvalue(), page) == ("refuse", ["gate_not_archival"])
    assert judge(out.getvalue(), [page[0]], DPI, ROOMY, archival=False).verdict == "pass"


@pytest.mark.parametrize("content", [b"", b"no PDF at all", b"%PDF-1.7\n%%EOF"])
def test_what_does_not_open_is_refused(page, content):
    found, codes = verdict(content, page)
    assert found == "refuse" and "gate_not_rendered" in codes


def test_too_few_dots_are_refused_by_the_file_itself_not_by_what_anybody_says(page):
    small = cv2.resize(page[0], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found, codes = verdict(pdf_of(small, dpi=DPI / 2, quality=90), page)
    assert found == "refuse" and "gate_resolution_low" in codes


def test_too_coarse_a_jpeg_is_refused(page):
    found, codes = verdict(pdf_of(page[0], quality=20), page)
    assert found == "refuse" and "gate_quality_low" in codes


@pytest.mark.parametrize("quality", [25, 40, 50, 75, 92])
def test_quality_is_read_from_the_tables_of_the_file(page, quality):
    (facts,) = facts_of(pdf_of(page[0], quality=quality))
    assert abs(facts.quality - quality) <= 1
    assert facts.dpi == pytest.approx(DPI, abs=0.1)


def test_the_report_is_plain_json_with_its_figures(page):
    import json

    told = json.loads(json.dumps(judge(pdf_of(page[0]), [page[0]], DPI, ROOMY).as_json()))
    assert told["verdict"] == "pass" and told["pages"] == 1 and told["findings"] == []
    assert 0.9 < told["ssim"] <= 1 and told["missed_ink"] == 0 and told["score"] >= 1
