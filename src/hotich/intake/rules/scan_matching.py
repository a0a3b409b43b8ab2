"""Which PDF belongs to which row. Decided for the whole workbook before anything is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotich.intake.rules.file_names import ScanName
from hotich.registers.rules.parameters import constant

SCAN_MISSING = "scan_missing"
SCAN_TOO_LARGE = "scan_too_large"
SCAN_UNREADABLE = "scan_unreadable"
SCAN_ENCRYPTED = "scan_encrypted"
SCAN_CODES = frozenset({SCAN_MISSING, SCAN_TOO_LARGE, SCAN_UNREADABLE, SCAN_ENCRYPTED})
"""Findings about the scan of a case, which its values cannot mend."""


def largest_scan() -> int:
    """The most bytes the PDF of a case may have: the budget by which scans are made here as well."""
    return constant("scan_budget")


@dataclass(frozen=True, slots=True)
class RowKey:
    """What finds a row by the name of its scan."""

    row: int
    book: str
    book_year: int | None
    number: int
    suffix: str
    registered: int | None


@dataclass(frozen=True, slots=True)
class Matching:
    """`by_row`: row number -> name of the file. `unmatched`: names that belong to no row."""

    by_row: Mapping[int, str]
    unmatched: tuple[str, ...]


_Key = tuple[str, int | None, int]  # book, year of the book, number


def match_scans(names: Mapping[str, ScanName | None], rows: Iterable[RowKey], letters: str) -> Matching:
    """Give rows their files: the exact suffix first, then doubled files ("288(1)") to doubled rows in their order.

    Rows of one number in a register whose cases have several rows share their file: pass such a number once for each
    row, and the file goes to all of them when there is only one.
    """
    by_key: dict[_Key, list[RowKey]] = defaultdict(list)
    for row in rows:
        by_key[row.book, row.book_year, row.number].append(row)
    taken: dict[int, str] = {}
    used: set[str] = set()
    readable = sorted(
        (name, read) for name, read in names.items() if read is not None and read.register_type == letters
    )
    for exact in (True, False):
        for name, read in readable:
            if name in used:
                continue
            candidates = [row for row in _fitting(by_key, read, exact) if row.row not in taken]
            if candidates:
                taken[candidates[0].row] = name
                used.add(name)
    return Matching(taken, tuple(sorted(name for name in names if name not in used)))


def share_between_siblings(matching: Matching, groups: Iterable[tuple[int, ...]]) -> Matching:
    """Rows that are one case (several changed fields) share the file of whichever of them has it."""
    by_row = dict(matching.by_row)
    for group in groups:
        name = next((by_row[row] for row in group if row in by_row), None)
        if name:
            by_row.update(dict.fromkeys((row for row in group if row not in by_row), name))
    return Matching(by_row, matching.unmatched)


def _fitting(by_key: Mapping[_Key, list[RowKey]], read: ScanName, exact: bool) -> list[RowKey]:
    suffix = read.suffix if exact else read.plain_suffix
    found = [row for row in by_key.get((read.book, read.book_year, read.number), ()) if row.suffix.lower() == suffix]
    if read.registered is not None:
        return [row for row in found if row.registered in (read.registered, None)]
    # a book may hold two years; without a year in the name, the year the book was opened in comes first
    own = [row for row in found if row.registered in (read.book_year, None)]
    years = {row.registered for row in found}
    return own or (found if len(years) == 1 else [])
