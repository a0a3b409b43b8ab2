"""The commands of accounts, and the demo officers."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from hotich.accounts import services
from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_for, command_actor, demo_code, demo_sign_ins, posts_of
from hotich.accounts.rules.demo import DEMO_PASSWORD, demo_seed
from hotich.accounts.rules.one_time_codes import code_of_step, step_at
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.accounts_parts import AT, SECRET, give_password, make_officer, open_offices, pages_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_pages_of_accounts() -> Any:
    with override_settings(ROOT_URLCONF=pages_with()):
        yield


@pytest.fixture(autouse=True)
def _no_codes_remembered() -> None:
    from django.core.cache import cache

    cache.clear()


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


def make_demo(offices: list[Office]) -> list[services.DemoSignIn]:
    return services.make_demo_officers(actor=command_actor(), at=AT, offices=offices)


def test_demo_officers_sign_in_with_the_known_password_and_the_printed_code(client: Client) -> None:
    made = make_demo(open_offices(2))
    logins = {line.login for line in made}
    assert {"can.bo.1", "nhap.1", "duyet.1", "lanh.dao.1", "can.bo.2", "so.tu.phap", "quan.tri", "kiem.toan"} <= logins
    assert give_password(client, "can.bo.1", DEMO_PASSWORD).status_code == 302
    client.post("/tai-khoan/ma-xac-thuc/", {"code": run("totp", "can.bo.1")})
    assert "_auth_user_id" in client.session


def test_the_next_printed_code_is_good_although_the_first_was_used() -> None:
    make_demo(open_offices(1))
    officer = Officer.objects.get(username="nhap.1")
    now = clock.now()
    first = demo_code(officer, at=now)
    authenticator = officer.authenticator_set.get()  # type: ignore[attr-defined]
    services.spend_totp_code(authenticator_id=authenticator.id, code=str(first), at=now)
    second = demo_code(officer, at=now)
    assert second is not None and second != first
    services.spend_totp_code(authenticator_id=authenticator.id, code=second, at=now)
    assert demo_code(officer, at=now) is None  # until time has gone on


def test_making_demo_officers_again_changes_nothing() -> None:
    offices = open_offices(1)
    assert make_demo(offices) == make_demo(offices)
    assert Officer.objects.filter(username="can.bo.1").count() == 1


def test_nobody_works_at_a_closed_demo_office() -> None:
    closed = Office.objects.filter(valid_to__isnull=False).first()
    assert closed is not None
    made = make_demo([closed, *open_offices(1)])
    assert {line.office_name for line in made if line.login.endswith(".1")} == {open_offices(1)[0].name}


def test_demo_passwords_satisfy_the_rules_of_passwords() -> None:
    from django.contrib.auth.password_validation import validate_password

    make_demo(open_offices(1))
    for officer in Officer.objects.all():
        validate_password(DEMO_PASSWORD, officer)


def test_the_sign_ins_are_listed_with_office_and_role() -> None:
    make_demo(open_offices(1))
    make_officer("khong.mau", office=open_offices(1)[0])
    printed = "\n".join(demo_sign_ins())
    assert "can.bo.1" in printed and "Người duyệt" in printed and DEMO_PASSWORD in printed
    assert "khong.mau" not in printed


@override_settings(DEMO=False)
def test_nothing_of_the_demo_works_on_real_state() -> None:
    officer = make_officer()
    with pytest.raises(RuleBroken, check=lambda error: error.code == "not_a_demo"):
        make_demo(open_offices(1))
    with pytest.raises(RuleBroken, check=lambda error: error.code == "not_a_demo"):
        services.set_demo_totp(actor=command_actor(), at=AT, officer_id=officer.id, secret=SECRET)
    with pytest.raises(CommandError) as refusal:
        run("totp", officer.username)
    assert len(str(refusal.value).splitlines()) == 1
    assert demo_sign_ins() == []


def test_every_demo_officer_has_a_seed_of_his_own() -> None:
    assert demo_seed("can.bo.1") != demo_seed("can.bo.2")
    assert demo_seed("can.bo.1") == demo_seed("can.bo.1")
    assert code_of_step(demo_seed("can.bo.1"), step_at(0)).isdigit()


def test_totp_of_an_unknown_officer_is_one_clear_line() -> None:
    with pytest.raises(CommandError, match=r"^Không có tài khoản “khong.co”\.$"):
        run("totp", "khong.co")


def test_the_first_administrator_is_made_from_the_command_line() -> None:
    office = open_offices(1)[0]
    asked = {"login": "dau.tien", "name": "Tạ Ngọc Thử", "office": office.code, "role": "technical_administrator"}
    line = run("create_officer", **asked)
    login, password = line.split("\t")
    officer = Officer.objects.get(username=login)
    assert officer.check_password(password) and officer.must_change_password
    assert actor_for(officer).may("technical.manage") and not actor_for(officer).may("record.read")


def test_a_wrong_office_makes_no_officer() -> None:
    with pytest.raises(CommandError):
        run("create_officer", login="dau.tien", name="Tạ Ngọc Thử", office="KHONG-CO", role="auditor")
    assert not Officer.objects.filter(username="dau.tien").exists()


def test_accounts_are_helped_from_the_command_line() -> None:
    office = open_offices(1)[0]
    officer = make_officer(office=office, role="keyer")
    assert run("officer", "reset-password", officer.username).startswith(f"{officer.username}\t")
    run("officer", "lock", officer.username)
    assert not Officer.objects.get(id=officer.id).is_active
    run("officer", "unlock", officer.username)
    assert Officer.objects.get(id=officer.id).is_active
    run("officer", "give-post", officer.username, office=office.code, role="checker")
    assert office.code in run("officer", "posts", officer.username)
    assert {post.role for post in posts_of(officer)} == {"keyer", "checker"}
    with pytest.raises(CommandError):
        run("officer", "end-post", officer.username, office=office.code, role="approver")
