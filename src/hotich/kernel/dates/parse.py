"""Reading a date cell of a register book: figures, words, ages, lunar marks (registers.md 5.9, R-DATE, R-AGETEXT)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from hotich.kernel.dates import lunar
from hotich.kernel.dates.partial import (
    DATE_IMPOSSIBLE,
    DATE_UNREADABLE,
    DATE_YEAR_AMBIGUOUS,
    LONGEST_TEXT,
    DateError,
    PartialDate,
)
from hotich.kernel.dates.words import DateParts, lunar_date, read_parts, resolve_year
from hotich.kernel.numbers_vi import NUMBER_WORDS, number_of
from hotich.kernel.text import clean_text, strip_marks

OLDEST_AGE = 130

_COMMON = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*")

_SEP = r"(?:\s*[./\-,]\s*|\s+)"
_BLANK = r"\.{2,}|_+|-{2,}|\?{1,2}|x{2}|\*{1,2}"
_DAY = rf"(\d{{1,2}}|{_BLANK})"
_MONTH = rf"(\d{{1,2}}|[ivx]{{1,4}}|{_BLANK})"
_DAY_MONTH_YEAR = re.compile(rf"{_DAY}{_SEP}{_MONTH}{_SEP}(\d{{2,5}})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?)?")
_MONTH_YEAR = re.compile(rf"{_MONTH}{_SEP}(\d{{4}})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_MONTH_SHORT_YEAR = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{2})")
_COMPACT = re.compile(r"\d{8}|\d{6}")
_YEAR = re.compile(r"\d{3,5}")
_ROMAN_TEXT = "i ii iii iv v vi vii viii ix x xi xii"
_ROMAN = {roman: number for number, roman in enumerate(_ROMAN_TEXT.split(), start=1)}

_ABOUT = re.compile(r"^(?:vao )?(?:khoang|chung|uoc|do|~)\s*|\(?\bkhoang\)?$")
_PREFIX = re.compile(r"^(?:sinh\b|vao\b|ngay\b(?!\s*tuoi)|ns\b|nam sinh\b|sn\b|s\.n\b)[:.\s]*")
_YEAR_PREFIX = re.compile(r"^(?:sinh nam|nam sinh|nam|sn|s\.n)\b[:.\s]*(?=\d+$)")
_MONTH_PREFIX = re.compile(r"^thang\b[:.\s]*(?=\d+\s*[./-]\s*\d+$)")

_WORD = "|".join(sorted(NUMBER_WORDS))
_COUNT = rf"(\d{{1,3}}|(?:{_WORD})(?:\s+(?:{_WORD}))*)"
_AGE_IN_DAYS = re.compile(rf"\b{_COUNT}\s*(?:thang|ngay|tuan)\s*tuoi\b")
_AGE = re.compile(
    rf"\b{_COUNT}\s*tuoi\b(?:\s*(mu|ta)\b)?\.?|\b(\d{{1,3}})\s*t\b\.?|\btuoi\s*:?\s*(\d{{1,3}})\b(?:\s*(mu|ta)\b)?"
)
_FOUR_FIGURES = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_NUMERIC_LUNAR = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}})(?:{_SEP}(\d{{2,4}}))?(?!\d)")
_SOLAR = re.compile(r"\bduong lich\b|\(?\bd\.?l\b\.?\)?")
_LUNAR_ELEVENTH = re.compile(r"\bthang mot\b")


class _Age(NamedTuple):
    years: int
    by_lunar_count: bool  # tuổi mụ, tuổi ta: one at birth


def parse_date(text: str, *, registration_year: int | None = None) -> PartialDate:
    """The date that a cell says, in any of the ways register books and their copies write it.

    Figures (dd.mm.yyyy, / - or spaces, eight figures, mm.yyyy, yyyy, yyyy-mm-dd, Roman months, "00" or dots for a part
    not written), "ngày 5 tháng 3 năm 1978", words, ages, lunar marks. Cached.

    `registration_year` resolves a year of two figures (the latest not after it) and an age: "34 tuổi" in 1980 gives the
    estimated year 1946, meaning 1945 (birthday still to come) to 1947 (the traditional count, one at birth, which books
    seldom name); "34 tuổi mụ" gives 1947. Lunar dates keep only the year; a can-chi year is the cycle nearest to the
    age, else the latest not after the registration, and then estimated.

    Raises DateError: date_unreadable; date_impossible (30/02, month 13, age over 130); date_year_out_of_range (before
    1800, after 2100); date_year_ambiguous (two figures or an age without `registration_year`).
    """
    found = DATE_UNREADABLE if len(text) > LONGEST_TEXT else _cached(text, registration_year)
    if isinstance(found, str):
        raise DateError(found, text)
    return found


@lru_cache(maxsize=65536)
def _cached(text: str, registration_year: int | None) -> PartialDate | str:
    # a refusal is kept as its code: a cached exception would collect tracebacks
    try:
        return _parse(text, registration_year)
    except DateError as error:
        return error.code


def _parse(text: str, registration_year: int | None) -> PartialDate:
    common = _COMMON.fullmatch(text)
    if common:
        return _from_parts(_parts(common[1], common[2], common[3]), registration_year, estimated=False, raw=text)
    folded = _folded(text)
    age = _age(folded)
    if age is not None and age.years > OLDEST_AGE:
        raise DateError(DATE_IMPOSSIBLE)
    if lunar.has_lunar_mark(folded) or (_LUNAR_ELEVENTH.search(folded) and re.search(r"\d", folded)):
        return _lunar(folded, age, registration_year, raw=text)
    rest = _AGE.sub(" ", _AGE_IN_DAYS.sub(" ", folded)) if age else folded
    rest = rest.replace("(", " ").replace(")", " ").strip(" ,;:")
    if age is not None and not rest:
        return PartialDate(_birth_year(age, registration_year), estimated=True, raw=text)
    rest, abouts = _ABOUT.subn("", rest)
    return _from_parts(_read(rest.strip()), registration_year, estimated=bool(abouts), raw=text)


def _folded(text: str) -> str:
    folded = strip_marks(clean_text(text).replace("…", "..").replace("–", "-")).lower()
    return _SOLAR.sub("", folded).replace("'", "").strip(" ,;:").removesuffix(".").rstrip(" ,;:")


def _age(folded: str) -> _Age | None:
    if _AGE_IN_DAYS.search(folded):
        return _Age(0, by_lunar_count=False)
    found = _AGE.search(folded)
    if not found:
        return None
    years = number_of(tuple((found[1] or found[3] or found[4]).split()))
    return None if years is None else _Age(years, by_lunar_count=bool(found[2] or found[5]))


def _birth_year(age: _Age, registration_year: int | None) -> int:
    if registration_year is None:
        raise DateError(DATE_YEAR_AMBIGUOUS)
    return registration_year - age.years + age.by_lunar_count


def _lunar(folded: str, age: _Age | None, registration_year: int | None, *, raw: str) -> PartialDate:
    near = None if age is None or registration_year is None else _birth_year(age, registration_year)
    parts = _lunar_parts(_AGE.sub(" ", lunar.without_lunar_marks(folded)))
    if parts.year is not None:
        year = resolve_year(parts.year, registration_year)
        return lunar_date(year, parts.month, parts.day, estimated=False, raw=raw)
    named = lunar.cycle_year(folded, near=near, latest=registration_year)
    # the name of a year together with an age fixes it; without an age it is a guess among cycles
    estimated = named is None or near is None
    return lunar_date(near if named is None else named, parts.month, parts.day, estimated=estimated, raw=raw)


def _lunar_parts(rest: str) -> DateParts:
    """What can be read of a lunar date; nothing is refused here, because the text stays in `raw`."""
    years = set(_FOUR_FIGURES.findall(rest))
    if len(years) > 1:
        raise DateError(DATE_UNREADABLE)
    figures = _NUMERIC_LUNAR.search(rest)
    if figures:
        short = figures[3] if figures[3] and len(figures[3]) == 2 else None
        year = years.pop() if years else short
        return DateParts(int(year) if year else None, int(figures[2]) or None, int(figures[1]) or None)
    if years:
        return DateParts(int(years.pop()), None, None)
    try:
        words = tuple(re.sub(r"[^0-9a-z]+", " ", rest).split())
        return read_parts(words[:-1] if words[-1:] == ("nam",) else words)
    except DateError:
        return DateParts(None, None, None)


def _from_parts(parts: DateParts, registration_year: int | None, *, estimated: bool, raw: str) -> PartialDate:
    if parts.year is None:
        raise DateError(DATE_UNREADABLE)  # a day and a month alone are no date
    return PartialDate(resolve_year(parts.year, registration_year), parts.month, parts.day, "solar", estimated, raw)


def _parts(day: str, month: str, year: str) -> DateParts:
    """Figures as parts; a part of zeros, dots or dashes was not written, and a day without a month says nothing."""
    month_number = _ROMAN.get(month) or (int(month) if month.isdecimal() else 0) or None
    day_number = (int(day) if day.isdecimal() else 0) or None
    if month and month[0] in "ivx" and month not in _ROMAN and month != "xx":
        raise DateError(DATE_IMPOSSIBLE)
    return DateParts(int(year), month_number, day_number if month_number else None)


def _read(rest: str) -> DateParts:
    short = _YEAR_PREFIX.match(rest)
    if short and len(rest) - short.end() in (2, 4):
        return DateParts(int(rest[short.end() :]), None, None)
    bare = _MONTH_PREFIX.sub("", _PREFIX.sub("", _PREFIX.sub("", rest)))
    return _read_figures(bare) or read_parts(tuple(re.sub(r"[^0-9a-z]+", " ", bare).split()))


def _read_figures(text: str) -> DateParts | None:
    if found := _DAY_MONTH_YEAR.fullmatch(text):
        return _parts(found[1], found[2], found[3])
    if found := _ISO.fullmatch(text):
        return _parts(found[3], found[2], found[1])
    if found := _MONTH_YEAR.fullmatch(text):
        return _parts("", found[1], found[2])
    if found := _ISO_MONTH.fullmatch(text):
        return _parts("", found[2], found[1])
    if (found := _MONTH_SHORT_YEAR.fullmatch(text)) and int(found[2]) > 12:
        return _parts("", found[1], found[2])
    if _COMPACT.fullmatch(text):
        return _read_compact(text)
    return DateParts(int(text), None, None) if _YEAR.fullmatch(text) else None


def _read_compact(text: str) -> DateParts:
    """ddmmyyyy, yyyymmdd, mmyyyy or ddmmyy; where the year may stand tells them apart."""
    if 1800 <= int(text[-4:]) <= 2100:
        return _parts(text[:-6], text[-6:-4], text[-4:])
    if len(text) == 6:
        return _parts(text[:2], text[2:4], text[4:])
    if 1800 <= int(text[:4]) <= 2100:
        return _parts(text[6:], text[4:6], text[:4])
    return _parts(text[:2], text[2:4], text[4:])
