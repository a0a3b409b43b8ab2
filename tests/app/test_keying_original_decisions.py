"""A case keyed from both originals of a book is decided by a third person; only then is the book accepted (H6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from hotich.database.scope import office_scope
from hotich.intake.models import CaseState
from hotich.intake.services.approval import approve_cases
from hotich.kernel.actor import Actor
from hotich.keying.models import (
    BookWork,
    BookWorkState,
    CheckState,
    Entry,
    KeyingPackage,
    OriginalDecision,
    PackageState,
)
from hotich.keying.queries.acceptance import not_ready
from hotich.keying.queries.completeness import completeness_of
from hotich.keying.queries.copies import pair_of
from hotich.keying.queries.originals import Beside, beside_of, decision_of_record
from hotich.keying.rules.notes import Note
from hotich.keying.rules.originals import PointDecided
from hotich.keying.services import originals as services
from hotich.keying.services.copies import compare_keyed_copies
from hotich.keying.services.packages import release_package
from hotich.keying.services.review import finish_check, review_entry, start_check
from hotich.keying.services.sync import receive_items
from hotich.records.models import KeyingRepair, Record
from hotich.registers.models import Book
from tests.app.keying_checking_parts import an_item, case_of, entries_of, now, values_of
from tests.app.keying_inventory_parts import refused
from tests.app.keying_parts import AT, Team, a_listed_book, a_package, a_team, checked_out, items_of
from tests.app.test_keying_originals import of_district

pytestmark = pytest.mark.django_db
OTHER_NAME = "Trần Văn Khác"
CLEARER = "original_clearer"


def handed_in(
    team: Team, book: Book, rows: list[dict[str, Any]], *, by: str, notes: Sequence[Note] = (), **more: Any
) -> KeyingPackage:
    """A package of the book from number 1 on, keyed and handed in; doubles of the other original with a reason."""
    package = checked_out(team, a_package(team, book, count=len(rows), **more), by=by)
    actor: Actor = getattr(team, by)
    places = items_of(team, package)
    said = [
        replace(an_item(package, place, row, kind="key"), annotations=tuple(notes))
        for place, row in zip(places, rows, strict=True)
    ]
    receive_items(actor=actor, at=AT, items=said)
    return release_package(actor=actor, at=AT, package_id=package.id, reason="Bản lưu thứ hai")


def checked(team: Team, package: KeyingPackage) -> None:
    start_check(actor=team.checker, at=AT, package_id=package.id)
    for entry in entries_of(team, package):
        review_entry(actor=team.checker, at=AT, entry_id=entry.id, version=entry.version)
    finish_check(actor=team.checker, at=AT, package_id=package.id)


def both(
    team: Team,
    first: list[dict[str, Any]],
    second: list[dict[str, Any]],
    *,
    is_checked: bool = True,
    notes: Sequence[Sequence[Note]] = ((), ()),
) -> tuple[KeyingPackage, KeyingPackage]:
    """The commune's original keyed and checked, the district's keyed by another keyer. Its packages are cut first: later
    they would leave out what is there."""
    commune, district = a_listed_book(team), of_district(team)
    with office_scope([team.office.id]):
        # no sample: a case drawn by chance would have to be keyed again first
        BookWork.objects.filter(book__in=[commune, district]).update(state=BookWorkState.OPEN, sample_per_mille=0)
    later = a_package(team, district, count=len(second), mode="review")
    one = handed_in(team, commune, first, by="keyer", mode="review", notes=notes[0])
    if is_checked:
        checked(team, one)
    later = checked_out(team, later, by="keyer2")
    said = [
        replace(an_item(later, place, row, kind="key"), annotations=tuple(notes[1]))
        for place, row in zip(items_of(team, later), second, strict=True)
    ]
    receive_items(actor=team.keyer2, at=AT, items=said)
    release_package(actor=team.keyer2, at=AT, package_id=later.id, reason="Bản lưu thứ hai")
    return one, later


def shown(team: Team, entry: Entry) -> Beside:
    with office_scope([team.office.id]):
        return beside_of(team.checker, entry.id)


def decided(team: Team, entry: Entry, *points: PointDecided, by: str = "checker") -> OriginalDecision:
    return services.decide_original(
        actor=getattr(team, by), at=AT, entry_id=entry.id, seen=shown(team, entry).seen, decided=points
    )


def pair_at(team: Team, book: Book) -> Any:
    with office_scope([team.office.id]):
        return pair_of(team.checker, book.id)


def test_equal_cases_of_both_originals_are_settled_in_one_act_and_both_books_go_on() -> None:
    team = a_team()
    one, two = both(team, [values_of(1), values_of(2)], [values_of(1, page_no="9"), values_of(2)])
    with office_scope([team.office.id]):
        assert "originals_undecided" in [found.code for found in not_ready(one.book)]
    made = services.settle_equal_originals(actor=team.checker, at=AT, pair=pair_at(team, one.book))
    assert [row.outcome for row in made] == ["same", "same"], "the page of each copy is no difference"
    assert [case_of(team, entry).state for entry in entries_of(team, two)] == [CaseState.WITHDRAWN] * 2
    assert [now(team, entry).check_state for entry in entries_of(team, two)] == [CheckState.PASSED] * 2
    start_check(actor=team.checker, at=AT, package_id=two.id)
    assert finish_check(actor=team.checker, at=AT, package_id=two.id).state == PackageState.CHECKED
    with office_scope([team.office.id]):
        assert [found.code for found in not_ready(one.book)] == ["denominator_missing"]
        assert "book_is_second_original" in [found.code for found in not_ready(two.book)]


def test_the_record_follows_the_original_decided_for_and_both_texts_stay() -> None:
    team = a_team()
    one, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)])
    [first], [second] = entries_of(team, one), entries_of(team, two)
    [point] = shown(team, second).points
    decided(team, second, PointDecided("child_full_name", "second", CLEARER))
    case = case_of(team, first)
    assert (case.as_recorded["child_full_name"], case.state) == (OTHER_NAME, CaseState.WAITING)
    assert now(team, first).check_state == CheckState.PASSED, "it waits for approval as before"
    assert case_of(team, second).as_recorded["child_full_name"] == OTHER_NAME
    approve_cases(actor=team.approver, at=AT, case_ids=[case.id])
    with office_scope([team.office.id]):
        [record] = Record.objects.all()
        kept = decision_of_record(record)
        assert kept is not None
        assert (kept.points[0]["first"], kept.points[0]["second"]) == (point.first, OTHER_NAME)


def test_every_point_needs_a_choice_with_a_reason_and_the_page_must_still_hold() -> None:
    team = a_team()
    _, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME, mother_full_name="Lê Thị Khác")])
    [second] = entries_of(team, two)
    name = PointDecided("child_full_name", "first", CLEARER)
    mother = PointDecided("mother_full_name", "first", CLEARER)
    for points, code in (
        ([name], "original_points_undecided"),
        ([name, mother, replace(name, field="sex")], "original_point_unknown"),
        ([name, replace(mother, reason=" ")], "reason_missing"),
        ([name, replace(mother, decision="guess")], "decision_unknown"),
    ):
        with refused(code):
            decided(team, second, *points)
    with refused("entry_changed_meanwhile"):
        services.decide_original(actor=team.checker, at=AT, entry_id=second.id, seen="0.0", decided=[name, mother])
    assert decided(team, second, name, mother).outcome == "decided"
    with refused("original_not_paired"):
        services.decide_original(actor=team.checker, at=AT, entry_id=second.id, seen="0.0", decided=[name, mother])


def test_nobody_decides_about_what_he_keyed_and_the_first_original_is_checked_first() -> None:
    team = a_team()
    _, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)], is_checked=False)
    [second] = entries_of(team, two)
    point = PointDecided("child_full_name", "first", CLEARER)
    with refused("not_allowed"):
        decided(team, second, point, by="keyer")
    with refused("original_first_unchecked"):
        decided(team, second, point)
    for name in ("keyer", "keyer2"):
        hand = replace(team.checker, officer_id=getattr(team, name).officer_id)
        with refused("checked_by_keyer"):
            services.decide_original(
                actor=hand, at=AT, entry_id=second.id, seen=shown(team, second).seen, decided=[point]
            )


def test_where_both_books_say_the_same_the_wrongly_keyed_text_gives_way_in_its_own_case() -> None:
    team = a_team()
    one, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)])
    [first], [second] = entries_of(team, one), entries_of(team, two)
    row = decided(team, second, PointDecided("child_full_name", "first", "keyed_wrong"))
    assert case_of(team, second).as_recorded["child_full_name"] == case_of(team, first).as_recorded["child_full_name"]
    assert row.points[0]["second"] == OTHER_NAME, "what was keyed is kept with the decision"


def test_of_an_approved_record_another_value_is_proposed_as_a_repair() -> None:
    team = a_team()
    one, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)])
    [first], [second] = entries_of(team, one), entries_of(team, two)
    approve_cases(actor=team.approver, at=AT, case_ids=[first.case_id])
    point = PointDecided("child_full_name", "second", CLEARER)
    with refused("original_needs_repair_right"):
        decided(team, second, point)
    row = decided(team, second, point, by="officer")
    with office_scope([team.office.id]):
        repair = KeyingRepair.objects.get(id=row.repair_id)
        assert (repair.state, repair.values) == ("proposed", {"child_full_name": OTHER_NAME})
        assert Record.objects.get().as_recorded["child_full_name"] != OTHER_NAME


def test_a_decision_is_taken_back_with_what_it_changed() -> None:
    team = a_team()
    one, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)])
    [first], [second] = entries_of(team, one), entries_of(team, two)
    before = case_of(team, first).as_recorded
    decided(team, second, PointDecided("child_full_name", "second", CLEARER))
    services.take_back_original(actor=team.checker, at=AT, entry_id=second.id)
    assert case_of(team, first).as_recorded == before
    assert case_of(team, second).state == CaseState.HELD
    assert len(shown(team, second).points) == 1
    with refused("nothing_to_take_back"):
        services.take_back_original(actor=team.checker, at=AT, entry_id=second.id)


def test_a_case_only_the_district_has_is_entered_as_its_own_or_dismissed_with_a_reason() -> None:
    team = a_team()
    one, two = both(team, [values_of(1)], [values_of(1), values_of(2), values_of(3)])
    with office_scope([team.office.id]):
        assert BookWork.objects.get(book=one.book).state == BookWorkState.KEYED
    services.settle_equal_originals(actor=team.checker, at=AT, pair=pair_at(team, one.book))
    _, own, dropped = entries_of(team, two)
    start_check(actor=team.checker, at=AT, package_id=two.id)
    for entry in (own, dropped):
        with refused("reason_missing"):
            services.enter_as_own(actor=team.checker, at=AT, entry_id=entry.id, reason=" ")
    review_entry(actor=team.checker, at=AT, entry_id=own.id, version=now(team, own).version)
    services.dismiss_original(actor=team.checker, at=AT, entry_id=dropped.id, reason="Chép nhầm từ quyển 02")
    with refused("originals_undecided"):
        finish_check(actor=team.checker, at=AT, package_id=two.id)
    services.enter_as_own(actor=team.checker, at=AT, entry_id=own.id, reason="Bản xã mất tờ 3")
    finish_check(actor=team.checker, at=AT, package_id=two.id)
    assert (case_of(team, own).state, case_of(team, dropped).state) == (CaseState.WAITING, CaseState.WITHDRAWN)
    services.take_back_original(actor=team.checker, at=AT, entry_id=dropped.id)
    assert case_of(team, dropped).state == CaseState.CHECKING


def test_what_was_decided_is_no_finding_of_a_later_comparison() -> None:
    team = a_team()
    one, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)])
    [second] = entries_of(team, two)
    asked = {"actor": team.officer, "at": AT, "first_id": one.book_id, "second_id": two.book_id}
    [row] = compare_keyed_copies(**asked)
    decided(team, second, PointDecided("child_full_name", "first", CLEARER))
    with office_scope([team.office.id]):
        row.refresh_from_db()
    assert row.settled_words == services.SETTLED
    assert compare_keyed_copies(**asked) == []


def test_cases_keyed_from_both_originals_are_no_doubles_of_the_book_while_they_wait() -> None:
    team = a_team()
    one, two = both(team, [values_of(1), values_of(2)], [values_of(1), values_of(2), values_of(3)])
    with office_scope([team.office.id]):
        first, second = completeness_of(one.book), completeness_of(two.book)
    assert (first.doubles, first.cases) == ((), 3), "what only the district's original has is a case of the book"
    assert (second.doubles, second.cases) == ((), 3)
