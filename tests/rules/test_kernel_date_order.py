"""Comparing partial dates: a rule about order fails only if it fails for every day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotich.kernel.dates import (
    PartialDate,
    certainly_after,
    certainly_before,
    days_between,
    full_years,
    parse_date,
    possibly_same,
    years_between,
)

UNKNOWN = parse_date("năm Giáp Tý")


def test_a_year_is_certainly_before_a_day_only_when_all_of_it_is() -> None:
    assert certainly_before(parse_date("1977"), parse_date("05.03.1978"))
    assert not certainly_before(parse_date("1978"), parse_date("05.03.1978"))
    assert not certainly_after(parse_date("1978"), parse_date("05.03.1978"))
    assert certainly_after(parse_date("04.1978"), parse_date("31.03.1978"))


def test_intervals_that_touch_may_be_the_same_day() -> None:
    assert possibly_same(parse_date("03.1978"), parse_date("31.03.1978"))
    assert not possibly_same(parse_date("03.1978"), parse_date("01.04.1978"))
    assert possibly_same(parse_date("34 tuổi", registration_year=1980), parse_date("31.12.1947"))


def test_nothing_is_certain_about_an_unknown_date() -> None:
    known = parse_date("1978")
    assert not certainly_before(UNKNOWN, known)
    assert not certainly_after(UNKNOWN, known)
    assert not possibly_same(UNKNOWN, known)
    assert years_between(UNKNOWN, known) is None
    assert days_between(known, UNKNOWN) is None


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(2006, 11, 23), date(2026, 11, 23), 20),
        (date(2006, 11, 24), date(2026, 11, 23), 19),
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
    ],
)
def test_full_years_change_on_the_birthday(start: date, end: date, years: int) -> None:
    assert full_years(start, end) == years


def test_an_age_from_partial_dates_has_a_least_and_a_most() -> None:
    assert years_between(parse_date("1960"), parse_date("05.03.1978")) == (17, 18)
    assert years_between(parse_date("03.1960"), parse_date("1978")) == (17, 18)
    assert years_between(parse_date("05.03.1978"), parse_date("05.03.1976")) == (-2, -2)


def test_days_between_count_from_the_nearest_to_the_farthest() -> None:
    assert days_between(parse_date("01.10.2026"), parse_date("30.11.2026")) == (60, 60)
    assert days_between(parse_date("10.2026"), parse_date("30.11.2026")) == (30, 60)


@pytest.mark.parametrize(
    ("text", "first"),
    [("23.11.2006", date(2006, 11, 23)), ("11.2006", date(2006, 11, 1)), ("2006", date(2006, 1, 1))],
)
def test_the_required_age_counts_from_the_first_day_when_the_day_is_unknown(text: str, first: date) -> None:
    assert parse_date(text).for_minimum_age() == first


def test_an_estimated_or_unknown_year_fixes_no_required_age() -> None:
    assert parse_date("34 tuổi", registration_year=1980).for_minimum_age() is None
    assert UNKNOWN.for_minimum_age() is None


DATES = st.builds(
    PartialDate,
    st.integers(1900, 1910),
    st.integers(1, 12) | st.none(),
    st.none(),
    st.just("solar"),
    st.booleans(),
)


@settings(max_examples=80, deadline=None)
@given(DATES, DATES)
def test_two_known_dates_are_before_after_or_possibly_the_same(a: PartialDate, b: PartialDate) -> None:
    assert [certainly_before(a, b), certainly_after(a, b), possibly_same(a, b)].count(True) == 1


@settings(max_examples=80, deadline=None)
@given(DATES, DATES)
def test_years_between_holds_for_the_ends_of_the_intervals(a: PartialDate, b: PartialDate) -> None:
    found = years_between(a, b)
    assert found is not None
    assert a.earliest and a.latest and b.earliest and b.latest
    for start in (a.earliest, a.latest):
        for end in (b.earliest, b.latest):
            assert found[0] <= full_years(start, end) <= found[1]
