"""Numbers, dates, shares and sizes as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hotich.web.rules.formats import date_text, is_date, number_text, percent_text, size_text, time_text


@dataclass
class Partial:
    year: int | None
    month: int | None
    day: int | None
    raw: str = ""
    precision: str = "day"


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        (0, "vi", "0"),
        (999, "vi", "999"),
        (1234, "vi", "1.234"),
        (-1234567, "vi", "-1.234.567"),
        (1234.5, "vi", "1.234,5"),
        (Decimal("1234.50"), "vi", "1.234,50"),
        (1234.5, "en", "1,234.5"),
        (1234567, "en-gb", "1,234,567"),
    ],
)
def test_numbers_are_grouped_as_the_language_does(value: float, lang: str, text: str) -> None:
    assert number_text(value, lang) == text


def test_halves_are_rounded_up_and_not_to_even() -> None:
    assert number_text(2.5, "vi", 0) == "3"
    assert number_text(0.125, "vi", 2) == "0,13"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 8, "12,5%"),
        (1, 4, "25%"),
        (0, 10, "0%"),
        (10, 10, "100%"),
        (9999, 10000, "99,9%"),
        (99999, 100000, "99,9%"),
        (1, 100000, "0,1%"),
        (1, 0, "–"),
    ],
)
def test_a_share_never_claims_more_than_it_is(part: int, whole: int, text: str) -> None:
    assert percent_text(part, whole) == text


def test_a_share_without_decimals_keeps_its_zeros() -> None:
    assert percent_text(10, 100, decimals=0) == "10%"
    assert percent_text(999, 1000, decimals=0) == "99%"
    assert percent_text(1, 1000, decimals=0) == "1%"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (date(2006, 3, 1), "01/03/2006"),
        ("2006-12-31", "31/12/2006"),
        ("2006-12", "12/2006"),
        ("1998", "1998"),
        ("không rõ", "không rõ"),
        (Partial(1998, 3, None), "03/1998"),
        (Partial(1998, None, None), "1998"),
        (Partial(None, None, None, raw="khoảng Tết"), "khoảng Tết"),
    ],
)
def test_a_date_shows_what_is_known_of_it(value: object, text: str) -> None:
    assert date_text(value) == text


def test_a_moment_is_shown_in_the_time_of_vietnam() -> None:
    late = datetime(2006, 12, 31, 18, 5, tzinfo=UTC)
    assert time_text(late) == "01:05\u00a001/01/2007"
    assert date_text(late) == "01/01/2007"
    assert time_text(None) == ""


def test_a_name_is_no_date_but_a_partial_date_is() -> None:
    assert is_date(Partial(1998, None, None))
    assert is_date(date(2006, 1, 1))
    assert not is_date("2006-01-01")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (655360, "640 KB"), (1572864, "1,5 MB"), (3 * 1024**3, "3,0 GB")],
)
def test_sizes_are_short(count: int, text: str) -> None:
    assert size_text(count).replace("\u00a0", " ") == text
