"""Everybody who may be the same person as somebody in these records."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.persons.models import PersonLink, PopulationNumber
from hotich.persons.queries.lookups import decisions_about, offices_with
from hotich.persons.rules.linking import Decision, Somebody
from hotich.records.models import Participant, RecordState

NOT_DRAWN = ("informant",)  # they come to register for others: no sex, no birth, nothing is known of them


@dataclass(slots=True)
class Component:
    """Participants of records in force, closed under identity keys, decisions and present persons."""

    people: dict[UUID, Participant] = field(default_factory=dict)
    decisions: set[Decision] = field(default_factory=set)
    offices: frozenset[int] = frozenset()
    persons: dict[UUID, UUID] = field(default_factory=dict)  # participant → person before this drawing
    gone: set[UUID] = field(default_factory=set)  # participants of records no longer in force
    taken: dict[UUID, str] = field(default_factory=dict)  # keys of numbers taken over, where the book has none

    def somebodies(self) -> list[Somebody]:
        """The participants as linking sees them."""
        return [
            Somebody(
                p.id,
                p.personal_id_key,
                p.id_number_key,
                p.sex,
                p.birth_earliest,
                p.birth_latest,
                p.record_id,
                self.taken.get(p.id, ""),
            )
            for p in self.people.values()
        ]

    def records(self) -> set[UUID]:
        """The records of everybody in it."""
        return {person.record_id for person in self.people.values()}


class Search:
    """Grows a component until nobody is missing; widens the offices only where an identity number leads there."""

    def __init__(self, *, actor: Actor, at: datetime, purpose: str, office_ids: Iterable[int]) -> None:
        self.actor, self.at, self.purpose = actor, at, purpose
        self.found = Component(offices=frozenset(office_ids))
        self._asked: set[str] = set()

    def grow(self, seeds: Collection[UUID]) -> Component:
        """Add these participants and everybody who may be one of them."""
        frontier = set(seeds) - set(self.found.people) - self.found.gone
        while frontier:
            frontier = self._step(frontier)
        return self.found

    def of_records(self, record_ids: Collection[UUID]) -> set[UUID]:
        """The participants of these records that are drawn."""
        with office_scope(self.found.offices):
            rows = Participant.objects.filter(record_id__in=record_ids).exclude(role__in=NOT_DRAWN)
            return set(rows.values_list("id", flat=True))

    def _step(self, frontier: set[UUID]) -> set[UUID]:
        decisions = decisions_about(frontier)
        self.found.decisions |= {Decision(row.first, row.second, row.same) for row in decisions}
        offices = {office for row in decisions for office in (row.first_office, row.second_office)}
        wanted = {each for row in decisions for each in (row.first, row.second)}
        self.found.offices |= offices
        keys = self._read(frontier)
        elsewhere = offices_with(keys, known=self.found.offices, actor=self.actor, at=self.at, purpose=self.purpose)
        self.found.offices |= elsewhere
        return (wanted | self._neighbours(frontier, keys)) - set(self.found.people) - self.found.gone

    def _read(self, frontier: set[UUID]) -> dict[str, UUID]:
        """Take the participants in; their identity keys that were not asked for yet."""
        keys: dict[str, UUID] = {}
        with office_scope(self.found.offices):
            rows = Participant.objects.filter(id__in=frontier).select_related("record")
            self.found.taken |= taken_keys(frontier)
            for person in rows:
                if person.record.state != RecordState.IN_FORCE:
                    self.found.gone.add(person.id)
                    continue
                self.found.people[person.id] = person
                own = person.personal_id_key or self.found.taken.get(person.id, "")
                for key in (own, person.id_number_key):
                    if key and key not in self._asked:
                        keys[key] = person.record_id
            links = PersonLink.objects.filter(participant_id__in=frontier)
            self.found.persons.update(dict(links.values_list("participant_id", "person_id")))
        # what cannot be seen cannot be drawn: a decision may name a participant that is no more
        self.found.gone |= frontier - set(self.found.people)
        self._asked |= set(keys)
        return keys

    def _neighbours(self, frontier: set[UUID], keys: Collection[str]) -> set[UUID]:
        with office_scope(self.found.offices):
            named = Participant.objects.filter(Q(personal_id_key__in=keys) | Q(id_number_key__in=keys))
            found = set(named.exclude(role__in=NOT_DRAWN).values_list("id", flat=True)) if keys else set()
            found |= holders_of(keys) if keys else set()
            persons = {self.found.persons[each] for each in frontier if each in self.found.persons}
            linked = PersonLink.objects.filter(person_id__in=persons)
            return found | set(linked.values_list("participant_id", flat=True))


def _in_force() -> QuerySet[PopulationNumber]:
    """Numbers taken over that count: not withdrawn, and of participants whose book has none."""
    return PopulationNumber.objects.filter(withdrawn_at__isnull=True, participant__personal_id_key="")


def taken_keys(participants: Collection[UUID]) -> dict[UUID, str]:
    """Keys of the numbers taken over from the population database for these participants, where the book has none.

    The offices in scope are the caller's.
    """
    rows = _in_force().filter(participant_id__in=participants)
    return dict(rows.values_list("participant_id", "personal_id_key"))


def holders_of(keys: Collection[str]) -> set[UUID]:
    """The participants for whom a number of one of these keys was taken over and whose book has none."""
    rows = _in_force().filter(personal_id_key__in=keys)
    return set(rows.exclude(participant__role__in=NOT_DRAWN).values_list("participant_id", flat=True))


def shared_keys(keys: Collection[str]) -> set[str]:
    """Those of these keys of personal numbers that more than one participant bears, by the book or by a number taken over.

    The offices in scope are the caller's.
    """
    if not keys:
        return set()
    bearers: dict[str, set[UUID]] = {}
    by_book = Participant.objects.filter(personal_id_key__in=keys).values_list("personal_id_key", "id")
    taken = _in_force().filter(personal_id_key__in=keys)
    for key, participant in (*by_book, *taken.values_list("personal_id_key", "participant_id")):
        bearers.setdefault(key, set()).add(participant)
    return {key for key, those in bearers.items() if len(those) > 1}
