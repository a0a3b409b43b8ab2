"""How sharp the ink is, without a reference: the width of its edges, whatever its strength.

A soft scan and faint ink both have weak gradients. Only the gradient divided by the contrast of its own stroke tells
them apart: contrast by steepest slope is the width of the edge, the same for pale and for black ink.
"""

from __future__ import annotations

import cv2
import numpy
import numpy.typing

from ..flatten import resized
from ..pages import Pixels

_TILE, _TILES = 384, 8
_MOST_DPI = 300  # more is scaled down: the window that looks for both sides of an edge stays small
_PERFECT = 2.4  # pixels: the width this measure gives an ideal edge that met a grid of pixels
_LEAST_EDGES = 60

Floats = numpy.typing.NDArray[numpy.float32]


def blur_mm(pixels: Pixels, dpi: float) -> float | None:
    """Blur of the ink in millimetres of paper, what the pixels themselves cost taken out; None without enough ink.

    Level and upright edges are measured apart and the worse counts. Gaussian blur of sigma s gives about 1.6 s; of a
    shaken picture only a part is seen (0.24 … 0.4 for a shake of 1.2 mm): its edges leave the window.
    """
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if dpi > _MOST_DPI:
        scale = _MOST_DPI / dpi
        gray = resized(numpy.asarray(gray, numpy.uint8), scale)
        dpi = _MOST_DPI
    ways: tuple[list[Floats], list[Floats]] = ([], [])
    for tile in _busiest(numpy.asarray(gray, numpy.uint8)):
        for way, widths in zip(ways, _edge_widths(tile), strict=True):
            way.append(widths)
    typical = [
        float(numpy.percentile(widths, 25))
        for way in ways
        if way and len(widths := numpy.concatenate(way)) >= _LEAST_EDGES
    ]
    if not typical:
        return None
    return float(max(0.0, max(typical) ** 2 - _PERFECT**2) ** 0.5 * 25.4 / dpi)


def _busiest(gray: numpy.typing.NDArray[numpy.uint8]) -> list[Floats]:
    """The tiles with the most ink, never the very edge of the picture."""
    height, width = gray.shape
    found = []
    for top in range(height // 20, max(1, height - _TILE - height // 20) + 1, _TILE):
        for left in range(width // 20, max(1, width - _TILE - width // 20) + 1, _TILE):
            tile = gray[top : top + _TILE, left : left + _TILE]
            if min(tile.shape) >= 64:
                strip = tile[::2, ::2].astype(numpy.float32)
                found.append((float(numpy.abs(numpy.diff(strip, axis=1)).mean()), top, left))
    found.sort(reverse=True)
    return [gray[t : t + _TILE, x : x + _TILE].astype(numpy.float32) for _, t, x in found[:_TILES]]


def _edge_widths(tile: Floats) -> tuple[Floats, Floats]:
    """Widths in pixels of the upright and of the level edges of a tile."""
    noise = float(numpy.median(numpy.abs(cv2.Laplacian(tile, cv2.CV_32F)))) / 0.6745 / 4.47
    smooth = cv2.GaussianBlur(tile, (0, 0), 0.7)
    across = numpy.abs(cv2.Scharr(smooth, cv2.CV_32F, 1, 0)) / 32
    down = numpy.abs(cv2.Scharr(smooth, cv2.CV_32F, 0, 1)) / 32
    slope = numpy.hypot(across, down)
    window = numpy.ones((11, 11), numpy.uint8)
    contrast = cv2.dilate(smooth, window) - cv2.erode(smooth, window)
    is_edge = (contrast > max(16.0, 8 * noise)) & (slope >= cv2.dilate(slope, window)) & (slope > 0)
    width = contrast / numpy.maximum(slope, 1e-3)
    upright, level = is_edge & (across > 2 * down), is_edge & (down > 2 * across)
    return numpy.asarray(width[upright], numpy.float32), numpy.asarray(width[level], numpy.float32)
