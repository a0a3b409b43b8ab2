"""Reading the Ministry's answer to a file of rows: a workbook with the columns so, quyenSo, trangThai, lyDo."""

from __future__ import annotations

import io
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from hotich.intake.rules.workbook_guard import guard
from hotich.intake.rules.workbook_header import plain
from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import strip_marks

_WANTED = ("so", "quyenSo", "trangThai")
_ACKNOWLEDGED = frozenset({"acknowledged", "da tiep nhan", "tiep nhan", "thanh cong", "dat", "1"})
_REJECTED = frozenset({"rejected", "bi tu choi", "tu choi", "loi", "khong dat", "0", "2"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the answer. `accepted` False: `reason` says why."""

    row: int
    number: str
    book: str
    accepted: bool
    reason: str
    receipt: str


def read_response(content: bytes) -> list[Answer]:
    """The lines of an answer. Raises RuleBroken as `guard` does, and response_columns_missing, response_state_unknown,
    dispatch_reason_missing."""
    guarded = guard(content, "")
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(guarded.content)) as workbook:
            sheet = workbook.get_sheet_by_name(guarded.sheet)
            start = sheet.start
            grid = [[_text(cell) for cell in line] for line in sheet.to_python()]
    except (CalamineError, ValueError) as error:
        raise RuleBroken("workbook_damaged") from error
    places = {plain(heading): place for place, heading in enumerate(grid[0])} if grid else {}
    if missing := [name for name in _WANTED if plain(name) not in places]:
        raise RuleBroken("response_columns_missing", columns=", ".join(missing))
    first = start[0] + 1 if start else 1
    return [
        _answer(number, line, places)
        for number, line in enumerate(grid[1:], start=first + 1)
        if any(map(str.strip, line))
    ]


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _answer(row: int, line: list[str], places: dict[str, int]) -> Answer:
    def cell(name: str) -> str:
        place = places.get(plain(name))
        return line[place].strip() if place is not None and place < len(line) else ""

    state = strip_marks(cell("trangThai").casefold())
    if state not in _ACKNOWLEDGED | _REJECTED:
        raise RuleBroken("response_state_unknown", row=row, state=cell("trangThai"))
    accepted, reason = state in _ACKNOWLEDGED, cell("lyDo")
    if not accepted and not reason:
        raise RuleBroken("dispatch_reason_missing", row=row)
    return Answer(row, cell("so"), cell("quyenSo"), accepted, reason[:500], cell("maTiepNhan")[:200])
