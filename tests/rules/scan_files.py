"""Small image files of every kind, for the tests of ingest."""

from __future__ import annotations

import io
import struct
from typing import Any

import cv2
import numpy
import pikepdf
from PIL import Image

from hotich.kernel.problems import RuleBroken
from hotich.scans.ingest import page_total, read_pages
from hotich.scans.pages import PageImage, Pixels
from hotich.scans.settings import ScanSettings

SETTINGS = ScanSettings()


def picture(width: int = 96, height: int = 64) -> Pixels:
    """Paper with a red left upper corner, a blue bar at the bottom and some writing: every turn looks different."""
    pixels = numpy.full((height, width, 3), (240, 235, 220), numpy.uint8)
    pixels[: height // 3, : width // 3] = (200, 40, 40)
    pixels[-height // 6 :] = (30, 40, 150)
    cv2.putText(pixels, "So 7", (width // 3, height // 2), cv2.FONT_HERSHEY_SIMPLEX, width / 160, (20, 20, 60), 1)
    return pixels


def saved(image: Image.Image | Pixels, kind: str, **options: Any) -> bytes:
    with io.BytesIO() as file:
        made = image if isinstance(image, Image.Image) else Image.fromarray(image)
        made.save(file, kind, **options)
        return file.getvalue()


def sixteen_bits(pixels: Pixels, photometric: int = 1) -> bytes:
    """A TIFF with 16 bits of gray, written by hand; `photometric` 0: white is zero."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(numpy.uint16) * 257
    gray = gray if photometric else 65535 - gray
    data, (height, width) = gray.astype("<u2").tobytes(), gray.shape
    entries = [(256, width), (257, height), (258, 16), (259, 1), (262, photometric), (273, 8), (277, 1), (278, height),
               (279, len(data))]  # fmt: skip
    directory = struct.pack("<H", len(entries))
    directory += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory + b"\0\0\0\0"


def pdf_of(
    stream: bytes,
    size: tuple[int, int],
    *,
    box: tuple[float, float] = (72, 48),
    extra: bytes = b"",
    **keys: Any,
) -> bytes:
    """A PDF of one page that shows one image as large as the page; `extra` instructions come after it."""
    pdf = pikepdf.new()
    image = pikepdf.Stream(pdf, stream)
    kind = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": size[0], "/Height": size[1]}
    colours = {"/BitsPerComponent": 8, "/ColorSpace": pikepdf.Name.DeviceRGB}
    image.update({**kind, **colours, **{f"/{key}": value for key, value in keys.items()}})
    page = pdf.add_blank_page(page_size=box)
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(XObject={"/Scan": image}, Font={"/F": font})
    page.Contents = pdf.make_stream(b"q %g 0 0 %g 0 0 cm /Scan Do Q " % box + extra)
    return pdf_bytes(pdf)


def pdf_bytes(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    with io.BytesIO() as file:
        pdf.save(file, **options)
        return file.getvalue()


def every_kind() -> dict[str, bytes]:
    """A good file of every kind that is taken."""
    pixels = picture()
    image = Image.fromarray(pixels)
    return {
        "jpeg": saved(image, "JPEG", dpi=(300, 300)),
        "progressive jpeg": saved(image, "JPEG", progressive=True),
        "gray jpeg": saved(image.convert("L"), "JPEG"),
        "cmyk jpeg": saved(image.convert("CMYK"), "JPEG"),
        "png": saved(image, "PNG", dpi=(300, 300)),
        "palette png": saved(image.quantize(16), "PNG"),
        "png with alpha": saved(image.convert("RGBA"), "PNG"),
        "1-bit png": saved(image.convert("1"), "PNG"),
        "16-bit png": saved(Image.fromarray(pixels[..., 1].astype(numpy.uint16) * 257), "PNG"),
        "tiff": saved(image, "TIFF", dpi=(300, 300)),
        "lzw tiff": saved(image, "TIFF", compression="tiff_lzw"),
        "jpeg tiff": saved(image, "TIFF", compression="jpeg"),
        "deflate tiff": saved(image, "TIFF", compression="tiff_adobe_deflate"),
        "g4 tiff": saved(image.convert("1"), "TIFF", compression="group4", dpi=(300, 300)),
        "cmyk tiff": saved(image.convert("CMYK"), "TIFF"),
        "16-bit tiff": sixteen_bits(pixels),
        "tiff of pages": saved(image, "TIFF", save_all=True, append_images=[image.rotate(90), image.convert("L")]),
        "bmp": saved(image, "BMP"),
        "webp": saved(image, "WEBP", lossless=True),
        "jpeg 2000": saved(image, "JPEG2000"),
        "pdf with a jpeg": saved(image, "PDF", resolution=96.5),
        "pdf with plain pixels": pdf_of(pixels.tobytes(), (96, 64)),
        "pdf with g4": saved(image.convert("1"), "PDF", resolution=100),
    }


def read(content: bytes, settings: ScanSettings = SETTINGS) -> list[PageImage]:
    return list(read_pages(content, "quet.jpg", settings))


def refusal(content: bytes, settings: ScanSettings = SETTINGS) -> RuleBroken | None:
    """What a file is refused with, None when all its pages can be read; any other exception goes through."""
    try:
        assert page_total(content, "quet.jpg", settings) == len(read(content, settings))
    except RuleBroken as refused:
        return refused
    return None


def code(content: bytes, settings: ScanSettings = SETTINGS) -> str:
    refused = refusal(content, settings)
    return refused.code if refused else ""


def likeness(page: Pixels, wanted: Pixels) -> float:
    """Median distance of two pictures of the same size, in steps of 255."""
    assert page.shape == wanted.shape
    return float(numpy.median(numpy.abs(page.astype(int) - wanted.astype(int))))
