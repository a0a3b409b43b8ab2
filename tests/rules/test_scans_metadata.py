"""What is handed out tells nothing but the picture: planted places, names and devices go, not one pixel changes."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from hotich.kernel.problems import RuleBroken
from hotich.scans.metadata import find_metadata, without_metadata

SECRETS = (b"Samsung", b"Nguyen Van Chup", b"2026:03:04", b"GPSLatitude", b"Phuong Mot")


def picture() -> Image.Image:
    pixels = numpy.random.default_rng(5).integers(0, 255, (48, 64, 3), dtype=numpy.uint8)
    return Image.fromarray(pixels)


def planted(turn: int = 1) -> Image.Exif:
    """EXIF as a telephone writes it: place, owner, device, moment."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Samsung"
    exif[ExifTags.Base.Artist] = "Nguyen Van Chup"
    exif[ExifTags.Base.Orientation] = turn
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:03:04 08:00:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (11.0, 56.0, 30.25), 3: "E", 4: (108.0, 27.0, 1.5)})
    return exif


def saved(form: str, turn: int = 1, **more: Any) -> bytes:
    target = io.BytesIO()
    picture().save(target, form, exif=planted(turn), **more)
    return target.getvalue()


def pixels_of(content: bytes) -> Any:
    return numpy.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def without_secrets(content: bytes) -> None:
    assert [word for word in SECRETS if word in content] == []
    opened = Image.open(io.BytesIO(content))
    opened.load()
    exif = opened.getexif()
    assert not exif.get_ifd(ExifTags.IFD.GPSInfo)
    assert not exif.get_ifd(ExifTags.IFD.Exif)
    assert set(exif) <= {274, 282, 283, 296, *range(254, 280), 284, 317, 339}


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>11,56N</exif:GPSLatitude><dc:creator/></x:xmpmeta>"


def test_a_telephones_jpeg_loses_place_owner_device_and_moment_but_no_pixel_and_not_its_turn() -> None:
    content = saved("JPEG", turn=6, xmp=XMP, comment=b"Phuong Mot", dpi=(300, 300)) + b"\xff\xd8a film behind"
    assert find_metadata(content) == {"place", "person", "device", "time", "text"}
    copy, _ = without_metadata(content)
    without_secrets(copy)
    assert b"film" not in copy
    assert numpy.array_equal(pixels_of(copy), pixels_of(content))
    opened = Image.open(io.BytesIO(copy))
    assert opened.getexif()[274] == 6
    assert tuple(map(float, opened.info["dpi"])) == (300.0, 300.0)
    assert without_metadata(copy) == (copy, frozenset())


@pytest.mark.parametrize(
    "more", [{"progressive": True}, {"restart_marker_blocks": 1}, {"icc_profile": b"a profile" * 40}]
)
def test_every_kind_of_jpeg_keeps_its_coded_picture_and_its_colours(more: dict[str, Any]) -> None:
    content = saved("JPEG", **more)
    copy, _ = without_metadata(content)
    assert numpy.array_equal(pixels_of(copy), pixels_of(content))
    assert Image.open(io.BytesIO(copy)).info.get("icc_profile") == more.get("icc_profile")
    without_secrets(copy)


def test_a_cmyk_jpeg_of_a_scanner_keeps_the_mark_its_colours_depend_on() -> None:
    target = io.BytesIO()
    picture().convert("CMYK").save(target, "JPEG", exif=planted())
    copy, found = without_metadata(target.getvalue())
    assert "place" in found
    assert numpy.array_equal(pixels_of(copy), pixels_of(target.getvalue()))


def test_a_png_loses_texts_and_exif_but_no_pixel() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Nguyen Van Chup")
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    content = saved("PNG", turn=3, pnginfo=texts, dpi=(200, 200))
    assert {"place", "person", "device", "time"} <= find_metadata(content)
    copy, _ = without_metadata(content)
    without_secrets(copy)
    assert numpy.array_equal(pixels_of(copy), pixels_of(content))
    assert Image.open(io.BytesIO(copy)).getexif()[274] == 3
    assert without_metadata(copy) == (copy, frozenset())


@pytest.mark.parametrize("more", [{}, {"compression": "tiff_lzw"}, {"big_tiff": True}])
def test_a_tiff_of_several_pages_loses_tags_in_their_place(more: dict[str, Any]) -> None:
    target = io.BytesIO()
    second = picture().transpose(Image.Transpose.ROTATE_180)
    exif = planted()
    nested = () if "compression" in more else (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)  # as Pillow can write them
    for within in nested:
        exif[within] = dict(exif.get_ifd(within))
    picture().save(target, "TIFF", exif=exif, save_all=True, append_images=[second], software="Phuong Mot", **more)
    content = target.getvalue()
    assert {"person", "device", *(["place"] if nested else [])} <= find_metadata(content)
    copy, _ = without_metadata(content)
    assert len(copy) == len(content)
    without_secrets(copy)
    for page in range(2):
        before, after = Image.open(io.BytesIO(content)), Image.open(io.BytesIO(copy))
        before.seek(page)
        after.seek(page)
        assert numpy.array_equal(numpy.asarray(before), numpy.asarray(after))
    assert without_metadata(copy) == (copy, frozenset())


def a_pdf(*, pdfa: bool = True, ours: bool = False) -> bytes:
    """A page with a telephone's JPEG in it, made by a program that tells a lot."""
    target, image = io.BytesIO(), saved("JPEG", xmp=XMP)
    with pikepdf.new() as document:
        stream = pikepdf.Stream(document, image)
        stream.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 64, "/Height": 48,
                       "/BitsPerComponent": 8, "/ColorSpace": pikepdf.Name.DeviceRGB,
                       "/Filter": pikepdf.Name.DCTDecode})  # fmt: skip
        page = document.add_blank_page(page_size=(64, 48))
        page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=document.make_indirect(stream)))
        page.obj["/Contents"] = document.make_stream(b"q 64 0 0 48 0 0 cm /Im Do Q")
        if not ours:
            page.obj["/PieceInfo"] = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=pikepdf.String("Phuong Mot")))
            page.obj["/Metadata"] = document.make_stream(XMP)
        with document.open_metadata() as told:
            told["dc:title"] = "KS.2006.01"
            if pdfa:
                told["pdfaid:part"], told["pdfaid:conformance"] = "2", "B"
            if not ours:
                told["dc:creator"] = ["Nguyen Van Chup"]
                told["{http://ns.adobe.com/exif/1.0/}GPSLatitude"] = "11,56N"
        if not ours:
            document.docinfo["/Author"] = "Nguyen Van Chup"
            document.docinfo["/ScannedAt"] = "Phuong Mot"
        document.save(target, deterministic_id=True)
    return target.getvalue()


def everything_in(content: bytes) -> bytes:
    """All strings and streams of a PDF, unpacked."""
    with pikepdf.open(io.BytesIO(content)) as document:
        parts = [bytes(thing.read_raw_bytes()) for thing in document.objects if isinstance(thing, pikepdf.Stream)]
        parts += [bytes(thing.read_bytes()) for thing in document.objects
                  if isinstance(thing, pikepdf.Stream) and "/DCTDecode" not in str(thing.get("/Filter"))]  # fmt: skip
        return b"".join(parts) + repr([document.trailer, *document.pages]).encode() + repr(document.docinfo).encode()


def test_a_pdf_loses_author_place_and_what_its_pictures_tell_and_stays_pdf_a() -> None:
    content = a_pdf()
    assert any(word in everything_in(content) for word in SECRETS)
    copy, found = without_metadata(content)
    assert {"place", "person", "device"} <= found
    assert [word for word in SECRETS if word in everything_in(copy)] == []
    with pikepdf.open(io.BytesIO(copy)) as document:
        told = document.open_metadata()
        assert told.pdfa_status == "2B"
        assert told["dc:title"] == "KS.2006.01"
    assert without_metadata(copy) == (copy, frozenset())
    assert without_metadata(content)[0] == copy  # the same every time: a delivery can be repeated


def test_the_picture_within_a_pdf_does_not_change() -> None:
    import pypdfium2

    pages = [pypdfium2.PdfDocument(each)[0].render().to_numpy() for each in (a_pdf(), without_metadata(a_pdf())[0])]
    assert numpy.array_equal(pages[0], pages[1])


def test_signed_and_locked_pdfs_and_strange_files_are_left_alone() -> None:
    with pikepdf.open(io.BytesIO(a_pdf())) as document:
        document.Root["/AcroForm"] = pikepdf.Dictionary(SigFlags=3, Fields=pikepdf.Array())
        signed, locked = io.BytesIO(), io.BytesIO()
        document.save(signed)
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    for content in (signed.getvalue(), locked.getvalue(), b"PK\x03\x04 a workbook", b""):
        assert without_metadata(content) == (content, frozenset())


def test_a_tag_laid_over_the_picture_takes_no_pixel_with_it() -> None:
    content = bytearray(saved("TIFF"))
    before = pixels_of(bytes(content))
    order = "<" if content[:2] == b"II" else ">"
    first = struct.unpack_from(order + "I", content, 4)[0]
    count = struct.unpack_from(order + "H", content, first)[0]
    strips = 0
    for at in range(first + 2, first + 2 + 12 * count, 12):
        if struct.unpack_from(order + "H", content, at)[0] == 273:
            strips = struct.unpack_from(order + "I", content, at + 8)[0]
    for at in range(first + 2, first + 2 + 12 * count, 12):
        if struct.unpack_from(order + "H", content, at)[0] == 315:
            struct.pack_into(order + "I", content, at + 8, strips)
    copy, found = without_metadata(bytes(content))
    assert "person" in found
    assert numpy.array_equal(pixels_of(copy), before)


@settings(max_examples=150, deadline=None)
@given(form=st.sampled_from(["JPEG", "PNG", "TIFF"]), cut=st.integers(10, 4000), flip=st.integers(0, 4000))
def test_a_damaged_file_is_refused_by_name_or_comes_back_as_some_copy(form: str, cut: int, flip: int) -> None:
    content = bytearray(saved(form))
    content[flip % len(content)] ^= 0x41
    try:
        copy, found = without_metadata(bytes(content[:cut]))
    except RuleBroken as refused:
        assert refused.code == "metadata_unreadable"
    else:
        assert found or copy == bytes(content[:cut])
