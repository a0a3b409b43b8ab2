"""Drawing conclusions from records: who is who, kinship, facts. Drawn again, they are the same, in whatever order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import Kinship, Person, PersonLink, PopulationNumber, StatusFact
from hotich.persons.queries.component import Component, Search, shared_keys, taken_keys
from hotich.persons.queries.lookups import offices_with
from hotich.persons.queries.proofs import proofs_of
from hotich.persons.rules.linking import Link, link
from hotich.persons.services.edges import edges_and_facts
from hotich.records.models import Annotation, Participant

PURPOSE = "draw_conclusions"
BUCKETS = 64  # two drawings that share an identity number wait for each other


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a drawing touched."""

    persons: frozenset[UUID]
    links: int
    edges: int
    facts: int


def draw_conclusions(
    *, actor: Actor, at: datetime, record_ids: Iterable[UUID], also_keys: Collection[str] = ()
) -> Drawn:
    """Draw persons, links, kinship and status facts of these records and of everybody they touch.

    Records that these wrote annotations into are drawn too. A record that is no longer in force proves nothing: after
    its drawing everything is as if it had never been entered. Other offices' participants are reached only through
    the audited look-up functions, and their conclusions are drawn with them. Bulk: up to 1,000 records a call.
    `also_keys`: identity keys that a later drawing of the same transaction brings; who waits for them waits now, since
    two transactions that take what they wait for in two goes would each wait for the other.
    Raises RuleBroken not_allowed for an actor without any office.
    """
    if not actor.office_ids:
        raise RuleBroken("not_allowed")
    wanted = set(record_ids)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        noted = Annotation.objects.filter(source_record_id__in=wanted).values_list("record_id", flat=True)
        wanted |= set(noted)
        search = Search(actor=actor, at=at, purpose=PURPOSE, office_ids=actor.office_ids)
        seeds = search.of_records(wanted)
        _wait_for_others(seeds, also_keys)
        core = search.grow(seeds)
        affected = frozenset(core.records() | wanted)
        inside = frozenset(core.people)
        # edges lead to the other roles of these records, and a marriage ends with what happens to the other one:
        # those persons must be whole as well
        whole = search.grow(search.of_records(affected))
        links = {item.participant_id: item for item in link(whole.somebodies(), whole.decisions)}
        with office_scope(whole.offices):
            _write_links(whole, links, at)
            edges, facts = _write_proofs(whole, links, affected)
        drawn = Drawn(frozenset(links[each].person_id for each in inside), len(links), edges, facts)
        work.record(
            "conclusions.drawn",
            subject_kind="office",
            subject_id=actor.office_id,
            subject_office=actor.office_id,
            facts={"records": len(wanted), "persons": len(drawn.persons), "edges": edges, "facts": facts,
                   "offices": sorted(whole.offices - actor.office_ids)},
        )  # fmt: skip
    return drawn


def draw_for_numbers(
    *, actor: Actor, at: datetime, numbers: Sequence[PopulationNumber], also_records: Collection[UUID] = ()
) -> None:
    """Draw the conclusions of numbers that were just taken over (at most 1,000), where they say something new.

    A number that nobody else bears joins its participant to nobody, and one beside a number of the book's own counts for
    nothing: what was drawn stays. Drawn are the records whose number somebody else bears too, those whose participant
    was never drawn, and `also_records` (where another number was in force before). Other offices are asked by the audited
    look-up function, as in every drawing. Raises RuleBroken not_allowed for an actor without any office.
    """
    if not actor.office_ids:
        raise RuleBroken("not_allowed")
    of_records = {number.record_id for number in numbers} | set(also_records)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        noted = Annotation.objects.filter(source_record_id__in=of_records).values_list("record_id", flat=True)
        search = Search(actor=actor, at=at, purpose=PURPOSE, office_ids=actor.office_ids)
        # all that a drawing of all of them would wait for, in one go
        _wait_for_others(search.of_records(of_records | set(noted)), [number.personal_id_key for number in numbers])
        people = [number.participant_id for number in numbers]
        drawn = set(PersonLink.objects.filter(participant_id__in=people).values_list("participant_id", flat=True))
        counting = taken_keys(people)
        keys = {counting[each.participant_id]: each.record_id for each in numbers if each.participant_id in counting}
        offices = offices_with(keys, known=actor.office_ids, actor=actor, at=at, purpose=PURPOSE)
        with office_scope(actor.office_ids | offices):
            shared = shared_keys(keys)
        wanted = set(also_records) | {
            each.record_id
            for each in numbers
            if each.participant_id not in drawn or counting.get(each.participant_id) in shared
        }
        if wanted:
            draw_conclusions(actor=actor, at=at, record_ids=wanted)


def _wait_for_others(participants: Collection[UUID], also_keys: Collection[str]) -> None:
    """Two approvals at once that bring the same identity number would each miss the other: the second waits."""
    pairs = Participant.objects.filter(id__in=participants).values_list("personal_id_key", "id_number_key")
    keys = {key for pair in pairs for key in pair if key}
    keys |= {*taken_keys(participants).values(), *filter(None, also_keys)}
    buckets = {int(key[:8], 16) % BUCKETS for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(  # one after the other, in their order
            "select pg_advisory_xact_lock(hashtext('hotich.persons'), bucket) from unnest(%s::int[]) as bucket",
            [sorted(buckets)],
        )


def _write_links(whole: Component, links: Mapping[UUID, Link], at: datetime) -> None:
    now = {item.person_id for item in links.values()}
    PersonLink.objects.filter(participant_id__in=whole.gone).delete()
    # links before persons: a person is visible, and so may be written, only through a link (the key is deferred)
    PersonLink.objects.bulk_create(
        [
            PersonLink(
                participant_id=item.participant_id,
                person_id=item.person_id,
                origin_office_id=whole.people[item.participant_id].origin_office_id,
                rule=item.rule,
                certainty=item.certainty,
            )
            for item in links.values()
        ],
        update_conflicts=True,
        unique_fields=["participant"],
        update_fields=["person", "rule", "certainty"],
        batch_size=1000,
    )
    known = Person.objects.in_bulk(now)
    Person.objects.bulk_create([Person(id=each, created_at=at) for each in sorted(now - set(known))], batch_size=1000)
    Person.objects.filter(id__in=now, merged_into_id__isnull=False).update(merged_into_id=None)
    _forward_former_persons(whole, links, now)


def _forward_former_persons(whole: Component, links: Mapping[UUID, Link], now: Collection[UUID]) -> None:
    """An id that was given once leads to who it is now."""
    successors: dict[UUID, UUID] = {}
    for participant, former in sorted(whole.persons.items()):
        if former in now or participant not in links:
            continue
        # the participant the id was taken from decides; when it is no more, the first of the others
        if former not in successors or participant == former:
            successors[former] = links[participant].person_id
    if successors:
        with connection.cursor() as cursor:
            cursor.execute("select forward_persons(%s, %s)", [list(successors), list(successors.values())])


def _write_proofs(whole: Component, links: Mapping[UUID, Link], affected: Collection[UUID]) -> tuple[int, int]:
    proofs = proofs_of(whole.records() | set(affected))
    persons = {
        (participant.record_id, participant.role): links[participant.id].person_id
        for participant in whole.people.values()
    }
    edges, facts = edges_and_facts(proofs, persons, affected)
    Kinship.objects.filter(record_id__in=affected).delete()
    StatusFact.objects.filter(record_id__in=affected).delete()
    Kinship.objects.bulk_create(edges, batch_size=1000)
    StatusFact.objects.bulk_create(facts, batch_size=1000)
    return len(edges), len(facts)
