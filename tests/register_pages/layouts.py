"""The layouts: forms, tables, openings, hand-ruled lists, rows over two facing pages, forms nobody filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .sheet import Sheet
from .truth import Box, Part
from .words import MARGIN_NOTES, NOTES, Field, birth_fields, day, person, place, table_cells

A4, A3, A2 = (2480, 3508), (4961, 3508), (7016, 4961)  # pixels at 300 dpi, as are the frames below
FULL: Box = (120, 120, 2360, 3388)
HALVES: tuple[Box, Box] = ((120, 120, 2360, 1700), (120, 1800, 2360, 3388))
OPENING: tuple[Box, Box] = ((105, 120, 2415, 3390), (2550, 120, 4860, 3390))
TITLES = ("Số", "Họ và tên", "Ngày sinh", "Nơi sinh, quê quán", "Họ tên cha, mẹ", "Ghi chú")
SHARES = (0, 0.06, 0.26, 0.38, 0.68, 0.88, 1)
RIGHT_TITLES = ("Người đi đăng ký", "Nơi cư trú", "Ngày đăng ký", "Ghi chú")
RIGHT_SHARES = (0, 0.26, 0.62, 0.78, 1)


def form(
    sheet: Sheet,
    frame: Box,
    scale: float = 1.0,
    fields: Sequence[Field] | None = None,
    *,
    filled: bool = True,
    part: int = 1,
) -> None:
    """One birth case as a framed form: printed labels, dotted leaders, handwritten values. `part`: of its sheets."""
    k = sheet.unit * scale
    x0, y0, x1, y1 = (value * sheet.unit for value in frame)
    sheet.begin_case(Part((x0, y0, x1, y1)), case=1 if part > 1 else None, sheet=part)
    title = "SỔ ĐĂNG KÝ KHAI SINH" if part == 1 else "SỔ ĐĂNG KÝ KHAI SINH (tiếp theo)"
    sheet.label((x0 + x1) / 2, y0 + 70 * k, title, 52 * k, bold=True, anchor="ms")
    fields, y = fields or birth_fields(sheet.rng), y0 + 185 * k
    step = (y1 - y - 40 * k) / len(fields)
    for label, value in fields:
        x = sheet.label(x0 + 30 * k, y, label, 42 * k) + 24 * k
        for dot in range(int(x), int(x1 - 30 * k), max(4, int(9 * k))):
            sheet.pen.ellipse((dot, y + 6 * k, dot + 2 * k, y + 8 * k), fill=200)
        if filled:
            sheet.write(x + 10 * k, y - 2 * k, value, min(62 * k, step * 0.62), x1 - 50 * k - x)
        y += step
    sheet.pen.rectangle((x0, y0, x1, y1), outline=255, width=max(2, int(4 * k)))


def _cells(
    sheet: Sheet, edges: Sequence[float], top: float, height: float, cells: Sequence[Sequence[str]], k: float
) -> None:
    for left, right, texts in zip(edges, edges[1:], cells, strict=False):
        for i, text in enumerate(texts):
            base = top + height * (0.6 if len(texts) == 1 else 0.42 + 0.42 * i)
            sheet.write(left + 14 * k, base, text, min(54 * k, height * 0.36), right - left - 24 * k)


def _ruling(sheet: Sheet, across: Sequence[float], down: Sequence[float], k: float, by_hand: bool) -> None:
    """The rules of a table: `across` are the heights of the level ones, `down` the places of the upright ones."""
    x0, x1, y0, y1 = down[0], down[-1], across[0], across[-1]
    lines = [((x0, y), (x1, y)) for y in across] + [((x, y0), (x, y1)) for x in down]
    for start, end in lines:
        if by_hand:
            sheet.hand_line(start, end)
        else:
            sheet.pen.line((*start, *end), fill=255, width=max(2, int(4 * k)))


def _titles(sheet: Sheet, edges: Sequence[float], top: float, titles: Sequence[str], k: float, by_hand: bool) -> None:
    sheet.current = None  # the column titles belong to no case
    for title, left, right in zip(titles, edges, edges[1:], strict=False):
        if by_hand:
            sheet.write(left + 14 * k, top + 76 * k, title, 42 * k, right - left - 24 * k)
        else:
            sheet.label((left + right) / 2, top + 70 * k, title, 36 * k, bold=True, anchor="ms")


def table(
    sheet: Sheet, frame: Box, rows: int = 14, scale: float = 0.8, *, by_hand: bool = False, filled: bool = True
) -> None:
    """A ruled table with one case a row and column titles on top."""
    k = sheet.unit * scale
    x0, y0, x1, y1 = (value * sheet.unit for value in frame)
    edges = [x0 + (x1 - x0) * share for share in SHARES]
    first = y0 + 110 * k
    height = (y1 - first) / rows
    _ruling(sheet, [y0, *(first + i * height for i in range(rows + 1))], edges, k, by_hand)
    _titles(sheet, edges, y0, TITLES, k, by_hand)
    for row in range(rows):
        top = first + row * height
        sheet.begin_case(Part((x0, top, x1, top + height), (x0, y0, x1, first)))
        if filled:
            _cells(sheet, edges, top, height, table_cells(sheet.rng, row + 1), k)


def facing_rows(sheet: Sheet, rows: int = 12, scale: float = 0.8) -> None:
    """An opening whose rows go over both pages: one case is a row of the left page and the same row of the right."""
    k = sheet.unit * scale
    left, right = (tuple(value * sheet.unit for value in frame) for frame in OPENING)
    y0, y1 = left[1], left[3]
    first = y0 + 110 * k
    height = (y1 - first) / rows
    across = [y0, *(first + i * height for i in range(rows + 1))]
    near = [left[0] + (left[2] - left[0]) * share for share in SHARES]
    far = [right[0] + (right[2] - right[0]) * share for share in RIGHT_SHARES]
    for edges, titles in ((near, TITLES), (far, RIGHT_TITLES)):
        _ruling(sheet, across, edges, k, by_hand=False)
        _titles(sheet, edges, y0, titles, k, by_hand=False)
    rng = sheet.rng
    for row in range(rows):
        top = first + row * height
        sheet.begin_case(
            *(Part((edges[0], top, edges[-1], top + height), (edges[0], y0, edges[-1], first)) for edges in (near, far))
        )
        _cells(sheet, near, top, height, table_cells(rng, row + 1), k)
        _cells(sheet, far, top, height, [[person(rng)], [place(rng)], [day(rng)], [rng.choice(NOTES)]], k)


def margin_notes(sheet: Sheet, frame: Box, count: int = 3) -> None:
    """Later notes in the margin, small, some on their side: they belong to the case beside them."""
    k, rng = sheet.unit, sheet.rng
    x0, y0, x1, y1 = (value * k for value in frame)
    for i in range(count):
        y = y0 + (y1 - y0) * (i + rng.uniform(0.3, 0.7)) / count
        case = next((case.case for case in sheet.cases if case.box[1] <= y <= case.box[3]), None)
        sheet.current = case
        sheet.write(x0 + (x1 - x0) * rng.uniform(0.5, 0.62), y, rng.choice(MARGIN_NOTES), 34 * k, (x1 - x0) * 0.36)


def strikes(sheet: Sheet, count: int = 3) -> None:
    """Corrections: a value struck out and the right one written above it."""
    written = [line for line in sheet.lines if line.kind == "hand" and line.case is not None]
    for line in sheet.rng.sample(written, min(count, len(written))):
        sheet.strike(line.box)
        left, top, right, bottom = line.box
        sheet.current = line.case
        new = day(sheet.rng) if any(char.isdigit() for char in line.text) else person(sheet.rng)
        sheet.write(left + (right - left) * 0.2, top + (bottom - top) * 0.1, new, (bottom - top) * 0.42, right - left)


def _one_form(sheet: Sheet) -> None:
    form(sheet, FULL)


def _two_forms(sheet: Sheet) -> None:
    for frame in HALVES:
        form(sheet, frame, 0.72)


def _opening(sheet: Sheet) -> None:
    ruled = sheet.rng.random() < 0.5
    for frame in OPENING:
        table(sheet, frame) if ruled else form(sheet, frame)


def _phone(sheet: Sheet) -> None:
    sheet.rng.choice([_one_form, _two_forms])(sheet)


def _empty_form(sheet: Sheet) -> None:
    form(sheet, FULL, filled=False)


def _empty_table(sheet: Sheet) -> None:
    table(sheet, FULL, filled=False)


def _hand_ruled(sheet: Sheet) -> None:
    table(sheet, FULL, rows=12, by_hand=True)


Drawing = Callable[[Sheet], None]
LAYOUTS: dict[str, tuple[tuple[int, int], Drawing]] = {
    "form": (A4, _one_form),
    "halves": (A4, _two_forms),
    "table": (A4, lambda sheet: table(sheet, FULL)),
    "hand_ruled": (A4, _hand_ruled),
    "opening": (A3, _opening),
    "opening_forms": (A3, lambda sheet: [form(sheet, frame) for frame in OPENING] and None),
    "opening_tables": (A3, lambda sheet: [table(sheet, frame) for frame in OPENING] and None),
    "facing_rows": (A3, facing_rows),
    "large": (A2, lambda sheet: table(sheet, (120, 120, 6896, 4841), rows=24, scale=1.1)),
    "phone": (A4, _phone),
    "faint": (A4, _one_form),
    "blank": (A4, lambda sheet: None),
    "blank_form": (A4, _empty_form),
    "blank_table": (A4, _empty_table),
}
"""Name → size of the sheet at 300 dpi and what draws it."""
STAMPED = {
    "form",
    "halves",
    "table",
    "hand_ruled",
    "opening",
    "opening_forms",
    "opening_tables",
    "facing_rows",
    "phone",
}
"""Layouts that carry an office stamp near the end of each page."""
