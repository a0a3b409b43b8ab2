"""Notes that only the second original has are written beside the record by one act, as they were decided (H6).

Where the first original was a record when the checker decided, his decision changes nothing there: an officer who may
annotate puts the note on it, word for word, with the original it stands in, and may take that back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import OriginalDecision
from hotich.keying.queries.original_notes import NoteOfRecord, count_unwritten, notes_of_decision, record_of
from hotich.keying.rules.annotations import tidy
from hotich.keying.rules.notes import Note
from hotich.keying.rules.originals import FIRST, may_see_point
from hotich.keying.services.access import must_have
from hotich.persons.services import annotate_from_the_book
from hotich.records.models import Record
from hotich.records.services import AnnotationDraft
from hotich.registers.types import version_by_id

ANNOTATE = "record.annotate"
WRITTEN = "Ghi theo quyết định về bản lưu thứ hai"
TAKEN_BACK = "Hoàn tác việc ghi theo bản lưu thứ hai"


def write_note_of_original(*, actor: Actor, at: datetime, entry_id: UUID, field: str) -> None:
    """The record says of a note what was decided: the note is added, in the place of one that says otherwise, or that
    one is set out of force. `field`: of the point. Said already, nothing is done.

    Raises RuleBroken: not_allowed, entry_unknown, original_note_unknown, and those of annotate_from_the_book.
    """
    _change(actor, at, entry_id, field, is_written=True)


def take_back_note_of_original(*, actor: Actor, at: datetime, entry_id: UUID, field: str) -> None:
    """The record says of a note again what it said before `write_note_of_original`. Raises as that."""
    _change(actor, at, entry_id, field, is_written=False)


def _change(actor: Actor, at: datetime, entry_id: UUID, field: str, *, is_written: bool) -> None:
    must_have(actor, ANNOTATE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        decision = _locked(actor, entry_id)
        record = record_of(decision)
        note = next((each for each in notes_of_decision(decision) if each.field == field), None)
        if record is None or note is None or not _may_see(actor, decision, record, field):
            raise RuleBroken("original_note_unknown")
        if note.is_written != is_written:
            _put(actor, at, decision, record, note, is_written=is_written)
        decision.notes_left = count_unwritten(decision)
        decision.save(update_fields=["notes_left"])


def _locked(actor: Actor, entry_id: UUID) -> OriginalDecision:
    """The decision, locked: two presses of one button write one note."""
    rows = OriginalDecision.objects.select_for_update(of=("self",)).select_related("first_case", "entry__package__book")
    found = rows.filter(entry_id=entry_id, origin_office_id__in=actor.office_ids).first()
    if found is None:
        raise RuleBroken("entry_unknown")
    return found


def _may_see(actor: Actor, decision: OriginalDecision, record: Record, field: str) -> bool:
    """What an officer may not see he may not write either."""
    return may_see_point(actor, _point(decision, field), version_by_id(record.schema_version))


def _point(decision: OriginalDecision, field: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in decision.points if each["field"] == field)
    return found


def _put(
    actor: Actor, at: datetime, decision: OriginalDecision, record: Record, note: NoteOfRecord, *, is_written: bool
) -> None:
    said, gives_way = (note.value, note.replaced) if is_written else (note.before, note.annotation)
    annotate_from_the_book(
        actor=actor, at=at, record_id=record.id, draft=_draft(decision, note, said) if said is not None else None,
        instead_of=gives_way.id if gives_way is not None else None, reason=WRITTEN if is_written else TAKEN_BACK,
    )  # fmt: skip


def _draft(decision: OriginalDecision, note: NoteOfRecord, said: Note) -> AnnotationDraft:
    """The note as it stands in the margin of the original that was decided for."""
    is_of_second = said is note.value and _point(decision, note.field)["decision"] != FIRST
    copy = decision.entry.package.book.copy if is_of_second else ""
    return AnnotationDraft(**tidy(said), is_of_the_book=True, original=copy)
