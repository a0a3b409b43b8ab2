"""Working days and due dates in Vietnam."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotich.kernel.working_day_changes import DAY_CHANGES
from hotich.kernel.working_days import (
    VIETNAM_TZ,
    add_working_days,
    due_date,
    holiday_name,
    is_working_day,
    next_working_day,
    today,
    working_days_between,
)

FRIDAY, MONDAY = date(2026, 10, 9), date(2026, 10, 12)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM_TZ)


def test_the_day_begins_at_midnight_in_vietnam() -> None:
    assert today(lambda: datetime(2026, 10, 8, 16, 59, tzinfo=UTC)) == date(2026, 10, 8)
    assert today(lambda: datetime(2026, 10, 8, 17, 0, tzinfo=UTC)) == date(2026, 10, 9)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 10, 10),
        date(2026, 10, 11),
        date(2026, 1, 1),
        date(2026, 1, 2),
        date(2026, 2, 17),
        date(2026, 4, 27),
        date(2026, 4, 30),
        date(2026, 8, 31),
        date(2026, 9, 2),
        date(2025, 5, 2),
    ],
)
def test_weekends_holidays_and_exchanged_days_are_off(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [FRIDAY, MONDAY, date(2026, 1, 10), date(2026, 8, 22), date(2025, 4, 26)])
def test_weekdays_and_saturdays_worked_in_exchange_are_working_days(day: date) -> None:
    assert is_working_day(day)
    assert holiday_name(day) is None


def test_holidays_have_vietnamese_names() -> None:
    assert holiday_name(date(2026, 9, 2)) == "Quốc khánh"
    assert holiday_name(date(2026, 1, 2)) == "hoán đổi với ngày 10/01/2026"


def test_every_change_is_one_day_against_the_calendar_with_a_source() -> None:
    assert len({change.day for change in DAY_CHANGES}) == len(DAY_CHANGES)
    for change in DAY_CHANGES:
        assert change.working == (change.day.weekday() >= 5)
        assert change.source and change.reason


def test_working_days_are_counted_without_the_first_day() -> None:
    assert next_working_day(FRIDAY) == MONDAY
    assert add_working_days(FRIDAY, 3) == date(2026, 10, 14)
    assert add_working_days(FRIDAY, 0) == FRIDAY
    assert add_working_days(MONDAY, -1) == FRIDAY
    assert working_days_between(FRIDAY, date(2026, 10, 14)) == 3
    assert working_days_between(date(2026, 10, 14), FRIDAY) == -3


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 700), st.integers(1, 25))
def test_adding_and_counting_are_inverse(offset: int, count: int) -> None:
    start = date(2025, 1, 1) + timedelta(days=offset)
    end = add_working_days(start, count)
    assert is_working_day(end)
    assert working_days_between(start, end) == count


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        (at(FRIDAY, 14, 59), 0, FRIDAY),
        (at(FRIDAY, 15), 0, MONDAY),
        (at(FRIDAY, 15, 10), 0, MONDAY),
        (at(date(2026, 10, 11), 9), 0, MONDAY),
        (at(FRIDAY, 14, 59), 3, date(2026, 10, 14)),
        (at(FRIDAY, 15), 3, date(2026, 10, 14)),
        (at(date(2026, 10, 10), 9), 3, date(2026, 10, 15)),
        (datetime(2026, 10, 9, 8, 0, tzinfo=UTC), 0, MONDAY),
        (at(date(2026, 9, 1), 9), 0, date(2026, 9, 3)),
    ],
)
def test_same_day_work_received_from_15_00_on_is_due_the_next_working_day(
    received: datetime, limit: int, due: date
) -> None:
    assert due_date(received, limit) == due


def test_the_cut_off_can_be_asked_for_limits_in_days_too() -> None:
    assert due_date(at(FRIDAY, 15), 3, cut_off_always=True) == date(2026, 10, 15)


@pytest.mark.parametrize(("received", "limit"), [(datetime(2026, 10, 9, 8, 0), 0), (at(FRIDAY, 8), -1)])
def test_a_moment_without_zone_or_a_negative_limit_is_refused(received: datetime, limit: int) -> None:
    with pytest.raises(ValueError, match="aware moment"):
        due_date(received, limit)
