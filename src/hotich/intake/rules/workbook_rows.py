"""The rows of the sheet as they stand, with the numbers Excel shows beside them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from python_calamine import CalamineError, CalamineWorkbook

from hotich.intake.rules.workbook_guard import GuardedWorkbook, column_letters, guard
from hotich.intake.rules.workbook_header import Header, plain, read_header
from hotich.intake.rules.workbook_repair import Raw
from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.cells import ROW_NUMBER

RawRow = tuple[int, list[Raw]]
"""Row number as Excel counts, and the cells from the first column of the heading on."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A workbook read: its heading, its rows that are not empty, and the cells that are not to be believed.

    `formulas` and `faulty` hold (row number, position in the row).
    """

    header: Header
    rows: list[RawRow]
    formulas: frozenset[tuple[int, int]]
    faulty: frozenset[tuple[int, int]]


def read_workbook(content: bytes, *, expected: str = "") -> Sheet:
    """Inspect and read a workbook. The first row with anything in it is the heading.

    Raises RuleBroken as `guard` and `read_header` do, and workbook_damaged, workbook_empty,
    workbook_formula_in_header.
    """
    guarded = guard(content)
    grid, first_row, first_column = _grid(guarded)
    formulas = _shifted(guarded.formulas, first_column)
    faulty = _shifted(guarded.faulty, first_column)
    if not grid:
        raise RuleBroken("workbook_empty")
    for row, position in sorted(formulas):
        if row == first_row:
            raise RuleBroken("workbook_formula_in_header", place=f"{column_letters(position + first_column)}{row}")
    header = read_header([str(cell) for cell in grid[0]], expected=expected)
    marked = {row for row, _ in formulas | faulty}
    counter = [position for position, cell in enumerate(grid[0]) if plain(str(cell)) == plain(ROW_NUMBER)]
    rows = [
        (number, cells)
        for number, cells in enumerate(grid[1:], start=first_row + 1)
        if number in marked or not _is_empty(cells, counter)
    ]
    return Sheet(header, rows, formulas, faulty)


def _grid(guarded: GuardedWorkbook) -> tuple[list[list[Raw]], int, int]:
    """The filled part of the sheet; the numbers of its first row and column, from 1."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(guarded.content)) as workbook:
            sheet = workbook.get_sheet_by_name(guarded.sheet)
            start = sheet.start
            grid = cast(list[list[Raw]], sheet.to_python())
    except (CalamineError, ValueError, OSError) as error:
        raise RuleBroken("workbook_damaged") from error
    except BaseException as error:  # the reader is compiled code: its panics are no Exception
        if type(error).__name__ == "PanicException":
            raise RuleBroken("workbook_damaged") from error
        raise
    if start is None:
        return [], 1, 1
    return grid, start[0] + 1, start[1] + 1


def _shifted(places: frozenset[tuple[int, int]], first_column: int) -> frozenset[tuple[int, int]]:
    return frozenset((row, column - first_column) for row, column in places)


def _is_empty(cells: Sequence[Raw], counter: Sequence[int]) -> bool:
    """A row with nothing but its running number is empty: templates come with the numbers filled in."""
    for position, cell in enumerate(cells):
        if cell != "" and position not in counter and not (isinstance(cell, str) and cell.isspace()):
            return False
    return True
