"""Who is who, on paper: identity numbers join, sex and birth and decisions part, order never matters."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from hotich.persons.rules.linking import Decision, Somebody, compatible, link

IDS = [UUID(int=number) for number in range(1, 9)]


def year(number: int) -> dict[str, date]:
    return {"earliest": date(number, 1, 1), "latest": date(number, 12, 31)}


def persons(*people: Somebody, decisions: tuple[Decision, ...] = ()) -> dict[int, int]:
    return {item.participant_id.int: item.person_id.int for item in link(people, decisions)}


def test_one_number_makes_one_person_named_after_the_smallest_participant() -> None:
    a, b, c = (Somebody(IDS[n], personal_id_key="k") for n in (2, 0, 4))
    assert persons(a, b, c) == {3: 1, 1: 1, 5: 1}
    assert {item.rule for item in link([a, b, c])} == {"personal_id"}


def test_nobody_is_linked_without_a_number() -> None:
    assert persons(Somebody(IDS[0]), Somebody(IDS[1])) == {1: 1, 2: 2}
    assert {item.rule for item in link([Somebody(IDS[0])])} == {"alone"}


def test_sex_birth_and_the_same_record_forbid_a_link() -> None:
    man, woman = Somebody(IDS[0], "k", sex="1"), Somebody(IDS[1], "k", sex="2")
    assert persons(man, woman) == {1: 1, 2: 2}
    assert compatible(man, Somebody(IDS[2], "k", sex="3"))
    assert persons(Somebody(IDS[0], "k", **year(1970)), Somebody(IDS[1], "k", **year(1975))) == {1: 1, 2: 2}
    assert persons(Somebody(IDS[0], "k", **year(1970)), Somebody(IDS[1], "k")) == {1: 1, 2: 1}
    record = UUID(int=99)
    assert persons(Somebody(IDS[0], "k", record_id=record), Somebody(IDS[1], "k", record_id=record)) == {1: 1, 2: 2}


def test_somebody_unknown_does_not_join_two_who_cannot_be_one() -> None:
    man, nobody, woman = Somebody(IDS[0], "k", sex="1"), Somebody(IDS[1], "k"), Somebody(IDS[2], "k", sex="2")
    found = persons(man, nobody, woman)
    assert found[1] != found[3]
    assert found[2] in (found[1], found[3])


def test_a_decision_joins_without_a_number_and_parts_in_spite_of_one() -> None:
    same = Decision(IDS[0], IDS[1], True)
    assert persons(Somebody(IDS[0]), Somebody(IDS[1]), decisions=(same,)) == {1: 1, 2: 1}
    apart = Decision(IDS[0], IDS[1], False)
    assert persons(Somebody(IDS[0], "k"), Somebody(IDS[1], "k"), decisions=(apart,)) == {1: 1, 2: 2}


def test_a_number_of_a_document_is_a_little_less_sure() -> None:
    found = link([Somebody(IDS[0], id_number_key="c"), Somebody(IDS[1], id_number_key="c")])
    assert {(item.rule, item.certainty) for item in found} == {("id_number", 0.95)}


PEOPLE = st.lists(
    st.builds(
        Somebody,
        id=st.sampled_from(IDS),
        personal_id_key=st.sampled_from(["", "p", "q"]),
        id_number_key=st.sampled_from(["", "c", "d"]),
        sex=st.sampled_from(["", "1", "2", "3"]),
        earliest=st.sampled_from([date(1970, 1, 1), date(1970, 6, 1)]),
        latest=st.sampled_from([date(1970, 5, 31), date(1970, 12, 31)]),
    ),
    unique_by=lambda person: person.id,
    max_size=8,
)
DECISIONS = st.lists(st.builds(Decision, st.sampled_from(IDS), st.sampled_from(IDS), st.booleans()), max_size=3)


@settings(max_examples=200)
@given(PEOPLE, DECISIONS, st.randoms())
def test_no_order_changes_anything_and_nobody_incompatible_is_joined_by_a_number(people, decisions, chance) -> None:  # type: ignore[no-untyped-def]
    decisions = [each for each in decisions if each.first != each.second]
    expected = link(people, decisions)
    mixed, mixed_decisions = list(people), list(decisions)
    chance.shuffle(mixed)
    chance.shuffle(mixed_decisions)
    assert link(mixed, mixed_decisions) == expected
    if not decisions:
        by_person: dict[UUID, list[Somebody]] = {}
        for item in expected:
            by_person.setdefault(item.person_id, []).append(next(p for p in people if p.id == item.participant_id))
        for members in by_person.values():
            assert all(compatible(a, b) for a in members for b in members if a is not b)
            assert min(member.id for member in members) in by_person
