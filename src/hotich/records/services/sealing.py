"""Sealing an annotation by decision: from then on only those who may see restricted facts see it, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annotation
from hotich.records.rules.restricted import is_restricted_note, sees_restricted
from hotich.records.services.access import locked_record, must_have


@dataclass(frozen=True, slots=True)
class SealBasis:
    """The decision that seals or unseals: number, day as written, authority."""

    number: str
    authority: str
    day: str = ""


def seal_annotation(*, actor: Actor, at: datetime, annotation_id: UUID, sealed: bool, basis: SealBasis) -> Annotation:
    """Seal an annotation of one's offices, or lift the seal; the decision is kept in the trail.

    What the law restricts by its kind (adoption, re-determined sex) is never opened so. Raises RuleBroken: not_allowed,
    annotation_unknown, annotation_without_basis, seal_unchanged, seal_by_law.
    """
    must_have(actor, "record.annotate")
    if not sees_restricted(actor):
        raise RuleBroken("not_allowed")
    if not (basis.number.strip() and basis.authority.strip()):
        raise RuleBroken("annotation_without_basis", field="basis_number")
    with unit_of_work(actor=actor, at=at) as work:
        found = Annotation.objects.filter(id=annotation_id, origin_office_id__in=actor.office_ids).first()
        if found is None:
            raise RuleBroken("annotation_unknown")
        record = locked_record(actor, found.record_id)
        note = Annotation.objects.select_for_update().get(id=annotation_id)
        if note.restricted == sealed:
            raise RuleBroken("seal_unchanged")
        if not sealed and is_restricted_note(note.kind, note.text):
            raise RuleBroken("seal_by_law")
        note.restricted = sealed
        note.save(update_fields=["restricted"])
        verb = "record.annotation_sealed" if sealed else "record.annotation_unsealed"
        words = ", ".join(part.strip() for part in (basis.number, basis.day, basis.authority) if part.strip())
        work.record(
            verb, subject_kind="record", subject_id=record.id, subject_office=record.origin_office_id,
            after={"basis": words}, facts={"annotation_id": str(note.id), "sequence": note.sequence},
        )  # fmt: skip
        work.announce(verb, subject_kind="record", subject_id=record.id, office=record.origin_office_id)
    return note
