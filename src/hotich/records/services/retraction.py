"""What an entry wrote into others loses its ground when that entry is annulled, or said something else after a repair.

Within one's offices its annotations are taken back at once; another office gets a notice of withdrawal to confirm.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annotation, AnnotationNotice, Record
from hotich.records.services.access import locked_record
from hotich.records.services.annotations import take_back
from hotich.records.services.targets import send_notice, settle

State = AnnotationNotice.State


def retract_from_targets(record: Record, *, reason: str, actor: Actor, at: datetime) -> list[UUID]:
    """Take back what this entry asked others to note: the ids of the records whose annotations were withdrawn.

    Notices nobody has answered are withdrawn; for those another office has confirmed, a notice of withdrawal is sent.
    """
    with unit_of_work(actor=actor, at=at) as work:
        notes = Annotation.objects.filter(
            source_record_id=record.id, in_force=True, origin_office_id__in=actor.office_ids
        )
        touched = take_back_by_record(notes, reason=reason, work=work)
        sent = AnnotationNotice.objects.select_for_update().filter(
            source_record_id=record.id, origin_office_id__in=actor.office_ids, withdraws__isnull=True
        )
        for notice in sent.order_by("created_at", "id"):
            if notice.state == State.PENDING:
                settle(notice, State.WITHDRAWN, actor=actor, at=at, work=work, reason=reason[:500])
            elif notice.state == State.CONFIRMED and notice.target_office_id not in actor.office_ids:
                _send_withdrawal(notice, reason, at, work)
    return touched


def take_back_by_record(notes: Iterable[Annotation], *, reason: str, work: UnitOfWork) -> list[UUID]:
    """Take annotations back, record by record; the ids of the records."""
    touched = []
    ordered = sorted(notes, key=lambda note: (note.record_id, note.sequence))
    for record_id, group in groupby(ordered, key=lambda note: note.record_id):
        record = Record.objects.select_for_update().get(id=record_id)
        held = Annotation.objects.select_for_update().filter(id__in=[note.id for note in group], in_force=True)
        take_back(list(held.order_by("sequence")), record, reason=reason, work=work)
        touched.append(record_id)
    return touched


def _send_withdrawal(notice: AnnotationNotice, reason: str, at: datetime, work: UnitOfWork) -> None:
    """Once for each notice, however often the entry is put right."""
    if notice.withdrawals.exclude(state=State.WITHDRAWN).exists():
        return
    fresh = AnnotationNotice(
        origin_office_id=notice.origin_office_id,
        target_office_id=notice.target_office_id,
        target_key=notice.target_key,
        source_record_id=notice.source_record_id,
        target={**notice.target, "why": reason[:500]},
        content=notice.content,
        withdraws=notice,
        created_at=at,
    )
    send_notice(fresh, work)


def confirm_withdrawal(notice: AnnotationNotice, *, actor: Actor, at: datetime, work: UnitOfWork) -> Record:
    """Take back what the withdrawn notice had written. The notice is locked. Raises RuleBroken notice_entry_not_found."""
    notes = list(annotations_of_withdrawal(notice))
    if not notes:
        raise RuleBroken("notice_entry_not_found")
    in_force = [note for note in notes if note.in_force]
    take_back_by_record(in_force, reason=notice.target.get("why", ""), work=work)
    return locked_record(actor, notes[0].record_id)


def annotations_of_withdrawal(notice: AnnotationNotice) -> Iterable[Annotation]:
    """The annotations a notice of withdrawal is about; what the same entry had written later is another notice's."""
    if notice.withdraws is None or notice.withdraws.decided_at is None:
        return []
    return Annotation.objects.filter(
        source_record_id=notice.source_record_id,
        origin_office_id=notice.target_office_id,
        created_at__lte=notice.withdraws.decided_at,
    ).order_by("record_id", "sequence")
