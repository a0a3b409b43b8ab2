"""Who is in which team on a day, and how somebody comes from one into another."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.keying.rules.teams import AHEAD, BACK, Ended, Membership, Roster, end_of, room_for

TODAY = date(2026, 11, 26)
FIRST, SECOND = UUID(int=1), UUID(int=2)
OFFICE, OTHER = 10, 20


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def member(team: UUID = FIRST, first: int = -10, last: int | None = None, *, office: int = OFFICE) -> Membership:
    identity = UUID(int=team.int * 1000 + first + 500)
    return Membership(identity, team, 7, office, days(first), None if last is None else days(last))


def refusal(code: str) -> pytest.RaisesExc[RuleBroken]:
    return pytest.RaisesExc(RuleBroken, check=lambda fault: fault.code == code)


def test_work_of_a_day_is_of_the_team_of_that_day() -> None:
    roster = Roster([member(SECOND, 0), member(FIRST, -10, -1)])
    found = [roster.team_on(7, OFFICE, days(each)) for each in (-11, -10, -1, 0, 400)]
    assert found == [None, FIRST, FIRST, SECOND, SECOND]
    assert roster.team_on(8, OFFICE, TODAY) is None
    assert roster.teams_of(7) == [FIRST, SECOND]
    assert (roster.members(FIRST, TODAY), roster.members(SECOND, TODAY)) == (set(), {7})
    assert roster.officers_of(FIRST) == {7}


def test_who_is_in_teams_of_two_offices_works_for_the_one_whose_book_it_is_else_for_the_first() -> None:
    roster = Roster([member(FIRST, -5, office=OTHER), member(SECOND, -3)])
    assert roster.team_on(7, OFFICE, TODAY) == SECOND
    assert roster.team_on(7, OTHER, TODAY) == FIRST
    assert roster.team_on(7, 30, TODAY) == FIRST


def test_who_joins_another_team_leaves_the_first_the_day_before() -> None:
    here = member()
    assert room_for([here], TODAY, TODAY) == [Ended(here, days(-1))]
    assert room_for([here], days(3), TODAY) == [Ended(here, days(2))]


def test_a_membership_that_had_not_begun_makes_room_whole() -> None:
    planned, of_today = member(first=5), member(SECOND, 0)
    assert room_for([planned], TODAY, TODAY) == [Ended(planned, None)]
    assert room_for([of_today], days(-2), TODAY) == [Ended(of_today, None)]
    assert room_for([member(first=-9, last=-4)], days(-3), TODAY) == []


def test_days_that_are_over_never_change_teams() -> None:
    for since in (-1, -3, -10):
        with refusal("member_in_team_then"):
            room_for([member()], days(since), TODAY)
    with refusal("member_in_team_then"):
        room_for([member(first=-3, last=-3)], days(-3), TODAY)


@pytest.mark.parametrize("since", [-BACK - 1, AHEAD + 1])
def test_nobody_joins_long_ago_or_in_a_far_future(since: int) -> None:
    with refusal("member_day_out_of_range"):
        room_for([], days(since), TODAY)
    assert room_for([], days(max(-BACK, min(AHEAD, since))), TODAY) == []


def test_the_last_day_is_yesterday_at_the_earliest_and_who_never_was_in_the_team_is_gone() -> None:
    here = member()
    assert end_of(here, days(-1), TODAY) == Ended(here, days(-1))
    assert end_of(here, days(9), TODAY) == Ended(here, days(9))
    joined_today = member(first=0)
    assert end_of(joined_today, days(-1), TODAY) == Ended(joined_today, None)
    for last in (-2, AHEAD + 1):
        with refusal("member_day_past"):
            end_of(here, days(last), TODAY)
    with refusal("membership_over"):
        end_of(member(last=-2), days(-1), TODAY)
