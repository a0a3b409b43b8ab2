"""Delegation: what may be handed on to whom, how it shows in acts, and that it ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.urls import path

from hotich.accounts.models import Delegation, Officer
from hotich.accounts.queries import actor_for, actor_on_behalf, actors_of, command_actor, delegations_to_decide
from hotich.accounts.services import (
    decide_delegation,
    delegate_rights,
    end_delegation,
    end_post,
    give_post,
    lock_officer,
)
from hotich.audit.models import Entry
from hotich.audit.services import unit_of_work
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer, open_offices, pages_with, sign_in

pytestmark = pytest.mark.django_db


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)


def today() -> date:
    return clock.in_vietnam(clock.now()).date()


@pytest.fixture
def offices() -> list[Office]:
    return open_offices(2)


@pytest.fixture
def leader(offices: list[Office]) -> Officer:
    return make_officer("lanh.dao", office=offices[0], role="commune_leader", name="Trần Văn Chủ")


def lend(officer: Officer, delegate: Officer, *rights: str, **changed: Any) -> Delegation:
    given: dict[str, Any] = {
        "valid_from": today(),
        "valid_to": today() + timedelta(days=7),
        "reason": "Đi họp",
    } | changed
    return delegate_rights(
        actor=changed.pop("actor", None) or actor_for(officer), at=clock.now(), delegate_id=delegate.id,
        rights=rights or ("case.approve", "case.read"), **{key: given[key] for key in ("valid_from", "valid_to", "reason")},
    )  # fmt: skip


def test_a_colleague_acts_at_once_with_the_delegated_rights_alone(leader: Officer, offices: list[Office]) -> None:
    deputy = make_officer("pho", office=offices[0], role="police_verifier")
    lent = actor_on_behalf(lend(leader, deputy))
    assert lent is not None
    assert (lent.officer_id, lent.on_behalf_of, lent.office_id) == (deputy.id, leader.id, offices[0].id)
    assert lent.rights == {"case.approve", "case.read"}
    assert [actor.on_behalf_of for actor in actors_of(deputy)] == [None, leader.id]


def test_whoever_prepares_cases_here_does_not_come_to_approve_them(leader: Officer, offices: list[Office]) -> None:
    keyer = make_officer("nhap", office=offices[0], role="keyer")
    with refused("delegation_mixes_duties"):
        lend(leader, keyer)
    lend(leader, keyer, "person.read")  # what decides nothing may be handed on


def test_two_delegations_together_do_not_mix_duties_either(leader: Officer, offices: list[Office]) -> None:
    officer = make_officer("can.bo", office=offices[0], role="civil_status_officer")
    deputy = make_officer("pho", office=offices[0], role="police_verifier")
    lend(leader, deputy)
    with refused("delegation_mixes_duties"):
        lend(officer, deputy, "case.edit")


@pytest.mark.parametrize(
    "right", ["officer.delegate", "officer.manage", "export.approve", "reading.review", "case.edit"]
)
def test_only_own_rights_that_can_be_handed_on_are(leader: Officer, offices: list[Office], right: str) -> None:
    with refused("delegation_right_not_own"):
        lend(leader, make_officer("pho", office=offices[0], role="police_verifier"), right)


@pytest.mark.parametrize("role", ["technical_administrator", "auditor"])
def test_nothing_is_delegated_to_roles_that_stand_alone(leader: Officer, offices: list[Office], role: str) -> None:
    with refused("delegation_officer_unfit"):
        lend(leader, make_officer("mot.minh", office=offices[0], role=role))


def test_nothing_is_delegated_to_oneself_to_a_locked_account_or_out_of_the_province(leader: Officer) -> None:
    with refused("delegation_to_oneself"):
        lend(leader, leader)
    mine = open_offices(1)[0].unit.parent_id  # type: ignore[union-attr]
    far = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(unit__parent_id=mine)[0]
    with refused("delegation_other_province"):
        lend(leader, make_officer("o.xa", office=far, role="commune_leader"))
    locked = make_officer("khoa", office=open_offices(1)[0], role="police_verifier")
    lock_officer(actor=command_actor(), at=clock.now(), officer_id=locked.id)
    with refused("delegation_officer_unfit"):
        lend(leader, locked)


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("delegation_days_wrong", {"valid_from": -1}),
        ("delegation_days_wrong", {"valid_from": 5, "valid_to": 4}),
        ("delegation_too_long", {"valid_to": 200}),
    ],
)
def test_days_must_be_those_of_an_absence(
    leader: Officer, offices: list[Office], code: str, days: dict[str, int]
) -> None:
    deputy = make_officer("pho", office=offices[0], role="police_verifier")
    with refused(code):
        lend(leader, deputy, **{name: today() + timedelta(days=number) for name, number in days.items()})


def test_an_officer_of_another_office_waits_for_the_leader_there(leader: Officer, offices: list[Office]) -> None:
    other = make_officer("ben.kia", office=offices[1], role="police_verifier")
    there = actor_for(make_officer("lanh.dao.2", office=offices[1], role="commune_leader"))
    asked = lend(leader, other)
    assert asked.state == "asked" and len(actors_of(other)) == 1
    for nobody in (
        actor_for(leader),
        actor_for(other),
        actor_for(make_officer("nhap", office=offices[1], role="keyer")),
    ):
        with refused("not_allowed"):
            decide_delegation(actor=nobody, at=clock.now(), delegation_id=asked.id, agreed=True)
    assert delegations_to_decide(there, on=today()) == [asked]
    decide_delegation(actor=there, at=clock.now(), delegation_id=asked.id, agreed=True)
    assert [actor.office_id for actor in actors_of(other)] == [offices[1].id, offices[0].id]
    with refused("delegation_not_waiting"):
        decide_delegation(actor=there, at=clock.now(), delegation_id=asked.id, agreed=False)


def test_rights_of_a_delegation_are_not_delegated_further(leader: Officer, offices: list[Office]) -> None:
    deputy = make_officer("pho", office=offices[0], role="police_verifier")
    third = make_officer("nguoi.ba", office=offices[0], role="police_verifier")
    lent = actor_on_behalf(lend(leader, deputy))
    assert lent is not None
    forged = Actor(
        lent.login, lent.office_id, lent.officer_id, lent.office_ids, lent.rights | {"officer.delegate"}, leader.id
    )
    with refused("not_allowed"):
        lend(leader, third, actor=forged)


def test_it_ends_by_itself_at_once_and_with_the_post_of_whoever_delegated(
    leader: Officer, offices: list[Office]
) -> None:
    deputy = make_officer("pho", office=offices[0], role="police_verifier")
    made = lend(leader, deputy)
    assert len(actors_of(deputy, on=made.valid_to)) == 2
    assert len(actors_of(deputy, on=made.valid_to + timedelta(days=1))) == 1
    with refused("not_allowed"):
        stranger = actor_for(make_officer("nguoi.la", office=offices[1], role="keyer"))
        end_delegation(actor=stranger, at=clock.now(), delegation_id=made.id)
    end_delegation(actor=actor_for(leader), at=clock.now(), delegation_id=made.id)
    assert len(actors_of(deputy)) == 1
    lend(leader, deputy)
    end_post(
        actor=command_actor(), at=clock.now(), officer_id=leader.id, office_id=offices[0].id, role="commune_leader",
        valid_to=today(), at_once=True,
    )  # fmt: skip
    assert len(actors_of(deputy)) == 1


def test_acts_on_behalf_tell_so_in_the_trail(leader: Officer, offices: list[Office]) -> None:
    deputy = make_officer("pho", office=offices[0], role="police_verifier")
    lent = actor_on_behalf(lend(leader, deputy))
    assert lent is not None
    with unit_of_work(actor=lent, at=clock.now()) as work:
        work.record("thing.done", subject_kind="thing", subject_id=1, subject_office=offices[0].id, facts={"a": 1})
    entry = Entry.objects.get(verb="thing.done")
    assert entry.actor_login == "pho" and entry.facts == {"a": 1, "on_behalf_of": leader.id}


def _who(request: HttpRequest) -> JsonResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return JsonResponse({"office": actor.office_id, "rights": sorted(actor.rights), "behalf": actor.on_behalf_of})


@override_settings(ROOT_URLCONF=pages_with(path("ai/", _who)))
def test_a_session_acts_on_behalf_until_the_delegation_ends(
    client: Client, leader: Officer, offices: list[Office]
) -> None:
    deputy = make_officer("pho", office=offices[1], role="police_verifier")
    give_post(
        actor=command_actor(), at=clock.now(), officer_id=deputy.id, office_id=offices[0].id, role="one_stop_clerk",
        valid_from=today(),
    )  # fmt: skip
    made = lend(leader, deputy, "person.read")
    sign_in(client, deputy)
    assert client.get("/ai/").json()["behalf"] is None
    client.post("/tai-khoan/thay-mat/", {"delegation": made.id})
    assert client.get("/ai/").json() == {"office": offices[0].id, "rights": ["person.read"], "behalf": leader.id}
    assert "Thay mặt Trần Văn Chủ" in client.get("/tai-khoan/").content.decode()
    end_delegation(actor=actor_for(leader), at=clock.now(), delegation_id=made.id)
    answer = client.post("/ai/")  # what was meant in another's place is not done in the own one
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert client.get("/ai/").json()["behalf"] is None


@override_settings(ROOT_URLCONF=pages_with(path("ai/", _who)))
def test_nobody_acts_by_the_delegation_of_somebody_else(client: Client, leader: Officer, offices: list[Office]) -> None:
    made = lend(leader, make_officer("pho", office=offices[0], role="police_verifier"))
    sign_in(client, make_officer("nguoi.la", office=offices[0], role="keyer"))
    client.post("/tai-khoan/thay-mat/", {"delegation": made.id})
    assert client.get("/ai/").json()["behalf"] is None


@override_settings(ROOT_URLCONF=pages_with())
def test_a_delegation_is_given_on_its_page(client: Client, leader: Officer, offices: list[Office]) -> None:
    deputy = make_officer("pho", office=offices[0], role="police_verifier")
    sign_in(client, leader)
    asked = {
        "colleague": deputy.id, "rights": ["case.approve"], "valid_from": f"{today():%d/%m/%Y}",
        "valid_to": f"{today():%d/%m/%Y}", "reason": "Đi họp",
    }  # fmt: skip
    assert client.post("/uy-quyen/moi/", asked | {"login": "x"}).status_code == 422
    assert client.post("/uy-quyen/moi/", asked).status_code == 302
    made = Delegation.objects.get()
    assert (made.delegate_id, made.rights) == (deputy.id, ["case.approve"])
    assert "Đang có hiệu lực" in client.get("/uy-quyen/").content.decode()
    client.post(f"/uy-quyen/{made.id}/cham-dut/")
    assert Delegation.objects.get().state == "ended"
