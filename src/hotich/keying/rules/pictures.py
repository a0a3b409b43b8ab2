"""Where the pieces of a case stand on the one picture its keyer sees: plain numbers, no picture is touched here.

The ground is that of `scans.cut`, which makes the PDF of a case: the same margins, the strip of column titles above a
row, the bar beside it, two halves of a row on facing pages side by side. So a map of regions drawn on one fits the other.
Sheets stand under one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

Box = tuple[int, int, int, int]
Float4 = Sequence[float]

WIDE = 1600  # pixels: a register line is well legible at full zoom
MOST_PIXELS = 3_600_000  # of the whole picture: two sheets of A4 at 150 dots per inch
GAP = 16  # pixels between two sheets

# as scans.cut has them; a test holds both against each other
SAME_HEIGHT, SAME_PLACE, WIDER = 0.12, 0.06, 1.5
TITLES_END_MM, LINE_MM, BAR_MM, GUTTER_MM = 0.6, 0.35, 0.6, 1.6


@dataclass(frozen=True, slots=True)
class PageSize:
    """A rectified page: its size in pixels and its resolution."""

    width: int
    height: int
    dpi: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A cut of a page (`box`, in its pixels) and where it stands on the picture."""

    page: str
    box: Box
    place: Box


@dataclass(frozen=True, slots=True)
class Plan:
    """A picture to be: its size, its pieces, marks (bars and lines) over them, and where each sheet ends."""

    width: int
    height: int
    pieces: tuple[Piece, ...]
    marks: tuple[Box, ...]
    sheets: tuple[int, ...]


@dataclass(slots=True)
class _Column:
    """One part: its cuts under one another, all as wide; in pixels of the lowest resolution."""

    page: str
    cuts: list[Box]
    scale: float
    line: float = 0.0  # between titles and row
    gutter: float = 0.0  # left of it, for the bar
    row_high: float = 0.0  # of the row itself, above `below`
    below: float = 0.0

    @property
    def wide(self) -> float:
        return (self.cuts[0][2] - self.cuts[0][0]) * self.scale + self.gutter

    @property
    def high(self) -> float:
        return sum(cut[3] - cut[1] for cut in self.cuts) * self.scale + self.line * (len(self.cuts) - 1)


def plan_picture(
    parts: Sequence[Mapping[str, object]], pages: Mapping[str, PageSize], *, margin_mm: float, wide: int = WIDE
) -> Plan | None:
    """The picture of a case from its parts; None where a part stands on a page that is not there."""
    known = [part for part in parts if str(part["page"]) in pages]
    if not known or len(known) < len(parts):
        return None
    dpi = min(pages[str(part["page"])].dpi for part in known)
    return _assembled([_columns(sheet, pages, dpi, margin_mm) for sheet in _sheets(known, pages)], wide)


def plan_page(page: str, size: PageSize, *, wide: int = WIDE) -> Plan:
    """The picture of a whole page."""
    return _assembled([[_Column(page, [(0, 0, size.width, size.height)], 1.0)]], wide)


def _sheets(parts: Sequence[Mapping[str, object]], pages: Mapping[str, PageSize]) -> list[list[Mapping[str, object]]]:
    """Parts by sheet: the two halves of one row on facing pages share one."""
    sheets: list[list[Mapping[str, object]]] = []
    for part in parts:
        if sheets and _one_row(sheets[-1][-1], part, pages):
            sheets[-1].append(part)
        else:
            sheets.append([part])
    return sheets


def _one_row(one: Mapping[str, object], other: Mapping[str, object], pages: Mapping[str, PageSize]) -> bool:
    left, right = _box(one["box"]), _box(other["box"])
    left_page, right_page = pages[str(one["page"])], pages[str(other["page"])]
    high = [(left[3] - left[1]) / left_page.dpi, (right[3] - right[1]) / right_page.dpi]
    if abs(high[0] / max(high[1], 1e-6) - 1) > SAME_HEIGHT:
        return False
    if min((box[2] - box[0]) / max(box[3] - box[1], 1e-6) for box in (left, right)) < WIDER:
        return False
    if one["page"] == other["page"]:
        overlap = min(left[3], right[3]) - max(left[1], right[1])
        return right[0] >= left[2] - 0.1 * left_page.dpi and overlap > 0.6 * (left[3] - left[1])
    places = [(box[1] + box[3]) / 2 / page.height for box, page in ((left, left_page), (right, right_page))]
    return abs(places[0] - places[1]) <= SAME_PLACE


def _columns(
    sheet: Sequence[Mapping[str, object]], pages: Mapping[str, PageSize], dpi: float, margin_mm: float
) -> list[_Column]:
    return [
        _column(part, pages[str(part["page"])], dpi, margin_mm, is_first=place == 0) for place, part in enumerate(sheet)
    ]


def _column(part: Mapping[str, object], page: PageSize, dpi: float, margin_mm: float, *, is_first: bool) -> _Column:
    box, margin, scale, name = _box(part["box"]), margin_mm / 25.4 * page.dpi, dpi / page.dpi, str(part["page"])
    if not part.get("header"):
        return _Column(name, [_cut(box, page, margin, margin)], scale)
    head = _box(part["header"])
    left, right = min(head[0], box[0]), max(head[2], box[2])
    if abs(head[3] - box[1]) <= margin:
        around = (left, min(head[1], box[1]), right, max(head[3], box[3]))
        cuts, line = [_cut(around, page, margin, margin)], 0.0
    else:
        cuts = [
            _cut((left, head[1], right, head[3]), page, margin, TITLES_END_MM / 25.4 * page.dpi),
            _cut((left, box[1], right, box[3]), page, margin, margin),
        ]
        line = max(2, round(LINE_MM / 25.4 * page.dpi)) * scale
    gutter = max(3, round(GUTTER_MM / 25.4 * page.dpi)) * scale if is_first else 0.0
    below = (min(page.height, ceil(box[3] + margin)) - box[3]) * scale
    return _Column(name, cuts, scale, line, gutter, (box[3] - box[1]) * scale, below)


def _cut(box: Sequence[float], page: PageSize, margin: float, below: float) -> Box:
    left = min(page.width - 1, max(0, floor(box[0] - margin)))
    top = min(page.height - 1, max(0, floor(box[1] - margin)))
    right = max(left + 1, min(page.width, ceil(box[2] + margin)))
    bottom = max(top + 1, min(page.height, ceil(box[3] + below)))
    return left, top, right, bottom


def _assembled(sheets: Sequence[Sequence[_Column]], wide: int) -> Plan:
    """Sheets under one another, as large as is allowed, never larger than the pages are."""
    across = max(sum(column.wide for column in sheet) for sheet in sheets)
    down = sum(max(column.high for column in sheet) for sheet in sheets)
    shrink = min(1.0, wide / across, (MOST_PIXELS / (across * down)) ** 0.5)
    pieces: list[Piece] = []
    marks: list[Box] = []
    ends: list[int] = []
    top = 0
    for sheet in sheets:
        if top:
            top += GAP
        bottom = top + max(1, round(max(column.high for column in sheet) * shrink))
        left = 0.0
        for column in sheet:
            _stand(column, left, bottom, shrink, pieces, marks)
            left += column.wide * shrink
        ends.append(bottom)
        top = bottom
    return Plan(max(1, round(across * shrink)), top, tuple(pieces), tuple(marks), tuple(ends))


def _stand(column: _Column, left: float, bottom: int, shrink: float, pieces: list[Piece], marks: list[Box]) -> None:
    """Put one part on its sheet, its foot at the foot of the sheet; its marks with it."""
    start = left + column.gutter * shrink
    lower = float(bottom)
    for place, cut in enumerate(reversed(column.cuts)):
        upper = lower - (cut[3] - cut[1]) * column.scale * shrink
        wide = (cut[2] - cut[0]) * column.scale * shrink
        pieces.append(Piece(column.page, cut, _at_least(start, upper, start + wide, lower)))
        if place + 1 < len(column.cuts):
            line = max(2.0, column.line * shrink)
            marks.append(_at_least(left, upper - line, start + wide, upper))
            upper -= column.line * shrink
        lower = upper
    if column.gutter:
        thick = max(1.0, column.gutter * shrink * BAR_MM / GUTTER_MM)
        middle = left + column.gutter * shrink / 2
        foot = bottom - column.below * shrink
        marks.append(_at_least(middle - thick / 2, foot - column.row_high * shrink, middle + thick / 2, foot))


def _at_least(left: float, top: float, right: float, bottom: float) -> Box:
    """Whole pixels, at least one each way."""
    a, b = round(left), max(0, round(top))
    return a, b, max(a + 1, round(right)), max(b + 1, round(bottom))


def _box(value: object) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(each) for each in value)  # type: ignore[attr-defined]
    return left, top, right, bottom
