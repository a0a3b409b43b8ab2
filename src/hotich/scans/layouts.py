"""Where cases stand on the pages of a book: drawn once on one page, laid on each other page by its rules.

A drawing holds shares of the ruled frame, never pixels, so another resolution, a shifted sheet or a cut edge does not
matter. The rules of a page are matched with those of the drawing in both directions; missing and additional ones are
borne. How many matched says how well it fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from hotich.kernel.problems import RuleBroken
from hotich.scans.pages import Box, CaseBox, FlatPage
from hotich.scans.rules_of_page import Floats, Rule
from hotich.scans.settings import ScanSettings
from hotich.scans.split import Ruled, rules_of

VERSION = 1
NEAR_MM = 1.6  # how far a rule may lie from where the drawing expects it
UNRULED_FIT = 0.8  # the edges of the sheet alone never fit better than that


@dataclass(frozen=True, slots=True)
class _Axis:
    """Rules of one direction: `place` across their run, `start` and `end` along it."""

    place: Floats
    start: Floats
    end: Floats

    @property
    def weight(self) -> Floats:
        return self.end - self.start


def draw_layout(flat: FlatPage, boxes: Sequence[CaseBox], settings: ScanSettings) -> dict[str, Any]:
    """The drawing (JSON) of boxes an operator set on one page; RuleBroken `layout_without_boxes` when there are none.

    Shape: {"version", "size_mm": [w, h] of the frame, "ruled": {"across", "down"} whether the frame is of rules in that
    direction, "across": [[y, left, right]], "down": [[x, top, bottom]], "boxes": [{"box": [l, t, r, b], "header"}]};
    all places are shares of the frame.
    """
    if not boxes:
        raise RuleBroken("layout_without_boxes")
    page = rules_of(flat)
    across, down = _axes(page)
    frame, ruled = _frame(across, down, page)
    left, top, right, bottom = frame
    width, height = right - left, bottom - top

    def share(box: Box) -> list[float]:
        small = [v * page.scale for v in box]
        return [
            round((small[0] - left) / width, 5),
            round((small[1] - top) / height, 5),
            round((small[2] - left) / width, 5),
            round((small[3] - top) / height, 5),
        ]

    mm = 25.4 / page.dpi
    return {
        "version": VERSION,
        "size_mm": [round(width * mm, 2), round(height * mm, 2)],
        "ruled": {"across": ruled[0], "down": ruled[1]},
        "across": _lines(across, top, height, left, width),
        "down": _lines(down, left, width, top, height),
        "boxes": [{"box": share(b.box), "header": share(b.header) if b.header else None} for b in boxes],
    }


def lay_layout(
    drawing: dict[str, Any], flat: FlatPage, settings: ScanSettings, *, page: Ruled | None = None
) -> tuple[tuple[CaseBox, ...], float]:
    """The boxes of a drawing on another page of the book, and how well they fit: 0 (not at all) to 1.

    Below `settings.layout_fit` an officer has to look. `page`: its rules, where they are known. RuleBroken
    `layout_unreadable`: not a drawing of `draw_layout`.
    """
    if drawing.get("version") != VERSION:
        raise RuleBroken("layout_unreadable")
    page = page or rules_of(flat)
    across, down = _axes(page)
    height, width = page.ink.shape
    size = [v / 25.4 * page.dpi for v in drawing["size_mm"]]
    loose = 0.3 if flat.is_photo or any(f.code == "dpi_assumed" for f in flat.findings) else 0.06
    drawn_across, drawn_down = _read(drawing["across"]), _read(drawing["down"])
    down_fit = _matched(drawn_down, down, size[0], width, loose, page.dpi) if drawing["ruled"]["down"] else None
    across_fit = (
        _matched(drawn_across, across, size[1], height, loose, page.dpi) if drawing["ruled"]["across"] else None
    )
    x = down_fit or _by_edges(size[0], width)
    y = across_fit or _by_edges(size[1], height)
    matrix = _refined(x, y, (drawn_across, across), (drawn_down, down), page.dpi)
    fit = min(x[2], y[2]) * _same_scale(x[0] / size[0], y[0] / size[1])
    fit *= _nothing_beside(across, x) * _nothing_beside(down, y)
    boxes = tuple(
        CaseBox(
            _placed(b["box"], matrix, flat, page), _placed(b["header"], matrix, flat, page) if b["header"] else None
        )
        for b in drawing["boxes"]
    )
    return boxes, round(max(0.0, min(1.0, fit)), 3)


def _axes(page: Ruled) -> tuple[_Axis, _Axis]:
    """The strong rules of a page: those at least a seventh of the page long."""
    height, width = page.ink.shape

    def axis(rules: Sequence[Rule], shortest: float, down: bool) -> _Axis:
        rows = [
            ((r.x0 + r.x1) / 2, r.y0, r.y1) if down else ((r.y0 + r.y1) / 2, r.x0, r.x1)
            for r in rules
            if r.length >= shortest
        ]
        table = numpy.array(sorted(rows), dtype=float).reshape(-1, 3)
        return _Axis(table[:, 0], table[:, 1], table[:, 2])

    return axis(page.ruling.across, width / 7, False), axis(page.ruling.down, height / 7, True)


def _frame(across: _Axis, down: _Axis, page: Ruled) -> tuple[Box, tuple[bool, bool]]:
    """The box around all strong rules; the edge of the sheet in a direction without rules."""
    height, width = page.ink.shape
    ruled = len(across.place) >= 2, len(down.place) >= 2
    left, right = (float(down.place.min()), float(down.place.max())) if ruled[1] else (0.0, float(width))
    top, bottom = (float(across.place.min()), float(across.place.max())) if ruled[0] else (0.0, float(height))
    if right - left < 0.15 * width:
        left, right, ruled = 0.0, float(width), (ruled[0], False)
    if bottom - top < 0.15 * height:
        top, bottom, ruled = 0.0, float(height), (False, ruled[1])
    return (left, top, right, bottom), ruled


def _lines(axis: _Axis, place: float, size: float, start: float, length: float) -> list[list[float]]:
    return [
        [round(float(p - place) / size, 5), round(float(s - start) / length, 5), round(float(e - start) / length, 5)]
        for p, s, e in zip(axis.place, axis.start, axis.end, strict=True)
    ]


def _read(lines: list[list[float]]) -> _Axis:
    table = numpy.array(lines, dtype=float).reshape(-1, 3)
    return _Axis(table[:, 0], table[:, 1], table[:, 2])


Fit = tuple[float, float, float]
"""pixels a share, pixel of share 0, how well it fits."""


def _matched(drawn: _Axis, found: _Axis, size: float, extent: int, loose: float, dpi: float) -> Fit | None:
    """Size and shift at which most of the drawn rules lie on rules of the page; None without rules to go by."""
    if len(found.place) < 2 or len(drawn.place) < 2:
        return None
    near = NEAR_MM / 25.4 * dpi
    scales, starts = _candidates(drawn, found, size, loose)
    if not len(scales):
        return None
    best = (0.0, 0.0, -1.0)
    weight, other = drawn.weight / drawn.weight.sum(), found.weight / found.weight.sum()
    for chunk in range(0, len(scales), 512):
        s, t = scales[chunk : chunk + 512, None], starts[chunk : chunk + 512, None]
        expected = s * drawn.place[None] + t
        off = numpy.abs(expected[:, :, None] - found.place[None, None])
        close = numpy.maximum(0, 1 - (off / near) ** 2)
        visible = (expected > -near) & (expected < extent + near)
        seen = numpy.where(visible, weight[None], 0.5 * weight[None])  # what lies beyond the edge is not missing
        hit = (close.max(axis=2) * weight[None]).sum(axis=1) / numpy.maximum(seen.sum(axis=1), 1e-9)
        inside = (found.place[None] > t - near) & (found.place[None] < s + t + near)
        told = (close.max(axis=1) * other[None]).sum(axis=1) / numpy.maximum((other[None] * inside).sum(axis=1), 1e-9)
        score = hit * (0.6 + 0.4 * told)
        top = int(score.argmax())
        if score[top] > best[2]:
            best = (float(scales[chunk + top]), float(starts[chunk + top]), float(score[top]))
    return best


def _candidates(drawn: _Axis, found: _Axis, size: float, loose: float) -> tuple[Floats, Floats]:
    """Sizes and shifts that lay two drawn rules on two of the page, within what its resolution allows."""
    mine, theirs = _strongest(drawn, 10), _strongest(found, 24)
    i, j = numpy.triu_indices(len(mine), 1)
    k, m = numpy.triu_indices(len(theirs), 1)
    span = mine[j] - mine[i]
    wide = span > 0.25 * max(1e-9, float(span.max()))
    i, j, span = i[wide], j[wide], span[wide]
    scales = (theirs[m] - theirs[k])[None] / span[:, None]
    starts = theirs[k][None] - scales * mine[i][:, None]
    fitting = numpy.abs(scales / size - 1) <= loose
    return scales[fitting], starts[fitting]


def _strongest(axis: _Axis, count: int) -> Floats:
    """Places of the longest rules, and always the outermost two."""
    order = numpy.argsort(-axis.weight)[:count]
    return numpy.unique(numpy.concatenate([axis.place[order], [axis.place.min(), axis.place.max()]]))


def _by_edges(size: float, extent: int) -> Fit:
    """By the edges of the sheet: the drawing had no rules in this direction, or the page has none."""
    return float(extent), 0.0, UNRULED_FIT * max(0.0, 1 - 5 * abs(extent / size - 1))


def _same_scale(x: float, y: float) -> float:
    """Both directions are of one paper: much stretch of one against the other is no fit."""
    return max(0.0, 1 - 3 * max(0.0, abs(x / y - 1) - 0.02))


def _nothing_beside(axis: _Axis, along: Fit) -> float:
    """Less than 1 where much of the ruling of the page lies beside the frame: there is more on it than was drawn."""
    if not len(axis.place):
        return 1.0
    within = numpy.minimum(axis.end, along[0] + along[1]) - numpy.maximum(axis.start, along[1])
    beside = 1 - float(numpy.maximum(within, 0).sum() / axis.weight.sum())
    return 1 - max(0.0, beside - 0.15)


def _refined(x: Fit, y: Fit, across: tuple[_Axis, _Axis], down: tuple[_Axis, _Axis], dpi: float) -> Floats:
    """2 × 3: from shares to pixels of the copy, with the small skew the matched rules show."""
    near = NEAR_MM / 25.4 * dpi
    level = _line_up(y, x, across, near)
    upright = _line_up(x, y, down, near)
    return numpy.array([[upright[0], upright[1], upright[2]], [level[1], level[0], level[2]]])


def _line_up(own: Fit, other: Fit, axes: tuple[_Axis, _Axis], near: float) -> tuple[float, float, float]:
    """Coefficients (of the own share, of the other share, constant) by least squares through the matched rules."""
    drawn, found = axes
    if not len(found.place) or not len(drawn.place):
        return own[0], 0.0, own[1]
    expected = own[0] * drawn.place + own[1]
    rows, values, weights = [], [], []
    for i, place in enumerate(expected):
        start, end = other[0] * drawn.start[i] + other[1], other[0] * drawn.end[i] + other[1]
        overlap = numpy.minimum(found.end, end) - numpy.maximum(found.start, start)
        off = numpy.where(overlap > 0.3 * (end - start), numpy.abs(found.place - place), numpy.inf)
        k = int(off.argmin())
        if off[k] > near:
            continue
        middle = (max(found.start[k], start) + min(found.end[k], end)) / 2
        rows.append((drawn.place[i], (middle - other[1]) / other[0] - 0.5, 1.0))
        values.append(found.place[k])
        weights.append(float(overlap[k]))
    if len({round(r[0], 2) for r in rows}) < 2:
        return own[0], 0.0, own[1]
    return _solved(numpy.array(rows), numpy.array(values), numpy.array(weights), own, near)


def _solved(rows: Floats, values: Floats, weights: Floats, own: Fit, near: float) -> tuple[float, float, float]:
    trust = numpy.sqrt(weights / weights.max())
    lean = numpy.array([[0.0, 0.3 * float(trust.sum()), 0.0]])  # no lean without evidence for it
    answer = numpy.array([own[0], 0.0, own[1]])
    for _ in range(4):
        table = numpy.vstack([rows * trust[:, None], lean * 0.2])
        answer = numpy.linalg.lstsq(table, numpy.concatenate([values * trust, [0.0]]), rcond=None)[0]
        off = numpy.abs(rows @ answer - values)
        trust = numpy.sqrt(weights / weights.max()) / (1 + (off / (0.4 * near)) ** 2)
    return float(answer[0]), float(answer[1]), float(answer[2] - 0.5 * answer[1])


def _placed(box: Sequence[float], matrix: Floats, flat: FlatPage, page: Ruled) -> Box:
    """A box given in shares, in pixels of the page."""
    left, top, right, bottom = box
    corners = numpy.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]])
    x, y = (corners @ matrix.T).T / page.scale
    height, width = flat.pixels.shape[:2]

    def within(value: float, most: int) -> float:
        return max(0.0, min(float(most), value))

    return (
        within(float(x[[0, 3]].mean()), width),
        within(float(y[[0, 1]].mean()), height),
        within(float(x[[1, 2]].mean()), width),
        within(float(y[[2, 3]].mean()), height),
    )
