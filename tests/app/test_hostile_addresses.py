"""Every address against strangers: nobody signed in, another office, another role, forged ids, forged forms."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction

from hotich.accounts.rules.roles import ROLES
from hotich.database.scope import office_scope
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.hostile_parts import OF_CITIZENS, PLANTED, SCRIPT, Route, World, browser, make_world, routes, text_of

pytestmark = pytest.mark.django_db

# open to whoever has no account
PUBLIC = {
    "account_login", "account_inactive", "web:set_language", "mfa_authenticate", "account_enrol_device",
    "keying:worker", "keying:manifest",
}  # fmt: skip
ROUTES = routes()
WITH_IDS = [route for route in ROUTES if OF_CITIZENS & set(route.parameters)]
# roles that see most are tried on every address, the others on those of single objects
FAR_SEEING = {"civil_status_officer", "commune_leader", "department_of_justice", "ministry", "police_verifier"}
REFUSED = {302, 400, 403, 404, 405, 409, 422}


def _home() -> Office:
    office = Office.objects.filter(kind="commune", valid_to__isnull=True, unit__isnull=False).order_by("id").first()
    assert office is not None
    return office


@pytest.fixture
def home() -> Office:
    return _home()


@pytest.fixture
def far(home: Office) -> Office:
    """An office of another province."""
    office = (
        Office.objects.filter(kind="commune", valid_to__isnull=True, unit__isnull=False)
        .exclude(unit__parent_id=home.unit.parent_id)  # type: ignore[union-attr]
        .order_by("-id")
        .first()
    )
    assert office is not None
    return office


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once: each test goes back to it, as its own transaction stands within this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        home = _home()
        with office_scope([home.id]):
            world = make_world(home)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(made: World, db: None) -> Iterator[World]:
    with office_scope([made.office.id]):
        yield made


def test_every_parameter_of_an_address_has_an_object_to_try(world: World) -> None:
    missing = {name for route in ROUTES for name in route.parameters} - set(world.objects)
    assert not missing, f"tests/app/hostile_parts.py: make an object for {sorted(missing)}"


def test_nobody_signed_in_gets_the_sign_in_page_and_nothing_else(world: World) -> None:
    before, client = world.state(), browser()
    for route in ROUTES:
        if route.name in PUBLIC:
            continue
        for method in (client.get, client.post):
            answer = method(route.filled(world.objects))
            assert answer.status_code in {302, 400, 401, 403, 404, 405}, (route.name, answer.status_code)
            if answer.status_code == 302:
                assert answer["Location"].startswith(settings.LOGIN_URL) or "/tai-khoan/" in answer["Location"]
            assert PLANTED not in text_of(answer), route.name
    assert world.state() == before


@pytest.mark.parametrize("role", sorted(FAR_SEEING))
def test_an_officer_of_another_province_neither_sees_nor_changes_anything(world: World, far: Office, role: str) -> None:
    before = world.state()
    client = browser(make_officer("nguoi.la", office=far, role=role))
    for route in ROUTES:
        if route.name == "account_logout":
            continue
        for method in (client.get, client.post):
            _nothing_leaks(route, method(route.filled(world.objects)), role)
    assert world.state() == before


def test_no_other_role_of_another_province_opens_a_single_object(world: World, far: Office) -> None:
    before = world.state()
    for number, role in enumerate(sorted(set(ROLES) - FAR_SEEING)):
        client = browser(make_officer(f"nguoi.la.{number}", office=far, role=role))
        for route in WITH_IDS[number % 3 :: 3]:  # every address by a third of these roles, every role at many
            _nothing_leaks(route, client.post(route.filled(world.objects)), role)
    assert world.state() == before


def _nothing_leaks(route: Route, answer: Any, role: str) -> None:
    assert answer.status_code < 500, (route.name, role)
    assert PLANTED not in text_of(answer), (route.name, role)
    if route in WITH_IDS:
        assert answer.status_code in REFUSED, (route.name, role, answer.status_code)


def test_a_role_without_the_right_is_refused_in_its_own_office(world: World, home: Office) -> None:
    before = world.state()
    closed = [route for route in ROUTES if route.name.split(":")[0] in {"records", "persons"} and route in WITH_IDS]
    assert closed
    for number, role in enumerate(["technical_administrator", "auditor", "keyer", "checker", "one_stop_clerk"]):
        client = browser(make_officer(f"sai.vai.{number}", office=home, role=role))
        for route in closed:
            if "book.read" in ROLES[role].rights and "book_id" in route.parameters:
                continue
            for method in (client.get, client.post):
                answer = method(route.filled(world.objects))
                assert answer.status_code in REFUSED - {302}, (route.name, role, answer.status_code)
                assert PLANTED not in text_of(answer), (route.name, role)
    assert world.state() == before


@pytest.mark.parametrize("role", ["civil_status_officer", "commune_leader", "department_of_justice"])
def test_a_forged_id_is_not_found_and_never_an_error(home: Office, role: str) -> None:
    client = browser(make_officer("gia.mao", office=home, role=role))
    for route in WITH_IDS:
        objects = {name: "1" if name == "number" else str(uuid4()) for name in route.parameters}
        for method in (client.get, client.post):
            answer = method(route.filled(objects))
            assert answer.status_code in REFUSED, (route.name, answer.status_code)


@pytest.mark.parametrize("role", ["civil_status_officer", "commune_leader"])
def test_a_form_without_its_token_changes_nothing(world: World, home: Office, role: str) -> None:
    before = world.state()
    client = browser(make_officer("ke.gian", office=home, role=role), enforce_csrf_checks=True)
    for route in ROUTES:
        answer = client.post(route.filled(world.objects), {"confirmed": "1", "reason": "x", "count": "1"})
        assert answer.status_code in {302, 403, 404, 405}, (route.name, answer.status_code)
        if answer.status_code == 302:  # a stop before the view: sign-in, first steps
            assert "/tai-khoan/" in answer["Location"], route.name
    assert world.state() == before


@pytest.mark.parametrize(
    "role", ["civil_status_officer", "commune_leader", "department_of_justice", "district_archive"]
)
def test_a_script_in_a_name_or_a_note_is_only_text(world: World, home: Office, role: str) -> None:
    client, seen = browser(make_officer("doc.trang", office=home, role=role)), 0
    for route in ROUTES:
        if route.name == "account_logout":
            continue
        answer = client.get(route.filled(world.objects))
        body = text_of(answer)
        assert SCRIPT not in body, route.name
        seen += "&lt;script&gt;alert(7)" in body
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            policy = answer.headers["Content-Security-Policy"]
            assert "'unsafe-inline'" not in policy and "'unsafe-eval'" not in policy, route.name
    assert seen, "no page showed the planted text"


def test_a_method_no_page_knows_is_refused(home: Office, world: World) -> None:
    client = browser(make_officer("la.doi", office=home))
    methods = cycle((client.put, client.delete, client.patch, client.trace))
    for route in (each for each in ROUTES if ":" in each.name):  # the sign-in pages are a library's
        for method in (next(methods), next(methods)):
            assert method(route.filled(world.objects)).status_code in {302, 403, 404, 405}, (route.name, method)
        next(methods)  # so that neighbours do not always get the same two
