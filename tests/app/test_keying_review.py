"""A package checked: begun by somebody else, looked at entry by entry, given back or finished; its book done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hotich.database.scope import office_scope
from hotich.intake.services.approval import approve_cases
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import BookWork, KeyingPackage
from hotich.keying.services.differences import undo_decision
from hotich.keying.services.review import (
    Change,
    finish_check,
    give_up_check,
    return_entry,
    review_entry,
    start_check,
    undo_review,
)
from tests.app.keying_checking_parts import VOID, case_of, differences_of, entries_of, give, keyed, now, values_of
from tests.app.keying_parts import AT, Team, a_listed_book, a_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return a_team()


def checking(team: Team, *rows: Any, **more: Any) -> KeyingPackage:
    package = keyed(team, list(rows) or None, **more)
    return start_check(actor=team.checker, at=AT, package_id=package.id)


def code_of(act: Callable[..., object], **arguments: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        act(at=AT, **arguments)
    return refusal.value.code


def package_now(team: Team, package: KeyingPackage) -> KeyingPackage:
    with office_scope([team.office.id]):
        return KeyingPackage.objects.get(id=package.id)


def test_a_package_is_checked_by_one_who_keyed_nothing_of_it_and_by_one_at_a_time(team: Team) -> None:
    package = keyed(team, by="officer")
    assert code_of(start_check, actor=team.officer, package_id=package.id) == "checked_by_keyer"
    assert code_of(start_check, actor=team.keyer2, package_id=package.id) == "not_allowed"
    start_check(actor=team.checker, at=AT, package_id=package.id)
    start_check(actor=team.checker, at=AT, package_id=package.id)
    assert code_of(start_check, actor=team.checker2, package_id=package.id) == "check_not_yours"
    give_up_check(actor=team.checker, at=AT, package_id=package.id)
    assert start_check(actor=team.checker2, at=AT, package_id=package.id).checker == team.checker2.officer_id


def test_a_sample_is_drawn_once_when_the_check_begins(team: Team) -> None:
    package = checking(team, sample=1000)
    assert [entry.is_sample for entry in entries_of(team, package)] == [True, True, True]
    [first, *_] = entries_of(team, package)
    refusal = code_of(review_entry, actor=team.checker, entry_id=first.id, version=first.version)
    assert refusal == "second_keying_outstanding"
    give(team, package, 0, values_of(1), kind="sample")
    assert now(team, first).check_state == "passed"


def test_what_is_right_passes_and_waits_for_the_approver(team: Team) -> None:
    package = checking(team)
    [first, *_] = entries_of(team, package)
    review_entry(actor=team.checker, at=AT, entry_id=first.id, version=first.version)
    assert (now(team, first).check_state, case_of(team, first).state) == ("passed", "waiting")
    done = approve_cases(actor=team.approver, at=AT, case_ids=[first.case_id])
    assert len(done.approved) == 1


def test_a_correction_is_a_difference_with_its_reason_and_counts_the_keyers_errors(team: Team) -> None:
    package = checking(team)
    [first, *_] = entries_of(team, package)
    changes = {"child_full_name": Change("Nguyễn Minh Hạ", "misread"), "child_sex": Change("1", "misread")}
    review_entry(actor=team.checker, at=AT, entry_id=first.id, version=first.version, changes=changes)
    [row] = differences_of(team, first)
    assert (row.second_id, row.decision, row.value, row.first_errors, row.length) == (
        None, "other", "Nguyễn Minh Hạ", 2, 14,
    )  # fmt: skip
    assert case_of(team, first).as_recorded["child_full_name"] == "Nguyễn Minh Hạ"
    undo_decision(actor=team.checker, at=AT, difference_id=row.id)
    again = now(team, first)
    assert (differences_of(team, first), again.check_state) == ([], "pending")
    assert case_of(team, first).as_recorded["child_full_name"] == "Nguyễn Minh Hải"
    review_entry(actor=team.checker, at=AT, entry_id=first.id, version=again.version)
    assert now(team, first).check_state == "passed"


def test_a_correction_without_a_reason_or_that_makes_an_error_leaves_all_as_it_was(team: Team) -> None:
    package = checking(team)
    [first, *_] = entries_of(team, package)

    def look(**changes: Change) -> str:
        return code_of(review_entry, actor=team.checker, entry_id=first.id, version=first.version, changes=changes)

    assert look(child_full_name=Change("Hạ", " ")) == "reason_missing"
    assert look(mother_shoe_size=Change("37", "misread")) == "field_unknown"
    assert look(registration_number=Change("2/2016", "misread")) == "case_still_held"
    assert differences_of(team, first) == []
    assert case_of(team, first).as_recorded["registration_number"] == "1/2016"


def test_only_the_checker_looks_and_only_at_what_he_saw(team: Team) -> None:
    package = checking(team)
    [first, *_] = entries_of(team, package)
    asked = {"entry_id": first.id, "version": first.version}
    assert code_of(review_entry, actor=team.checker2, **asked) == "check_not_yours"
    assert code_of(review_entry, actor=team.keyer, **asked) == "not_allowed"
    assert code_of(review_entry, actor=team.checker, entry_id=first.id, version=99) == "entry_changed_meanwhile"
    review_entry(actor=team.checker, at=AT, **asked)
    assert code_of(review_entry, actor=team.checker, **asked) == "entry_not_pending"


def test_a_package_with_returned_entries_goes_back_to_its_keyer_with_what_passed_left_alone(team: Team) -> None:
    package = checking(team, values_of(1), VOID)
    first, void = entries_of(team, package)
    review_entry(actor=team.checker, at=AT, entry_id=first.id, version=first.version)
    assert code_of(finish_check, actor=team.checker, package_id=package.id) == "entries_unchecked"
    assert code_of(return_entry, actor=team.checker, entry_id=void.id, reason="") == "reason_missing"
    return_entry(actor=team.checker, at=AT, entry_id=void.id, reason="số này có trường hợp, xem mặt sau")
    finish_check(actor=team.checker, at=AT, package_id=package.id)
    back = package_now(team, package)
    assert (back.state, back.keyer) == ("out", team.keyer.officer_id)
    assert "2: số này có trường hợp, xem mặt sau" in back.returned_reason
    assert now(team, first).check_state == "passed"


def test_a_void_number_is_confirmed_like_a_case(team: Team) -> None:
    package = checking(team, VOID, mode="double")
    [void] = entries_of(team, package)
    review_entry(actor=team.checker, at=AT, entry_id=void.id, version=void.version)
    assert finish_check(actor=team.checker, at=AT, package_id=package.id).state == "checked"


def test_a_return_and_a_pass_are_taken_back_until_the_package_is_with_its_keyer(team: Team) -> None:
    package = checking(team)
    first, second, third = entries_of(team, package)
    return_entry(actor=team.checker, at=AT, entry_id=first.id, reason="nhòe")
    undo_review(actor=team.checker, at=AT, entry_id=first.id)
    assert (now(team, first).check_state, case_of(team, first).state) == ("pending", "checking")
    assert case_of(team, first).returned_reason == ""
    for entry in (first, second):
        review_entry(actor=team.checker, at=AT, entry_id=entry.id, version=now(team, entry).version)
    return_entry(actor=team.checker, at=AT, entry_id=third.id, reason="nhòe")
    finish_check(actor=team.checker, at=AT, package_id=package.id)
    assert code_of(undo_review, actor=team.checker, entry_id=third.id) == "check_not_started"


def test_the_last_package_checked_makes_its_book_keyed_and_taking_a_check_back_opens_it(team: Team) -> None:
    book = a_listed_book(team)
    one = checking(team, values_of(1), book=book)
    two = checking(team, values_of(2), book=book, first=2)
    states = []
    for package in (one, two):
        [entry] = entries_of(team, package)
        review_entry(actor=team.checker, at=AT, entry_id=entry.id, version=entry.version)
        finish_check(actor=team.checker, at=AT, package_id=package.id)
        with office_scope([team.office.id]):
            states.append(BookWork.objects.get(book=book).state)
    assert states == ["open", "keyed"]
    undo_review(actor=team.checker, at=AT, entry_id=entry.id)
    with office_scope([team.office.id]):
        assert BookWork.objects.get(book=book).state == "open"
    assert package_now(team, two).state == "checking"
    with office_scope([team.office.id]):
        BookWork.objects.filter(book=book).update(state="accepted")
    [entry] = entries_of(team, one)
    assert code_of(undo_review, actor=team.checker, entry_id=entry.id) == "book_in_acceptance"
