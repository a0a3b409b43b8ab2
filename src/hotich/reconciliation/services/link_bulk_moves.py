"""What moves a bulk from state to state, shared by those who decide one proposal and those who decide many."""

from __future__ import annotations

from datetime import datetime

from hotich.audit.services import UnitOfWork
from hotich.reconciliation.models import BulkState, LinkBulk, LinkProposal, ProposalState
from hotich.reconciliation.rules.link_bulks import next_state


def move(bulk: LinkBulk, act: str, *also: str) -> None:
    """Where an act leads, saved with the columns `also`. Raises RuleBroken bulk_not_in_state."""
    bulk.state = BulkState(next_state(bulk.state, act))
    bulk.save(update_fields=["state", *also])


def note(work: UnitOfWork, bulk: LinkBulk, verb: str, **counts: int) -> None:
    """Write an act of a bulk into the trail."""
    work.record(
        verb, subject_kind="link_bulk", subject_id=bulk.id, subject_office=bulk.origin_office_id,
        facts={"kind": bulk.kind, "bits": bulk.bits, **counts},
    )  # fmt: skip


def free_the_rest(bulk: LinkBulk) -> None:
    """What nobody decided belongs to no bulk any more."""
    LinkProposal.objects.filter(bulk=bulk, state=ProposalState.OPEN).update(bulk=None, in_sample=False)


def after_decision(proposal: LinkProposal, *, at: datetime, work: UnitOfWork) -> None:
    """One of a sample was refused: the bulk ends, the others wait for a human again."""
    if proposal.bulk_id is None or not proposal.in_sample or proposal.state != ProposalState.REJECTED:
        return
    bulk = LinkBulk.objects.select_for_update().filter(id=proposal.bulk_id, state=BulkState.SAMPLING).first()
    if bulk is not None:
        bulk.finished_at = at
        move(bulk, "refuse", "finished_at")
        free_the_rest(bulk)
        note(work, bulk, "proposals.bulk_refused", proposals=bulk.total)
