"""Sending to the real stand-in with each fault on: nothing lost, nobody doubled, no second number after a time-out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from hotich.persons.models import PopulationNumber
from hotich.reconciliation.models import CheckOutcome, PopulationCheck, PopulationRequest, RequestState
from hotich.reconciliation.services import sending
from hotich.reconciliation.services.requests import confirm_request, deny_suspects
from hotich.reconciliation.services.sending import send_due
from hotich.units.models import Office
from tests.app.reconciliation_exchange_parts import (
    AT,
    acting,
    again,
    an_office,
    clerk,
    connect,
    later,
    police,
    proposed,
    to_send,
)
from tests.population_partner import RunningPartner, running_partner

pytestmark = pytest.mark.django_db
DONE, UNCLEAR, QUEUED = RequestState.DONE, RequestState.UNCLEAR, RequestState.QUEUED


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPartner]:
    with running_partner(tmp_path_factory.mktemp("partner")) as partner:
        yield partner


@pytest.fixture
def partner(running: RunningPartner, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPartner]:
    connect(running, settings, monkeypatch)
    yield running
    running.no_faults()


@pytest.fixture
def office() -> Office:
    return an_office()


def _state(office: Office, request: PopulationRequest) -> str:
    return again(office, request).state


def _number_of(partner: RunningPartner, office: Office, request: PopulationRequest) -> str:
    """Done, once: one citizen there, one request there, his number with the check and beside the participant."""
    now = again(office, request)
    assert (now.state, now.failure) == (DONE, "")
    people = partner.citizens_named(now.content["facts"]["full_name"])
    assert len(people) == 1
    assert [each["request_id"] for each in partner.requests()].count(str(now.id)) == 1
    check = now.check_of
    assert check is not None and check.is_taken_over and check.outcome == CheckOutcome.EQUAL
    assert check.personal_id == people[0]["personal_id"] == now.answer["personal_id"]
    with acting(office):
        beside = PopulationNumber.objects.get(participant_id=check.participant_id, withdrawn_at__isnull=True)
    assert beside.personal_id == check.personal_id
    return check.personal_id


def test_a_confirmed_creation_brings_back_the_number_once(partner: RunningPartner, office: Office) -> None:
    request = to_send(office)
    assert send_due(at=AT).answered == 1
    number = _number_of(partner, office, request)
    assert number.startswith("0") and len(number) == 12
    calls = len(partner.calls())
    assert send_due(at=later(days=9)).tried == 0 and len(partner.calls()) == calls
    call = next(each for each in partner.calls() if each["request_id"] == str(request.id))
    assert (call["office"], call["officer"], call["procedure"]) == (office.code, "42", "C3")


@pytest.mark.parametrize(
    ("fault", "value"),
    [
        ("timeout_after_commit", "1"),
        ("wrong_answer", "not_json"),
        ("wrong_answer", "no_fields"),
        ("wrong_answer", "other_request"),
    ],
)
def test_what_was_done_without_an_answer_is_asked_about_and_never_sent_again(
    partner: RunningPartner, office: Office, fault: str, value: str
) -> None:
    partner.fault(fault, value, calls=("cap-moi",))
    request = to_send(office)
    assert send_due(at=AT).answered == 0
    assert _state(office, request) == UNCLEAR and again(office, request).failure
    assert send_due(at=later(seconds=30)).tried == 0  # not before its pause
    assert send_due(at=later(seconds=61)).answered == 1
    _number_of(partner, office, request)
    creations = [
        each for each in partner.calls() if each["call"] == "cap-moi" and each["request_id"] == str(request.id)
    ]
    assert len(creations) == 1


def test_a_slow_partner_creates_once(partner: RunningPartner, office: Office) -> None:
    partner.fault("slow", "1", calls=("cap-moi",))
    request = to_send(office)
    send_due(at=AT)
    assert _state(office, request) == UNCLEAR
    partner.no_faults()
    send_due(at=later(seconds=61))
    send_due(at=later(seconds=62))
    _number_of(partner, office, request)


def test_a_partner_that_is_down_is_asked_first_and_then_sent_to(partner: RunningPartner, office: Office) -> None:
    partner.fault("down")
    request = to_send(office)
    send_due(at=AT)  # not even a token
    assert _state(office, request) == QUEUED and again(office, request).failure == "partner_down"
    partner.no_faults()
    partner.fault("down", calls=("cap-moi", "trang-thai"))
    send_due(at=later(seconds=61))
    send_due(at=later(seconds=300))
    assert _state(office, request) == UNCLEAR and again(office, request).failure == "partner_down"
    partner.no_faults()
    send_due(at=later(hours=2))
    assert _state(office, request) == QUEUED  # it never arrived
    send_due(at=later(hours=2))
    _number_of(partner, office, request)


def test_too_many_calls_end_the_round_and_wait_as_long_as_was_said(partner: RunningPartner, office: Office) -> None:
    partner.fault("rate_limit", "90", times=1)
    first, second = to_send(office), to_send(office)
    assert send_due(at=AT).is_resting
    assert {_state(office, first), _state(office, second)} == {QUEUED}
    waiting = again(office, first)
    assert (waiting.failure, waiting.next_at) == ("partner_busy", later(seconds=90))
    assert send_due(at=later(seconds=91)).answered == 2
    assert _number_of(partner, office, first) != _number_of(partner, office, second)


def test_a_token_that_expired_is_fetched_again_in_the_same_call(partner: RunningPartner, office: Office) -> None:
    request = to_send(office)
    partner.fault("token_expired", times=1)
    assert send_due(at=AT).answered == 1
    _number_of(partner, office, request)
    other = to_send(office)
    partner.fault("token_expired")
    assert send_due(at=AT).is_resting
    assert again(office, other).failure == "partner_sign_in_refused"


def test_a_partner_that_is_switched_off_is_tried_again_when_it_is_back(partner: RunningPartner, office: Office) -> None:
    request = to_send(office)
    partner.stop()
    try:
        assert send_due(at=AT).is_resting
        assert again(office, request).failure == "partner_unreachable"
    finally:
        partner.start()
    assert send_due(at=later(seconds=61)).answered == 1
    _number_of(partner, office, request)


def test_whoever_dies_before_the_call_leaves_a_request_that_is_asked_about(
    partner: RunningPartner, office: Office
) -> None:
    request = to_send(office)
    assert sending._take_up(office.id, AT, request.id) is not None  # and is killed here
    assert sending._take_up(office.id, AT, request.id) is None  # another worker does not take it
    assert send_due(at=later(seconds=60)).tried == 0
    send_due(at=later(seconds=121))
    assert _state(office, request) == QUEUED
    send_due(at=later(seconds=122))
    _number_of(partner, office, request)


def test_a_suspicion_goes_to_a_clerk_and_only_another_confirmation_makes_a_number(
    partner: RunningPartner, office: Office
) -> None:
    partner.fault("suspected", times=1)
    request = to_send(office)
    send_due(at=AT)
    now = again(office, request)
    assert now.state == RequestState.SUSPECTED and now.check_of is not None
    assert now.check_of.outcome == CheckOutcome.CLERK and now.check_of.candidates[0]["full_name"]
    assert not now.check_of.personal_id and not partner.citizens_named(now.content["facts"]["full_name"])
    send_due(at=later(days=2))  # asked again, the same answer
    assert _state(office, request) == RequestState.SUSPECTED
    fresh = deny_suspects(actor=clerk(office), at=later(days=2), request_id=request.id, reason="Khác cha mẹ")
    assert fresh.id != request.id and fresh.state == RequestState.WAITING
    assert fresh.content["others"] == [each["ref"] for each in now.answer["suspects"]]
    assert _state(office, request) == RequestState.CANCELLED
    assert send_due(at=later(days=3)).tried == 0  # the police have not confirmed it
    confirm_request(actor=police(office), at=later(days=3), request_id=fresh.id)
    send_due(at=later(days=3))
    _number_of(partner, office, fresh)


def test_a_no_stands_with_its_words_and_may_be_proposed_anew(partner: RunningPartner, office: Office) -> None:
    request = to_send(office, child_birth_date="1887")
    send_due(at=AT)
    now = again(office, request)
    assert (now.state, now.failure) == (RequestState.REFUSED, "partner_refused") and "1900" in now.answer["reason"]
    assert now.check_of is not None and now.check_of.outcome == CheckOutcome.ABSENT
    assert proposed(office, now.check_of).id != request.id


def test_whoever_was_found_meanwhile_is_not_sent(partner: RunningPartner, office: Office) -> None:
    request = to_send(office)
    with acting(office):
        PopulationCheck.objects.filter(id=request.check_of_id).update(outcome=CheckOutcome.EQUAL)
    send_due(at=AT)
    now = again(office, request)
    assert (now.state, now.failure) == (RequestState.CANCELLED, "request_no_longer_needed")
    assert str(request.id) not in [each["request_id"] for each in partner.requests()]


def test_a_partner_that_does_not_answer_is_left_alone_for_a_while(partner: RunningPartner, office: Office) -> None:
    many = [to_send(office) for _ in range(7)]
    partner.fault("down", calls=("cap-moi",))
    assert send_due(at=AT).is_resting
    assert [_state(office, each) for each in many].count(UNCLEAR) == 5
    assert again(office, many[5]).failure == "partner_resting" and again(office, many[6]).attempts == 0


def test_any_order_of_faults_loses_nobody_and_doubles_nobody(
    partner: RunningPartner, office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, at = Random(8), AT
    requests = [to_send(office) for _ in range(8)]
    faults = [("timeout_after_commit", "0.6"), ("wrong_answer", "not_json"), ("wrong_answer", "other_request"),
              ("down", "1"), ("rate_limit", "1"), ("token_expired", "")]  # fmt: skip
    for _ in range(6):
        connect(partner, settings, monkeypatch, wait=0.3)  # the breaker's rest is over
        name, value = random.choice(faults)
        partner.fault(name, value, times=random.randint(1, 2))
        at += timedelta(hours=2)
        send_due(at=at, most=6)
    at = _until_all_done(office, requests, at, partner, settings, monkeypatch)
    numbers = [_number_of(partner, office, request) for request in requests]
    assert len(set(numbers)) == len(requests)


def _until_all_done(
    office: Office, requests: list[PopulationRequest], at: datetime, partner: RunningPartner, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> datetime:  # fmt: skip
    connect(partner, settings, monkeypatch)
    for _ in range(4):
        at += timedelta(hours=2)
        send_due(at=at, most=50)
    assert {_state(office, each) for each in requests} == {DONE}
    return at
