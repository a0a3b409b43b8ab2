"""That somebody looked: every reading of a record or of its scan is in the trail, and within the officer's budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from hotich.audit.models import Entry
from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam, start_of_day
from hotich.kernel.problems import RuleBroken
from hotich.records.rules.reading_budget import ALARM, COUNTED, REASON, STOPPED, Day, budget_for, verdict
from hotich.registers.rules.parameters import constant


def note_reading(
    *,
    actor: Actor,
    at: datetime,
    subject_kind: str,
    subject_id: UUID,
    subject_office: int,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write that the actor read a record, a scan or a person ("record.read", "scan.read", "person.read").

    Called before anything is shown. Raises RuleBroken reading_reason_needed when the officer has read so much today
    that a reason must be stated first.
    """
    verb = f"{subject_kind}.read"
    with unit_of_work(actor=actor, at=at) as work:
        if verb in COUNTED and actor.officer_id is not None:
            _keep_budget(actor, at, subject_id, work)
        work.record(
            verb, subject_kind=subject_kind, subject_id=subject_id, subject_office=subject_office,
            facts=dict(facts or {}),
        )  # fmt: skip


def note_search(*, actor: Actor, at: datetime, kinds: Sequence[str], hits: int) -> None:
    """Write that somebody searched one's own records: by what kinds of facts and how many were found, never the text."""
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "record.searched", subject_kind="office", subject_id=actor.office_id, subject_office=actor.office_id,
            facts={"kinds": list(kinds), "hits": hits},
        )  # fmt: skip


def note_refusal(
    *, actor: Actor, at: datetime, act: str, code: str, subject_kind: str, subject_id: object, subject_office: int
) -> None:
    """Write that something was refused, in a transaction of its own: the refused one is rolled back."""
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            f"{act}.refused",
            subject_kind=subject_kind,
            subject_id=subject_id,
            subject_office=subject_office,
            facts={"code": code},
        )


def give_reading_reason(*, actor: Actor, at: datetime, reason: str) -> None:
    """State why so much is read today; the leader of the office sees it. Raises RuleBroken reason_too_short, not_allowed."""
    if actor.officer_id is None:
        raise RuleBroken("not_allowed")
    needed = constant("reading_reason_length")
    if sum(map(str.isalpha, reason)) < needed:
        raise RuleBroken("reason_too_short", field="reason", letters=needed)
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            REASON,
            subject_kind="officer",
            subject_id=actor.officer_id,
            subject_office=actor.office_id,
            after={"reason": reason.strip()[:500]},
            facts={"read": reading_day(actor, at).read},
        )
        work.announce(REASON, subject_kind="officer", subject_id=actor.officer_id, office=actor.office_id)


def reading_day(actor: Actor, at: datetime, subject_id: object = "") -> Day:
    """The officer's day so far: one range of the index by officer and time."""
    start = start_of_day(in_vietnam(at).date())
    found = Entry.objects.filter(actor_id=actor.officer_id, at__gte=start).aggregate(
        read=Count("subject_id", filter=Q(verb__in=COUNTED), distinct=True),
        known=Count("id", filter=Q(verb__in=COUNTED, subject_id=str(subject_id))),
        alarms=Count("id", filter=Q(verb=ALARM)),
        reasons=Count("id", filter=Q(verb=REASON)),
    )
    return Day(found["read"], bool(found["known"]), found["alarms"], found["reasons"])


def _keep_budget(actor: Actor, at: datetime, subject_id: UUID, work: UnitOfWork) -> None:
    budget = budget_for(actor.rights)
    alarm, limit = constant(budget.alarm), constant(budget.limit)
    day = reading_day(actor, at, subject_id)
    found = verdict(day, alarm=alarm, limit=limit)
    if found == STOPPED:
        raise RuleBroken("reading_reason_needed", read=day.read, limit=limit)
    if found == ALARM:
        facts = {"read": day.read, "budget": alarm}
        work.record(
            ALARM, subject_kind="officer", subject_id=actor.officer_id, subject_office=actor.office_id, facts=facts
        )
        work.announce(ALARM, subject_kind="officer", subject_id=actor.officer_id, office=actor.office_id)
