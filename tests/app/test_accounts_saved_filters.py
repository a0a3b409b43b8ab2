"""Filters an officer keeps for a page."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.accounts.queries import actor_for, saved_filters, system_actor
from hotich.accounts.services import remove_filter, save_filter
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from tests.app.accounts_parts import AT, make_officer, open_offices

pytestmark = pytest.mark.django_db
PAGE = "intake.batches"


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)


@pytest.fixture
def actor() -> Actor:
    return actor_for(make_officer(office=open_offices(1)[0], totp=False))


def keep(actor: Actor, name: str = "Chờ tôi", **query: str) -> Any:
    return save_filter(actor=actor, at=AT, page=PAGE, name=name, query=query or {"state": "held"})


def test_a_filter_is_found_again_on_its_page_and_nowhere_else(actor: Actor) -> None:
    keep(actor, "  Chờ   tôi ", state="held", type="KS")
    (kept,) = saved_filters(actor.officer_id, PAGE)
    assert (kept.name, kept.query) == ("Chờ tôi", {"state": "held", "type": "KS"})
    assert saved_filters(actor.officer_id, "records.books") == []


def test_the_same_name_replaces_the_filter(actor: Actor) -> None:
    keep(actor, state="held")
    keep(actor, state="waiting")
    assert [kept.query for kept in saved_filters(actor.officer_id, PAGE)] == [{"state": "waiting"}]


def test_filters_are_one_s_own(actor: Actor) -> None:
    kept = keep(actor)
    other = actor_for(make_officer("nguoi.khac", totp=False))
    assert saved_filters(other.officer_id, PAGE) == []
    with refused("filter_unknown"):
        remove_filter(actor=other, at=AT, filter_id=kept.id)
    remove_filter(actor=actor, at=AT, filter_id=kept.id)
    assert saved_filters(actor.officer_id, PAGE) == []


def test_the_thirty_first_filter_of_a_page_is_refused(actor: Actor) -> None:
    for number in range(30):
        keep(actor, f"Bộ lọc {number}")
    with refused("filters_too_many"):
        keep(actor, "Bộ lọc 30")
    keep(actor, "Bộ lọc 29", state="waiting")  # one that stands may still be replaced
    assert len(saved_filters(actor.officer_id, PAGE)) == 30


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("filter_name_missing", {"name": "  "}),
        ("filter_name_too_long", {"name": "x" * 61}),
        ("filter_empty", {"query": {}}),
        ("filter_too_large", {"query": {"state": "x" * 201}}),
        ("filter_page_malformed", {"page": "../x"}),
    ],
)
def test_what_is_malformed_is_refused(actor: Actor, code: str, changed: dict[str, Any]) -> None:
    with refused(code):
        save_filter(**{"actor": actor, "at": AT, "page": PAGE, "name": "a", "query": {"a": "b"}} | changed)


def test_the_system_keeps_no_filters() -> None:
    with refused("not_allowed"):
        keep(system_actor())
