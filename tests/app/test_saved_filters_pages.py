"""An officer keeps the filter of a list and finds it again; nothing but declared fields is kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hotich.accounts.models import SavedFilter
from tests.app.accounts_parts import make_officer, open_offices

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _client(login: str) -> Client:
    client = Client()
    client.force_login(make_officer(login, office=open_offices(1)[0]), backend=BACKEND)
    return client


@pytest.mark.parametrize(
    ("view", "query"),
    [("intake:held", "type=KS"), ("intake:batches", "type=KH&state=loaded"), ("records:books", "loai=KS&nam=2006")],
)
def test_a_filter_is_kept_shown_and_forgotten(view: str, query: str) -> None:
    client, address = _client("lan.loc"), f"{reverse(view)}?{query}&trang=2"
    assert client.get(address).context["may_keep_filter"]
    client.post(address, {"ten_bo_loc": "  Khai   sinh ", "giu_bo_loc": "1"})
    kept = SavedFilter.objects.get()
    assert kept.name == "Khai sinh"
    assert kept.query == dict(part.split("=") for part in query.split("&"))
    page = client.get(f"{reverse(view)}?{query}")
    assert [(each["name"], each["active"]) for each in page.context["kept_filters"]] == [("Khai sinh", True)]
    assert not page.context["may_keep_filter"]
    client.post(address, {"bo_bo_loc": str(kept.id)})
    assert not SavedFilter.objects.exists()


def test_a_filter_of_another_officer_is_neither_seen_nor_forgotten() -> None:
    _client("lan.mot").post(reverse("intake:held") + "?type=KS", {"ten_bo_loc": "Của Lan", "giu_bo_loc": "1"})
    other = _client("lan.hai")
    assert other.get(reverse("intake:held")).context["kept_filters"] == []
    other.post(reverse("intake:held"), {"bo_bo_loc": str(SavedFilter.objects.get().id)})
    assert SavedFilter.objects.count() == 1


def test_a_filter_without_a_name_is_refused_in_words() -> None:
    answer = _client("lan.ba").post(reverse("intake:held") + "?type=KS", {"giu_bo_loc": "1"}, follow=True)
    assert not SavedFilter.objects.exists()
    assert "notice-error" in answer.content.decode()
