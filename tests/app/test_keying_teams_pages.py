"""Pages of teams: who may open and do what; the board and the lists by team."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.keying.models import Entry, KeyingPackage, KeyingTeam, TeamMember
from hotich.keying.services.teams import TeamFacts, add_members, open_team
from tests.app.keying_checking_parts import keyed, values_of
from tests.app.keying_parts import Team, a_package, a_team

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def team() -> Team:
    return a_team()


@pytest.fixture
def group(team: Team) -> KeyingTeam:
    facts = TeamFacts("Tổ 1 – ca sáng", team.accounts["keyer"].id, "morning")
    return open_team(actor=team.leader, at=clock.now(), request_key=uuid4(), facts=facts)


def desk(team: Team, name: str) -> Client:
    client = Client()
    client.force_login(team.accounts[name], backend=BACKEND)
    return client


def address(name: str, thing: Any = None) -> str:
    return reverse(f"keying:{name}", args=[] if thing is None else [getattr(thing, "id", thing)])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def today() -> str:
    return f"{clock.in_vietnam(clock.now()):%d/%m/%Y}"


def put_in(team: Team, group: KeyingTeam, *names: str) -> None:
    officers = [team.accounts[name].id for name in names]
    now = clock.now()
    add_members(
        actor=team.leader, at=now, team_id=group.id, officers=officers, since=clock.in_vietnam(now).date()
    )  # fmt: skip


def test_who_watches_sees_teams_and_only_who_leads_changes_them(team: Team, group: KeyingTeam) -> None:
    reads = [address("teams"), address("team", group)]
    writes = [address("team_new"), address("team_edit", group)]
    for name, sees, changes in (
        ("leader", 200, 200),
        ("approver", 200, 403),
        ("keyer", 403, 403),
        ("checker", 403, 403),
    ):
        client = desk(team, name)
        assert {client.get(url).status_code for url in reads} == {sees}, name
        assert {client.get(url).status_code for url in writes} == {changes}, name
    watcher = desk(team, "approver")
    assert "close-dialog" not in text(watcher.get(address("team", group)))
    assert watcher.post(address("team_close", group), {"version": "1"}).status_code == 403


def test_a_team_is_opened_filled_changed_left_and_closed_through_the_pages(team: Team) -> None:
    client, keyer = desk(team, "leader"), team.accounts["keyer"].id
    said = {"name": "Tổ 2", "shift": "evening", "leader": keyer, "request_key": str(uuid4())}
    assert client.post(address("team_new"), {**said, "name": ""}).status_code == 422
    answer = client.post(address("team_new"), said, follow=True)
    with office_scope([team.office.id]):
        group = KeyingTeam.objects.get(name="Tổ 2")
    assert answer.redirect_chain[-1][0] == address("team", group)
    assert "Tổ chưa có ai." in text(answer)
    assert client.post(address("team", group), {"since": today()}).status_code == 422
    joined = client.post(address("team", group), {"officers": [keyer], "since": today()}, follow=True)
    assert "Đã đưa 1 người vào tổ." in text(joined)
    client.post(address("team_edit", group), {**said, "name": "Tổ 3", "version": "1"})
    with office_scope([team.office.id]):
        assert KeyingTeam.objects.get(id=group.id).name == "Tổ 3"
        member = TeamMember.objects.get(team=group)
    left = client.post(address("team_leave", member), {"last": "yesterday"}, follow=True)
    assert "Tổ chưa có ai." in text(left)
    client.post(address("team_close", group), {"version": "2"})
    assert "đã giải thể" in text(client.get(address("board")))
    assert "close-dialog" not in text(client.get(address("team", group)))


def test_the_board_sums_by_team_and_shows_one_team_alone(team: Team, group: KeyingTeam) -> None:
    client = desk(team, "leader")
    assert "Theo tổ" not in text(client.get(address("board")))  # nothing was keyed
    first = keyed(team, [values_of(1), values_of(2)])
    second = keyed(team, [values_of(4)], by="keyer2", first=4)
    put_in(team, group, "keyer")
    with office_scope([team.office.id]):
        Entry.objects.filter(package__in=[first, second]).update(first_received_at=clock.now())
    page = text(client.get(address("board"), {"ky": "7"}))
    assert "Theo tổ" in page
    assert "Ngoài các tổ" in page
    assert f"?ky=7&amp;to={group.id}" in page
    one = text(client.get(address("board"), {"to": str(group.id)}))
    assert "Đỗ Văn Nhập" in one
    assert f'href="{reverse("keying:person_figures", args=[team.accounts["keyer2"].id])}"' not in one
    person = text(client.get(reverse("keying:person_figures", args=[team.accounts["keyer"].id])))
    assert "Tổ: Tổ 1 – ca sáng." in person
    nobody = client.get(address("board"), {"to": str(uuid4())})  # no team of his: the choice is left out
    assert nobody.status_code == 200
    live = text(client.get(address("board_live"), {"to": str(group.id)}))
    assert "không riêng một tổ" in live


def test_a_package_is_given_to_a_team_by_its_page_and_found_by_the_team(team: Team, group: KeyingTeam) -> None:
    put_in(team, group, "keyer")
    package, client = a_package(team), desk(team, "leader")
    client.post(address("assign", package), {"officer": f"to-{group.id}"})
    assert "Tổ 1 – ca sáng" in text(client.get(address("package", package)))
    found = text(client.get(address("packages"), {"to": str(group.id)}))
    assert address("package", package) in found
    assert address("check_out", package) in text(desk(team, "keyer").get(address("home")))
    other = desk(team, "keyer2")
    assert address("check_out", package) not in text(other.get(address("home")))
    refused = other.post(address("check_out", package), follow=True)
    assert "Chỉ người trong tổ nhận được" in text(refused)
    for wrong, status in (("to-x", 302), (f"to-{uuid4()}", 404), ("x", 302)):
        assert client.post(address("assign", package), {"officer": wrong}).status_code == status
    with office_scope([team.office.id]):
        package.refresh_from_db()
    assert package.team_id == group.id


def test_a_book_is_cut_for_a_team(team: Team, group: KeyingTeam) -> None:
    package, client = a_package(team), desk(team, "leader")
    page = client.get(address("cut", package.book_id))
    assert str(group.id) in text(page)
    said = {"source": "numbers", "first": 10, "last": 13, "year": 2016, "size": 2, "mode": "review",
            "team": str(group.id), "request_key": str(uuid4())}  # fmt: skip
    assert client.post(address("cut", package.book_id), said).status_code == 302
    with office_scope([team.office.id]):
        assert KeyingPackage.objects.filter(team=group).count() == 2
