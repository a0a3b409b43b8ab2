"""The list goes out as a workbook: with the right to take data away, a reason, a line in the trail – and beyond a page of it
only when another officer has allowed it, for some hours and so many downloads, as whole books do (`intake`).

What was asked for is what goes out: the items stand in the request, not the filter they were found by.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import TrackingExport
from hotich.reconciliation.services.access import must_have
from hotich.registers.rules.parameters import constant

State = TrackingExport.State
PRINT_MOST = 500
"""Items of one part of a printed list; a longer list is printed in several."""
EXPORT_MOST = 5000
"""Items of one request: what whoever decides can still judge."""


def note_export(*, actor: Actor, at: datetime, item_ids: Collection[UUID], reason: str) -> None:
    """Write that these items are taken away by one officer, and why; called before anything is handed out.

    Raises RuleBroken: not_allowed, reason_too_short, tracking_export_empty, tracking_export_not_alone.
    """
    must_have(actor, "export.request")
    _must_say(reason)
    if not item_ids:
        raise RuleBroken("tracking_export_empty")
    most = constant("population_list_alone")
    if len(item_ids) > most:
        raise RuleBroken("tracking_export_not_alone", number=len(item_ids), most=most)
    with unit_of_work(actor=actor, at=at) as work:
        _note_taken(work, item_ids, reason.strip()[:500])


def _must_say(reason: str) -> None:
    needed = constant("reading_reason_length")
    if sum(map(str.isalpha, reason)) < needed:
        raise RuleBroken("reason_too_short", field="reason", letters=needed)


def _note_taken(work: UnitOfWork, item_ids: Collection[object], reason: str, request: str = "") -> None:
    """The act of taking away; `request`: the id of what was allowed, "" where one officer may alone."""
    office = work.actor.office_id
    work.record(
        "tracking.exported", subject_kind="office", subject_id=office, subject_office=office,
        after={"reason": reason, "items": [str(each) for each in item_ids]},
        facts={"items": len(item_ids), **({"export": request} if request else {})},
    )  # fmt: skip
    work.announce("tracking.exported", subject_kind="office", subject_id=office, office=office)


def request_export(*, actor: Actor, at: datetime, item_ids: Collection[UUID], reason: str) -> TrackingExport:
    """Ask to take more of the list away than one may alone; it belongs to the office of whoever asks.

    Raises RuleBroken: not_allowed, reason_too_short, tracking_export_empty, tracking_export_too_many.
    """
    officer = must_have(actor, "export.request")
    _must_say(reason)
    if not item_ids:
        raise RuleBroken("tracking_export_empty")
    if len(item_ids) > EXPORT_MOST:
        raise RuleBroken("tracking_export_too_many", number=len(item_ids), most=EXPORT_MOST)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        made = TrackingExport.objects.create(
            origin_office_id=actor.office_id, items=[str(each) for each in item_ids],
            reason=" ".join(reason.split())[:500], requested_by=officer, requested_at=at,
        )  # fmt: skip
        _note(work, made, "tracking.export_requested", after={"reason": made.reason})
    return made


def decide_export(*, actor: Actor, at: datetime, export_id: UUID, approve: bool, words: str = "") -> TrackingExport:
    """Allow or refuse what somebody else asked for. Raises RuleBroken: not_allowed, tracking_export_unknown,
    second_person_required, tracking_export_decided, reason_missing (to refuse)."""
    officer = must_have(actor, "export.approve")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = _locked(actor, export_id)
        if found.requested_by in actor.hands:
            raise RuleBroken("second_person_required")
        if found.state != State.WAITING:
            raise RuleBroken("tracking_export_decided")
        if not approve and not words.strip():
            raise RuleBroken("reason_missing", field="words")
        found.state = State.APPROVED if approve else State.REFUSED
        found.decided_by, found.decided_at, found.decision_words = officer, at, " ".join(words.split())[:500]
        if approve:
            found.expires_at = at + timedelta(hours=constant("export_open_hours"))
            found.downloads_left = constant("export_downloads")
        found.save()
        verb = "tracking.export_approved" if approve else "tracking.export_refused"
        _note(work, found, verb, after={"words": found.decision_words})
    return found


def use_export(*, actor: Actor, at: datetime, export_id: UUID) -> TrackingExport:
    """Count and write down one download of what was allowed; by whoever asked, before anything is handed out.

    Raises RuleBroken: not_allowed, tracking_export_unknown, tracking_export_over.
    """
    must_have(actor, "export.request")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = _locked(actor, export_id)
        if found.requested_by not in actor.hands:
            raise RuleBroken("tracking_export_unknown")
        if (
            found.state != State.APPROVED
            or not found.downloads_left
            or found.expires_at is None
            or found.expires_at <= at
        ):
            raise RuleBroken("tracking_export_over")
        found.downloads_left -= 1
        found.save(update_fields=["downloads_left"])
        _note_taken(work, found.items, found.reason, str(found.id))
    return found


def _locked(actor: Actor, export_id: UUID) -> TrackingExport:
    found = (
        TrackingExport.objects.select_for_update().filter(id=export_id, origin_office_id__in=actor.office_ids).first()
    )
    if found is None:
        raise RuleBroken("tracking_export_unknown")
    return found


def _note(work: UnitOfWork, found: TrackingExport, verb: str, *, after: dict[str, Any]) -> None:
    work.record(
        verb, subject_kind="tracking_export", subject_id=found.id, subject_office=found.origin_office_id, after=after,
        facts={"items": len(found.items)},
    )  # fmt: skip
    work.announce(verb, subject_kind="tracking_export", subject_id=found.id, office=found.origin_office_id)


def note_print(*, actor: Actor, at: datetime, item_ids: Collection[UUID]) -> None:
    """Write that the list was printed for a meeting; called before it is shown."""
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "tracking.printed", subject_kind="office", subject_id=actor.office_id, subject_office=actor.office_id,
            after={"items": [str(each) for each in item_ids]}, facts={"items": len(item_ids)},
        )  # fmt: skip
