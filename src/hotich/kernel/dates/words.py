"""Dates in words: "Ngày mười sáu tháng bảy năm hai nghìn không trăm linh tám" (R-WORDS), read and written."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from hotich.kernel.dates import lunar
from hotich.kernel.dates.partial import (
    DATE_IMPOSSIBLE,
    DATE_UNREADABLE,
    DATE_YEAR_AMBIGUOUS,
    DATE_YEAR_OUT_OF_RANGE,
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_TEXT,
    DateError,
    PartialDate,
)
from hotich.kernel.numbers_vi import LUNAR_MONTH_NAMES, fold_words, number_of, number_to_words

_DAY_MARKERS = frozenset({"ngay", "mung", "mong", "sinh", "vao", "hom"})
_ABOUT = frozenset({"khoang", "chung", "uoc", "do"})
_FULL_MOON = "ram"


class DateParts(NamedTuple):
    """What the words of a date say; a year of two figures is not resolved yet."""

    year: int | None
    month: int | None
    day: int | None


def read_parts(words: tuple[str, ...]) -> DateParts:
    """Day, month and year out of folded words or figures with markers (ngày, tháng, năm).

    "năm" is both "year" and "five", and the marker may be missing, so every split is tried and the only one that makes
    a month and a year is taken. Raises DateError: unreadable (also when two splits fit), impossible, out of range.
    """
    if "thang" not in words:
        return DateParts(_only_year(words), None, None)
    at = words.index("thang")
    day_words, rest = words[:at], words[at + 1 :]
    if not rest or "thang" in rest:
        raise DateError(DATE_UNREADABLE)
    while day_words and day_words[0] in _DAY_MARKERS:
        day_words = day_words[1:]
    day = 15 if day_words == (_FULL_MOON,) else number_of(day_words)
    if day_words and day is None:
        raise DateError(DATE_UNREADABLE)
    month, year = _month_and_year(rest)
    return DateParts(year, month, day)


def _only_year(words: tuple[str, ...]) -> int:
    found = {number_of(words)}
    if words[:1] == ("nam",):
        found.add(number_of(words[1:]))
    years = {year for year in found if year is not None and year >= 10}
    fitting = {year for year in years if FIRST_YEAR <= year <= LAST_YEAR}
    if len(fitting) == 1:
        return fitting.pop()
    if any(999 < year < 100_000 for year in years):
        raise DateError(DATE_YEAR_OUT_OF_RANGE)
    # "năm bảy tám" is the year '78; a bare "bảy tám" could as well be an age
    marked = number_of(words[1:]) if words[:1] == ("nam",) else None
    if marked is None or not 10 <= marked < 100:
        raise DateError(DATE_YEAR_AMBIGUOUS if any(year < 100 for year in years) else DATE_UNREADABLE)
    return marked


@lru_cache(maxsize=8192)
def _month_and_year(words: tuple[str, ...]) -> tuple[int, int | None]:
    found: set[tuple[int, int | None]] = set()
    for at in range(1, len(words) + 1):
        month = LUNAR_MONTH_NAMES.get(words[0]) if at == 1 else None
        month = number_of(words[:at]) if month is None else month
        if month is not None:
            found.update((month, year) for year in _years_after(words[at:]))
    possible = [pair for pair in found if 1 <= pair[0] <= 12]
    full = [pair for pair in possible if pair[1] is not None and FIRST_YEAR <= pair[1] <= LAST_YEAR]
    short = [pair for pair in possible if pair[1] is None or pair[1] < 100]
    for pairs in (full, short):
        if len(pairs) == 1:
            return pairs[0]
        if pairs:
            raise DateError(DATE_UNREADABLE)
    if possible:
        raise DateError(DATE_YEAR_OUT_OF_RANGE)
    raise DateError(DATE_IMPOSSIBLE if found else DATE_UNREADABLE)


def _years_after(words: tuple[str, ...]) -> set[int | None]:
    """Years that the words after a month may say: four figures with or without "năm", two figures only with it."""
    if not words:
        return {None}
    years: set[int | None] = set()
    if words[0] == "nam":
        marked = number_of(words[1:])
        if marked is not None and marked >= 10:
            years.add(marked)
    bare = number_of(words)
    if bare is not None and bare >= 1000:
        years.add(bare)
    return years


def resolve_year(year: int, registration_year: int | None) -> int:
    """A year of two figures made full: the latest such year not after the registration. Raises DateError without it."""
    if year >= 100:
        return year
    if registration_year is None:
        raise DateError(DATE_YEAR_AMBIGUOUS)
    return registration_year - (registration_year - year) % 100


def parse_date_words(text: str, *, registration_year: int | None = None) -> PartialDate:
    """The date that a text in words (figures may be mixed in) says; "tháng một" is January here.

    A text without a year gives a date whose `year` is None and whose month and day can be held against the date in
    figures by `PartialDate.words_agree`. Lunar marks: only the year is kept. Raises DateError like `parse_date`.
    """
    found = DATE_UNREADABLE if len(text) > LONGEST_TEXT else _cached(text, registration_year)
    if isinstance(found, str):
        raise DateError(found, text)
    return found


@lru_cache(maxsize=32768)
def _cached(text: str, registration_year: int | None) -> PartialDate | str:
    try:
        return _parse(text, registration_year)
    except DateError as error:
        return error.code


def _parse(text: str, registration_year: int | None) -> PartialDate:
    folded = " ".join(fold_words(text)).replace("duong lich", "").strip()
    is_lunar = lunar.has_lunar_mark(folded)
    cycle = lunar.cycle_year(folded, near=None, latest=registration_year) if is_lunar else None
    words = tuple(lunar.without_lunar_marks(folded).split())
    about = bool(words) and words[0] in _ABOUT
    words = words[1:] if about else words
    while words and words[0] in _DAY_MARKERS and "thang" not in words:
        words = words[1:]
    if is_lunar and words and words[-1] == "nam":
        words = words[:-1]  # "năm Giáp Tý": the name of the year has been taken out
    parts = read_parts(words) if words else DateParts(None, None, None)
    if not words and not is_lunar:
        raise DateError(DATE_UNREADABLE)
    year = cycle if parts.year is None else resolve_year(parts.year, registration_year)
    if is_lunar:
        return lunar_date(year, parts.month, parts.day, estimated=about or parts.year is None, raw=text)
    return PartialDate(year, parts.month, parts.day, "solar", about, text)


def lunar_date(year: int | None, month: int | None, day: int | None, *, estimated: bool, raw: str) -> PartialDate:
    """A lunar date: month and day are only held against what a lunar month can have, then left to `raw`."""
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 30):
        raise DateError(DATE_IMPOSSIBLE, raw)
    return PartialDate(year, None, None, "lunar", estimated and year is not None, raw)


def date_to_words(value: PartialDate) -> str:
    """The date in words as forms ask for: "Ngày mười sáu tháng bảy năm hai nghìn không trăm linh tám".

    Parts not known are left out; "" when nothing is known. An estimated year begins with "khoảng", a lunar one ends
    with "(âm lịch)". `parse_date_words` reads all of it back.
    """
    parts = []
    if value.day is not None:
        parts.append(f"ngày {number_to_words(value.day)}")
    if value.month is not None:
        parts.append(f"tháng {'tư' if value.month == 4 else number_to_words(value.month)}")
    if value.year is not None:
        parts.append(f"năm {number_to_words(value.year)}")
    text = " ".join(parts)
    text = f"khoảng {text}" if text and value.estimated else text
    text = f"{text} (âm lịch)" if text and value.calendar == "lunar" else text
    return text[:1].upper() + text[1:]
