"""What a keyer sends becomes entries and cases, once; what stands in the way is told, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from hotich.audit.queries import faults_of_chain, history_of
from hotich.database.scope import office_scope
from hotich.intake.models import Case, CaseState
from hotich.intake.services.keyed import pass_check, return_to_keyer
from hotich.keying.models import CheckState, EntryKind, ItemState, KeyingPackage, PackageItem, SecondKeying
from hotich.keying.services.packages import check_out_package, release_package, take_back_package
from hotich.records.models import RegistrationNumber
from tests.app.keying_parts import AT, Team, a_package, a_team, checked_out, items_of, scanned_cases
from tests.app.keying_sync_parts import SAVED_AT, an_item, counted, entry_of, results, send

pytestmark = pytest.mark.django_db
Out = tuple[Team, KeyingPackage, list[PackageItem]]


@pytest.fixture
def out() -> Out:
    """A team, and a package of three numbers in the hands of its keyer."""
    team = a_team()
    package = checked_out(team)
    return team, package, items_of(team, package)


def test_a_batch_is_stored_as_cases_to_be_checked_with_entries_audit_and_figures(out: Out) -> None:
    team, package, places = out
    sent = [an_item(package, place, number) for number, place in enumerate(places, start=1)]
    answers = send(team.keyer, *sent, clock_error=86_400_000)
    assert results(answers) == ["accepted"] * 3
    assert {answer.case_state for answer in answers} == {"checking"}
    entry = entry_of(team, sent[0].client_id)
    assert entry.case is not None
    assert (entry.case.state, entry.case.is_check_pending, entry.case.keyed_by) == (
        CaseState.CHECKING, True, team.keyer.officer_id,
    )  # fmt: skip
    assert entry.case.as_recorded["child_full_name"] == sent[0].values["child_full_name"]
    assert (entry.item.state, entry.kind, entry.check_state) == (ItemState.KEYED, EntryKind.CASE, CheckState.PENDING)
    assert (entry.strokes, entry.active_ms, entry.fields_filled) == (200, 60_000, len(sent[0].values))
    assert entry.characters == sent[0].characters
    assert entry.clock_error == 86_400_000
    assert (AT - entry.saved_at).total_seconds() == 86_400  # the PC was a day ahead
    with office_scope([team.office.id]):
        [(trail, detail)] = history_of("case", entry.case_id)
        assert (trail.verb, trail.facts["entry"]) == ("case.keyed", str(entry.id))
        assert detail is not None
        assert detail.after["as_recorded"] == entry.case.as_recorded
        assert faults_of_chain(team.office.id) == []


def test_the_same_batch_again_changes_nothing_and_is_answered(out: Out) -> None:
    team, package, places = out
    sent = [an_item(package, place, number) for number, place in enumerate(places, start=1)]
    send(team.keyer, *sent)
    before = counted(team)
    assert results(send(team.keyer, *sent)) == ["duplicate"] * 3
    assert results(send(team.keyer, *sent, sent[0])) == ["duplicate"] * 4
    assert counted(team) == before == {"entries": 3, "cases": 3, "seconds": 0}


def test_an_item_twice_in_one_batch_is_stored_once_with_its_newest_revision(out: Out) -> None:
    team, package, places = out
    first = an_item(package, places[0], 1)
    newer = replace(first, revision=2, values={**first.values, "page_no": "9"})
    assert results(send(team.keyer, first, newer, first)) == ["accepted", "accepted", "duplicate"]
    entry = entry_of(team, first.client_id)
    assert entry.case is not None
    assert (entry.revision, entry.case.as_recorded["page_no"]) == (2, "9")
    assert counted(team)["cases"] == 1


def test_a_case_changed_on_two_pcs_under_one_revision_is_refused_the_second_time_and_stays_as_it_was(out: Out) -> None:
    team, package, places = out
    first = an_item(package, places[0], 1)
    elsewhere = replace(first, values={**first.values, "page_no": "9"})
    assert results(send(team.keyer, first)) == ["accepted"]
    [answer] = send(team.keyer, elsewhere)
    assert (answer.result, answer.code) == ("refused", "entry_saved_elsewhere")
    entry = entry_of(team, first.client_id)
    assert entry.case is not None
    assert entry.case.as_recorded["page_no"] == first.values["page_no"]
    assert results(send(team.keyer, replace(elsewhere, revision=2))) == ["accepted"]  # compared, and saved anew


def test_a_case_with_errors_is_stored_returned_and_mended_under_the_same_name(out: Out) -> None:
    team, package, places = out
    wrong = an_item(package, places[0], 1, values={"child_birth_date": "31.02.2016"})
    [answer] = send(team.keyer, wrong)
    assert (answer.result, answer.case_state) == ("returned", "held")
    assert ("date_impossible", "child_birth_date") in {(each["code"], each["field"]) for each in answer.problems}
    [again] = send(team.keyer, wrong)  # the answer was lost
    assert (again.result, again.problems) == (answer.result, answer.problems)
    mended = replace(wrong, revision=2, values={**wrong.values, "child_birth_date": "01.06.2016"})
    [answer] = send(team.keyer, mended)
    assert (answer.result, answer.case_state) == ("accepted", "checking")
    assert counted(team) == {"entries": 1, "cases": 1, "seconds": 0}
    with office_scope([team.office.id]):
        verbs = [trail.verb for trail, _ in history_of("case", entry_of(team, wrong.client_id).case_id)]
    assert verbs == ["case.keyed", "case.keyed_again"]


def test_a_warning_nobody_confirmed_comes_back_and_its_confirmation_is_kept(out: Out) -> None:
    team, package, places = out
    item = an_item(package, places[0], 1, values={"child_full_name": "Hải"})
    [answer] = send(team.keyer, item)
    assert (answer.result, answer.case_state) == ("returned", "checking")
    assert {each["severity"] for each in answer.problems} == {"warning"}
    doubtful = entry_of(team, item.client_id).doubt
    said = tuple({"code": each["code"], "field": each["field"], "reason": "đúng như sổ"} for each in answer.problems)
    [answer] = send(team.keyer, replace(item, revision=2, confirmed=said))
    assert (answer.result, answer.problems) == ("accepted", [])
    entry = entry_of(team, item.client_id)
    assert entry.confirmed == list(said)
    assert 0 < entry.doubt < doubtful


def test_two_cases_that_say_the_same_are_both_kept_and_the_second_is_returned(out: Out) -> None:
    team, package, places = out
    values = dict(an_item(package, places[0], 1).values)
    one, two = (an_item(package, place, 1, values=values) for place in places[:2])
    answers = send(team.keyer, one, two)
    assert results(answers) == ["accepted", "returned"]
    assert {"case_as_another", "registration_number_unique"} <= {each["code"] for each in answers[1].problems}
    assert counted(team)["cases"] == 2
    other = {"registration_number": "2/2016", "child_full_name": "Nguyễn Minh Tâm", "page_no": "8"}
    assert results(send(team.keyer, replace(two, revision=2, values={**two.values, **other}))) == ["accepted"]


def test_a_number_another_case_has_holds_the_later_one_until_it_is_free(out: Out) -> None:
    team, package, places = out
    one = an_item(package, places[0], 5)
    two = an_item(package, places[1], 5, values={"child_full_name": "Trần Văn Khác"})
    assert results(send(team.keyer, one)) == ["accepted"]
    [answer] = send(team.keyer, two)
    assert [each["code"] for each in answer.problems] == ["registration_number_unique"]
    moved = replace(one, revision=2, values={**one.values, "registration_number": "6/2016"})
    assert results(send(team.keyer, moved)) == ["accepted"]
    assert entry_of(team, two.client_id).case.state == CaseState.CHECKING  # type: ignore[union-attr]


def test_a_void_number_a_missing_page_and_a_blank_place_are_entries_and_can_become_cases(out: Out) -> None:
    team, package, places = out
    void = an_item(package, places[0], 1, state="void", reason="Ghi nhầm, đã gạch chéo", number=1)
    missing = an_item(package, places[1], 2, state="missing", reason="Trang bị rách")
    blank = an_item(package, places[2], 3, state="blank")
    assert results(send(team.keyer, void, missing, blank)) == ["accepted"] * 3
    assert results(send(team.keyer, void, missing, blank)) == ["duplicate"] * 3
    with office_scope([team.office.id]):
        said = dict(RegistrationNumber.objects.values_list("number", "use"))
        assert said == {1: "void", 2: "missing"}
        assert [place.state for place in items_of(team, package)] == ["void", "missing", "blank"]
    case = an_item(package, places[0], 1)
    [answer] = send(team.keyer, replace(case, client_id=void.client_id, revision=2))
    assert answer.result == "accepted"
    with office_scope([team.office.id]):
        assert dict(RegistrationNumber.objects.values_list("number", "use")) == {2: "missing"}
    entry = entry_of(team, void.client_id)
    assert (entry.kind, entry.item.state) == (EntryKind.CASE, ItemState.KEYED)
    [answer] = send(team.keyer, replace(void, revision=3))
    entry = entry_of(team, void.client_id)
    assert (answer.result, entry.kind, entry.case_id, entry.item.state) == ("accepted", "void", None, "void")
    assert counted(team)["cases"] == 0


def test_a_void_number_without_a_number_and_one_that_is_registered_are_refused() -> None:
    team = a_team()
    package = checked_out(team)
    with office_scope([team.office.id]):
        place = items_of(team, package)[0]
        PackageItem.objects.filter(id=place.id).update(number=None)
    [answer] = send(team.keyer, an_item(package, place, 1, state="void", reason="Gạch chéo"))
    assert (answer.result, answer.code) == ("refused", "sync_number_missing")
    assert counted(team) == {"entries": 0, "cases": 0, "seconds": 0}


def test_a_case_found_between_two_others_gets_a_place_behind_the_first(out: Out) -> None:
    team, package, places = out
    one = an_item(package, None, 1, after=str(places[0].id), values={"registration_number": "1a/2016"})
    two = an_item(package, None, 1, after=str(places[0].id), values={"registration_number": "1b/2016", "page_no": "8"})
    assert results(send(team.keyer, one, two)) == ["accepted"] * 2
    assert results(send(team.keyer, one)) == ["duplicate"]
    with office_scope([team.office.id]):
        assert [place.position for place in items_of(team, package)] == [1000, 1001, 1002, 2000, 3000]
        assert KeyingPackage.objects.get(id=package.id).items_total == 5
    [answer] = send(team.keyer, an_item(package, None, 7, after=str(uuid4())))
    assert (answer.result, answer.code) == ("refused", "package_item_unknown")


def test_notes_in_the_margin_stand_with_the_case_and_a_wrong_one_is_returned(out: Out) -> None:
    team, package, places = out
    note = {"kind": "correction", "field": "child_birth_date", "new_value": "02.06.2016", "text": "Cải chính ngày sinh"}
    good = an_item(package, places[0], 1, annotations=[note])
    bad = an_item(package, places[1], 2, annotations=[{**note, "field": "registration_number"}])
    answers = send(team.keyer, good, bad)
    assert results(answers) == ["accepted", "returned"]
    assert [(each["code"], each["field"]) for each in answers[1].problems] == [("field_not_changeable", "annotations")]
    assert entry_of(team, good.client_id).case.annotations == list(good.annotations)  # type: ignore[union-attr]


def test_the_form_of_another_register_is_refused_and_the_others_go_in(out: Out) -> None:
    team, package, places = out
    old = an_item(package, places[0], 1, schema_version="KH-L2014-1")
    answers = send(team.keyer, old, an_item(package, places[1], 2))
    assert [(answer.result, answer.code) for answer in answers] == [
        ("refused", "schema_version_refused"), ("accepted", ""),
    ]  # fmt: skip
    assert counted(team)["entries"] == 1


def test_a_package_one_never_had_and_one_of_another_office_are_refused(out: Out) -> None:
    team, package, places = out
    item = an_item(package, places[0], 1)
    [answer] = send(team.keyer2, item)
    assert (answer.result, answer.code) == ("refused", "package_not_yours")
    [answer] = send(team.keyer, replace(item, package=uuid4()))
    assert (answer.result, answer.code) == ("refused", "package_unknown")
    assert counted(team)["entries"] == 0


def test_another_officers_name_for_a_case_is_refused(out: Out) -> None:
    team, package, places = out
    mine = an_item(package, places[0], 1)
    send(team.keyer, mine)
    take_back_package(actor=team.leader, at=AT, package_id=package.id, reason="Nghỉ ốm")
    check_out_package(actor=team.keyer2, at=AT, package_id=package.id)
    [answer] = send(team.keyer2, replace(mine, revision=2))
    assert (answer.result, answer.code) == ("refused", "client_id_of_another")
    [answer] = send(team.keyer2, replace(mine, client_id=uuid4()))
    assert answer.result == "accepted"  # kept beside the first
    assert counted(team) == {"entries": 1, "cases": 1, "seconds": 1}


def test_who_goes_on_with_a_package_mends_what_its_former_keyer_left_wrong(out: Out) -> None:
    team, package, places = out
    wrong = an_item(package, places[0], 1, values={"child_birth_date": "31.02.2016"})
    send(team.keyer, wrong)
    take_back_package(actor=team.leader, at=AT, package_id=package.id, reason="Nghỉ ốm")
    check_out_package(actor=team.keyer2, at=AT, package_id=package.id)
    mended = replace(wrong, revision=2, values={**wrong.values, "child_birth_date": "01.06.2016"})
    [answer] = send(team.keyer2, mended)
    entry = entry_of(team, wrong.client_id)
    assert (answer.result, entry.keyer) == ("accepted", team.keyer2.officer_id)
    assert set(entry.case.touched_by) == {team.keyer.officer_id, team.keyer2.officer_id}  # type: ignore[union-attr]


def test_a_case_given_back_says_why_and_is_checked_again_when_it_was_mended(out: Out) -> None:
    team, package, places = out
    item = an_item(package, places[0], 1)
    send(team.keyer, item)
    entry = entry_of(team, item.client_id)
    return_to_keyer(actor=team.checker, at=AT, case_id=entry.case_id, reason="Sai họ mẹ")  # type: ignore[arg-type]
    [answer] = send(team.keyer, item)
    assert (answer.result, answer.case_state, answer.code, answer.params) == (
        "returned", "returned", "case_given_back", {"reason": "Sai họ mẹ"},
    )  # fmt: skip
    [answer] = send(team.keyer, replace(item, revision=2, values={**item.values, "mother_full_name": "Trần Thị Lan"}))
    assert (answer.result, answer.case_state) == ("accepted", "checking")


def test_what_comes_after_the_check_stands_beside_the_case_and_changes_nothing(out: Out) -> None:
    team, package, places = out
    item = an_item(package, places[0], 1)
    send(team.keyer, item)
    entry = entry_of(team, item.client_id)
    pass_check(actor=team.checker, at=AT, case_ids=[entry.case_id])  # type: ignore[list-item]
    assert results(send(team.keyer, replace(item, revision=2))) == ["duplicate"]
    late = replace(item, revision=3, values={**item.values, "page_no": "9"})
    assert results(send(team.keyer, late)) == ["accepted"]
    entry = entry_of(team, item.client_id)
    assert entry.case.as_recorded["page_no"] == "7"  # type: ignore[union-attr]
    with office_scope([team.office.id]):
        assert SecondKeying.objects.get().values["page_no"] == "9"


def test_what_was_keyed_before_a_package_was_given_back_arrives_afterwards(out: Out) -> None:
    team, package, places = out
    send(team.keyer, *(an_item(package, place, number) for number, place in enumerate(places[:2], start=1)))
    release_package(actor=team.keyer, at=AT, package_id=package.id, reason="Trang mờ")
    late = an_item(package, places[2], 3)
    assert results(send(team.keyer, late)) == ["accepted"]
    assert counted(team) == {"entries": 3, "cases": 3, "seconds": 0}


def test_the_same_place_keyed_twice_by_one_officer_is_kept_once_or_beside(out: Out) -> None:
    """Two windows, or a PC that lost its outbox."""
    team, package, places = out
    item = an_item(package, places[0], 1)
    send(team.keyer, item)
    assert results(send(team.keyer, replace(item, client_id=uuid4()))) == ["duplicate"]
    other = replace(item, client_id=uuid4(), values={**item.values, "page_no": "9"})
    assert results(send(team.keyer, other)) == ["accepted"]
    assert results(send(team.keyer, other)) == ["accepted"]
    assert counted(team) == {"entries": 1, "cases": 1, "seconds": 1}


def test_a_scan_learns_the_number_that_the_book_says() -> None:
    team = a_team()
    [scan] = scanned_cases(team, counts=(1,))
    with office_scope([team.office.id]):
        type(scan).objects.filter(id=scan.id).update(number=None)
    package = checked_out(team, a_package(team, scan.book, count=1, first=7))
    with office_scope([team.office.id]):
        PackageItem.objects.filter(package=package).update(scanned_case=scan)
    send(team.keyer, an_item(package, items_of(team, package)[0], 7))
    with office_scope([team.office.id]):
        scan.refresh_from_db()
        assert (scan.number, scan.registration_year, scan.case_id) == (7, 2016, None)  # its PDF is not made yet
        assert Case.objects.get().scan_id is None


def test_a_clock_that_lost_its_battery_costs_nothing(out: Out) -> None:
    team, package, places = out
    item = an_item(package, places[0], 1, saved_at=315_532_800_000)
    assert results(send(team.keyer, item, clock_error=315_532_800_000 - SAVED_AT)) == ["accepted"]
    assert entry_of(team, item.client_id).saved_at == AT
