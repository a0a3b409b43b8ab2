"""Human decisions that two participants are, or are not, one person: stored inputs of every drawing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import LinkDecision
from hotich.persons.services.drawing import draw_conclusions
from hotich.records.models import Participant

Pair = tuple[UUID, UUID]


def decide_link(
    *, actor: Actor, at: datetime, first_id: UUID, second_id: UUID, same: bool, reason: str
) -> LinkDecision:
    """Say that two participants are one person, or are not; conclusions are drawn again at once.

    A later decision about the same two replaces the earlier one, which stays in the trail.
    Raises RuleBroken: not_allowed, reason_missing, participant_unknown, same_participant.
    """
    return _decide([(first_id, second_id)], same, reason, actor, at)[0]


def decide_links(*, actor: Actor, at: datetime, pairs: Sequence[Pair], same: bool, reason: str) -> list[LinkDecision]:
    """`decide_link` for many pairs, in their order; conclusions are drawn once, in one transaction; at most 500 a call.

    Raises as `decide_link`.
    """
    return _decide(pairs, same, reason, actor, at)


def split_off(
    *, actor: Actor, at: datetime, participant_id: UUID, others: Collection[UUID], reason: str
) -> list[LinkDecision]:
    """Say that a participant is none of these others, with whom it was taken for one person.

    One decision for each: with fewer, a shared number could join it again by way of somebody left out.
    Raises as `decide_link`, and nobody_to_part_from.
    """
    if not others:
        raise RuleBroken("nobody_to_part_from")
    return _decide([(participant_id, other) for other in sorted(others)], False, reason, actor, at)


def _decide(pairs: Sequence[Pair], same: bool, reason: str, actor: Actor, at: datetime) -> list[LinkDecision]:
    _may_decide(actor, reason)
    ordered = [(min(pair), max(pair)) for pair in pairs]
    if any(first == second for first, second in ordered):
        raise RuleBroken("same_participant")
    wanted = {each for pair in ordered for each in pair}
    with unit_of_work(actor=actor, at=at) as work:
        people = {
            each.id: each for each in Participant.objects.filter(id__in=wanted, origin_office_id__in=actor.office_ids)
        }
        if len(people) < len(wanted):
            raise RuleBroken("participant_unknown")
        made = [
            _write(people[first], people[second], same, reason.strip()[:500], actor, at, work)
            for first, second in ordered
        ]
        draw_conclusions(actor=actor, at=at, record_ids={each.record_id for each in people.values()})
    return made


def _may_decide(actor: Actor, reason: str) -> None:
    if not actor.may("person.decide_links"):
        raise RuleBroken("not_allowed")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")


def _write(
    first: Participant, second: Participant, same: bool, reason: str, actor: Actor, at: datetime, work: UnitOfWork
) -> LinkDecision:
    values = {"same": same, "reason": reason, "decided_by": actor.officer_id or 0, "decided_at": at}
    decision, made = LinkDecision.objects.select_for_update().get_or_create(
        origin_office_id=first.origin_office_id, first=first, second=second, defaults=values
    )
    before: dict[str, Any] | None = None
    if not made:
        before = {"same": decision.same, "reason": decision.reason}
        for name, value in values.items():
            setattr(decision, name, value)
        decision.save(update_fields=list(values))
    work.record(
        "link.decided",
        subject_kind="participant",
        subject_id=first.id,
        subject_office=decision.origin_office_id,
        before=before,
        after={"same": same, "reason": decision.reason},
        facts={"second_id": str(second.id)},
    )
    return decision


def withdraw_link_decision(*, actor: Actor, at: datetime, decision_id: UUID, reason: str) -> None:
    """Take a decision back; identity numbers alone decide again.

    Raises RuleBroken: not_allowed, reason_missing, decision_unknown.
    """
    if not withdraw_link_decisions(actor=actor, at=at, decision_ids=[decision_id], reason=reason):
        raise RuleBroken("decision_unknown")


def withdraw_link_decisions(*, actor: Actor, at: datetime, decision_ids: Collection[UUID], reason: str) -> int:
    """Take decisions back together; how many there were. Conclusions are drawn once, in one transaction.

    Raises RuleBroken: not_allowed, reason_missing.
    """
    _may_decide(actor, reason)
    with unit_of_work(actor=actor, at=at) as work:
        found = LinkDecision.objects.select_for_update().filter(
            id__in=decision_ids, origin_office_id__in=actor.office_ids
        )
        decisions = list(found.order_by("id"))
        for decision in decisions:
            work.record(
                "link.decision_withdrawn",
                subject_kind="participant",
                subject_id=decision.first_id,
                subject_office=decision.origin_office_id,
                before={"same": decision.same, "reason": decision.reason},
                after={"reason": reason.strip()[:500]},
                facts={"second_id": str(decision.second_id)},
            )
        LinkDecision.objects.filter(id__in=[each.id for each in decisions]).delete()
        people = {each for decision in decisions for each in (decision.first_id, decision.second_id)}
        records = set(Participant.objects.filter(id__in=people).values_list("record_id", flat=True))
        if records:
            draw_conclusions(actor=actor, at=at, record_ids=records)
    return len(decisions)
