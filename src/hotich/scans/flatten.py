"""Even light, white paper, ink in its own hue: what makes a page small enough without taking anything from it.

The light of the paper is measured on a small copy (about 37 dots per inch); every pixel is divided by it, so shadow and
yellowing go and the hue of the ink stays. What is nearly paper becomes white, which takes the noise of the scanner away.
"""

from __future__ import annotations

import cv2
import numpy

from hotich.scans.pages import Pixels
from hotich.scans.settings import ScanSettings

PAPER_DPI = 37.5  # of the copy the light is measured on


def flatten(pixels: Pixels, settings: ScanSettings, *, dpi: float = 300.0) -> Pixels:
    """The picture with even light and white paper, same size."""
    return whiten(even_out(pixels, paper_of(pixels, settings, dpi=dpi)), settings)


def paper_of(pixels: Pixels, settings: ScanSettings, *, dpi: float) -> Pixels:
    """The paper without its writing, as a small picture: the light and the colour it has at every place."""
    small = shrunk(pixels, min(1.0, PAPER_DPI / dpi))
    side = 9 if min(small.shape[:2]) >= 9 else 3
    closed = cv2.morphologyEx(
        small, cv2.MORPH_CLOSE, numpy.ones((side, side), numpy.uint8), borderType=cv2.BORDER_REPLICATE
    )
    smooth = cv2.GaussianBlur(cv2.medianBlur(closed, side), (0, 0), 3)
    # a blot or a solid stamp wider than the window is not the paper: never darker than a share of the bright paper
    bright = (
        numpy.percentile(closed.reshape(closed.shape[0] * closed.shape[1], -1), 90, axis=0) * settings.darkest_paper
    )
    floor = numpy.maximum(bright, 1).astype(numpy.uint8)
    lit: Pixels = numpy.maximum(smooth, floor if smooth.ndim == 3 else floor[0])
    return lit


def even_out(pixels: Pixels, paper: Pixels) -> Pixels:
    """Every pixel divided by the paper under it: paper is 255 nearly, whatever the light was."""
    height, width = pixels.shape[:2]
    light = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(pixels, light, scale=255.0)  # type: ignore[return-value]


def whiten(pixels: Pixels, settings: ScanSettings) -> Pixels:
    """Near paper becomes white; darker values are spread a little, none is lost."""
    return cv2.LUT(pixels, _curve(settings.white_from))  # type: ignore[return-value]


def _curve(white_from: int) -> Pixels:
    """Up to 1/8 below `white_from` nothing changes; from there it rises smoothly to 255."""
    values = numpy.arange(256, dtype=numpy.float64)
    knee = white_from * 0.8
    share = numpy.clip((values - knee) / (white_from - knee), 0, 1)
    risen = numpy.where(values < knee, values, knee + share * (255 - knee))
    return numpy.round(risen).astype(numpy.uint8)


def resized(pixels: Pixels, scale: float) -> Pixels:
    """Scaled by one interpolation only: by area downwards, cubic upwards."""
    height, width = pixels.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if size == (width, height):
        return pixels
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)  # type: ignore[return-value]


def shrunk(pixels: Pixels, scale: float) -> Pixels:
    """Scaled down for measuring only: halved as often as possible (which is fast), then by area."""
    small = pixels
    while scale <= 0.5 and min(small.shape[:2]) >= 2:
        even = small[: small.shape[0] // 2 * 2, : small.shape[1] // 2 * 2]
        small = cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        scale *= 2
    return resized(small, scale)
