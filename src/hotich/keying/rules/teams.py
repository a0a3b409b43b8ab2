"""Who is in which team of keyers on a day, and what becomes of earlier times when somebody is put into another team.

A day that is over keeps the team it had: figures of past days never change hands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hotich.kernel.problems import RuleBroken

BACK, AHEAD = 31, 62
"""Days a membership may begin before today (of somebody who was in no team then) and after it."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Membership:
    """An officer's time in a team of an office, both days included; `last` None while it goes on."""

    id: UUID
    team: UUID
    officer: int
    office: int
    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the officer is in the team on this day."""
        return self.first <= day and (self.last is None or day <= self.last)


class Roster:
    """The teams of officers by day. `office`: of the book that was keyed; its own teams go before those of others."""

    def __init__(self, memberships: Iterable[Membership]) -> None:
        self._of: dict[int, list[Membership]] = defaultdict(list)
        for each in sorted(memberships, key=lambda one: (one.first, one.id)):
            self._of[each.officer].append(each)

    def team_on(self, officer: int, office: int, day: date) -> UUID | None:
        """The team whose figures somebody's work of a day is part of; None for work outside every team."""
        found = [each for each in self._of.get(officer, ()) if each.covers(day)]
        found.sort(key=lambda each: each.office != office)  # a book a former office left may be keyed by another's team
        return found[0].team if found else None

    def teams_of(self, officer: int) -> list[UUID]:
        """All teams of an officer in the days the roster was made for, in their order."""
        return list(dict.fromkeys(each.team for each in self._of.get(officer, ())))

    def members(self, team: UUID, day: date) -> set[int]:
        """Who is in a team on a day."""
        return {
            officer
            for officer, times in self._of.items()
            if any(each.team == team and each.covers(day) for each in times)
        }

    def officers_of(self, team: UUID) -> set[int]:
        """Who was in a team on any of the days the roster was made for."""
        return {officer for officer, times in self._of.items() if any(each.team == team for each in times)}

    def times_of(self, team: UUID) -> list[Membership]:
        """The memberships of a team."""
        return [each for times in self._of.values() for each in times if each.team == team]


@dataclass(frozen=True, slots=True)
class Ended:
    """An earlier membership makes room: it ends on `last`, or (None) never comes to be."""

    membership: Membership
    last: date | None


def room_for(earlier: Sequence[Membership], since: date, today: date) -> list[Ended]:
    """What becomes of the memberships an officer has at an office when he joins a team of it on `since`.

    Raises RuleBroken: member_day_out_of_range (params back, ahead), member_in_team_then (he was in a team on a day
    that is over: its figures stay where they are).
    """
    if not today - BACK * _DAY <= since <= today + AHEAD * _DAY:
        raise RuleBroken("member_day_out_of_range", field="since", back=BACK, ahead=AHEAD)
    in_the_way = [each for each in earlier if each.last is None or each.last >= since]
    if any(each.first < today and since < today for each in in_the_way):
        raise RuleBroken("member_in_team_then", field="since")
    return [Ended(each, since - _DAY if each.first < since else None) for each in in_the_way]


def end_of(membership: Membership, last: date, today: date) -> Ended:
    """What becomes of a membership whose last day is to be `last`; one that had not begun by then never was.

    Raises RuleBroken: member_day_past (a day that is over stays with its team), membership_over.
    """
    if membership.last is not None and membership.last < today:
        raise RuleBroken("membership_over")
    if last < today - _DAY or last > today + AHEAD * _DAY:
        raise RuleBroken("member_day_past", field="last")
    return Ended(membership, last if membership.first <= last else None)
