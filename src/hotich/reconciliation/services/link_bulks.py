"""Many proposals accepted at once: planned above a limit, a random sample looked at, then block by block, and taken back.

What qualifies is frozen when the bulk is planned: the number shown, the sample drawn and what is accepted are the same
proposals. The sample is decided one by one on the page of proposals; one refusal ends the bulk. A proposal that cannot be
accepted, or taken back, is put aside with its reason; the others of its block are done, and it can be tried again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from uuid import UUID

from django.db.models import Q

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.services import decide_links, withdraw_link_decisions
from hotich.reconciliation.models import BulkState, LinkBulk, LinkProposal, ProposalState
from hotich.reconciliation.queries.faulty_items import proposals_put_aside
from hotich.reconciliation.queries.link_bulks import bulk_of, qualifying, sample_left
from hotich.reconciliation.queries.link_candidates import joining_of
from hotich.reconciliation.rules.faulty_items import Fault, in_halves
from hotich.reconciliation.rules.link_bulks import BLOCK, BULK_KINDS, BY_BULK, MOST_IN_A_ROW, OPEN, UNDER_WAY
from hotich.reconciliation.services.faulty_items import (
    forget_all,
    put_aside,
    subjects_of_proposals,
    take_off,
    to_be_tried_again,
)
from hotich.reconciliation.services.link_bulk_moves import free_the_rest, move, note
from hotich.reconciliation.services.proposals import close_what_is_answered, limits, must_decide
from hotich.registers.rules.parameters import constant

WORDS = "Chấp nhận cả loạt sau khi xem mẫu ngẫu nhiên"
UNDONE_WORDS = "Hoàn tác cả loạt"
_VALUES = ("state", "decision_id", "by_rule", "reason", "decided_by", "decided_at")


def plan_bulk(*, actor: Actor, at: datetime, kind: str, bits: int) -> LinkBulk:
    """Take every open proposal of a kind at or above so many bits, with nobody else nearly as likely; draw the sample.

    Raises RuleBroken: not_allowed, bulk_kind, bulk_limit_too_low, bulk_under_way, bulk_empty.
    """
    must_decide(actor)
    least = constant("population_bulk_bits")
    if kind not in BULK_KINDS:
        raise RuleBroken("bulk_kind", field="kind")
    if bits < least:
        raise RuleBroken("bulk_limit_too_low", field="bits", least=least)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        if LinkBulk.objects.filter(origin_office_id__in=actor.office_ids, kind=kind, state__in=OPEN).exists():
            raise RuleBroken("bulk_under_way", field="kind")
        found = list(qualifying(actor, kind, bits).select_for_update(of=("self",)).values_list("id", flat=True))
        if not found:
            raise RuleBroken("bulk_empty", field="bits")
        bulk = LinkBulk(
            origin_office_id=actor.office_id, kind=kind, bits=bits, total=len(found), asked_by=actor.officer_id or 0,
            asked_at=at,
        )  # fmt: skip
        sample = Random(str(bulk.id)).sample(sorted(found), min(constant("population_bulk_sample"), len(found)))
        bulk.sampled = len(sample)
        bulk.save(force_insert=True)
        LinkProposal.objects.filter(id__in=found).update(bulk=bulk, in_sample=False)
        LinkProposal.objects.filter(id__in=sample).update(in_sample=True)
        note(work, bulk, "proposals.bulk_planned", proposals=bulk.total)
    return bulk


def start_bulk(*, actor: Actor, at: datetime, bulk_id: UUID) -> LinkBulk:
    """Have the rest accepted, once the whole sample was; the caller enqueues it in this transaction.

    Raises RuleBroken: not_allowed, bulk_unknown, bulk_not_in_state, bulk_sample_waits.
    """
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        bulk = _locked(actor, bulk_id)
        if bulk.state == BulkState.SAMPLING and sample_left(bulk):
            raise RuleBroken("bulk_sample_waits")
        bulk.asked_by, bulk.began_at = actor.officer_id or 0, at
        move(bulk, "start", "asked_by", "began_at")
        note(work, bulk, "proposals.bulk_started", proposals=bulk.total)
    return bulk


def resume_bulk(*, actor: Actor, at: datetime, bulk_id: UUID) -> LinkBulk:
    """Go on with one that was stopped, or that could not go on accepting or taking back; the caller enqueues it in this
    transaction.

    Raises RuleBroken: not_allowed, bulk_unknown, bulk_not_in_state.
    """
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        bulk = _locked(actor, bulk_id)
        bulk.failure, bulk.asked_by, bulk.finished_at = "", actor.officer_id or 0, None
        move(bulk, "resume", "failure", "asked_by", "finished_at")
        note(work, bulk, "proposals.bulk_started", proposals=bulk.total)
    return bulk


def retry_bulk(*, actor: Actor, at: datetime, bulk_id: UUID) -> LinkBulk:
    """Accept, or take back, once more what one that has ended could not; the caller enqueues it in this transaction.

    Raises RuleBroken: not_allowed, bulk_unknown, bulk_not_in_state, bulk_nothing_to_retry.
    """
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        bulk = _locked(actor, bulk_id)
        bulk.asked_by, bulk.finished_at, bulk.began_at = actor.officer_id or 0, None, at
        move(bulk, "retry", "asked_by", "finished_at", "began_at")
        if not (number := to_be_tried_again(bulk)):
            raise RuleBroken("bulk_nothing_to_retry")
        note(work, bulk, "proposals.bulk_retried", faulty_items=number)
    return bulk


def stop_bulk(*, actor: Actor, at: datetime, bulk_id: UUID) -> LinkBulk:
    """Let it end after the block it is at; what is accepted stays.

    Raises RuleBroken: not_allowed, bulk_unknown, bulk_not_in_state.
    """
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        bulk = _locked(actor, bulk_id)
        bulk.finished_at = at
        move(bulk, "stop", "finished_at")
        note(work, bulk, "proposals.bulk_stopped", proposals=bulk.accepted)
    return bulk


def give_up_bulk(*, actor: Actor, at: datetime, bulk_id: UUID) -> LinkBulk:
    """Leave it before anything was accepted by it; its proposals are free again.

    Raises RuleBroken: not_allowed, bulk_unknown, bulk_not_in_state.
    """
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        bulk = _locked(actor, bulk_id)
        bulk.finished_at = at
        move(bulk, "give_up", "finished_at")
        free_the_rest(bulk)
        note(work, bulk, "proposals.bulk_given_up", proposals=bulk.total)
    return bulk


def undo_bulk(*, actor: Actor, at: datetime, bulk_id: UUID, reason: str) -> LinkBulk:
    """Take back all that it accepted, block by block; the caller enqueues it in this transaction.

    What officers decided one by one, the sample too, stays; what it did not accept is free again. Raises RuleBroken:
    not_allowed, reason_missing, bulk_unknown, bulk_not_in_state.
    """
    must_decide(actor)
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        bulk = _locked(actor, bulk_id)
        bulk.reason, bulk.failure, bulk.asked_by = reason.strip()[:500], "", actor.officer_id or 0
        bulk.finished_at, bulk.began_at = None, at
        move(bulk, "undo", "reason", "failure", "asked_by", "finished_at", "began_at")
        free_the_rest(bulk)
        forget_all(bulk)
        note(work, bulk, "proposals.bulk_undo_started", proposals=bulk.accepted)
    return bulk


def fail_bulk(*, actor: Actor, at: datetime, bulk_id: UUID, code: str) -> None:
    """The system ends one that cannot go on; `code` of the messages says why. One that is taken back stays so, and waits to
    be asked again."""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        bulk = LinkBulk.objects.select_for_update().filter(id=bulk_id, state__in=UNDER_WAY).first()
        if bulk is not None:
            bulk.failure, bulk.finished_at = code[:60], at
            move(bulk, "fail", "failure", "finished_at")
            note(work, bulk, "proposals.bulk_stopped", proposals=bulk.accepted)


def work_on_bulk(*, actor: Actor, at: datetime, bulk_id: UUID) -> bool:
    """Accept, or take back, the next block in one transaction with the counts; whether there may be more. A block that fails
    is done in halves, and what is the cause is put aside.

    Raises RuleBroken: not_allowed, bulk_unknown.
    """
    must_decide(actor)
    with office_scope(actor.office_ids):
        bulk_of(actor, bulk_id)  # a bulk of another office is no proposal's fault
    return in_halves(BLOCK, lambda faults, size: _work_on_some(actor, at, bulk_id, faults, size), MOST_IN_A_ROW)


# ---- blocks


def _work_on_some(actor: Actor, at: datetime, bulk_id: UUID, faults: Sequence[Fault], size: int) -> bool:
    """The next proposals: as many as there are faults are put aside with them, then so many are accepted or taken back."""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        bulk = _locked(actor, bulk_id)
        if bulk.state not in UNDER_WAY:
            return False
        found = _next(bulk, len(faults) + size)
        bad, rows = found[: len(faults)], found[len(faults) :]
        aside = put_aside(bulk, subjects_of_proposals(bad), faults, at=at)
        do = _undo_block if bulk.state == BulkState.UNDOING else _accept_block
        if found:
            do(bulk, rows, actor, at, work, **({"faulty_items": aside.total()} if aside else {}))
            take_off(bulk, subjects_of_proposals(rows))
        if size and not rows:
            _end(bulk, at, work)
            return False
    return True


def _accept_block(
    bulk: LinkBulk, rows: list[LinkProposal], actor: Actor, at: datetime, work: UnitOfWork, **more: int
) -> None:
    joining = joining_of({each for row in rows for each in (row.first_id, row.second_id)}, limits())
    kept = [row for row in rows if joining.join(row.first_id, row.second_id)]
    gone = [row for row in rows if row not in kept]
    if kept:
        pairs = [(row.first_id, row.second_id) for row in kept]
        made = {(each.first_id, each.second_id): each.id
                for each in decide_links(actor=actor, at=at, pairs=pairs, same=True, reason=WORDS)}  # fmt: skip
        for row in kept:
            row.state, row.by_rule, row.reason = ProposalState.ACCEPTED, BY_BULK, WORDS
            row.decision_id, row.decided_by, row.decided_at = made[row.first_id, row.second_id], actor.officer_id, at
            _note_one(work, row, "proposal.accepted", ProposalState.OPEN)
        close_what_is_answered([row.first_id for row in kept], but=[row.id for row in rows])
    for row in gone:
        row.state = ProposalState.STALE
    LinkProposal.objects.bulk_update(rows, _VALUES)
    bulk.accepted, bulk.stale = bulk.accepted + len(kept), bulk.stale + len(gone)
    move(bulk, "work", "accepted", "stale")
    note(work, bulk, "proposals.bulk_block", proposals=len(kept), stale=len(gone), **more)


def _undo_block(
    bulk: LinkBulk, rows: list[LinkProposal], actor: Actor, at: datetime, work: UnitOfWork, **more: int
) -> None:
    words = f"{UNDONE_WORDS}: {bulk.reason}"[:500]
    if decisions := [row.decision_id for row in rows if row.decision_id]:
        withdraw_link_decisions(actor=actor, at=at, decision_ids=decisions, reason=words)
    for row in rows:
        row.state, row.decision_id, row.by_rule, row.reason = ProposalState.UNDONE, None, "", words
        row.decided_by, row.decided_at = actor.officer_id, at
        _note_one(work, row, "proposal.undone", ProposalState.ACCEPTED)
    LinkProposal.objects.bulk_update(rows, _VALUES)
    bulk.undone += len(rows)
    move(bulk, "undo", "undone")
    note(work, bulk, "proposals.bulk_block_undone", proposals=len(rows), **more)


def _next(bulk: LinkBulk, most: int) -> list[LinkProposal]:
    """What is to be done next, locked; without what was put aside, unless that is asked for again."""
    wanted = Q(state=ProposalState.OPEN)
    if bulk.state == BulkState.UNDOING:
        wanted = Q(state=ProposalState.ACCEPTED, by_rule=BY_BULK)
    rows = LinkProposal.objects.select_for_update().filter(wanted, bulk=bulk)
    rows = rows.exclude(id__in=proposals_put_aside(bulk).values("proposal_id"))
    return list(rows.order_by("-score", "id")[:most])


def _end(bulk: LinkBulk, at: datetime, work: UnitOfWork) -> None:
    bulk.finished_at = at
    if bulk.state == BulkState.WAITING:  # everything was in the sample
        move(bulk, "work")
    move(bulk, "end", "finished_at")
    done = bulk.undone if bulk.state == BulkState.UNDONE else bulk.accepted
    note(work, bulk, "proposals.bulk_ended", proposals=done, stale=bulk.stale)


# ---- what all of them use


def _locked(actor: Actor, bulk_id: UUID) -> LinkBulk:
    must_decide(actor)
    return bulk_of(actor, bulk_id, locked=True)


def _note_one(work: UnitOfWork, row: LinkProposal, verb: str, before: str) -> None:
    work.record(
        verb, subject_kind="proposal", subject_id=row.id, subject_office=row.origin_office_id, before={"state": before},
        after={"state": row.state, "reason": row.reason}, facts={"kind": row.kind, "by_rule": row.by_rule},
    )  # fmt: skip
