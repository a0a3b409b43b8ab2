"""Where each field stands on the picture of a case: a start made from the declaration, and what counts as a map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.registers.types.declaration import Field, Kind, Need, RegisterVersion

Region = tuple[float, float, float, float]
"""left, top, right, bottom in shares of the picture, 0 … 1."""

SMALLEST = 0.004  # of the picture: less is a slip of the mouse
# short ones share a row in the books; so many stand beside one another
NARROW = frozenset({Kind.DATE, Kind.TIME, Kind.CODE, Kind.PERSONAL_ID, Kind.ID_NUMBER, Kind.PAGE_NUMBER,
                    Kind.BOOK_NUMBER, Kind.REGISTRATION_NUMBER})  # fmt: skip
BESIDE = 3
MARGIN = 0.03


def fields_of_map(version: RegisterVersion) -> tuple[Field, ...]:
    """The fields a map can place: those of the form, in the order of the book."""
    return tuple(field for field in version.fields if field.on_form)


def proposal(version: RegisterVersion) -> dict[str, Region]:
    """Even rows in the order of the book: a start that is corrected by dragging. What few entries have is left out."""
    rows = list(_rows(field for field in fields_of_map(version) if field.need is not Need.CONDITIONAL))
    high = (1 - 2 * MARGIN) / max(1, len(rows))
    made: dict[str, Region] = {}
    for place, row in enumerate(rows):
        wide = (1 - 2 * MARGIN) / len(row)
        for column, field in enumerate(row):
            left, top = MARGIN + column * wide, MARGIN + place * high
            made[field.code] = _rounded((left, top, left + wide, top + high))
    return made


def _rows(fields: Iterable[Field]) -> Iterable[list[Field]]:
    row: list[Field] = []
    for field in fields:
        is_narrow = field.kind in NARROW
        if row and (not is_narrow or len(row) == BESIDE):
            yield row
            row = []
        row.append(field)
        if not is_narrow:
            yield row
            row = []
    if row:
        yield row


def read_regions(version: RegisterVersion, given: Mapping[str, Any]) -> dict[str, Region]:
    """A map as the editor sent it: known fields, four numbers each, within the picture, in the order of the book.

    Raises RuleBroken region_map_malformed, region_map_empty.
    """
    known = [field.code for field in fields_of_map(version)]
    if not isinstance(given, Mapping) or not set(given) <= set(known):
        raise RuleBroken("region_map_malformed")
    if not given:
        raise RuleBroken("region_map_empty")
    return {code: _read(given[code]) for code in known if code in given}


def _read(sides: Any) -> Region:
    if not isinstance(sides, list | tuple) or len(sides) != 4:
        raise RuleBroken("region_map_malformed")
    if not all(isinstance(side, int | float) and not isinstance(side, bool) and 0 <= side <= 1 for side in sides):
        raise RuleBroken("region_map_malformed")
    left, top, right, bottom = map(float, sides)
    if right - left < SMALLEST or bottom - top < SMALLEST:
        raise RuleBroken("region_map_malformed")
    return _rounded((left, top, right, bottom))


def _rounded(sides: Region) -> Region:
    left, top, right, bottom = (round(side, 4) for side in sides)
    return left, top, right, bottom
