"""Running the checks of the keying screen in Python: the pattern that `ts/parts/checks.ts` follows line by line."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from hotich.keying.rules.client_checks import REGISTERED, Check
from hotich.registers.codes.code_list import bare_key
from hotich.registers.rules.values import AsRecorded, Recorded

FIRST_YEAR, LAST_YEAR = 1800, 2100


class Finding(NamedTuple):
    """What the screen says about a field: the code, the field it stands under, "error" or "warning"."""

    code: str
    field: str
    severity: str


class Span(NamedTuple):
    """The days that figures of a date may mean, as yyyymmdd numbers."""

    earliest: int
    latest: int
    is_day: bool


class ReadDate(NamedTuple):
    """A date in figures, or the code of what is wrong with it; neither for all that figures do not say."""

    span: Span | None = None
    fault: str = ""


_DAY = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
_EIGHT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_NO_DATE = re.compile(r"[0-9]{7}|[0-9]{9,}")  # one figure too few or too many
_MONTH = re.compile(r"([0-9]{1,2})[./-]([0-9]{4})")
_YEAR = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"([0-9]{1,5})([A-Za-z]?)((?:\([0-9]{1,3}\))?)(?: ?/ ?((?:18|19|20)[0-9]{2}))?")
_BOOK = re.compile(r"([0-9]{1,3})([A-Za-z]?)(?: ?/ ?((?:18|19|20)[0-9]{2}))?")
_BOOK_LABEL = re.compile(
    r"([0-9]{1,3})([A-Za-z]?) ?- ?TP/HT ?- ?((?:18|19|20)[0-9]{2})(?: ?- ?([A-Z]{2,4}))?", re.IGNORECASE
)
_TIME = re.compile(r"([0-9]{1,2}) ?(?::|\.|h|g|giờ) ?(?:([0-9]{1,2}) ?(?:'|’|p|ph|phút)?)?(?::00)?", re.IGNORECASE)
_TWELVE = re.compile(r"[0-9]{12}")
_DIGIT = re.compile(r"[0-9]")
_SYMBOL = re.compile(r"[!@#$%^&*_+=<>?/\\|;:\"()\[\]{}~,]")
_ONE_WORD = re.compile(r"[A-Za-zÀ-ỹĐđ]{2,}")
_MINORITY_LETTER = re.compile(r"[ĕĭŏŭƀĔĬŎŬɃ]")


def read_figures(text: str) -> ReadDate:
    """A date in figures: 05.03.1978, 00/03/1978, 05031978, 03.1978, 1978. What figures do not say is left to the server."""
    if found := _DAY.fullmatch(text) or _EIGHT.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _MONTH.fullmatch(text):
        day, month, year = 0, *map(int, found.groups())
    elif _YEAR.fullmatch(text):
        day, month, year = 0, 0, int(text)
    else:
        return ReadDate(fault="date_unreadable" if _NO_DATE.fullmatch(text) else "")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ReadDate(fault="date_year_out_of_range")
    if month > 12 or (month and day > monthrange(year, month)[1]):
        return ReadDate(fault="date_impossible")
    day = day if month else 0
    last_month = month or 12
    last_day = day or monthrange(year, last_month)[1]
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    return ReadDate(Span(first, year * 10_000 + last_month * 100 + last_day, day > 0))


def clean(text: str) -> str:
    """The text with single spaces: what the screen compares."""
    return " ".join(text.split())


class _Entry:
    """An entry as the screen sees it: texts, reasons, dates in figures, the day of registration."""

    def __init__(self, values: AsRecorded, known: Mapping[str, set[str]], today: date | None) -> None:
        self.text: dict[str, str] = {}
        self.reason: dict[str, str] = {}
        for name, raw in values.items():
            text, reason = _split(raw)
            if text:
                self.text[name] = text
            if reason:
                self.reason[name] = reason
        self.known = known
        self.today = today.year * 10_000 + today.month * 100 + today.day if today else None
        found = _NUMBER.fullmatch(self.text.get("registration_number", ""))
        self.number_year = int(found.group(4)) if found and found.group(4) else None
        self.registered = self.date("registration_date").span
        if self.registered is None and self.number_year is not None:
            year = self.number_year * 10_000
            self.registered = Span(year + 101, year + 1231, False)

    def date(self, name: str) -> ReadDate:
        return read_figures(self.text.get(name, ""))

    def span(self, name: str) -> Span | None:
        return self.registered if name == REGISTERED else self.date(name).span


def _split(raw: Recorded | None) -> tuple[str, str]:
    if raw is None or isinstance(raw, str):
        return clean(raw or ""), ""
    return clean(raw.get("text", "")), raw.get("reason", "")


class ScreenChecks:
    """The checks of a package made ready: the words of its lists are worked out once. `lists` as in `form_data`."""

    def __init__(self, checks: Sequence[Check], lists: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        self.checks = checks
        self.known = {name: {bare_key(word) for entry in lists[name] for word in _words(entry)} for name in lists}

    def findings(self, values: AsRecorded, today: date | None = None) -> list[Finding]:
        """What the screen says about an entry, in the order of the checks."""
        entry = _Entry(values, self.known, today)
        return [
            Finding(check["code"], check.get("report") or check["field"], check["severity"])
            for check in self.checks
            if _fails(check, entry)
        ]


def _fails(check: Check, entry: _Entry) -> bool:
    kind = check["check"]
    if kind == "order":
        return _out_of_order(check, entry)
    field = check["field"]
    if kind in ("given", "minimum"):
        if field in entry.text or entry.reason.get(field) in check["reasons"]:
            return False
        return kind == "given" or not _is_excused(check, entry)
    text = entry.text.get(field)
    if text is None:
        return False
    if kind in _OF_TEXT:
        return _OF_TEXT[kind](text)
    if kind == "code":
        return not _is_on_list(check, entry.known[check["list"]], text)
    if kind == "long":
        return len(text) > int(check["limit"])
    return _wrong_date(kind, check, entry, text)


def _wrong_date(kind: str, check: Check, entry: _Entry, text: str) -> bool:
    read = read_figures(text)
    if kind == "date":
        return bool(read.fault == check["code"])
    if kind == "whole":
        return read.span is not None and not read.span.is_day
    if kind == "future":
        return read.span is not None and entry.today is not None and read.span.earliest > entry.today
    if kind == "year_of_number":
        registered = entry.date("registration_date").span
        if registered is None or entry.number_year is None:
            return False
        return not registered.earliest // 10_000 <= entry.number_year <= registered.latest // 10_000
    year = _book_year(text)  # year_of_book
    return entry.registered is not None and year is not None and year > entry.registered.latest // 10_000


def _out_of_order(check: Check, entry: _Entry) -> bool:
    first, second = entry.span(check["first"]), entry.span(check["second"])
    if first is None or second is None:
        return False
    is_strict: bool = check["strict"]
    return first.earliest >= second.latest if is_strict else first.earliest > second.latest


def _is_excused(check: Check, entry: _Entry) -> bool:
    if check["owner"] and check["owner"] not in entry.text:
        return True
    other, excuse = entry.text.get(check["other"], ""), check["excuse"]
    if excuse == "blank":
        return not other
    if excuse == "filled":
        return bool(other)
    return excuse == "foreign" and bool(other) and bare_key(other) != bare_key(check["home"])


def _is_on_list(check: Check, known: set[str], text: str) -> bool:
    also = {bare_key(word) for word in check["also"]}
    tries = [text, re.sub(r"\s*\([^)]*\)\s*$", "", text)]
    tries += [each[len(prefix) :] for prefix in check["prefixes"] for each in tries if each.lower().startswith(prefix)]
    return any(bare_key(each) in known or bare_key(each) in also for each in tries if bare_key(each))


def _words(entry: Sequence[Any]) -> list[str]:
    value, label, *aliases = entry
    return [value, label, label.partition(" – ")[2], *(aliases[0] if aliases else [])]


def _book(text: str) -> re.Match[str] | None:
    return _BOOK.fullmatch(text) or _BOOK_LABEL.fullmatch(text)


def _book_year(text: str) -> int | None:
    found = _book(text)
    return int(found.group(3)) if found and found.group(3) else None


def _number_without_year(text: str) -> bool:
    found = _NUMBER.fullmatch(text)
    return found is not None and found.group(4) is None


def _no_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    return found is None or int(found.group(1)) > 23 or int(found.group(2) or 0) > 59


def _single(text: str) -> bool:
    return _ONE_WORD.fullmatch(text) is not None and _MINORITY_LETTER.search(text) is None


_OF_TEXT = {
    "number": lambda text: _NUMBER.fullmatch(text) is None,
    "number_year": _number_without_year,
    "book": lambda text: _book(text) is None,
    "book_year": lambda text: _book(text) is not None and _book_year(text) is None,
    "page": lambda text: re.fullmatch("[0-9]+", text) is None,
    "time": _no_time,
    "twelve": lambda text: _TWELVE.fullmatch(text.replace(" ", "").replace(".", "")) is None,
    "name_digit": lambda text: _DIGIT.search(text) is not None,
    "name_symbol": lambda text: _SYMBOL.search(text) is not None,
    "name_single": _single,
}
