"""Planning a merger, a division or a mix: what is wrong with a plan, and what it means. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hotich.kernel.problems import RuleBroken, Severity
from hotich.units.rules.operations import Facts, UnitFact, closing_code, kind_of_share, problems_of, same_body
from hotich.units.rules.plans import (
    Beginning,
    Plan,
    Share,
    completed,
    from_json,
    merger,
    next_key,
    to_json,
    with_share,
    without_unit,
)
from hotich.units.rules.workflow import OPERATION, next_state

ON, TODAY = date(2027, 1, 1), date(2026, 11, 25)
PROVINCE = UnitFact(1, "province", "68", "Tỉnh Thử", "Thử", "province", None, None, None)
NORTH = UnitFact(2, "commune", "25126", "Xã Bắc", "Bắc", "commune", 1, date(2025, 7, 1), None)
SOUTH = UnitFact(3, "commune", "25129", "Xã Nam", "Nam", "commune", 1, date(2025, 7, 1), None)
EAST = UnitFact(4, "commune", "25130", "Xã Đông", "Đông", "commune", 1, date(2025, 7, 1), None)
NEW = Beginning("n1", "commune", "25126", "Bắc Nam", "commune", 1)


def facts(*more: UnitFact, **other: object) -> Facts:
    units = {unit.id: unit for unit in (PROVINCE, NORTH, SOUTH, EAST, *more)}
    return Facts(**{"units": units, "same_code": [NORTH, *more], "today": TODAY, **other})  # type: ignore[arg-type]


def codes(plan: Plan, known: Facts | None = None, on: date = ON) -> set[str]:
    return {problem.code for problem in problems_of(plan, on, known or facts())}


def errors(plan: Plan, known: Facts | None = None, on: date = ON) -> set[str]:
    found = problems_of(plan, on, known or facts())
    return {problem.code for problem in found if problem.severity is Severity.ERROR}


MERGER = merger([2, 3], NEW)
SPLIT = Plan(
    ends=(2,),
    begins=(NEW, Beginning("n2", "commune", "25131", "Tây", "ward", 1)),
    shares=(Share(2, "n1", "thôn 1, thôn 2", True), Share(2, "n2", "thôn 3")),
)


def test_a_merger_of_two_communes_under_the_code_of_the_seat_is_right() -> None:
    assert codes(MERGER) == set()
    assert [kind_of_share(MERGER, share, facts()) for share in MERGER.shares] == ["merged", "merged"]
    assert same_body(MERGER) == {}


def test_a_unit_may_be_absorbed_by_one_that_goes_on() -> None:
    plan = merger([3, 2], 2)
    assert plan.ends == (3,)
    assert codes(plan) == set()
    assert kind_of_share(plan, plan.shares[0], facts()) == "merged"


def test_a_division_with_words_and_one_keeper_is_right() -> None:
    assert codes(SPLIT) == set()
    assert {kind_of_share(SPLIT, share, facts()) for share in SPLIT.shares} == {"divided"}
    assert SPLIT.default_target(2) == "n1"


def test_a_division_needs_words_for_every_part_and_exactly_one_keeper() -> None:
    silent = replace(SPLIT, shares=(Share(2, "n1", "", True), Share(2, "n2", "thôn 3")))
    nobody = replace(SPLIT, shares=(Share(2, "n1", "a"), Share(2, "n2", "b")))
    assert errors(silent) == {"share_words_missing"}
    assert errors(nobody) == {"default_successor_missing"}


def test_a_mix_divides_one_and_merges_another() -> None:
    plan = replace(SPLIT, ends=(2, 3), shares=(*SPLIT.shares, Share(3, "n2", is_default=True)))
    assert codes(plan) == set()
    assert {kind_of_share(plan, share, facts()) for share in plan.shares} == {"divided", "merged"}


def test_a_part_may_go_over_while_both_units_go_on() -> None:
    plan = Plan(shares=(Share(2, 3, "thôn 5"),))
    assert codes(plan) == set()
    assert kind_of_share(plan, plan.shares[0], facts()) == "separated"
    assert errors(Plan(shares=(Share(2, 3),))) == {"share_words_missing"}


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        (replace(NEW, short_name="Bắc Mới"), "renamed"),
        (replace(NEW, short_name="Bắc", kind="ward"), "type_changed"),
        (replace(NEW, short_name="Bắc", code="25199"), "continued"),
    ],
)
def test_one_unit_that_becomes_one_keeps_its_office(new: Beginning, kind: str) -> None:
    plan = Plan(ends=(2,), begins=(new,), shares=(Share(2, "n1", is_default=True),))
    assert same_body(plan) == {2: "n1"}
    assert kind_of_share(plan, plan.shares[0], facts()) == kind


def begin(**changed: object) -> Plan:
    return replace(MERGER, begins=(replace(NEW, **changed),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (Plan(), "operation_is_empty"),
        (begin(code="2512"), "unit_code_malformed"),
        (begin(kind="municipality"), "kind_of_other_level"),
        (begin(short_name=" "), "unit_name_missing"),
        (begin(parent=None), "parent_not_valid_then"),
        (begin(parent=3), "parent_not_valid_then"),
        (begin(parent=4), "parent_of_wrong_level"),
        (replace(MERGER, begins=(NEW, replace(NEW, key="n2"))), "code_begins_twice"),
        (merger([3, 4], NEW), "code_taken_then"),
        (Plan(ends=(2,), shares=(Share(2, 99),)), "successor_not_valid_then"),
        (Plan(ends=(2,), shares=(Share(2, 1),)), "successor_of_other_level"),
        (Plan(ends=(2,), shares=(Share(2, 2),)), "unit_becomes_itself"),
        (Plan(ends=(99,)), "unit_unknown"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan: Plan, code: str) -> None:
    assert code in errors(plan)


def test_dates_that_do_not_fit_are_refused() -> None:
    assert "unit_ends_before_it_begins" in errors(MERGER, on=date(2025, 7, 1))
    gone = replace(SOUTH, valid_to=date(2026, 6, 30))
    assert "unit_ended_already" in errors(MERGER, facts(gone))
    later = replace(NORTH, id=9, valid_from=date(2028, 1, 1), name="Xã Mai Sau")
    assert "code_begins_later_too" in errors(MERGER, facts(later))


def test_a_code_that_was_closed_before_is_only_a_warning() -> None:
    former = replace(NORTH, id=9, valid_from=None, valid_to=date(2025, 6, 30), name="Xã Xưa")
    assert codes(MERGER, facts(former)) == set()  # one of the merged units carries it still
    other = replace(former, code="25177")
    assert codes(begin(code="25177"), facts(other)) == {"code_used_before"}


def test_a_day_in_the_past_and_an_end_without_successor_are_warnings() -> None:
    assert codes(MERGER, on=date(2026, 11, 1)) == {"operation_begins_in_the_past"}
    plan = Plan(ends=(2,))
    assert (codes(plan), errors(plan)) == ({"unit_ends_without_successor"}, set())
    assert codes(Plan(begins=(replace(NEW, code="25177"),))) == {"unit_without_predecessor"}


def test_a_unit_of_another_open_operation_is_refused() -> None:
    assert errors(MERGER, facts(pending=frozenset({3}))) == {"unit_in_another_operation"}


def test_communes_of_a_divided_province_must_be_told_where_they_go() -> None:
    new = (Beginning("n1", "province", "68", "Một", "province"), Beginning("n2", "province", "69", "Hai", "province"))
    shares = (Share(1, "n1", "phía bắc", True), Share(1, "n2", "phía nam"))
    below = {1: [NORTH, SOUTH]}
    known = facts(children=below, same_code=[])
    plan = Plan(ends=(1,), begins=new, shares=shares)
    assert errors(plan, known) == {"child_goes_nowhere"}
    assert errors(replace(plan, children={2: "n1", 3: "n2"}), known) == set()
    assert errors(replace(plan, children={2: "n1", 3: 4}), known) == {"child_goes_nowhere"}


def test_a_province_of_a_new_name_takes_its_communes_along() -> None:
    new = Beginning("n1", "province", "68", "Mới", "municipality")
    plan = completed(Plan(ends=(1,), begins=(new,)))
    assert plan.shares == (Share(1, "n1", is_default=True),)
    assert errors(plan, facts(children={1: [NORTH]}, same_code=[PROVINCE])) == set()


# ── plans as data ──
def test_a_plan_survives_being_stored() -> None:
    plan = replace(SPLIT, children={7: "n1"}, books={"b": "n2"}, posts={5: 3})
    assert from_json(to_json(plan)) == plan


def test_a_share_nobody_needs_to_type_is_added_and_no_other() -> None:
    assert completed(Plan(ends=(2, 3), begins=(NEW,))) == MERGER
    assert completed(replace(SPLIT, shares=())).shares == ()


def test_taking_a_unit_out_takes_all_that_hung_on_it() -> None:
    plan = without_unit(replace(SPLIT, books={"b": "n2"}, posts={5: "n2", 6: "n1"}), "n2")
    assert ([new.key for new in plan.begins], plan.shares, plan.books, plan.posts) == (
        ["n1"], (Share(2, "n1", "thôn 1, thôn 2", True),), {}, {6: "n1"},
    )  # fmt: skip
    assert next_key(SPLIT) == "n3"
    assert next_key(without_unit(SPLIT, "n1")) == "n1"


def test_a_second_keeper_takes_the_place_of_the_first() -> None:
    plan = with_share(SPLIT, Share(2, "n2", "thôn 3, thôn 4", True))
    assert {(share.target, share.words, share.is_default) for share in plan.shares} == {
        ("n1", "thôn 1, thôn 2", False), ("n2", "thôn 3, thôn 4", True),
    }  # fmt: skip


def test_the_code_of_a_closed_office_is_unique_for_ever() -> None:
    assert closing_code("25126", 2027, frozenset({"25126"})) == "25126-2027"
    assert closing_code("25126", 2027, frozenset({"25126-2027"})) == "25126-2027-2"
    assert closing_code("25126", 2027, frozenset({"25126-2027", "25126-2027-2"})) == "25126-2027-3"


# ── life ──
def test_what_is_in_force_cannot_be_taken_back() -> None:
    for step in OPERATION:
        with pytest.raises(RuleBroken) as refusal:
            next_state("in_force", step)
        assert refusal.value.code == "operation_in_force"


def test_steps_follow_the_table() -> None:
    assert next_state("draft", "propose") == "proposed"
    assert next_state("approved", "cancel") == "cancelled"
    with pytest.raises(RuleBroken) as refusal:
        next_state("draft", "approve")
    assert refusal.value.code == "operation_step_not_allowed"
