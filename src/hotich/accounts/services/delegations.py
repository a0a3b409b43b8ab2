"""Delegation: an officer lets another act in the own place, for an absence, with some of the own rights."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from hotich.accounts.models import Delegation, DelegationState, Officer
from hotich.accounts.queries import may_decide_delegation, may_manage, posts_of, province_of
from hotich.accounts.rules.delegation import delegable, mixes_duties, stands_alone, too_long
from hotich.accounts.rules.roles import rights_of
from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office

OPEN = (DelegationState.ASKED, DelegationState.AGREED)


def delegate_rights(
    *,
    actor: Actor,
    at: datetime,
    delegate_id: int,
    rights: Collection[str],
    valid_from: date,
    valid_to: date,
    reason: str,
) -> Delegation:
    """Hand on some of the rights one holds at the present office, from a day to a day (both included).

    To an officer of the same office it stands at once; to one of another office of the province it waits until the
    leader there or the department agrees. Raises RuleBroken: not_allowed, act_reason_missing, delegation_to_oneself,
    delegation_days_wrong, delegation_too_long, delegation_rights_missing, delegation_right_not_own,
    delegation_officer_unfit, delegation_other_province, delegation_mixes_duties, delegation_stands_already.
    """
    if actor.officer_id is None or actor.on_behalf_of is not None or not actor.may("officer.delegate"):
        raise RuleBroken("not_allowed")
    today, reason = clock.in_vietnam(at).date(), " ".join(reason.split())
    _check_request(actor, rights, valid_from, valid_to, today, reason)
    with unit_of_work(actor=actor, at=at) as work:
        delegator = Officer.objects.select_for_update().get(id=actor.officer_id)
        office = Office.objects.select_related("unit").get(id=actor.office_id)
        delegate = Officer.objects.filter(id=delegate_id, is_active=True).first()
        delegate_office = _office_of_delegate(delegator, delegate, office, rights, today)
        same = delegate_office.id == office.id
        _refuse_second(delegator.id, delegate_id, office.id, valid_from, valid_to)
        made = Delegation.objects.create(
            delegator=delegator, office=office, delegate_id=delegate_id, delegate_office=delegate_office,
            rights=sorted(set(rights)), valid_from=valid_from, valid_to=valid_to, reason=reason[:500], created_at=at,
            state=DelegationState.AGREED if same else DelegationState.ASKED,
        )  # fmt: skip
        _note(work, "officer.delegated" if same else "officer.delegation_asked", made)
    return made


def _check_request(
    actor: Actor, rights: Collection[str], valid_from: date, valid_to: date, today: date, reason: str
) -> None:
    if not reason:
        raise RuleBroken("act_reason_missing", field="reason")
    if valid_to < valid_from or valid_to < today or valid_from < today:
        raise RuleBroken("delegation_days_wrong", field="valid_to")
    if too_long(valid_from, valid_to):
        raise RuleBroken("delegation_too_long", field="valid_to")
    if not rights:
        raise RuleBroken("delegation_rights_missing", field="rights")
    if not set(rights) <= delegable(actor.rights):
        raise RuleBroken("delegation_right_not_own", field="rights")
    if mixes_duties(rights):
        raise RuleBroken("delegation_mixes_duties", field="rights")


def _office_of_delegate(
    delegator: Officer, delegate: Officer | None, office: Office, rights: Collection[str], today: date
) -> Office:
    """The office the delegate belongs to: the same one where possible. RuleBroken when the delegate does not fit."""
    if delegate is None:
        raise RuleBroken("delegation_officer_unfit", field="delegate")
    if delegate.id == delegator.id:
        raise RuleBroken("delegation_to_oneself", field="delegate")
    posts = posts_of(delegate, on=today)
    if not posts or stands_alone(post.role for post in posts):
        raise RuleBroken("delegation_officer_unfit", field="delegate")
    # at one office nobody both prepares and decides, be it by two posts or by a post and a delegation
    here = rights_of(post.role for post in posts if post.office_id == office.id)
    lent = Delegation.objects.filter(
        delegate=delegate, office=office, state__in=OPEN, valid_to__gte=today, ended_at__isnull=True
    )
    if mixes_duties({*rights, *here, *(right for other in lent for right in other.rights)}):
        raise RuleBroken("delegation_mixes_duties", field="delegate")
    if any(post.office_id == office.id for post in posts):
        return office
    province = province_of(office)
    near = [post.office for post in posts if province is not None and province_of(post.office) == province]
    if not near:
        raise RuleBroken("delegation_other_province", field="delegate")
    return near[0]


def _refuse_second(delegator: int, delegate: int, office: int, valid_from: date, valid_to: date) -> None:
    if Delegation.objects.filter(
        delegator_id=delegator, delegate_id=delegate, office_id=office, state__in=OPEN, valid_from__lte=valid_to,
        valid_to__gte=valid_from,
    ).exists():  # fmt: skip
        raise RuleBroken("delegation_stands_already", field="delegate")


def decide_delegation(*, actor: Actor, at: datetime, delegation_id: int, agreed: bool) -> Delegation:
    """Agree to a delegation to an officer of one's office, or do not.

    Raises RuleBroken: not_allowed, delegation_not_waiting, delegation_over.
    """
    with unit_of_work(actor=actor, at=at) as work:
        found = _locked(delegation_id)
        if not may_decide_delegation(actor, found):
            raise RuleBroken("not_allowed")
        if found.state != DelegationState.ASKED:
            raise RuleBroken("delegation_not_waiting")
        if found.valid_to < clock.in_vietnam(at).date():
            raise RuleBroken("delegation_over")
        found.state = DelegationState.AGREED if agreed else DelegationState.DECLINED
        found.decided_at, found.decided_by_id = at, actor.officer_id
        found.save(update_fields=["state", "decided_at", "decided_by"])
        _note(work, "officer.delegated" if agreed else "officer.delegation_declined", found)
    return found


def end_delegation(*, actor: Actor, at: datetime, delegation_id: int) -> Delegation:
    """End a delegation at once: by either of the two, by whoever could have agreed or looks after the delegator.

    Raises RuleBroken: not_allowed, delegation_over.
    """
    with unit_of_work(actor=actor, at=at) as work:
        found = _locked(delegation_id)
        own = actor.officer_id in {found.delegator_id, found.delegate_id}
        if not own and not may_decide_delegation(actor, found) and not may_manage(actor, found.office):
            raise RuleBroken("not_allowed")
        if found.state not in OPEN:
            raise RuleBroken("delegation_over")
        found.state, found.ended_at, found.ended_by_id = DelegationState.ENDED, at, actor.officer_id
        found.save(update_fields=["state", "ended_at", "ended_by"])
        _note(work, "officer.delegation_ended", found)
    return found


def _locked(delegation_id: int) -> Delegation:
    found = Delegation.objects.select_for_update(of=("self",)).filter(id=delegation_id)
    row = found.select_related("office__unit", "delegate_office__unit").first()
    if row is None:
        raise RuleBroken("delegation_unknown")
    return row


def _note(work: UnitOfWork, verb: str, delegation: Delegation) -> None:
    work.record(
        verb, subject_kind="delegation", subject_id=delegation.id, subject_office=delegation.office_id,
        facts={
            "delegator": delegation.delegator_id, "delegate": delegation.delegate_id, "rights": delegation.rights,
            "from": delegation.valid_from.isoformat(), "to": delegation.valid_to.isoformat(),
            "delegate_office": delegation.delegate_office_id,
        },
    )  # fmt: skip
