"""Accounts locked and opened again in one act: only when nothing is open, with who, when and why."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.urls import path

from hotich.accounts.models import AccountLock, Officer, Session
from hotich.accounts.queries import (
    OpenWork,
    actor_for,
    command_actor,
    declare_open_work,
    lock_preview,
    officers_to_lock,
)
from hotich.accounts.queries import open_work as registry
from hotich.accounts.services import end_post, lock_officers, unlock_officers
from hotich.audit.models import Entry
from hotich.database.scope import offices_in_scope
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office, OfficeReview
from hotich.units.queries import offices_kept_by
from tests.app.accounts_parts import make_officer, open_offices, pages_with, sign_in
from tests.app.test_accounts_opening import department_office

pytestmark = pytest.mark.django_db


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)


def today() -> date:
    return clock.in_vietnam(clock.now()).date()


@pytest.fixture
def office() -> Office:
    return open_offices(1)[0]


@pytest.fixture
def department() -> Actor:
    return actor_for(make_officer("so.thu", office=department_office(), role="department_of_justice", totp=False))


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> dict[int, OpenWork]:
    """What is open, by office id, as an app above would tell it."""
    told: dict[int, OpenWork] = {}
    monkeypatch.setattr(registry, "_counters", {})

    def count(offices: Any) -> OpenWork:
        assert offices_in_scope() == set(offices)  # counted in the scope of that office alone
        return told.get(next(iter(offices)), OpenWork())

    declare_open_work("test", count)
    return told


def review(office: Office) -> None:
    for old in offices_kept_by([office.id]) - {office.id}:
        OfficeReview.objects.create(office_id=old, is_reviewed=True, by=1, at=clock.now())


def lock(actor: Actor, *officers: Officer, **more: Any) -> int:
    given = {"reason": "Xong việc số hóa"} | more
    return lock_officers(actor=actor, at=clock.now(), officer_ids=[officer.id for officer in officers], **given)


def test_an_office_s_digitising_accounts_are_locked_when_all_is_done(
    department: Actor, office: Office, waiting: dict[int, OpenWork]
) -> None:
    first, second = (make_officer(login, office=office, role="keyer", totp=False) for login in ("mot", "hai.nguoi"))
    review(office)
    assert lock(department, first, second) == 2
    found = AccountLock.objects.get(officer=first)
    assert (found.locked_by_id, found.reason, found.urgent, found.units_reviewed) == (
        department.officer_id, "Xong việc số hóa", False, True,
    )  # fmt: skip
    assert Entry.objects.filter(verb="officer.locked").count() == 2
    assert lock(department, first) == 0  # locked already: nothing more to do


def test_work_still_open_at_the_office_keeps_digitising_accounts_open(
    department: Actor, office: Office, waiting: dict[int, OpenWork]
) -> None:
    keyer = make_officer("nhap", office=office, role="keyer", totp=False)
    clerk = make_officer("mot.cua", office=office, role="one_stop_clerk", totp=False)
    review(office)
    waiting[office.id] = OpenWork(3)
    with refused("lock_work_open"):
        lock(department, keyer)
    assert Officer.objects.get(id=keyer.id).is_active
    lock(department, clerk)  # another's work is no reason to keep a clerk


def test_own_work_keeps_any_account_open(department: Actor, office: Office, waiting: dict[int, OpenWork]) -> None:
    clerk = make_officer("mot.cua", office=office, role="one_stop_clerk", totp=False)
    waiting[office.id] = OpenWork(3, {clerk.id: 1})
    with refused("lock_work_open"):
        lock(department, clerk)


def test_old_offices_must_be_reviewed_first(department: Actor, office: Office, waiting: dict[int, OpenWork]) -> None:
    keyer = make_officer("nhap", office=office, role="keyer", totp=False)
    old = offices_kept_by([office.id]) - {office.id}
    assert old, "the office of the tests keeps the books of closed ones"
    with refused("lock_units_not_reviewed"):
        lock(department, keyer)
    review(office)
    OfficeReview.objects.create(office_id=min(old), is_reviewed=False, by=1, at=clock.now())  # opened again: counts
    with refused("lock_units_not_reviewed"):
        lock(department, keyer)


def test_urgent_locks_all_the_same_and_says_so(department: Actor, office: Office, waiting: dict[int, OpenWork]) -> None:
    keyer = make_officer("nhap", office=office, role="keyer", totp=False)
    waiting[office.id] = OpenWork(5)
    lock(department, keyer, urgent=True)
    found = AccountLock.objects.get()
    assert (found.urgent, found.open_work, found.units_reviewed) == (True, 5, False)


def test_one_refused_account_leaves_all_open(department: Actor, office: Office, waiting: dict[int, OpenWork]) -> None:
    clerk = make_officer("mot.cua", office=office, role="one_stop_clerk", totp=False)
    other = make_officer("hai.cua", office=office, role="one_stop_clerk", totp=False)
    waiting[office.id] = OpenWork(1, {other.id: 1})
    with refused("lock_work_open"):
        lock(department, clerk, other)
    assert Officer.objects.get(id=clerk.id).is_active and not AccountLock.objects.exists()


def test_nobody_locks_without_a_reason_oneself_or_another_province(
    department: Actor, office: Office, waiting: dict[int, OpenWork]
) -> None:
    clerk = make_officer("mot.cua", office=office, role="one_stop_clerk", totp=False)
    with refused("act_reason_missing"):
        lock(department, clerk, reason="  ")
    with refused("own_account"):
        lock(department, Officer.objects.get(id=department.officer_id))
    far = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(
        unit__parent_id=department_office().unit_id
    )
    with refused("not_allowed"):
        lock(department, make_officer("o.xa", office=far[0], role="keyer", totp=False))
    with refused("not_allowed"):
        lock(actor_for(clerk), make_officer("khac", office=office, role="keyer", totp=False))


def test_unlocking_keeps_who_and_why(department: Actor, office: Office, waiting: dict[int, OpenWork]) -> None:
    clerk = make_officer("mot.cua", office=office, role="one_stop_clerk", totp=False)
    lock(department, clerk)
    given = {"actor": department, "at": clock.now(), "officer_ids": [clerk.id]}
    with refused("act_reason_missing"):
        unlock_officers(**given, reason="")
    assert unlock_officers(**given, reason="Làm tiếp") == 1
    found = AccountLock.objects.get()
    assert (found.unlock_reason, found.unlocked_by_id) == ("Làm tiếp", department.officer_id)
    assert Officer.objects.get(id=clerk.id).is_active


def test_asking_for_nobody_finds_nobody(department: Actor, office: Office) -> None:
    make_officer("nhap", office=office, role="keyer", totp=False)
    assert list(officers_to_lock(department, on=today())) == []
    assert [found.username for found in officers_to_lock(department, on=today(), role="keyer")] == ["nhap"]
    assert [found.username for found in officers_to_lock(department, on=today(), logins=["NHAP "])] == ["nhap"]


def test_intake_tells_what_is_open() -> None:
    assert "case" in registry._counters
    officer = make_officer("nhap", office=open_offices(1)[0], role="keyer", totp=False)
    assert lock_preview([officer.id], on=today()).findings[officer.id].open_work == 0


def test_the_command_locks_and_unlocks(office: Office, waiting: dict[int, OpenWork]) -> None:
    make_officer("nhap", office=office, role="keyer", totp=False)
    waiting[office.id] = OpenWork(1)
    given: dict[str, Any] = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    with pytest.raises(CommandError):
        call_command("officers", "lock", "--office", office.code, "--reason", "Xong", **given)
    call_command("officers", "lock", "--office", office.code, "--reason", "Xong", "--urgent", **given)
    assert not Officer.objects.get(username="nhap").is_active
    call_command("officers", "unlock", "--logins", "nhap", "--reason", "Tiếp", **given)
    assert Officer.objects.get(username="nhap").is_active


def _rights(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"rights": sorted(request.actor.rights)})  # type: ignore[attr-defined]


@override_settings(ROOT_URLCONF=pages_with(path("quyen/", _rights)))
def test_locking_ends_open_sessions_with_the_next_request(
    client: Client, department: Actor, office: Office, waiting: dict[int, OpenWork]
) -> None:
    clerk = make_officer("mot.cua", office=office, role="one_stop_clerk")
    sign_in(client, clerk)
    assert Session.objects.filter(officer_id=clerk.id).count() == 1
    lock(department, clerk)
    assert client.get("/tai-khoan/").status_code == 302
    assert not Session.objects.filter(officer_id=clerk.id).exists()


@override_settings(ROOT_URLCONF=pages_with(path("quyen/", _rights)))
def test_a_post_ended_at_once_takes_its_rights_from_an_open_session(client: Client, office: Office) -> None:
    officer = make_officer("can.bo", office=office, role="civil_status_officer")
    sign_in(client, officer)
    assert "record.read" in client.get("/quyen/").json()["rights"]
    end_post(
        actor=command_actor(), at=clock.now(), officer_id=officer.id, office_id=office.id, role="civil_status_officer",
        valid_to=today(), at_once=True,
    )  # fmt: skip
    assert client.get("/quyen/").json()["rights"] == []


@override_settings(ROOT_URLCONF=pages_with(path("quyen/", _rights)))
def test_when_the_chosen_post_ends_nothing_is_done_at_another_one(client: Client, office: Office) -> None:
    from hotich.accounts.services import give_post

    there = open_offices(2)[1]
    officer = make_officer("can.bo", office=office, role="civil_status_officer")
    second = give_post(
        actor=command_actor(),
        at=clock.now(),
        officer_id=officer.id,
        office_id=there.id,
        role="keyer",
        valid_from=today(),
    )
    sign_in(client, officer)
    client.post("/tai-khoan/vi-tri/", {"post": second.id})
    end_post(
        actor=command_actor(), at=clock.now(), officer_id=officer.id, office_id=there.id, role="keyer", valid_to=today(),
        at_once=True,
    )  # fmt: skip
    answer = client.post("/quyen/")
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert "record.read" in client.get("/quyen/").json()["rights"]
