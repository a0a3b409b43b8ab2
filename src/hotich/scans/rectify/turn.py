"""Which way up a page is, judged by the page itself.

Lines of text run across: their words are wider than high. And they are not the same upside down: capitals, tall letters
and the marks of Vietnamese stand above the small letters, far more than tails hang below them; lines begin at one margin
and end anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy

from hotich.scans.rules_of_page import Floats, Mask


@dataclass(frozen=True, slots=True)
class Turn:
    """`degrees` clockwise that put the page upright; `sure` is False where an officer has to look."""

    degrees: int
    sure: bool
    across: float = 0.0
    upright: float = 0.0
    pieces: int = 0


def turn_of(ink: Mask, dpi: float) -> Turn:
    """How the page has to be turned; `ink` is of a level page, `dpi` of that copy (roughly)."""
    text = text_only(ink, dpi)
    lying, standing = _words(text, dpi), _words(numpy.ascontiguousarray(text.T), dpi)
    across = _wide_share(lying, standing)
    sideways = across < 0
    if sideways:
        text = numpy.ascontiguousarray(numpy.rot90(text, k=1))  # now across, upright or upside down
        lying = _words(text, dpi)
    marks, pieces = _uprightness(text, lying)
    begins = _ragged(lying, dpi)
    score = marks + 0.35 * begins
    agreed = marks * begins > 0 or (abs(begins) < 0.12 and abs(marks) > 0.12)
    known = abs(across) > 0.12 and pieces >= 12
    sure = known and abs(score) > (0.08 if agreed else 0.2)
    if abs(across) <= 0.12:
        return Turn(0, False, across, score, pieces)
    # a page that lies lengthwise is left as it came unless it is sure that it stands on its head
    head_down = score < 0 and (sure or sideways)
    degrees = (270 if sideways else 0) + (180 if head_down else 0)
    return Turn(degrees % 360, sure, across, score, pieces)


def text_only(ink: Mask, dpi: float) -> Mask:
    """The ink without rules, blots and specks."""
    long = max(15, int(0.45 * dpi))
    rules = cv2.bitwise_or(
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((1, long), numpy.uint8)),
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((long, 1), numpy.uint8)),
    )
    rest = cv2.bitwise_and(ink, cv2.bitwise_not(cv2.dilate(rules, numpy.ones((3, 3), numpy.uint8))))
    edge = int(0.08 * dpi)
    rest[:edge], rest[-edge:], rest[:, :edge], rest[:, -edge:] = 0, 0, 0, 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8, ltype=cv2.CV_32S)
    size = numpy.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    keep = (stats[:, cv2.CC_STAT_AREA] >= max(3, 0.0004 * dpi * dpi)) & (size <= 1.6 * dpi)
    keep[0] = False
    return numpy.asarray(keep[labels] * numpy.uint8(255), dtype=numpy.uint8)


def _words(text: Mask, dpi: float) -> Any:
    """Bounding boxes (left, top, width, height) of what becomes one piece when gaps across are closed."""
    closed = cv2.morphologyEx(text, cv2.MORPH_CLOSE, numpy.ones((1, max(5, int(0.09 * dpi))), numpy.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8, ltype=cv2.CV_32S)
    boxes = stats[1:, :4]
    return boxes[(boxes[:, 3] >= 0.05 * dpi) & (boxes[:, 3] <= 0.6 * dpi)]


def _wide_share(lying: Any, standing: Any) -> float:
    """-1 … 1: whether closing gaps across makes longer pieces than closing gaps down (text closes along its lines)."""

    def length(boxes: Any) -> float:
        if not len(boxes):
            return 0.0
        ratio = boxes[:, 2] / numpy.maximum(boxes[:, 3], 1)
        return float((numpy.square(boxes[:, 2])[ratio > 2.2]).sum())

    one, other = length(lying), length(standing)
    return (one - other) / max(1.0, one + other)


def _uprightness(text: Mask, boxes: Any) -> tuple[float, int]:
    """Ink above the body of the small letters against ink below it, -1 … 1, over all pieces of text."""
    above, below, pieces = 0.0, 0.0, 0
    for left, top, width, height in boxes[boxes[:, 2] > 1.8 * boxes[:, 3]]:
        profile = (text[top : top + height, left : left + width] > 0).sum(axis=1).astype(float)
        upper, lower = _outside_body(profile)
        tail, head = _outside_body(profile[::-1])  # both ways, so that the page upside down gives just the opposite
        above, below, pieces = above + upper + head, below + lower + tail, pieces + 1
    return (above - below) / max(1.0, above + below), pieces


def _outside_body(profile: Floats) -> tuple[float, float]:
    """Ink above and below the band of rows that holds most of the ink of a line."""
    total, size = profile.sum(), len(profile)
    band = max(2, round(size * 0.4))
    sums = numpy.convolve(profile, numpy.ones(band), mode="valid")
    first = int(sums.argmax())
    if total <= 0:
        return 0.0, 0.0
    return float(profile[:first].sum()), float(profile[first + band :].sum())


def _ragged(boxes: Any, dpi: float) -> float:
    """Whether pieces begin at common places rather than end there, -1 … 1."""
    if len(boxes) < 8:
        return 0.0

    def crowd(places: Any) -> float:
        counts = numpy.bincount((places / (0.06 * dpi)).astype(int))
        counts = counts[:-1] + counts[1:] if len(counts) > 1 else counts
        return float(numpy.square(counts).sum())

    begin, end = crowd(boxes[:, 0]), crowd(boxes[:, 0] + boxes[:, 2])
    return (begin - end) / max(1.0, begin + end)
