"""Teams of keyers: opened, changed, closed; who is in them; packages given to one; figures by team."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from hotich.audit.models import Entry as Trail
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.keying.models import Entry, KeyingTeam, SecondKeying, TeamMember
from hotich.keying.queries.figures import Period, period_of
from hotich.keying.queries.packages import packages_to_take
from hotich.keying.queries.team_figures import everything, sums_by_team
from hotich.keying.queries.volume import volume_of
from hotich.keying.rules.figures import Work
from hotich.keying.services import teams as services
from hotich.keying.services.differences import decide_difference
from hotich.keying.services.packages import assign_package, check_out_package, cut_packages, take_back_package
from hotich.keying.services.review import start_check
from hotich.keying.services.teams import TeamFacts
from hotich.units.models import Office
from tests.app.keying_checking_parts import differences_of, entries_of, give, keyed, values_of
from tests.app.keying_inventory_parts import refused
from tests.app.keying_parts import AT, Team, a_listed_book, a_package, a_team, checked_out

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)  # of AT in Viet Nam


@pytest.fixture
def team() -> Team:
    return a_team()


def opened(team: Team, name: str = "Tổ 1 – ca sáng", *, leader: str = "keyer", shift: str = "morning") -> KeyingTeam:
    who: Actor = getattr(team, leader)
    facts = TeamFacts(name, who.officer_id or 0, shift)
    return services.open_team(actor=team.leader, at=AT, request_key=uuid4(), facts=facts)


def joined(team: Team, group: KeyingTeam, *names: str, since: date = DAY, days: int = 0) -> None:
    """These officers join; `days`: so many days after the first the leader does it."""
    officers = [team.accounts[name].id for name in names]
    at = AT + timedelta(days=days)
    services.add_members(actor=team.leader, at=at, team_id=group.id, officers=officers, since=since)


def times(team: Team, name: str) -> list[tuple[str, date, date | None]]:
    with office_scope([team.office.id]):
        rows = TeamMember.objects.filter(officer=team.accounts[name].id).order_by("valid_from")
        return list(rows.values_list("team__name", "valid_from", "valid_to"))


def test_a_team_is_opened_once_by_whoever_leads_and_says_who_leads_it(team: Team) -> None:
    key, facts = uuid4(), TeamFacts("  Tổ 1 –  ca sáng ", team.accounts["keyer"].id, "morning")
    made = services.open_team(actor=team.leader, at=AT, request_key=key, facts=facts)
    assert (made.name, made.opened_on, made.origin_office_id) == ("Tổ 1 – ca sáng", DAY, team.office.id)
    assert services.open_team(actor=team.leader, at=AT, request_key=key, facts=facts).id == made.id
    changed = services.change_team(
        actor=team.leader, at=AT, team_id=made.id, version=1, facts=TeamFacts("Tổ A", team.accounts["leader"].id)
    )
    assert (changed.name, changed.shift, changed.version) == ("Tổ A", "", 2)
    with refused("team_changed_meanwhile"):
        services.change_team(actor=team.leader, at=AT, team_id=made.id, version=1, facts=facts)
    assert list(
        Trail.objects.filter(subject_id=str(made.id)).order_by("id").values_list("verb", flat=True)
    ) == ["team.opened", "team.changed"]  # fmt: skip


def test_a_team_needs_a_name_of_its_own_a_known_shift_and_a_leader_who_keys_or_leads(team: Team) -> None:
    keyer, checker = team.accounts["keyer"].id, team.accounts["checker"].id
    opened(team)
    for facts, code in (
        (TeamFacts(" ", keyer), "team_name_missing"), (TeamFacts("tổ 1 – CA SÁNG", keyer), "team_name_taken"),
        (TeamFacts("Tổ 2", keyer, "night"), "team_shift_unknown"), (TeamFacts("Tổ 2", checker), "team_leader_cannot"),
    ):  # fmt: skip
        with refused(code):
            services.open_team(actor=team.leader, at=AT, request_key=uuid4(), facts=facts)
    for actor in (team.keyer, team.approver):
        with refused("not_allowed"):
            services.open_team(actor=actor, at=AT, request_key=uuid4(), facts=TeamFacts("Tổ 3", keyer))


def test_members_join_move_and_leave_and_days_that_are_over_stay_as_they_were(team: Team) -> None:
    first, second = opened(team), opened(team, "Tổ 2", shift="")
    joined(team, first, "keyer", "helper", since=DAY - timedelta(days=3))
    joined(team, second, "keyer", since=DAY + timedelta(days=1), days=1)
    assert times(team, "keyer") == [
        (first.name, DAY - timedelta(days=3), DAY), (second.name, DAY + timedelta(days=1), None),
    ]  # fmt: skip
    with refused("member_in_team_then"):
        joined(team, second, "helper", since=DAY - timedelta(days=1))
    with refused("member_cannot_key"):
        joined(team, second, "keyer2", "checker")
    assert times(team, "keyer2") == []
    with office_scope([team.office.id]):
        helper = TeamMember.objects.get(officer=team.accounts["helper"].id)
    with refused("not_allowed"):
        services.end_membership(actor=team.keyer, at=AT, member_id=helper.id, last=DAY)
    services.end_membership(actor=team.leader, at=AT, member_id=helper.id, last=DAY)
    assert times(team, "helper") == [(first.name, DAY - timedelta(days=3), DAY)]


def test_teams_of_another_office_are_neither_seen_nor_changed(team: Team) -> None:
    group = opened(team)
    elsewhere = Office.objects.filter(kind="commune", valid_to=None).exclude(id=team.office.id).order_by("id")[0]
    other = a_team(elsewhere, mark="b")
    with office_scope([other.office.id]):
        assert not KeyingTeam.objects.exists()
    for act in (
        lambda: services.close_team(actor=other.leader, at=AT, team_id=group.id, version=1),
        lambda: joined(other, group, "keyer"),
        lambda: period_of(other.leader, DAY, DAY, team=group.id),
    ):
        with office_scope([other.office.id]), refused("team_unknown"):
            act()


def test_a_package_of_a_team_is_taken_by_its_members_alone_until_it_is_given_to_somebody_else(team: Team) -> None:
    group, package = opened(team), a_package(team)
    joined(team, group, "keyer")
    assign_package(actor=team.leader, at=AT, package_id=package.id, officer_id=None, team_id=group.id)
    with office_scope([team.office.id]):
        assert [each.id for each in packages_to_take(team.keyer2)] == []
        assert [each.id for each in packages_to_take(team.keyer)] == [package.id]
    with refused("package_of_team"):
        checked_out(team, package, by="keyer2")
    taken = checked_out(team, package)
    assert (taken.keyer, taken.team_id) == (team.accounts["keyer"].id, group.id)
    back = take_back_package(actor=team.leader, at=AT, package_id=package.id, reason="Nghỉ ốm")
    assert back.team_id == group.id
    with refused("package_for_one_only"):
        assign_package(
            actor=team.leader, at=AT, package_id=package.id, officer_id=team.accounts["keyer2"].id, team_id=group.id
        )
    given = assign_package(actor=team.leader, at=AT, package_id=package.id, officer_id=team.accounts["keyer2"].id)
    assert given.team_id is None
    assert checked_out(team, package, by="keyer2").keyer == team.accounts["keyer2"].id


def test_a_closed_team_keeps_its_name_lets_its_members_go_and_frees_what_waits_for_it(team: Team) -> None:
    group, book = opened(team), a_listed_book(team)
    joined(team, group, "keyer")
    waits, out = cut_packages(
        actor=team.leader, at=AT, book_id=book.id, request_key=uuid4(), size=2, numbers=(1, 4, 2016), team_id=group.id
    )
    check_out_package(actor=team.keyer, at=AT, package_id=out.id)
    services.close_team(actor=team.leader, at=AT, team_id=group.id, version=1)
    assert times(team, "keyer") == [(group.name, DAY, DAY)]
    for package in (waits, out):
        with office_scope([team.office.id]):
            package.refresh_from_db()
    assert (waits.team_id, out.team_id) == (None, group.id)
    assert take_back_package(actor=team.leader, at=AT, package_id=out.id, reason="Tổ giải thể").team_id is None
    for code, act in (
        ("team_closed", lambda: services.close_team(actor=team.leader, at=AT, team_id=group.id, version=2)),
        ("team_closed", lambda: joined(team, group, "keyer2")),
        ("team_closed", lambda: assign_package(
            actor=team.leader, at=AT, package_id=waits.id, officer_id=None, team_id=group.id)),
    ):  # fmt: skip
        with refused(code):
            act()
    assert opened(team).id != group.id  # the name is free again


def sums(team: Team, first: date = DAY, last: date = DAY, group: KeyingTeam | None = None) -> dict[str, Work]:
    with office_scope([team.office.id]):
        period = Period(first, last, (team.office.id,), team=group.id if group else None)
        found = sums_by_team(everything(period), last)
    return {each.team.name if each.team else "": each.work for each in found}


def test_work_counts_for_the_team_of_its_day_and_one_teams_figures_hold_no_other_work(team: Team) -> None:
    first, second = opened(team, "Tổ 1"), opened(team, "Tổ 2")
    package = keyed(team, [values_of(1), values_of(2), values_of(3)])
    joined(team, first, "keyer", since=DAY - timedelta(days=1))
    joined(team, second, "keyer", since=DAY + timedelta(days=1), days=1)
    one, two, three = entries_of(team, package)
    with office_scope([team.office.id]):
        Entry.objects.filter(id=two.id).update(first_received_at=AT + timedelta(days=1))
        Entry.objects.filter(id=three.id).update(first_received_at=AT - timedelta(days=2))
    whole = (DAY - timedelta(days=2), DAY + timedelta(days=1))
    assert {name: work.cases for name, work in sums(team, *whole).items()} == {"Tổ 1": 1, "Tổ 2": 1, "": 1}
    assert {name: work.cases for name, work in sums(team, *whole, group=first).items()} == {"Tổ 1": 1}
    assert one.keyer == team.accounts["keyer"].id


def test_an_error_counts_for_the_team_of_the_day_of_keying_however_late_it_is_found(team: Team) -> None:
    first, second = opened(team, "Tổ 1"), opened(team, "Tổ 2")
    joined(team, first, "keyer")
    package = keyed(team, [values_of(1, child_full_name="Trần Văn Amm")], mode="blind_critical")
    joined(team, second, "keyer", since=DAY + timedelta(days=1), days=1)
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1, child_full_name="Trần Văn Am"), kind="critical")
    [entry] = entries_of(team, package)
    for difference in differences_of(team, entry):
        decide_difference(
            actor=team.checker, at=AT, difference_id=difference.id, decision="second", reason="Đã xem sổ"
        )  # fmt: skip
    with office_scope([team.office.id]):
        SecondKeying.objects.update(received_at=AT + timedelta(days=2))
        later = DAY + timedelta(days=2)
        found = sums_by_team(everything(Period(later, later, (team.office.id,))), later)
    assert [(each.team and each.team.name, each.errors.key_fields.errors) for each in found] == [("Tổ 1", 1)]


def test_the_volume_sheet_tells_the_team_of_the_day_and_sums_by_team(team: Team) -> None:
    from hotich.keying.queries.volume import volume_of
    from hotich.keying.views.acceptance_volume import _keyer_rows, _team_rows

    book = a_listed_book(team)
    first = opened(team)
    keyer = team.keyer.officer_id or 0
    services.add_members(actor=team.leader, at=AT, team_id=first.id, officers=[keyer], since=DAY)
    keyed(team, [values_of(1), values_of(2)], book=book)
    with office_scope([team.office.id]):
        Entry.objects.filter(item__number=2).update(first_received_at=AT - timedelta(days=9))  # before there was a team
        found = volume_of(book)
        assert found.cases == {(keyer, first.id): 1, (keyer, None): 1}
        rows = _keyer_rows(found, {keyer: "Đỗ Văn Nhập"})
        assert [(row["name"], row["team"], row["sum"].cases) for row in rows] == [
            ("Đỗ Văn Nhập", "Tổ 1 – ca sáng", 1), ("Đỗ Văn Nhập", "Ngoài các tổ", 1),
        ]  # fmt: skip
        sums = _team_rows(found)
    assert [(row["team"], row["keyers"], row["sum"].cases) for row in sums] == [
        ("Tổ 1 – ca sáng", 1, 1), ("Ngoài các tổ", 1, 1),
    ]  # fmt: skip
    assert sum(row["sum"].characters for row in sums) == sum(line.characters for line in found.fields)


def test_a_book_of_a_former_office_counts_for_the_team_of_its_keeper(team: Team) -> None:
    book, first = a_listed_book(team), opened(team)
    keyer = team.keyer.officer_id or 0
    joined(team, first, "keyer")
    keyed(team, [values_of(1)], book=book)
    other = Office.objects.exclude(id=team.office.id).order_by("id")[0]
    with office_scope([team.office.id, other.id]):  # the book is the former one's, the team its keeper's
        KeyingTeam.objects.filter(id=first.id).update(origin_office=other)
        TeamMember.objects.filter(team=first).update(origin_office=other)
        assert volume_of(book).cases == {(keyer, first.id): 1}
