"""What cannot be read is refused by a code; no file whatever makes ingest fail otherwise."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from dataclasses import replace

import numpy
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from scan_files import SETTINGS, code, every_kind, pdf_bytes, pdf_of, picture, read, refusal, saved

from hotich.kernel.problems import RuleBroken
from hotich.scans.ingest import kind_of, page_total, read_page
from hotich.scans.messages import MESSAGES

GOOD = every_kind()


def test_files_that_are_no_images_are_told_apart() -> None:
    assert code(b"") == "scan_file_empty"
    assert code(b"\0" * 5000) == "not_an_image"
    assert code("Họ và tên;Năm sinh\n".encode()) == "not_an_image"
    assert code(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "not_an_image"
    assert code(b"\0\0\0\x18ftypheic" + bytes(50)) == "image_is_heic"
    for start, kind in ((b"GIF89a", "GIF"), (b"PK\x03\x04", "ZIP, DOCX, XLSX"), (b"\0\0\0\x1cftypavif", "AVIF")):
        refused = refusal(start + bytes(90))
        assert refused is not None and (refused.code, refused.params["kind"]) == ("image_kind_unsupported", kind)


def test_the_ending_of_the_name_is_not_trusted() -> None:
    assert kind_of(GOOD["png"]) == "PNG"
    assert len(read(GOOD["pdf with a jpeg"])) == 1  # scan_files reads everything as "quet.jpg"


@pytest.mark.parametrize("kind", [kind for kind in GOOD if "pdf" not in kind])
def test_a_file_cut_in_half_is_refused(kind: str) -> None:
    content = GOOD[kind]
    refused = refusal(content[: len(content) // 2])
    assert refused is not None
    assert refused.code in {"image_truncated", "image_damaged"}
    assert refused.params["page"] >= 1


@pytest.mark.parametrize("options", [{}, {"compression": "tiff_lzw"}, {"compression": "jpeg"}, {"big_tiff": True}])
def test_a_tiff_cut_between_its_pages_is_never_taken_for_one_of_fewer(options: dict[str, object]) -> None:
    pages = [Image.fromarray(picture(96 + i, 64)) for i in range(2)]
    whole = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], **options)
    assert len(read(whole)) == 2
    first = 0
    step = len(whole) // 60
    for length in range(len(whole) // 2, len(whole) * 95 // 100, step):
        refused = refusal(whole[:length])
        assert refused is not None, length
        wanted = {"image_truncated"} if "compression" not in options else {"image_truncated", "image_damaged"}
        assert refused.code in wanted, length
        first += refused.params["page"] == 1
    assert first < 28  # the good page before the cut is given, then the refusal comes
    kept = read_page(whole[: len(whole) * 3 // 4], "", 0, SETTINGS).pixels
    assert kept.shape == (64, 96, 3)


def test_a_list_of_pages_that_leads_out_of_the_file_is_refused() -> None:
    content = bytearray(saved(Image.fromarray(picture()), "TIFF"))
    (at,) = struct.unpack("<I", content[4:8])
    (entries,) = struct.unpack("<H", content[at : at + 2])
    content[at + 2 + 12 * entries : at + 6 + 12 * entries] = struct.pack("<I", len(content) + 100)
    assert page_total(bytes(content), "", SETTINGS) == 2
    assert read_page(bytes(content), "", 0, SETTINGS).pixels.shape == (64, 96, 3)
    refused = refusal(bytes(content))
    assert refused is not None and (refused.code, refused.params["page"]) == ("image_truncated", 2)


def test_a_file_of_nothing_but_its_first_bytes_is_refused() -> None:
    for start in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0", b"RIFF\0\0\0\0WEBP", b"BM" + bytes(30)):
        assert code(start) in {"image_damaged", "image_truncated", "image_without_size"}
    assert code(b"%PDF-1.7\n") == "pdf_damaged"


def _png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (0, 0)])
def test_an_image_without_width_or_height_is_refused(size: tuple[int, int]) -> None:
    assert code(_png(*size)) in {"image_without_size", "image_damaged"}


def test_a_bomb_is_refused_by_its_header_alone() -> None:
    refused = refusal(_png(60_000, 60_000))
    assert refused is not None and refused.code == "too_many_pixels"
    long = refusal(_png(50_000, 4))
    assert long is not None and long.params["width"] == 50_000
    small = replace(SETTINGS, most_pixels=96 * 64 - 1)
    for kind, content in GOOD.items():
        assert code(content, small) == "too_many_pixels", kind


def test_a_page_of_a_pdf_that_would_be_huge_is_refused() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(14_000, 14_000))
    assert code(pdf_bytes(pdf)) == "too_many_pixels"


def test_pixels_of_a_pdf_that_unpack_to_more_than_they_are_do_no_harm() -> None:
    bomb = zlib.compress(bytes(40_000_000))
    content = pdf_of(bomb, (400, 300), box=(144, 108), Filter=pikepdf.Name.FlateDecode)
    assert code(content) in {"", "pdf_damaged"}
    chain = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
    assert code(pdf_of(zlib.compress(bomb), (400, 300), box=(144, 108), Filter=chain)) in {"", "pdf_damaged"}


def test_a_locked_pdf_is_refused_and_one_that_only_forbids_printing_is_read() -> None:
    with pikepdf.open(io.BytesIO(GOOD["pdf with a jpeg"])) as pdf:
        locked = pdf_bytes(pdf, encryption=pikepdf.Encryption(user="mo", owner="chu"))
        limited = pdf_bytes(pdf, encryption=pikepdf.Encryption(user="", owner="chu"))
    assert code(locked) == "pdf_encrypted"
    assert code(limited) == ""


def test_a_pdf_without_pages_is_refused() -> None:
    assert code(pdf_bytes(pikepdf.new())) == "pdf_without_pages"


def test_too_many_pages_are_refused() -> None:
    few = replace(SETTINGS, most_pages=2)
    assert code(GOOD["tiff of pages"], few) == "too_many_pages"
    pdf = pikepdf.new()
    for _ in range(3):
        pdf.add_blank_page()
    assert code(pdf_bytes(pdf), few) == "too_many_pages"


def test_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        read_page(GOOD["tiff of pages"], "", 3, SETTINGS)
    assert refused.value.code == "page_missing"


def test_a_polyglot_is_what_it_begins_as() -> None:
    both = GOOD["jpeg"] + GOOD["pdf with a jpeg"] + b"PK\x03\x04"
    assert kind_of(both) == "JPEG"
    assert read(both)[0].pixels.shape == (64, 96, 3)
    assert code(b"PK\x03\x04" + GOOD["jpeg"]) == "image_kind_unsupported"
    assert kind_of(b"\r\n\r\n" + GOOD["pdf with a jpeg"]) == "PDF"


def test_a_tiff_whose_list_of_pages_goes_in_a_circle_ends() -> None:
    content = bytearray(saved(Image.fromarray(picture()), "TIFF"))
    (at,) = struct.unpack("<I", content[4:8])
    (entries,) = struct.unpack("<H", content[at : at + 2])
    content[at + 2 + 12 * entries : at + 6 + 12 * entries] = struct.pack("<I", at)
    assert page_total(bytes(content), "", SETTINGS) >= 1


def test_every_code_has_its_text_with_all_its_figures() -> None:
    for content in (b"", b"x", b"\0\0\0\x18ftypheic", b"GIF89a", GOOD["png"][:60], _png(60_000, 60_000), b"%PDF-1.7\n"):
        refused = refusal(content)
        assert refused is not None
        assert "{" not in MESSAGES[refused.code].format(**refused.params)


@pytest.mark.parametrize("kind", GOOD)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damage_anywhere_gives_pages_or_a_refusal(kind: str, data: st.DataObject) -> None:
    content = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=20))
    refused = refusal(bytes(content))
    assert refused is None or refused.code in MESSAGES


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    mode=st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "F", "I"]),
    kind=st.sampled_from(["JPEG", "PNG", "TIFF", "BMP", "WEBP", "JPEG2000"]),
    width=st.integers(1, 40),
    height=st.integers(1, 40),
    fill=st.integers(0, 255),
)
def test_every_image_that_can_be_written_can_be_read(mode: str, kind: str, width: int, height: int, fill: int) -> None:
    image = Image.fromarray(numpy.full((height, width), fill, numpy.uint8)).convert(mode)
    try:
        content = saved(image, kind)
    except (OSError, ValueError, KeyError):
        return  # this kind has no such mode
    (page,) = read(content)
    assert page.pixels.shape == (height, width, 3)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(start=st.sampled_from([content[:24] for content in GOOD.values()]), rest=st.binary(max_size=400))
def test_good_beginnings_of_nonsense_are_refused_by_code(start: bytes, rest: bytes) -> None:
    refused = refusal(start + rest)
    assert refused is None or refused.code in MESSAGES


MEASURE = """
import re, sys
from hotich.scans.ingest import read_pages
from hotich.scans.early import fingerprint, look_over
from hotich.scans.settings import ScanSettings
settings = ScanSettings()
for page in read_pages(open(sys.argv[1], "rb").read(), "a2.jpg", settings):
    look_over(page, settings, paper="A2")
    fingerprint(page.pixels)
    # not ru_maxrss: that one remembers the process this was forked from
    print(page.pixels.shape[0], int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


def test_a_page_of_a2_in_colour_stays_far_within_the_memory_of_a_worker(tmp_path) -> None:  # type: ignore[no-untyped-def]
    tile = numpy.tile(picture(1024, 1024), (7, 5, 1))[:7016, :4961]
    (tmp_path / "a2.jpg").write_bytes(saved(tile, "JPEG", dpi=(300, 300)))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path / "a2.jpg"], capture_output=True, text=True, check=True
    )
    height, megabytes = map(int, done.stdout.split())
    assert height == 7016
    assert megabytes < 1000  # of 1,500; the steps that follow need room too
