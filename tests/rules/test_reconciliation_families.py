"""What a family forbids: years between parents and children, death, one mother; what two entries would mean."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotich.matching.scorer import Evidence
from hotich.reconciliation.rules.families import (
    Limits,
    Member,
    Span,
    faults_of,
    kind_of,
    points_to_person,
    spouse_evidence,
    sure_by_rule,
    told_birth,
)

LIMITS = Limits(12, 60)


def year(number: int) -> Span:
    return Span(date(number, 1, 1), date(number, 12, 31))


def day(*parts: int) -> Span:
    return Span(date(*parts), date(*parts))


def member(number: int, role: str, register: str = "KS", **more: Any) -> Member:
    return Member(UUID(int=number), UUID(int=number), UUID(int=100 + number), register, role, **more)


@pytest.mark.parametrize(
    ("parent", "child", "possible"),
    [
        (year(1970), year(1981), False),  # eleven years at most, and a day less than twelve
        (year(1970), year(1982), True),
        (year(1970), year(2031), True),  # sixty years and some days
        (year(1970), year(2032), False),
        (day(1970, 6, 1), day(1982, 5, 1), False),
        (day(1970, 6, 1), day(1982, 6, 2), True),
        (Span(), year(1982), True),
    ],
)
def test_a_parent_is_twelve_to_sixty_years_older(parent: Span, child: Span, possible: bool) -> None:
    mother = member(1, "mother", child=child)
    bride = member(2, "wife", "KH", born=parent)
    assert (faults_of(mother, bride, LIMITS) == ()) is possible
    assert (faults_of(bride, mother, LIMITS) == ()) is possible


def test_sex_birth_and_one_entry_keep_apart() -> None:
    assert faults_of(member(1, "father", sex="1"), member(2, "wife", "KH", sex="2"), LIMITS) == ("sex",)
    born = [member(n, "father", born=year(1970 + n)) for n in (1, 2)]
    assert faults_of(*born, LIMITS) == ("birth",)
    one = Member(UUID(int=1), UUID(int=1), UUID(int=9), "KH", "husband")
    other = Member(UUID(int=2), UUID(int=2), UUID(int=9), "KH", "wife")
    assert faults_of(one, other, LIMITS) == ("same_record",)


def test_who_died_bears_no_child_later_but_a_father_may_have_died_before_the_birth() -> None:
    dead = member(1, "deceased", "KT", died=day(2001, 1, 1))
    assert faults_of(dead, member(2, "mother", child=day(2001, 1, 2)), LIMITS) == ("died_before",)
    assert faults_of(dead, member(3, "father", child=day(2001, 10, 1)), LIMITS) == ()
    assert faults_of(dead, member(4, "father", child=day(2001, 12, 1)), LIMITS) == ("died_before",)


def test_a_child_has_one_mother_and_a_mother_no_two_births_at_once() -> None:
    births = [
        member(n, "child", born=day(2001, 1, 5), mother=name) for n, name in ((1, "Lê Thị Cúc"), (2, "Vũ Mai An"))
    ]
    assert faults_of(*births, LIMITS) == ("two_mothers",)
    alike = [member(n, "child", mother=name) for n, name in ((1, "Lê Thị Cúc"), (2, "Lê Thị Cục"))]
    assert faults_of(*alike, LIMITS) == ()
    near = [member(n, "mother", child=day(2001, month, 5)) for n, month in ((1, 1), (2, 4))]
    assert faults_of(*near, LIMITS) == ("births_too_close",)
    twins = [member(n, "mother", child=day(2001, 1, d)) for n, d in ((1, 5), (2, 6))]
    assert faults_of(*twins, LIMITS) == ()


def test_what_two_entries_would_mean() -> None:
    assert kind_of(member(1, "child"), member(2, "child")) == "duplicate_record"
    assert kind_of(member(1, "father"), member(2, "husband", "KH")) == "parent"
    assert kind_of(member(1, "father"), member(2, "father")) == "same_person"
    wives = ("Lê Thị Cúc", "Le Thi Cuc", "Vũ Mai An")
    couples = [member(n, "husband", "KH", spouse=wife) for n, wife in enumerate(wives, 1)]
    assert kind_of(couples[0], couples[1]) == "duplicate_record"
    assert kind_of(couples[0], couples[2]) == "same_person"  # married twice


def test_the_name_of_the_spouse_speaks_where_no_birth_is_told() -> None:
    fathers = [member(n, "father", spouse=name) for n, name in ((1, "Lê Thị Cúc"), (2, "Lê Thị Cúc"), (3, ""))]
    same, unknown = spouse_evidence(*fathers[:2]), spouse_evidence(fathers[0], fathers[2])
    assert same is not None
    assert unknown is not None
    assert (same.level, unknown.level, unknown.bits) == ("exact", "unknown", 0.0)
    assert spouse_evidence(fathers[0], member(4, "deceased", "KT")) is None
    name = Evidence("name", "exact", 9.0)
    assert points_to_person(False, [name, same])
    assert not points_to_person(False, [name, unknown])


def test_a_rule_joins_only_what_agrees_in_everything_and_no_entry_made_twice() -> None:
    whole = [Evidence(field, "exact", 5.0) for field in ("name", "birth", "spouse")]
    assert sure_by_rule("parent", 25.0, None, whole, 20)
    assert not sure_by_rule("duplicate_record", 25.0, None, whole, 20)
    assert not sure_by_rule("parent", 25.0, 4.0, whole, 20)  # somebody else comes near
    assert not sure_by_rule("parent", 19.0, None, whole, 20)
    assert not sure_by_rule("parent", 25.0, None, whole[:2], 20)


@given(st.lists(st.builds(
    member, st.integers(1, 50), st.sampled_from(["child", "father", "mother", "husband", "wife", "deceased"]),
    sex=st.sampled_from(["", "1", "2"]), born=st.integers(1900, 2020).map(year),
    child=st.integers(1900, 2020).map(year), died=st.integers(1900, 2020).map(year),
), min_size=2, max_size=2))  # fmt: skip
def test_the_order_of_two_never_matters(pair: list[Member]) -> None:
    assert faults_of(pair[0], pair[1], LIMITS) == faults_of(pair[1], pair[0], LIMITS)
    assert kind_of(pair[0], pair[1]) == kind_of(pair[1], pair[0])


def test_two_births_told_as_the_first_of_january_say_no_more_than_their_year() -> None:
    given_birth = [Evidence("name", "exact", 8.0), Evidence("birth", "part_unknown", 2.0)]
    for one, other, level in (
        (day(1970, 1, 1), day(1970, 1, 1), "january"), (day(1970, 1, 1), year(1970), "part_unknown"),
        (day(1970, 3, 5), day(1970, 3, 5), "part_unknown"), (Span(), Span(), "part_unknown"),
    ):  # fmt: skip
        told = told_birth(given_birth, member(1, "husband", born=one), member(2, "deceased", born=other))
        assert [each.level for each in told] == ["exact", level]
        assert not sure_by_rule("same_person", 30, None, [*told, Evidence("spouse", "exact", 9.0)], 20)
    assert [day(1970, 1, 1).is_first_of_january, year(1970).is_first_of_january] == [True, False]
