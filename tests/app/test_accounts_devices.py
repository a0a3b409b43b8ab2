"""Checked machines: enrolment by a code, sign-in from them alone where it is said, revoking at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from hotich.accounts.models import Device, Session
from hotich.accounts.queries import actor_for, device_rule_of
from hotich.accounts.services import (
    check_device_again,
    enrol_device,
    make_device_code,
    register_device,
    revoke_device,
    set_device_rule,
)
from hotich.audit.models import Entry
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.accounts_parts import give_password, make_officer, open_offices, pages_with, sign_in
from tests.app.test_accounts_opening import department_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_pages_of_accounts() -> Any:
    cache.clear()
    with override_settings(ROOT_URLCONF=pages_with()):
        yield


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)


def today() -> date:
    return clock.in_vietnam(clock.now()).date()


@pytest.fixture
def office() -> Office:
    return open_offices(1)[0]


@pytest.fixture
def department() -> Actor:
    return actor_for(make_officer("so.thu", office=department_office(), role="department_of_justice"))


def register(actor: Actor, office: Office, **changed: Any) -> Device:
    given: dict[str, Any] = {
        "name": "Máy 1", "serial": "sn-1", "checked_by": "Phòng kỹ thuật", "checked_on": today(), "result": "passed",
        "valid_to": today() + timedelta(days=365),
    } | changed  # fmt: skip
    return register_device(actor=actor, at=clock.now(), office_id=office.id, **given)


def code_of(actor: Actor, device: Device) -> str:
    return make_device_code(actor=actor, at=clock.now(), device_id=device.id)


def require(actor: Actor, office: Office | None = None, *, required: bool = True, **changed: Any) -> None:
    set_device_rule(
        actor=actor, at=clock.now(), required=required, reason="Kế hoạch", valid_from=changed.get("valid_from", today()),
        office_id=office.id if office else None,
    )  # fmt: skip


def test_a_code_is_typed_once_and_kept_as_a_hash(department: Actor, office: Office) -> None:
    device = register(department, office)
    code = code_of(department, device)
    assert code not in str(Device.objects.values().get())
    _, secret = enrol_device(at=clock.now(), code=f" {code.lower().replace('-', ' ')} ")
    assert secret not in str(Device.objects.values().get())
    with refused("device_code_wrong"):
        enrol_device(at=clock.now(), code=code)
    with refused("device_code_wrong"):
        enrol_device(at=clock.now(), code="")


def test_a_code_is_good_for_half_an_hour(department: Actor, office: Office) -> None:
    code = code_of(department, register(department, office))
    with refused("device_code_wrong"):
        enrol_device(at=clock.now() + timedelta(minutes=31), code=code)


def test_who_may_not_manage_devices_registers_none(department: Actor, office: Office) -> None:
    with refused("not_allowed"):
        register(actor_for(make_officer("nhap", office=office, role="keyer")), office)
    far = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(
        unit__parent_id=department_office().unit_id
    )
    with refused("not_allowed"):
        register(department, far[0])
    with refused("not_allowed"):
        require(department, far[0])


def test_a_machine_stands_once_and_its_days_make_sense(department: Actor, office: Office) -> None:
    register(department, office)
    with refused("device_registered_already"):
        register(department, office, serial="SN-1")
    with refused("device_days_wrong"):
        register(department, office, serial="2", checked_on=today() + timedelta(days=1))
    with refused("device_days_wrong"):
        register(department, office, serial="2", valid_to=today() - timedelta(days=1))
    with refused("device_check_failed"):
        code_of(department, register(department, office, serial="2", result="failed"))


def test_the_rule_of_an_office_goes_before_that_of_the_province(department: Actor, office: Office) -> None:
    assert not device_rule_of(office, on=today())
    require(department, valid_from=today() + timedelta(days=3))
    assert not device_rule_of(office, on=today())
    assert device_rule_of(office, on=today() + timedelta(days=3))
    require(department)
    assert device_rule_of(office, on=today())
    require(department, office, required=False)
    assert not device_rule_of(office, on=today()) and device_rule_of(open_offices(2)[1], on=today())
    with refused("device_rule_in_the_past"):
        require(department, valid_from=today() - timedelta(days=1))


def test_sign_in_elsewhere_is_refused_with_words_and_a_trace(client: Client, department: Actor, office: Office) -> None:
    officer = make_officer("can.bo", office=office)
    require(department, office)
    answer = give_password(client, officer.username)
    assert answer.status_code == 403 and "thiết bị đã kiểm tra" in answer.content.decode()
    assert client.get("/tai-khoan/ma-xac-thuc/").status_code == 302  # nothing of the attempt is left
    assert Entry.objects.get(verb="officer.device_refused").facts["why"] == "unknown"


def test_an_enrolled_machine_signs_in_and_a_revoked_one_is_out_at_once(
    client: Client, department: Actor, office: Office
) -> None:
    officer = make_officer("can.bo", office=office)
    device = register(department, office)
    require(department, office)
    assert client.post("/thiet-bi/dang-ky/", {"code": code_of(department, device)}).status_code == 200
    cookie = client.cookies["hotich_device"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    sign_in(client, officer)
    assert Session.objects.get(officer_id=officer.id).device_id == device.id
    assert client.get("/tai-khoan/").status_code == 200
    revoke_device(actor=department, at=clock.now(), device_id=device.id, reason="Mất máy")
    assert client.get("/tai-khoan/").status_code == 302
    assert "thu hồi" in give_password(client, officer.username).content.decode()


@override_settings(DEMO=False)
def test_on_a_real_installation_the_cookie_travels_by_tls_only(
    client: Client, department: Actor, office: Office
) -> None:
    client.post("/thiet-bi/dang-ky/", {"code": code_of(department, register(department, office))})
    assert client.cookies["hotich_device"]["secure"]


def test_a_forged_cookie_is_no_machine(client: Client, department: Actor, office: Office) -> None:
    officer = make_officer("can.bo", office=office)
    device = register(department, office)
    enrol_device(at=clock.now(), code=code_of(department, device))
    require(department, office)
    client.cookies["hotich_device"] = f"{Device.objects.get().secret_hash}:x:y"
    assert give_password(client, officer.username).status_code == 403


def test_a_machine_enrolled_anew_puts_the_former_browser_out(client: Client, department: Actor, office: Office) -> None:
    officer = make_officer("can.bo", office=office)
    device = register(department, office)
    client.post("/thiet-bi/dang-ky/", {"code": code_of(department, device)})
    sign_in(client, officer)
    Client().post("/thiet-bi/dang-ky/", {"code": code_of(department, device)})
    assert client.get("/tai-khoan/").status_code == 302


def test_a_failed_later_check_ends_the_sessions_on_the_machine(
    client: Client, department: Actor, office: Office
) -> None:
    device = register(department, office)
    client.post("/thiet-bi/dang-ky/", {"code": code_of(department, device)})
    sign_in(client, make_officer("can.bo", office=office))
    check_device_again(
        actor=department, at=clock.now(), device_id=device.id, checked_by="Phòng kỹ thuật", checked_on=today(),
        result="failed", valid_to=today() + timedelta(days=1),
    )  # fmt: skip
    assert client.get("/tai-khoan/").status_code == 302


def test_a_rule_from_today_ends_sessions_on_other_machines_but_not_the_own(department: Actor, office: Office) -> None:
    clients = {login: Client() for login in ("can.bo", "so")}
    sign_in(clients["can.bo"], make_officer("can.bo", office=office))
    boss = make_officer("so.tp", office=department_office(), role="department_of_justice")
    sign_in(clients["so"], boss)
    require(actor_for(boss))
    assert clients["can.bo"].get("/tai-khoan/").status_code == 302
    assert clients["so"].get("/tai-khoan/").status_code == 200


def test_guessing_codes_is_shut_by_429_and_leaves_a_trace(client: Client, department: Actor, office: Office) -> None:
    code = code_of(department, register(department, office))
    answers = [client.post("/thiet-bi/dang-ky/", {"code": f"AAAA-AAAA-AAA{letter}"}).status_code for letter in "CDEFGH"]
    assert answers[0] == 422 and answers[-1] == 429
    assert client.post("/thiet-bi/dang-ky/", {"code": code}).status_code == 429  # nor is the right one judged now
    assert Entry.objects.filter(verb="device.code_refused").count() >= 4
    assert (
        give_password(client, make_officer("can.bo", office=office).username).status_code == 302
    )  # sign-in is not shut
