"""The ruling lines of a page: what straightening, splitting and laying a layout go by.

All of it works on a small gray copy of the page; a rule three pixels wide at 300 dpi is one grey pixel there and is
found all the same, because ink is judged against the paper around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy
import numpy.typing

from hotich.scans.pages import Pixels

Mask = numpy.typing.NDArray[numpy.uint8]
"""(height, width), 0 or 255."""

Floats = numpy.typing.NDArray[numpy.float64]


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line, from left to right (across) or from top to bottom (down), in pixels of the image searched.

    `solid`: the share of its length where there is ink. `bow`: how far the ink leaves the straight line, in pixels.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    solid: float = 1.0
    bow: float = 0.0

    @property
    def length(self) -> float:
        return float(numpy.hypot(self.x1 - self.x0, self.y1 - self.y0))

    def scaled(self, scale: float) -> Rule:
        return Rule(self.x0 * scale, self.y0 * scale, self.x1 * scale, self.y1 * scale, self.solid, self.bow * scale)


@dataclass(frozen=True, slots=True)
class Ruling:
    """All rules of a page: `across` from top to bottom, `down` from left to right."""

    across: tuple[Rule, ...] = ()
    down: tuple[Rule, ...] = ()

    def scaled(self, scale: float) -> Ruling:
        return Ruling(tuple(r.scaled(scale) for r in self.across), tuple(r.scaled(scale) for r in self.down))


def small_copy(pixels: Pixels, longest: int) -> tuple[Mask, float]:
    """A gray copy whose longer side has at most `longest` pixels, and its size as a share of the original's."""
    height, width = pixels.shape[:2]
    scale = min(1.0, longest / max(height, width))
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return numpy.asarray(gray, dtype=numpy.uint8), scale


def even_light(gray: Mask) -> Mask:
    """The gray copy with the paper at 255 everywhere: shadows and yellowing divided out."""
    height, width = gray.shape
    small = cv2.resize(gray, (max(8, width // 4), max(8, height // 4)), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, numpy.ones((9, 9), numpy.uint8))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 9), (0, 0), 3)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return numpy.asarray(cv2.divide(gray, numpy.maximum(paper, 1), scale=255), dtype=numpy.uint8)


def ink_of(even: Mask, below: int = 215) -> Mask:
    """Where there is ink on a page of even light: darker than `below` and than most of the paper's own grain."""
    sample = even[::3, ::3]
    paper = sample[sample > 200]
    grain = float(paper.std()) if paper.size > 100 else 0.0
    return numpy.asarray((even < min(below, 250 - 3 * grain)) * numpy.uint8(255), dtype=numpy.uint8)


def segments(ink: Mask, shortest: float, run: int, *, thickness: float = 6.0) -> list[Rule]:
    """Straight pieces that lie across, at least `shortest` long, made of unbroken runs of `run` pixels.

    A slope of up to `4 / run` is followed. Pieces thicker than `thickness` are blots or black borders; a rule that
    runs into one ends there.
    """
    blots = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((9, 9), numpy.uint8))
    ink = numpy.asarray(cv2.bitwise_and(ink, cv2.bitwise_not(cv2.dilate(blots, numpy.ones((5, 5), numpy.uint8)))))
    thick = cv2.dilate(ink, numpy.ones((3, 1), numpy.uint8))
    kept = cv2.morphologyEx(thick, cv2.MORPH_OPEN, numpy.ones((1, max(3, run)), numpy.uint8))
    total, labels, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8, ltype=cv2.CV_32S)
    if total < 2:
        return []
    wanted = (stats[:, cv2.CC_STAT_WIDTH] >= shortest) & (
        stats[:, cv2.CC_STAT_AREA] <= (thickness + 2) * stats[:, cv2.CC_STAT_WIDTH]
    )
    wanted[0] = False
    rows, columns = numpy.nonzero(wanted[labels] & (ink > 0))
    return _fitted(labels[rows, columns], rows.astype(float), columns.astype(float), total, stats, shortest, thickness)


def _fitted(
    names: Any, rows: Floats, columns: Floats, total: int, stats: Any, shortest: float, thickness: float
) -> list[Rule]:
    """A line of least squares through the pixels of every component, all at once."""

    def added(values: Floats | None = None) -> Floats:
        return numpy.bincount(names, weights=values, minlength=total).astype(float)

    count = numpy.maximum(added(), 1)
    x, y = added(columns) / count, added(rows) / count
    xx, xy, yy = (added(a * b) / count for a, b in ((columns, columns), (columns, rows), (rows, rows)))
    spread = numpy.maximum(xx - x * x, 1e-9)
    slope = (xy - x * y) / spread
    bow = numpy.sqrt(numpy.maximum(yy - y * y - slope * (xy - x * y), 0))
    left = stats[:, cv2.CC_STAT_LEFT].astype(float)
    right = left + stats[:, cv2.CC_STAT_WIDTH] - 1
    found = []
    for i in numpy.flatnonzero((added() >= shortest * 0.6) & (bow <= thickness) & (numpy.abs(slope) < 0.5)):
        solid = min(1.0, float(count[i] / max(1.0, right[i] - left[i])))
        ends = (y[i] + slope[i] * (left[i] - x[i]), y[i] + slope[i] * (right[i] - x[i]))
        found.append(Rule(float(left[i]), float(ends[0]), float(right[i]), float(ends[1]), solid, float(bow[i])))
    return found


def turned_rules(rules: list[Rule]) -> list[Rule]:
    """Rules found on the transposed image, as they lie on the image itself (down instead of across)."""
    return [Rule(r.y0, r.x0, r.y1, r.x1, r.solid, r.bow) for r in rules]


def loose_ruling(ink: Mask, shortest: float, run: int = 22) -> Ruling:
    """Straight pieces of a page that may still be crooked by 8 degrees or seen at an angle."""
    across = segments(ink, shortest, run)
    down = turned_rules(segments(numpy.ascontiguousarray(ink.T), shortest, run))
    return Ruling(tuple(across), tuple(down))


def ruling_of(ink: Mask, shortest: float, run: int, apart: float) -> Ruling:
    """The rules of a straightened page; pieces on one line, broken by up to `apart` pixels, are one rule."""
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones((1, 5), numpy.uint8))
    across = _joined(segments(numpy.asarray(closed), run * 1.2, run), apart)
    closed = cv2.morphologyEx(numpy.ascontiguousarray(ink.T), cv2.MORPH_CLOSE, numpy.ones((1, 5), numpy.uint8))
    down = turned_rules(_joined(segments(numpy.asarray(closed), run * 1.2, run), apart))
    return Ruling(
        tuple(sorted((r for r in across if r.length >= shortest), key=lambda r: r.y0 + r.y1)),
        tuple(sorted((r for r in down if r.length >= shortest), key=lambda r: r.x0 + r.x1)),
    )


def _joined(pieces: list[Rule], apart: float) -> list[Rule]:
    """Pieces across that continue one another, from left to right, become one rule."""
    open_rules: list[list[Rule]] = []
    for piece in sorted(pieces, key=lambda r: r.x0):
        best, nearest = None, 3.5
        for chain in open_rules:
            last = chain[-1]
            gap = piece.x0 - max(r.x1 for r in chain[-3:])
            if -0.5 * piece.length <= gap <= apart:
                off = abs(_height_at(chain, piece.x0) - piece.y0)
                if off < nearest + 0.01 * max(0.0, gap) and piece.x1 > last.x1:
                    best, nearest = chain, off
        if best is None:
            open_rules.append([piece])
        else:
            best.append(piece)
    return [_one(chain) for chain in open_rules]


def _height_at(chain: list[Rule], x: float) -> float:
    """Where a chain of pieces would pass x: along the last long piece, or along the whole chain."""
    first, last = chain[0], chain[-1]
    run = last.x1 - first.x0
    slope = (last.y1 - first.y0) / run if run > 120 else 0.0
    return last.y1 + max(-0.03, min(0.03, slope)) * (x - last.x1)


def _one(chain: list[Rule]) -> Rule:
    if len(chain) == 1:
        return chain[0]
    x = numpy.array([v for r in chain for v in (r.x0, r.x1)])
    y = numpy.array([v for r in chain for v in (r.y0, r.y1)])
    weight = numpy.sqrt(numpy.array([r.length for r in chain for _ in range(2)]))
    slope, height = numpy.polyfit(x - x.min(), y, 1, w=weight)
    left, right = float(x.min()), float(x.max())
    inked = sum(r.solid * r.length for r in chain)
    bow = float(numpy.sqrt(numpy.average((y - height - slope * (x - left)) ** 2, weights=weight)))
    solid = min(1.0, inked / max(1.0, right - left))
    return Rule(left, float(height), right, float(height + slope * (right - left)), solid, bow + chain[0].bow)
