"""A workbook and its scans, put together before anything is stored: which file goes to which row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotich.intake.rules.file_names import PATTERNS, ScanNames
from hotich.intake.rules.row_examination import Setting
from hotich.intake.rules.scan_matching import RowKey, match_scans, share_between_siblings
from hotich.intake.rules.workbook_repair import compose_number, mend
from hotich.intake.rules.workbook_rows import RawRow
from hotich.registers.rules.reading import read_book, read_date, read_number
from hotich.registers.types.declaration import Field

_KEYS = ("registration_number", "register_book_no", "registration_date")


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """`by_row`: row -> path of its file; `unmatched`: paths that belong to no row."""

    given: bool = False
    by_row: Mapping[int, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()


def plan_scans(
    paths: Sequence[str],
    setting: Setting,
    rows: Sequence[RawRow],
    *,
    row_fields: Sequence[str] = (),
    patterns: Sequence[str] = PATTERNS,
) -> ScanPlan:
    """Match files to rows by their names (registers.md 3.4)."""
    names = ScanNames(patterns)
    keys = row_keys(setting, rows)
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    if row_fields:
        for key in keys:
            groups[key.book, key.book_year, key.registered, key.number, key.suffix].append(key.row)
    matching = match_scans({path: names.read(path) for path in paths}, keys, setting.letters)
    matching = share_between_siblings(matching, [tuple(rows) for rows in groups.values()])
    return ScanPlan(True, matching.by_row, matching.unmatched)


def row_keys(setting: Setting, rows: Sequence[RawRow]) -> list[RowKey]:
    """The number, book and year of each row, read as the examination will read them."""
    places = {item.code: (position, item) for position, item in setting.columns if item.code in _KEYS}
    found = []
    for row, cells in rows:
        number_text, book_text, date_text = (_text(places.get(code), cells) for code in _KEYS)
        when = read_date(date_text, None).date
        number = read_number(compose_number(number_text, when.year if when else None) or number_text)
        book = read_book(book_text)
        if number is None or book is None:
            continue
        registered = number.year or (when.year if when else None)
        found.append(RowKey(row, book.number, book.year, number.number, number.suffix, registered))
    return found


def books_named(setting: Setting, rows: Sequence[RawRow]) -> set[tuple[str, int]]:
    """Number and year of every book the rows name, as the examination will read them."""
    places = [(position, item) for position, item in setting.columns if item.code == "register_book_no"]
    texts = {_text(place, cells) for place in places for _, cells in rows}
    read = (read_book(text) for text in texts)
    return {(book.number, book.year) for book in read if book is not None and book.year is not None}


def _text(place: tuple[int, Field] | None, cells: Sequence[object]) -> str:
    if place is None or place[0] >= len(cells) or cells[place[0]] == "":
        return ""
    return mend(place[1], cells[place[0]])[0]  # type: ignore[arg-type]  # cells are what the reader gave
