"""Deciding proposals: accepted, rejected, undone – by decisions of persons, which are inputs of every drawing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.matching.scorer import Evidence
from hotich.persons.models import LinkDecision
from hotich.persons.services import decide_link, withdraw_link_decision
from hotich.reconciliation.models import LinkProposal, ProposalState
from hotich.reconciliation.queries.link_candidates import joining_of, known_of, participants_of_persons
from hotich.reconciliation.rules.families import Limits, sure_by_rule
from hotich.reconciliation.services.link_bulk_moves import after_decision
from hotich.registers.rules.parameters import constant

RIGHT = "person.decide_links"
RULE = "sure_by_rule"
DECIDABLE = (ProposalState.OPEN, ProposalState.UNDONE)
DECIDED = (ProposalState.ACCEPTED, ProposalState.REJECTED)


def must_decide(actor: Actor) -> None:
    """Raises RuleBroken not_allowed for whoever may not say who is who."""
    if not actor.may(RIGHT):
        raise RuleBroken("not_allowed")


def limits() -> Limits:
    """The years between parents and children the office allows."""
    return Limits(constant("population_parent_age_least"), constant("population_parent_age_most"))


def decide_proposal(*, actor: Actor, at: datetime, proposal_id: UUID, same: bool, reason: str) -> LinkProposal:
    """Accept (both are one person) or reject (they are two); persons are drawn again at once.

    Of an entry made twice this joins the people; which entry stands is an act of its own (annulment, replacement).
    Raises RuleBroken: not_allowed, reason_missing, proposal_unknown, proposal_settled, proposal_stale.
    """
    must_decide(actor)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        proposal = _locked(actor, proposal_id)
        if proposal.state not in DECIDABLE:
            raise RuleBroken("proposal_settled")
        _must_hold(proposal, accepting=same)
        _decide(proposal, same, reason, "", actor, at, work)
    return proposal


def undo_proposal(*, actor: Actor, at: datetime, proposal_id: UUID, reason: str) -> LinkProposal:
    """Take back what was decided about a proposal, by whomever; it may be decided again.

    Raises RuleBroken: not_allowed, reason_missing, proposal_unknown, proposal_not_decided.
    """
    must_decide(actor)
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        proposal = _locked(actor, proposal_id)
        if proposal.state not in DECIDED:
            raise RuleBroken("proposal_not_decided")
        before = proposal.state
        if proposal.decision_id and LinkDecision.objects.filter(id=proposal.decision_id).exists():
            withdraw_link_decision(actor=actor, at=at, decision_id=proposal.decision_id, reason=reason)
        proposal.state, proposal.decision_id, proposal.by_rule = ProposalState.UNDONE, None, ""
        proposal.reason, proposal.decided_by, proposal.decided_at = reason.strip()[:500], actor.officer_id, at
        proposal.save(update_fields=["state", "decision_id", "by_rule", "reason", "decided_by", "decided_at"])
        _note(work, proposal, "proposal.undone", before)
    return proposal


def put_off_proposal(*, actor: Actor, at: datetime, proposal_id: UUID) -> LinkProposal:
    """See the others first: it comes again when no other one of its kind waits.

    Raises RuleBroken: not_allowed, proposal_unknown, proposal_settled.
    """
    must_decide(actor)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        proposal = _locked(actor, proposal_id)
        if proposal.state not in DECIDABLE:
            raise RuleBroken("proposal_settled")
        proposal.put_off_at = at
        proposal.save(update_fields=["put_off_at"])
        _note(work, proposal, "proposal.put_off", proposal.state)
    return proposal


def accept_by_rule(proposal: LinkProposal, *, actor: Actor, at: datetime) -> bool:
    """Accept an open proposal without a human if the office allows it and it is as sure as the rule asks."""
    if not constant("population_links_by_rule") or proposal.state != ProposalState.OPEN:
        return False
    evidence = [Evidence(each["field"], each["level"], each["bits"]) for each in proposal.evidence]
    bits = constant("population_rule_bits")
    if not sure_by_rule(proposal.kind, proposal.score, proposal.margin, evidence, bits):  # type: ignore[arg-type]
        return False
    if not joining_of([proposal.first_id, proposal.second_id], limits()).may_join(
        proposal.first_id, proposal.second_id
    ):
        return False  # an earlier one of this search has joined them, or parted them
    with unit_of_work(actor=actor, at=at) as work:
        _decide(proposal, True, "", RULE, actor, at, work)
    return True


def _locked(actor: Actor, proposal_id: UUID) -> LinkProposal:
    found = LinkProposal.objects.select_for_update().filter(id=proposal_id, origin_office_id__in=actor.office_ids)
    proposal = found.first()
    if proposal is None:
        raise RuleBroken("proposal_unknown")
    return proposal


def _must_hold(proposal: LinkProposal, *, accepting: bool) -> None:
    known = known_of([proposal.first_id, proposal.second_id])
    first, second = known.members.get(proposal.first_id), known.members.get(proposal.second_id)
    if first is None or second is None or first.person == second.person:
        raise RuleBroken("proposal_stale")
    pair = proposal.first_id, proposal.second_id
    if accepting and not joining_of(pair, limits()).may_join(*pair):
        raise RuleBroken("proposal_stale")


def _decide(
    proposal: LinkProposal, same: bool, reason: str, rule: str, actor: Actor, at: datetime, work: UnitOfWork
) -> None:
    words = reason if not rule else "Theo quy tắc ghép tự động của cơ quan"
    before = proposal.state
    decision = decide_link(
        actor=actor, at=at, first_id=proposal.first_id, second_id=proposal.second_id, same=same, reason=words
    )
    proposal.state = ProposalState.ACCEPTED if same else ProposalState.REJECTED
    proposal.decision_id, proposal.reason, proposal.by_rule = decision.id, reason.strip()[:500], rule
    proposal.decided_by, proposal.decided_at = None if rule else actor.officer_id, at
    proposal.save(update_fields=["state", "decision_id", "reason", "by_rule", "decided_by", "decided_at"])
    _note(work, proposal, f"proposal.{proposal.state}", before)
    after_decision(proposal, at=at, work=work)
    if same:
        close_what_is_answered([proposal.first_id])


def close_what_is_answered(participants: Collection[UUID], *, but: Collection[UUID] = ()) -> None:
    """Other open proposals between entries of who is now one person ask nothing any more."""
    persons = {member.person for member in known_of(participants).members.values()}
    entries = participants_of_persons(persons)
    rows = LinkProposal.objects.filter(Q(first_id__in=entries) & Q(second_id__in=entries), state=ProposalState.OPEN)
    answered = [
        key
        for key, first, second in rows.exclude(id__in=but).values_list("id", "first_id", "second_id")
        if entries[first] == entries[second]
    ]
    LinkProposal.objects.filter(id__in=answered).update(state=ProposalState.STALE)


def _note(work: UnitOfWork, proposal: LinkProposal, verb: str, before: str) -> None:
    work.record(
        verb,
        subject_kind="proposal",
        subject_id=proposal.id,
        subject_office=proposal.origin_office_id,
        before={"state": before},
        after={"state": proposal.state, "reason": proposal.reason},
        facts={"kind": proposal.kind, "by_rule": proposal.by_rule},
    )
