"""Reads: one record with everything that stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annotation, Attachment, KeyingRepair, Participant, Record, RecordState
from hotich.records.rules.current_view import CurrentView, current_view
from hotich.records.rules.restricted import (
    Shown,
    entry_scan_shown,
    rows_shown,
    scan_shown,
    sees_restricted,
    values_shown,
)
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import RegisterVersion


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record as one officer may see it: restricted facts are already taken out."""

    record: Record
    version: RegisterVersion
    recorded: Shown
    current: CurrentView
    current_shown: Shown
    annotations: list[Annotation]
    participants: list[Participant]
    scans: list[Attachment]
    repairs: list[KeyingRepair]
    hides_annotations: bool
    hides_scan: bool = False

    @property
    def hides(self) -> bool:
        """Whether anything was taken out: a field, an annotation, or the scan that shows them."""
        return bool(self.recorded.hidden or self.current_shown.hidden) or self.hides_annotations or self.hides_scan


def record_by_id(record_id: UUID, office_ids: Iterable[int]) -> Record:
    """The record of one of these offices. Raises RuleBroken record_unknown."""
    record = (
        Record.objects.filter(id=record_id, origin_office_id__in=set(office_ids))
        .select_related("book", "origin_office")
        .first()
    )
    if record is None:
        raise RuleBroken("record_unknown")
    return record


def record_view(record_id: UUID, actor: Actor) -> RecordView:
    """A record and what stands beside it, for this officer. Raises RuleBroken not_allowed, record_unknown."""
    if not actor.may("record.read"):
        raise RuleBroken("not_allowed")
    record = record_by_id(record_id, actor.office_ids)
    version = version_by_id(record.schema_version)
    sees = sees_restricted(actor)
    notes = list(record.annotations.order_by("sequence"))
    shown = rows_shown(notes, sees=sees)
    closed = {note.field for note in notes if note.restricted and note.field}
    current = current_view(record.as_recorded, notes)
    recorded = values_shown(version, record.as_recorded, sees=sees, also=closed)
    shows_scan = scan_shown(record.register_type, record.as_recorded, sees=sees, hidden=recorded.hidden)
    return RecordView(
        record=record,
        version=version,
        recorded=recorded,
        current=current,
        current_shown=values_shown(version, current.values, sees=sees, also=closed),
        annotations=shown,
        participants=rows_shown(record.participants.order_by("role"), sees=sees),
        scans=list(record.attachments.select_related("file").order_by("created_at", "id")) if shows_scan else [],
        repairs=list(record.repairs.order_by("-proposed_at")),
        hides_annotations=len(shown) < len(notes),
        hides_scan=not shows_scan,
    )


def attachment_of(attachment_id: UUID, actor: Actor) -> Attachment:
    """A scan or paper of one's offices. Raises RuleBroken not_allowed, record_unknown."""
    if not actor.may("record.read"):
        raise RuleBroken("not_allowed")
    found = (
        Attachment.objects.filter(id=attachment_id, origin_office_id__in=actor.office_ids)
        .select_related("file", "record")
        .first()
    )
    if found is None:
        raise RuleBroken("record_unknown")
    sees, record = sees_restricted(actor), found.record
    closed = record.annotations.filter(restricted=True).exclude(field="").values_list("field", flat=True)
    version = version_by_id(record.schema_version)
    if not entry_scan_shown(record.register_type, version, record.as_recorded, sees=sees, also=closed):
        raise RuleBroken("not_allowed")
    return found


def repairs_waiting(office_ids: Iterable[int]) -> QuerySet[KeyingRepair]:
    """Keying repairs that wait for a second officer, the oldest first."""
    return (
        KeyingRepair.objects.filter(origin_office_id__in=set(office_ids), state=KeyingRepair.State.PROPOSED)
        .select_related("record", "record__book")
        .order_by("proposed_at", "id")
    )


def count_repairs_to_decide(actor: Actor) -> int:
    """How many keying repairs wait for this officer: those of his offices that somebody else proposed."""
    if not actor.may("record.approve_repair"):
        return 0
    return repairs_waiting(actor.office_ids).exclude(proposed_by=actor.officer_id or 0).count()


def records_at(
    actor: Actor,
    *,
    register_type: str,
    book_number: str,
    book_year: int | None,
    number: int,
    suffix: str,
    year: int | None,
) -> list[Record]:
    """Records of one's offices under this book and number, of whatever state (two offices may both have one).

    Raises RuleBroken not_allowed.
    """
    if not actor.may("record.read"):
        raise RuleBroken("not_allowed")
    found = Record.objects.filter(
        origin_office_id__in=actor.office_ids, register_type=register_type, number=number, number_suffix=suffix
    ).filter(book__number=book_number)
    if book_year is not None:
        found = found.filter(book__opening_year=book_year)
    if year is not None:
        found = found.filter(registration_year=year)
    return list(found.select_related("book", "origin_office").prefetch_related("participants").order_by("id"))


def superseded_and_superseding(record: Record) -> tuple[Record | None, Record | None]:
    """The older record this one stands in for, and the newer one that stands in for it, as far as one sees them."""
    linked = Record.objects.select_related("book")
    older = linked.filter(id=record.supersedes_id).first() if record.supersedes_id else None
    return older, linked.filter(supersedes_id=record.id).first() if record.state == RecordState.SUPERSEDED else None
