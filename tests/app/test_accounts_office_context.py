"""Whose rows a request sees, and that a failing view leaves nothing behind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from hotich.accounts.middleware import office_context
from hotich.accounts.models import Officer, Post, Session
from hotich.accounts.queries import actor_for, command_actor, posts_of
from hotich.accounts.rules.roles import rights_of
from hotich.accounts.services import give_post
from hotich.database.scope import offices_in_scope
from hotich.kernel.clock import VIETNAM_TZ
from hotich.units.queries import offices_kept_by
from tests.app.accounts_parts import AT, make_officer, open_offices, pages_with, sign_in


def _insert(office: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into audit_detail (entry_id, office_id, salt, before, after) "
            "values (gen_random_uuid(), %s, 'test', null, '1')",
            [office],
        )


def _seen() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select office_id from audit_detail where salt = 'test' order by 1")
        return [row[0] for row in cursor.fetchall()]


def who(request: HttpRequest) -> JsonResponse:
    actor = request.actor  # type: ignore[attr-defined]
    offices = sorted(offices_in_scope())
    if actor is None:
        return JsonResponse({"login": None, "offices": offices, "seen": _seen()})
    told = {"login": actor.login, "office": actor.office_id, "rights": len(actor.rights)}
    return JsonResponse(told | {"offices": offices, "seen": _seen()})


def write(request: HttpRequest) -> HttpResponse:
    _insert(int(request.GET["office"]))
    if request.GET.get("fail") == "error":
        raise RuntimeError("after the first write")
    return HttpResponse("written", status=int(request.GET.get("status", "200")))


@transaction.non_atomic_requests
def write_without_atomic(request: HttpRequest) -> HttpResponse:
    return write(request)


PAGES = pages_with(
    path("who/", who), path("write/", write), path("write-without-atomic/", write_without_atomic)
)  # fmt: skip


@pytest.fixture
def pages_of_test() -> Any:
    with override_settings(ROOT_URLCONF=PAGES):
        yield


def worker(client: Client, **extra: Any) -> tuple[Officer, Any]:
    office = open_offices(1)[0]
    officer = make_officer(office=office, **extra)
    client.raise_request_exception = False
    client.force_login(officer, "allauth.account.auth_backends.AuthenticationBackend")
    return officer, office


@pytest.mark.django_db
def test_a_signed_in_officer_is_the_actor_of_the_request(client: Client, pages_of_test: None) -> None:
    office = open_offices(1)[0]
    officer = make_officer(office=office)
    sign_in(client, officer)
    told = client.get("/who/").json()
    assert told["login"] == officer.username and told["office"] == office.id and office.id in told["offices"]


@pytest.mark.django_db(transaction=True)
def test_a_request_sees_the_rows_of_its_offices_and_no_others(client: Client, pages_of_test: None) -> None:
    _, office = worker(client)
    other = open_offices(2)[1]
    assert client.get(f"/write/?office={office.id}").status_code == 200
    assert client.get(f"/write/?office={other.id}").status_code == 500
    assert client.get("/who/").json()["seen"] == [office.id]


@pytest.mark.django_db(transaction=True)
def test_without_a_sign_in_no_row_is_seen(client: Client, pages_of_test: None) -> None:
    _, office = worker(client)
    client.get(f"/write/?office={office.id}")
    assert Client().get("/who/").json() == {"login": None, "offices": [], "seen": []}
    assert _seen() == []  # and nothing of the request is left on the connection


@pytest.mark.django_db(transaction=True)
def test_an_officer_without_a_post_sees_no_row(client: Client, pages_of_test: None) -> None:
    _, office = worker(client)
    client.get(f"/write/?office={office.id}")
    stranger = Client()
    stranger.force_login(make_officer("khong.viec"), "allauth.account.auth_backends.AuthenticationBackend")
    told = stranger.get("/who/").json()
    assert (told["offices"], told["seen"], told["rights"]) == ([], [], 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/write/?fail=error", "/write/?status=500", "/write-without-atomic/?fail=error"])
def test_a_failing_view_leaves_none_of_its_writes(client: Client, pages_of_test: None, address: str) -> None:
    _, office = worker(client)
    assert client.get(f"{address}&office={office.id}").status_code == 500
    assert client.get("/who/").json()["seen"] == []


@pytest.mark.django_db(transaction=True)
def test_a_refusal_that_is_no_error_keeps_what_was_written(client: Client, pages_of_test: None) -> None:
    _, office = worker(client)
    assert client.get(f"/write/?status=409&office={office.id}").status_code == 409
    assert client.get("/who/").json()["seen"] == [office.id]


@pytest.mark.django_db
def test_choosing_another_post_changes_the_office(client: Client, pages_of_test: None) -> None:
    here, there = open_offices(2)
    officer = make_officer(office=here)
    second = give_post(
        actor=command_actor(), at=AT, officer_id=officer.id, office_id=there.id, role="keyer",
        valid_from=date(2025, 8, 1),
    )  # fmt: skip
    client.force_login(officer, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/who/").json()["office"] == here.id
    assert client.get("/tai-khoan/vi-tri/").status_code == 405
    assert client.post("/tai-khoan/vi-tri/", {"post": second.id, "next": "/who/"})["Location"] == "/who/"
    assert client.get("/who/").json()["office"] == there.id


@pytest.mark.django_db
def test_a_post_of_somebody_else_cannot_be_chosen_nor_a_foreign_address_reached(
    client: Client, pages_of_test: None
) -> None:
    here, there = open_offices(2)
    officer, other = make_officer(office=here), make_officer("khac.thu", office=there)
    client.force_login(officer, "allauth.account.auth_backends.AuthenticationBackend")
    foreign = posts_of(other)[0]
    answer = client.post("/tai-khoan/vi-tri/", {"post": foreign.id, "next": "//example.org/"})
    assert answer["Location"] == "/"
    assert client.get("/who/").json()["office"] == here.id


@pytest.mark.django_db
def test_the_context_ends_with_the_request() -> None:
    office = open_offices(1)[0]
    request = RequestFactory().get("/")
    request.user, request.session = make_officer(office=office), SessionStore()  # type: ignore[assignment]
    seen: list[frozenset[int]] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(offices_in_scope())
        return HttpResponse()

    office_context(view)(request)
    assert office.id in seen[0] and offices_in_scope() == frozenset()


@pytest.mark.django_db
def test_an_actor_holds_the_roles_of_the_posts_of_the_day_and_no_others() -> None:
    office = open_offices(1)[0]
    officer = make_officer(office=office)
    Post.objects.filter(officer=officer).delete()
    day = date(2026, 3, 10)
    last_moment = datetime(2026, 3, 10, 23, 59, 59, tzinfo=VIETNAM_TZ)
    spans: dict[str, tuple[date, date | None, datetime | None]] = {
        "civil_status_officer": (date(2026, 1, 1), None, None),
        "approver": (date(2026, 3, 10), date(2026, 3, 10), None),
        "keyer": (date(2026, 3, 11), None, None),
        "checker": (date(2026, 1, 1), date(2026, 3, 9), None),
        "keying_leader": (date(2026, 1, 1), date(2026, 3, 20), last_moment),
        "auditor": (date(2026, 1, 1), date(2026, 3, 20), last_moment + timedelta(seconds=1)),
    }
    for role, (first, last, ended) in spans.items():
        Post.objects.create(officer=officer, office=office, role=role, valid_from=first, valid_to=last, ended_at=ended)
    for on in (day + timedelta(days=each) for each in range(-2, 3)):
        held = posts_of(officer, on=on)
        actor = actor_for(officer, on=on)
        assert actor.rights == rights_of(post.role for post in held)
        assert actor.office_id == held[0].office_id and actor.office_ids == offices_kept_by([office.id])
    assert {post.role for post in posts_of(officer, on=day)} == {"civil_status_officer", "approver", "auditor"}


@pytest.mark.django_db
def test_a_session_that_was_ended_or_changed_signs_nobody_in(client: Client, pages_of_test: None) -> None:
    officer, _ = worker(client)
    assert client.get("/who/").json()["login"] == officer.username
    Officer.objects.filter(id=officer.id).update(is_active=False)
    assert client.get("/who/").json()["login"] is None
    Officer.objects.filter(id=officer.id).update(is_active=True)
    client.force_login(officer, "allauth.account.auth_backends.AuthenticationBackend")
    Officer.objects.filter(id=officer.id).update(session_epoch=officer.session_epoch + 1)
    assert client.get("/who/").json()["login"] is None
    client.force_login(Officer.objects.get(id=officer.id), "allauth.account.auth_backends.AuthenticationBackend")
    Session.objects.update(officer_id=make_officer("hai.thu").id)  # the column alone proves nothing
    assert client.get("/who/").json()["login"] == officer.username


def test_the_settings_hold_both_halves_of_the_transaction() -> None:
    from django.conf import settings

    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is True
    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    assert order.index("SignedIn") < order.index("session_limits")
    assert order.index("session_limits") < order.index("first_steps") < order.index("office_context")
