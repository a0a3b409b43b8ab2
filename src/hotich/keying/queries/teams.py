"""Reads: teams of keyers, who is in them on which day, and to whom packages may be given."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hotich.accounts.models import Officer
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import KeyingPackage, KeyingTeam, TeamMember
from hotich.keying.queries.officers import officers_able
from hotich.keying.rules.teams import Membership, Roster

WATCH = ("keying.watch", "keying.lead")
"""One of these rights shows the teams of one's offices."""


def teams_of_offices(actor: Actor) -> QuerySet[KeyingTeam]:
    """Every team of the actor's offices, those at work first. Raises RuleBroken not_allowed."""
    if not any(map(actor.may, WATCH)):
        raise RuleBroken("not_allowed")
    teams = KeyingTeam.objects.filter(origin_office_id__in=actor.office_ids).select_related("origin_office")
    return teams.order_by("-closed_on", "origin_office__name", "name", "id")


def teams_at_work(office_ids: Iterable[int]) -> list[KeyingTeam]:
    """The teams of these offices that are not closed, by name."""
    teams = KeyingTeam.objects.filter(origin_office_id__in=list(office_ids), closed_on=None)
    return list(teams.select_related("origin_office").order_by("name", "id"))


def team_of(team_id: UUID, actor: Actor) -> KeyingTeam:
    """One team. Raises RuleBroken not_allowed, team_unknown."""
    team = teams_of_offices(actor).filter(id=team_id).first()
    if team is None:
        raise RuleBroken("team_unknown")
    return team


def team_names(team_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of teams, for lists."""
    return dict(KeyingTeam.objects.filter(id__in=team_ids).values_list("id", "name")) if team_ids else {}


def members_of(team: KeyingTeam) -> list[TeamMember]:
    """Everybody who is, was or will be in a team: who is in it first, then by day."""
    return sorted(team.members.all(), key=lambda each: (each.valid_to or date.max, each.valid_from), reverse=True)


def member_counts(teams: Iterable[KeyingTeam], day: date) -> dict[UUID, int]:
    """How many are in each team on a day."""
    rows = TeamMember.objects.filter(_on(day), team__in=[team.id for team in teams]).order_by()
    return dict(rows.values_list("team").annotate(count=Count("id")))


def roster(office_ids: Iterable[int], first: date, last: date, officer: int | None = None) -> Roster:
    """The teams of these offices with who was in them on any of these days."""
    rows = TeamMember.objects.filter(_between(first, last), origin_office_id__in=list(office_ids))
    return Roster(map(membership, rows if officer is None else rows.filter(officer=officer)))


def roster_of_keyers(officers: Collection[int], first: date, last: date) -> Roster:
    """The teams of these officers in any office one may see: a book of a former office is keyed by a team of its keeper."""
    return Roster(map(membership, TeamMember.objects.filter(_between(first, last), officer__in=officers)))


def membership(row: TeamMember) -> Membership:
    """A row as the rules read it."""
    return Membership(row.id, row.team_id, row.officer, row.origin_office_id, row.valid_from, row.valid_to)


def team_of_member(member_id: UUID, actor: Actor) -> UUID | None:
    """The team a membership is of; None for one of another office, or of none."""
    rows = TeamMember.objects.filter(id=member_id, origin_office_id__in=actor.office_ids)
    return rows.values_list("team_id", flat=True).first()


def own_teams(actor: Actor, day: date) -> list[UUID]:
    """The teams the actor is in on a day."""
    rows = TeamMember.objects.filter(_on(day), officer__in=actor.hands, origin_office_id__in=actor.office_ids)
    return list(rows.order_by().values_list("team_id", flat=True))


def who_may_join(office_id: int) -> QuerySet[Officer]:
    """Officers who may be in a team of an office: those who may key there."""
    return officers_able(office_id, "keying.key")


def who_may_lead(office_id: int) -> QuerySet[Officer]:
    """Officers who may lead a team of an office: who keys there, or has charge of keying."""
    ids = {
        officer
        for right in ("keying.key", "keying.lead")
        for officer in officers_able(office_id, right).values_list("id", flat=True)
    }
    return Officer.objects.filter(id__in=ids).order_by("full_name", "id")


def packages_given_to(team: KeyingTeam, actor: Actor) -> dict[str, int]:
    """How many packages are given to a team, by state."""
    rows = KeyingPackage.objects.filter(origin_office_id__in=actor.office_ids, team=team).order_by()
    return dict(rows.values_list("state").annotate(count=Count("id")))


def team_names_of(office_id: int, day: date) -> dict[int, str]:
    """In which team of an office each officer is on a day."""
    rows = TeamMember.objects.filter(_on(day), origin_office_id=office_id)
    return dict(rows.values_list("officer", "team__name"))


def teams_with_packages(actor: Actor) -> list[KeyingTeam]:
    """The teams of the actor's offices that are at work or have packages, for a filter."""
    given = KeyingPackage.objects.filter(origin_office_id__in=actor.office_ids, team=OuterRef("id"))
    teams = KeyingTeam.objects.filter(Q(closed_on=None) | Exists(given), origin_office_id__in=actor.office_ids)
    return list(teams.order_by("-closed_on", "name", "id"))


def team_choices(actor: Actor) -> list[tuple[UUID, str]]:
    """The teams packages may be given to: those of the actor's offices that are at work."""
    teams = teams_at_work(actor.office_ids)
    several = len({team.origin_office_id for team in teams}) > 1
    return [(team.id, f"{team.name} · {team.origin_office.name}" if several else team.name) for team in teams]


def _on(day: date) -> Q:
    return _between(day, day)


def _between(first: date, last: date) -> Q:
    """In a team on any of these days."""
    return Q(valid_from__lte=last) & (Q(valid_to=None) | Q(valid_to__gte=first))
