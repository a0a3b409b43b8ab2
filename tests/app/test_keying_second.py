"""Second keyings: kept once, compared at once, refused to whoever keyed the first; nobody else's entry is lost."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import KeyingPackage, SecondKeying
from hotich.keying.rules.comparison import critical_fields
from hotich.keying.services.review import finish_check, give_up_check, return_entry, start_check
from hotich.keying.services.second import keep_stray, receive_second_keyings
from hotich.keying.services.sync import receive_items
from hotich.registers.types import version_for
from tests.app.keying_checking_parts import (
    VOID,
    an_item,
    case_of,
    differences_of,
    entries_of,
    give,
    keyed,
    now,
    values_of,
)
from tests.app.keying_parts import AT, Team, a_team, items_of

pytestmark = pytest.mark.django_db
CRITICAL = critical_fields(version_for("KS", "L2014"))


@pytest.fixture
def team() -> Team:
    return a_team()


def critical_of(number: int, **changes: str) -> dict[str, str]:
    return {code: raw for code, raw in values_of(number, **changes).items() if code in CRITICAL}


def finish_others(team: Team, package: KeyingPackage) -> None:
    """The other cases are right; the check is finished, and the package is back with its keyer."""
    for place in (1, 2):
        give(team, package, place, critical_of(place + 1))
    finish_check(actor=team.checker, at=AT, package_id=package.id)


def test_critical_fields_that_are_equal_pass_the_case_at_once(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    answer = give(team, package, 0, critical_of(1))
    first, second, _ = entries_of(team, package)
    assert (answer.result, first.check_state, second.check_state) == ("accepted", "passed", "pending")
    assert first.checker == team.checker.officer_id
    assert (first.case.state, first.case.is_check_pending) == ("waiting", False)


def test_fields_that_differ_wait_for_their_decision_and_keep_the_case_back(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, critical_of(1, child_full_name="Nguyễn Minh Hài", mother_birth_date=""))
    [first, *_] = entries_of(team, package)
    found = differences_of(team, first)
    assert (first.check_state, first.case.state) == ("differs", "checking")
    assert [(row.field, row.second_value, row.is_critical) for row in found] == [
        ("child_full_name", "Nguyễn Minh Hài", True), ("mother_birth_date", None, True),
    ]  # fmt: skip


def test_only_the_fields_asked_are_kept_and_compared(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1, remarks="không hỏi"))
    [first, *_] = entries_of(team, package)
    with office_scope([team.office.id]):
        kept = SecondKeying.objects.get(entry=first)
    assert first.check_state == "passed"
    assert set(kept.values) <= set(CRITICAL)


def test_the_same_keying_sent_twice_is_kept_once_and_other_values_afterwards_are_refused(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    item = an_item(package, items_of(team, package)[0], critical_of(1, child_full_name="Khác"))
    answers = receive_second_keyings(actor=team.checker, at=AT, items=[item, item])
    changed = replace(item, revision=2, values=critical_of(1))
    answers += receive_second_keyings(actor=team.checker, at=AT, items=[changed])
    assert [answer.result for answer in answers] == ["accepted", "duplicate", "refused"]
    assert answers[-1].code == "second_keying_given"
    with office_scope([team.office.id]):
        assert SecondKeying.objects.count() == 1


def test_whoever_keyed_the_case_is_refused_and_the_other_items_of_the_batch_go_in(team: Team) -> None:
    package = keyed(team, mode="blind_critical", by="officer")
    places = items_of(team, package)
    own = an_item(package, places[0], critical_of(1))
    [answer] = receive_second_keyings(actor=team.officer, at=AT, items=[own])
    assert (answer.result, answer.code) == ("refused", "checked_by_keyer")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    nowhere = replace(own, client_id=uuid4(), item=uuid4())
    good = an_item(package, places[1], critical_of(2))
    answers = receive_second_keyings(actor=team.checker, at=AT, items=[nowhere, good])
    assert [(each.result, each.code) for each in answers] == [("refused", "item_unknown"), ("accepted", "")]


def test_nobody_without_the_right_to_check_keys_a_second_time(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    with pytest.raises(RuleBroken) as refusal:
        give(team, package, 0, critical_of(1), by="keyer2")
    assert refusal.value.code == "not_allowed"


def test_a_drawn_case_waits_for_the_whole_not_for_its_critical_fields(team: Team) -> None:
    package = keyed(team, mode="blind_critical", sample=1000)
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1, mother_ethnicity="Tày"), kind="sample")
    [first, second, _] = entries_of(team, package)
    assert (first.is_sample, first.check_state) == (True, "differs")
    assert [row.field for row in differences_of(team, first)] == ["mother_ethnicity"]
    assert second.check_state == "pending"


def test_a_second_checker_of_the_same_case_loses_nothing(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, critical_of(1))
    give_up_check(actor=team.checker, at=AT, package_id=package.id)
    start_check(actor=team.checker2, at=AT, package_id=package.id)
    answer = give(team, package, 0, values_of(1, father_full_name="Nguyễn Văn Bính"), by="checker2")
    [first, *_] = entries_of(team, package)
    with office_scope([team.office.id]):
        kinds = list(
            SecondKeying.objects.filter(entry=first).order_by("received_at", "kind").values_list("kind", flat=True)
        )
    assert answer.result == "accepted"
    assert sorted(kinds) == ["critical", "stray"]
    assert (first.check_state, first.case.state, first.case.is_check_pending) == ("differs", "checking", True)


def test_an_entry_of_another_keyer_that_came_late_is_compared_whole(team: Team) -> None:
    package = keyed(team)
    [first, *_] = entries_of(team, package)
    item = an_item(package, first.item, values_of(1, child_sex="2"), kind="key")
    keep_stray(actor=team.keyer2, at=AT, entry_id=first.id, item=item)
    keep_stray(actor=team.keyer2, at=AT, entry_id=first.id, item=item)
    [row] = differences_of(team, first)
    assert (row.field, row.first_value, row.second_value) == ("child_sex", "1", "2")
    assert now(team, first).check_state == "differs"


def test_a_late_entry_that_says_the_same_passes_nothing_for_its_keyer_may_not_check(team: Team) -> None:
    package = keyed(team)
    [first, *_] = entries_of(team, package)
    keep_stray(actor=team.keyer2, at=AT, entry_id=first.id, item=an_item(package, first.item, values_of(1), kind="key"))
    assert now(team, first).check_state == "pending"
    assert case_of(team, first).state == "checking"


def test_a_number_one_keyed_and_the_other_calls_void_is_a_difference_about_the_whole_case(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, {}, state="void", reason="gạch chéo cả trang")
    [first, *_] = entries_of(team, package)
    [row] = differences_of(team, first)
    assert (row.field, row.second_value) == ("", {"text": "void", "reason": "gạch chéo cả trang"})
    assert first.check_state == "differs"


def test_a_place_nobody_keyed_and_a_void_number_ask_for_no_second_keying(team: Team) -> None:
    package = keyed(team, [values_of(1), VOID], mode="double")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 1, values_of(2), kind="double")
    [_, void] = entries_of(team, package)
    [row] = differences_of(team, void)
    assert (row.field, row.first_value["text"], row.second_value["text"]) == ("", "void", "case")


def test_a_mended_entry_is_compared_anew_with_what_was_keyed_the_second_time(team: Team) -> None:
    package = keyed(team, mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, critical_of(1, child_full_name="Nguyễn Minh Hạ"))
    [first, *_] = entries_of(team, package)
    return_entry(actor=team.checker, at=AT, entry_id=first.id, reason="nhập nhầm trang")
    assert (now(team, first).check_state, case_of(team, first).state) == ("returned", "returned")
    finish_others(team, package)
    mended = values_of(1, child_full_name="Nguyễn Minh Hạ", father_full_name="Nguyễn Văn Bính")
    item = an_item(package, first.item, mended, kind="key", client_id=str(first.id), revision=2)
    [answer] = receive_items(actor=team.keyer, at=AT, items=[item])
    assert answer.result in ("accepted", "returned")
    assert [row.field for row in differences_of(team, first)] == ["father_full_name"]
    assert now(team, first).check_state == "differs"
