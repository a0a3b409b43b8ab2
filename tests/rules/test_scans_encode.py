"""The race: one legible PDF within the budget, or a refusal; the same bytes for the same picture."""

from __future__ import annotations

import io
from dataclasses import replace

import cv2
import numpy
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from register_pages import make_page, make_sheets

from hotich.scans import pdfa
from hotich.scans.encode import encode_case
from hotich.scans.messages import MESSAGES
from hotich.scans.settings import ScanSettings

SETTINGS = ScanSettings()
DPI = 200


@pytest.fixture(scope="module")
def form(page_fonts):
    return make_page("form", "encode-1", DPI, page_fonts)[0]


@pytest.fixture(scope="module")
def encoded_form(form):
    return encode_case([form], DPI, SETTINGS, title="KS.2010.01.001")


def pictures_of(pdf):
    """Every picture of the PDF, masks included."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [thing for thing in opened.objects if isinstance(thing, pikepdf.Stream)]
        return [(str(one.Filter), one.read_raw_bytes()) for one in streams if one.get("/Subtype") == "/Image"]


def seen(pdf, index=0, dpi=DPI):
    return pypdfium2.PdfDocument(pdf)[index].render(scale=dpi / 72).to_numpy()[..., :3][..., ::-1]


def test_a_form_passes_within_the_budget_in_colour(encoded_form):
    case = encoded_form
    assert (case.verdict, case.reason) == ("pass", "")
    assert case.size == len(case.pdf) <= SETTINGS.budget
    assert case.method == "colour" and case.dpi >= SETTINGS.contone_enough_dpi
    assert case.gate.quality >= SETTINGS.contone_lowest_quality
    assert pdfa.faults_of(case.pdf) == []


def test_the_red_of_a_stamp_is_still_red(encoded_form, form):
    red = (form[..., 0].astype(int) - form[..., 1] > 90) & (form[..., 2] < 150)
    picture = cv2.resize(numpy.ascontiguousarray(seen(encoded_form.pdf)), form.shape[1::-1])
    assert red.sum() > 500
    stamp = picture[red].mean(axis=0)
    assert stamp[0] - stamp[1] > 60


def test_the_same_picture_gives_the_same_bytes(encoded_form, form):
    assert encode_case([form.copy()], DPI, SETTINGS, title="KS.2010.01.001").pdf == encoded_form.pdf


def test_nothing_of_the_delivered_file_is_carried_over(form):
    exif = Image.Exif()
    exif[0x010F], exif[0x0131] = "Hang may anh", "Phan mem rieng"
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 42.0)
    out = io.BytesIO()
    Image.fromarray(form[:400]).save(out, "JPEG", exif=exif, quality=90)
    picture = numpy.asarray(Image.open(out).convert("RGB"))
    pdf = encode_case([picture], DPI, SETTINGS, title="x").pdf
    assert b"Hang may anh" in out.getvalue()
    for _, data in pictures_of(pdf):
        assert not any(word in data for word in (b"Exif", b"Hang may anh", b"GPS", b"http://ns.adobe.com"))


def test_only_codings_that_change_no_letter_are_used(form, encoded_form):
    layers = encode_case([form], DPI, replace(SETTINGS, contone_dpi=()), title="x")
    filters = {name for pdf in (encoded_form.pdf, layers.pdf) for name, _ in pictures_of(pdf)}
    assert filters == {"/DCTDecode", "/CCITTFaxDecode"}


def test_a_page_without_colour_becomes_gray(page_fonts):
    page = make_page("form", "encode-2", DPI, page_fonts)[0][:900]
    gray = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)[..., None].repeat(3, axis=2)
    case = encode_case([gray], DPI, SETTINGS, title="x")
    assert case.method == "gray" and case.verdict == "pass"
    assert [Image.open(io.BytesIO(data)).mode for _, data in pictures_of(case.pdf)] == ["L"]


def test_several_sheets_share_one_budget_and_keep_their_sizes(page_fonts):
    sheets = [pixels for pixels, _ in make_sheets("encode-3", DPI, page_fonts)]
    sheets[1] = numpy.ascontiguousarray(sheets[1][:1200])
    case = encode_case(sheets, DPI, SETTINGS, title="x")
    assert case.size <= SETTINGS.budget and case.gate.pages == 2 and case.verdict == "pass"
    with pikepdf.open(io.BytesIO(case.pdf)) as opened:
        for sheet, page in zip(sheets, opened.pages, strict=True):
            box = [float(value) for value in page.mediabox]
            assert box[2:] == pytest.approx([sheet.shape[1] * 72 / DPI, sheet.shape[0] * 72 / DPI], abs=0.1)


def test_a_dense_opening_not_split_becomes_layered_with_a_fine_mask_or_is_refused(page_fonts):
    page = make_page("opening_tables", "encode-4", DPI, page_fonts)[0]
    case = encode_case([page], DPI, SETTINGS, title="x")
    assert case.size <= SETTINGS.budget
    assert (case.method == "layered" and case.dpi >= SETTINGS.mask_lowest_dpi) or case.verdict == "refuse"


@pytest.mark.parametrize("only_layers", [False, True], ids=["contone", "layered"])
def test_faint_ink_survives_both_kinds(page_fonts, only_layers):
    page = make_page("faint", "encode-5", DPI, page_fonts)[0][:1100]
    rules = replace(SETTINGS, contone_dpi=()) if only_layers else SETTINGS
    case = encode_case([page], DPI, rules, title="x")
    assert (case.method == "layered") is only_layers
    assert case.gate.missed_ink < 0.05
    assert case.verdict != "refuse"


def test_what_cannot_fit_is_refused_with_its_reason_and_a_pdf_to_look_at(form):
    case = encode_case([form], DPI, replace(SETTINGS, budget=14_000), title="x")
    assert (case.verdict, case.reason) == ("refuse", "encode_nothing_fits")
    assert case.size <= 14_000
    assert seen(case.pdf).std() > 5


def test_a_budget_that_no_pdf_meets_is_a_refusal_not_an_error(form):
    case = encode_case([form[:200, :200]], DPI, replace(SETTINGS, budget=300), title="x")
    assert (case.verdict, case.reason) == ("refuse", "encode_nothing_fits")
    assert "gate_over_budget" in [finding.code for finding in case.gate.findings]


def test_every_reason_has_its_text(form):
    case = encode_case([form], DPI, replace(SETTINGS, budget=3_000), title="x")
    for finding in case.gate.findings:
        assert MESSAGES[finding.code].format(**finding.params)


def _drawn(kind, height, width, seed):
    rng = numpy.random.default_rng(seed)
    if kind == "noise":
        return rng.integers(0, 256, (height, width, 3), dtype=numpy.uint8)
    if kind == "flat":
        return numpy.full((height, width, 3), rng.integers(0, 256), numpy.uint8)
    slope = numpy.linspace(0, 255, width)[None, :, None] * numpy.ones((height, 1, 3))
    picture = slope.astype(numpy.uint8)
    for _ in range(30):
        ends = [(int(rng.integers(width)), int(rng.integers(height))) for _ in range(2)]
        cv2.line(picture, *ends, [int(value) for value in rng.integers(0, 256, 3)], int(rng.integers(1, 5)))
    return picture


@given(
    kind=st.sampled_from(["noise", "flat", "drawing"]),
    height=st.integers(1, 700),
    width=st.integers(1, 700),
    dpi=st.sampled_from([72.0, 150.0, 200.0, 299.7, 600.0]),
    budget=st.sampled_from([2_000, 8_000, 30_000, 100_000]),
    seed=st.integers(0, 9),
)
@settings(max_examples=40, deadline=None)
def test_any_picture_fits_or_is_refused(kind, height, width, dpi, budget, seed):
    case = encode_case([_drawn(kind, height, width, seed)], dpi, replace(SETTINGS, budget=budget), title="x")
    assert case.size == len(case.pdf)
    assert case.verdict == "refuse" or case.size <= budget
    assert case.size <= max(budget, 3_500)
    assert case.gate.pages == 1
    assert (case.reason == "") is (case.verdict == "pass")
