"""Reads: everything the board shows of some days, of all keyers or of one team, and its sums by team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Q

from hotich.keying.models import KeyingTeam
from hotich.keying.queries.figures import Done, Measured, Period, checked, keyed, keyed_again, measured
from hotich.keying.queries.teams import roster
from hotich.keying.rules.figures import Errors, Work
from hotich.keying.rules.teams import Roster

Figure = TypeVar("Figure", Done, Measured)


@dataclass(frozen=True, slots=True)
class Everything:
    """What was keyed, keyed again, checked and found wrong in a period, and the teams of those days."""

    done: list[Done]
    again: list[Done]
    ended: list[Done]
    found: list[Measured]
    roster: Roster


def everything(period: Period) -> Everything:
    """All figures of a period; of one team (`period.team`) what its members did while they were in it."""
    done, again, ended, found = keyed(period), keyed_again(period), checked(period), measured(period)
    # an error counts on the day the case was keyed, which may be long before the check that found it
    first = min([period.first, *(each.day for each in found)])
    teams = roster(period.offices, first, period.last, period.officer)
    if period.team is None:
        return Everything(done, again, ended, found, teams)
    return Everything(
        _of_team(done, teams, period.team), _of_team(again, teams, period.team), _of_team(ended, teams, period.team),
        _of_team(found, teams, period.team), teams,
    )  # fmt: skip


def _of_team(figures: Sequence[Figure], teams: Roster, team: UUID) -> list[Figure]:
    return [each for each in figures if teams.team_on(each.officer, each.office, each.day) == team]


@dataclass(frozen=True, slots=True)
class TeamSums:
    """One team in a period: its members' work while they were in it. `team` None: who was in no team on the day."""

    team: KeyingTeam | None
    work: Work
    errors: Errors
    keyers: int  # different people who keyed
    members: int  # on the last day


def sums_by_team(every: Everything, last: date) -> list[TeamSums]:
    """The teams that keyed or whose errors were found, the most cases first; work outside every team at the end."""
    work: dict[UUID | None, Work] = defaultdict(Work)
    errors: dict[UUID | None, Errors] = defaultdict(Errors)
    keyers: dict[UUID | None, set[int]] = defaultdict(set)
    for done in every.done:
        team = every.roster.team_on(done.officer, done.office, done.day)
        work[team] += done.work
        keyers[team].add(done.officer)
    for each in every.found:
        errors[every.roster.team_on(each.officer, each.office, each.day)] += each.errors
    known = _teams({*work, *errors})
    lines = [
        TeamSums(
            known.get(team) if team else None, work.get(team, Work()), errors.get(team, Errors()),
            len(keyers.get(team, ())), len(every.roster.members(team, last)) if team else 0,
        )
        for team in {*work, *errors}
    ]  # fmt: skip
    return sorted(lines, key=lambda each: (each.team is None, -each.work.cases, each.team.name if each.team else ""))


def _teams(ids: Iterable[UUID | None]) -> dict[UUID, KeyingTeam]:
    teams = KeyingTeam.objects.filter(id__in=[each for each in ids if each is not None])
    return {team.id: team for team in teams.select_related("origin_office")}


def entries_of_team(period: Period, teams: Roster) -> Q:
    """Entries that members of the team of a period keyed while they were in it; all, where no team is asked for."""
    if period.team is None:
        return Q()
    wanted = Q(pk__in=[])
    for time in teams.times_of(period.team):
        start, _ = Period(time.first, time.first, ()).bounds
        mine = Q(keyer=time.officer, first_received_at__gte=start)
        if time.last is not None:
            mine &= Q(first_received_at__lt=Period(time.last, time.last, ()).bounds[1])
        wanted |= mine
    return wanted


def packages_of_team(period: Period, teams: Roster) -> Q:
    """Packages that were given to the team of a period, and those its members have; all, where no team is asked for."""
    if period.team is None:
        return Q()
    return Q(team=period.team) | Q(team=None, keyer__in=teams.members(period.team, period.last))
