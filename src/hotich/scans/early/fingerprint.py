"""A picture's own mark: the same for the same sheet scanned again, another one for another sheet of the same form.

Pages of one book share print, rules and stamp; only the writing differs. So skew is taken out, the picture is cut to its
ink, and rules and leaders are subtracted. At each of 16 × 64 places the mark says whether there is clearly more ink than
right and left of it, clearly less, or neither. Two scans of a sheet hardly ever contradict each other where both are
clear, whatever noise, light and JPEG did between; two sheets do. Measured figures stand in tests/rules/
test_scans_early_fingerprint.py. What is found is a hint for an officer, never a reason to drop a page.
Mark pages after `rectify`.
"""

from __future__ import annotations

import cv2
import numpy
import numpy.typing

from ..pages import Pixels
from .ink import depth_of

Floats = numpy.typing.NDArray[numpy.float32]
_SIDE = 1000  # square root of the number of pixels looked at
_ROWS, _COLUMNS = 16, 64
_PALEST, _DARKEST = 12, 14  # depth of ink, of 255: less is paper, and pale ink counts like black
_LEAST_INK = 0.03  # mean depth after the rules are gone; an empty page has no mark
_MOST_SKEW = 2.0  # degrees; `rectify` takes out more
_CLEAR, _CLEAR_SHARE = 0.2, 0.7  # of the mean ink; at most so many of the places are clear
_SOFT = 0.5  # of a place: what is a little aside still counts there


def fingerprint(pixels: Pixels) -> str:
    """512 hexadecimal digits; "" for a page without writing or print: all of them look the same."""
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
    more = _more_than_beside(writing)
    clear = max(_CLEAR, float(numpy.quantile(numpy.abs(more), 1 - _CLEAR_SHARE)))
    bits = numpy.concatenate([more.ravel() > clear, more.ravel() < -clear])
    return numpy.packbits(bits).tobytes().hex()


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
    dotted = cv2.dilate(ink, numpy.ones((3, 9), numpy.uint8))
    level = cv2.morphologyEx(dotted, cv2.MORPH_OPEN, numpy.ones((1, length), numpy.uint8))
    upright = cv2.morphologyEx(cv2.dilate(ink, around), cv2.MORPH_OPEN, numpy.ones((length, 1), numpy.uint8))
    lines = cv2.dilate(cv2.max(level, upright), around)
    return numpy.asarray(numpy.maximum(ink - lines, 0), numpy.float32)


def _more_than_beside(writing: Floats) -> Floats:
    """By how much each place has more ink than the places beside it, 1 being the mean of all.

    What all rows of the picture have in common is taken out: the columns of a table begin at the same place in each.
    """
    tall, wide = 960 // _ROWS, 960 // _COLUMNS
    even = cv2.resize(writing, (_COLUMNS * wide, _ROWS * tall), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(even, (0, 0), sigmaX=_SOFT * wide, sigmaY=_SOFT * tall)
    places = soft[tall // 2 :: tall, wide // 2 :: wide]
    edged = numpy.pad(places, ((0, 0), (1, 1)), mode="edge")
    more = places - (edged[:, 2:] + edged[:, :-2]) / 2
    more -= more.mean(axis=0)
    return numpy.asarray(more / max(float(places.mean()), 1e-6), numpy.float32)
