"""Reads: notes in the margin that a decision about the second original puts on a record, written there or not yet (H6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import OriginalDecision
from hotich.keying.rules.annotations import TEXTS, tidy
from hotich.keying.rules.notes import Note, same_note
from hotich.keying.rules.originals import changed_notes
from hotich.records.models import Annotation, Record


@dataclass(frozen=True, slots=True)
class NoteOfRecord:
    """A note as it was decided. `before`: what the first original says in its place; None: nothing. `annotation`: of the
    record, the one in force that says `value`, or, where that is nothing, none any more says `before`."""

    field: str
    before: Note | None
    value: Note | None
    annotation: Annotation | None
    replaced: Annotation | None  # in force, says `before`

    @property
    def is_written(self) -> bool:
        """Whether the record says what was decided."""
        return self.replaced is None if self.value is None else self.annotation is not None


def note_of(annotation: Annotation) -> dict[str, Any]:
    """An annotation of a record as a note of the margin (rules.annotations)."""
    return tidy({name: getattr(annotation, name) for name in ("kind", *TEXTS, "new_value")})


def notes_in_force(record_ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The annotations in force of each of these records, as notes of the margin."""
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for each in Annotation.objects.filter(record_id__in=list(record_ids), in_force=True).order_by("sequence"):
        found[each.record_id].append(note_of(each))
    return found


def record_of(decision: OriginalDecision) -> Record | None:
    """The record a decision was about; None where the first was a case still: its approval carries the notes along."""
    case = decision.first_case
    if case is None or case.record_id is None:
        return None
    record = Record.objects.get(id=case.record_id)
    return record if record.created_at <= decision.decided_at else None


def notes_of_decision(decision: OriginalDecision) -> list[NoteOfRecord]:
    """The notes that a decision puts on the record, or takes from it, each with how the record stands now."""
    points = changed_notes(decision.points)
    record = record_of(decision) if points else None
    if record is None:
        return []
    there = list(record.annotations.filter(in_force=True).order_by("sequence"))
    return [
        NoteOfRecord(
            point["field"], point["first"], point["value"], _saying(there, point["value"]),
            _saying(there, point["first"]),
        )
        for point in points
    ]  # fmt: skip


def count_unwritten(decision: OriginalDecision) -> int:
    """How many notes of a decision the record does not say yet."""
    return sum(not each.is_written for each in notes_of_decision(decision))


def _saying(there: Sequence[Annotation], note: Note | None) -> Annotation | None:
    return next((each for each in there if note is not None and same_note(note_of(each), note)), None)


def decision_to_note(actor: Actor, entry_id: UUID) -> OriginalDecision:
    """The decision about an entry of the actor's offices. Raises RuleBroken entry_unknown."""
    rows = OriginalDecision.objects.filter(entry_id=entry_id, origin_office_id__in=actor.office_ids)
    found = rows.select_related("first_case", "entry__package__book").first()
    if found is None:
        raise RuleBroken("entry_unknown")
    return found


def unwritten_notes(actor: Actor) -> list[tuple[OriginalDecision, int]]:
    """Decisions of the actor's offices with notes that wait to be written beside their record, and how many."""
    rows = OriginalDecision.objects.filter(origin_office_id__in=actor.office_ids, notes_left__gt=0)
    rows = rows.select_related("first_case", "entry__case", "entry__item", "entry__package__book")
    counted = [(row, count_unwritten(row)) for row in rows.order_by("decided_at", "id")]
    return [(row, number) for row, number in counted if number]
