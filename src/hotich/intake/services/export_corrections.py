"""Whoever took a file away learns that a record in it was put right, and says when those the file went to were told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import ExportCorrection
from hotich.intake.queries.export_downloads import corrections, downloads_with
from hotich.intake.services.access import must_have
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Record
from hotich.records.queries.recipients import changed_at

PUT_RIGHT = frozenset({"record.repaired", "record.annulled"})


def note_wrong_exports(*, at: datetime, office_id: int, record_ids: Collection[UUID]) -> int:
    """For each file taken away before one of these records was put right: a correction to be told; the number of them.

    Called by the reader of the event log, as the system at the office; a second reading adds nothing.
    """
    actor = Actor("system", office_id, None, frozenset({office_id}))
    made = 0
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        for record in Record.objects.filter(id__in=list(record_ids)).select_related("book").order_by("id"):
            changed = changed_at(record)
            if changed is None:
                continue
            for taken in downloads_with(record, before=changed):
                _row, fresh = ExportCorrection.objects.get_or_create(
                    download=taken, record=record, changed_at=changed,
                    defaults={"origin_office_id": record.origin_office_id, "noted_at": at},
                )  # fmt: skip
                if not fresh:
                    continue
                made += 1
                work.record(
                    "export.outdated", subject_kind="export", subject_id=taken.request_id, subject_office=office_id,
                    facts={"record_id": str(record.id)},
                )  # fmt: skip
                work.announce("export.outdated", subject_kind="export", subject_id=taken.request_id, office=office_id)
    return made


def note_exports_told(*, actor: Actor, at: datetime, correction_ids: Collection[UUID], how: str) -> int:
    """Write down that those a file went to were told of these corrections, and how; the number of them.

    By whoever took the file away, or whoever decides about exports at the office. Raises RuleBroken: not_allowed,
    corrections_missing, export_unknown, reason_missing.
    """
    if not actor.may("export.approve"):
        must_have(actor, "export.request")
    if not correction_ids:
        raise RuleBroken("corrections_missing")
    if not how.strip():
        raise RuleBroken("reason_missing", field="how")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        asked = corrections(actor).filter(id__in=list(correction_ids))
        rows = list(asked.select_for_update(of=("self",)).order_by("id"))
        if len(rows) != len(set(correction_ids)):
            raise RuleBroken("export_unknown")
        waiting = [row for row in rows if row.told_at is None]
        for row in waiting:
            row.told_at, row.told_by, row.told_how = at, actor.officer_id, " ".join(how.split())[:500]
            row.save(update_fields=["told_at", "told_by", "told_how"])
            work.record(
                "export.correction_told", subject_kind="export", subject_id=row.download.request_id,
                subject_office=row.origin_office_id, after={"how": row.told_how},
                facts={"record_id": str(row.record_id)},
            )  # fmt: skip
    return len(waiting)
