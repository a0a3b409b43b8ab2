"""Reads: one person as an officer may see it – facts with their sources, kinship, derived statuses and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import Kinship, Person, PersonLink, PopulationNumber, StatusFact
from hotich.persons.queries.lookups import facts_elsewhere
from hotich.persons.rules.facts import Days
from hotich.persons.rules.status import Event, Status, life_status, marital_status
from hotich.records.models import Participant, Record
from hotich.records.rules.participants import birth_shown
from hotich.records.rules.restricted import reveals_adoption, sees_restricted

PURPOSE = "person_profile"


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody in the family, as the record that proves it names him or her."""

    person_id: UUID
    kind: str  # father … guardian, child, adoptive_child, ward, sibling
    name: str
    birth_text: str
    edge: Kinship | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A person. `links` are the participants one may see, the newest record last."""

    person: Person
    links: list[PersonLink]
    relatives: list[Relative]
    life: Status
    marital: Status
    records: dict[UUID, Record]
    hides: bool
    numbers: list[PopulationNumber]  # taken over from the population database for these participants, in force


def current_person(person_id: UUID) -> Person:
    """The person of this id, or who it is now. Raises RuleBroken person_unknown."""
    seen: set[UUID] = set()
    person = Person.objects.filter(id=person_id).first()
    while person is not None and person.merged_into_id is not None and person.id not in seen:
        seen.add(person.id)
        person = Person.objects.filter(id=person.merged_into_id).first()
    if person is None:
        raise RuleBroken("person_unknown")
    return person


def person_profile(person_id: UUID, *, actor: Actor, at: datetime) -> Profile:
    """Everything about a person. Facts of other offices come through the audited look-up.

    Raises RuleBroken not_allowed, person_unknown.
    """
    if not actor.may("person.read"):
        raise RuleBroken("not_allowed")
    person = current_person(person_id)
    sees = sees_restricted(actor)
    everything = list(
        PersonLink.objects.filter(person=person)
        .select_related("participant", "participant__record", "participant__record__origin_office")
        .order_by("participant__record__registered_earliest", "participant__record__created_at")
    )
    links = [link for link in everything if sees or _open(link.participant)]
    if not links:
        raise RuleBroken("person_unknown")
    life, marital = statuses_of(person.id, actor=actor, at=at)
    proving = {*life.records, *marital.records, *(each for item in marital.marriages for each in item.records)}
    return Profile(
        person=person,
        links=links,
        relatives=relatives_of(person.id, sees=sees),
        life=life,
        marital=marital,
        records=Record.objects.select_related("origin_office").in_bulk(proving),
        hides=len(links) < len(everything),
        numbers=population_numbers({link.participant_id for link in links}),
    )


def population_numbers(participants: Collection[UUID]) -> list[PopulationNumber]:
    """The numbers in force that were taken over from the population database for these participants."""
    rows = PopulationNumber.objects.filter(participant_id__in=participants, withdrawn_at__isnull=True)
    return list(rows.select_related("record", "participant").order_by("taken_at", "id"))


def _open(participant: Participant) -> bool:
    return not participant.restricted and not reveals_adoption(participant.record.register_type)


def events_of(persons: Collection[UUID], *, actor: Actor, at: datetime) -> dict[UUID, list[Event]]:
    """The facts about these persons, of one's own offices and of others."""
    found: dict[UUID, list[Event]] = defaultdict(list)
    for fact in StatusFact.objects.filter(person_id__in=persons):
        days = Days(fact.earliest, fact.latest)
        found[fact.person_id].append(Event(fact.kind, days, fact.spouse_id, fact.record_id))
    for row in facts_elsewhere(persons, known=actor.office_ids, actor=actor, at=at, purpose=PURPOSE):
        found[row.person].append(Event(row.kind, Days(row.earliest, row.latest), row.spouse, row.record))
    return found


def statuses_of(person_id: UUID, *, actor: Actor, at: datetime) -> tuple[Status, Status]:
    """Life and marital status on the day of `at`. Nobody is called unmarried: coverage is not known yet."""
    own = events_of([person_id], actor=actor, at=at)[person_id]
    spouses = {event.spouse for event in own if event.spouse is not None}
    of_spouses = events_of(spouses, actor=actor, at=at) if spouses else {}
    today = at.date()
    return life_status(own, today), marital_status(own, of_spouses, today)


FORWARD = {"father": "father", "mother": "mother", "adoptive_father": "adoptive_father",
           "adoptive_mother": "adoptive_mother", "spouse": "spouse", "guardian": "guardian"}  # fmt: skip
BACKWARD = {"father": "child", "mother": "child", "adoptive_father": "adoptive_child",
            "adoptive_mother": "adoptive_child", "spouse": "spouse", "guardian": "ward"}  # fmt: skip
ORDER = ("father", "mother", "adoptive_father", "adoptive_mother", "spouse", "child", "adoptive_child", "sibling",
         "guardian", "ward")  # fmt: skip


def relatives_of(person_id: UUID, *, sees: bool) -> list[Relative]:
    """The family by what each one is to the person; siblings are derived from common parents."""
    edges = _edges(Q(person_id=person_id) | Q(relative_id=person_id), sees)
    pairs: dict[tuple[UUID, str], Kinship] = {}
    for edge in edges:
        forward = edge.person_id == person_id
        other = edge.relative_id if forward else edge.person_id
        kind = FORWARD[edge.kind] if forward else BACKWARD[edge.kind]
        kept = pairs.get((other, kind))
        # an edge in force says more than one that has ended; else the first record counts
        if kept is None or (kept.ended_by and not edge.ended_by):
            pairs[other, kind] = edge
    names = names_of_persons({other for other, _kind in pairs})
    found = [Relative(other, kind, *names.get(other, ("", "")), edge) for (other, kind), edge in pairs.items()]
    found += _siblings(person_id, {other for other, kind in pairs if kind in ("father", "mother")}, sees)
    return sorted(
        found, key=lambda item: (ORDER.index(item.kind), str(item.edge.valid_from if item.edge else ""), item.name)
    )


def _edges(condition: Q, sees: bool) -> list[Kinship]:
    edges = Kinship.objects.filter(condition).select_related("record").order_by("valid_from", "id")
    return list(edges if sees else edges.filter(restricted=False))


def _siblings(person_id: UUID, parents: Iterable[UUID], sees: bool) -> list[Relative]:
    edges = _edges(Q(relative_id__in=list(parents), kind__in=["father", "mother"]), sees)
    others = {edge.person_id for edge in edges} - {person_id}
    names = names_of_persons(others)
    return [Relative(other, "sibling", *names.get(other, ("", "")), None) for other in others]


def names_of_persons(persons: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and birth of persons as the newest record one may see has them."""
    links = (
        PersonLink.objects.filter(person_id__in=persons, participant__restricted=False)
        .select_related("participant")
        .order_by("participant__record__registered_earliest", "participant_id")
    )
    found: dict[UUID, tuple[str, str]] = {}
    for link in links:
        one = link.participant
        name, birth = one.full_name, birth_shown(one.birth_text, one.birth_earliest, one.birth_latest)
        before = found.get(link.person_id, ("", ""))
        found[link.person_id] = (name or before[0], birth if len(birth) >= len(before[1]) else before[1])
    return found


def persons_of_record(record_id: UUID, actor: Actor) -> list[PersonLink]:
    """The persons an entry's participants are, those one may see."""
    links = PersonLink.objects.filter(participant__record_id=record_id).select_related("participant")
    if not sees_restricted(actor):
        links = links.filter(participant__restricted=False)
    return list(links.order_by("participant__role"))
