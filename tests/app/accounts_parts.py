"""What the tests of accounts share: an administrator, officers with a second factor, signing in."""

from __future__ import annotations

import types
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from hotich.accounts.models import Officer
from hotich.accounts.queries import command_actor
from hotich.accounts.rules.one_time_codes import code_of_step, step_at
from hotich.accounts.services import create_officer, give_post
from hotich.kernel import clock
from hotich.units.models import Office

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PASSWORD = "bien-xanh-cat-trang"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def _home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


def pages_with(*own: Any) -> Any:
    """Addresses of a test: its own pages, those of accounts and of the frame; no other app can disturb."""
    module = types.ModuleType("pages_of_test")
    apps: Sequence[str] = ("web", "accounts")
    parts = [path("", include(f"hotich.{app}.urls")) for app in apps]
    module.urlpatterns = [*own, path("", _home), *parts]  # type: ignore[attr-defined]
    return module


def open_offices(count: int = 2) -> list[Office]:
    """Living commune offices of one and the same province."""
    first = Office.objects.filter(kind="commune", valid_to__isnull=True, unit__isnull=False).order_by("id").first()
    assert first is not None and first.unit is not None
    near = Office.objects.filter(kind="commune", valid_to__isnull=True, unit__parent=first.unit.parent).order_by("id")
    return list(near[:count])


def make_officer(
    login: str = "lan.thu", *, office: Office | None = None, role: str = "civil_status_officer", totp: bool = True,
    must_change: bool = False, name: str = "Tạ Ngọc Thử",
) -> Officer:  # fmt: skip
    """An officer ready to work, unless told otherwise."""
    password = None if must_change else PASSWORD
    at = clock.now() if must_change else AT  # a one-time password waits some days only
    officer, chosen = create_officer(actor=command_actor(), at=at, login=login, full_name=name, password=password)
    officer.plain_password = chosen  # type: ignore[attr-defined]
    if office is not None:
        give_post(
            actor=command_actor(), at=AT, officer_id=officer.id, office_id=office.id, role=role,
            valid_from=date(2025, 7, 1),
        )  # fmt: skip
    if totp:
        TOTP.activate(officer, SECRET)
    return officer


def code_now(shift: int = 0) -> str:
    """The code of the authenticator, some time steps off."""
    return code_of_step(SECRET, step_at(clock.now().timestamp()) + shift)


def give_password(client: Client, login: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/tai-khoan/dang-nhap/", {"login": login, "password": password}, **extra)


def sign_in(client: Client, officer: Officer, *, shift: int = 0) -> Any:
    """Password, then code: as a person does it."""
    response = give_password(client, officer.username)
    assert response.status_code == 302 and response["Location"] == "/tai-khoan/ma-xac-thuc/", response.content
    return client.post("/tai-khoan/ma-xac-thuc/", {"code": code_now(shift)})
