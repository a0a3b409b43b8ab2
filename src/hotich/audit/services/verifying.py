"""Verifying the trail against itself and against the anchors, and keeping what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from hotich.audit import adapters
from hotich.audit.models import Verification, VerificationState
from hotich.audit.queries.chains import chain_offices, chain_state, hashes_at, links_of_chain
from hotich.audit.queries.safeguards import (
    anchor_last_found_whole,
    is_verification_under_way,
    last_anchor,
    verification_by_id,
)
from hotich.audit.rules.anchors import AnchorHistory, Head, read_anchors
from hotich.audit.rules.chain import ChainCheck, ChainFault
from hotich.audit.services.writing import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

MOST_FAULTS = 500  # kept with a verification
AGAINST_ANCHORS = frozenset({"audit_chain_rewritten", "audit_chain_cut", "audit_chain_missing"})
Progress = Callable[[int, int, int], None]  # chains, chains done, entries


@dataclass(slots=True)
class Findings:
    """What a verification found. `notes` are told but are no faults (an accepted loss)."""

    chains: int = 0
    entries: int = 0
    anchor_number: int = 0
    since_anchor: int | None = None
    faults: list[ChainFault] = field(default_factory=list)
    notes: list[ChainFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Anchors:
    """The file of anchors and the public keys to judge it by; by default those of this installation."""

    file: Path | None = None
    keys: Path | None = None

    def read(self, *, wanted: Iterable[int] = (), through: int | None = None) -> AnchorHistory:
        """Read and judge the file."""
        return read_anchors(
            adapters.anchor_lines(self.file), adapters.public_keys(self.keys), wanted=wanted, through=through,
            verify=adapters.is_signed_by,
        )  # fmt: skip


def verify_chains(
    *,
    office: int | None = None,
    since_anchor: int | None = None,
    anchors: Anchors = Anchors(),
    progress: Progress = lambda *_: None,
) -> Findings:
    """Check all chains, or one, entry by entry and against the anchors.

    `since_anchor`: only entries after this anchor; that the chain still passes through the anchored head is checked,
    what lies before is taken as it was found then. Costs one reading of the file of anchors, and of the entries.
    """
    history = anchors.read()
    starts = anchors.read(through=since_anchor).heads if since_anchor else {}
    found = Findings(anchor_number=history.number, since_anchor=since_anchor)
    found.faults += history.faults + _against_table(history)
    found.notes += history.losses
    offices = [office] if office is not None else sorted({*chain_offices(), *history.points})
    found.chains = len(offices)
    in_chains: dict[int, list[ChainFault]] = {}
    for done, number in enumerate(offices):
        progress(found.chains, done, found.entries)
        check = _checked(number, history, starts.get(number))
        found.entries += check.entries
        in_chains[number] = check.faults
    suspects = {number for number, faults in in_chains.items() if any(f.code in AGAINST_ANCHORS for f in faults)}
    if suspects:  # read the anchors again with all that is known of these chains: since when?
        closer = anchors.read(wanted=suspects)
        in_chains |= {number: _checked(number, closer, None).faults for number in suspects}
    found.faults += [fault for number in offices for fault in in_chains[number]] + _older(history, in_chains)
    progress(found.chains, found.chains, found.entries)
    return found


def _checked(office: int, history: AnchorHistory, since: Head | None) -> ChainCheck:
    state = chain_state(office)
    start = state.start
    if since and since[0] > start[0] and since[0] <= min(state.head_sequence, state.last_sequence):
        if hashes_at(office, [since[0]]).get(since[0]) == since[1]:
            start = since  # else the chain is read from its beginning, to say where it differs
    check = ChainCheck(office, start, history.points.get(office, []))
    cut = (office, *state.start)
    if state.start[0] and history.lines and cut not in {(c.office, c.sequence, c.hash) for c in history.cuts}:
        check.faults.append(ChainFault("audit_archive_unsigned", state.start[0], office))
    for link in links_of_chain(office, after=start[0], through=max(state.head_sequence, state.last_sequence)):
        check.see(link)
    check.finish(state.head_sequence, state.head_hash)
    return check


def _against_table(history: AnchorHistory) -> list[ChainFault]:
    """The file of anchors beside what the database knows of it."""
    known = last_anchor()
    if known is None:
        return []
    if history.number < known.number:
        return [ChainFault("audit_anchor_file_behind", anchor=history.number + 1)]
    if history.hashes.get(known.number) != known.line_hash and known.number in history.hashes:
        return [ChainFault("audit_anchor_file_differs", anchor=known.number)]
    return []


def _older(history: AnchorHistory, in_chains: dict[int, list[ChainFault]]) -> list[ChainFault]:
    """An old backup that was put back: chains are shorter, and the newest anchors are unknown to the database."""
    known = last_anchor()
    behind = history.number > (known.number if known else 0)
    short = any(f.code in {"audit_chain_cut", "audit_chain_missing"} for faults in in_chains.values() for f in faults)
    return [ChainFault("audit_database_older", anchor=history.number)] if behind and short else []


# ---- verifications that are kept


def ask_for_verification(*, actor: Actor, at: datetime, whole: bool = True, office: int | None = None) -> Verification:
    """Note that a verification is wanted; a job runs it. `whole` False: since the anchor up to which the last one found
    everything whole. Raises RuleBroken not_allowed, audit_verification_under_way.
    """
    if not actor.may("audit.verify"):
        raise RuleBroken("not_allowed")
    if is_verification_under_way():
        raise RuleBroken("audit_verification_under_way")
    with unit_of_work(actor=actor, at=at) as work:
        since = None if whole else anchor_last_found_whole() or None
        asked = Verification.objects.create(
            asked_at=at, actor_login=actor.login, office_id=office, since_anchor=since, state=VerificationState.WAITING
        )
        work.record(
            "audit.verification_asked", subject_kind="verification", subject_id=asked.id,
            subject_office=actor.office_id, facts={"since_anchor": since, "chain": office},
        )  # fmt: skip
    return asked


def run_verification(*, verification_id: UUID, clock: Callable[[], datetime]) -> Verification:
    """Run a verification that was asked for and keep what it found; may run twice (a killed worker). `clock` is asked
    when it is over. Raises RuleBroken audit_verification_unknown.
    """
    row = verification_by_id(verification_id)
    rows = Verification.objects.filter(id=row.id)
    rows.update(state=VerificationState.RUNNING)

    def progress(chains: int, done: int, entries: int) -> None:
        rows.update(chains=chains, chains_done=done, entries=entries)

    try:
        found = verify_chains(office=row.office_id, since_anchor=row.since_anchor, progress=progress)
    except Exception:
        rows.update(state=VerificationState.BROKEN_OFF, finished_at=clock())
        raise
    return keep_findings(row=row, found=found, at=clock())


def keep_verification(*, actor: Actor, at: datetime, found: Findings) -> Verification:
    """Keep what a command has found, as if it had been asked for."""
    row = Verification(
        asked_at=at, actor_login=actor.login, since_anchor=found.since_anchor, state=VerificationState.RUNNING
    )
    return keep_findings(row=row, found=found, at=at)


def keep_findings(*, row: Verification, found: Findings, at: datetime) -> Verification:
    """Write what was found, in the trail too."""
    row.state = VerificationState.FAULTY if found.faults else VerificationState.WHOLE
    row.finished_at, row.anchor_number = at, found.anchor_number
    row.chains, row.chains_done, row.entries = found.chains, found.chains, found.entries
    row.fault_count = len(found.faults)
    row.faults = [asdict(fault) for fault in [*found.faults, *found.notes][:MOST_FAULTS]]
    with unit_of_work(actor=Actor(login=row.actor_login, office_id=0), at=at) as work:
        row.save()
        work.record(
            "audit.verified", subject_kind="verification", subject_id=row.id, subject_office=0,
            facts={"state": str(row.state), "chains": row.chains, "entries": row.entries, "faults": row.fault_count,
                   "anchor": row.anchor_number},
        )  # fmt: skip
    return row
