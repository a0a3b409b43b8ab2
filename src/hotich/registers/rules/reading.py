"""Reading the fields of an entry, each by its kind, into typed values and standard values.

Every reader is a pure function of the text (and of the year of registration, for dates), so its results are kept:
books repeat the same days, codes and names thousands of times. A reader never raises: what it cannot read it reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from hotich.kernel.dates import DateError, PartialDate, parse_date, parse_date_words
from hotich.kernel.names import name_problems
from hotich.kernel.text import clean_text
from hotich.registers import codes
from hotich.registers.codes.code_list import CodeList
from hotich.registers.rules.case import BookRead, NumberRead, Span
from hotich.registers.rules.values import AsRecorded, Reason, decode, text_of
from hotich.registers.types.declaration import Era, Field, Kind, RegisterVersion

Fault = tuple[str, Mapping[str, object]]
"""The code of a problem, and what fills its text."""


class Read(NamedTuple):
    """What one text was read as. `standard` is {"value": …, "rule": …}, shared by all cases with this text."""

    standard: Mapping[str, str] | None = None
    date: PartialDate | None = None
    span: Span | None = None
    code: str = ""
    faults: tuple[Fault, ...] = ()


def _standard(value: str, rule: str) -> Mapping[str, str] | None:
    return {"value": value, "rule": rule} if value else None


PLAIN = Read()

Reader = Callable[[str, int | None], Read]
"""Reads a text, given the year of registration where it is known."""

# ---- numbers of entries and books (R-NO, R-BOOK, R-PAGE)

_NUMBER = re.compile(r"(\d{1,5})([A-Za-z]?)((?:\(\d{1,3}\))?)(?:\s*/\s*((?:18|19|20)\d{2}))?")
_BOOK = re.compile(r"(\d{1,3})([A-Za-z]?)(?:\s*/\s*((?:18|19|20)\d{2}))?")
_BOOK_LABEL = re.compile(
    r"(\d{1,3})([A-Za-z]?)\s*-\s*TP/HT\s*-\s*((?:18|19|20)\d{2})(?:\s*-\s*([A-Z]{2,4}))?", re.IGNORECASE
)


@lru_cache(maxsize=65536)
def read_number(text: str) -> NumberRead | None:
    """12, 12/2006, 012a/2006, 12(1)/2006 taken apart (R-NO); None if it is no registration number."""
    found = _NUMBER.fullmatch(clean_text(text))
    if found is None:
        return None
    number, letter, copy, year = found.groups()
    return NumberRead(int(number), letter + copy, int(year) if year else None)


@lru_cache(maxsize=65536)
def read_book(text: str) -> BookRead | None:
    """01/2006, 1A/2006 or the label 01-TP/HT-2015-GH taken apart (R-BOOK); None if it is no book number.

    The number has two digits at least, so that 1/2006 and 01/2006 are one book.
    """
    found = _BOOK.fullmatch(clean_text(text))
    letters = ""
    if found is None:
        found = _BOOK_LABEL.fullmatch(clean_text(text))
        if found is None:
            return None
        letters = (found.group(4) or "").upper()
    year = found.group(3)
    return BookRead(f"{int(found.group(1)):02}{found.group(2).upper()}", int(year) if year else None, letters)


@lru_cache(maxsize=65536)
def _registration_number(text: str, year: int | None) -> Read:
    found = read_number(text)
    if found is None:
        return Read(faults=(("registration_number_malformed", {"text": text}),))
    if found.year is None:
        return Read(faults=(("registration_number_without_year", {"text": text}),))
    return Read(_standard(f"{found.number}{found.suffix}/{found.year}", "R-NO"))


@lru_cache(maxsize=65536)
def _book_number(text: str, year: int | None) -> Read:
    found = read_book(text)
    if found is None:
        return Read(faults=(("book_number_malformed", {"text": text}),))
    if found.year is None:
        return Read(faults=(("book_number_without_year", {"text": text}),))
    return Read(_standard(f"{found.number}/{found.year}", "R-BOOK"))


@lru_cache(maxsize=4096)
def _page_number(text: str, year: int | None) -> Read:
    page = clean_text(text)
    if not (page.isascii() and page.isdigit()):
        return Read(faults=(("page_not_numeric", {"text": text}),))
    return PLAIN


# ---- dates and times


@lru_cache(maxsize=131072)
def _date(text: str, year: int | None) -> Read:
    try:
        found = parse_date(text, registration_year=year)
    except DateError as error:
        return Read(faults=((error.code, {"text": text}),))
    first, last = found.earliest, found.latest
    span = Span(first, last) if first is not None and last is not None else None
    rule = "R-AGETEXT" if found.estimated else "R-DATE-LUNAR" if found.calendar == "lunar" else "R-DATE"
    return Read(_standard(found.iso(), rule), found, span)


@lru_cache(maxsize=65536)
def _date_words(text: str, year: int | None) -> Read:
    try:
        found = parse_date_words(text)
    except DateError:
        return Read(faults=(("date_words_unreadable", {"text": text}),))
    return Read(_standard(found.iso(), "R-WORDS"), found)


def read_date(text: str, year: int | None) -> Read:
    """The date that a text says, read through the cache; nothing for a blank."""
    return _date(text, year) if text else PLAIN


# 14:30, 14h30, 0h20', 14 giờ 30 phút, 14 giờ
_TIME = re.compile(r"(\d{1,2})\s*(?::|\.|h|g|giờ)\s*(?:(\d{1,2})\s*(?:'|’|p|ph|phút)?)?(?::00)?", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _time(text: str, year: int | None) -> Read:
    found = _TIME.fullmatch(clean_text(text))
    if found is None or int(found.group(1)) > 23 or int(found.group(2) or 0) > 59:
        return Read(faults=(("time_unreadable", {"text": text}),))
    return Read(_standard(f"{int(found.group(1)):02}:{int(found.group(2) or 0):02}", "R-TIME"))


# ---- names and codes


@lru_cache(maxsize=131072)
def _name(text: str, year: int | None) -> Read:
    faults = name_problems(text)
    return Read(faults=tuple((code, {"text": text}) for code in faults)) if faults else PLAIN


def _code_reader(list_name: str, *, strict: bool) -> Reader:
    """The reader of a code list; `strict` False: a suggested list, other texts are fine."""

    def read(text: str, year: int | None) -> Read:
        return _code(codes.code_list(list_name), text, year, strict)

    return read


@lru_cache(maxsize=262144)
def _code(wanted: CodeList, text: str, year: int | None, strict: bool) -> Read:
    # a list that was changed is another object, so what was read by the former one is never taken for it
    # a code that holds on any day of the year holds: the day itself seldom matters to a list
    found = codes.find(wanted, text, on=date(year, 12, 31) if year else None)
    if found is None and year:
        found = codes.find(wanted, text, on=date(year, 1, 1))
    if isinstance(found, str):
        return Read(_standard(found, f"code:{wanted.name}"), code=found)
    if not strict:
        return PLAIN
    if found is not None:
        labels = ", ".join(codes.label_of(wanted, code) for code in found.candidates)
        return Read(faults=(("code_ambiguous", {"text": text, "candidates": labels}),))
    elsewhere = codes.find(wanted, text)
    if isinstance(elsewhere, str):
        fault = ("code_of_another_time", {"text": text, "year": year})
        return Read(_standard(elsewhere, f"code:{wanted.name}"), code=elsewhere, faults=(fault,))
    return Read(faults=(("code_unknown", {"text": text}),))


_CODE_READERS: dict[tuple[str, bool], Reader] = {}

_READERS: dict[Kind, Reader] = {
    Kind.NAME: _name,
    Kind.DATE: _date,
    Kind.DATE_WORDS: _date_words,
    Kind.TIME: _time,
    Kind.REGISTRATION_NUMBER: _registration_number,
    Kind.BOOK_NUMBER: _book_number,
    Kind.PAGE_NUMBER: _page_number,
}


def reader_of(field: Field) -> Reader | None:
    """The reader of a field; None for texts that are taken as they are."""
    if field.code_list:
        key = (field.code_list, field.kind is Kind.CODE)
        if key not in _CODE_READERS:
            _CODE_READERS[key] = _code_reader(field.code_list, strict=key[1])
        return _CODE_READERS[key]
    return _READERS.get(field.kind)


# ---- texts of any kind

# kinds whose format is read anyway: a text a little too long is a fault of format, and the case is kept
_READ_KINDS = frozenset(_READERS) - {Kind.NAME} | {Kind.PERSONAL_ID, Kind.ID_NUMBER, Kind.CODE}
_LEAST_LIMIT = 200
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def limit_of(field: Field) -> int:
    """The most characters a field may have before its case is rejected."""
    return max(field.max_length, _LEAST_LIMIT) if field.kind in _READ_KINDS else field.max_length


def has_control_characters(text: str) -> bool:
    """Whether a text holds characters that no keyboard types; line breaks and tabs of a cell are no harm."""
    return not text.isprintable() and _CONTROL.search(text) is not None


# ---- surrogates

_SURROGATE_ERAS = frozenset({Era.PRE1999, Era.ND83})


def registration_year(as_recorded: AsRecorded) -> int | None:
    """The year of registration: of its date, else of the registration number; None if neither tells."""
    text = text_of(as_recorded, "registration_date")
    when = _date(text, None).date if text else None
    if when is not None and when.year is not None:
        return when.year
    number = read_number(text_of(as_recorded, "registration_number"))
    return number.year if number else None


def with_surrogates(version: RegisterVersion, as_recorded: AsRecorded) -> AsRecorded:
    """The entry with surrogates of ours where old books lack what identifies an entry (registers.md 2.3).

    Books before 2006 may have no number: they get "01/<year of registration>" with the reason "assigned". The same
    mapping comes back when nothing is to be done; the one given is never changed. Text `""` means nothing is written.
    """
    if version.era not in _SURROGATE_ERAS:
        return as_recorded
    value = decode(as_recorded.get("register_book_no"))
    year = registration_year(as_recorded)
    if value.text or value.reason is Reason.ILLEGIBLE or year is None:
        return as_recorded
    return {**as_recorded, "register_book_no": {"text": f"01/{year}", "reason": Reason.ASSIGNED.value}}
