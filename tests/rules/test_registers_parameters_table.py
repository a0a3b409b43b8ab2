"""The dated table of thresholds."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from hotich.registers.rules.parameters import PARAMETERS, ParameterUnknown, constant, parameter


@pytest.mark.parametrize(
    ("code", "on", "value"),
    [
        ("marriage_age_man", date(1960, 1, 12), None),
        ("marriage_age_man", date(1960, 1, 13), 20),
        ("marriage_age_man", date(2000, 12, 31), 20),
        ("marriage_age_man", date(2001, 1, 1), 19),
        ("marriage_age_woman", date(2014, 12, 31), 17),
        ("marriage_age_woman", date(2015, 1, 1), 18),
        ("marriage_age_extra_days", date(2010, 1, 1), 1),
        ("birth_late_days", date(1998, 12, 31), None),
        ("birth_late_days", date(1999, 1, 1), 30),
        ("birth_late_days", date(2006, 3, 31), 30),
        ("birth_late_days", date(2006, 4, 1), 60),
        ("birth_late_days", date(2026, 1, 1), 60),
        ("death_late_days", date(2016, 1, 1), 15),
        ("adopter_gap_min", date(2011, 1, 1), 20),
        ("adoptee_age_below", date(2020, 1, 1), 16),
    ],
)
def test_a_threshold_is_that_of_its_day(code: str, on: date, value: int | None) -> None:
    assert parameter(code, on) == value


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("mother_gap_impossible", 10),
        ("mother_gap_min", 12),
        ("mother_gap_max", 55),
        ("father_gap_min", 12),
        ("father_gap_max", 80),
        ("recognition_gap_min", 12),
        ("guardian_age_min", 18),
        ("closest_births_days", 180),
        ("death_age_max", 120),
        ("year_first", 1880),
        ("year_doubtful_before", 1945),
    ],
)
def test_a_threshold_without_dates_always_holds(code: str, value: int) -> None:
    assert constant(code) == value
    assert parameter(code, date(1900, 1, 1)) == value


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(ParameterUnknown):
        parameter("no_such_threshold", date(2020, 1, 1))
    with pytest.raises(ParameterUnknown):
        constant("birth_late_days")


def test_periods_of_one_threshold_follow_each_other_without_gap_or_overlap() -> None:
    for code in {item.code for item in PARAMETERS}:
        rows = [item for item in PARAMETERS if item.code == code]
        for before, after in pairwise(rows):
            assert before.valid_to is not None
            assert after.valid_from == before.valid_to + timedelta(days=1)
        assert rows[-1].valid_to is None


def test_every_threshold_says_where_it_comes_from() -> None:
    assert all(item.source and item.unit for item in PARAMETERS)
