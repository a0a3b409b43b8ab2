"""Who may become one with all their entries taken together; the life of bulks and searches; what a sample says."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.rules import link_bulks, link_searches
from hotich.reconciliation.rules.families import Limits, Member, Span
from hotich.reconciliation.rules.joining import Joining

LIMITS = Limits(12, 60)


def born(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


def entry(number: int, person: int, role: str = "father", **more: Any) -> Member:
    return Member(UUID(int=number), UUID(int=person), UUID(int=100 + number), "KS", role, **more)


def ids(*numbers: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=each) for each in numbers)


def test_a_third_entry_keeps_two_apart() -> None:
    people = [entry(1, 1), entry(2, 2), entry(3, 2, born=born(1950)), entry(4, 4, born=born(1970))]
    joining = Joining(people, LIMITS)
    assert joining.may_join(*ids(1, 2))
    assert joining.may_join(*ids(1, 4))
    assert not joining.may_join(*ids(2, 4))  # of 2 another entry says 1950
    assert joining.join(*ids(1, 2))
    assert not joining.may_join(*ids(1, 4))  # and now of 1 as well
    assert not joining.join(*ids(1, 3))  # they are one already


def test_what_a_human_parted_stays_apart_by_whatever_way() -> None:
    people = [entry(1, 1), entry(2, 2), entry(3, 3)]
    joining = Joining(people, LIMITS, {frozenset(ids(1, 3))})
    assert joining.join(*ids(1, 2))
    assert not joining.join(*ids(2, 3))


def test_nobody_becomes_his_own_forebear() -> None:
    people = [entry(1, 1), entry(2, 2), entry(3, 3)]
    below = {UUID(int=1): {UUID(int=3)}}
    assert not Joining(people, LIMITS, (), below).may_join(*ids(1, 3))
    joining = Joining(people, LIMITS, (), below)
    assert joining.join(*ids(2, 3))
    assert not joining.join(*ids(2, 1))


def test_who_is_not_known_is_not_joined() -> None:
    assert not Joining([entry(1, 1)], LIMITS).may_join(*ids(1, 9))


@pytest.mark.parametrize(("seen", "of", "low", "high"), [(60, 1000, 0.048, 0.05), (60, 60, 0, 0), (0, 5, 1, 1)])
def test_what_a_sample_without_a_wrong_one_leaves_likely(seen: int, of: int, low: float, high: float) -> None:
    assert low <= link_bulks.most_wrong(seen, of) <= high


def test_lives_of_bulks_and_searches() -> None:
    assert link_bulks.next_state("sampling", "start") == "waiting"
    assert link_searches.next_state("stopped", "resume") == "waiting"
    for rules, code in ((link_bulks, "bulk_not_in_state"), (link_searches, "search_not_in_state")):
        with pytest.raises(RuleBroken) as refused:
            rules.next_state("done", "start")
        assert refused.value.code == code
