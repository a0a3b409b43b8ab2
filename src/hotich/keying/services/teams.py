"""Writes: teams of keyers are opened, changed and closed; officers join and leave them; all by who leads at the office.

Whoever changes who is in a team locks the teams of the office first, so that nobody comes to be in two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.ids import stable_uuid
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import KeyingPackage, KeyingTeam, PackageState, TeamMember, TeamShift
from hotich.keying.queries.teams import membership, team_of_member, who_may_join, who_may_lead
from hotich.keying.rules.teams import Ended, end_of, room_for
from hotich.keying.services.access import LEAD, must_have

NAME = 80  # letters


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What is said of a team. `shift`: a TeamShift or "" where the office has one only; `leader`: an officer."""

    name: str
    leader: int
    shift: str = ""


def open_team(*, actor: Actor, at: datetime, request_key: UUID, facts: TeamFacts) -> KeyingTeam:
    """A new team of the actor's own office. The same `request_key` gives the same team.

    Raises RuleBroken: not_allowed, team_name_missing, team_name_taken, team_shift_unknown, team_leader_cannot.
    """
    officer = must_have(actor, LEAD)
    identity = stable_uuid("keying_team", actor.office_id, request_key)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        if (earlier := KeyingTeam.objects.filter(id=identity).first()) is not None:
            return earlier
        team = KeyingTeam(
            id=identity, origin_office_id=actor.office_id, opened_on=in_vietnam(at).date(), created_by=officer,
            created_at=at,
        )  # fmt: skip
        _say(team, facts)
        try:
            with transaction.atomic():
                team.save(force_insert=True)
        except IntegrityError as error:  # a colleague was faster, with the same name
            raise RuleBroken("team_name_taken", field="name", name=team.name) from error
        _note(work, team, "team.opened", after=_said(team))
    return team


def change_team(*, actor: Actor, at: datetime, team_id: UUID, version: int, facts: TeamFacts) -> KeyingTeam:
    """Another name, shift or leader; what is the same already changes nothing.

    Raises RuleBroken: not_allowed, team_unknown, team_closed, team_changed_meanwhile, and as open_team.
    """
    must_have(actor, LEAD)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        team = _locked(actor, team_id)
        _must_be(team, version)
        before = _said(team)
        _say(team, facts)
        if _said(team) == before:
            return team
        team.version += 1
        team.save(update_fields=["name", "shift", "leader", "version"])
        _note(work, team, "team.changed", before=before, after=_said(team))
    return team


def close_team(*, actor: Actor, at: datetime, team_id: UUID, version: int) -> KeyingTeam:
    """The team keys no more after today. Its members leave it, packages that wait for it are anybody's again; what it
    did stays in its name. Raises RuleBroken: not_allowed, team_unknown, team_closed, team_changed_meanwhile.
    """
    must_have(actor, LEAD)
    today = in_vietnam(at).date()
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        team = _locked(actor, team_id)
        _must_be(team, version)
        rows = TeamMember.objects.filter(team=team)
        rows.filter(valid_from__gt=today).delete()
        left = rows.filter(valid_to=None).update(valid_to=today)
        rows.filter(valid_to__gt=today).update(valid_to=today)
        waiting = KeyingPackage.objects.filter(origin_office_id__in=actor.office_ids, team=team)
        freed = waiting.filter(state=PackageState.READY).update(team=None)
        team.closed_on, team.version = today, team.version + 1
        team.save(update_fields=["closed_on", "version"])
        _note(work, team, "team.closed", facts={"members": left, "packages": freed})
    return team


def add_members(*, actor: Actor, at: datetime, team_id: UUID, officers: Sequence[int], since: date) -> list[TeamMember]:
    """These officers are in the team from a day on; they leave another team of the office the day before.

    Who is in it already stays as he is. Raises RuleBroken, and then nobody has joined: not_allowed, team_unknown,
    team_closed, member_missing, member_cannot_key, member_day_out_of_range, member_in_team_then.
    """
    leader = must_have(actor, LEAD)
    today = in_vietnam(at).date()
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        team = _locked(actor, team_id)
        _must_be_open(team)
        wanted = sorted(set(officers))
        if not wanted:
            raise RuleBroken("member_missing", field="officers")
        able = set(who_may_join(team.origin_office_id).filter(id__in=wanted).values_list("id", flat=True))
        if able != set(wanted):
            raise RuleBroken("member_cannot_key", field="officers")
        made = [_joined(work, team, each, since, today, leader) for each in wanted]
    return [each for each in made if each is not None]


def end_membership(*, actor: Actor, at: datetime, member_id: UUID, last: date) -> None:
    """The officer's last day in his team is `last`, at the earliest yesterday.

    Raises RuleBroken: not_allowed, member_unknown, member_day_past, membership_over.
    """
    must_have(actor, LEAD)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        if (team_id := team_of_member(member_id, actor)) is None:
            raise RuleBroken("member_unknown")
        team = _locked(actor, team_id)
        row = TeamMember.objects.filter(id=member_id, team=team).first()
        if row is None:  # somebody was faster
            raise RuleBroken("member_unknown")
        _end(work, team, row, end_of(membership(row), last, in_vietnam(at).date()))


def _joined(
    work: UnitOfWork, team: KeyingTeam, officer: int, since: date, today: date, leader: int
) -> TeamMember | None:
    rows = list(
        TeamMember.objects.filter(origin_office_id=team.origin_office_id, officer=officer).select_related("team")
    )
    if any(row.team_id == team.id and row.valid_to is None and row.valid_from <= since for row in rows):
        return None
    by_id = {row.id: row for row in rows}
    for ended in room_for([membership(row) for row in rows], since, today):
        row = by_id[ended.membership.id]
        _end(work, row.team, row, ended)
    made = TeamMember.objects.create(
        origin_office_id=team.origin_office_id, team=team, officer=officer, valid_from=since, added_by=leader,
        added_at=work.at,
    )  # fmt: skip
    _note(work, team, "team.member_joined", facts={"member": officer, "since": since.isoformat()})
    return made


def _end(work: UnitOfWork, team: KeyingTeam, row: TeamMember, ended: Ended) -> None:
    if ended.last is None:
        row.delete()
    else:
        row.valid_to = ended.last
        row.save(update_fields=["valid_to"])
    left = ended.last.isoformat() if ended.last else ""  # never was in it
    _note(work, team, "team.member_left", facts={"member": row.officer, "since": row.valid_from.isoformat(),
                                                 "left_on": left})  # fmt: skip


def _locked(actor: Actor, team_id: UUID) -> KeyingTeam:
    """The team, with all teams of its office locked. Raises RuleBroken team_unknown."""
    teams = KeyingTeam.objects.filter(origin_office_id__in=actor.office_ids)
    office = teams.filter(id=team_id).values_list("origin_office_id", flat=True).first()
    if office is None:
        raise RuleBroken("team_unknown")
    every = KeyingTeam.objects.select_for_update().filter(origin_office_id=office).order_by("id")
    return next(team for team in every if team.id == team_id)


def _must_be(team: KeyingTeam, version: int) -> None:
    _must_be_open(team)
    if team.version != version:
        raise RuleBroken("team_changed_meanwhile")


def _must_be_open(team: KeyingTeam) -> None:
    if team.closed_on is not None:
        raise RuleBroken("team_closed")


def _say(team: KeyingTeam, facts: TeamFacts) -> None:
    name = " ".join(facts.name.split())[:NAME]
    if not name:
        raise RuleBroken("team_name_missing", field="name")
    if facts.shift and facts.shift not in TeamShift.values:
        raise RuleBroken("team_shift_unknown", field="shift")
    others = KeyingTeam.objects.filter(origin_office_id=team.origin_office_id, closed_on=None).exclude(id=team.id)
    if others.filter(name__iexact=name).exists():
        raise RuleBroken("team_name_taken", field="name", name=name)
    if facts.leader != team.leader and not who_may_lead(team.origin_office_id).filter(id=facts.leader).exists():
        raise RuleBroken("team_leader_cannot", field="leader")
    team.name, team.shift, team.leader = name, facts.shift, facts.leader


def _said(team: KeyingTeam) -> dict[str, object]:
    return {"name": team.name, "shift": team.shift, "leader": team.leader}


def _note(
    work: UnitOfWork, team: KeyingTeam, verb: str, *, before: dict[str, object] | None = None,
    after: dict[str, object] | None = None, facts: dict[str, object] | None = None,
) -> None:  # fmt: skip
    work.record(
        verb, subject_kind="keying_team", subject_id=team.id, subject_office=team.origin_office_id, before=before,
        after=after, facts=facts or {},
    )  # fmt: skip
