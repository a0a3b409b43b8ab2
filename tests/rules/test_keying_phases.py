"""Phases and groups of the campaign, steps of a hand-over, gaps of a shelf, two originals of one book."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.keying.rules.copies import CopyDifference, KeyedCase, compare_copies, differing_fields
from hotich.keying.rules.handover import next_state
from hotich.keying.rules.inventory import ShelfGap, shelf_gaps
from hotich.keying.rules.phases import (
    GROUPS,
    PHASES,
    group_label,
    group_of,
    is_phase_doubtful,
    phase_label,
    phase_of,
)
from hotich.registers.types import REGISTER_TYPES


@pytest.mark.parametrize(
    ("era", "year", "phase"),
    [
        ("L2014", 2016, 1), ("ND158", 2006, 2), ("ND83", 2006, 3), ("ND83", 1999, 3), ("PRE1999", 1999, 4),
        ("PRE1999", 1977, 4), ("LIVE", 2020, 0),
    ],
)  # fmt: skip
def test_where_phases_overlap_the_era_of_the_book_decides(era: str, year: int, phase: int) -> None:
    assert phase_of(era, year) == phase


@pytest.mark.parametrize(
    ("year", "phase"), [(2018, 1), (2016, 1), (2015, 2), (2006, 2), (2005, 3), (1999, 3), (1998, 4)]
)
def test_without_an_era_the_year_of_opening_decides(year: int, phase: int) -> None:
    assert phase_of("", year) == phase


def test_an_era_that_does_not_fit_the_year_is_pointed_out() -> None:
    assert not is_phase_doubtful(phase_of("ND83", 2006), 2006)
    assert not is_phase_doubtful(phase_of("ND158", 2006), 2006)
    assert is_phase_doubtful(phase_of("ND83", 2010), 2010)
    assert is_phase_doubtful(phase_of("ND158", 1998), 1998)
    assert not is_phase_doubtful(phase_of("LIVE", 1990), 1990)


def test_every_register_stands_in_one_group_and_marriages_come_before_births_and_births_before_recognitions() -> None:
    named = [letters for group in GROUPS.values() for letters in group.register_types]
    assert sorted(named) == sorted(REGISTER_TYPES)
    assert [group_of(letters) for letters in ("KH", "KS", "CMC", "HN", "KT")] == [1, 2, 3, 4, 5]
    assert {group_of(letters) for letters in ("GH", "CDGH", "LH", "TD", "CN", "XX")} == {6}


def test_phases_and_groups_say_where_they_come_from_and_that_nobody_verified_them() -> None:
    for each in (*PHASES.values(), *GROUPS.values()):
        assert each.source and not each.verified
        assert each.label.vi and each.label.en
    assert [PHASES[number].deadline for number in PHASES] == sorted(phase.deadline for phase in PHASES.values())
    assert phase_label(0).vi and group_label(6).vi


def test_a_handover_is_given_once_and_is_over_when_its_last_book_is_back() -> None:
    assert next_state("draft", "hand_over") == "handed_over"
    assert next_state("handed_over", "take_back") == "handed_over"
    assert next_state("handed_over", "take_back", is_last=True) == "returned"
    for state, step in (
        ("draft", "take_back"), ("handed_over", "hand_over"), ("handed_over", "cancel"), ("returned", "edit"),
        ("cancelled", "hand_over"), ("unheard", "edit"),
    ):  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            next_state(state, step)
        assert refused.value.code == "keying_handover_step_not_allowed"


def test_a_shelf_tells_years_without_a_book_and_numbers_that_are_skipped() -> None:
    shelf = [("KS", 2006, "01"), ("KS", 2006, "03A"), ("KS", 2009, "01"), ("KH", 2006, "01"), ("KH", 2007, "B")]
    assert shelf_gaps(shelf) == [ShelfGap("KS", 2006, 2006, 2), ShelfGap("KS", 2007, 2008)]
    assert shelf_gaps([]) == []


def case(notes: int = 0, **values: Any) -> KeyedCase:
    return KeyedCase(values, notes)


def test_spaces_and_unicode_forms_are_no_difference_but_tones_and_reasons_are() -> None:
    name = "child_full_name"
    assert differing_fields({name: "Phan Thi\u0323  Mơ"}, {name: "Phan Thị Mơ"}) == ()
    assert differing_fields({name: "Hòa"}, {name: "Hoà"}) == (name,)
    assert differing_fields({name: ""}, {}) == ()
    assert differing_fields({name: {"text": "", "reason": "illegible"}}, {name: ""}) == (name,)
    assert differing_fields({name: {"text": "01", "reason": "assigned"}}, {}) == ()


def test_where_a_case_stands_in_its_copy_is_no_difference() -> None:
    assert differing_fields({"page_no": "12", "register_book_no": "01/1990"}, {"page_no": "13"}) == ()


def test_a_number_only_one_copy_has_says_something_once_the_other_was_keyed_whole() -> None:
    first, second = {(1990, 1, ""): case(a="x")}, {(1990, 2, ""): case(a="y")}
    assert compare_copies(first, second, first_whole=False, second_whole=False) == []
    assert compare_copies(first, second, first_whole=True, second_whole=True) == [
        CopyDifference((1990, 1, ""), "only_first"),
        CopyDifference((1990, 2, ""), "only_second"),
    ]


def test_of_a_number_in_both_copies_the_fields_and_the_notes_are_compared() -> None:
    number = (1990, 7, "a")
    first, second = {number: case(2, a="x", b="1")}, {number: case(0, a="x", b="2")}
    assert compare_copies(first, second, first_whole=False, second_whole=False) == [
        CopyDifference(number, "differs", ("b",)),
        CopyDifference(number, "note_first"),
    ]
    assert compare_copies(second, first, first_whole=False, second_whole=False)[1].kind == "note_second"
    assert compare_copies(first, first, first_whole=True, second_whole=True) == []
