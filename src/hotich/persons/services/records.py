"""Acts on records that change what may be concluded: the act and the drawing in one transaction.

Pages and tasks call these and not the services of `records`, which know nothing of persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.persons.services.drawing import draw_conclusions
from hotich.records import services as records
from hotich.records.models import Annotation, KeyingRepair, Record
from hotich.records.services import AnnotationDraft, Decision


def annotate_record(
    *, actor: Actor, at: datetime, record_id: UUID, drafts: Sequence[AnnotationDraft]
) -> list[Annotation]:
    """`records.services.annotate_record`, then draw again."""
    with unit_of_work(actor=actor, at=at):
        written = records.annotate_record(actor=actor, at=at, record_id=record_id, drafts=drafts)
        draw_conclusions(actor=actor, at=at, record_ids=[record_id])
    return written


def withdraw_annotation(*, actor: Actor, at: datetime, annotation_id: UUID, reason: str) -> Annotation:
    """`records.services.withdraw_annotation`, then draw again."""
    with unit_of_work(actor=actor, at=at):
        note = records.withdraw_annotation(actor=actor, at=at, annotation_id=annotation_id, reason=reason)
        draw_conclusions(actor=actor, at=at, record_ids=[note.record_id])
    return note


def annotate_from_the_book(
    *, actor: Actor, at: datetime, record_id: UUID, draft: AnnotationDraft | None, instead_of: UUID | None, reason: str
) -> Annotation | None:
    """`records.services.annotate_from_the_book`, then draw again."""
    with unit_of_work(actor=actor, at=at):
        note = records.annotate_from_the_book(
            actor=actor, at=at, record_id=record_id, draft=draft, instead_of=instead_of, reason=reason
        )
        draw_conclusions(actor=actor, at=at, record_ids=[record_id])
    return note


def confirm_notice(*, actor: Actor, at: datetime, notice_id: UUID, record_id: UUID | None = None) -> Record:
    """`records.services.confirm_notice`, then draw again."""
    with unit_of_work(actor=actor, at=at):
        record = records.confirm_notice(actor=actor, at=at, notice_id=notice_id, record_id=record_id)
        draw_conclusions(actor=actor, at=at, record_ids=[record.id])
    return record


def decide_repair(*, actor: Actor, at: datetime, repair_id: UUID, approve: bool, reason: str = "") -> KeyingRepair:
    """`records.services.decide_repair`, then draw again if it was approved."""
    with unit_of_work(actor=actor, at=at):
        repair = records.decide_repair(actor=actor, at=at, repair_id=repair_id, approve=approve, reason=reason)
        if approve:
            draw_conclusions(actor=actor, at=at, record_ids=[repair.record_id])
    return repair


def annul_record(*, actor: Actor, at: datetime, record_id: UUID, decision: Decision) -> Record:
    """`records.services.annul_record`, then draw as if it had never been entered."""
    with unit_of_work(actor=actor, at=at):
        record = records.annul_record(actor=actor, at=at, record_id=record_id, decision=decision)
        draw_conclusions(actor=actor, at=at, record_ids=[record_id])
    return record


def revoke_annulment(*, actor: Actor, at: datetime, record_id: UUID, decision: Decision) -> Record:
    """`records.services.revoke_annulment`, then draw as if it had never been annulled."""
    with unit_of_work(actor=actor, at=at):
        record = records.revoke_annulment(actor=actor, at=at, record_id=record_id, decision=decision)
        draw_conclusions(actor=actor, at=at, record_ids=[record_id])
    return record


def supersede_record(*, actor: Actor, at: datetime, record_id: UUID, by_record_id: UUID) -> Record:
    """`records.services.supersede_record`, then draw both again."""
    with unit_of_work(actor=actor, at=at):
        record = records.supersede_record(actor=actor, at=at, record_id=record_id, by_record_id=by_record_id)
        draw_conclusions(actor=actor, at=at, record_ids=[record_id, by_record_id])
    return record
