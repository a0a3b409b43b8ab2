"""Operations on units: drafted by one, approved by another, carried out whole, undone only by a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from units_parts import ACT, AT, TODAY, communes, drafted, merger_of, new_commune, officer, split_of, unit_of

from hotich.audit.models import Entry
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.services.succession import (
    approve_operation,
    carry_out_due,
    carry_out_operation,
    propose_operation,
)
from hotich.units import queries, services
from hotich.units.models import AdministrativeUnit, Office, OfficeVersion, UnitChange, UnitOperation
from hotich.units.rules.gazetteer import LocalChanges, use_local_changes
from hotich.units.rules.plans import Beginning, OfficeStep, Plan, Share
from hotich.units.services import cancel_operation, change_plan, draft_operation, edit_operation, send_back_operation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shipped_units_afterwards() -> Iterator[None]:
    """What this process has read of an operation is rolled back with the test."""
    yield
    use_local_changes(LocalChanges())


def propose(operation: UnitOperation, by: int = 1) -> UnitOperation:
    operation.refresh_from_db()
    return propose_operation(actor=officer(by), at=AT, operation_id=operation.id, version=operation.version)


def approve(operation: UnitOperation, by: int = 2) -> UnitOperation:
    operation.refresh_from_db()
    return approve_operation(actor=officer(by), at=AT, operation_id=operation.id, version=operation.version)


def carried_out(plan: Plan, *, on: date = TODAY, kind: str = "merger") -> UnitOperation:
    operation = drafted(plan, on=on, kind=kind)
    propose(operation)
    return approve(operation)


def refused(code: str, act: object) -> RuleBroken:
    with pytest.raises(RuleBroken) as refusal:
        act()  # type: ignore[operator]
    assert refusal.value.code == code
    return refusal.value


# ── a merger ──
def test_a_merger_closes_the_old_and_opens_the_new_under_the_code_of_the_seat() -> None:
    first, second = communes()
    old, code = unit_of(first), first.code
    operation = carried_out(merger_of(first, second))
    assert operation.state == "in_force"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.code, first.valid_to) == (f"{code}-2026", TODAY - timedelta(days=1))
    new = queries.office_by_code(code)
    assert (new.name, new.valid_from) == ("UBND xã Hợp Nhất, tỉnh Lâm Đồng", TODAY)
    old.refresh_from_db()
    assert (old.valid_to, old.ended_by) == (TODAY - timedelta(days=1), operation.id)
    assert queries.unit_valid_at(code, "commune", TODAY - timedelta(days=1)) == old
    assert queries.unit_valid_at(code, "commune", TODAY) == new.unit
    assert new.unit is not None
    steps = queries.predecessors(new.unit)
    assert {(step.predecessor_id, step.kind, step.is_default) for step in steps} == {
        (first.unit_id, "merged", True), (second.unit_id, "merged", True),
    }  # fmt: skip
    assert {step.source for step in steps} == {ACT.number}
    assert queries.keeping_office(first, TODAY) == new
    assert queries.offices_kept_by([new.id]) >= {first.id, second.id, new.id}


def test_the_same_draft_sent_twice_is_one_operation() -> None:
    key, plan = uuid4(), merger_of(*communes())
    made = [
        draft_operation(actor=officer(1), at=AT, request_key=key, kind="merger", effective_on=TODAY, act=ACT, plan=plan)
        for _time in range(2)
    ]
    assert made[0].id == made[1].id
    assert Entry.objects.filter(verb="unit_operation.drafted", subject_id=str(made[0].id)).count() == 1


def test_approving_twice_and_carrying_out_again_change_nothing() -> None:
    operation = carried_out(merger_of(*communes()))
    units, offices = AdministrativeUnit.objects.count(), Office.objects.count()
    again = approve_operation(actor=officer(2), at=AT, operation_id=operation.id, version=operation.version)
    assert again.version == operation.version
    carry_out_operation(actor=officer(2), at=AT, operation_id=operation.id)
    assert (AdministrativeUnit.objects.count(), Office.objects.count()) == (units, offices)


def test_a_unit_absorbed_by_one_that_goes_on_leaves_that_one_as_it_is() -> None:
    first, second = communes()
    keeper, gone = unit_of(first), unit_of(second)
    carried_out(Plan(ends=(gone.id,), shares=(Share(gone.id, keeper.id, is_default=True),)))
    first.refresh_from_db()
    assert (first.valid_to, unit_of(first)) == (None, keeper)
    second.refresh_from_db()
    assert queries.keeping_office(second, TODAY) == first


def test_a_part_that_goes_over_moves_no_office() -> None:
    first, second = communes()
    plan = Plan(shares=(Share(unit_of(first).id, unit_of(second).id, "thôn 9"),))
    operation = carried_out(plan, kind="mixed")
    assert operation.outcome["offices_closed"] == 0
    step = UnitChange.objects.get(operation=operation.id)
    assert (step.kind, step.share) == ("separated", "thôn 9")


# ── dated versions ──
def test_a_new_name_is_a_new_period_of_the_unit_and_the_office_lives_on() -> None:
    office = communes(1)[0]
    old, name = unit_of(office), office.name
    plan = Plan(ends=(old.id,), begins=(replace(new_commune(office), kind="ward", short_name="Tên Mới"),))
    operation = carried_out(plan, kind="change")
    office.refresh_from_db()
    assert (office.name, office.code, office.valid_to) == ("UBND phường Tên Mới, tỉnh Lâm Đồng", old.code, None)
    former = OfficeVersion.objects.get(office=office)
    assert (former.name, former.valid_to, former.unit_id) == (name, TODAY - timedelta(days=1), old.id)
    assert UnitChange.objects.get(operation=operation.id).kind == "renamed"
    assert queries.office_of_place(old.id) == office.id == queries.office_of_place(unit_of(office).id)


def test_a_province_of_a_new_kind_takes_its_communes_and_their_offices_along() -> None:
    office = communes(1)[0]
    province = queries.unit_chain(unit_of(office))[-1]
    number = queries.children_on(province, TODAY).count()
    new = Beginning("n1", "province", province.code, province.short_name, "municipality")
    operation = carried_out(Plan(ends=(province.id,), begins=(new,)), kind="change")
    office.refresh_from_db()
    assert office.name.endswith("thành phố Lâm Đồng")
    now = queries.unit_valid_at(province.code, "province", TODAY)
    assert now is not None and now.kind == "municipality"
    assert queries.children_on(now, TODAY).count() == number > 100
    assert set(queries.children_on(now, TODAY).values_list("parent_id", flat=True)) == {now.id}
    assert operation.outcome["offices_changed"] == number + 1


def test_two_communes_may_exchange_their_codes() -> None:
    first, second = communes()
    codes, parent = (first.code, second.code), queries.unit_chain(unit_of(first))[-1].id
    begins = (
        Beginning("n1", "commune", codes[1], "Một", "commune", parent),
        Beginning("n2", "commune", codes[0], "Hai", "commune", parent),
    )
    one, two = unit_of(first).id, unit_of(second).id
    carried_out(Plan(ends=(one, two), begins=begins, shares=(Share(one, "n1"), Share(two, "n2"))), kind="mixed")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.code, second.code) == (codes[1], codes[0])


def test_a_mission_is_opened_renamed_and_closed_without_any_unit() -> None:
    ministry = replace(officer(1), rights=officer(1).rights - {"office.custody"})
    mission = queries.office_by_code("CQDD-US")
    steps = (
        OfficeStep("open", code="CQDD-XX", name="Đại sứ quán thử", kind="mission", country="US"),
        OfficeStep("close", office=mission.id),
    )
    draft = draft_operation(
        actor=ministry, at=AT, request_key=uuid4(), kind="office", effective_on=TODAY, act=ACT, plan=Plan(offices=steps)
    )
    propose_operation(actor=ministry, at=AT, operation_id=draft.id, version=1)
    approve(draft)
    assert queries.office_by_code("CQDD-XX").valid_from == TODAY
    mission.refresh_from_db()
    assert (mission.code, mission.valid_to) == ("CQDD-US-2026", TODAY - timedelta(days=1))


# ── the second person, days, undoing ──
def test_nobody_approves_what_he_wrote_in() -> None:
    operation = drafted(merger_of(*communes()))
    edit_operation(actor=officer(3), at=AT, operation_id=operation.id, version=1, effective_on=TODAY, act=ACT)
    propose(operation)
    for writer in (1, 3):
        refused("own_operation", lambda writer=writer: approve(operation, by=writer))
    assert approve(operation, by=2).state == "in_force"


def test_an_operation_of_a_later_day_waits_for_it_and_may_be_cancelled_until_then() -> None:
    first, second = communes()
    waiting = carried_out(merger_of(first, second), on=TODAY + timedelta(days=5))
    assert waiting.state == "approved"
    assert carry_out_due(at=AT) == []
    assert carry_out_due(at=AT + timedelta(days=5)) == [waiting.id]
    waiting.refresh_from_db()
    assert waiting.state == "in_force"
    first.refresh_from_db()
    assert first.valid_to == TODAY + timedelta(days=4)


def test_a_cancelled_operation_is_never_carried_out() -> None:
    waiting = carried_out(merger_of(*communes()), on=TODAY + timedelta(days=5))
    cancel_operation(actor=officer(1), at=AT, operation_id=waiting.id, version=waiting.version, reason="Hoãn")
    assert carry_out_due(at=AT + timedelta(days=9)) == []
    refused("operation_step_not_allowed", lambda: carry_out_operation(actor=officer(2), at=AT, operation_id=waiting.id))


def test_what_is_in_force_is_not_cancelled() -> None:
    done = carried_out(merger_of(*communes()))
    refused(
        "operation_in_force",
        lambda: cancel_operation(actor=officer(1), at=AT, operation_id=done.id, version=done.version, reason="Sai"),
    )


def test_an_operation_whose_ground_has_gone_waits_and_says_why() -> None:
    first, second = communes()
    waiting = carried_out(merger_of(first, second), on=TODAY + timedelta(days=5))
    AdministrativeUnit.objects.filter(id=unit_of(first).id).update(valid_to=TODAY)
    assert carry_out_due(at=AT + timedelta(days=6)) == []
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome) == ("approved", {"refused": "operation_has_errors"})


def test_a_proposal_goes_back_with_a_reason() -> None:
    operation = drafted(merger_of(*communes()))
    propose(operation)
    operation.refresh_from_db()
    send = {"actor": officer(2), "at": AT, "operation_id": operation.id, "version": operation.version}
    refused("reason_missing", lambda: send_back_operation(**send, reason=" "))
    assert send_back_operation(**send, reason="Thiếu thôn 8").state == "draft"


# ── refusals ──
def test_who_may_not_is_told_so() -> None:
    plan = merger_of(*communes())
    clerk = replace(officer(1), rights=frozenset({"unit.approve"}))
    args = {"at": AT, "request_key": uuid4(), "kind": "merger", "effective_on": TODAY, "act": ACT, "plan": plan}
    refused("not_allowed", lambda: draft_operation(actor=clerk, **args))  # type: ignore[arg-type]
    refused("not_allowed", lambda: draft_operation(actor=replace(officer(1), officer_id=None), **args))  # type: ignore[arg-type]
    stranger = officer(1, office="01")
    refused("unit_of_other_province", lambda: draft_operation(actor=stranger, **args))  # type: ignore[arg-type]
    ministry = officer(1, role="ministry", office="01")
    assert draft_operation(actor=ministry, **args).state == "draft"  # type: ignore[arg-type]
    nobody = Actor(login="x", office_id=0)
    refused("not_allowed", lambda: services.apply_operation(actor=nobody, at=AT, operation_id=uuid4()))
    refused("operation_unknown", lambda: services.apply_operation(actor=officer(2), at=AT, operation_id=uuid4()))


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (replace(ACT, number=" "), "act_number_missing"),
        (replace(ACT, authority=""), "act_authority_missing"),
        (replace(ACT, link="javascript:alert(1)"), "act_link_malformed"),
    ],
)
def test_a_change_without_a_legal_act_is_refused(act: services.LegalAct, code: str) -> None:
    operation = drafted(merger_of(*communes()))
    refused(
        code,
        lambda: edit_operation(
            actor=officer(1), at=AT, operation_id=operation.id, version=1, effective_on=TODAY, act=act
        ),
    )


def test_errors_keep_a_draft_from_being_proposed() -> None:
    operation = drafted(split_of(communes(1)[0]), kind="split")
    plan = split_of(communes(1)[0])
    change_plan(
        actor=officer(1), at=AT, operation_id=operation.id, version=1, plan=replace(plan, shares=plan.shares[:1])
    )
    broken = replace(plan, shares=tuple(replace(share, is_default=False) for share in plan.shares))
    change_plan(actor=officer(1), at=AT, operation_id=operation.id, version=2, plan=broken)
    refusal = refused("operation_has_errors", lambda: propose(operation))
    assert refusal.params["first"] == "default_successor_missing"


def test_a_code_taken_meanwhile_is_found_when_it_is_carried_out() -> None:
    first, _second, third = communes(3)
    plan = Plan(ends=(unit_of(first).id,), begins=(new_commune(first, code=third.code),))
    operation = drafted(plan, kind="change")
    assert refused("operation_has_errors", lambda: propose(operation)).params["first"] == "code_taken_then"


def test_one_unit_is_not_in_two_operations_at_once() -> None:
    first, second, third = communes(3)
    propose(drafted(merger_of(first, second)))
    other = drafted(merger_of(second, third))
    assert refused("operation_has_errors", lambda: propose(other)).params["first"] == "unit_in_another_operation"


def test_whoever_comes_second_is_told() -> None:
    operation = drafted(merger_of(*communes()))
    edit_operation(actor=officer(1), at=AT, operation_id=operation.id, version=1, effective_on=TODAY, act=ACT)
    refused(
        "changed_meanwhile",
        lambda: change_plan(actor=officer(1), at=AT, operation_id=operation.id, version=1, plan=Plan()),
    )
    refused("operation_step_not_allowed", lambda: approve(operation))


def test_every_step_is_audited_without_names() -> None:
    operation = carried_out(merger_of(*communes()))
    entries = Entry.objects.filter(subject_kind="unit_operation", subject_id=str(operation.id)).order_by("sequence")
    assert [entry.verb for entry in entries] == [
        "unit_operation.drafted", "unit_operation.proposed", "unit_operation.approved", "unit_operation.carried_out",
    ]  # fmt: skip


# ── place names ──
def test_place_names_notice_a_merger_at_once() -> None:
    first, second = communes()
    text = f"{second.name.removeprefix('UBND ')}"
    before = queries.place_named(text, TODAY)
    assert before.how == "exact" and before.current_code == second.code
    carried_out(merger_of(first, second))
    after = queries.place_named(text, TODAY - timedelta(days=1))
    assert (after.unit_id, after.how, after.current_code) == (second.unit_id, "exact", first.code)
    new = queries.place_named("xã Hợp Nhất, tỉnh Lâm Đồng", TODAY)
    assert (new.how, new.code, new.current_code) == ("exact", first.code, first.code)
    assert queries.place_named(text, TODAY).how == "unit_of_other_time"
