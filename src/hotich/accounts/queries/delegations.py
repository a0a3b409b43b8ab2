"""Reads: delegations an officer gave, holds or may agree to."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from hotich.accounts.models import Delegation, DelegationState, Officer
from hotich.accounts.queries.devices import managed_offices
from hotich.accounts.queries.officers import may_manage, officers_of_office
from hotich.kernel.actor import Actor


def may_decide_delegation(actor: Actor, delegation: Delegation) -> bool:
    """Whether this actor may agree: the leader of the delegate's office, or whoever looks after its accounts; neither
    of the two it is about, and nobody on behalf of somebody else."""
    if actor.officer_id in {delegation.delegator_id, delegation.delegate_id} or actor.on_behalf_of is not None:
        return False
    leads = actor.office_id == delegation.delegate_office_id and actor.may("officer.delegate")
    return (leads and actor.may("case.approve")) or may_manage(actor, delegation.delegate_office)


def delegations_of(officer_id: int) -> QuerySet[Delegation]:
    """Delegations this officer gave or was given, the latest first."""
    return _whole(Q(delegator_id=officer_id) | Q(delegate_id=officer_id))


def delegations_to_decide(actor: Actor, *, on: date) -> list[Delegation]:
    """Delegations that wait for this actor's agreement, the earliest first."""
    waiting = Q(state=DelegationState.ASKED, valid_to__gte=on)
    if not Delegation.objects.filter(waiting).exists():  # every page asks; nearly always nothing waits
        return []
    here = Q(delegate_office_id=actor.office_id)
    if actor.may("officer.manage"):
        here |= Q(delegate_office__in=managed_offices(actor))
    found = _whole(waiting & here).order_by("valid_from", "id")
    return [delegation for delegation in found if may_decide_delegation(actor, delegation)]


def _whole(wanted: Q) -> QuerySet[Delegation]:
    return (
        Delegation.objects.filter(wanted)
        .select_related("delegator", "delegate", "office__unit", "delegate_office__unit", "decided_by", "ended_by")
        .order_by("-created_at", "-id")
    )


def colleagues_for(actor: Actor, *, on: date) -> QuerySet[Officer]:
    """Officers of the own office who could act in one's place, by name; those of other offices are named by login."""
    return officers_of_office(actor.office_id, on=on).exclude(id=actor.officer_id or 0).filter(is_active=True)
