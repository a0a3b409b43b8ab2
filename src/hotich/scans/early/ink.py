"""What is dark and small on the paper: print, writing, rules. Works at a fixed resolution, with light taken out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy
import numpy.typing

from ..flatten import resized
from ..pages import Pixels

Gray = numpy.typing.NDArray[numpy.uint8]
INK_DPI = 100


@dataclass(frozen=True, slots=True)
class Ink:
    """`depth`: how much darker than the paper around (0 … 255). `marks`: 255 where that is ink, rules taken away.

    `rules`: 255 where long straight lines are.
    """

    depth: Gray
    marks: Gray
    rules: Gray
    noise: float


def find_ink(pixels: Pixels, dpi: float) -> Ink:
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, INK_DPI / dpi)
    if scale < 1:
        gray = resized(numpy.asarray(gray, numpy.uint8), scale)
    depth = depth_of(numpy.asarray(gray, numpy.uint8))
    noise = float(numpy.median(depth)) + 1.0
    dark = numpy.where(depth > max(22.0, 4 * noise), 255, 0).astype(numpy.uint8)
    rules = _rules(dark)
    thick = cv2.dilate(rules, numpy.ones((3, 3), numpy.uint8))
    marks = numpy.where(thick > 0, 0, dark).astype(numpy.uint8)
    return Ink(depth, marks, rules, noise)


def depth_of(gray: Gray) -> Gray:
    """Paper to 0: what is darker than the light paper around it, as a share of that paper."""
    ground = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (11, 11)))
    ground = cv2.GaussianBlur(ground, (0, 0), 3)
    level = numpy.maximum(ground, 24).astype(numpy.float32)
    return numpy.asarray(numpy.clip(255 - gray.astype(numpy.float32) * 255 / level, 0, 255), numpy.uint8)


def _rules(dark: Gray) -> Gray:
    """Lines longer than half an inch, level or upright; a little skew breaks them into steps that still count."""
    length = INK_DPI // 2
    grown = cv2.dilate(dark, numpy.ones((2, 2), numpy.uint8))
    level = cv2.morphologyEx(grown, cv2.MORPH_OPEN, numpy.ones((1, length), numpy.uint8))
    upright = cv2.morphologyEx(grown, cv2.MORPH_OPEN, numpy.ones((length, 1), numpy.uint8))
    return numpy.asarray(cv2.bitwise_or(level, upright), numpy.uint8)
