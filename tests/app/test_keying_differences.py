"""Differences decided with a reason, by whoever may; the case takes what was decided; decisions taken back."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from hotich.audit.models import Entry as TrailEntry
from hotich.database.scope import office_scope
from hotich.intake.services.approval import approve_cases
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Difference, Entry, KeyingPackage
from hotich.keying.services.differences import Decided, decide_difference, decide_differences, undo_decision
from hotich.keying.services.review import start_check
from hotich.keying.services.second import keep_stray
from tests.app.keying_checking_parts import (
    an_item,
    case_of,
    differences_of,
    entries_of,
    give,
    keyed,
    now,
    values_of,
)
from tests.app.keying_parts import AT, Team, a_team

pytestmark = pytest.mark.django_db
READ = "scan_clear"


@pytest.fixture
def team() -> Team:
    return a_team()


def differing(team: Team, mode: str = "blind_critical", kind: str = "critical") -> tuple[Entry, list[Difference]]:
    """One case of which the checker keyed the child's name and the father's birth year otherwise."""
    package: KeyingPackage = keyed(team, mode=mode)
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1, child_full_name="Nguyễn Minh Hạ", father_birth_date="1989"), kind=kind)
    [first, *_] = entries_of(team, package)
    return first, differences_of(team, first)


def refused(actor: Actor, difference: UUID, decision: str = "second", reason: str = READ) -> str:
    with pytest.raises(RuleBroken) as refusal:
        decide_difference(actor=actor, at=AT, difference_id=difference, decision=decision, reason=reason)
    return refusal.value.code


def test_the_case_takes_what_was_decided_and_passes_when_nothing_is_left(team: Team) -> None:
    entry, [name, birth] = differing(team)
    decide_difference(actor=team.checker, at=AT, difference_id=name.id, decision="second", reason="scan_clear: nét rõ")
    assert now(team, entry).check_state == "differs"
    decide_difference(actor=team.checker, at=AT, difference_id=birth.id, decision="other", reason=READ, value="05.1989")
    case, after = case_of(team, entry), differences_of(team, entry)
    assert (case.as_recorded["child_full_name"], case.as_recorded["father_birth_date"]) == ("Nguyễn Minh Hạ", "05.1989")
    assert (now(team, entry).check_state, case.state, case.is_check_pending) == ("passed", "waiting", False)
    assert [(row.first_errors, row.second_errors, row.length) for row in after] == [(2, 0, 14), (4, 3, 7)]
    assert {(row.decided_by, row.reason) for row in after} == {
        (team.checker.officer_id, "scan_clear: nét rõ"), (team.checker.officer_id, READ),
    }  # fmt: skip


def test_keeping_the_first_value_changes_nothing_but_counts_the_errors_of_the_second(team: Team) -> None:
    entry, rows = differing(team)
    before = case_of(team, entry).as_recorded
    decided = [Decided(row.id, "first", READ) for row in rows]
    decide_differences(actor=team.checker, at=AT, entry_id=entry.id, decided=decided)
    assert case_of(team, entry).as_recorded == before
    assert [(row.first_errors, row.second_errors) for row in differences_of(team, entry)] == [(0, 2), (0, 1)]


def test_a_decision_needs_a_reason_a_choice_and_is_made_once(team: Team) -> None:
    _, [name, _] = differing(team)
    assert refused(team.checker, name.id, reason="  ") == "reason_missing"
    assert refused(team.checker, name.id, decision="coin") == "decision_unknown"
    assert refused(team.checker, uuid4()) == "difference_unknown"
    decide_difference(actor=team.checker, at=AT, difference_id=name.id, decision="first", reason=READ)
    assert refused(team.checker, name.id) == "difference_decided_already"


def test_two_whole_keyings_are_settled_by_a_third_person_only(team: Team) -> None:
    entry, [name, birth] = differing(team, mode="double", kind="double")
    assert refused(team.keyer, name.id) == "not_allowed"
    assert refused(team.checker, name.id) == "third_person_required"
    decided = [Decided(name.id, "second", READ), Decided(birth.id, "first", READ)]
    decide_differences(actor=team.checker2, at=AT, entry_id=entry.id, decided=decided)
    assert (now(team, entry).check_state, now(team, entry).checker) == ("passed", team.checker2.officer_id)


def test_an_officer_who_keyed_never_decides_though_he_may_check(team: Team) -> None:
    package = keyed(team, mode="blind_critical", by="officer")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1, child_full_name="Khác"))
    [first, *_] = entries_of(team, package)
    [row] = differences_of(team, first)
    assert refused(team.officer, row.id) == "checked_by_keyer"


def test_nobody_decides_while_the_second_keying_is_outstanding(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    [first, *_] = entries_of(team, package)
    with office_scope([team.office.id]):
        row = Difference.objects.create(
            origin_office_id=team.office.id,
            entry=first,
            field="child_sex",
            first_value="1",
            second_value="2",
            found_at=AT,
        )
    assert refused(team.checker, row.id) == "second_keying_outstanding"


def test_a_number_said_to_be_void_is_kept_or_returned_not_chosen(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, {}, state="void", reason="gạch chéo")
    [first, *_] = entries_of(team, package)
    [row] = differences_of(team, first)
    assert refused(team.checker, row.id, decision="second") == "whole_case_differs"
    decide_difference(actor=team.checker, at=AT, difference_id=row.id, decision="first", reason=READ)
    assert now(team, first).check_state == "passed"


def test_a_decision_is_taken_back_as_long_as_the_case_is_not_approved(team: Team) -> None:
    entry, rows = differing(team)
    before = case_of(team, entry).as_recorded
    decided = [Decided(row.id, "second", READ) for row in rows]
    decide_differences(actor=team.checker, at=AT, entry_id=entry.id, decided=decided)
    undo_decision(actor=team.checker, at=AT, difference_id=rows[0].id)
    case = case_of(team, entry)
    assert case.as_recorded["child_full_name"] == before["child_full_name"]
    assert (case.state, case.is_check_pending, now(team, entry).check_state) == ("checking", True, "differs")
    assert [row.decision for row in differences_of(team, entry)] == ["", "second"]
    decide_difference(actor=team.checker, at=AT, difference_id=rows[0].id, decision="first", reason=READ)
    assert now(team, entry).check_state == "passed"


def test_once_approved_a_decision_stands_and_a_late_entry_cannot_change_the_case(team: Team) -> None:
    entry, rows = differing(team)
    decided = [Decided(row.id, "first", READ) for row in rows]
    decide_differences(actor=team.checker, at=AT, entry_id=entry.id, decided=decided)
    done = approve_cases(actor=team.approver, at=AT, case_ids=[entry.case_id])
    assert len(done.approved) == 1
    with pytest.raises(RuleBroken) as refusal:
        undo_decision(actor=team.checker, at=AT, difference_id=rows[0].id)
    assert refusal.value.code == "case_approved_already"
    late = an_item(entry.package, entry.item, values_of(1, child_sex="2"), kind="key")
    keep_stray(actor=team.keyer2, at=AT, entry_id=entry.id, item=late)
    [row] = [row for row in differences_of(team, entry) if not row.decision]
    assert refused(team.checker2, row.id) == "case_approved_already"
    decide_difference(actor=team.checker2, at=AT, difference_id=row.id, decision="first", reason=READ)
    assert case_of(team, entry).state == "approved"


def test_who_decided_what_stands_in_the_trail_without_the_values(team: Team) -> None:
    _, [name, _] = differing(team)
    decide_difference(actor=team.checker, at=AT, difference_id=name.id, decision="second", reason=READ)
    kept = TrailEntry.objects.get(verb="difference.decided")
    assert kept.actor_id == team.checker.officer_id
    assert (kept.facts["field"], kept.facts["decision"]) == ("child_full_name", "second")
    assert "Hạ" not in str(kept.facts)
