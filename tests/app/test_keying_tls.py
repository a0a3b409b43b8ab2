"""Keying behind TLS, by the settings of a real installation: cookies, worker, policy, HSTS, tokens behind the proxy."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from tests.app.accounts_parts import sign_in
from tests.app.keying_parts import Team, a_team

pytestmark = pytest.mark.django_db
OF_PROD = (
    "SECURE_SSL_REDIRECT", "SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE",
)  # fmt: skip
HOST = "hotich.example.vn"
BEHIND_PROXY = {"HTTP_HOST": HOST, "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "10.1.2.3"}


@pytest.fixture
def team() -> Team:
    return a_team()


@pytest.fixture
def keyer(team: Team) -> Iterator[Client]:
    """A keyer's browser behind the proxy, as the settings of production have it."""
    prod = import_module("hotich.config.settings.prod")
    with override_settings(ALLOWED_HOSTS=[HOST], **{name: getattr(prod, name) for name in OF_PROD}):
        client = Client(**BEHIND_PROXY)  # type: ignore[arg-type]
        sign_in(client, team.accounts["keyer"])
        client.handler.enforce_csrf_checks = True
        yield client


def test_without_tls_nothing_is_answered_but_the_way_to_it(keyer: Client) -> None:
    for name in ("keying:entry", "keying:beat", "keying:worker"):
        address = reverse(name)
        answer = keyer.get(address, HTTP_X_FORWARDED_PROTO="http")
        assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}{address}")


def test_cookies_go_over_tls_only_and_the_browser_is_told_to_stay_there(keyer: Client) -> None:
    answer = keyer.get(reverse("keying:home"))
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    kept: Any = {**keyer.cookies, **answer.cookies}
    for name in ("csrftoken", "sessionid"):
        found = next(cookie for key, cookie in kept.items() if name in key)
        assert found["secure"] and found["samesite"] == "Lax"
    assert next(cookie for key, cookie in kept.items() if "sessionid" in key)["httponly"]


def test_the_worker_comes_from_the_root_unchanged_by_a_redirect_and_may_be_run_by_the_page(keyer: Client) -> None:
    worker = keyer.get(reverse("keying:worker"))
    assert (worker.status_code, worker["Content-Type"]) == (200, "text/javascript")
    assert worker["Cache-Control"] == "no-cache" and reverse("keying:worker").count("/") == 1
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in keyer.get(reverse("keying:entry"))["Content-Security-Policy"].split(";")
    )
    for part in ("worker-src", "script-src", "connect-src", "manifest-src"):
        assert policy.get(part, policy["default-src"]) == "'self'"
    assert "blob:" in policy["img-src"]


def test_what_was_keyed_is_taken_from_this_address_with_its_token_and_from_no_other(keyer: Client) -> None:
    token = keyer.get(reverse("keying:beat")).json()["csrf"]
    sent: dict[str, Any] = {
        "path": reverse("keying:sync"), "data": {"clock": 0, "items": []}, "content_type": "application/json",
        "HTTP_X_CSRFTOKEN": token,
    }  # fmt: skip
    assert keyer.post(**sent, HTTP_ORIGIN="https://elsewhere.example").status_code == 403
    taken = keyer.post(**sent, HTTP_ORIGIN=f"https://{HOST}")
    assert (taken.status_code, taken["Content-Type"]) == (409, "application/json")  # it was read: nothing was in it
