"""Roughly where the sheet lies in the picture: enough to judge it; `rectify` finds it exactly."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy
import numpy.typing

from ..pages import Pixels

Gray = numpy.typing.NDArray[numpy.uint8]
_SMALL = 800  # pixels of the longer side: all of this needs no more
_INCHES = {"A2": (16.54, 23.39), "A3": (11.69, 16.54), "A4": (8.27, 11.69), "A5": (5.83, 8.27)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """`mask`: 255 on the sheet, in the small picture; `sides`: short and long one in pixels of the whole picture.

    `edges`: whether the sheet reaches the left, top, right, bottom edge of the picture.
    """

    small: Pixels
    mask: Gray
    sides: tuple[float, float]
    edges: tuple[bool, bool, bool, bool]

    @property
    def is_whole_picture(self) -> bool:
        return all(self.edges)


def find_sheet(pixels: Pixels) -> Sheet:
    """The bright paper on a dark ground; the whole picture when there is no ground."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _SMALL / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = numpy.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), numpy.uint8)
    mask = _bright(small)
    points = cv2.findNonZero(mask)
    if points is None:
        return Sheet(small, numpy.full(mask.shape, 255, numpy.uint8), _sorted(width, height), (True,) * 4)
    (_, sides, _) = cv2.minAreaRect(points)
    edges = tuple(bool((line > 0).mean() > 0.5) for line in border_lines(mask))
    return Sheet(small, mask, _sorted(sides[0] / scale, sides[1] / scale), edges)  # type: ignore[arg-type]


def border_lines(picture: Gray) -> tuple[Gray, Gray, Gray, Gray]:
    """The lines of pixels along the left, top, right, bottom edge; the very last ones are often the scanner's."""
    height, width = picture.shape
    x, y = min(1, width - 1), min(1, height - 1)
    return picture[:, x], picture[y], picture[:, width - 1 - x], picture[height - 1 - y]


def _sorted(one: float, other: float) -> tuple[float, float]:
    return min(one, other), max(one, other)


def _bright(small: Pixels) -> Gray:
    value = small.max(axis=2)
    ring = numpy.concatenate([value[:3].ravel(), value[-3:].ravel(), value[:, :3].ravel(), value[:, -3:].ravel()])
    ground, paper = float(numpy.percentile(ring, 25)), float(numpy.percentile(value, 90))
    whole = numpy.full(value.shape, 255, numpy.uint8)
    if ground > 0.62 * paper or paper < 30:
        return whole
    filled = cv2.morphologyEx(value, cv2.MORPH_CLOSE, numpy.ones((9, 9), numpy.uint8))
    mask = (filled > ground + 0.3 * (paper - ground)).astype(numpy.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, numpy.ones((9, 9), numpy.uint8)).astype(numpy.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return whole
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    if stats[largest, cv2.CC_STAT_AREA] < 0.1 * value.size:
        return whole
    return numpy.where(labels == largest, 255, 0).astype(numpy.uint8)


def dpi_by_paper(sheet: Sheet, paper: str) -> float | None:
    """Pixels of the sheet an inch, when the size of the paper is known."""
    if paper not in _INCHES:
        return None
    (short, long), (least, most) = sheet.sides, _INCHES[paper]
    return float((short * long / (least * most)) ** 0.5)
