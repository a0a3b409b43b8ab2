"""Shapes for the table part (`web/parts/table.html`): columns, rows and cells as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "date", "code", "actions"]
Sorted = Literal["", "ascending", "descending"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column head. `sort_url` makes it a link; `sorted` says how the rows are sorted by it now."""

    label: str
    kind: Kind = "text"
    sort_url: str = ""
    sorted: Sorted = ""
    hide_label: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. `tone` shows the text as a badge; `note` is a second, quieter line; `icon` stands before the text."""

    text: Any = ""
    url: str = ""
    tone: str = ""
    note: Any = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row. `key` becomes the anchor `#row-<key>`, which a link can jump to; `tone` "error" or "warning" marks it."""

    key: str
    cells: Sequence[Cell | str | int]
    tone: str = ""


def paired(columns: Sequence[Column], row: Row) -> list[tuple[Column, Cell]]:
    """Each cell with its column. ValueError when a row has not one cell a column."""
    cells = [cell if isinstance(cell, Cell) else Cell(text=cell) for cell in row.cells]
    return list(zip(columns, cells, strict=True))
