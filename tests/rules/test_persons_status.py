"""Marital and life status are derived: divorce, death, annulment, declarations and their revocation."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from uuid import UUID

import pytest

from hotich.persons.rules.facts import UNKNOWN, Days, Note, proof_of
from hotich.persons.rules.status import Event, life_status, marital_status
from hotich.registers.types import version_for

A, B, C = (UUID(int=number) for number in (1, 2, 3))
FIRST, SECOND, DEATH, COURT = (UUID(int=number) for number in (11, 12, 13, 14))


def on(year: int, month: int = 6, day: int = 15) -> Days:
    return Days(date(year, month, day), date(year, month, day))


def in_year(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 12, 31))


def married(year: int, spouse: UUID = B, record: UUID = FIRST) -> Event:
    return Event("married", on(year), spouse, record)


def status(
    *events: Event, spouses: dict[UUID, list[Event]] | None = None, day: date | None = None, **more: bool
) -> str:
    """The code, which must be the same for every order of the events."""
    codes = {marital_status(order, spouses or {}, day, **more).code for order in permutations(events)}
    assert len(codes) == 1
    return codes.pop()


def test_never_married_is_certain_only_where_coverage_is_known() -> None:
    assert status() == "U"
    assert status(coverage_known=True) == "S"


def test_a_marriage_lasts_until_something_ends_it() -> None:
    assert status(married(2000)) == "M"
    assert status(married(2000), day=date(1999, 1, 1)) == "U"


def test_a_divorce_counts_from_its_day_and_only_for_the_marriage_before_it() -> None:
    divorced = Event("divorced", on(2005), B, COURT)
    assert status(married(2000), divorced) == "D"
    assert status(married(2000), divorced, day=date(2003, 1, 1)) == "M"
    assert status(married(2000), divorced, married(2010, B, SECOND)) == "M"
    assert status(married(2000), divorced, married(2010, C, SECOND)) == "M"


def test_a_divorce_without_a_known_marriage_still_tells_that_there_was_one() -> None:
    assert status(Event("divorced", on(2005), B, COURT)) == "D"


def test_an_annulled_marriage_is_as_if_it_had_never_been() -> None:
    annulled = Event("marriage_annulled", on(2012), C, SECOND)
    assert status(married(2010, C, SECOND), annulled) == "U"
    assert status(married(2010, C, SECOND), annulled, coverage_known=True) == "S"
    divorced = Event("divorced", on(2005), B, COURT)
    assert status(married(2000), divorced, married(2010, C, SECOND), annulled) == "D"


def test_the_death_of_the_spouse_widows_and_a_new_marriage_ends_that() -> None:
    dead = {B: [Event("died", on(2015), None, DEATH)]}
    assert status(married(2000), spouses=dead) == "W"
    assert status(married(2000), spouses=dead, day=date(2014, 1, 1)) == "M"
    assert status(married(2000), married(2018, C, SECOND), spouses=dead) == "M"
    # divorced before the other one died: not widowed
    assert status(married(2000), Event("divorced", on(2005), B, COURT), spouses=dead) == "D"


def test_a_marriage_revives_when_a_declaration_of_death_is_revoked_unless_there_was_another() -> None:
    back = {B: [Event("declared_dead", on(2010), None, DEATH), Event("death_revoked", on(2014), None, DEATH)]}
    assert status(married(2000), spouses=back) == "M"
    assert status(married(2000), spouses=back, day=date(2012, 1, 1)) == "W"
    result = marital_status([married(2000), married(2012, C, SECOND)], back)
    assert [item.spouse for item in result.marriages if not item.ended_by] == [C]
    # married again only after the other one had come back: the first marriage was in force
    late = marital_status([married(2000), married(2016, C, SECOND)], back)
    assert len([item for item in late.marriages if not item.ended_by]) == 2


def test_who_comes_back_finds_the_marriage_ended_if_the_other_has_married_again() -> None:
    own = [married(2000), Event("declared_dead", on(2010), None, DEATH), Event("death_revoked", on(2014), None, DEATH)]
    other = {B: [Event("married", on(2000), A, FIRST), Event("married", on(2012), C, SECOND)]}
    assert marital_status(own, other).code == "W"
    assert marital_status(own, {B: [Event("married", on(2000), A, FIRST)]}).code == "M"
    annulled = Event("marriage_annulled", on(2013), C, SECOND)
    assert marital_status(own, {B: [*other[B], annulled]}).code == "M"


def test_two_entries_of_one_marriage_are_one_marriage() -> None:
    found = marital_status([married(2000), married(2000, B, SECOND)], {}).marriages
    assert len(found) == 1
    assert set(found[0].records) == {FIRST, SECOND}


def test_partial_dates_end_a_marriage_unless_they_certainly_came_before_it() -> None:
    assert status(married(2000), Event("divorced", in_year(2000), B, COURT)) == "D"
    assert status(married(2000), Event("divorced", UNKNOWN, B, COURT)) == "D"
    assert status(married(2000), Event("divorced", in_year(1999), B, COURT)) == "M"


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([], "alive"),
        ([Event("died", on(2015))], "dead"),
        ([Event("declared_dead", on(2010))], "declared_dead"),
        ([Event("declared_dead", on(2010)), Event("death_revoked", on(2014))], "alive"),
        ([Event("declared_dead", on(2010)), Event("death_revoked", on(2014)), Event("declared_dead", on(2016))],
         "declared_dead"),
        ([Event("declared_missing", on(2010))], "missing"),
        ([Event("declared_missing", on(2010)), Event("missing_revoked", UNKNOWN)], "alive"),
        ([Event("declared_missing", on(2010)), Event("died", on(2012))], "dead"),
    ],
)  # fmt: skip
def test_life_status(events: list[Event], code: str) -> None:
    assert {life_status(order).code for order in permutations(events)} == {code}


@pytest.mark.parametrize(
    ("letters", "values", "notes", "sexes", "edges", "facts"),
    [
        ("KS", {"child_birth_date": "01/02/2000"}, [], {"child": "1", "father": "1"}, {("child", "father", "father")},
         {("child", "born")}),
        ("KS", {"child_birth_date": "2000", "missing_declaration_status": "1"}, [Note("declaration_revoked")],
         {"child": "1"}, set(), {("child", "born"), ("child", "declared_missing"), ("child", "missing_revoked")}),
        ("KS", {}, [Note("declared_dead"), Note("declaration_revoked")], {"child": "1"}, set(),
         {("child", "born"), ("child", "declared_dead"), ("child", "death_revoked")}),
        ("KH", {"marriage_status": "Đã ly hôn"}, [], {"husband": "1", "wife": "2"}, {("husband", "wife", "spouse")},
         {("husband", "married"), ("wife", "married"), ("husband", "divorced"), ("wife", "divorced")}),
        ("KH", {}, [Note("annulment")], {"husband": "1"}, set(),
         {("husband", "married"), ("husband", "marriage_annulled")}),
        ("KT", {"death_date": "01/02/2010"}, [], {"deceased": "1"}, set(), {("deceased", "died")}),
        ("KT", {"death_declaration_status": "2"}, [], {"deceased": "1"}, set(),
         {("deceased", "declared_dead"), ("deceased", "death_revoked")}),
        ("CMC", {}, [], {"parent": "2", "child": ""}, {("child", "parent", "mother")}, set()),
        ("CMC", {}, [], {"parent": "", "child": ""}, set(), set()),
        ("CN", {"giving_party_relationship": "Bà ngoại"}, [], {"adoptee": "", "giving_mother": "2"}, set(), set()),
        ("CN", {"giving_party_relationship": "Cha mẹ đẻ"}, [],
         {"adoptee": "", "giving_mother": "2", "adoptive_mother": "2"},
         {("adoptee", "giving_mother", "mother"), ("adoptee", "adoptive_mother", "adoptive_mother")}, set()),
        ("GH", {}, [Note("guardianship_end")], {"guardian": "", "ward": ""}, {("ward", "guardian", "guardian")}, set()),
        ("LH", {"dissolution_type": "2"}, [], {"husband": "1", "wife": "2"}, set(),
         {("husband", "marriage_annulled"), ("wife", "marriage_annulled")}),
        ("HN", {}, [], {"subject": "1"}, set(), set()),
        ("TD", {}, [], {"subject": "1"}, set(), set()),
    ],
)  # fmt: skip
def test_what_each_register_proves(letters, values, notes, sexes, edges, facts) -> None:  # type: ignore[no-untyped-def]
    proof = proof_of(version_for(letters, "L2014"), values, in_year(2018), notes, sexes)
    assert {(edge.person, edge.relative, edge.kind) for edge in proof.edges} == edges
    assert {(fact.role, fact.kind) for fact in proof.facts} == facts
