"""The PDF of a case: PDF/A-2b, made from pixels alone, the same bytes every time."""

from __future__ import annotations

import io

import numpy
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageCms

from hotich.scans import icc, pdfa
from hotich.scans.encode.jpeg import group4, jpeg


def a_picture(width=200, height=120, colour=(250, 250, 250)):
    picture = numpy.empty((height, width, 3), numpy.uint8)
    picture[:] = colour
    return picture


def contone_sheet(width=200, height=120, *, gray=False):
    return pdfa.Sheet(width * 0.5, height * 0.5, jpeg(a_picture(width, height), 60, gray=gray))


def layered_sheet():
    ink = numpy.zeros((240, 400), numpy.uint8)
    ink[40:80, 100:300] = 1
    return pdfa.Sheet(100.0, 60.0, jpeg(a_picture(), 60), jpeg(a_picture(40, 24, (200, 20, 30)), 80), group4(ink))


def seen(pdf, index=0, scale=2.0):
    document = pypdfium2.PdfDocument(pdf)
    return document[index].render(scale=scale).to_numpy()[..., :3][..., ::-1]


@pytest.mark.parametrize(
    "sheets",
    [[contone_sheet()], [contone_sheet(gray=True)], [layered_sheet()], [contone_sheet(), layered_sheet()]],
    ids=["colour", "gray", "layered", "two sheets"],
)
def test_every_kind_of_pdf_conforms_to_pdf_a_2b(sheets):
    pdf = pdfa.write_pdf(sheets, "KS.2010.01.001")
    assert pdfa.faults_of(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == len(sheets)
        assert opened.open_metadata()["pdfaid:part"] == "2"


def test_the_checker_tells_what_is_no_pdf_a():
    with pikepdf.open(io.BytesIO(pdfa.write_pdf([contone_sheet()], "x"))) as opened:
        del opened.Root.OutputIntents
        out = io.BytesIO()
        opened.save(out)
    assert pdfa.faults_of(out.getvalue())
    assert pdfa.faults_of(b"%PDF-1.7 nothing of the kind")


@pytest.mark.parametrize("title", ["KS.2010.01.001", "Sổ <Khai sinh> & 'Kết hôn' \"2010\"", "a\x00b\nc\ud800"[:4], ""])
def test_the_title_stands_in_the_metadata_whatever_letters_it_has(title):
    pdf = pdfa.write_pdf([contone_sheet()], title)
    assert pdfa.faults_of(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = opened.open_metadata().get("dc:title")
    assert (found or "").split() == title.replace("\x00", " ").split()


def test_same_input_gives_the_same_bytes_and_another_input_another_id():
    first, again = (pdfa.write_pdf([layered_sheet()], "one") for _ in range(2))
    assert first == again
    ids = [
        str(pikepdf.open(io.BytesIO(pdf)).trailer.ID[0]) for pdf in (first, pdfa.write_pdf([layered_sheet()], "two"))
    ]
    assert ids[0] != ids[1]


def test_no_date_program_or_person_is_in_it():
    with pikepdf.open(io.BytesIO(pdfa.write_pdf([contone_sheet()], "x"))) as opened:
        assert "/Info" not in opened.trailer or not len(opened.trailer.Info)
        packet = opened.Root.Metadata.read_bytes()
    assert not any(word in packet for word in (b"Date", b"Producer", b"Creator", b"creator"))


def test_ink_is_painted_where_the_mask_says_ink_and_nowhere_else():
    picture = seen(pdfa.write_pdf([layered_sheet()], "x"), scale=4.0)
    assert picture.shape[:2] == (240, 400)
    inside, outside = picture[50:70, 120:280].reshape(-1, 3).mean(axis=0), picture[150:220].reshape(-1, 3).mean(axis=0)
    assert inside[0] > 180 and inside[1] < 50
    assert outside.min() > 240


def test_a_mask_comes_back_bit_for_bit():
    """Group 4 is lossless: no letter can become another."""
    ink = (numpy.random.default_rng(3).random((77, 101)) < 0.2).astype(numpy.uint8)
    sheet = pdfa.Sheet(
        101.0, 77.0, jpeg(a_picture(101, 77, (255, 255, 255)), 90), jpeg(a_picture(8, 8, (0, 0, 0)), 90), group4(ink)
    )
    picture = seen(pdfa.write_pdf([sheet], "x"), scale=1.0)
    assert ((picture.mean(axis=2) < 128).astype(numpy.uint8) == ink).all()


def test_pages_have_the_size_of_the_paper():
    with pikepdf.open(io.BytesIO(pdfa.write_pdf([contone_sheet(2480, 3508)], "x"))) as opened:
        assert [float(value) for value in opened.pages[0].mediabox] == [0, 0, 1240, 1754]


def test_the_colour_profile_is_one_a_colour_library_reads_as_srgb():
    ours, theirs = ImageCms.ImageCmsProfile(io.BytesIO(icc.srgb())), ImageCms.createProfile("sRGB")
    change = ImageCms.buildTransform(ours, theirs, "RGB", "RGB")
    ramp = numpy.random.default_rng(5).integers(0, 256, (16, 16, 3), dtype=numpy.uint8)
    changed = numpy.asarray(ImageCms.applyTransform(Image.fromarray(ramp), change))
    assert numpy.abs(changed.astype(int) - ramp).max() <= 2
    assert len(icc.srgb()) < 700
