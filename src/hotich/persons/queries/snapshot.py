"""Reads: what is concluded about the people of some records at one moment, so that two moments can be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hotich.kernel.actor import Actor
from hotich.persons.models import Kinship, PersonLink
from hotich.persons.queries.profile import statuses_of
from hotich.records.models import Participant
from hotich.records.rules.participants import birth_shown
from hotich.records.rules.restricted import reveals_adoption, sees_restricted

MOST = 60  # persons compared; a record touches its own people and their nearest


@dataclass(frozen=True, slots=True)
class PersonState:
    """A person as concluded. `name` "" and no birth when none of his or her entries may be seen."""

    participants: frozenset[UUID]
    records: int
    name: str
    birth: str
    life: str
    marital: str


@dataclass(frozen=True, slots=True)
class EdgeState:
    """An edge of kinship, in words of names."""

    kind: str
    person: str
    relative: str
    ended_by: str
    valid_to: date | None
    record_id: UUID


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Persons by id, who each participant is, edges by id; `hidden`: edges one may not see."""

    persons: Mapping[UUID, PersonState]
    of_participant: Mapping[UUID, UUID]
    edges: Mapping[UUID, EdgeState]
    hidden: frozenset[UUID]


def people_around(record_ids: Collection[UUID]) -> set[UUID]:
    """The participants of everybody in these records and of their nearest."""
    own = set(
        PersonLink.objects.filter(participant__record_id__in=record_ids).values_list("person_id", flat=True).distinct()
    )
    pairs = Kinship.objects.filter(Q(person_id__in=own) | Q(relative_id__in=own)).values_list(
        "person_id", "relative_id"
    )
    near = own | {each for pair in pairs for each in pair}
    return set(PersonLink.objects.filter(person_id__in=near).values_list("participant_id", flat=True))


def snapshot(participants: Collection[UUID], record_ids: Collection[UUID], *, actor: Actor, at: datetime) -> Snapshot:
    """What is concluded now about these participants and those of these records."""
    sees = sees_restricted(actor)
    named = Q(participant_id__in=participants) | Q(participant__record_id__in=record_ids)
    ids = sorted(set(PersonLink.objects.filter(named).values_list("person_id", flat=True)))[:MOST]
    links: dict[UUID, list[PersonLink]] = defaultdict(list)
    for link in (
        PersonLink.objects.filter(person_id__in=ids)
        .select_related("participant", "participant__record")
        .order_by("participant__record__registered_earliest", "participant_id")
    ):
        links[link.person_id].append(link)
    persons = {person: _state(person, links[person], sees, actor, at) for person in ids if links[person]}
    edges = Kinship.objects.filter(Q(person_id__in=ids) | Q(relative_id__in=ids))
    seen = [edge for edge in edges if sees or not edge.restricted]
    names = {person: state.name for person, state in persons.items()}
    return Snapshot(
        persons,
        {link.participant_id: person for person, own in links.items() for link in own},
        {edge.id: _edge(edge, names) for edge in seen if edge.person_id in names and edge.relative_id in names},
        frozenset(edge.id for edge in edges) - frozenset(edge.id for edge in seen),
    )


def _state(person: UUID, links: list[PersonLink], sees: bool, actor: Actor, at: datetime) -> PersonState:
    life, marital = statuses_of(person, actor=actor, at=at)
    shown = [link.participant for link in links if sees or _open(link.participant)]
    newest = next((each for each in reversed(shown) if each.full_name), shown[-1] if shown else None)
    return PersonState(
        participants=frozenset(link.participant_id for link in links),
        records=len({link.participant.record_id for link in links}),
        name=newest.full_name if newest else "",
        birth=birth_shown(newest.birth_text, newest.birth_earliest, newest.birth_latest) if newest else "",
        life=life.code,
        marital=marital.code,
    )


def _open(participant: Participant) -> bool:
    return not participant.restricted and not reveals_adoption(participant.record.register_type)


def _edge(edge: Kinship, names: Mapping[UUID, str]) -> EdgeState:
    return EdgeState(
        edge.kind, names[edge.person_id], names[edge.relative_id], edge.ended_by, edge.valid_to, edge.record_id
    )
