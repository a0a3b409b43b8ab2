"""What Excel does to the cells of a book, undone and reported: dates, floats, zeros lost at the front, stray characters.

The repaired text counts as the cell. Nothing is guessed: a value that two texts could have become stays as it is and
the checks speak.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from hotich.kernel.text import clean_text
from hotich.registers.types.declaration import Field, Kind

EXCEL_DATE_CELL = "excel_date_cell"
EXCEL_SERIAL_DATE = "excel_serial_date"
EXCEL_FLOAT_NUMBER = "excel_float_number"
EXCEL_LOST_LEADING_ZERO = "excel_lost_leading_zero"
EXCEL_BOOLEAN_CELL = "excel_boolean_cell"
NUMBER_COMPOSED = "number_composed"
TEXT_CLEANED = "text_cleaned"

Raw = str | int | float | bool | date | datetime | time | timedelta
"""A cell as the reader of workbooks gives it."""

_FIRST_SERIAL, _LAST_SERIAL = 10_000, 60_000  # 18/05/1927 – 08/04/2064: below, a number may be a year or an age
_SERIAL_EPOCH = date(1899, 12, 30)  # as counted since 1 March 1900; earlier serials are not touched
_FIGURES = frozenset({Kind.CODE, Kind.PAGE_NUMBER, Kind.PERSONAL_ID, Kind.ID_NUMBER, Kind.REGISTRATION_NUMBER,
                      Kind.BOOK_NUMBER, Kind.DATE})  # fmt: skip
_FLOAT_TEXT = re.compile(r"(\d+)\.0+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# lengths of identity numbers that have lost zeros at the front -> their true length
_PERSONAL_ID = {10: 12, 11: 12}  # numbers of Hà Nội begin with 001
_ID_NUMBER = {8: 9, 10: 12, 11: 12}


def mend(field: Field, raw: Raw) -> tuple[str, str]:
    """The text of a cell, and the code of what was mended ("" for nothing)."""
    if isinstance(raw, str):
        return _mend_text(field, raw)
    if isinstance(raw, bool):
        return ("1" if raw else "0"), EXCEL_BOOLEAN_CELL
    if isinstance(raw, (int, float)):
        return _mend_number(field, float(raw))
    return _mend_moment(field, raw), EXCEL_DATE_CELL


def _mend_text(field: Field, text: str) -> tuple[str, str]:
    kind = field.kind
    if kind in _FIGURES and text[-1:] == "0" and (found := _FLOAT_TEXT.fullmatch(text.strip())):
        # a program wrote the number before the workbook was made: the same damage, kept as text
        return _mend_number(field, float(found.group(1)))
    if text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text, ""
    cleaned = _cleaned_lines(text) if kind is Kind.LONG_TEXT else _cleaned(text)
    return cleaned, (TEXT_CLEANED if cleaned != text and cleaned else "")


@lru_cache(maxsize=65536)
def _cleaned(text: str) -> str:
    # what a control character stood for is not ours to guess: the row is refused by its check
    return text if _CONTROLS.search(text) else clean_text(text)


def _cleaned_lines(text: str) -> str:
    if _CONTROLS.search(text):
        return text
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(clean_text(line) for line in lines).strip()


def _mend_number(field: Field, value: float) -> tuple[str, str]:
    if value != value or abs(value) >= 1e15:  # no longer exact: shown as it is, the checks will refuse it
        return repr(value), EXCEL_FLOAT_NUMBER
    if value != int(value):
        return _mend_fraction(field, value)
    text = str(int(value))
    if field.kind is Kind.DATE and _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return day_text(_SERIAL_EPOCH + timedelta(days=int(value))), EXCEL_SERIAL_DATE
    wanted = {Kind.PERSONAL_ID: _PERSONAL_ID, Kind.ID_NUMBER: _ID_NUMBER}.get(field.kind, {}).get(len(text))
    if wanted and value > 0:
        return text.zfill(wanted), EXCEL_LOST_LEADING_ZERO
    return text, EXCEL_FLOAT_NUMBER


def _mend_fraction(field: Field, value: float) -> tuple[str, str]:
    """03.1978 typed into a number cell is 3.1978, and 12.1990 is 12.199: month and year of a date."""
    month, year = divmod(round(value * 10_000), 10_000)
    if field.kind is Kind.DATE and 1 <= month <= 12 and 1850 <= year <= 2100:
        return f"{month:02}.{year}", EXCEL_FLOAT_NUMBER
    if field.kind is Kind.DATE and _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return day_text(_SERIAL_EPOCH + timedelta(days=int(value))), EXCEL_SERIAL_DATE
    if field.kind is Kind.TIME and 0 <= value < 1:
        minutes = round(value * 24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}", EXCEL_DATE_CELL
    return repr(value), EXCEL_FLOAT_NUMBER


def _mend_moment(field: Field, raw: date | datetime | time | timedelta) -> str:
    if isinstance(raw, timedelta):
        minutes = int(raw.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(raw, time):
        return f"{raw:%H:%M}"
    if field.kind in (Kind.REGISTRATION_NUMBER, Kind.BOOK_NUMBER) and raw.day == 1:
        return f"{raw.month:02}/{raw.year:04}"  # 12/2006 typed into a cell becomes the first day of that month
    if field.kind is Kind.TIME and isinstance(raw, datetime):
        return f"{raw:%H:%M}"
    return day_text(raw)


def day_text(day: date) -> str:
    """dd.mm.yyyy, as the templates want it."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


_BARE_NUMBER = re.compile(r"\d{1,5}[A-Za-z]?(?:\(\d{1,3}\))?")


def compose_number(text: str, year: int | None) -> str:
    """A registration number without its year, completed by that of the registration; "" when nothing is to be done."""
    return f"{text}/{year}" if year and _BARE_NUMBER.fullmatch(text) else ""
