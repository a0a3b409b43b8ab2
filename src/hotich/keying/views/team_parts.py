"""What the pages of teams and the board share: a team in words, the lines of teams, whom one may choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.keying.models import KeyingTeam, TeamShift
from hotich.keying.queries.figures import Done, Period
from hotich.keying.queries.team_figures import Everything, sums_by_team
from hotich.keying.rules.teams import Roster
from hotich.keying.views.board_parts import rates_of, speed_of, top_of


def shift_words(team: KeyingTeam) -> str:
    """When a team keys, in words; "" where the office has one shift."""
    return _(str(TeamShift(team.shift).label)) if team.shift else ""


def team_title(team: KeyingTeam) -> str:
    """A team in a list of choices: its name, and that it is closed."""
    return _("%(team)s (đã giải thể)") % {"team": team.name} if team.closed_on else team.name


def team_crumbs(*steps: tuple[str, str]) -> list[dict[str, Any]]:
    """The way from the list of teams."""
    return [{"label": label, "url": url} for label, url in ((_("Tổ nhập liệu"), reverse("keying:teams")), *steps)]


def teams_worked_in(own: Sequence[Done], roster: Roster) -> list[UUID]:
    """The teams an officer was in on the days he keyed (`own`), the last one first."""
    latest = sorted(own, key=lambda each: (each.day, each.office), reverse=True)
    found = [roster.team_on(each.officer, each.office, each.day) for each in latest]
    return list(dict.fromkeys(team for team in found if team is not None))


def team_lines(period: Period, every: Everything) -> list[dict[str, Any]]:
    """One line a team for the board; none while the offices have no team, or one is looked at."""
    sums = sums_by_team(every, period.last) if period.team is None else []
    if not any(each.team for each in sums):
        return []
    top, most = top_of(each.errors for each in sums), max(each.work.cases for each in sums)
    several = len({each.team.origin_office_id for each in sums if each.team}) > 1
    return [
        {
            "team": each.team,
            "name": each.team.name if each.team else _("Ngoài các tổ"),
            "shift": shift_words(each.team) if each.team else "",
            "office": each.team.origin_office.name if several and each.team else "",
            "keyers": each.keyers,
            "members": each.members,
            "cases": each.work.cases,
            "share": each.work.cases / most if most else 0,
            "speed": speed_of(each.work),
            "rates": rates_of(each.errors, top=top),
        }
        for each in sums
    ]
