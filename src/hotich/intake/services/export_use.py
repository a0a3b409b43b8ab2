"""Using an approved request: by whom it was given to, in time, and so many times."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.intake.models import ExportDownload, ExportRequest
from hotich.intake.services.access import must_have
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

State = ExportRequest.State


def locked_request(actor: Actor, request_id: UUID) -> ExportRequest:
    """The request, locked, of one of the actor's offices. Raises RuleBroken export_unknown."""
    found = (
        ExportRequest.objects.select_for_update().filter(id=request_id, origin_office_id__in=actor.office_ids).first()
    )
    if found is None:
        raise RuleBroken("export_unknown")
    return found


def use_request(*, actor: Actor, at: datetime, request_id: UUID) -> ExportRequest:
    """Take one download off an approved request, within the caller's transaction; who took what, and of when, stays written.

    Raises RuleBroken: not_allowed, export_unknown, export_not_approved, export_expired, export_used_up.
    """
    officer = must_have(actor, "export.request")
    found = locked_request(actor, request_id)
    if found.requested_by != officer:
        raise RuleBroken("export_unknown")
    if found.state != State.APPROVED or found.expires_at is None:
        raise RuleBroken("export_not_approved")
    if at >= found.expires_at:
        raise RuleBroken("export_expired")
    if found.downloads_left <= 0:
        raise RuleBroken("export_used_up")
    found.downloads_left -= 1
    found.downloads += 1
    found.save(update_fields=["downloads_left", "downloads"])
    built_at = min(found.file.created_at, at) if found.file is not None else at
    ExportDownload.objects.create(
        origin_office_id=found.origin_office_id, request=found, officer_id=officer, at=at, built_at=built_at
    )
    return found
