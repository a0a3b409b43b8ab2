"""What an officer types on the screens of digitisation, read: a number with its suffix, a day of which parts may be
unknown. Pure."""

from __future__ import annotations

import re

from hotich.kernel.problems import RuleBroken

_NUMBER = re.compile(r"0*(\d{1,5})\s*([A-Za-z]?(?:\(\d{1,3}\))?)(?:/(?:18|19|20)\d\d)?")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:18|19|20)\d\d)")
_MONTH = re.compile(r"(\d{1,2})[/.-]((?:18|19|20)\d\d)")
_YEAR = re.compile(r"(?:18|19|20)\d\d")


def number_of(text: str) -> tuple[int | None, str]:
    """ "12" → (12, ""), "12a" → (12, "a"), "012/2006" → (12, ""), "" → (None, ""). Raises RuleBroken number_malformed."""
    text = text.strip()
    if not text:
        return None, ""
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise RuleBroken("number_malformed", field="number", most=99_999)
    return int(found.group(1)), found.group(2).lower()


def day_of(text: str) -> str:
    """ "31/12/2006" → "2006-12-31", "12/2006" → "2006-12-00", "2006" → "2006-00-00". Raises RuleBroken day_malformed."""
    text = text.strip()
    if not text:
        return ""
    if found := _DAY.fullmatch(text):
        day, month, year = found.groups()
    elif found := _MONTH.fullmatch(text):
        day, (month, year) = "00", found.groups()
    elif _YEAR.fullmatch(text):
        day, month, year = "00", "00", text
    else:
        raise RuleBroken("day_malformed", field="registered_on")
    return f"{year}-{int(month):02}-{int(day):02}"
