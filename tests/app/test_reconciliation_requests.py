"""What is to be sent is proposed, confirmed by another hand, cancelled; never twice for one person."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.audit.models import Entry
from hotich.audit.services import unit_of_work
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import (
    CheckOutcome,
    PopulationRequest,
    RequestState,
    TrackingItem,
    TrackingState,
    Verdict,
)
from hotich.reconciliation.services.requests import (
    ask_for_creation,
    cancel_request,
    confirm_request,
    propose_adjustment,
)
from hotich.records.models import Record
from tests.app.reconciliation_exchange_parts import (
    AT,
    CLERK,
    KEYER,
    POLICE,
    a_birth,
    absent,
    acting,
    again,
    an_office,
    clerk,
    police,
    proposed,
    to_send,
)
from tests.app.records_support import offices

pytestmark = pytest.mark.django_db


def _refused(act: Any, **more: Any) -> str:
    with pytest.raises(RuleBroken) as refused:
        act(**more)
    return refused.value.code


def test_an_absent_person_waits_for_the_police_and_is_queued_by_them() -> None:
    office = an_office()
    with acting(office):
        check = absent(office, a_birth(office, child_birth_date="05/03/1987"))
    request = proposed(office, check)
    assert (request.state, request.made_by, request.next_at) == (RequestState.WAITING, KEYER, None)
    assert request.content["facts"]["birth"] == "1987-03-05" and request.content["reason"] == "never_collected"
    done = confirm_request(actor=police(office), at=AT, request_id=request.id)
    assert (done.state, done.confirmed_by, done.next_at) == (RequestState.QUEUED, POLICE, AT)
    with acting(office):
        check.refresh_from_db()
    assert (check.confirmed_by, check.confirmed_at) == (POLICE, AT)


def test_neither_the_maker_nor_a_clerk_confirms() -> None:
    office = an_office()
    with acting(office):
        check = absent(office, a_birth(office))
    request = proposed(office, check)
    assert _refused(confirm_request, actor=clerk(office), at=AT, request_id=request.id) == "not_allowed"
    own = police(office, officer=KEYER)
    assert _refused(confirm_request, actor=own, at=AT, request_id=request.id) == "request_confirmed_by_maker"
    elsewhere = police(offices(2)[1])
    assert _refused(confirm_request, actor=elsewhere, at=AT, request_id=request.id) == "request_unknown"


def test_what_changed_in_the_record_meanwhile_is_not_confirmed() -> None:
    office = an_office()
    record = a_birth(office)
    with acting(office):
        check = absent(office, record)
    request = proposed(office, check)
    with acting(office):
        Record.objects.filter(id=record.id).update(as_recorded=record.as_recorded | {"child_birth_date": "06/03/1987"})
    assert _refused(confirm_request, actor=police(office), at=AT, request_id=request.id) == "request_facts_changed"


def test_one_person_is_proposed_once_until_it_was_cancelled() -> None:
    office = an_office()
    with acting(office):
        check = absent(office, a_birth(office))
    request = proposed(office, check)
    assert proposed(office, check).id == request.id
    assert _refused(cancel_request, actor=clerk(office), at=AT, request_id=request.id, reason=" ") == "reason_missing"
    cancel_request(actor=clerk(office), at=AT, request_id=request.id, reason="Gõ nhầm")
    assert proposed(office, check).id != request.id
    assert _refused(cancel_request, actor=clerk(office), at=AT, request_id=request.id, reason="x") == (
        "act_not_allowed_in_state"
    )


def test_the_dead_only_in_need_the_foreigner_never() -> None:
    office = an_office()
    with acting(office):
        dead = absent(office, a_birth(office), reason="dead", words="mất năm 1990")
        foreigner = absent(office, a_birth(office), reason="foreign")
        found = absent(office, a_birth(office))
        found.outcome = CheckOutcome.EQUAL
        found.save()
    ask = {"actor": clerk(office), "at": AT}
    assert _refused(ask_for_creation, check_id=dead.id, reason_words="x", **ask) == "creation_of_dead_without_need"
    request = ask_for_creation(check_id=dead.id, reason_words="Cấp trích lục cho con", is_needed=True, **ask)
    assert request.state == RequestState.WAITING
    assert confirm_request(actor=police(office), at=AT, request_id=request.id).state == RequestState.QUEUED
    assert _refused(
        ask_for_creation, check_id=foreigner.id, reason_words="x", is_needed=True, **ask
    ) == "creation_of_foreigner"  # fmt: skip
    assert _refused(ask_for_creation, check_id=found.id, reason_words="x", **ask) == "creation_not_absent"
    assert _refused(
        ask_for_creation, actor=police(office), at=AT, check_id=dead.id, reason_words=""
    ) == "not_allowed"  # fmt: skip


def test_an_unclear_request_cannot_be_cancelled() -> None:
    office = an_office()
    request = to_send(office)
    with acting(office):
        PopulationRequest.objects.filter(id=request.id).update(state=RequestState.UNCLEAR)
    assert _refused(cancel_request, actor=clerk(office), at=AT, request_id=request.id, reason="x") == (
        "act_not_allowed_in_state"
    )


def tracked(office: Any, **more: Any) -> TrackingItem:
    record = a_birth(office)
    with acting(office):
        check = absent(office, record)
        check.outcome, check.personal_id = CheckOutcome.DIFFERENT, "066087000123"
        check.save()
        return TrackingItem.objects.create(
            origin_office=office, check_of=check, record=record, register_type="KS", due_on=AT.date(), opened_at=AT,
            state=TrackingState.VERIFIED, verdict=Verdict.BOOK, **{"verified_by": POLICE, "verified_at": AT, **more},
        )  # fmt: skip


CHANGES = [("birth", "1987-03-06", "1987-03-05")]


def _adjust(office: Any, item: TrackingItem, officer: int = CLERK, **more: Any) -> PopulationRequest:
    said = {"changes": CHANGES, "basis": "Giấy khai sinh", **more}
    with acting(office, officer=officer) as actor, unit_of_work(actor=actor, at=AT) as work:
        return propose_adjustment(work, tracking=item, **said)


def test_a_verdict_of_the_police_confirms_an_adjustment_unless_they_make_it_themselves() -> None:
    office = an_office()
    item = tracked(office)
    request = _adjust(office, item)
    assert (request.state, request.confirmed_by, request.made_by) == (RequestState.QUEUED, POLICE, CLERK)
    assert _adjust(office, item).id == request.id
    other = _adjust(office, tracked(office), officer=POLICE)
    assert (other.state, other.confirmed_by) == (RequestState.WAITING, None)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"changes": []}, "adjustment_empty"),
        ({"changes": [("birth", "1987", "1987")]}, "adjustment_empty"),
        ({"changes": [("residence", "a", "b")]}, "adjustment_field_not_allowed"),
        ({"changes": [("personal_id", "a", "b")]}, "adjustment_field_not_allowed"),
        ({"basis": " "}, "adjustment_without_basis"),
    ],
)
def test_an_adjustment_says_what_and_by_which_basis(more: Any, code: str) -> None:
    office = an_office()
    item = tracked(office)
    assert _refused(_adjust, office=office, item=item, **more) == code


def test_the_trail_tells_who_proposed_and_confirmed_without_a_name_among_the_facts() -> None:
    office = an_office()
    request = again(office, to_send(office))
    entries = Entry.objects.filter(subject_kind="population_request", subject_id=str(request.id)).order_by("sequence")
    assert [entry.verb for entry in entries] == ["population_request.proposed", "population_request.confirmed"]
    name = request.content["facts"]["full_name"]
    assert all(name not in str(entry.facts) for entry in entries)
