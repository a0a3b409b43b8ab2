"""What records prove, read from their current view."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from hotich.persons.rules.facts import Days, Note, Proof, days_of, proof_of
from hotich.records.models import Annotation, Participant, Record, RecordState
from hotich.records.rules.current_view import current_view
from hotich.registers.types import version_by_id


@dataclass(frozen=True, slots=True)
class RecordProof:
    """A record in force and what it proves."""

    record_id: UUID
    office_id: int
    register_type: str
    registered: Days
    proof: Proof
    restricted_roles: frozenset[str]


def proofs_of(record_ids: Collection[UUID]) -> list[RecordProof]:
    """What these records prove; those no longer in force prove nothing. The offices in scope are the caller's."""
    notes: dict[UUID, list[Annotation]] = defaultdict(list)
    for note in Annotation.objects.filter(record_id__in=record_ids).order_by("sequence"):
        notes[note.record_id].append(note)
    people: dict[UUID, list[Participant]] = defaultdict(list)
    for person in Participant.objects.filter(record_id__in=record_ids).only("record_id", "role", "sex", "restricted"):
        people[person.record_id].append(person)
    records = Record.objects.filter(id__in=record_ids, state=RecordState.IN_FORCE)
    return [_proof(record, notes[record.id], people[record.id]) for record in records]


def _proof(record: Record, notes: list[Annotation], people: list[Participant]) -> RecordProof:
    registered = Days(record.registered_earliest, record.registered_latest)
    proof = proof_of(
        version_by_id(record.schema_version),
        current_view(record.as_recorded, notes).values,
        registered,
        [Note(note.kind, _days(note), note.text) for note in notes if note.in_force],
        {person.role: person.sex for person in people},
    )
    restricted = frozenset(person.role for person in people if person.restricted)
    return RecordProof(record.id, record.origin_office_id, record.register_type, registered, proof, restricted)


def _days(note: Annotation) -> Days:
    """The day of the judgment or decision, else that of the note."""
    found = days_of(note.basis_date_text)
    return found if found.earliest else days_of(note.note_date_text)
