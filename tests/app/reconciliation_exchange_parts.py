"""What the tests of the exchange share: an absent participant of a real record, and who acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.reconciliation.adapters import choice
from hotich.reconciliation.models import AbsenceReason, CheckOutcome, CheckWay, PopulationCheck, PopulationRequest
from hotich.reconciliation.services.requests import confirm_request, propose_creation
from hotich.records.models import Record
from hotich.records.rules.participants import participant_id
from hotich.units.models import Office
from tests.app.records_support import acting, actor_at, enter, offices
from tests.population_partner import RunningPartner

AT = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
CLERK, POLICE, KEYER = 41, 42, 43
_names = count(1)
_SYLLABLES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khoa", "Lan", "Minh", "Nga", "Oanh", "Phúc", "Quân", "Sơn")


def clerk(office: Office) -> Actor:
    """The civil-status officer."""
    return actor_at(office, officer=CLERK, rights=frozenset({"population.settle", "population.watch", "record.read"}))


def police(office: Office, officer: int = POLICE) -> Actor:
    """The verifier of the police."""
    return actor_at(office, officer=officer, rights=frozenset({"population.verify", "population.watch"}))


def an_office() -> Office:
    """The first living commune."""
    return offices(1)[0]


def a_birth(office: Office, **more: Any) -> Record:
    """A birth of somebody who is like nobody else."""
    number = next(_names)
    name = f"Đinh {_SYLLABLES[number % 14]} {_SYLLABLES[number // 14 % 14]} Thử"
    birth = f"{number % 28 + 1:02}/03/{1940 + number % 70}"
    said = {"child_full_name": name, "child_sex": "1", "child_birth_date": birth,
            "mother_full_name": "Hồ Thị Thử", "father_full_name": "Đinh Văn Thử"}  # fmt: skip
    with acting(office) as actor:
        return enter(actor, office, "KS", draw=False, **{**said, **more})


def absent(
    office: Office, record: Record, *, reason: str = AbsenceReason.NEVER_COLLECTED, words: str = ""
) -> PopulationCheck:
    """The child of a birth record, said to be absent by the keyer. Inside a scope of the office."""
    return PopulationCheck.objects.create(
        origin_office=office, record=record, participant_id=participant_id(record.id, "child"), role="child",
        outcome=CheckOutcome.ABSENT, way=CheckWay.PAGE, absence=reason, absence_words=words,
        decided_by=KEYER, decided_at=AT,
    )  # fmt: skip


def proposed(office: Office, check: PopulationCheck, *, words: str = "", at: datetime = AT) -> PopulationRequest:
    """A creation that waits for the police."""
    with acting(office, officer=CLERK) as actor, unit_of_work(actor=actor, at=at) as work:
        return propose_creation(work, check=check, reason_words=words)


def to_send(office: Office, *, at: datetime = AT, **more: Any) -> PopulationRequest:
    """A creation the police confirmed; `more`: what the birth says otherwise."""
    record = a_birth(office, **more)
    with acting(office):
        check = absent(office, record)
    request = proposed(office, check, at=at)
    return confirm_request(actor=police(office), at=at, request_id=request.id)


def again(office: Office, request: PopulationRequest) -> PopulationRequest:
    """The request as it stands now."""
    with acting(office):
        return PopulationRequest.objects.select_related("check_of").get(id=request.id)


def later(**more: float) -> datetime:
    """A while after AT."""
    return AT + timedelta(**more)


def connect(partner: RunningPartner, settings: Any, monkeypatch: pytest.MonkeyPatch, *, wait: float = 0.5) -> None:
    """This installation speaks with a running stand-in; faults off, a breaker and a token of its own."""
    partner.no_faults()
    settings.HOTICH_POPULATION_ADAPTER = "live"
    settings.HOTICH_POPULATION_URL, settings.HOTICH_POPULATION_CLIENT = partner.url, partner.client
    settings.HOTICH_POPULATION_WAIT = wait
    monkeypatch.setenv("HOTICH_POPULATION_KEY", partner.secret)
    choice._live.cache_clear()
