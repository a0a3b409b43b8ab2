"""The tracking list: what comes on it, who verifies, what a verdict is and what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from hotich.audit.models import Entry
from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PopulationNumber
from hotich.persons.services import take_over_identity
from hotich.reconciliation.models import (
    CheckOutcome,
    PopulationCheck,
    PopulationLookUp,
    TrackingEvidence,
    TrackingField,
    TrackingItem,
)
from hotich.reconciliation.rules.citizen import Citizen
from hotich.reconciliation.services.checks import Choice, keep_choice
from hotich.reconciliation.services.look_ups import keep_answer
from hotich.reconciliation.services.tracking import assign_items, give_back, open_item, open_items, take_item
from hotich.reconciliation.services.tracking_verifying import add_evidence, send_back, verify_item
from tests.app.intake_parts import a_pdf
from tests.app.records_support import offices
from tests.app.tracking_parts import (
    AT,
    BIRTH,
    MOTHER,
    NAME,
    NUMBER,
    Team,
    a_check,
    a_team,
    given,
    listed,
    verdicts,
    verified,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Iterator[Team]:
    made = a_team()
    with office_scope([made.office.id]):
        yield made


def refused(code: str, act: Callable[[], Any]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        act()
    assert refusal.value.code == code


def verify(team: Team, item: TrackingItem, *each: Any, **more: Any) -> TrackingItem:
    options = {"actor": team.police, "at": AT, "item_id": item.id, "version": item.version,
               "words": "Theo hồ sơ căn cước"} | more  # fmt: skip
    return verify_item(verdicts=verdicts(item, *each) if each else {}, **options)


def test_a_check_that_differs_is_listed_once_with_its_fields_and_a_day_in_working_days(team: Team) -> None:
    check = a_check(team)
    (item,) = listed(team, check)
    assert (item.state, item.register_type, item.record_id) == ("open", "KS", check.record_id)
    assert item.due_on == date(2026, 12, 8)  # ten working days, without the holiday
    assert list(item.fields.order_by("id").values_list("field", "kind", "is_basic")) == [
        ("full_name", "tone", True), ("birth", "swapped_day_month", True),
    ]  # fmt: skip
    assert [each.id for each in listed(team, check)] == [item.id]
    item.refresh_from_db()
    assert (TrackingItem.objects.count(), item.version, item.fields.count()) == (1, 1, 2)
    entry = Entry.objects.get(verb="tracking.opened")
    assert "Trần" not in str(entry.facts)


def test_a_run_lists_many_checks_in_a_few_statements(team: Team, django_assert_max_num_queries: Any) -> None:
    checks = [a_check(team) for _ in range(6)]
    with django_assert_max_num_queries(16):
        items = listed(team, *checks)
    assert [item.check_of_id for item in items] == [check.id for check in checks]


def test_a_check_that_differs_in_nothing_is_not_listed(team: Team) -> None:
    check = a_check(team, [])
    with unit_of_work(actor=team.officer, at=AT) as work:
        refused("tracking_nothing_differs", lambda: open_item(work, check=check))


def test_what_differs_anew_begins_from_the_start_and_the_former_verdict_stays_in_the_trail(team: Team) -> None:
    item = verified(team, "book", "book")
    check = item.check_of
    check.differences = [MOTHER]
    (again,) = listed(team, check, at=AT + timedelta(days=1))
    assert (again.id, again.state, again.verdict, again.assigned_to) == (item.id, "open", "", None)
    assert list(again.fields.values_list("field", "verdict")) == [("mother_name", "")]
    assert Entry.objects.filter(verb__in=["tracking.verified", "tracking.opened_again"]).count() == 2


def test_items_are_given_to_a_verifier_of_the_own_office_all_or_none(team: Team) -> None:
    items = listed(team, a_check(team), a_check(team, [BIRTH]))
    ids = [item.id for item in items]
    police = team.police.officer_id or 0

    def assign(**more: Any) -> list[TrackingItem]:
        return assign_items(**({"actor": team.officer, "at": AT, "item_ids": ids, "officer_id": police} | more))

    refused("not_allowed", lambda: assign(actor=team.police))
    refused("tracking_none_chosen", lambda: assign(item_ids=[]))
    refused("tracking_too_many", lambda: assign(item_ids=[uuid4() for _ in range(501)]))
    refused("verifier_unknown", lambda: assign(officer_id=team.officer.officer_id))
    refused("tracking_unknown", lambda: assign(item_ids=[*ids, uuid4()]))
    PopulationCheck.objects.filter(id=items[1].check_of_id).update(decided_by=police)
    refused("verifier_decided_check", assign)
    assert set(TrackingItem.objects.values_list("state", flat=True)) == {"open"}
    PopulationCheck.objects.update(decided_by=4711)
    assert {item.state for item in assign()} == {"verifying"}
    assert {item.assigned_to for item in assign(officer_id=team.colleague.officer_id)} == {team.colleague.officer_id}


def test_a_verifier_takes_an_item_himself_but_not_of_a_check_of_his_own_hand(team: Team) -> None:
    (item,) = listed(team)
    refused("not_allowed", lambda: take_item(actor=team.officer, at=AT, item_id=item.id))
    refused("tracking_unknown", lambda: take_item(actor=team.police, at=AT, item_id=uuid4()))
    PopulationCheck.objects.update(decided_by=team.police.officer_id)
    refused("verifier_decided_check", lambda: take_item(actor=team.police, at=AT, item_id=item.id))
    behalf = replace(team.colleague, on_behalf_of=team.police.officer_id)
    refused("verifier_decided_check", lambda: take_item(actor=behalf, at=AT, item_id=item.id))
    taken = take_item(actor=team.colleague, at=AT, item_id=item.id)
    assert (taken.state, taken.assigned_to) == ("verifying", team.colleague.officer_id)


def test_an_item_waits_again_when_its_verifier_or_the_officer_gives_it_back_with_a_reason(team: Team) -> None:
    item = given(team)

    def back(**more: Any) -> list[TrackingItem]:
        return give_back(**({"actor": team.police, "at": AT, "item_ids": [item.id], "reason": "Nghỉ phép"} | more))

    refused("not_allowed", lambda: back(actor=replace(team.police, rights=frozenset())))
    refused("tracking_none_chosen", lambda: back(item_ids=[]))
    refused("tracking_too_many", lambda: back(item_ids=[uuid4() for _ in range(501)]))
    refused("reason_missing", lambda: back(reason=" "))
    refused("tracking_unknown", lambda: back(item_ids=[uuid4()]))
    refused("tracking_not_yours", lambda: back(actor=team.colleague))
    assert [(each.state, each.assigned_to) for each in back()] == [("open", None)]
    refused("act_not_allowed_in_state", lambda: back(actor=team.officer))
    given(team, item.check_of)
    assert back(actor=team.officer)[0].state == "open"


def test_a_verdict_needs_every_field_its_words_and_the_verifier_who_has_the_item(team: Team) -> None:
    item = given(team)
    refused("not_allowed", lambda: verify(team, item, "book", "book", actor=team.officer))
    refused("tracking_words_missing", lambda: verify(team, item, "book", "book", words=" "))
    refused("tracking_unknown", lambda: verify(team, item, "book", "book", item_id=uuid4()))
    refused("changed_meanwhile", lambda: verify(team, item, "book", "book", version=item.version - 1))
    refused("tracking_not_yours", lambda: verify(team, item, "book", "book", actor=team.colleague))
    refused("verdict_missing", lambda: verify(team, item))
    refused("right_value_missing", lambda: verify(team, item, "book", "both_wrong"))
    refused("right_value_unreadable", lambda: verify(team, item, "book", ("both_wrong", "năm con gà")))
    refused("verdict_other_person_mixed", lambda: verify(team, item, "book", "other_person"))
    PopulationCheck.objects.update(decided_by=team.police.officer_id)
    refused("verifier_decided_check", lambda: verify(team, item, "book", "book"))
    assert set(TrackingField.objects.values_list("verdict", flat=True)) == {""}
    PopulationCheck.objects.update(decided_by=4711)
    made = verify(team, item, "book", ("both_wrong", "6/1/2001"))
    assert (made.state, made.verdict, made.verified_by) == ("verified", "both_wrong", team.police.officer_id)
    assert made.due_on == date(2026, 12, 15)  # fifteen working days for the officer
    assert list(made.fields.order_by("id").values_list("verdict", "right_value")) == [
        ("book", "Trần Văn Dũng"), ("both_wrong", "2001-01-06"),
    ]  # fmt: skip
    refused("act_not_allowed_in_state", lambda: verify(team, made, "book", "book"))


def test_an_item_nobody_was_given_has_to_be_taken_before_it_is_verified(team: Team) -> None:
    (item,) = listed(team)
    refused("act_not_allowed_in_state", lambda: verify(team, item, "book", "book"))


def test_somebody_else_opens_the_check_again_and_takes_back_the_number(team: Team) -> None:
    check = a_check(team)
    take_over_identity(actor=team.officer, at=AT, participant_id=check.participant_id, personal_id=NUMBER,
                       citizen_ref="CD-7", reason="Tra cứu")  # fmt: skip
    item = verified(team, "other_person", "other_person", check=check)
    check.refresh_from_db()
    assert (check.outcome, check.personal_id, check.citizen, check.is_taken_over) == (CheckOutcome.CLERK, "", {}, False)
    assert PopulationNumber.objects.get().withdrawn_at is not None
    assert NUMBER not in str(Entry.objects.get(verb="population_check.reopened").facts)
    refused(
        "tracking_check_open",
        lambda: send_back(actor=team.officer, at=AT, item_id=item.id, version=item.version, reason="Xem lại"),
    )


def seek(team: Team, check: PopulationCheck, actor: Actor, *, ref: str, name: str, birth: str) -> None:
    """Somebody is looked up for a participant and chosen."""
    look_up = PopulationLookUp.objects.create(
        origin_office=team.office, officer_id=actor.officer_id, at=AT, purpose="digitisation", subject_kind="record",
        subject_id=check.record_id, role=check.role, way="name", question="-", adapter="live", result="answered",
    )  # fmt: skip
    told = Citizen(ref=ref, personal_id="001170000987", full_name=name, birth=birth, sex="1")
    keep_answer(look_up.id, team.office.id, AT, [told])
    with unit_of_work(actor=actor, at=AT) as work:
        keep_choice(work, office_id=team.office.id, role=check.role, choice=Choice("equal", ref, look_up.id),
                    record_id=check.record_id)  # fmt: skip


def test_after_another_person_the_right_one_is_looked_up_from_the_item_and_ends_it(team: Team) -> None:
    check = a_check(team)
    item = verified(team, "other_person", "other_person", check=check)
    right = {"ref": "CD-8", "name": "Trần Văn Dũng", "birth": "2001-01-05"}
    keyer = replace(team.officer, rights=frozenset({"population.look_up"}))
    refused("population_check_tracked", lambda: seek(team, check, keyer, **right))
    refused(
        "population_citizen_denied",
        lambda: seek(team, check, team.officer, ref="CD-7", name="Trần Văn Dụng", birth="2001-05-01"),
    )
    seek(team, check, team.officer, **right)
    item.refresh_from_db()
    check.refresh_from_db()
    assert (item.state, item.verdict, item.verified_by) == ("closed", "other_person", team.police.officer_id)
    assert (check.outcome, check.citizen_ref, check.is_taken_over, check.denied) == ("equal", "CD-8", True, ["CD-7"])
    verbs = Entry.objects.filter(subject_id=str(check.id)).values_list("verb", flat=True)
    assert {"population_check.reopened", "population_check.chosen"} <= set(verbs)


def test_the_hand_that_judged_does_not_end_the_item_and_who_differs_anew_is_verified_anew(team: Team) -> None:
    check = a_check(team)
    item = verified(team, "other_person", "other_person", check=check)
    seek(team, check, team.police, ref="CD-8", name="Trần Văn Dũng", birth="2001-01-05")
    item.refresh_from_db()
    assert (item.state, item.verdict) == ("verified", "other_person")
    seek(team, check, team.officer, ref="CD-9", name="Trần Văn Dũng", birth="2001-01-06")
    item.refresh_from_db()
    assert (item.state, item.verdict, list(item.fields.values_list("theirs", flat=True))) == (
        "open",
        "",
        ["2001-01-06"],
    )
    assert Entry.objects.filter(subject_id=str(item.id), verb="tracking.opened_again").count() == 1


def test_the_officer_asks_for_another_look_and_the_same_verifier_has_it_again(team: Team) -> None:
    item = verified(team, "book", "population")

    def again(**more: Any) -> TrackingItem:
        return send_back(**({"actor": team.officer, "at": AT, "item_id": item.id, "version": item.version,
                             "reason": "Bản chụp cho thấy khác"} | more))  # fmt: skip

    refused("not_allowed", lambda: again(actor=team.police))
    refused("reason_missing", lambda: again(reason=""))
    refused("tracking_unknown", lambda: again(item_id=uuid4()))
    refused("changed_meanwhile", lambda: again(version=1))
    made = again()
    assert (made.state, made.assigned_to, made.verdict) == ("verifying", team.police.officer_id, "")
    assert set(made.fields.values_list("verdict", flat=True)) == {""}
    refused("act_not_allowed_in_state", lambda: again(version=made.version))


def test_papers_are_told_by_their_content_and_must_open(team: Team) -> None:
    item = given(team)

    def add(content: bytes = a_pdf(), **more: Any) -> TrackingEvidence:
        return add_evidence(**({"actor": team.police, "at": AT, "item_id": item.id, "name": "to-khai.pdf",
                                "content": content, "words": "Tờ khai căn cước"} | more))  # fmt: skip

    refused("not_allowed", lambda: add(actor=replace(team.police, rights=frozenset())))
    refused("evidence_words_missing", lambda: add(words=" "))
    refused("evidence_too_large", lambda: add(b"%PDF-" + b"x" * (20 * 1024**2)))
    refused("file_empty", lambda: add(b""))
    for content in (b"%PDF-1.7 broken", b"MZ\x90\x00", b"<svg/>", b"\xff\xd8\xff broken", b"\x89PNG\r\n\x1a\nbroken"):
        refused("evidence_not_accepted", lambda content=content: add(content))
    refused("tracking_unknown", lambda: add(item_id=uuid4()))
    made = add(name="../../to khai.exe")
    assert (made.file.media_type, made.file.origin_office_id) == ("application/pdf", team.office.id)
    assert "/" not in made.file.name
    TrackingEvidence.objects.bulk_create(
        TrackingEvidence(origin_office=team.office, item=item, file=made.file, words="x", by=1, at=AT)
        for _ in range(29)
    )
    refused("evidence_too_many", add)
    TrackingItem.objects.update(state="closed", verdict="book")
    refused("act_not_allowed_in_state", add)


def test_the_database_keeps_the_list_of_an_office_to_itself_and_closes_nothing_without_a_verdict(team: Team) -> None:
    item = given(team, a_check(team, [NAME]))
    other = offices(2)[1]
    with connection.cursor() as cursor:
        for table in ("tracking_item", "tracking_field", "tracking_contact", "tracking_evidence", "tracking_follow_up"):
            with office_scope([other.id]):
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone() == (0,)
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("update tracking_item set state = 'closed' where id = %s", [item.id])
        for table in ("tracking_contact", "tracking_follow_up"):
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(f"delete from {table}")


def test_one_run_may_list_and_leave_alone_in_one_call(team: Team) -> None:
    first, second = a_check(team), a_check(team, [BIRTH])
    (item,) = listed(team, first)
    with unit_of_work(actor=team.officer, at=AT) as work:
        made = open_items(work, checks=[second, first])
    assert made[1].id == item.id and TrackingItem.objects.count() == 2
