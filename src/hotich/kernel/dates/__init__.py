"""Partial dates of register books: reading, comparing, writing. See `partial`, `parse`, `words`, `lunar`, `compare`."""

from __future__ import annotations

from hotich.kernel.dates.compare import (
    certainly_after,
    certainly_before,
    days_between,
    full_years,
    possibly_same,
    years_between,
)
from hotich.kernel.dates.parse import parse_date
from hotich.kernel.dates.partial import (
    DATE_ERROR_CODES,
    DATE_IMPOSSIBLE,
    DATE_UNREADABLE,
    DATE_YEAR_AMBIGUOUS,
    DATE_YEAR_OUT_OF_RANGE,
    FIRST_YEAR,
    LAST_YEAR,
    Calendar,
    DateError,
    PartialDate,
    Precision,
    from_date,
    from_json,
    to_json,
)
from hotich.kernel.dates.words import date_to_words, parse_date_words

__all__ = [
    "DATE_ERROR_CODES",
    "DATE_IMPOSSIBLE",
    "DATE_UNREADABLE",
    "DATE_YEAR_AMBIGUOUS",
    "DATE_YEAR_OUT_OF_RANGE",
    "FIRST_YEAR",
    "LAST_YEAR",
    "Calendar",
    "DateError",
    "PartialDate",
    "Precision",
    "certainly_after",
    "certainly_before",
    "date_to_words",
    "days_between",
    "from_date",
    "from_json",
    "full_years",
    "parse_date",
    "parse_date_words",
    "possibly_same",
    "to_json",
    "years_between",
]
