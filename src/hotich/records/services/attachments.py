"""Scans that come after the entry: a file is added beside those the record has, none is ever taken away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.files.models import StoredFile
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Attachment
from hotich.records.services.access import locked_record, must_have


def attach_scan(*, actor: Actor, at: datetime, record_id: UUID, file_id: UUID) -> Attachment:
    """Attach a stored scan of the same office to a record; the scans it had before stay. Twice is as once.

    No value of the record changes, so no second person is asked. Whatever its state: an annulled entry has its page
    too. Raises RuleBroken: not_allowed, record_unknown, file_unknown.
    """
    must_have(actor, "case.import", "case.edit", "case.approve", "record.repair")
    with unit_of_work(actor=actor, at=at) as work:
        record = locked_record(actor, record_id)
        if not StoredFile.objects.filter(id=file_id, origin_office_id=record.origin_office_id).exists():
            raise RuleBroken("file_unknown", field="scan")
        found = Attachment.objects.filter(record=record, file_id=file_id).first()
        if found is not None:
            return found
        made = Attachment.objects.create(
            origin_office_id=record.origin_office_id,
            record=record,
            file_id=file_id,
            kind=Attachment.Kind.SCAN,
            created_at=at,
        )
        work.record(
            "record.scan_attached",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            facts={"file": str(file_id), "version": record.version},
        )
        work.announce(
            "record.scan_attached", subject_kind="record", subject_id=record.id, office=record.origin_office_id
        )
    return made
