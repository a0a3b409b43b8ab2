"""The address that browsers send to: JSON in, JSON out, and never a page, whatever is the matter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hostile_parts import browser

from hotich.accounts.rules.sessions import LAST_SEEN
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.keying.models import Entry, KeyingPackage, PackageItem
from hotich.keying.rules.sync import MOST_ITEMS
from tests.app.accounts_parts import make_officer
from tests.app.keying_parts import Team, a_team, checked_out, items_of
from tests.app.keying_sync_parts import counted, entry_of, raw_item

pytestmark = pytest.mark.django_db
SYNC = "/nhap-lieu/dong-bo/"
Out = tuple[Team, KeyingPackage, list[PackageItem]]


@pytest.fixture
def out() -> Out:
    team = a_team()
    package = checked_out(team)
    return team, package, items_of(team, package)


def post(client: Client, team: Team, body: Any, *, user: str = "", who: str = "keyer") -> Any:
    headers = {"X-Hotich-User": user or str(team.accounts[who].pk)}
    return client.post(SYNC, body, content_type="application/json", headers=headers)


def body_of(*items: dict[str, Any], clock_ahead: int = 0) -> dict[str, Any]:
    return {"clock": int(clock.now().timestamp() * 1000) + clock_ahead, "items": list(items)}


def test_every_item_is_answered_with_its_text_in_the_language_of_the_page(out: Out) -> None:
    team, package, places = out
    client = browser(team.accounts["keyer"])
    good = raw_item(package, places[0], 1)
    wrong = raw_item(package, places[1], 2, values={"child_birth_date": "31.02.2016"})
    broken = raw_item(package, places[2], 3, revision="x")
    answer = post(client, team, body_of(good, wrong, broken))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert "no-store" in answer["Cache-Control"]
    told = answer.json()
    assert abs(told["server_time"] - clock.now().timestamp() * 1000) < 60_000
    by_name = {each["client_id"]: each for each in told["results"]}
    assert [by_name[each["client_id"]]["result"] for each in (good, wrong, broken)] == [
        "accepted",
        "returned",
        "refused",
    ]
    [problem] = [each for each in by_name[wrong["client_id"]]["problems"] if each["severity"] == "error"]
    assert problem == {
        "code": "date_impossible", "field": "child_birth_date", "severity": "error",
        "text": "Không có ngày này trong lịch.",
    }  # fmt: skip
    assert "revision" in by_name[broken["client_id"]]["text"]
    client.cookies["django_language"] = "en"
    again = post(client, team, body_of(wrong)).json()["results"][0]
    assert again["problems"][0]["text"] != problem["text"]
    assert counted(team) == {"entries": 2, "cases": 2, "seconds": 0}


def test_the_answer_counts_what_the_officer_keyed_today_on_all_pcs(out: Out) -> None:
    team, package, places = out
    one, other = browser(team.accounts["keyer"]), browser(team.accounts["keyer"])
    first = raw_item(package, places[0], 1)
    assert post(one, team, body_of(first)).json()["today"] == 1
    assert post(other, team, body_of(raw_item(package, places[1], 2))).json()["today"] == 2
    mended = {**first, "revision": 2}
    assert post(one, team, body_of(mended)).json()["today"] == 2
    with office_scope([team.office.id]):
        Entry.objects.filter(id=first["client_id"]).update(first_received_at=clock.now() - timedelta(days=1))
    assert post(one, team, body_of(mended)).json()["today"] == 1
    assert one.get(f"/nhap-lieu/goi/{package.id}/du-lieu.json").json()["today"] == 1


def test_the_clock_of_the_pc_is_measured_with_every_batch(out: Out) -> None:
    team, package, places = out
    sent = raw_item(package, places[0], 1)
    post(browser(team.accounts["keyer"]), team, body_of(sent, clock_ahead=86_400_000))
    entry = entry_of(team, sent["client_id"])
    assert abs(entry.clock_error - 86_400_000) < 60_000
    assert entry.saved_at <= entry.received_at


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 422, "sync_body_malformed"),
        ({"clock": 1}, 422, "sync_body_malformed"),
        ({"clock": 1_763_900_000_000, "items": [{}] * (MOST_ITEMS + 1)}, 422, "sync_too_many_items"),
        ({"clock": 1, "items": [], "more": "x" * 6_000_000}, 413, "sync_body_too_large"),
    ],
)
def test_a_body_that_cannot_be_taken_is_told_why(out: Out, body: Any, status: int, code: str) -> None:
    team, _, _ = out
    answer = post(browser(team.accounts["keyer"]), team, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["text"] != code


def test_nobody_gets_401_and_is_not_led_to_a_page(out: Out) -> None:
    team, package, places = out
    answer = post(Client(), team, body_of(raw_item(package, places[0], 1)))
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_a_session_that_was_idle_too_long_gets_401_and_nothing_is_stored(out: Out) -> None:
    team, package, places = out
    client = browser(team.accounts["keyer"])
    session = client.session
    session[LAST_SEEN] = (clock.now() - timedelta(hours=2)).timestamp()
    session.save()
    answer = post(client, team, body_of(raw_item(package, places[0], 1)))
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert counted(team)["entries"] == 0


def test_the_outbox_of_another_officer_is_not_taken(out: Out) -> None:
    team, package, places = out
    sent = body_of(raw_item(package, places[0], 1))
    for user in (str(team.accounts["keyer2"].pk), "x"):
        answer = post(browser(team.accounts["keyer"]), team, sent, user=user)
        assert (answer.status_code, answer.json()["code"]) == (409, "other_user")
    assert counted(team)["entries"] == 0


def test_an_officer_without_the_right_gets_403_as_json(out: Out) -> None:
    team, package, places = out
    answer = post(browser(team.accounts["approver"]), team, body_of(raw_item(package, places[0], 1)), who="approver")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_an_officer_who_must_first_change_the_password_gets_403_as_json(out: Out) -> None:
    team, package, places = out
    officer = make_officer("moi.thu", office=team.office, role="keyer", must_change=True)
    answer = post(browser(officer), team, body_of(raw_item(package, places[0], 1)), user=str(officer.pk))
    assert (answer.status_code, answer.json()["code"]) == (403, "first_step")


def test_a_request_without_its_token_is_refused(out: Out) -> None:
    team, package, places = out
    client = browser(team.accounts["keyer"], enforce_csrf_checks=True)
    assert post(client, team, body_of(raw_item(package, places[0], 1))).status_code == 403
    assert client.get(SYNC).status_code == 405
    assert counted(team)["entries"] == 0


def test_a_checker_who_never_had_the_package_keys_nothing_in_it(out: Out) -> None:
    team, package, places = out
    answer = post(browser(team.accounts["checker"]), team, body_of(raw_item(package, places[0], 1)), who="checker")
    [told] = answer.json()["results"]
    assert (told["result"], told["code"]) == ("refused", "not_allowed")
