"""What a book says is mended after somebody was compared: he is compared again, from what the partner once answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hotich.audit.models import Detail, Entry
from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import PopulationCheck, PopulationRequest, TrackingItem
from hotich.reconciliation.queries.book_facts import facts_of_record, facts_of_values
from hotich.reconciliation.services import sending
from hotich.reconciliation.services.asking_later import ask_later
from hotich.reconciliation.services.comparing_again import compare_cases, compare_changed_records
from hotich.reconciliation.services.following_annulment import ENDED
from hotich.reconciliation.services.requests import cancel_request, confirm_request, propose_creation
from hotich.reconciliation.services.tracking_settling import close_item, start_task
from hotich.records.models import KeyingRepair, Record
from hotich.records.services import AnnotationDraft, annotate_record, decide_repair, propose_repair
from hotich.records.services.annulment import Decision, annul_record, revoke_annulment
from hotich.registers.types import version_for
from tests.app.records_support import actor_at
from tests.app.tracking_parts import (
    AT,
    BIRTH,
    CHILD,
    NAME,
    Team,
    a_check,
    a_team,
    given,
    listed,
    verified,
)

pytestmark = pytest.mark.django_db
RIGHTS = frozenset({"record.repair", "record.approve_repair", "record.annotate", "record.read", "restricted.read"})
ANNULS = RIGHTS | {"record.annul"}
NOTE = "Quyết định cải chính"


@pytest.fixture
def team() -> Iterator[Team]:
    made = a_team()
    with office_scope([made.office.id]):
        yield made


def only_birth(team: Team) -> PopulationCheck:
    """Somebody whose birth differs and nothing else."""
    check = a_check(team, [BIRTH])
    check.citizen = {**check.citizen, "full_name": CHILD["child_full_name"]}
    check.save()
    return check


def repaired(team: Team, record: Record, *, is_read: bool = True, **values: str) -> KeyingRepair:
    """A repair that a second officer has accepted; `is_read`: what reads the event log has read it."""
    record.refresh_from_db()
    first, second = (actor_at(team.office, officer=number, rights=RIGHTS) for number in (81, 82))
    repair = propose_repair(
        actor=first,
        at=AT,
        record_id=record.id,
        version=record.version,
        values=values,
        reason="Nhập sai so với bản chụp",
    )
    decide_repair(actor=second, at=AT, repair_id=repair.id, approve=True)
    if is_read:
        compare_changed_records(at=AT)
    return repair


def noted(team: Team, record: Record, field: str, value: str) -> None:
    """A correction by decision beside the entry."""
    draft = AnnotationDraft(
        kind="correction", text=NOTE, field=field, new_value=value, basis_number="12/QĐ-UBND",
        basis_date_text="01/11/2026", basis_authority="UBND xã",
    )  # fmt: skip
    annotate_record(actor=actor_at(team.office, officer=81, rights=RIGHTS), at=AT, record_id=record.id, drafts=[draft])
    compare_changed_records(at=AT)


def detail_of(verb: str) -> Detail:
    return Detail.objects.get(entry_id=Entry.objects.get(verb=verb).id)


def now(item: TrackingItem) -> TrackingItem:
    return TrackingItem.objects.select_related("check_of").get(id=item.id)


def test_a_repaired_keying_error_closes_the_item_with_that_verdict(team: Team) -> None:
    (item,) = listed(team)
    record = item.check_of.record
    assert record is not None
    repair = repaired(team, record, child_full_name="Trần Văn Dụng", child_birth_date="01/05/2001")
    item = now(item)
    assert (item.check_of.outcome, item.check_of.differences) == ("equal", [])
    assert (item.state, item.verdict, item.task, item.task_ref) == (
        "closed", "keying_error", "keying_repair", str(repair.id)
    )  # fmt: skip
    assert (item.closed_by, item.verified_by, item.check_of.decided_by) == (None, None, 4711)
    assert set(item.fields.values_list("verdict", flat=True)) == {"keying_error"}
    verbs = set(
        Entry.objects.filter(subject_id__in=[str(item.id), str(item.check_of_id)]).values_list("verb", flat=True)
    )
    assert {"population_check.compared_again", "tracking.ended_by_rule"} <= verbs
    version = item.version
    compare_changed_records(at=AT)  # the log is read: nothing twice
    assert now(item).version == version


def test_a_correction_by_decision_closes_it_as_the_population_database_was_right(team: Team) -> None:
    (item,) = listed(team, only_birth(team))
    assert item.record is not None
    noted(team, item.record, "child_birth_date", "01/05/2001")
    item = now(item)
    assert (item.state, item.verdict, item.task, item.task_ref) == (
        "closed", "population", "legal_correction", "12/QĐ-UBND"
    )  # fmt: skip


def test_what_is_left_stays_with_the_police_and_what_has_gone_is_in_the_trail(team: Team) -> None:
    item = given(team)
    assert item.record is not None
    repaired(team, item.record, child_full_name="Trần Văn Dụng")
    item = now(item)
    assert (item.state, item.assigned_to) == ("verifying", team.police.officer_id)
    assert list(item.fields.values_list("field", flat=True)) == ["birth"]
    told = detail_of("tracking.difference_gone").before
    assert told["fields"] == {"full_name": [NAME["ours"], NAME["theirs"], "", ""]}


def test_a_repair_an_item_asked_for_ends_it_and_the_verdict_of_the_police_stands(team: Team) -> None:
    item = verified(team, "keying_error", "keying_error")
    follow = start_task(
        actor=team.officer, at=AT, item_id=item.id, version=now(item).version, task="keying_repair", words="Sửa"
    )
    decide_repair(actor=actor_at(team.office, officer=82, rights=RIGHTS), at=AT, repair_id=follow.ref, approve=True)
    compare_changed_records(at=AT)
    item = now(item)
    assert (item.state, item.verdict, item.verified_by) == ("closed", "keying_error", team.police.officer_id)


def test_a_verdict_for_the_book_is_not_overruled_by_a_repair_against_it(team: Team) -> None:
    item = verified(team, "book", check=only_birth(team))
    assert item.record is not None
    repaired(team, item.record, child_birth_date="01/05/2001")
    item = now(item)
    assert (item.state, item.verdict, item.check_of.outcome) == ("verified", "book", "equal")
    assert Entry.objects.filter(subject_id=str(item.id), verb="tracking.difference_gone").count() == 1


def test_half_a_verdict_carried_out_is_no_new_question(team: Team) -> None:
    """We keyed wrongly and the population database is wrong too: after our repair it is still to be adjusted."""
    item = verified(team, ("keying_error", "06/01/2001"), check=only_birth(team))
    assert item.record is not None
    repaired(team, item.record, child_birth_date="06/01/2001")
    item = now(item)
    assert (item.state, item.verdict, item.check_of.outcome) == ("verified", "keying_error", "different")
    assert item.check_of.differences[0]["ours"] == "2001-01-06"


def test_a_difference_that_comes_back_is_on_the_list_again(team: Team) -> None:
    (item,) = listed(team, only_birth(team))
    record = item.record
    assert record is not None
    repaired(team, record, child_birth_date="01/05/2001")
    assert now(item).state == "closed"
    repaired(team, record, child_birth_date="05/01/2001")
    item = now(item)
    assert (item.state, item.verdict, item.check_of.outcome) == ("open", "", "different")
    assert detail_of("tracking.opened_again").before["verdict"] == "keying_error"


def test_an_equal_person_differs_after_a_repair_and_comes_on_the_list(team: Team) -> None:
    check = a_check(team, [])
    PopulationCheck.objects.filter(id=check.id).update(
        outcome="equal", citizen={**check.citizen, "full_name": CHILD["child_full_name"], "birth": "2001-01-05"}
    )
    assert check.record is not None
    repaired(team, check.record, child_full_name="Trần Văn Dủng")
    item = TrackingItem.objects.select_related("check_of").get(check_of=check)
    assert (item.state, item.check_of.outcome, item.check_of.is_taken_over) == ("open", "different", True)


def test_somebody_else_is_not_touched_by_a_repair(team: Team) -> None:
    item = verified(team, "other_person", "other_person")
    assert item.record is not None
    repaired(team, item.record, child_full_name="Trần Văn Dụng", child_birth_date="01/05/2001")
    item = now(item)
    assert (item.state, item.verdict, item.check_of.outcome) == ("verified", "other_person", "clerk")
    assert close_item(actor=team.officer, at=AT, item_id=item.id, version=item.version).state == "closed"


def test_a_case_corrected_before_its_approval_is_compared_again(team: Team) -> None:
    check = only_birth(team)
    case_id = check.id
    PopulationCheck.objects.filter(id=check.id).update(record=None, participant_id=None, case_id=case_id)
    form, calls = version_for("KS", "ND83"), []

    def facts(**changes: str) -> Any:
        calls.append(1)
        return facts_of_values(form, {**CHILD, **changes}, 2001)

    with unit_of_work(actor=team.officer, at=AT) as work:
        assert compare_cases(work, cases={case_id: facts}) == 0  # nothing new is said
        assert compare_cases(work, cases={case_id: lambda: facts(child_birth_date="01/05/2001")}) == 1
        assert compare_cases(work, cases={team.office.id and a_check(team).id: facts}) == 0  # nobody was looked up
    check.refresh_from_db()
    assert (check.outcome, check.differences, check.decided_by) == ("equal", [], 4711)
    assert len(calls) == 2


# ---- a record that loses its effect


PAPER = Decision("7/QĐ-UBND", "20/11/2026", "UBND tỉnh", "Đăng ký không đúng thẩm quyền")
AGAIN = Decision("9/QĐ-TA", "23/11/2026", "Tòa án", "Hủy quyết định trước")


def annulled(team: Team, record: Record) -> None:
    annul_record(actor=actor_at(team.office, officer=81, rights=ANNULS), at=AT, record_id=record.id, decision=PAPER)
    compare_changed_records(at=AT)


def restored(team: Team, record: Record) -> None:
    revoke_annulment(actor=actor_at(team.office, officer=81, rights=ANNULS), at=AT, record_id=record.id, decision=AGAIN)
    compare_changed_records(at=AT)


def test_an_annulled_record_takes_its_item_off_the_list_and_a_restored_one_puts_it_back(team: Team) -> None:
    item = given(team)
    assert item.record is not None
    annulled(team, item.record)
    item = now(item)
    assert (item.state, item.verdict, item.closed_by, item.closing_words) == ("closed", "record_void", None, ENDED)
    assert set(item.fields.values_list("verdict", flat=True)) == {"record_void"}
    compare_changed_records(at=AT)
    assert now(item).version == item.version  # nothing twice
    restored(team, item.record)
    assert (now(item).state, now(item).verdict) == ("open", "")


def test_what_the_police_had_judged_stays_judged_through_annulment_and_restoring(team: Team) -> None:
    item = verified(team, "book", "book")
    follow = start_task(
        actor=team.officer, at=AT, item_id=item.id, version=item.version, task="population_adjustment", words="Theo sổ"
    )
    assert item.record is not None
    annulled(team, item.record)
    assert (now(item).state, now(item).verdict) == ("closed", "book")
    request = PopulationRequest.objects.get(id=follow.ref)
    assert (request.state, request.failure) == ("cancelled", "request_record_annulled")
    restored(team, item.record)
    assert (now(item).state, now(item).verdict, now(item).closing_words) == ("verified", "book", "")
    again = start_task(
        actor=team.officer, at=AT, item_id=item.id, version=now(item).version, task="population_adjustment", words="Sổ"
    )
    assert again.ref != follow.ref


def absent(team: Team, **more: str) -> PopulationCheck:
    """The child of a record, said to be absent by a keyer."""
    check = a_check(team, [])
    PopulationCheck.objects.filter(id=check.id).update(
        outcome="absent",
        absence="never_collected",
        citizen={},
        citizen_ref="",
        personal_id="",
        is_taken_over=False,
        **more,
    )
    return PopulationCheck.objects.select_related("record").get(id=check.id)


def proposed(team: Team, check: PopulationCheck) -> PopulationRequest:
    with unit_of_work(actor=team.officer, at=AT) as work:
        return propose_creation(work, check=check, reason_words="")


def test_of_an_annulled_record_nothing_is_sent_and_no_question_waits(team: Team) -> None:
    check = absent(team)
    assert check.record is not None
    request = proposed(team, check)
    pending = PopulationCheck.objects.create(
        origin_office=team.office, record=check.record, role="mother", outcome="pending", way="page", decided_at=AT
    )
    with unit_of_work(actor=team.officer, at=AT) as work:
        question = ask_later(work, check=pending, facts=facts_of_record(check.record)["mother"])
    assert question is not None
    annulled(team, check.record)
    for each in (request, question):
        each.refresh_from_db()
        assert (each.state, each.failure) == ("cancelled", "request_record_annulled")
    pending.refresh_from_db()
    assert pending.outcome == "clerk"
    restored(team, check.record)
    standing = PopulationRequest.objects.exclude(state="cancelled").get(check_of=check)
    assert (standing.kind, standing.state) == ("create", "waiting")
    cancel_request(actor=team.officer, at=AT, request_id=standing.id, reason="Thôi")
    repaired(team, check.record, mother_full_name="Lê Thị Cút")
    assert not PopulationRequest.objects.exclude(state="cancelled").filter(check_of=check).exists()  # a human said no


def test_a_creation_that_was_confirmed_goes_back_to_the_police_when_the_record_is_mended(team: Team) -> None:
    check = absent(team)
    assert check.record is not None
    request = confirm_request(actor=team.police, at=AT, request_id=proposed(team, check).id)
    assert request.state == "queued"
    repaired(team, check.record, child_full_name="Trần Văn Dụng")
    request.refresh_from_db()
    assert (request.state, request.confirmed_by, request.failure) == ("waiting", None, "request_facts_renewed")
    assert request.content["facts"]["full_name"] == "Trần Văn Dụng"
    told = detail_of("population_request.facts_renewed")
    assert told.before["facts"]["full_name"] == "Trần Văn Dũng"
    again = confirm_request(actor=team.colleague, at=AT, request_id=request.id)
    assert (again.state, again.failure) == ("queued", "")


def test_a_record_mended_a_moment_before_the_sending_is_not_sent_as_it_was(team: Team) -> None:
    check = absent(team)
    request = confirm_request(actor=team.police, at=AT, request_id=proposed(team, check).id)
    assert check.record is not None
    repaired(team, check.record, is_read=False, child_full_name="Trần Văn Dụng")
    assert sending._take_up(team.office.id, AT, request.id) is None
    request.refresh_from_db()
    assert (request.state, request.attempts) == ("waiting", 0)


def test_an_entry_keyed_twice_asks_for_one_person(team: Team) -> None:
    first, second = absent(team), absent(team)
    proposed(team, first)
    with pytest.raises(RuleBroken, match="creation_asked_already"):
        proposed(team, second)
    assert second.record is not None
    repaired(team, second.record, child_full_name="Trần Văn Dùng")
    assert proposed(team, PopulationCheck.objects.get(id=second.id)).state == "waiting"  # a twin of another name
