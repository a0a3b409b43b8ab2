"""The partial date: what a register book says about a day, and the interval of days it may mean."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Calendar = Literal["solar", "lunar"]
Precision = Literal["day", "month", "year", "none"]

FIRST_YEAR = 1800
LAST_YEAR = 2100

# No date is longer; what is would only cost time (cells hold up to 32,767 characters).
LONGEST_TEXT = 200

DATE_UNREADABLE = "date_unreadable"
DATE_IMPOSSIBLE = "date_impossible"
DATE_YEAR_OUT_OF_RANGE = "date_year_out_of_range"
DATE_YEAR_AMBIGUOUS = "date_year_ambiguous"
DATE_ERROR_CODES = (DATE_UNREADABLE, DATE_IMPOSSIBLE, DATE_YEAR_OUT_OF_RANGE, DATE_YEAR_AMBIGUOUS)


class DateError(ValueError):
    """A text is no date. `code` is one of DATE_ERROR_CODES, `text` what was given."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


def _beyond_28(day: int | None, year: int | None, month: int) -> int:
    """The days a month has beyond the 28 that all have; asked only for a day that needs them."""
    return 0 if day is None or day <= 28 else monthrange(year or 2000, month)[1] - 28


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is known.

    `month` and `day` may be missing. `calendar` "lunar": only the year is used, the rest stays in `raw` (no
    conversion is attempted, registers.md 5.9). `estimated`: the year comes from an age or "khoảng", and means that
    year, the one before or the one after. `year` None: nothing usable for comparing, or day and month in words only.
    `raw` is the text as written. Raises DateError (date_impossible, date_year_out_of_range) when no such day exists.
    """

    year: int | None
    month: int | None = None
    day: int | None = None
    calendar: Calendar = "solar"
    estimated: bool = False
    raw: str = ""

    def __post_init__(self) -> None:
        year, month, day = self.year, self.month, self.day
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise DateError(DATE_YEAR_OUT_OF_RANGE, self.raw)
        if month is None:
            if day is not None:
                raise DateError(DATE_IMPOSSIBLE, self.raw)
        # without a year 29/02 may exist, so a leap year is assumed
        elif not 1 <= month <= 12 or not 1 <= (1 if day is None else day) <= 28 + _beyond_28(day, year, month):
            raise DateError(DATE_IMPOSSIBLE, self.raw)

    @property
    def precision(self) -> Precision:
        """How far the date can be used: "day", "month", "year" or "none"."""
        if self.year is None:
            return "none"
        if self.month is None or self.calendar == "lunar" or self.estimated:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def earliest(self) -> date | None:
        """The first day it may mean; None when the year is not known."""
        if self.year is None:
            return None
        if self.estimated:
            return date(self.year - 1, 1, 1)
        if self.calendar == "lunar":
            return date(self.year, 1, 1)
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date | None:
        """The last day it may mean; None when the year is not known."""
        if self.year is None:
            return None
        if self.calendar == "lunar":
            # a lunar year ends before 21 February of the next solar year
            return date(self.year + 1 + self.estimated, 2, 20)
        if self.estimated:
            return date(self.year + 1, 12, 31)
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def iso(self) -> str:
        """ "1978-03-05", "1978-03", "1978" or "" by precision; for keys and standard values."""
        precision = self.precision
        if precision == "day":
            return f"{self.year:04}-{self.month:02}-{self.day:02}"
        if precision == "month":
            return f"{self.year:04}-{self.month:02}"
        return f"{self.year:04}" if precision == "year" else ""

    def exchange(self) -> str:
        """The Ministry's form: "05.03.1978", "03.1978", "1978" or "" (registers.md R-DATE)."""
        return ".".join(reversed(self.iso().split("-")))

    def for_minimum_age(self) -> date | None:
        """The birthday from which an age required by law is counted (procedures.md 4.8 C02).

        Day not known: the first of the month; month not known: the first of January (Article 2 of
        TTLT 01/2016/TTLT-TANDTC-VKSNDTC-BTP). None when the year itself is unknown or only estimated: the law's rule
        needs an established year.
        """
        return None if self.year is None or self.estimated else self.earliest

    def words_agree(self, other: PartialDate) -> bool:
        """Whether no part written in both dates differs; for a date in figures against the same date in words."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine is None or theirs is None or mine == theirs for mine, theirs in pairs)


def to_json(value: PartialDate) -> dict[str, Any]:
    """A small mapping for jsonb; parts that say nothing are left out. `from_json` gives the same date back."""
    found: dict[str, Any] = {"year": value.year}
    if value.month is not None:
        found["month"] = value.month
    if value.day is not None:
        found["day"] = value.day
    if value.calendar != "solar":
        found["calendar"] = value.calendar
    if value.estimated:
        found["estimated"] = True
    if value.raw:
        found["raw"] = value.raw
    return found


def from_json(value: Mapping[str, Any]) -> PartialDate:
    """The date that `to_json` wrote. Raises DateError when it is no date."""
    return PartialDate(
        value.get("year"),
        value.get("month"),
        value.get("day"),
        "lunar" if value.get("calendar") == "lunar" else "solar",
        bool(value.get("estimated", False)),
        value.get("raw", ""),
    )


def from_date(value: date) -> PartialDate:
    """A full solar date."""
    return PartialDate(value.year, value.month, value.day, raw=value.isoformat())
