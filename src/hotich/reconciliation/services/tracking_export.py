"""The list goes out as a workbook: with the right to take data away, a reason, a limit, and a line in the trail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.services.access import must_have
from hotich.registers.rules.parameters import constant

EXPORT_MOST = 500  # items: what a meeting can go through; whole books go out by a request somebody else approves


def note_export(*, actor: Actor, at: datetime, item_ids: Collection[UUID], reason: str) -> None:
    """Write that these items are taken away, and why; called before anything is handed out.

    Raises RuleBroken: not_allowed, reason_too_short, tracking_export_empty, tracking_export_too_many.
    """
    must_have(actor, "export.request")
    needed = constant("reading_reason_length")
    if sum(map(str.isalpha, reason)) < needed:
        raise RuleBroken("reason_too_short", field="reason", letters=needed)
    if not item_ids:
        raise RuleBroken("tracking_export_empty")
    if len(item_ids) > EXPORT_MOST:
        raise RuleBroken("tracking_export_too_many", number=len(item_ids), most=EXPORT_MOST)
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "tracking.exported", subject_kind="office", subject_id=actor.office_id, subject_office=actor.office_id,
            after={"reason": reason.strip()[:500], "items": [str(each) for each in item_ids]},
            facts={"items": len(item_ids)},
        )  # fmt: skip
        work.announce("tracking.exported", subject_kind="office", subject_id=actor.office_id, office=actor.office_id)


def note_print(*, actor: Actor, at: datetime, item_ids: Collection[UUID]) -> None:
    """Write that the list was printed for a meeting; called before it is shown."""
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "tracking.printed", subject_kind="office", subject_id=actor.office_id, subject_office=actor.office_id,
            after={"items": [str(each) for each in item_ids]}, facts={"items": len(item_ids)},
        )  # fmt: skip
