"""The order of the campaign as a soft gate, the life of a package, the pledge as dated text."""

from __future__ import annotations

from datetime import date

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.keying.rules import pledge
from hotich.keying.rules.gate import BookAtStep, Step, earlier_unfinished
from hotich.keying.rules.workflow import DONE, ITEM, LIVE, PACKAGE, next_state

MARRIAGES_1, BIRTHS_1, MARRIAGES_2 = Step(1, 1), Step(1, 2), Step(2, 1)


def test_a_group_waits_for_the_groups_before_it_in_its_phase() -> None:
    books = [BookAtStep(MARRIAGES_1, "open"), BookAtStep(BIRTHS_1, "listed")]
    assert earlier_unfinished(BIRTHS_1, books) == [MARRIAGES_1]
    assert earlier_unfinished(MARRIAGES_1, books) == []


def test_a_phase_waits_for_every_group_of_the_phases_before_it() -> None:
    books = [BookAtStep(BIRTHS_1, "listed"), BookAtStep(MARRIAGES_1, "listed"), BookAtStep(BIRTHS_1, "open")]
    assert earlier_unfinished(MARRIAGES_2, books) == [MARRIAGES_1, BIRTHS_1]


@pytest.mark.parametrize("state", ["keyed", "accepted"])
def test_a_book_keyed_whole_holds_nobody_up(state: str) -> None:
    assert earlier_unfinished(MARRIAGES_2, [BookAtStep(MARRIAGES_1, state)]) == []


def test_books_keyed_elsewhere_or_lost_hold_nobody_up() -> None:
    books = [BookAtStep(MARRIAGES_1, "listed", is_here=False), BookAtStep(BIRTHS_1, "listed", is_lost=True)]
    assert earlier_unfinished(MARRIAGES_2, books) == []


def test_every_act_leads_to_a_state_there_is() -> None:
    for table in (PACKAGE, ITEM):
        assert {state for acts in table.values() for state in acts.values()} <= set(table)
    assert set(PACKAGE) - {"withdrawn"} == LIVE
    assert set(ITEM) - {"open"} == DONE


@pytest.mark.parametrize("state", ["released", "checking", "checked"])
def test_a_package_comes_back_to_its_keyer_from_every_later_state(state: str) -> None:
    assert next_state(PACKAGE, state, "return") == "out"


@pytest.mark.parametrize("state", ["out", "released", "checking", "checked", "withdrawn"])
def test_only_a_package_that_waits_is_withdrawn(state: str) -> None:
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        next_state(PACKAGE, state, "withdraw")


def test_what_stands_at_a_place_may_be_said_anew() -> None:
    assert next_state(ITEM, "void", "key") == "keyed"
    assert next_state(ITEM, "keyed", "void") == "void"


def test_the_wording_of_the_pledge_is_the_newest_that_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    first = pledge.TEXTS[0]
    newer = pledge.PledgeText(
        "2027-1", date(2027, 3, 1), first.title, first.opening, first.points, first.closing, "Nghị định mới", True
    )
    monkeypatch.setattr(pledge, "TEXTS", (newer, first))
    assert pledge.text_on(date(2027, 2, 28)).version == first.version
    assert pledge.text_on(date(2027, 3, 1)).version == "2027-1"
    assert pledge.text_on(date(2020, 1, 1)).version in {first.version, "2027-1"}
    assert pledge.text_of_version("2027-1") is newer
    with pytest.raises(RuleBroken, match="pledge_text_unknown"):
        pledge.text_of_version("1999-1")


def test_each_wording_has_its_own_version_and_both_languages() -> None:
    assert len({text.version for text in pledge.TEXTS}) == len(pledge.TEXTS)
    for text in pledge.TEXTS:
        for pair in (text.title, text.opening, text.closing, *text.points):
            assert all(pair)
            assert pair[0] != pair[1]
