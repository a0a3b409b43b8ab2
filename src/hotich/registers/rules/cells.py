"""Between the cells of a workbook row and the values of a case, without loss in either direction.

A blank cell is a value that the book does not have; a cell that says "[không đọc được]" is one that cannot be read.
Everything else, dates too, is kept word for word: reading it is the business of the checks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hotich.registers.rules.values import ILLEGIBLE_MARK, AsRecorded, Reason, Recorded, is_illegible_mark
from hotich.registers.types.declaration import RegisterVersion

ROW_NUMBER = "STT"  # heading of the running number that some templates put before the fields; not a field


def column_map(version: RegisterVersion) -> dict[str, str]:
    """Heading in a workbook -> code of the field, for all fields, also those no template has."""
    return {field.import_key: field.code for field in version.fields}


def default_template(version: RegisterVersion) -> str:
    """The name of the newest template of a register: "70" for births, else "default"."""
    return next(iter(version.column_sets))


def headings(version: RegisterVersion, template: str = "", used: Collection[str] = ()) -> tuple[str, ...]:
    """The headings of a template in order, then those of `used` that it lacks, in the order of the book.

    `used`: headings that some row has a value for, so that an export drops nothing. Raises KeyError for an
    unknown template.
    """
    chosen = version.column_sets[template or default_template(version)]
    present = set(chosen)
    return (*chosen, *(f.import_key for f in version.fields if f.import_key in used and f.import_key not in present))


def from_cell(text: str) -> Recorded | None:
    """The value of one cell; None for a blank cell."""
    if not text or text.isspace():
        return None
    if text == ILLEGIBLE_MARK:
        return {"text": "", "reason": Reason.ILLEGIBLE.value}
    if is_illegible_mark(text):
        # typed in another way: the cell's own text is kept beside the reason, so that it comes out as it went in
        return {"text": text, "reason": Reason.ILLEGIBLE.value}
    return text


def to_cell(raw: Recorded | None) -> str:
    """The cell of one value; "" for a blank one, for one the book does not have, and for a surrogate of ours."""
    if raw is None or isinstance(raw, str):
        return raw or ""
    if raw.get("reason") == Reason.ASSIGNED:
        return ""  # the book shows nothing there
    text = raw.get("text", "")
    return text or (ILLEGIBLE_MARK if raw.get("reason") == Reason.ILLEGIBLE else "")


def from_cells(version: RegisterVersion, cells: Mapping[str, str]) -> dict[str, Recorded]:
    """The values of a row: code of the field -> value. Headings the register does not have are passed over."""
    made: dict[str, Recorded] = {}
    for field in version.fields:
        text = cells.get(field.column or field.code)
        if text and (value := from_cell(text)) is not None:
            made[field.code] = value
    return made


def to_cells(version: RegisterVersion, values: AsRecorded) -> dict[str, str]:
    """The cells of a case: heading -> text. Blank cells are left out."""
    made: dict[str, str] = {}
    for field in version.fields:
        raw = values.get(field.code)
        if raw and (text := to_cell(raw)):
            made[field.column or field.code] = text
    return made
