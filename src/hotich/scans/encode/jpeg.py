"""JPEG and group 4 as the PDF takes them."""

from __future__ import annotations

import functools
import io

import cv2
import numpy
from PIL import Image

from hotich.scans.pages import Pixels
from hotich.scans.pdfa import Mask, Picture

_LUMINANCE, _CHROMINANCE, _SHARP_STEP, _COARSE = 0, 1, 40.0, 1.6


def jpeg(pixels: Pixels, quality: int, *, gray: bool = False) -> Picture:
    """Progressive, with Huffman tables of its own (lossless savings of a tenth and more), colour at half resolution.

    `quality`: the mean quantisation step is that of libjpeg's quality of the same number. The steps themselves are more
    even: the standard's coarse steps for fine detail suit landscapes, not pen strokes (docs/benchmarks.md).
    """
    picture = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if gray else pixels
    out = io.BytesIO()
    Image.fromarray(picture).save(
        out, "JPEG", qtables=_tables(quality, gray=gray), subsampling=2, optimize=True, progressive=True
    )
    height, width = pixels.shape[:2]
    return Picture(out.getvalue(), width, height, gray)


@functools.cache
def _tables(quality: int, *, gray: bool) -> tuple[tuple[int, ...], ...]:
    """Luminance: geometric mean of the standard's table and an even one; chrominance: the standard's, coarser."""
    standard = _standard_tables()
    scale = 50 / quality if quality < 50 else 2 - quality / 50
    even = numpy.sqrt(standard[_LUMINANCE] * _SHARP_STEP)
    even *= standard[_LUMINANCE].mean() / even.mean()
    steps = [even * scale] if gray else [even * scale, standard[_CHROMINANCE] * scale * _COARSE]
    return tuple(tuple(int(step) for step in numpy.clip(numpy.round(table), 1, 255)) for table in steps)


@functools.cache
def _standard_tables() -> list[numpy.typing.NDArray[numpy.float64]]:
    """Those of Annex K of the JPEG standard, as the library has them: it writes them at quality 50."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", quality=50)
    with Image.open(out) as coded:
        tables = coded.quantization  # type: ignore[attr-defined]
        return [numpy.array(tables[index], numpy.float64) for index in (_LUMINANCE, _CHROMINANCE)]


def group4(ink: Pixels) -> Mask:
    """Lossless fax coding of a mask, 1 being ink. One strip: the PDF has no place for more."""
    height, width = ink.shape
    picture = Image.frombytes("1", (width, height), numpy.packbits(ink, axis=1).tobytes())
    out = io.BytesIO()
    picture.save(out, "TIFF", compression="group4", tiffinfo={278: height})
    with Image.open(out) as coded:
        (start,), (length,) = coded.tag_v2[273], coded.tag_v2[279]  # type: ignore[attr-defined]
    return Mask(out.getvalue()[start : start + length], width, height)
