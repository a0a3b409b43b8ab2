"""The life of a comparison, the time it still takes, its counts and pieces: pure rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.rules.match_runs import (
    RUN,
    STEPS,
    UNDER_WAY,
    added,
    citizen_of,
    evidence_list,
    next_state,
    place_among_steps,
    time_left,
)

BEGAN = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


def test_whatever_is_under_way_can_be_stopped_and_go_on_and_what_is_done_stays_done() -> None:
    assert {state for state, acts in RUN.items() if "stop" in acts} == set(UNDER_WAY)
    for state in UNDER_WAY:
        assert next_state(next_state(state, "stop"), "resume") == "waiting"
        assert next_state(next_state(state, "fail"), "resume") == "waiting"
    with pytest.raises(RuleBroken, match="match_run_not_in_state"):
        next_state("done", "resume")


def test_the_time_left_follows_the_pace_of_the_step() -> None:
    later = BEGAN + timedelta(minutes=2)
    assert time_left(BEGAN, later, 1, 4) == timedelta(minutes=6)
    assert time_left(BEGAN, later, 4, 4) == timedelta(0)
    assert time_left(BEGAN, later, 0, 4) is time_left(None, later, 1, 4) is None
    assert [place_among_steps(step) for step in ("", "collecting", "writing")] == [0, 1, len(STEPS)]


def test_counts_are_added_as_a_whole_and_by_office_and_the_former_ones_are_left_alone() -> None:
    first = added({}, 7, {"equal": 2})
    second = added(first, 8, {"equal": 1, "kept": 4})
    third = added(second, 7, {"equal": 3})
    assert first == {"equal": 2, "offices": {"7": {"equal": 2}}}
    assert third == {"equal": 6, "kept": 4, "offices": {"7": {"equal": 5}, "8": {"equal": 1, "kept": 4}}}


def test_a_row_of_an_extract_becomes_a_citizen_and_what_it_lacks_is_blank() -> None:
    found = citizen_of(
        {"id": 12, "full_name": " Lò Thị A ", "personal_id": "068200000001", "sex": "female", "life": None}
    )
    assert (found.ref, found.full_name, found.sex, found.birth, found.life) == ("12", "Lò Thị A", "2", "", "alive")
    assert evidence_list({"full_name": {"level": "same", "bits": 9.5}}) == [
        {"field": "full_name", "level": "same", "bits": 9.5}
    ]
