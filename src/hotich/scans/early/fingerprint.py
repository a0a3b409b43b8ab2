"""A picture's own mark: the same for the same sheet scanned again, another one for another sheet of the same form.

Pages of one book share print, rules and stamp; only the writing differs. So skew is taken out, the picture is cut to its
ink, rules and leaders are subtracted, and a bit says where there is more ink than right and left of it. Measured on
pages of one book, scanned twice (150 dpi, JPEG 60, 1° skew, cut edges, other light): the same sheet of A4 differs in 4 to
6 bits (at most 11), another sheet of the same form in at least 14, of two small forms a sheet in at least 9. So two
small forms may now and then be taken for one another, and openings of A3, which differ more from scan to scan, are found
only in part: what is found is a hint for an officer, never a reason to drop a page. Mark pages after `rectify`.
"""

from __future__ import annotations

import cv2
import numpy
import numpy.typing

from ..pages import Pixels
from .ink import depth_of

Floats = numpy.typing.NDArray[numpy.float32]
_SIDE = 1000  # square root of the number of pixels looked at
_ROWS, _COLUMNS, _MORE = 10, 25, 0.1
_PALEST, _DARKEST = 14, 40  # depth of ink, of 255: less is paper, more makes no difference
_LEAST_INK = 0.12  # mean depth after the rules are gone; an empty page has no mark
_MOST_SKEW = 2.0  # degrees; `rectify` takes out more
_SAME = 11  # bits


def fingerprint(pixels: Pixels) -> str:
    """250 bits as 64 hexadecimal digits; "" for a page without writing or print: all of them look the same."""
    ink = _level(_ink(pixels))
    height, width = ink.shape
    edge = max(1, min(height, width) * 17 // 1000)
    ink = ink[edge:-edge, edge:-edge]  # the edge of the sheet is no ink
    if ink.size == 0 or float(ink.mean()) < _LEAST_INK:
        return ""
    (top, bottom), (left, right) = _extent(ink.sum(axis=1)), _extent(ink.sum(axis=0))
    writing = _without_lines(ink)[top : bottom + 1, left : right + 1]
    if float(writing.mean()) < _LEAST_INK:
        return ""
    cells = _cells(writing)
    bits = cells[:, 1:-1] > (cells[:, 2:] + cells[:, :-2]) / 2 + _MORE
    return numpy.packbits(numpy.append(bits.ravel(), [False] * 6)).tobytes().hex()


def is_same_page(a: str, b: str) -> bool:
    """Whether two marks are of the same sheet; a page without a mark is like no other."""
    if len(a) != len(b) or not a:
        return False
    return (int(a, 16) ^ int(b, 16)).bit_count() <= _SAME


def _ink(pixels: Pixels) -> Floats:
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    height, width = gray.shape
    scale = _SIDE / (height * width) ** 0.5
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    depth = depth_of(numpy.asarray(gray, numpy.uint8)).astype(numpy.float32)
    return numpy.asarray(numpy.clip(depth - numpy.median(depth) - _PALEST, 0, _DARKEST), numpy.float32)


def _level(ink: Floats) -> Floats:
    """Turned so that lines of writing and rules lie level: then the sums of the rows change most from row to row."""
    small = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    def clearness(angle: float) -> float:
        return float((numpy.diff(_turned(numpy.asarray(small, numpy.float32), angle).sum(axis=1)) ** 2).sum())

    coarse = max(numpy.arange(-_MOST_SKEW, _MOST_SKEW + 0.01, 0.25), key=clearness)
    return _turned(ink, float(max(numpy.arange(coarse - 0.2, coarse + 0.21, 0.05), key=clearness)))


def _turned(ink: Floats, angle: float) -> Floats:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return numpy.asarray(cv2.warpAffine(ink, matrix, (width, height)), numpy.float32)


def _extent(sums: Floats) -> tuple[int, int]:
    """From where to where nearly all of the ink lies."""
    share = numpy.cumsum(sums) / max(float(sums.sum()), 1e-6)
    return int(numpy.searchsorted(share, 0.004)), int(numpy.searchsorted(share, 0.996))


def _without_lines(ink: Floats) -> Floats:
    """Rules and dotted leaders subtracted, by as much as they have: a pale one does not come and go."""
    around, length = numpy.ones((3, 3), numpy.uint8), max(3, int(ink.shape[0] * 0.06))
    grown = cv2.dilate(ink, around)
    level = cv2.morphologyEx(grown, cv2.MORPH_OPEN, numpy.ones((1, length), numpy.uint8))
    upright = cv2.morphologyEx(grown, cv2.MORPH_OPEN, numpy.ones((length, 1), numpy.uint8))
    lines = cv2.dilate(cv2.max(level, upright), around)
    return numpy.asarray(numpy.maximum(ink - lines, 0), numpy.float32)


def _cells(writing: Floats) -> Floats:
    """Ink of each cell of a grid, 1 being the mean of all."""
    fine = cv2.resize(writing, ((_COLUMNS + 2) * 16, _ROWS * 16), interpolation=cv2.INTER_AREA)
    cells = cv2.resize(cv2.GaussianBlur(fine, (0, 0), 4), (_COLUMNS + 2, _ROWS), interpolation=cv2.INTER_AREA)
    return numpy.asarray(cells / max(float(cells.mean()), 1e-6), numpy.float32)
