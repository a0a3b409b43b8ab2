"""Human decisions that two participants are, or are not, one person: stored inputs of every drawing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import LinkDecision
from hotich.persons.services.drawing import draw_conclusions
from hotich.records.models import Participant


def decide_link(
    *, actor: Actor, at: datetime, first_id: UUID, second_id: UUID, same: bool, reason: str
) -> LinkDecision:
    """Say that two participants are one person, or are not; conclusions are drawn again at once.

    A later decision about the same two replaces the earlier one, which stays in the trail.
    Raises RuleBroken: not_allowed, reason_missing, participant_unknown, same_participant.
    """
    if not actor.may("person.decide_links"):
        raise RuleBroken("not_allowed")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    first, second = sorted((first_id, second_id))
    if first == second:
        raise RuleBroken("same_participant")
    with unit_of_work(actor=actor, at=at) as work:
        people = {
            each.id: each
            for each in Participant.objects.filter(id__in=[first, second], origin_office_id__in=actor.office_ids)
        }
        if len(people) < 2:
            raise RuleBroken("participant_unknown")
        decision, before = _write(people[first], people[second], same, reason.strip()[:500], actor, at)
        work.record(
            "link.decided",
            subject_kind="participant",
            subject_id=first,
            subject_office=decision.origin_office_id,
            before=before,
            after={"same": same, "reason": decision.reason},
            facts={"second_id": str(second)},
        )
        draw_conclusions(actor=actor, at=at, record_ids={each.record_id for each in people.values()})
    return decision


def _write(
    first: Participant, second: Participant, same: bool, reason: str, actor: Actor, at: datetime
) -> tuple[LinkDecision, dict[str, Any] | None]:
    values = {"same": same, "reason": reason, "decided_by": actor.officer_id or 0, "decided_at": at}
    decision, made = LinkDecision.objects.select_for_update().get_or_create(
        origin_office_id=first.origin_office_id, first=first, second=second, defaults=values
    )
    if made:
        return decision, None
    before = {"same": decision.same, "reason": decision.reason}
    for name, value in values.items():
        setattr(decision, name, value)
    decision.save(update_fields=list(values))
    return decision, before


def withdraw_link_decision(*, actor: Actor, at: datetime, decision_id: UUID) -> None:
    """Take a decision back; identity numbers alone decide again. Raises RuleBroken: not_allowed, decision_unknown."""
    if not actor.may("person.decide_links"):
        raise RuleBroken("not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        decision = LinkDecision.objects.filter(id=decision_id, origin_office_id__in=actor.office_ids).first()
        if decision is None:
            raise RuleBroken("decision_unknown")
        ids = [decision.first_id, decision.second_id]
        work.record(
            "link.decision_withdrawn",
            subject_kind="participant",
            subject_id=decision.first_id,
            subject_office=decision.origin_office_id,
            before={"same": decision.same, "reason": decision.reason},
            facts={"second_id": str(decision.second_id)},
        )
        decision.delete()
        records = Participant.objects.filter(id__in=ids).values_list("record_id", flat=True)
        draw_conclusions(actor=actor, at=at, record_ids=set(records))
