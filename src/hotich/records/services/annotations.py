"""Writing beside an entry: annotations are added and set out of force, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.dates import DateError, parse_date
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annotation, AnnotationKind, Record
from hotich.records.rules import workflow
from hotich.records.rules.current_view import current_view
from hotich.records.rules.restricted import is_restricted_note
from hotich.records.services.access import locked_record, must_have
from hotich.records.services.participants import redraw_participants
from hotich.registers.rules.values import Recorded
from hotich.registers.types import version_by_id

IDENTITY_OF_THE_ENTRY = frozenset({"registration_number", "register_book_no"})  # columns of the record: a repair's work


@dataclass(frozen=True, slots=True)
class AnnotationDraft:
    """What an officer writes. `field` "" is a note that changes no value; `new_value` None takes the value away."""

    kind: str
    text: str = ""
    field: str = ""
    new_value: Recorded | None = None
    note_date_text: str = ""
    basis_number: str = ""
    basis_date_text: str = ""
    basis_authority: str = ""
    restricted: bool = False
    source_record_id: UUID | None = None
    is_of_the_book: bool = False  # stands in the margin of the old book: without a date there, it has none
    original: str = ""  # a BookCopy: of which original's margin, where the record was keyed from the other


def annotate_record(
    *, actor: Actor, at: datetime, record_id: UUID, drafts: Sequence[AnnotationDraft]
) -> list[Annotation]:
    """Write annotations beside an entry of one's offices (Luật Hộ tịch 2014, Điều 28, 30): each with its legal basis.

    Raises RuleBroken: not_allowed, record_unknown, act_not_allowed_in_state, annotation_empty,
    annotation_without_basis, field_not_changeable, value_unchanged, and the codes of unreadable dates.
    """
    must_have(actor, "record.annotate")
    with unit_of_work(actor=actor, at=at) as work:
        record = locked_record(actor, record_id)
        workflow.next_state(workflow.RECORD, record.state, "annotate")
        for draft in drafts:
            _refuse_faults(record, draft)
        return write_annotations(record, drafts, actor=actor, at=at, work=work)


def _refuse_faults(record: Record, draft: AnnotationDraft) -> None:
    if draft.kind not in AnnotationKind.values:
        raise RuleBroken("annotation_kind_unknown", field="kind")
    if not draft.field and not draft.text.strip():
        raise RuleBroken("annotation_empty", field="text")
    if draft.kind not in (AnnotationKind.OTHER, AnnotationKind.REISSUE, AnnotationKind.DUPLICATE) and not (
        draft.basis_number.strip() and draft.basis_authority.strip()
    ):
        raise RuleBroken("annotation_without_basis", field="basis_number")
    if draft.field and not _is_changeable(record, draft.field):
        raise RuleBroken("field_not_changeable", field="field", name=draft.field)
    for name in ("note_date_text", "basis_date_text"):
        try:
            parse_date(getattr(draft, name)) if getattr(draft, name) else None
        except DateError as error:
            raise RuleBroken(error.code, field=name, text=error.text) from error
    if draft.field:
        values = current_view(record.as_recorded, record.annotations.all()).values
        if values.get(draft.field) == draft.new_value:
            raise RuleBroken("value_unchanged", field="new_value")


def write_annotations(
    record: Record, drafts: Sequence[AnnotationDraft], *, actor: Actor, at: datetime, work: UnitOfWork
) -> list[Annotation]:
    """Add the rows, draw the participants again, note and announce. The record is locked by the caller."""
    last: int = record.annotations.aggregate(last=Max("sequence"))["last"] or 0
    values = dict(current_view(record.as_recorded, record.annotations.all()).values)
    rows = []
    for place, draft in enumerate(drafts, start=last + 1):
        rows.append(_row(record, draft, place, values.get(draft.field) if draft.field else None, actor, at))
        if draft.field and draft.new_value is not None:
            values[draft.field] = draft.new_value
    Annotation.objects.bulk_create(rows)
    if any(draft.field for draft in drafts):
        redraw_participants(record)
    for row in rows:
        work.record(
            "record.annotated",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            before={row.field: row.old_value} if row.field else None,
            after={"text": row.text, "field": row.field, "value": row.new_value, "basis": row.basis_number}
            | ({"original": row.original} if row.original else {}),
            facts={"annotation_id": str(row.id), "kind": row.kind, "sequence": row.sequence},
        )
    work.announce("record.annotated", subject_kind="record", subject_id=record.id, office=record.origin_office_id)
    return rows


def annotate_from_the_book(
    *, actor: Actor, at: datetime, record_id: UUID, draft: AnnotationDraft | None, instead_of: UUID | None, reason: str
) -> Annotation | None:
    """What the margin of the book says is written beside the entry, word for word; `instead_of` is an annotation that
    says otherwise and is set out of force. `draft` None: the margin says nothing.

    A note of the book needs no basis of its own: it is evidence of what was noted then. Raises RuleBroken: not_allowed,
    record_unknown, act_not_allowed_in_state, field_not_changeable, annotation_unknown, annotation_withdrawn_already.
    """
    must_have(actor, "record.annotate")
    with unit_of_work(actor=actor, at=at) as work:
        record = locked_record(actor, record_id)
        workflow.next_state(workflow.RECORD, record.state, "annotate")
        if instead_of is not None:
            old = record.annotations.select_for_update().filter(id=instead_of).first()
            if old is None:
                raise RuleBroken("annotation_unknown")
            if not old.in_force:
                raise RuleBroken("annotation_withdrawn_already")
            take_back([old], record, reason=reason, work=work)
        if draft is None:
            return None
        if draft.field and not _is_changeable(record, draft.field):
            raise RuleBroken("field_not_changeable", field="field", name=draft.field)
        return write_annotations(record, [draft], actor=actor, at=at, work=work)[0]


def _is_changeable(record: Record, field: str) -> bool:
    codes = {item.code for item in version_by_id(record.schema_version).fields}
    return field in codes and field not in IDENTITY_OF_THE_ENTRY


def _row(
    record: Record, draft: AnnotationDraft, sequence: int, old: Recorded | None, actor: Actor, at: datetime
) -> Annotation:
    today = "" if draft.is_of_the_book else f"{in_vietnam(at):%d/%m/%Y}"
    note_date_text = draft.note_date_text or today
    return Annotation(
        origin_office_id=record.origin_office_id,
        record=record,
        sequence=sequence,
        kind=draft.kind,
        note_date_text=note_date_text,
        note_date=_first_day(note_date_text),
        basis_number=draft.basis_number.strip(),
        basis_date_text=draft.basis_date_text.strip(),
        basis_authority=draft.basis_authority.strip(),
        field=draft.field,
        old_value=old,
        new_value=_jsonable(draft.new_value),
        text=draft.text.strip(),
        restricted=draft.restricted or is_restricted_note(draft.kind, draft.text),
        original=draft.original,
        source_record_id=draft.source_record_id,
        noted_by=actor.officer_id,
        created_at=at,
    )


def _first_day(text: str) -> date | None:
    try:
        return parse_date(text).earliest
    except DateError:
        return None


def _jsonable(value: Recorded | None) -> Any:
    return dict(value) if value is not None and not isinstance(value, str) else value


def withdraw_annotation(*, actor: Actor, at: datetime, annotation_id: UUID, reason: str) -> Annotation:
    """Set an annotation written by mistake out of force; it stays readable, the current view goes back.

    Raises RuleBroken: not_allowed, annotation_unknown, annotation_withdrawn_already, reason_missing.
    """
    must_have(actor, "record.annotate")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with unit_of_work(actor=actor, at=at) as work:
        found = Annotation.objects.filter(id=annotation_id, origin_office_id__in=actor.office_ids).first()
        if found is None:
            raise RuleBroken("annotation_unknown")
        record = locked_record(actor, found.record_id)
        note = Annotation.objects.select_for_update().get(id=annotation_id)
        if not note.in_force:
            raise RuleBroken("annotation_withdrawn_already")
        take_back([note], record, reason=reason, work=work)
    return note


def take_back(notes: Sequence[Annotation], record: Record, *, reason: str, work: UnitOfWork) -> None:
    """Set annotations of a record out of force, draw the participants again, note and announce.

    The record and the annotations are locked by the caller.
    """
    for note in notes:
        note.in_force = False
        note.save(update_fields=["in_force"])
        work.record(
            "record.annotation_withdrawn",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            before={"in_force": True},
            after={"in_force": False, "reason": reason.strip()},
            facts={"annotation_id": str(note.id), "kind": note.kind},
        )
    if any(note.field for note in notes):
        redraw_participants(record)
    work.announce("record.annotated", subject_kind="record", subject_id=record.id, office=record.origin_office_id)
