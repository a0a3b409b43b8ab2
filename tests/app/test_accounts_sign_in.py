"""Signing in as an officer does it: password, code, lock-out, first steps, the limits of a session."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from hotich.accounts import services
from hotich.accounts.models import Officer
from hotich.accounts.queries import command_actor
from hotich.accounts.rules.one_time_codes import code_of_step, step_at
from hotich.audit.models import Entry
from hotich.kernel import clock
from tests.app.accounts_parts import (
    AT,
    PASSWORD,
    code_now,
    give_password,
    make_officer,
    open_offices,
    pages_with,
    sign_in,
)  # fmt: skip

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "la-thu-roi-ben-them"


@pytest.fixture(autouse=True)
def _only_pages_of_accounts() -> Any:
    with override_settings(ROOT_URLCONF=pages_with()):
        yield


@pytest.fixture(autouse=True)
def _no_codes_remembered() -> None:
    from django.core.cache import cache

    cache.clear()  # the library remembers used codes by officer id and code, and ids return after a rollback


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def verbs(officer: Officer) -> list[str]:
    acts = Entry.objects.filter(subject_id=str(officer.id)).order_by("at", "sequence")
    return list(acts.values_list("verb", flat=True))


def test_password_and_code_open_the_door(client: Client) -> None:
    officer = make_officer(office=open_offices(1)[0])
    assert sign_in(client, officer).status_code == 302
    assert signed_in(client)
    assert verbs(officer)[-1] == "officer.signed_in"


def test_the_password_alone_opens_nothing(client: Client) -> None:
    officer = make_officer()
    give_password(client, officer.username)
    assert not signed_in(client)
    assert client.get("/tai-khoan/")["Location"].startswith("/tai-khoan/dang-nhap/")


def test_the_login_name_may_be_typed_in_capitals(client: Client) -> None:
    make_officer("lan.thu")
    assert give_password(client, "LAN.Thu")["Location"] == "/tai-khoan/ma-xac-thuc/"


def test_the_session_key_is_another_one_after_signing_in(client: Client) -> None:
    officer = make_officer()
    give_password(client, officer.username)
    before = client.session.session_key
    client.post("/tai-khoan/ma-xac-thuc/", {"code": code_now()})
    assert signed_in(client) and client.session.session_key != before


@pytest.mark.parametrize(("login", "password"), [("lan.thu", "sai-mat-khau-roi"), ("khong.co.ai", PASSWORD)])
def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(client: Client, login: str, password: str) -> None:
    make_officer("lan.thu")
    response = give_password(client, login, password)
    assert response.status_code == 200 and "Tên đăng nhập hoặc mật khẩu không đúng." in response.content.decode()


def test_what_was_typed_as_an_unknown_login_is_not_kept(client: Client) -> None:
    give_password(client, "001190000000", "x")
    entry = Entry.objects.get(verb="officer.sign_in_failed")
    assert entry.actor_login == "unknown" and "001190000000" not in str(entry.facts) + entry.subject_id


def test_a_wrong_code_is_refused_and_noted(client: Client) -> None:
    officer = make_officer()
    give_password(client, officer.username)
    response = client.post("/tai-khoan/ma-xac-thuc/", {"code": code_now(shift=5)})
    assert response.status_code == 200 and not signed_in(client)
    assert Entry.objects.get(verb="officer.sign_in_failed", subject_id=str(officer.id)).facts["factor"] == "code"


def test_a_code_is_accepted_once(client: Client) -> None:
    officer = make_officer()
    sign_in(client, officer)
    from django.core.cache import cache

    cache.clear()  # another process of the server remembers nothing of the first one
    other = Client()
    give_password(other, officer.username)
    response = other.post("/tai-khoan/ma-xac-thuc/", {"code": code_now()})
    assert response.status_code == 200 and "Mã này đã được dùng" in response.content.decode()
    assert not signed_in(other)


def test_a_code_older_than_the_last_accepted_one_is_refused(client: Client) -> None:
    officer = make_officer()
    sign_in(client, officer)
    other = Client()
    give_password(other, officer.username)
    other.post("/tai-khoan/ma-xac-thuc/", {"code": code_now(shift=-1)})
    assert not signed_in(other)
    other.post("/tai-khoan/ma-xac-thuc/", {"code": code_now(shift=1)})
    assert signed_in(other)


def test_five_wrong_passwords_from_one_address_shut_the_login_there(client: Client) -> None:
    officer = make_officer()
    answers = [give_password(client, officer.username, "sai-mat-khau-roi").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    response = give_password(client, officer.username)
    assert response.status_code == 429 and "thử lại sau 15 phút" in response.content.decode()
    assert give_password(Client(), officer.username, REMOTE_ADDR="10.0.0.9").status_code == 302
    assert [verb for verb in verbs(officer) if verb == "officer.locked_out"] == ["officer.locked_out"]


def test_twenty_wrong_passwords_from_anywhere_shut_the_login_everywhere(client: Client) -> None:
    officer = make_officer()
    for number in range(20):
        give_password(client, officer.username, "sai-mat-khau-roi", REMOTE_ADDR=f"10.0.1.{number}")
    assert give_password(client, officer.username, REMOTE_ADDR="10.0.2.1").status_code == 429


def test_wrong_codes_count_like_wrong_passwords(client: Client) -> None:
    officer = make_officer()
    give_password(client, officer.username)
    answers = [client.post("/tai-khoan/ma-xac-thuc/", {"code": code_now(shift=9)}).status_code for _ in range(5)]
    assert answers[-1] == 429
    assert client.post("/tai-khoan/ma-xac-thuc/", {"code": code_now()}).status_code == 429
    assert not signed_in(client)


def test_the_lock_opens_after_a_quarter_of_an_hour(client: Client) -> None:
    from axes.models import AccessAttempt

    officer = make_officer()
    for _ in range(6):
        give_password(client, officer.username, "sai-mat-khau-roi")
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(minutes=14))
    assert give_password(client, officer.username).status_code == 429
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(minutes=15, seconds=1))
    assert give_password(client, officer.username).status_code == 302


def test_an_administrator_opens_a_shut_login(client: Client) -> None:
    officer = make_officer()
    for _ in range(5):
        give_password(client, officer.username, "sai-mat-khau-roi")
    services.unlock_officer(actor=command_actor(), at=AT, officer_id=officer.id)
    assert give_password(client, officer.username).status_code == 302


def test_no_password_stands_in_the_table_of_failures(client: Client) -> None:
    from axes.models import AccessAttempt

    give_password(client, "lan.thu", "bi-mat-cua-toi-day")
    attempt = AccessAttempt.objects.get()
    assert "bi-mat-cua-toi-day" not in str(vars(attempt))


def test_a_locked_officer_does_not_get_in(client: Client) -> None:
    officer = make_officer()
    services.lock_officer(actor=command_actor(), at=AT, officer_id=officer.id)
    response = client.post("/tai-khoan/dang-nhap/", {"login": officer.username, "password": PASSWORD}, follow=True)
    assert not signed_in(client) and "Tài khoản đang bị khóa" in response.content.decode()


@pytest.mark.parametrize("act", ["lock_officer", "reset_password", "reset_second_factor"])
def test_what_an_administrator_does_ends_open_sessions(client: Client, act: str) -> None:
    officer = make_officer(office=open_offices(1)[0])
    sign_in(client, officer)
    assert client.get("/tai-khoan/").status_code == 200
    getattr(services, act)(actor=command_actor(), at=AT, officer_id=officer.id)
    assert client.get("/tai-khoan/")["Location"].startswith("/tai-khoan/dang-nhap/")


def test_an_administrators_password_must_be_changed_first(client: Client) -> None:
    officer = make_officer(must_change=True)
    given = officer.plain_password  # type: ignore[attr-defined]
    give_password(client, officer.username, given)
    client.post("/tai-khoan/ma-xac-thuc/", {"code": code_now()})
    assert client.get("/")["Location"] == "/tai-khoan/mat-khau/"
    assert client.get("/tai-khoan/")["Location"] == "/tai-khoan/mat-khau/"
    response = client.post("/tai-khoan/mat-khau/", change(given, given))
    assert response.status_code == 200 and "phải khác mật khẩu hiện tại" in response.content.decode()
    assert client.post("/tai-khoan/mat-khau/", change(given, NEW_PASSWORD)).status_code == 302
    assert client.get("/").status_code == 200
    officer.refresh_from_db()
    assert officer.check_password(NEW_PASSWORD) and not officer.must_change_password
    assert "officer.password_changed" in verbs(officer)


def change(old: str, new: str, again: str = "") -> dict[str, str]:
    return {"oldpassword": old, "password1": new, "password2": again or new}


@pytest.mark.parametrize(
    ("old", "new", "again", "text"),
    [
        (PASSWORD, "ngan-qua-123", "khac-nhau-roi", "phải giống nhau"),
        (PASSWORD, "ngan-qua-12", "", "quá ngắn"),
        (PASSWORD, "129384756102", "", "Mật khẩu chỉ gồm chữ số"),
        (PASSWORD, "ngoc-thu-la-toi", "", "không được chứa tên đăng nhập hoặc họ tên"),
        ("sai-mat-khau-cu", NEW_PASSWORD, "", "Mật khẩu hiện tại không đúng"),
    ],
)
def test_a_bad_new_password_is_refused(client: Client, old: str, new: str, again: str, text: str) -> None:
    officer = make_officer()
    sign_in(client, officer)
    response = client.post("/tai-khoan/mat-khau/", change(old, new, again))
    assert response.status_code == 200 and text in response.content.decode()
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_without_a_second_factor_nothing_opens_before_it_is_set_up(client: Client) -> None:
    officer = make_officer(totp=False)
    assert give_password(client, officer.username)["Location"] == "/"
    for page in ("/", "/tai-khoan/", "/tai-khoan/ma-du-phong/", "/tai-khoan/hai-lop/"):
        assert client.get(page)["Location"] == "/tai-khoan/hai-lop/thiet-lap/", page
    page = client.get("/tai-khoan/hai-lop/thiet-lap/").content.decode()
    found = re.search(r"data-secret>([A-Z2-7]+)<", page)
    assert found and 'src="data:image/svg+xml;base64,' in page
    code = code_of_step(found[1], step_at(clock.now().timestamp()))
    response = client.post("/tai-khoan/hai-lop/thiet-lap/", {"code": code})
    assert response["Location"] == "/tai-khoan/ma-du-phong/"
    assert "officer.second_factor_set_up" in verbs(officer)
    shown = client.get("/tai-khoan/ma-du-phong/").content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", shown)
    assert len(codes) == 10
    assert client.get("/").status_code == 200
    other = Client()
    give_password(other, officer.username)
    other.post("/tai-khoan/ma-xac-thuc/", {"code": codes[0]})
    assert signed_in(other) and "officer.second_factor_recovery_code_used" in verbs(officer)
    third = Client()
    give_password(third, officer.username)
    third.post("/tai-khoan/ma-xac-thuc/", {"code": codes[0]})
    assert not signed_in(third)


def test_a_wrong_first_code_sets_nothing_up(client: Client) -> None:
    officer = make_officer(totp=False)
    give_password(client, officer.username)
    client.get("/tai-khoan/hai-lop/thiet-lap/")
    assert client.post("/tai-khoan/hai-lop/thiet-lap/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.filter(user=officer).exists()


def test_the_second_factor_cannot_be_switched_off(client: Client) -> None:
    officer = make_officer()
    sign_in(client, officer)
    client.post("/tai-khoan/hai-lop/tat/")
    assert client.get("/tai-khoan/hai-lop/tat/")["Location"] == "/tai-khoan/"
    assert Authenticator.objects.filter(user=officer, type="totp").exists()


def test_new_recovery_codes_ask_for_the_password_again(client: Client) -> None:
    officer = make_officer()
    sign_in(client, officer)
    response = client.get("/tai-khoan/ma-du-phong/tao-moi/")
    assert response["Location"].startswith("/tai-khoan/xac-nhan/mat-khau/")
    page = client.get(response["Location"]).content.decode()
    assert "Xác nhận lại" in page and 'type="password"' in page
    client.post(response["Location"], {"password": PASSWORD, "next": "/tai-khoan/ma-du-phong/tao-moi/"})
    assert client.post("/tai-khoan/ma-du-phong/tao-moi/").status_code == 302
    assert "officer.second_factor_recovery_codes_renewed" in verbs(officer)


@pytest.mark.parametrize("name", ["signup", "password/reset", "email", "confirm-email", "social"])
def test_there_is_no_sign_up_and_no_e_mail_flow(name: str) -> None:
    with pytest.raises(Resolver404):
        resolve(f"/tai-khoan/{name}/", "hotich.accounts.urls")
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def _shift_session(client: Client, **moments: timedelta) -> None:
    session = client.session
    for key, ago in moments.items():
        session[key] = (clock.now() - ago).timestamp()
    session.save()


def test_an_idle_session_ends_with_a_word(client: Client) -> None:
    officer = make_officer()
    sign_in(client, officer)
    _shift_session(client, last_seen_at=timedelta(minutes=29))
    assert client.get("/").status_code == 200
    _shift_session(client, last_seen_at=timedelta(minutes=31))
    response = client.get("/tai-khoan/", follow=True)
    assert not signed_in(client)
    assert response.redirect_chain[0][0] == "/tai-khoan/dang-nhap/?next=/tai-khoan/"
    assert "không có thao tác trong 30 phút" in response.content.decode()
    last = Entry.objects.filter(subject_id=str(officer.id), verb="officer.signed_out").get()
    assert last.facts["reason"] == "session_idle_too_long"


def test_an_old_session_ends_however_busy(client: Client) -> None:
    sign_in(client, make_officer())
    _shift_session(client, signed_in_at=timedelta(hours=10, seconds=1), last_seen_at=timedelta(0))
    response = client.get("/", follow=True)
    assert not signed_in(client) and "đã kéo dài 10 giờ" in response.content.decode()


def test_work_keeps_a_session_alive_and_a_page_that_asks_by_itself_does_not(client: Client) -> None:
    sign_in(client, make_officer())
    _shift_session(client, last_seen_at=timedelta(minutes=20))
    before = client.session["last_seen_at"]
    client.get("/", headers={"x-hotich-background": "1"})
    assert client.session["last_seen_at"] == before
    client.get("/")
    assert client.session["last_seen_at"] > before


def test_an_ended_session_sends_htmx_to_the_sign_in_page(client: Client) -> None:
    sign_in(client, make_officer())
    _shift_session(client, last_seen_at=timedelta(hours=1))
    response = client.get("/", headers={"hx-request": "true", "hx-current-url": "http://testserver/tai-khoan/?x=1"})
    assert response.headers["HX-Redirect"] == "/tai-khoan/dang-nhap/?next=/tai-khoan/%3Fx%3D1"


def test_signing_out_ends_the_session_and_is_noted(client: Client) -> None:
    officer = make_officer()
    sign_in(client, officer)
    client.post("/tai-khoan/dang-xuat/")
    assert not signed_in(client) and verbs(officer)[-1] == "officer.signed_out"


@pytest.mark.parametrize(
    "path",
    [
        "/tai-khoan/dang-nhap/",
        "/tai-khoan/ma-xac-thuc/",
        "/tai-khoan/hai-lop/thiet-lap/",
        "/tai-khoan/ma-du-phong/",
    ],
)
def test_pages_of_signing_in_need_nothing_inline(client: Client, path: str) -> None:
    officer = make_officer(totp=path == "/tai-khoan/ma-xac-thuc/")
    if path != "/tai-khoan/dang-nhap/":
        give_password(client, officer.username)
    if path == "/tai-khoan/ma-du-phong/":
        found = re.search(r"data-secret>([A-Z2-7]+)<", client.get("/tai-khoan/hai-lop/thiet-lap/").content.decode())
        assert found
        code = code_of_step(found[1], step_at(clock.now().timestamp()))
        client.post("/tai-khoan/hai-lop/thiet-lap/", {"code": code})
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 200
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", page)
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_english_is_a_language_of_the_sign_in_page(client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = client.get("/tai-khoan/dang-nhap/").content.decode()
    assert "Sign in" in page and "Đăng nhập" not in page
