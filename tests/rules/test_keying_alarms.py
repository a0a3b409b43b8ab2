"""Alarms of keying: what is looked at by a leader, and what is not."""

from __future__ import annotations

import pytest

from hotich.keying.rules.alarms import Checks, Limits, Pace, SameValue, checks, paces, same_values

LIMITS = Limits(fastest_case=12, same_share=900, same_cases=30, empty_share=600, clock_error=120)


def codes(found: Pace) -> list[str]:
    return [alarm.code for alarm in paces(found, LIMITS)]


@pytest.mark.parametrize(
    ("cases", "same", "raised"), [(29, 29, 0), (30, 26, 0), (30, 27, 1), (100, 89, 0), (100, 90, 1)]
)
def test_one_value_in_nearly_all_cases_is_an_alarm(cases: int, same: int, raised: int) -> None:
    found = list(same_values(SameValue(7, "mother_full_name", cases, same), LIMITS))
    assert len(found) == raised
    assert all(
        (alarm.code, alarm.officer, alarm.params["field"]) == ("same_value", 7, "mother_full_name") for alarm in found
    )


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (Pace(7, 100), []),
        (Pace(7, 100, fast=2), []),
        (Pace(7, 100, fast=3), ["impossible_speed"]),
        (Pace(7, 100, hasty=3), ["impossible_speed"]),
        (Pace(7, 9, asked=270, filled=0), []),  # too few to say anything
        (Pace(7, 10, asked=300, filled=120), []),
        (Pace(7, 10, asked=300, filled=119), ["empty_fields"]),
        (Pace(7, 10, clock_wrong=1, clock_worst=-86_400_000), ["clock_error"]),
    ],
)
def test_pace_emptiness_and_clock(found: Pace, wanted: list[str]) -> None:
    assert codes(found) == wanted


def test_a_clock_a_day_behind_is_told_in_minutes() -> None:
    alarm = next(paces(Pace(7, 1, clock_wrong=1, clock_worst=-86_400_000), LIMITS))
    assert alarm.params == {"cases": 1, "minutes": -1440} and not alarm.is_severe


@pytest.mark.parametrize(
    ("found", "raised"),
    [(Checks(9, 20, 0, 2.9), True), (Checks(9, 19, 0, 0.5), False), (Checks(9, 200, 1, 0.5), False),
     (Checks(9, 200, 0, 3.0), False), (Checks(9, 200, 0, None), False)],
)  # fmt: skip
def test_checks_without_a_finding_in_seconds_are_rubber_stamps(found: Checks, raised: bool) -> None:
    alarms = list(checks(found, LIMITS))
    assert [alarm.code for alarm in alarms] == (["rubber_stamp"] if raised else [])
    assert all(alarm.is_severe for alarm in alarms)
