"""Every kind of file a scanner, a phone or an office program writes becomes pages in RGB."""

from __future__ import annotations

import io
import struct

import numpy
import pikepdf
import pytest
from PIL import Image, ImageChops
from scan_files import SETTINGS, every_kind, likeness, pdf_bytes, pdf_of, picture, read, saved, sixteen_bits

from hotich.scans.ingest import page_total, read_page

GOOD = every_kind()
GRAY = ("gray", "1-bit", "16-bit", "g4")


@pytest.mark.parametrize("kind", GOOD)
def test_every_kind_of_file_is_read_whatever_its_name(kind: str) -> None:
    first = read(GOOD[kind])[0]
    assert first.pixels.dtype == numpy.uint8 and first.pixels.flags.c_contiguous
    wanted = picture()
    if any(word in kind for word in GRAY):
        assert likeness(first.pixels[20:40, 40:90], wanted[20:40, 40:90]) < 24  # paper stays paper
    else:
        assert likeness(first.pixels, wanted) <= 6


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_the_orientation_of_exif_is_applied(kind: str, turn: int) -> None:
    upright = Image.fromarray(picture())
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what has to be done to the pixels so that the tag undoes it
    stored = upright if turn == 1 else upright.transpose(Image.Transpose(back[turn]))
    exif = Image.Exif()
    exif[0x0112] = turn
    (page,) = read(saved(stored, kind, exif=exif.tobytes()))
    assert likeness(page.pixels, picture()) <= 6


def test_a_tiff_gives_its_pages_one_by_one_in_order() -> None:
    pages = read(GOOD["tiff of pages"])
    assert [page.index for page in pages] == [0, 1, 2]
    assert page_total(GOOD["tiff of pages"], "", SETTINGS) == 3
    assert likeness(read_page(GOOD["tiff of pages"], "", 1, SETTINGS).pixels, pages[1].pixels) == 0


def test_a_preview_inside_a_tiff_is_no_page() -> None:
    small = Image.fromarray(picture(48, 32))
    small.encoderinfo = {"tiffinfo": {254: 1}}  # NewSubfileType: a reduced picture of another page
    content = saved(picture(), "TIFF", save_all=True, append_images=[small])
    with Image.open(io.BytesIO(content)) as image:
        assert image.n_frames == 2
        image.seek(1)
        has_tag = image.tag_v2.get(254) == 1
    assert has_tag
    assert [page.pixels.shape for page in read(content)] == [(64, 96, 3)]


def test_white_is_zero_of_a_16_bit_tiff_is_heeded() -> None:
    (dark_is_zero,), (white_is_zero,) = read(sixteen_bits(picture())), read(sixteen_bits(picture(), photometric=0))
    assert likeness(dark_is_zero.pixels, white_is_zero.pixels) <= 1


def test_twelve_bits_in_sixteen_are_not_left_black() -> None:
    gray = picture()[..., 1].astype(numpy.uint16) * 16
    (page,) = read(saved(Image.fromarray(gray), "PNG"))
    assert likeness(page.pixels[..., 0], picture()[..., 1]) <= 1


def test_floating_point_pixels_are_scaled() -> None:
    (page,) = read(saved(Image.fromarray(picture()[..., 1].astype(numpy.float32) / 255), "TIFF"))
    assert likeness(page.pixels[..., 0], picture()[..., 1]) <= 1


def test_what_is_transparent_lies_on_white_paper() -> None:
    for mode in ("RGBA", "LA"):
        (page,) = read(saved(Image.new(mode, (20, 20), 0), "PNG"))
        assert page.pixels.min() == 255
    palette = Image.new("P", (20, 20), 0)
    (page,) = read(saved(palette, "PNG", transparency=0))
    assert page.pixels.min() == 255


def test_cmyk_is_the_right_way_round_with_and_without_the_mark_of_adobe() -> None:
    cmyk = Image.fromarray(picture()).convert("CMYK")
    marked = saved(cmyk, "JPEG")
    assert b"Adobe" in marked
    assert likeness(read(marked)[0].pixels, picture()) <= 6
    start = marked.index(b"\xff\xee")
    length = struct.unpack(">H", marked[start + 2 : start + 4])[0] + 2
    unmarked = marked[:start] + marked[start + length :]
    assert likeness(read(unmarked)[0].pixels, picture()) <= 6
    other = saved(ImageChops.invert(cmyk), "JPEG")
    other = other[:start] + other[start + length :]
    assert likeness(read(other)[0].pixels, picture()) <= 6


def _linear_profile() -> bytes:
    """A small colour profile with the primaries of sRGB and a straight curve."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv" + bytes(4) + struct.pack(">I", 0)
    bodies = {b"rXYZ": fixed(0.4361, 0.2225, 0.0139), b"gXYZ": fixed(0.3851, 0.7169, 0.0971),
              b"bXYZ": fixed(0.1431, 0.0606, 0.7141), b"wtpt": fixed(0.9642, 1, 0.8249)}  # fmt: skip
    tags = {name: b"XYZ " + bytes(4) + body for name, body in bodies.items()}
    tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    at, table, data = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, body in tags.items():
        table += name + struct.pack(">II", at + len(data), len(body))
        data += body
    header = struct.pack(">I4xI", at + len(data), 0x02400000) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    return (header + fixed(0.9642, 1, 0.8249)).ljust(128, b"\0") + table + data


def test_a_colour_profile_leads_to_srgb() -> None:
    half = Image.new("RGB", (32, 32), (55, 55, 55))  # 0.2157 of the light: 128 in sRGB
    (page,) = read(saved(half, "PNG", icc_profile=_linear_profile()))
    assert abs(int(page.pixels[0, 0, 0]) - 128) <= 3


def test_a_broken_colour_profile_does_not_cost_the_page() -> None:
    (page,) = read(saved(picture(), "PNG", icc_profile=b"acsp" * 99))
    assert likeness(page.pixels, picture()) == 0


@pytest.mark.parametrize(("stated", "kept"), [(300, 300), (200, 200), (72, None), (96, None), (1, None), (9000, None)])
def test_a_resolution_that_is_nonsense_is_none(stated: int, kept: int | None) -> None:
    (page,) = read(saved(picture(), "JPEG", dpi=(stated, stated)))
    assert page.dpi == kept


def test_the_resolution_a_camera_writes_is_none() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x829A] = (1, 60)  # exposure time
    (page,) = read(saved(picture(), "JPEG", dpi=(300, 300), exif=exif.tobytes()))
    assert page.dpi is None


def test_pixels_of_a_fax_are_made_square() -> None:
    (page,) = read(saved(picture(204, 98), "TIFF", dpi=(204, 98)))
    assert page.pixels.shape == (204, 204, 3)
    assert page.dpi == 204


def test_the_image_of_a_scanned_pdf_is_taken_out_pixel_for_pixel() -> None:
    for content in (GOOD["pdf with plain pixels"], pdf_of(picture().tobytes(), (96, 64), extra=b"BT 3 Tr ET")):
        (page,) = read(content)
        assert likeness(page.pixels, picture()) == 0
        assert page.dpi is None  # 96 an inch is what programs write that know none


def test_the_resolution_of_a_scanned_pdf_is_that_of_its_page() -> None:
    big = picture(400, 300)
    (page,) = read(pdf_of(big.tobytes(), (400, 300), box=(144, 108)))
    assert page.dpi == 200
    assert likeness(page.pixels, big) == 0


def test_a_page_turned_in_the_pdf_is_turned() -> None:
    with pikepdf.open(io.BytesIO(pdf_of(picture(400, 300).tobytes(), (400, 300), box=(144, 108)))) as pdf:
        pdf.pages[0].Rotate = 90
        (page,) = read(pdf_bytes(pdf))
    assert likeness(page.pixels, numpy.rot90(picture(400, 300), -1)) == 0


def test_a_page_with_visible_marks_over_its_image_is_rendered_with_them() -> None:
    stamp = b"1 0 0 rg 0 0 30 30 re f"
    (page,) = read(pdf_of(picture(400, 300).tobytes(), (400, 300), box=(144, 108), extra=stamp))
    assert page.dpi == SETTINGS.render_dpi
    assert page.pixels.shape == (450, 600, 3)
    assert tuple(page.pixels[-20, 20]) == (255, 0, 0)


def test_a_page_without_any_image_is_rendered() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(72, 144))
    (page,) = read(pdf_bytes(pdf))
    assert page.pixels.shape == (600, 300, 3)
    assert page.pixels.min() == 255


def test_a_crop_box_hides_what_it_hides() -> None:
    with pikepdf.open(io.BytesIO(pdf_of(picture(400, 300).tobytes(), (400, 300), box=(144, 108)))) as pdf:
        pdf.pages[0].CropBox = [0, 0, 72, 108]
        (page,) = read(pdf_bytes(pdf))
    assert page.pixels.shape[1] < page.pixels.shape[0]
