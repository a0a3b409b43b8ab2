"""Entries in which every statement holds: nothing is found in them, on any channel."""

from __future__ import annotations

import pytest
from registers_rows import good_row, look

from hotich.registers.types import REGISTER_TYPES
from hotich.registers.types.declaration import Channel


@pytest.mark.parametrize("letters", sorted(REGISTER_TYPES))
@pytest.mark.parametrize("channel", list(Channel))
def test_nothing_is_found_in_a_good_row(letters: str, channel: Channel) -> None:
    assert look(letters, channel=channel).problems == []


@pytest.mark.parametrize("letters", sorted(REGISTER_TYPES))
def test_a_good_row_has_a_value_in_most_kinds_of_fields(letters: str) -> None:
    assert len(good_row(letters)) > 15


@pytest.mark.parametrize("letters", sorted(REGISTER_TYPES))
def test_standard_values_stand_beside_and_the_recorded_ones_are_not_changed(letters: str) -> None:
    before = good_row(letters)
    found = look(letters)
    assert before == good_row(letters)
    assert found.standard["registration_date"] == {"value": "2016-06-20", "rule": "R-DATE"}
    assert found.standard["registration_number"] == {"value": "12/2016", "rule": "R-NO"}
