"""From what records prove about roles to kinship and facts about persons, with the ends the whole family gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from hotich.kernel.ids import stable_uuid
from hotich.persons.models import Kinship, StatusFact
from hotich.persons.queries.proofs import RecordProof
from hotich.persons.rules.facts import Days, Edge
from hotich.persons.rules.status import DEAD, DECLARED_DEAD, Event, life_status, marriages_of

Persons = Mapping[tuple[UUID, str], UUID]


def edges_and_facts(
    proofs: Iterable[RecordProof], persons: Persons, affected: Collection[UUID]
) -> tuple[list[Kinship], list[StatusFact]]:
    """The rows of the affected records. `proofs` also hold the other records of everybody concerned."""
    proofs = list(proofs)
    facts = [row for proof in proofs for row in _facts(proof, persons)]
    events: dict[UUID, list[Event]] = defaultdict(list)
    for fact in facts:
        events[fact.person_id].append(
            Event(fact.kind, Days(fact.earliest, fact.latest), fact.spouse_id, fact.record_id)
        )
    endings = _terminations(proofs, persons)
    edges = [
        _kinship(proof, edge, persons, events, endings)
        for proof in proofs
        if proof.record_id in affected
        for edge in proof.proof.edges
        if (proof.record_id, edge.person) in persons and (proof.record_id, edge.relative) in persons
    ]
    return edges, [fact for fact in facts if fact.record_id in affected]


def _facts(proof: RecordProof, persons: Persons) -> Iterable[StatusFact]:
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for fact in proof.proof.facts:
        person = persons.get((proof.record_id, fact.role))
        if person is None:
            continue
        place = seen[fact.role, fact.kind]
        seen[fact.role, fact.kind] += 1
        yield StatusFact(
            id=stable_uuid("fact", proof.record_id, fact.role, fact.kind, place),
            person_id=person,
            spouse_id=persons.get((proof.record_id, fact.spouse)),
            kind=fact.kind,
            earliest=fact.days.earliest,
            latest=fact.days.latest,
            record_id=proof.record_id,
            origin_office_id=proof.office_id,
        )


def _terminations(proofs: Iterable[RecordProof], persons: Persons) -> dict[tuple[UUID, UUID], Days]:
    """Ends of guardianship entered in their own register: ward and guardian → when."""
    found: dict[tuple[UUID, UUID], Days] = {}
    for proof in sorted(proofs, key=lambda item: (item.registered.earliest or date.min, item.record_id)):
        ward = persons.get((proof.record_id, "ward"))
        guardian = persons.get((proof.record_id, "guardian"))
        if proof.register_type == "CDGH" and ward and guardian:
            found[ward, guardian] = proof.registered
    return found


def _kinship(
    proof: RecordProof,
    edge: Edge,
    persons: Persons,
    events: Mapping[UUID, list[Event]],
    endings: Mapping[tuple[UUID, UUID], Days],
) -> Kinship:
    person, relative = persons[proof.record_id, edge.person], persons[proof.record_id, edge.relative]
    ended_by, valid_to = edge.ended_by, edge.valid_to
    if edge.kind == "spouse":
        ended_by, valid_to = _end_of_marriage(proof.record_id, person, relative, events)
    elif edge.kind == "guardian" and not ended_by:
        ended_by, valid_to = _end_of_guardianship(person, relative, proof.registered, events, endings)
    return Kinship(
        id=stable_uuid("kinship", proof.record_id, edge.person, edge.relative, edge.kind),
        person_id=person,
        relative_id=relative,
        kind=edge.kind,
        record_id=proof.record_id,
        origin_office_id=proof.office_id,
        valid_from=edge.valid_from,
        valid_to=valid_to,
        ended_by=ended_by,
        restricted=edge.restricted or bool(proof.restricted_roles & {edge.person, edge.relative}),
    )


def _end_of_marriage(
    record: UUID, husband: UUID, wife: UUID, events: Mapping[UUID, list[Event]]
) -> tuple[str, date | None]:
    """The end as one of the two sees it: a death ends it for the one who is left."""
    for one, other in ((husband, wife), (wife, husband)):
        known = marriages_of(events.get(one, ()), {other: events.get(other, ())})
        mine = next((item for item in known if record in item.records), None)
        if mine is None:
            return "annulment", None
        if mine.ended_by:
            return mine.ended_by, mine.until.earliest
    return "", None


def _end_of_guardianship(
    ward: UUID,
    guardian: UUID,
    since: Days,
    events: Mapping[UUID, list[Event]],
    endings: Mapping[tuple[UUID, UUID], Days],
) -> tuple[str, date | None]:
    ended = endings.get((ward, guardian))
    if ended and not (ended.latest and since.earliest and ended.latest < since.earliest):
        return "termination", ended.earliest
    for one in (ward, guardian):
        life = life_status(events.get(one, ()))
        if life.code in (DEAD, DECLARED_DEAD):
            return "death", life.since.earliest
    return "", None
