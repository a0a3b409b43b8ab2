"""Finding the sheet on what the scanner or the phone delivered: its four edges against a darker surrounding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy
import numpy.typing

from hotich.scans.rules_of_page import Floats, Mask

PALE_EDGE = 0.05  # for a photo of a sheet on a desk nearly as bright as it
EDGE = 0.16  # the surrounding is darker than the sheet by this much, in natural logarithms (15 %)
SLOPES = numpy.tan(numpy.radians(numpy.linspace(-18, 18, 49)))
SIDES = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True)
class Side:
    """One edge of the sheet as a line: `across = start + slope · along` (x over y for left and right sides).

    `support`: the share of the image's length where the edge was seen. `bow`: how far it leaves the line, in pixels.
    """

    start: float
    slope: float
    support: float
    bow: float

    def at(self, along: float) -> float:
        return self.start + self.slope * along


@dataclass(frozen=True, slots=True)
class Sheet:
    """The edges that were found (None: the sheet goes to the edge of the image there), left, top, right, bottom."""

    sides: tuple[Side | None, Side | None, Side | None, Side | None]
    width: int
    height: int

    @property
    def found(self) -> int:
        return sum(side is not None for side in self.sides)

    def corners(self) -> Floats:
        """left top, right top, right bottom, left bottom."""
        ends = (0.0, 0.0, self.width - 1.0, self.height - 1.0)
        left, top, right, bottom = (
            side or Side(end, 0.0, 0.0, 0.0) for side, end in zip(self.sides, ends, strict=True)
        )
        return numpy.array([_meet(left, top), _meet(right, top), _meet(right, bottom), _meet(left, bottom)])

    def crooked(self) -> float:
        """Degrees by which the sheet is no rectangle: its opposite edges not parallel, or a corner not square."""
        left, top, right, bottom = (
            0.0 if s is None else float(numpy.degrees(numpy.arctan(s.slope))) for s in self.sides
        )
        return max(abs(left - right), abs(top - bottom), abs((left + right) / 2 + (top + bottom) / 2))

    def seen(self) -> tuple[bool, bool, bool, bool]:
        """Which edges are not those of the image."""
        left, top, right, bottom = (side is not None for side in self.sides)
        return left, top, right, bottom

    def share(self) -> float:
        """How much of the image the sheet fills."""
        area = cv2.contourArea(self.corners().astype(numpy.float32))
        return float(area / max(1.0, float(self.width) * self.height))


def _meet(upright: Side, level: Side) -> tuple[float, float]:
    """Where x = a + b·y and y = c + d·x cross."""
    x = (upright.start + upright.slope * level.start) / (1 - upright.slope * level.slope)
    return x, level.start + level.slope * x


def find_sheet(gray: Mask, edge: float = EDGE) -> Sheet:
    """The sheet on a small gray copy (longer side 800 to 1600 pixels). Writing and rules do not disturb it.

    `edge`: by how much, in natural logarithms, the surrounding has to be darker.
    """
    height, width = gray.shape
    half = 0.5 if max(height, width) > 900 else 1.0
    small = cv2.resize(gray, None, fx=half, fy=half, interpolation=cv2.INTER_AREA) if half < 1 else gray
    plain = cv2.morphologyEx(small, cv2.MORPH_CLOSE, numpy.ones((9, 9), numpy.uint8))
    light = numpy.log(plain.astype(numpy.float32) + 12)
    sides: list[Side | None] = []
    for number, _name in enumerate(SIDES):
        side = _side(_as_left(light, number), edge)
        if side is not None and _dark_beyond(_as_left(plain, number), side, edge):
            side = _sharpened(_as_left(gray.astype(numpy.float32), number), side, 1 / half)
            sides.append(_back(side, number, width, height))
        else:
            sides.append(None)
    return Sheet((sides[0], sides[1], sides[2], sides[3]), width, height)


def _as_left(image: Any, number: int) -> Any:
    """The image turned about so that the wanted side is the left one."""
    if number in (1, 3):
        image = image.T
    if number in (2, 3):
        image = image[:, ::-1]
    return image


def _back(side: Side | None, number: int, width: int, height: int) -> Side | None:
    if side is None or number < 2:
        return side
    end = (width if number == 2 else height) - 1.0
    return Side(end - side.start, -side.slope, side.support, side.bow)


def _dark_beyond(plain: Any, side: Side, edge: float) -> bool:
    """Whether it stays dark as far as the image goes; beyond a fold or the edge of a shadow paper goes on."""
    height, width = plain.shape
    rows = numpy.arange(height)
    line = numpy.rint(side.start + side.slope * rows).astype(int)
    columns = numpy.arange(width)[None]
    beyond = columns < line[:, None] - 4
    beside = (columns > line[:, None] + 4) & (columns < line[:, None] + 0.1 * width)
    if beyond.sum() < 0.002 * plain.size or not beside.any():
        return True
    paper = numpy.where(beside, plain, 0).sum(axis=1) / numpy.maximum(beside.sum(axis=1), 1)
    beyond &= (paper > 0.35 * float(numpy.median(paper)))[:, None]  # not where a corner is torn off
    bright = (plain > (0.8 if edge >= EDGE else 1 - edge / 2) * paper[:, None]) & beyond
    return float(bright.sum()) <= 0.25 * float(beyond.sum())


def _side(light: Any, edge: float) -> Side | None:
    """The strongest straight step from dark to bright, going right, in the left half of the image."""
    height, width = light.shape
    reach = 4
    sums = cv2.boxFilter(numpy.ascontiguousarray(light), -1, (reach, 1), borderType=cv2.BORDER_REPLICATE)
    step = numpy.zeros_like(sums)
    step[:, reach:-reach] = sums[:, 2 * reach :] - sums[:, : -2 * reach]
    step[:, int(width * 0.45) :] = 0
    # only the crest of each step, so that a row votes once for an edge
    crest = (step >= edge) & (step >= cv2.dilate(step, numpy.ones((1, 7), numpy.uint8)))
    rows, columns = numpy.nonzero(crest)
    if rows.size < 0.2 * height:
        return None
    best = _voted(rows.astype(float), columns.astype(float), numpy.minimum(step[rows, columns], 0.7), height, width)
    if best is None:
        return None
    start, slope = best
    near = numpy.abs(columns - start - slope * rows) < 3
    support = len(numpy.unique(rows[near])) / height
    return Side(start, slope, support, 0.0) if support >= 0.3 else None


def _voted(rows: Floats, columns: Floats, weight: Any, height: int, width: int) -> tuple[float, float] | None:
    best, most = None, 0.0
    for slope in SLOPES:
        place = columns - slope * (rows - height / 2)
        within = (place > -1.5) & (place < width)  # what would cross the middle beyond the image is no side of it
        votes = numpy.bincount(
            numpy.clip(numpy.rint(place[within] / 2), 0, width // 2).astype(int),
            weights=weight[within],
            minlength=width // 2 + 1,
        )
        votes = votes[:-1] + votes[1:]
        top = int(votes.argmax())
        if votes[top] > most:
            near = numpy.abs(place - 2 * top - 1) <= 2.5
            best, most = (float(numpy.median(place[near])) - slope * height / 2, float(slope)), float(votes[top])
    return best


def _sharpened(gray: Any, side: Side, scale: float) -> Side:
    """The side on the larger copy, laid through the steepest place of many short profiles."""
    height, width = gray.shape
    rows = numpy.linspace(0.02 * height, 0.98 * height, 120)
    window = numpy.arange(-9.0, 10.0)
    places = side.start * scale + side.slope * rows
    xs = (places[:, None] + window[None, :]).astype(numpy.float32)
    ys = numpy.repeat(rows[:, None], window.size, axis=1).astype(numpy.float32)
    profile = cv2.remap(numpy.ascontiguousarray(gray), xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    profile = cv2.GaussianBlur(profile, (1, 5), 0) if height > 400 else profile
    rise = profile[:, 2:] - profile[:, :-2]
    tall = rise.max(axis=1)
    inside = (places > 3) & (places < width - 4) & (tall > max(8.0, 0.4 * float(numpy.median(tall))))
    if inside.sum() < 20:
        return Side(side.start * scale, side.slope, side.support, 0.0)
    weight = numpy.maximum(rise - 0.5 * tall[:, None], 0)
    middle = (weight * window[None, 1:-1]).sum(axis=1) / numpy.maximum(weight.sum(axis=1), 1e-6)
    y, x = rows[inside], (places + middle)[inside]
    slope, start, bow = steady_line(y, x)
    return Side(start, slope, side.support, bow)


def steady_line(along: Floats, across: Floats, weight: Floats | None = None) -> tuple[float, float, float]:
    """slope, start and spread of the line through points, some of which are far off."""
    base = numpy.ones_like(along) if weight is None else weight
    trust = base
    slope, start, spread = 0.0, float(numpy.median(across)), 1.0
    for _ in range(8):
        slope, start = (float(v) for v in numpy.polyfit(along, across, 1, w=numpy.sqrt(trust)))
        off = numpy.abs(across - start - slope * along)
        spread = max(0.15, float(numpy.median(off)) * 1.48)
        trust = base / (1 + (off / (1.5 * spread)) ** 4)
    return slope, start, spread
