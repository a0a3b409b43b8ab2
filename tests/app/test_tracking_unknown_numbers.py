"""A personal number of the book that the population database does not know is verified before anybody is entered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import PopulationCheck, PopulationRequest, TrackingItem
from hotich.reconciliation.services.check_effects import ask_to_verify, take_effect
from hotich.reconciliation.services.checks import confirm_absence, undo_choice
from hotich.reconciliation.services.comparing_again import compare_records
from hotich.reconciliation.services.requests import ask_for_creation, confirm_request
from hotich.reconciliation.services.tracking import assign_items
from hotich.reconciliation.services.tracking_verifying import verify_item
from hotich.records.models import Participant
from hotich.records.services import decide_repair, propose_repair
from tests.app.records_support import actor_at, enter
from tests.app.tracking_parts import AT, CHILD, Team, a_team

pytestmark = pytest.mark.django_db

NUMBER, RIGHT = "001201000123", "001201000132"
RIGHTS = frozenset({"record.repair", "record.approve_repair", "record.read", "restricted.read"})


@pytest.fixture
def team() -> Iterator[Team]:
    made = a_team()
    with office_scope([made.office.id]):
        yield made


def absent(team: Team, **more: Any) -> PopulationCheck:
    """Somebody the keyer did not find, of an entry that gives a number; taken over with the record."""
    record = enter(actor_at(team.office, officer=99), team.office, "KS", year=2001, era="L2014",
                   **{**CHILD, "child_personal_id": NUMBER, **more})  # fmt: skip
    person = Participant.objects.get(record=record, role="child")
    check = PopulationCheck.objects.create(
        origin_office=team.office, record=record, participant_id=person.id, role="child", outcome="absent", way="page",
        absence="never_collected", decided_by=4711, decided_at=AT,
    )  # fmt: skip
    with unit_of_work(actor=team.officer, at=AT) as work:
        take_effect(work, [check])
    return check


def judged(team: Team, check: PopulationCheck, verdict: str, right: str = "") -> TrackingItem:
    """The item of this check with the verdict of the police."""
    item = TrackingItem.objects.get(check_of=check)
    assert team.police.officer_id is not None
    (item,) = assign_items(actor=team.officer, at=AT, item_ids=[item.id], officer_id=team.police.officer_id)
    return verify_item(
        actor=team.police, at=AT, item_id=item.id, version=item.version, verdicts={"personal_id": (verdict, right)},
        words="Theo tàng thư căn cước",
    )  # fmt: skip


def creations(check: PopulationCheck) -> list[str]:
    return list(PopulationRequest.objects.filter(check_of=check, kind="create").values_list("state", flat=True))


def test_who_is_absent_with_a_number_goes_to_the_police_and_is_not_proposed_for_entry(team: Team) -> None:
    check = absent(team)
    item = TrackingItem.objects.get(check_of=check)
    field = item.fields.get()
    assert (item.state, field.field, field.kind, field.ours, field.theirs) == (
        "open", "personal_id", "not_there", NUMBER, "",
    )  # fmt: skip
    assert creations(check) == []
    with pytest.raises(RuleBroken, match="creation_number_unverified"):
        ask_for_creation(actor=team.officer, at=AT, check_id=check.id, reason_words="chưa thu thập")
    with pytest.raises(RuleBroken, match="population_check_tracked"):
        confirm_absence(actor=team.police, at=AT, check_id=check.id)
    with pytest.raises(RuleBroken, match="population_check_tracked"):
        undo_choice(actor=team.officer, at=AT, check_id=check.id, reason="Tìm lại")
    with unit_of_work(actor=team.officer, at=AT) as work:
        take_effect(work, [PopulationCheck.objects.get(id=check.id)])  # again changes nothing
    item.refresh_from_db()
    assert (item.version, TrackingItem.objects.count()) == (1, 1)


def test_without_a_number_he_is_proposed_as_before(team: Team) -> None:
    check = absent(team, child_personal_id="")
    assert creations(check) == ["waiting"]
    assert not TrackingItem.objects.filter(check_of=check).exists()


def test_a_number_found_right_is_proposed_with_the_person_and_confirmed_like_any_entry(team: Team) -> None:
    check = absent(team)
    item = judged(team, check, "book")
    assert (item.state, item.verdict, item.closed_by) == ("closed", "book", None)
    request = PopulationRequest.objects.get(check_of=check, kind="create")
    assert (request.state, request.content["facts"]["personal_id"]) == ("waiting", NUMBER)
    assert confirm_request(actor=team.police, at=AT, request_id=request.id).state == "queued"


def test_who_was_found_absent_before_this_was_asked_is_put_on_the_list_by_hand_once(team: Team) -> None:
    check = absent(team, child_personal_id="")
    record = check.record
    assert record is not None
    PopulationRequest.objects.filter(check_of=check).delete()
    record.as_recorded = {**record.as_recorded, "child_personal_id": NUMBER}
    record.save(update_fields=["as_recorded"])
    ask_to_verify(actor=team.officer, at=AT, check_id=check.id)
    ask_to_verify(actor=team.officer, at=AT, check_id=check.id)
    item = TrackingItem.objects.get(check_of=check)
    assert (item.state, item.version, creations(check)) == ("open", 1, [])
    other = absent(team, child_personal_id="", child_full_name="Trần Văn Hiếu")
    with pytest.raises(RuleBroken, match="tracking_nothing_differs"):
        ask_to_verify(actor=team.officer, at=AT, check_id=other.id)


def test_nobody_is_somebody_else_where_nobody_was_found(team: Team) -> None:
    check = absent(team)
    with pytest.raises(RuleBroken, match="verdict_nobody_found"):
        judged(team, check, "other_person")
    assert creations(check) == []


def repaired(team: Team, check: PopulationCheck, number: str) -> None:
    """The number is mended against the scan, and the log is read on."""
    record = check.record
    assert record is not None
    record.refresh_from_db()
    first, second = (actor_at(team.office, officer=each, rights=RIGHTS) for each in (301, 302))
    repair = propose_repair(
        actor=first, at=AT, record_id=record.id, version=record.version, values={"child_personal_id": number},
        reason="Nhập sai so với bản chụp",
    )  # fmt: skip
    decide_repair(actor=second, at=AT, repair_id=repair.id, approve=True)
    compare_records(at=AT, office_id=team.office.id, record_ids=[record.id])


def test_a_number_that_was_misread_is_mended_and_the_question_is_put_anew_with_the_right_one(team: Team) -> None:
    check = absent(team)
    item = judged(team, check, "keying_error", RIGHT)
    assert (item.state, item.fields.get().right_value) == ("verified", RIGHT)
    repaired(team, check, RIGHT)
    check.refresh_from_db()
    item.refresh_from_db()
    assert (check.outcome, check.absence, check.differences) == ("pending", "", [])
    question = PopulationRequest.objects.get(check_of=check)
    assert (question.kind, question.state, question.content["question"]["personal_id"]) == ("look_up", "queued", RIGHT)
    assert (item.state, item.verdict) == ("closed", "keying_error")


def test_a_number_mended_before_the_police_looked_leaves_the_list_with_a_verdict_by_rule(team: Team) -> None:
    check = absent(team)
    repaired(team, check, "")
    item = TrackingItem.objects.get(check_of=check)
    check.refresh_from_db()
    assert (item.state, item.verdict) == ("closed", "keying_error")
    assert (check.outcome, check.differences) == ("absent", [])
    assert creations(check) == ["waiting"]  # without a number he is as absent as before


def test_a_number_that_is_read_only_later_is_asked_for_before_anybody_is_entered(team: Team) -> None:
    check = absent(team, child_personal_id="")
    repaired(team, check, RIGHT)
    check.refresh_from_db()
    assert check.outcome == "pending"
    assert creations(check) == ["cancelled"]
