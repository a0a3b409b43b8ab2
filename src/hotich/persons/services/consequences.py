"""What an act on a record would change, shown before it is done: the act itself, done and rolled back (decision 0014)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.persons.queries.snapshot import Snapshot, people_around, snapshot
from hotich.persons.rules.consequences import EdgeChange, PersonChange, edges_changed, hidden_changes, persons_changed
from hotich.persons.services import records as acts
from hotich.records.models import Annotation, AnnotationNotice, KeyingRepair, Record
from hotich.records.rules.restricted import sees_restricted
from hotich.records.services import Decision

PREVIEW = "…"  # stands where the decision will be named


@dataclass(frozen=True, slots=True)
class NoteChange:
    """An annotation in another record of one's offices that would be written or taken back."""

    record: Record
    written: bool
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class NoticeChange:
    """A notice another office would get, or one not yet answered that would be withdrawn (`to_send` False)."""

    office_id: int | None
    register_type: str
    number_text: str
    to_send: bool
    takes_back: bool


@dataclass(frozen=True, slots=True)
class Consequences:
    """What would be different. `refusal`: the act would be refused, and nothing would change."""

    persons: list[PersonChange] = field(default_factory=list)
    edges: list[EdgeChange] = field(default_factory=list)
    notes: list[NoteChange] = field(default_factory=list)
    notices: list[NoticeChange] = field(default_factory=list)
    hides: bool = False
    refusal: RuleBroken | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing that may be shown would change."""
        return not (self.persons or self.edges or self.notes or self.notices)


@dataclass(frozen=True, slots=True)
class _Moment:
    people: Snapshot
    notes: dict[UUID, Annotation]
    notices: dict[UUID, AnnotationNotice]


class _NotForGood(Exception):
    """Ends the trial; it never leaves this module."""


def consequences_of_annulment(*, actor: Actor, at: datetime, record_id: UUID) -> Consequences:
    """Of `annul_record`."""
    decision = Decision(PREVIEW, f"{in_vietnam(at):%d/%m/%Y}", PREVIEW, PREVIEW)
    return _tried(
        lambda: acts.annul_record(actor=actor, at=at, record_id=record_id, decision=decision), [record_id], actor, at
    )


def consequences_of_revocation(*, actor: Actor, at: datetime, record_id: UUID) -> Consequences:
    """Of `revoke_annulment`."""
    decision = Decision(PREVIEW, f"{in_vietnam(at):%d/%m/%Y}", PREVIEW, PREVIEW)
    return _tried(
        lambda: acts.revoke_annulment(actor=actor, at=at, record_id=record_id, decision=decision),
        [record_id],
        actor,
        at,
    )


def consequences_of_repair(*, actor: Actor, at: datetime, repair: KeyingRepair) -> Consequences:
    """Of `decide_repair` with approval."""
    return _tried(
        lambda: acts.decide_repair(actor=actor, at=at, repair_id=repair.id, approve=True), [repair.record_id], actor, at
    )


def consequences_of_superseding(*, actor: Actor, at: datetime, record_id: UUID, by_record_id: UUID) -> Consequences:
    """Of `supersede_record`."""
    return _tried(
        lambda: acts.supersede_record(actor=actor, at=at, record_id=record_id, by_record_id=by_record_id),
        [record_id, by_record_id],
        actor,
        at,
    )


def _tried(act: Callable[[], object], record_ids: list[UUID], actor: Actor, at: datetime) -> Consequences:
    """Do it, look, and undo it: what is shown is what the act itself would do, not a second opinion.

    The moment before is read outside the trial, so that what is asked of other offices stays written down; reading the
    page is noted by its view.
    """
    noted = Annotation.objects.filter(source_record_id__in=record_ids).values_list("record_id", flat=True)
    everywhere = {*record_ids, *noted}
    people = people_around(everywhere)
    before = _look(people, everywhere, record_ids, actor, at)
    try:
        with unit_of_work(actor=actor, at=at):
            act()
            after = _look(people, everywhere, record_ids, actor, at)
            raise _NotForGood
    except _NotForGood:
        return _compared(before, after, actor)
    except RuleBroken as refusal:
        return Consequences(refusal=refusal)


def _look(
    people: Collection[UUID], everywhere: Collection[UUID], sources: Collection[UUID], actor: Actor, at: datetime
) -> _Moment:
    notes = Annotation.objects.filter(source_record_id__in=sources, in_force=True).select_related("record")
    notices = AnnotationNotice.objects.filter(source_record_id__in=sources)
    return _Moment(
        snapshot(people, everywhere, actor=actor, at=at),
        {note.id: note for note in notes},
        {notice.id: notice for notice in notices},
    )


def _compared(before: _Moment, after: _Moment, actor: Actor) -> Consequences:
    sees = sees_restricted(actor)
    persons = persons_changed(before.people.persons, after.people.persons, after.people.of_participant)
    taken_back = [note for each, note in before.notes.items() if each not in after.notes]
    written = [note for each, note in after.notes.items() if each not in before.notes]
    changed = [(note, False) for note in taken_back] + [(note, True) for note in written]
    shown = [(note, fresh) for note, fresh in changed if sees or not note.restricted]
    return Consequences(
        persons=[item for item in persons if item.name],
        edges=edges_changed(before.people.edges, after.people.edges),
        notes=[NoteChange(note.record, fresh, note.kind, note.text) for note, fresh in shown],
        notices=_notices(before, after),
        hides=hidden_changes(before.people.hidden, after.people.hidden)
        or len(shown) < len(changed)
        or any(not item.name for item in persons),
    )


def _notices(before: _Moment, after: _Moment) -> list[NoticeChange]:
    found = []
    for each, notice in sorted(after.notices.items()):
        earlier = before.notices.get(each)
        if earlier is None or earlier.state != notice.state:
            found.append(
                NoticeChange(
                    notice.target_office_id,
                    notice.target["register_type"],
                    notice.target.get("number_text", ""),
                    to_send=earlier is None,
                    takes_back=notice.withdraws_id is not None,
                )
            )
    return found
