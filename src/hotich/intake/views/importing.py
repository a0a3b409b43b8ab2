"""From an uploaded form to the services that import, and back."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from hotich.intake import services, tasks
from hotich.intake.models import Batch, BatchState
from hotich.kernel import clock
from hotich.kernel.actor import Actor


def begin(cleaned: dict[str, Any], actor: Actor) -> tuple[Batch, bool]:
    """Hand an uploaded book to the import, which goes on in the background.

    The batch to look at, and whether it is new: the same files again give the batch they gave before, so a form that
    is sent twice imports once. Raises RuleBroken as `services.start_import`.
    """
    workbook, scans, at = cleaned["workbook"], cleaned.get("scans"), clock.now()
    delivery = services.Delivery(
        name=PurePath(workbook.name or "so.xlsx").name,
        content=workbook.read(),
        scans=scans.read() if scans else None,
        era=cleaned.get("era", ""),
        claims_reason=cleaned.get("claims_reason", ""),
    )
    names = {"scans_name": PurePath(scans.name or "scans.zip").name} if scans else {}
    batch = services.start_import(actor=actor, at=at, office_id=cleaned["office"], delivery=delivery, **names)
    if batch.state == BatchState.LOADING:
        # in the transaction of the upload: no job without its batch, no batch without its job
        tasks.import_book_job.defer(batch_id=str(batch.id), login=actor.login, office_id=batch.origin_office_id)
    return batch, batch.created_at == at
