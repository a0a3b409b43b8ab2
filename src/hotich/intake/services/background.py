"""An import in the background: what was uploaded is stored at once, the rows follow in a job that may be killed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.files.queries import read_file
from hotich.files.services import store_file
from hotich.intake.models import Batch, BatchState
from hotich.intake.queries.report import Report
from hotich.intake.services.access import locked_batch
from hotich.intake.services.examination_pool import ExaminationPool
from hotich.intake.services.importing import Delivery, create_batch, load_batch, may_import, prepare
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

ZIP = "application/zip"


def start_import(
    *, actor: Actor, at: datetime, office_id: int, delivery: Delivery, scans_name: str = "scans.zip"
) -> Batch:
    """Store an upload as a batch that waits to be loaded by `run_import`; the caller enqueues it in this transaction.

    What is no workbook of a register is refused at once. The same files again give the batch they gave before
    (unless it was withdrawn). `delivery.scans` is the content of a zip. Raises RuleBroken as `import_book` does.
    """
    may_import(actor, office_id)
    prepared = prepare(actor, at, office_id, delivery)
    sha256 = hashlib.sha256(delivery.content).hexdigest()
    scans_sha256 = hashlib.sha256(delivery.scans).hexdigest() if isinstance(delivery.scans, bytes) else ""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        for batch in Batch.objects.filter(origin_office_id=office_id, source_sha256=sha256).select_related("scans"):
            same_scans = not scans_sha256 or (batch.scans is not None and batch.scans.sha256 == scans_sha256)
            if batch.state != BatchState.WITHDRAWN and same_scans and batch.era == delivery.era:
                return batch
        batch = create_batch(actor, at, office_id, delivery, prepared, sha256)
        if isinstance(delivery.scans, bytes):
            batch.scans = store_file(
                office_id=office_id, name=scans_name, content=delivery.scans, media_type=ZIP, actor=actor, at=at
            )
            batch.save(update_fields=["scans"])
    return batch


def run_import(*, actor: Actor, at: datetime, batch_id: UUID) -> Report | None:
    """Load a batch from what was stored, from where it stopped; None when there is nothing left to do.

    What makes it impossible is written into the batch (`failure`) and raised.
    """
    with office_scope(actor.office_ids):
        batch = Batch.objects.select_related("workbook", "scans").filter(id=batch_id).first()
        if batch is None or batch.state != BatchState.LOADING or batch.workbook is None:
            return None
        content = read_file(batch.workbook)
        scans = read_file(batch.scans) if batch.scans is not None else None
    try:
        with ExaminationPool(workbook_size=len(content)) as pool:
            delivery = Delivery(batch.source_name, content, scans, batch.era)
            prepared = prepare(actor, at, batch.origin_office_id, delivery)
            return load_batch(actor, at, batch, prepared, pool)
    except RuleBroken as refusal:
        if refusal.code != "import_running_already":
            note_failure(actor=actor, at=at, batch_id=batch_id, code=refusal.code)
        raise


def note_failure(*, actor: Actor, at: datetime, batch_id: UUID, code: str) -> None:
    """Write into a batch why it could not be loaded: a code of the messages."""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = locked_batch(actor, batch_id)
        batch.failure = code[:300]
        batch.save(update_fields=["failure"])
        work.record(
            "batch.failed",
            subject_kind="batch",
            subject_id=batch.id,
            subject_office=batch.origin_office_id,
            facts={"code": code},
        )
