"""Reads: who in one's offices may be the same person as these participants, by the keys of search, and what is known.

Equality on indexed keys only, so that row-level security leaves the indexes in use (decision 0010). Who is restricted,
and adoptions, take no part: a proposal would tell of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from hotich.accounts.queries import actors_of, officer_by_login
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import Kinship, LinkDecision, PersonLink, StatusFact
from hotich.reconciliation.rules.families import SPOUSE_OF, Limits, Member, Span
from hotich.reconciliation.rules.joining import Joining
from hotich.records.models import Participant, RecordState
from hotich.records.rules.restricted import reveals_adoption
from hotich.registers.types import REGISTER_TYPES

BOUND = 40  # candidates of one participant by one key: more share a common name and nothing else
NOT_COMPARED = ("informant",)
CLOSED = [letters for letters in REGISTER_TYPES if reveals_adoption(letters)]
_OPEN = "not q.restricted and q.role <> 'informant' and q.id <> s.id and q.record_id <> s.record_id"
_COUPLE = "('father', 'mother', 'husband', 'wife')"
# name and year (a year more or less), the very day, and where no birth is told the name together with the spouse's
_CANDIDATES = f"""
    select s.id, c.id from unnest(%(seeds)s::uuid[]) as seed(id) join participant s on s.id = seed.id
    cross join lateral (
        (select q.id from participant q where q.keyset = s.keyset and s.keyset <> ''
           and q.birth_year = any (array[s.birth_year - 1, s.birth_year, s.birth_year + 1]) and {_OPEN} limit {BOUND})
        union
        (select q.id from participant q where q.birth_year = s.birth_year and q.birth_md = s.birth_md
           and {_OPEN} limit {BOUND})
        union
        (select q.id from participant q where q.keyset = s.keyset and s.keyset <> '' and s.role in {_COUPLE}
           and q.role in {_COUPLE} and (q.birth_year is null or s.birth_year is null) and {_OPEN}
           and exists (
             select from participant a join participant b on b.record_id = q.record_id and b.keyset = a.keyset
             where a.record_id = s.record_id and a.id <> s.id and b.id <> q.id and a.keyset <> ''
               and a.role in {_COUPLE} and b.role in {_COUPLE})
         limit {BOUND})
    ) c
"""


@dataclass(frozen=True, slots=True)
class Known:
    """Participants by id as the constraints see them, with the facts in the form the scorer takes."""

    members: Mapping[UUID, Member]
    facts: Mapping[UUID, Mapping[str, Any]]


def compared(office_id: int, book_id: UUID | None) -> QuerySet[Participant]:
    """The participants a search for links begins at: of an office, or of one of its books, in the order of their ids."""
    rows = Participant.objects.filter(
        origin_office_id=office_id, record__state=RecordState.IN_FORCE, restricted=False
    ).exclude(role__in=NOT_COMPARED)
    rows = rows.exclude(record__register_type__in=CLOSED).exclude(search_key="")
    return (rows.filter(record__book_id=book_id) if book_id else rows).order_by("id")


def candidate_pairs(seeds: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Participant → others that share a key with it, of the offices in scope."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    if seeds:
        with connection.cursor() as cursor:
            cursor.execute(_CANDIDATES, {"seeds": list(seeds)})
            for seed, other in cursor.fetchall():
                found[seed].add(other)
    return found


def known_of(participants: Collection[UUID]) -> Known:
    """What is known of these participants; those whose record is not in force, or closed to proposals, are left out."""
    wanted = (
        Participant.objects.filter(id__in=participants, restricted=False, record__state=RecordState.IN_FORCE)
        .exclude(record__register_type__in=CLOSED)
        .select_related("record")
    )
    people = {each.id: each for each in wanted}
    entries: dict[UUID, dict[str, Participant]] = defaultdict(dict)
    for each in Participant.objects.filter(record_id__in={person.record_id for person in people.values()}):
        entries[each.record_id][each.role] = each
    links = PersonLink.objects.filter(participant_id__in=people)
    persons = dict(links.values_list("participant_id", "person_id"))
    died = _deaths(set(persons.values()))
    members, facts = {}, {}
    for key, person in people.items():
        if key in persons:
            entry = entries[person.record_id]
            members[key] = _member(person, persons[key], entry, died.get(persons[key], Span()))
            facts[key] = facts_of(person, entry)
    return Known(members, facts)


def _member(person: Participant, who: UUID, entry: Mapping[str, Participant], died: Span) -> Member:
    def name(role: str) -> str:
        return entry[role].full_name if role in entry else ""

    child = entry.get("child")
    is_parent = person.role in ("father", "mother", "parent") and child is not None
    return Member(
        id=person.id,
        person=who,
        record_id=person.record_id,
        register=person.record.register_type,
        role=person.role,
        sex=person.sex,
        born=Span(person.birth_earliest, person.birth_latest),
        child=Span(child.birth_earliest, child.birth_latest) if is_parent and child is not None else Span(),
        died=died,
        spouse=name(SPOUSE_OF.get(person.role, "")),
        mother=name("mother") if person.role == "child" else "",
        father=name("father") if person.role == "child" else "",
    )


def facts_of(person: Participant, entry: Mapping[str, Participant]) -> dict[str, Any]:
    """The facts the scorer compares. Where somebody is registered is left out: within one office everybody agrees."""
    parents = {
        f"{role}_name": entry[role].full_name or None
        for role in ("father", "mother")
        if person.role == "child" and role in entry
    }
    return {
        "full_name": person.full_name or None,
        "birth_date": _iso(person),
        "sex": {"1": "male", "2": "female"}.get(person.sex),
        "personal_id": person.personal_id or None,
        **parents,
    }


def _iso(person: Participant) -> str | None:
    """The birth as far as it is exact: a day, a month, a year; an estimate over years tells none, the 1st of January
    its year: namesakes who agree only in that are not one person for it."""
    first, last = person.birth_earliest, person.birth_latest
    if first is None or last is None or first.year != last.year:
        return None
    if Span(first, last).is_first_of_january:
        return f"{first:%Y}"
    if first == last:
        return first.isoformat()
    return f"{first:%Y-%m}" if first.month == last.month else f"{first:%Y}"


def _deaths(persons: Collection[UUID]) -> dict[UUID, Span]:
    rows = StatusFact.objects.filter(person_id__in=persons, kind=StatusFact.Kind.DIED)
    return {row.person_id: Span(row.earliest, row.latest) for row in rows}


def descendants_of(persons: Collection[UUID], depth: int = 2) -> dict[UUID, set[UUID]]:
    """Person → children and grandchildren, as concluded now from the records in scope."""
    found: dict[UUID, set[UUID]] = {each: set() for each in persons}
    frontier = {each: {each} for each in persons}
    for _ in range(depth):
        above = {one for ones in frontier.values() for one in ones}
        below: dict[UUID, set[UUID]] = defaultdict(set)
        edges = Kinship.objects.filter(relative_id__in=above, kind__in=("father", "mother"))
        for child, parent in edges.values_list("person_id", "relative_id"):
            below[parent].add(child)
        frontier = {
            each: {child for one in ones for child in below[one]} - found[each] for each, ones in frontier.items()
        }
        for each, children in frontier.items():
            found[each] |= children
    return found


def participants_of_persons(persons: Collection[UUID]) -> dict[UUID, UUID]:
    """Participant → person, for everybody these persons are made of."""
    return dict(PersonLink.objects.filter(person_id__in=persons).values_list("participant_id", "person_id"))


def parted_persons(participants: Mapping[UUID, UUID]) -> set[frozenset[UUID]]:
    """Pairs of these persons that a human decided about already."""
    rows = LinkDecision.objects.filter(Q(first_id__in=participants) | Q(second_id__in=participants))
    pairs = rows.values_list("first_id", "second_id")
    return {
        frozenset((participants[first], participants[second]))
        for first, second in pairs
        if first in participants and second in participants
    }


def joining_of(participants: Collection[UUID], allowed: Limits) -> Joining:
    """These participants' persons with all their entries in scope, to be asked whether two of them may be one."""
    persons = set(PersonLink.objects.filter(participant_id__in=participants).values_list("person_id", flat=True))
    entries = participants_of_persons(persons)
    parted = LinkDecision.objects.filter(Q(first_id__in=entries) | Q(second_id__in=entries), same=False)
    pairs = {frozenset(pair) for pair in parted.values_list("first_id", "second_id")}
    return Joining(known_of(entries).members.values(), allowed, pairs, descendants_of(persons))


def searcher_at(login: str, office_id: int) -> Actor:
    """The officer who asked for a search, at a post that still may. Raises RuleBroken not_allowed."""
    able = [
        each
        for each in actors_of(officer_by_login(login))
        if office_id in each.office_ids and each.may("person.decide_links")
    ]
    if not able:
        raise RuleBroken("not_allowed")
    return able[0]
