"""Writes: changes of thresholds, code lists, days and eras are proposed, decided by a second person, taken back.

What the law sets is decided by another officer with `parameters.approve`; what practice sets holds as soon as an officer
with `parameters.manage` writes it. All writers wait for one row, `ConfigurationVersion`: there are few of them, and each
must judge by what the one before has decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import ConfigurationChange, ConfigurationProposal, ConfigurationVersion, ProposalState
from hotich.registers.queries.configuration import (
    configuration_in_force,
    is_of_the_ministry,
    local_change,
    provinces_open_to,
)
from hotich.registers.rules.configuration import Configuration, Kind, LocalChange, is_legal, snapshot_of
from hotich.registers.rules.configuration_change import change_of, refuse_impossible
from hotich.registers.rules.configuration_file import read_file

MANAGE, APPROVE = "parameters.manage", "parameters.approve"
LONGEST_TITLE, LONGEST_REASON = 200, 1000


def propose_changes(
    *,
    actor: Actor,
    at: datetime,
    title: str,
    reason: str,
    changes: Sequence[LocalChange],
    file_name: str = "",
    as_draft: bool = False,
) -> ConfigurationProposal:
    """Propose changes that are decided together; operational ones alone hold at once.

    Raises RuleBroken not_allowed, configuration_reason_missing, configuration_proposal_empty,
    configuration_already_proposed, configuration_province_beyond, and what `refuse_impossible` refuses with.
    """
    officer = _must(actor, MANAGE)
    _refuse_beyond(actor, changes)
    title, reason = _texts(title, reason)
    if not changes:
        raise RuleBroken("configuration_proposal_empty")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        version = _lock()
        _refuse_all_impossible(changes, at)
        proposal = ConfigurationProposal.objects.create(
            title=title, reason=reason, is_legal=_needs_another(actor, at, changes),
            file_name=file_name[:200], office_id=actor.office_id, proposed_by=officer, proposed_at=at,
        )  # fmt: skip
        ConfigurationChange.objects.bulk_create(
            ConfigurationChange(
                proposal=proposal, place=place, kind=item.kind, key=item.key, value=item.value, province=item.province,
                valid_from=item.valid_from, valid_to=item.valid_to, source=item.source, is_verified=item.verified,
            )
            for place, item in enumerate(changes, start=1)
        )  # fmt: skip
        if not as_draft:
            _submit(work, version, proposal, actor, at)
    return proposal


def submit_draft(*, actor: Actor, at: datetime, proposal_id: UUID, version: int) -> ConfigurationProposal:
    """Propose what was prepared. Raises as `propose_changes`, and as `_locked`."""
    officer = _must(actor, MANAGE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        current = _lock()
        proposal = _locked(proposal_id, version, ProposalState.DRAFT)
        if proposal.proposed_by != officer:
            raise RuleBroken("configuration_proposal_unknown")
        _refuse_all_impossible(_sets(proposal), at)
        proposal.proposed_at = at
        _submit(work, current, proposal, actor, at)
    return proposal


def decide_proposal(
    *, actor: Actor, at: datetime, proposal_id: UUID, version: int, approve: bool, note: str = ""
) -> ConfigurationProposal:
    """Approve or refuse what another officer proposed.

    Raises RuleBroken not_allowed, configuration_own_proposal, configuration_refusal_needs_reason,
    configuration_province_beyond, configuration_of_the_ministry, those of `_locked`, and what `refuse_impossible` refuses
    with when something else was decided meanwhile.
    """
    _must(actor, APPROVE)
    if not approve and not note.strip():
        raise RuleBroken("configuration_refusal_needs_reason", field="note")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        current = _lock()
        proposal = _locked(proposal_id, version, ProposalState.PROPOSED)
        if proposal.proposed_by in actor.hands:
            raise RuleBroken("configuration_own_proposal")
        changes = list(map(local_change, proposal.changes.all()))
        _refuse_beyond(actor, changes)
        if is_of_the_ministry(actor, in_vietnam(at).date(), changes):
            raise RuleBroken("configuration_of_the_ministry")
        proposal.decision_note = note.strip()[:LONGEST_REASON]
        if approve:
            _refuse_all_impossible(_sets(proposal), at)
            _put_in_force(work, current, proposal, actor, at)
        else:
            _settle(work, proposal, ProposalState.REFUSED, "configuration.refused", actor, at)
    return proposal


def withdraw_proposal(*, actor: Actor, at: datetime, proposal_id: UUID, version: int) -> ConfigurationProposal:
    """Take one's own proposal or draft back before anybody decided. Raises RuleBroken not_allowed and as `_locked`."""
    officer = _must(actor, MANAGE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _lock()
        proposal = _locked(proposal_id, version, ProposalState.DRAFT, ProposalState.PROPOSED)
        if proposal.proposed_by != officer:
            raise RuleBroken("configuration_not_own_proposal")
        _settle(work, proposal, ProposalState.WITHDRAWN, "configuration.withdrawn", actor, at)
    return proposal


def take_back_change(*, actor: Actor, at: datetime, change_id: UUID, reason: str, source: str) -> ConfigurationProposal:
    """Propose that a change in force no longer holds; what held before it holds again.

    A code that was added is never taken back, it is ended: records may carry it. Raises RuleBroken not_allowed,
    configuration_reason_missing, configuration_source_missing, configuration_change_unknown,
    configuration_change_not_in_force, code_is_ended_not_removed, configuration_already_proposed.
    """
    officer = _must(actor, MANAGE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        current = _lock()
        change = ConfigurationChange.objects.select_related("proposal").filter(id=change_id).first()
        if change is None:
            raise RuleBroken("configuration_change_unknown")
        _refuse_beyond(actor, [local_change(change)])
        _refuse_taking_back(change)
        if not source.strip():
            raise RuleBroken("configuration_source_missing", field="source")
        title, reason = _texts(change.proposal.title, reason)
        proposal = ConfigurationProposal.objects.create(
            title=title, reason=reason, is_legal=_needs_another(actor, at, [local_change(change)]), office_id=actor.office_id,
            proposed_by=officer, proposed_at=at,
        )  # fmt: skip
        ConfigurationChange.objects.create(
            proposal=proposal, place=1, kind=change.kind, key=change.key, value=change.value, source=source.strip()[:300],
            province=change.province,
            valid_from=change.valid_from, valid_to=change.valid_to, is_verified=change.is_verified, takes_back=change,
        )  # fmt: skip
        _submit(work, current, proposal, actor, at)
    return proposal


def propose_file(
    *, actor: Actor, at: datetime, name: str, content: bytes, title: str, reason: str
) -> ConfigurationProposal:
    """Propose what a file holds and what is not in force here yet, as one proposal.

    Raises RuleBroken configuration_file_brings_nothing, and as `read_file` and `propose_changes`.
    """
    _must(actor, MANAGE)
    in_force = set(configuration_in_force(in_vietnam(at).date()).changes)
    changes = [item for item in read_file(content) if item not in in_force]
    if not changes:
        raise RuleBroken("configuration_file_brings_nothing", field="file")
    return propose_changes(actor=actor, at=at, title=title, reason=reason, changes=changes, file_name=name)


# ---- the steps


def _must(actor: Actor, right: str) -> int:
    if not actor.may(right) or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    return actor.officer_id


def _texts(title: str, reason: str) -> tuple[str, str]:
    if not title.strip() or not reason.strip():
        raise RuleBroken("configuration_reason_missing", field="reason" if title.strip() else "title")
    return title.strip()[:LONGEST_TITLE], reason.strip()[:LONGEST_REASON]


def _refuse_beyond(actor: Actor, changes: Sequence[LocalChange]) -> None:
    """A department decides for its own province, the Ministry for each. Raises RuleBroken configuration_province_beyond."""
    named = {item.province for item in changes if item.province}
    if named and named - provinces_open_to(actor).keys():
        raise RuleBroken("configuration_province_beyond", field="province")


def _needs_another(actor: Actor, at: datetime, changes: Sequence[LocalChange]) -> bool:
    """What the law sets, and what a department proposes for the whole country where the Ministry has officers."""
    is_law = any(is_legal(item.kind, item.key) for item in changes)
    return is_law or is_of_the_ministry(actor, in_vietnam(at).date(), changes)


def _lock() -> ConfigurationVersion:
    ConfigurationVersion.objects.bulk_create([ConfigurationVersion(id=1)], ignore_conflicts=True)
    return ConfigurationVersion.objects.select_for_update().get(id=1)


def _locked(proposal_id: UUID, version: int, *states: str) -> ConfigurationProposal:
    """Raises RuleBroken configuration_proposal_unknown, configuration_proposal_settled, changed_meanwhile."""
    found = ConfigurationProposal.objects.select_for_update().filter(id=proposal_id).first()
    if found is None:
        raise RuleBroken("configuration_proposal_unknown")
    if found.state not in states:
        raise RuleBroken("configuration_proposal_settled")
    if found.version != version:
        raise RuleBroken("changed_meanwhile")
    return found


def _sets(proposal: ConfigurationProposal) -> list[LocalChange]:
    return [local_change(item) for item in proposal.changes.all() if item.takes_back_id is None]


def _refuse_all_impossible(changes: Sequence[LocalChange], at: datetime) -> None:
    """Each change is judged beside what is in force and the changes before it in the same proposal."""
    base = configuration_in_force(in_vietnam(at).date())
    snapshot = snapshot_of(base)
    for place, item in enumerate(changes):
        refuse_impossible(item, snapshot)
        if item.kind == Kind.CODE and len(changes) > 1:
            snapshot = snapshot_of(Configuration(base.stamp, base.day, (*base.changes, *changes[: place + 1])))


def _refuse_taking_back(change: ConfigurationChange) -> None:
    if change.proposal.state != ProposalState.APPROVED or change.taken_back_at or change.takes_back_id:
        raise RuleBroken("configuration_change_not_in_force")
    if change.kind == Kind.CODE and local_change(change).content["action"] == "add":
        raise RuleBroken("code_is_ended_not_removed")


def _submit(
    work: UnitOfWork, version: ConfigurationVersion, proposal: ConfigurationProposal, actor: Actor, at: datetime
) -> None:
    """A key waits for one decision at a time: whoever comes second must see what was decided first."""
    for item in proposal.changes.all():
        others = ConfigurationChange.objects.filter(
            kind=item.kind, key=item.key, province=item.province, proposal__state=ProposalState.PROPOSED
        ).exclude(proposal=proposal)
        if others.exists():
            raise RuleBroken("configuration_already_proposed", key=item.key)
    proposal.state = ProposalState.PROPOSED
    proposal.save(update_fields=["state", "proposed_at"])
    _note(work, proposal, "configuration.proposed", actor)
    if not proposal.is_legal:
        _put_in_force(work, version, proposal, actor, at)


def _put_in_force(
    work: UnitOfWork, version: ConfigurationVersion, proposal: ConfigurationProposal, actor: Actor, at: datetime
) -> None:
    version.number, version.stamp = version.number + 1, uuid7()
    version.save(update_fields=["number", "stamp"])
    proposal.number = version.number
    for item in proposal.changes.all():
        if item.takes_back_id:
            changed = ConfigurationChange.objects.filter(id=item.takes_back_id, taken_back_at=None)
            if not changed.update(taken_back_at=at):
                raise RuleBroken("configuration_change_not_in_force")
    _settle(work, proposal, ProposalState.APPROVED, "configuration.approved", actor, at)
    work.announce(
        "configuration.changed", subject_kind="configuration", subject_id=proposal.id, office=proposal.office_id
    )


def _settle(
    work: UnitOfWork, proposal: ConfigurationProposal, state: str, verb: str, actor: Actor, at: datetime
) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, actor.officer_id, at
    proposal.version += 1
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision_note", "number", "version"])
    _note(work, proposal, verb, actor)


def _note(work: UnitOfWork, proposal: ConfigurationProposal, verb: str, actor: Actor) -> None:
    changes = list(proposal.changes.all())
    work.record(
        verb,
        subject_kind="configuration",
        subject_id=proposal.id,
        subject_office=actor.office_id,
        facts={"keys": sorted({_named(item) for item in changes}), "changes": len(changes),
               "legal": proposal.is_legal, "version": proposal.number},
        after={"title": proposal.title, "reason": proposal.reason, "note": proposal.decision_note,
               "changes": [_told(item) for item in changes]},
    )  # fmt: skip


def _named(item: ConfigurationChange) -> str:
    return f"{item.kind}:{item.key}@{item.province}" if item.province else f"{item.kind}:{item.key}"


def _told(item: ConfigurationChange) -> dict[str, Any]:
    return {
        "kind": item.kind, "key": item.key, "province": item.province, "value": item.value, "valid_from": item.valid_from,
        "valid_to": item.valid_to, "source": item.source, "verified": item.is_verified, "takes_back": item.takes_back_id,
    }  # fmt: skip


__all__ = [
    "change_of",
    "decide_proposal",
    "propose_changes",
    "propose_file",
    "submit_draft",
    "take_back_change",
    "withdraw_proposal",
]
