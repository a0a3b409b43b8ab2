"""The reference tables as typed rows. Plain Python: read by the loader and by the gazetteer.

units.csv, changes.csv: made by scripts/extract_units.py (see NOTICE.txt). history.csv: provinces before 2025, kept by
hand and already inside the first two. missions.csv: diplomatic missions. `verified` is False for what was written
from own knowledge and waits for a source.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FIRST_DAY_OF_TWO_LEVELS = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in one period. Dates are the widest possible reading: a year begins on 1 January and ends on 31 December.

    `valid_from` None: unknown; `valid_to` None: still valid. Precision is "day", "year" or "" (no date).
    `former_names` are accent-less full names without spaces ("huyendateh") the unit, or a part of it, carried earlier.
    """

    id: int
    level: str
    code: str
    name: str
    short_name: str
    kind: str
    parent_code: str
    valid_from: date | None
    from_precision: str
    valid_to: date | None
    to_precision: str
    former_names: tuple[str, ...]
    source: str
    verified: bool
    key: str

    def is_valid_on(self, day: date) -> bool:
        """Whether the unit may have been valid on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One unit became another, or a part of it; keys as in `UnitRow.key`."""

    predecessor: str
    successor: str
    kind: str
    is_default: bool
    at: date
    precision: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class MissionRow:
    """A Vietnamese mission abroad that registers civil status. `country` is ISO 3166-1 alpha-2."""

    number: int
    code: str
    name: str
    country: str
    kind: str
    verified: bool


def partial_date(text: str, *, end: bool = False) -> tuple[date | None, str]:
    """'2008-08-01' -> that day; '1991' -> first (with `end` last) day of the year; '' -> None. With the precision."""
    if not text:
        return None, ""
    if len(text) == 4:
        return (date(int(text), 12, 31) if end else date(int(text), 1, 1)), "year"
    return date.fromisoformat(text), "day"


def _rows(name: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def unit_rows() -> Iterator[UnitRow]:
    """Every unit of every period, provinces first, then districts, then communes."""
    for row in _rows("units.csv"):
        start, start_precision = partial_date(row["valid_from"])
        end, end_precision = partial_date(row["valid_to"], end=True)
        yield UnitRow(
            int(row["id"]), row["level"], row["code"], row["name"], row["short_name"], row["kind"], row["parent"],
            start, start_precision, end, end_precision, tuple(row["former_names"].split()),
            row["source"], row["verified"] == "1", f"{row['level']}/{row['code']}/{row['valid_from']}",
        )  # fmt: skip


def change_rows() -> Iterator[ChangeRow]:
    """Every change between units."""
    for row in _rows("changes.csv"):
        at, precision = partial_date(row["date"])
        assert at is not None, row  # the table has no change without at least a year
        yield ChangeRow(
            row["from"], row["to"], row["kind"], row["is_default"] == "1", at, precision, row["source"],
            row["verified"] == "1",
        )  # fmt: skip


def mission_rows() -> Iterator[MissionRow]:
    """Every mission abroad."""
    for row in _rows("missions.csv"):
        yield MissionRow(
            int(row["number"]), row["code"], row["name"], row["country"], row["kind"], row["verified"] == "1"
        )


def parent_of(unit: UnitRow, by_code: dict[tuple[str, str], list[UnitRow]]) -> UnitRow | None:
    """The next higher unit of the same time. Codes are re-used, so the level and the period decide."""
    if not unit.parent_code:
        return None
    levels = ("district", "province") if unit.level == "commune" and len(unit.parent_code) == 3 else ("province",)
    found = [parent for level in levels for parent in by_code.get((level, unit.parent_code), [])]
    day = unit.valid_from or unit.valid_to
    valid = [parent for parent in found if day is None or parent.is_valid_on(day)]
    return valid[0] if valid else None
