"""Acceptance of a book: who draws and judges, what the limits do, what goes back, what is frozen (H5)."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.audit.models import Entry as Trail
from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Acceptance, Denominator, Entry, KeyingPackage
from hotich.keying.queries.volume import volume_of
from hotich.keying.services.acceptance import (
    cancel_acceptance,
    decide_acceptance,
    draw_acceptance,
    judge_item,
)
from hotich.keying.services.denominators import freeze_denominator
from tests.app.keying_checking_parts import VOID, keyed, values_of
from tests.app.keying_figures_parts import a_checked_book, checked_package, drawn, judge_all, sample_of, work_of
from tests.app.keying_parts import AT, Team, a_listed_book, a_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return a_team()


def refused(code: str, act: Any, **given: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as refusal:
        act(at=AT, **given)
    assert refusal.value.code == code
    return refusal.value


def decided(team: Team, acceptance: Acceptance, accepts: bool, **more: Any) -> Acceptance:
    given = {"number": "05/BB-UBND" if accepts else "", "words": "Đã đối chiếu", **more}
    return decide_acceptance(
        actor=team.approver, at=AT, acceptance_id=acceptance.id, version=1, accepts=accepts, **given
    )


def test_a_book_without_an_error_is_accepted_under_the_number_of_its_record(team: Team) -> None:
    book = a_checked_book(team)
    assert work_of(team, book).state == "keyed"
    acceptance = drawn(team, book)
    assert (acceptance.population, acceptance.sample_size, acceptance.limits["is_verified"]) == (3, 3, False)
    judge_all(team, acceptance)
    made = decided(team, acceptance, True)
    assert (made.state, made.number, work_of(team, book).state) == ("accepted", "05/BB-UBND", "accepted")
    figures = made.figures
    assert figures["wrong"] == 0 and figures["fields"] > 60 and figures["key_fields"] >= 15
    assert figures["all_interval"] == [0, 0]  # every case was in the sample
    assert (figures["entered"], figures["denominator"]) == (3, {"value": 3, "source": "decided"})
    assert figures["cases"] == 3 and figures["keyers"] == {str(team.keyer.officer_id): 3}
    with office_scope([team.office.id]):
        verbs = list(Trail.objects.filter(subject_kind="acceptance").values_list("verb", flat=True))
    assert verbs == ["acceptance.drawn", "acceptance.accepted"]


def test_what_is_over_a_limit_cannot_be_accepted_and_the_package_goes_back(team: Team) -> None:
    book = a_listed_book(team, state="open")
    a_checked_book(team, [values_of(1), values_of(2)], book=book, frozen=4)
    second = keyed(team, [values_of(3), values_of(4)], book=book, first=3, by="keyer2")
    checked_package(team, second)
    acceptance = drawn(team, book)
    judge_all(team, acceptance, {1: ["child_full_name"]})
    refused("acceptance_over_limit", decide_acceptance, actor=team.approver, acceptance_id=acceptance.id, version=1,
            accepts=True, number="05/BB-UBND", words="Vẫn nhận")  # fmt: skip
    made = decided(team, acceptance, False)
    assert (made.state, made.figures["key_wrong"], work_of(team, book).state) == ("rejected", 1, "open")
    with office_scope([team.office.id]):
        states = dict(KeyingPackage.objects.filter(book=book).values_list("position", "state"))
        assert states == {1: "out", 2: "checked"}  # only the package with the wrong case
        first = KeyingPackage.objects.get(book=book, position=1)
        assert "1/2016" in first.returned_reason
        entries = list(Entry.objects.filter(package__book=book).order_by("package__position", "item__position"))
        assert [entry.check_state for entry in entries] == ["returned", "passed", "passed", "passed"]
        case = Case.objects.get(id=entries[0].case_id)
        assert case.state == "returned" and "Họ, chữ đệm, tên người được khai sinh: Sai chữ" in case.returned_reason
    refused("book_has_open_packages", draw_acceptance, actor=team.approver, book_id=book.id)


def test_the_whole_book_may_go_back(team: Team) -> None:
    book = a_listed_book(team, state="open")
    a_checked_book(team, [values_of(1), values_of(2)], book=book, frozen=4)
    checked_package(team, keyed(team, [values_of(3), values_of(4)], book=book, first=3))
    acceptance = drawn(team, book)
    judge_all(team, acceptance, {1: ["child_full_name"]})
    decided(team, acceptance, False, back="book")
    with office_scope([team.office.id]):
        assert set(KeyingPackage.objects.filter(book=book).values_list("state", flat=True)) == {"out"}


def test_it_is_drawn_again_with_another_seed_and_both_tries_stay(team: Team) -> None:
    book = a_checked_book(team)
    first = drawn(team, book)
    refused("acceptance_running", draw_acceptance, actor=team.approver, book_id=book.id)
    refused("reason_missing", cancel_acceptance, actor=team.approver, acceptance_id=first.id, version=1, words=" ")
    cancel_acceptance(actor=team.approver, at=AT, acceptance_id=first.id, version=1, words="Rút lại")
    second = drawn(team, book)
    assert second.seed != first.seed
    with office_scope([team.office.id]):
        assert sorted(Acceptance.objects.filter(book=book).values_list("state", flat=True)) == ["cancelled", "judging"]
    refused("acceptance_decided", judge_item, actor=team.approver, item_id=sample_of(team, first)[0].id)


def test_the_same_seed_draws_the_same_cases(team: Team) -> None:
    book = a_checked_book(team, [values_of(number) for number in range(1, 7)], frozen=6)
    first = drawn(team, book, seed=11)
    chosen = [item.entry_id for item in sample_of(team, first)]
    cancel_acceptance(actor=team.approver, at=AT, acceptance_id=first.id, version=1, words="Thử")
    assert [item.entry_id for item in sample_of(team, drawn(team, book, seed=11))] == chosen


def test_nobody_accepts_what_went_through_his_hands(team: Team) -> None:
    book = a_checked_book(team)
    acceptance = drawn(team, book)
    [item, *_] = sample_of(team, acceptance)
    for name in ("keyer", "checker"):
        own = getattr(team, name)
        both = type(own)(own.login, own.office_id, own.officer_id, own.office_ids, own.rights | team.approver.rights)
        refused("acceptance_of_own_work", judge_item, actor=both, item_id=item.id)
        refused("acceptance_of_own_work", decide_acceptance, actor=both, acceptance_id=acceptance.id, version=1,
                accepts=True, number="1", words="")  # fmt: skip
    refused("not_allowed", judge_item, actor=team.checker2, item_id=item.id)
    refused("not_allowed", draw_acceptance, actor=team.leader, book_id=book.id)


def test_a_book_is_drawn_from_only_when_all_of_it_is_checked_and_its_number_frozen(team: Team) -> None:
    book = a_listed_book(team, state="open")
    refused("book_has_no_package", draw_acceptance, actor=team.approver, book_id=book.id)
    package = keyed(team, book=book)
    refused("book_has_open_packages", draw_acceptance, actor=team.approver, book_id=book.id)
    checked_package(team, package)
    refused("denominator_missing", draw_acceptance, actor=team.approver, book_id=book.id)


def test_every_case_is_judged_before_the_decision_and_again_as_often_as_wanted(team: Team) -> None:
    acceptance = drawn(team, a_checked_book(team))
    items = sample_of(team, acceptance)
    judge_item(actor=team.approver, at=AT, item_id=items[0].id, wrong=[{"field": "remarks", "words": "Thiếu ghi chú"}])
    refusal = refused("acceptance_not_judged", decide_acceptance, actor=team.approver, acceptance_id=acceptance.id,
                      version=1, accepts=True, number="1", words="")  # fmt: skip
    assert refusal.params == {"count": 2}
    again = judge_item(actor=team.approver, at=AT, item_id=items[0].id)
    assert again.wrong == []
    with office_scope([team.office.id]):
        assert Trail.objects.filter(verb="acceptance.judged").count() == 2


def test_a_field_is_marked_wrong_with_words_and_only_if_the_book_has_it(team: Team) -> None:
    [item, *_] = sample_of(team, drawn(team, a_checked_book(team)))
    for code, mark in (
        ("mark_without_words", {"field": "child_full_name", "words": " "}),
        ("mark_field_unknown", {"field": "no_such_field", "words": "Sai"}),
        ("mark_words_too_long", {"field": "child_full_name", "words": "x" * 201}),
    ):
        refused(code, judge_item, actor=team.approver, item_id=item.id, wrong=[mark])
    empty = judge_item(actor=team.approver, at=AT, item_id=item.id)
    missing = judge_item(
        actor=team.approver, at=AT, item_id=item.id, wrong=[{"field": "child_personal_id", "words": "Sổ có ghi"}]
    )
    assert missing.fields_checked == empty.fields_checked + 1  # an empty field counts only when it is wrong
    assert missing.wrong == [{"field": "child_personal_id", "is_key": True, "words": "Sổ có ghi"}]


def test_a_book_that_is_not_whole_is_accepted_only_with_words_and_a_number(team: Team) -> None:
    acceptance = drawn(team, a_checked_book(team, frozen=5))
    judge_all(team, acceptance)
    given = {"actor": team.approver, "acceptance_id": acceptance.id, "version": 1, "accepts": True}
    refused("words_missing_for_findings", decide_acceptance, **given, number="05/BB-UBND")
    refused("record_number_missing", decide_acceptance, **given, words="Hai số cuối bị hủy")
    refused("acceptance_changed_meanwhile", decide_acceptance, **{**given, "version": 2}, number="1", words="x")
    made = decided(team, acceptance, True)
    assert [code for code, *_ in made.figures["findings"]] == ["book_lacks_cases"]


def test_a_good_sample_is_refused_only_with_words(team: Team) -> None:
    acceptance = drawn(team, a_checked_book(team))
    judge_all(team, acceptance)
    refused("words_missing_for_refusal", decide_acceptance, actor=team.approver, acceptance_id=acceptance.id,
            version=1, accepts=False)  # fmt: skip
    made = decided(team, acceptance, False, words="Thiếu trang 12", back="book")
    assert (made.state, work_of(team, made.book).state) == ("rejected", "open")


def test_the_number_of_a_record_is_used_once(team: Team) -> None:
    first = drawn(team, a_checked_book(team))
    judge_all(team, first)
    decided(team, first, True)
    rows = [values_of(number, register_book_no="02/2016") for number in (11, 12, 13)]
    other = a_checked_book(team, rows, book=a_listed_book(team, number="02", state="open"), first=11)
    second = drawn(team, other)
    judge_all(team, second)
    refused("record_number_used", decide_acceptance, actor=team.approver, acceptance_id=second.id, version=1,
            accepts=True, number="05/BB-UBND", words="x")  # fmt: skip


def test_another_office_sees_no_acceptance(team: Team) -> None:
    from hotich.units.models import Office

    acceptance = drawn(team, a_checked_book(team))
    [item, *_] = sample_of(team, acceptance)
    far = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(id=team.office.id).last()
    other = a_team(far, mark=".xa")
    refused("acceptance_item_unknown", judge_item, actor=other.approver, item_id=item.id)
    refused("acceptance_unknown", cancel_acceptance, actor=other.approver, acceptance_id=acceptance.id, version=1,
            words="x")  # fmt: skip
    refused("book_unknown", draw_acceptance, actor=other.approver, book_id=acceptance.book_id)


# ---- the number that everything is measured against


def test_the_number_of_cases_is_frozen_and_replaced_only_with_a_reason(team: Team) -> None:
    book = a_listed_book(team, counted_cases=41)
    first = freeze_denominator(actor=team.leader, at=AT, book_id=book.id, source="counted")
    assert (first.value, first.source) == (41, "counted")
    given = {"actor": team.leader, "book_id": book.id}
    refused("reason_missing", freeze_denominator, **given, source="decided", value=42)
    refused("denominator_unchanged", freeze_denominator, **given, source="counted", reason="Nhầm")
    refused("denominator_source_empty", freeze_denominator, **given, source="closing", reason="Nhầm")
    refused("denominator_source_unknown", freeze_denominator, **given, source="guess", value=3)
    refused("denominator_malformed", freeze_denominator, **given, source="decided", value=0, reason="Nhầm")
    refused("not_allowed", freeze_denominator, actor=team.keyer, book_id=book.id, source="counted")
    freeze_denominator(**given, at=AT, source="decided", value=42, reason="Tìm thấy một trang nữa")
    with office_scope([team.office.id]):
        rows = Denominator.objects.filter(book=book).order_by("frozen_at", "id").values_list("value", "is_current")
        assert sorted(rows) == [(41, False), (42, True)]


# ---- how much was keyed


def test_the_volume_counts_cases_fields_and_characters_by_keyer_and_page(team: Team) -> None:
    book = a_checked_book(team, [values_of(1), values_of(2), VOID], frozen=None)
    with office_scope([team.office.id]):
        found = volume_of(book)
        recorded = [case.as_recorded for case in Case.objects.all()]
    texts = [raw if isinstance(raw, str) else raw.get("text", "") for values in recorded for raw in values.values()]
    keyer = team.keyer.officer_id
    assert found.cases == {(keyer, None): 2} and found.marked == {(keyer, None): 1}
    assert sum(line.values for line in found.fields) == sum(bool(text) for text in texts)
    assert sum(line.characters for line in found.fields) == sum(map(len, texts))
    assert {line.band for line in found.fields} <= {0, 1, 2}
    names = [line for line in found.fields if line.field == "child_full_name"]
    assert sum(line.values for line in names) == 2
    assert [(page.page, page.cases) for page in found.pages] == [("1", 1), ("2", 1)]
    assert sum(page.characters for page in found.pages) == sum(map(len, texts))
