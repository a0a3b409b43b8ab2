"""Making the rules of a page level: the skew of a flat scan, the vanishing points of a photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy

from hotich.scans.pages import Matrix
from hotich.scans.rectify.sheet import steady_line
from hotich.scans.rules_of_page import Floats, Mask, Rule, Ruling

DISAGREE = 0.7  # degrees: more than that between the rules of one page, and the skew is not sure


@dataclass(frozen=True, slots=True)
class Skew:
    """`degrees`: clockwise is positive, as the page lies. `source`: rules, text, none. `spread`: in degrees."""

    degrees: float
    source: str
    spread: float


def skew_of(ruling: Ruling, ink: Mask, most: float) -> Skew:
    """How far the page is turned, up to `most` degrees: by its rules, without enough of them by its lines of text."""
    angles, weights = [], []
    for rule in ruling.across:
        angles.append(numpy.degrees(numpy.arctan2(rule.y1 - rule.y0, rule.x1 - rule.x0)))
        weights.append(rule.length**2)
    for rule in ruling.down:
        angles.append(numpy.degrees(numpy.arctan2(rule.x0 - rule.x1, rule.y1 - rule.y0)))
        weights.append(rule.length**2)
    height, width = ink.shape
    if sum(numpy.sqrt(weights)) >= 0.5 * min(height, width):
        angle, spread = _middle(numpy.array(angles), numpy.array(weights))
        if abs(angle) <= most and spread < 2.5:
            return Skew(angle, "rules", spread)
    return _skew_of_text(ink, most)


def _middle(values: Floats, weights: Floats) -> tuple[float, float]:
    """Weighted median, and the weighted median distance from it."""

    def median(numbers: Floats) -> float:
        order = numpy.argsort(numbers)
        share = numpy.cumsum(weights[order]) / weights.sum()
        return float(numbers[order][int(numpy.searchsorted(share, 0.5))])

    middle = median(values)
    near = numpy.abs(values - middle) < 0.5
    fine = float(numpy.average(values[near], weights=weights[near]))
    return fine, median(numpy.abs(values - middle))


def _skew_of_text(ink: Mask, most: float) -> Skew:
    """The turn at which the lines of text stand out best against the gaps between them."""
    height, width = ink.shape
    scale = min(1.0, 700 / max(height, width))
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    margin = max(2, small.shape[0] // 25), max(2, small.shape[1] // 25)
    rows, columns = numpy.nonzero(small[margin[0] : -margin[0], margin[1] : -margin[1]] > 90)
    if rows.size < 150:
        return Skew(0.0, "none", 0.0)

    def sharpness(degrees: float) -> float:
        places = rows - numpy.tan(numpy.radians(degrees)) * columns
        counts = numpy.bincount(numpy.rint(places - places.min()).astype(int)).astype(float)
        return float(numpy.square(numpy.diff(counts)).sum())

    coarse = numpy.arange(-most, most + 0.01, 0.5)
    scores = numpy.array([sharpness(a) for a in coarse])
    best = float(coarse[int(scores.argmax())])
    fine = numpy.arange(best - 0.5, best + 0.51, 0.1)
    angle = float(fine[int(numpy.argmax([sharpness(a) for a in fine]))])
    if scores.max() < 1.6 * float(numpy.median(scores)):
        return Skew(0.0, "none", 0.0)
    return Skew(angle, "text", 0.1)


def converging(ruling: Ruling, width: int, height: int) -> bool:
    """Whether the rules run together as only a photo shows them: by more than 0.35 degrees, and surely so."""
    total = 0.0
    for rules, size, down in ((ruling.across, height, False), (ruling.down, width, True)):
        long = [r for r in rules if r.length > 0.25 * (height if down else width)]
        if len(long) < 4:
            continue
        place = numpy.array([(r.x0 + r.x1) / 2 if down else (r.y0 + r.y1) / 2 for r in long])
        lean = [(r.x1 - r.x0) / (r.y1 - r.y0) if down else (r.y1 - r.y0) / (r.x1 - r.x0) for r in long]
        if numpy.ptp(place) < 0.4 * size:
            continue
        slope, _, spread = steady_line(place / size, numpy.array(lean))
        spread = float(numpy.median(numpy.abs(numpy.array(lean) - numpy.polyval((slope, _), place / size))))
        if abs(slope) > numpy.tan(numpy.radians(0.35)) and abs(slope) > 4 * spread:
            total = max(total, abs(slope))
    return total > 0


def levelled(ruling: Ruling, width: int, height: int) -> Matrix | None:
    """The homography that makes rules across level and rules down upright; size at the middle stays. None: too few.

    The rules of one direction meet in one vanishing point; both points together say how the page was seen.
    """
    centre = numpy.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1.0]])
    unit = 2.0 / max(width, height)
    norm = numpy.diag([unit, unit, 1.0]) @ centre
    across = _vanishing(ruling.across, norm)
    down = _vanishing(ruling.down, norm)
    if across is None and down is None:
        return None
    if across is None and down is not None:
        across = numpy.array([-down[1], down[0], 0.0]) * -1
    if down is None and across is not None:
        down = numpy.array([-across[1], across[0], 0.0])
    assert across is not None and down is not None
    across = across / numpy.hypot(*across[:2]) * numpy.sign(across[0])
    down = down / numpy.hypot(*down[:2]) * numpy.sign(down[1])
    back = numpy.column_stack([across, down, [0.0, 0.0, 1.0]])
    if abs(numpy.linalg.det(back)) < 0.5:
        return None
    matrix = numpy.linalg.inv(norm) @ numpy.linalg.inv(back) @ norm
    return numpy.asarray(matrix / matrix[2, 2], dtype=numpy.float64)


def _vanishing(rules: Sequence[Rule], norm: Matrix) -> Floats | None:
    """The point where rules of one direction meet, in the coordinates of `norm`; with few rules it is at infinity."""
    if len(rules) < 2:
        return None
    ends = numpy.array([[(r.x0, r.y0), (r.x1, r.y1)] for r in rules])
    points = cv2.perspectiveTransform(ends, norm)
    first, second = (numpy.column_stack([points[:, i], numpy.ones(len(rules))]) for i in (0, 1))
    lines = numpy.cross(first, second)
    length = numpy.hypot(lines[:, 0], lines[:, 1])
    lines /= length[:, None]
    trust = length.copy()
    point = numpy.zeros(3)
    for _ in range(8):
        point = numpy.linalg.svd(lines * trust[:, None])[2][2]
        middle = (first + second) / 2
        toward = point[None, :2] - middle[:, :2] * point[2]
        off = numpy.abs(lines[:, 0] * toward[:, 0] + lines[:, 1] * toward[:, 1]) / numpy.maximum(
            numpy.hypot(toward[:, 0], toward[:, 1]), 1e-9
        )
        spread = max(0.0008, 1.48 * float(numpy.median(off)))
        trust = length / (1 + (off / (2 * spread)) ** 4)
    return numpy.asarray(point, dtype=numpy.float64)
