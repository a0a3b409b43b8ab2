"""What follows from a verdict: contact, repair, correction or adjustment, and the end of an item."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import (
    PopulationRequest,
    RequestKind,
    RequestState,
    TrackingFollowUp,
    TrackingItem,
)
from hotich.reconciliation.services.tracking_settling import close_item, log_contact, reopen_item, start_task
from hotich.reconciliation.services.tracking_verifying import send_back
from hotich.records.models import KeyingRepair, Record
from hotich.records.services import withdraw_repair
from tests.app.tracking_parts import AT, BIRTH, MOTHER, NAME, Team, a_check, a_team, given, verified

pytestmark = pytest.mark.django_db
REPAIR, CORRECTION, ADJUSTMENT = "keying_repair", "legal_correction", "population_adjustment"


@pytest.fixture
def team() -> Iterator[Team]:
    made = a_team()
    with office_scope([made.office.id]):
        yield made


def refused(code: str, act: Callable[[], Any]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        act()
    assert refusal.value.code == code


def start(team: Team, item: TrackingItem, task: str, **more: Any) -> TrackingFollowUp:
    item.refresh_from_db()
    options = {"actor": team.officer, "at": AT, "item_id": item.id, "version": item.version, "task": task,
               "words": "Theo kết luận của công an"} | more  # fmt: skip
    return start_task(**options)


def close(team: Team, item: TrackingItem, **more: Any) -> TrackingItem:
    item.refresh_from_db()
    return close_item(
        **({"actor": team.officer, "at": AT, "item_id": item.id, "version": item.version, "words": ""} | more)
    )


def contact(team: Team, item: TrackingItem, **more: Any) -> Any:
    options = {"actor": team.officer, "at": AT, "item_id": item.id, "way": "phone", "is_reached": True,
               "words": "Đã hướng dẫn làm thủ tục cải chính"} | more  # fmt: skip
    return log_contact(**options)


def test_a_contact_is_written_down_and_the_item_is_with_the_citizen(team: Team) -> None:
    waiting = given(team)
    refused("act_not_allowed_in_state", lambda: contact(team, waiting))
    item = verified(team, "population", "population", check=a_check(team))
    refused("not_allowed", lambda: contact(team, item, actor=team.police))
    refused("contact_way_unknown", lambda: contact(team, item, way="dove"))
    refused("contact_words_missing", lambda: contact(team, item, words=" "))
    refused("tracking_unknown", lambda: contact(team, item, item_id=uuid4()))
    contact(team, item, is_reached=False)
    item.refresh_from_db()
    assert (item.state, item.contacts.get().by) == ("contacting", team.officer.officer_id)
    assert "hướng dẫn" not in str(Entry.objects.get(verb="tracking.contacted").facts)


def test_our_typing_error_becomes_a_repair_of_the_record_that_somebody_else_decides(team: Team) -> None:
    item = verified(team, "keying_error", ("keying_error", "6/1/2001"))
    made = start(team, item, REPAIR)
    repair = KeyingRepair.objects.get(id=made.ref)
    assert repair.values == {"child_full_name": "Trần Văn Dụng", "child_birth_date": "06/01/2001"}
    assert (repair.state, repair.proposed_by) == ("proposed", team.officer.officer_id)
    record = Record.objects.get(id=item.record_id)
    assert record.as_recorded["child_full_name"] == "Trần Văn Dũng"  # nothing changes before it is decided
    refused("tracking_task_started", lambda: start(team, item, REPAIR))
    withdraw_repair(actor=team.officer, at=AT, repair_id=repair.id)
    assert start(team, item, REPAIR).ref != made.ref


def test_a_repair_needs_a_record_and_a_field_of_its_register(team: Team) -> None:
    item = verified(team, ("keying_error", "Hà Nội"), check=a_check(team, [BIRTH | {"field": "spouse_name"}]))
    refused("tracking_field_not_in_register", lambda: start(team, item, REPAIR))
    item = verified(team, "keying_error", check=a_check(team, [NAME]))
    TrackingItem.objects.filter(id=item.id).update(record=None)
    refused("tracking_no_record", lambda: start(team, item, REPAIR))


def test_what_the_population_database_has_wrong_is_proposed_for_adjustment_there(team: Team) -> None:
    item = verified(team, "book", ("both_wrong", "6/1/2001"))
    made = start(team, item, ADJUSTMENT)
    request = PopulationRequest.objects.get(id=made.ref)
    assert (request.kind, request.state, request.tracking_id) == (RequestKind.ADJUST, RequestState.QUEUED, item.id)
    assert request.content["changes"] == [
        ["full_name", "Trần Văn Dụng", "Trần Văn Dũng"], ["birth", "2001-05-01", "2001-01-06"],
    ]  # fmt: skip
    assert request.confirmed_by == team.police.officer_id
    refused("tracking_task_started", lambda: start(team, item, ADJUSTMENT))
    request.state = RequestState.REFUSED
    request.save(update_fields=["state"])
    assert start(team, item, ADJUSTMENT).ref != made.ref


def test_only_what_follows_from_the_verdict_is_begun_and_by_another_hand_than_the_verifiers(team: Team) -> None:
    item = verified(team, "population", "population")
    refused("not_allowed", lambda: start(team, item, CORRECTION, actor=team.police))
    refused("tracking_task_not_needed", lambda: start(team, item, REPAIR))
    refused("tracking_task_not_needed", lambda: start(team, item, "everything"))
    refused("tracking_words_missing", lambda: start(team, item, CORRECTION, words=" "))
    refused("tracking_unknown", lambda: start(team, item, CORRECTION, item_id=uuid4()))
    refused("changed_meanwhile", lambda: start(team, item, CORRECTION, version=1))
    behalf = replace(team.officer, on_behalf_of=team.police.officer_id)
    refused("tracking_second_person", lambda: start(team, item, CORRECTION, actor=behalf))
    refused("tracking_second_person", lambda: close(team, item, actor=behalf))
    made = start(team, item, CORRECTION, ref="12/QĐ-UBND")
    item.refresh_from_db()
    assert (made.ref, item.task, item.task_ref) == ("12/QĐ-UBND", CORRECTION, "12/QĐ-UBND")
    refused(
        "tracking_task_started",
        lambda: send_back(actor=team.officer, at=AT, item_id=item.id, version=item.version, reason="Xem lại"),
    )
    waiting = given(team, a_check(team))
    refused("act_not_allowed_in_state", lambda: start(team, waiting, CORRECTION))


def test_an_item_leaves_the_list_with_a_verdict_and_what_follows_or_the_reason_why_not(team: Team) -> None:
    waiting = given(team)
    refused("act_not_allowed_in_state", lambda: close(team, waiting))
    item = verified(team, "population", "book", check=a_check(team))
    refused("not_allowed", lambda: close(team, item, actor=team.police))
    refused("tracking_unknown", lambda: close(team, item, item_id=uuid4()))
    refused("changed_meanwhile", lambda: close(team, item, version=1))
    refused("tracking_tasks_left", lambda: close(team, item))
    start(team, item, CORRECTION)
    refused("tracking_tasks_left", lambda: close(team, item))
    refused("tracking_citizen_not_contacted", lambda: close(team, item, words="Chưa điều chỉnh"))
    contact(team, item)
    start(team, item, ADJUSTMENT)
    done = close(team, item)
    assert (done.state, done.verdict, done.task, done.closed_by) == (
        "closed", "both_wrong", CORRECTION, team.officer.officer_id,
    )  # fmt: skip
    refused("act_not_allowed_in_state", lambda: close(team, item))


def test_without_the_task_the_reason_stands_and_no_task_is_claimed(team: Team) -> None:
    item = verified(team, "book", check=a_check(team, [MOTHER]))
    done = close(team, item, words="Công an xã đã tự điều chỉnh")
    assert (done.task, done.closing_words) == ("none", "Công an xã đã tự điều chỉnh")


def test_somebody_else_is_closed_without_anything_that_follows(team: Team) -> None:
    item = verified(team, "other_person", "other_person")
    assert close(team, item).task == "none"


def test_a_closed_item_comes_back_with_its_verdict(team: Team) -> None:
    item = verified(team, "book", check=a_check(team, [MOTHER]))

    def again(**more: Any) -> TrackingItem:
        item.refresh_from_db()
        return reopen_item(**({"actor": team.officer, "at": AT, "item_id": item.id, "version": item.version,
                               "reason": "Yêu cầu điều chỉnh bị từ chối"} | more))  # fmt: skip

    refused("act_not_allowed_in_state", again)
    close(team, item, words="Đã điều chỉnh")
    refused("not_allowed", lambda: again(actor=team.police))
    refused("reason_missing", lambda: again(reason=""))
    refused("tracking_unknown", lambda: again(item_id=uuid4()))
    refused("changed_meanwhile", lambda: again(version=1))
    made = again()
    assert (made.state, made.verdict, made.closed_at) == ("verified", "book", None)
