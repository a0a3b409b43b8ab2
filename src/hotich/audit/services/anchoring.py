"""Taking anchors: where every chain stands, signed, one line appended to a file outside the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.db import connection, transaction

from hotich.audit import adapters
from hotich.audit.models import Anchor
from hotich.audit.queries.chains import hashes_at
from hotich.audit.queries.safeguards import current_heads, last_anchor
from hotich.audit.rules.anchors import Cut, Head, Last, anchor_content, anchor_line, signed_bytes
from hotich.audit.rules.chain import ChainFault
from hotich.audit.services.writing import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

ANCHORING = 7_003  # one anchor at a time, whatever machine takes it


def take_anchor(*, at: datetime, archives: Iterable[Cut] = (), new_file: bool = False) -> Anchor:
    """Append an anchor over all chains as they are committed now; what is under way comes with the next one.

    Chains that do not go on from the anchor before are not sealed. Raises RuleBroken audit_anchor_refused (the chains
    contradict the file), audit_anchor_file_behind, audit_anchor_file_missing (unless `new_file`), audit_key_lost,
    audit_key_unreadable.
    """
    return _append(at=at, archives=tuple(archives), new_file=new_file)


def exchange_anchor_key(*, actor: Actor, at: datetime) -> Anchor:
    """Make a new key: the old one signs an anchor that names it, and signs nothing more. Raises as `take_anchor`."""
    key = adapters.new_key()
    adapters.keep_next_key(key)  # before it is announced: a machine that stops in between must find it again
    anchor = _append(at=at, new_public=key.public)
    adapters.signing_key(expected=key.id)
    with unit_of_work(actor=actor, at=at) as work:
        facts = {"key": key.id, "before": anchor.key_id, "anchor": anchor.number}
        work.record("audit.key_exchanged", subject_kind="anchor", subject_id=anchor.number, subject_office=actor.office_id,
                    facts=facts)  # fmt: skip
    return anchor


def accept_loss(*, actor: Actor, at: datetime, reason: str) -> Anchor:
    """After a restore that was meant: anchor the chains as they are, though entries of the former anchor are lost.

    The reason stands in the signed line, and every verification tells it. Raises RuleBroken reason_required and as
    `take_anchor`.
    """
    reason = reason.strip()
    if not reason:
        raise RuleBroken("audit_reason_required", field="reason")
    anchor = _append(at=at, loss={"reason": reason, "by": actor.login})
    with unit_of_work(actor=actor, at=at) as work:
        work.record("audit.loss_accepted", subject_kind="anchor", subject_id=anchor.number, subject_office=actor.office_id,
                    facts={"anchor": anchor.number})  # fmt: skip
    return anchor


def _append(
    *,
    at: datetime,
    archives: tuple[Cut, ...] = (),
    new_public: bytes | None = None,
    loss: Mapping[str, str] | None = None,
    new_file: bool = False,
) -> Anchor:
    with adapters.alone_with_anchors(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, 0)", [ANCHORING])
        last = _end(new_file)
        heads = current_heads()
        if loss is None and (faults := contradictions(heads, last.heads or {})):
            raise RuleBroken("audit_anchor_refused", faults=len(faults), office=faults[0].office)
        key = adapters.signing_key(expected=last.key)
        content = anchor_content(
            last=last, at=at.astimezone(UTC).isoformat(), heads=heads, key=key.id, new_public=new_public,
            archives=archives, loss=loss,
        )  # fmt: skip
        digest = adapters.append_anchor(anchor_line(content, key.sign(signed_bytes(content))))
        adapters.keep_sum(digest, heads)
        return Anchor.objects.create(
            number=content["number"], at=at, line_hash=digest, root=content["root"], key_id=key.id,
            chains=content["chains"], entries=content["entries"],
        )  # fmt: skip


def _end(new_file: bool) -> Last:
    """Where to go on. The file goes before the table: a restored database knows fewer lines than there are."""
    last, known = adapters.end_of_anchors(), last_anchor()
    if last is None:
        if known is None:
            return Last()
        if not new_file:
            raise RuleBroken("audit_anchor_file_missing", number=known.number)
        return Last(known.number, known.line_hash)
    if known is not None and last.number < known.number:
        raise RuleBroken("audit_anchor_file_behind", number=known.number, last=last.number)
    return last


def contradictions(heads: Mapping[int, Head], anchored: Mapping[int, Head]) -> list[ChainFault]:
    """Chains that do not go on from where the last anchor saw them."""
    faults = []
    for office, (sequence, digest) in anchored.items():
        now = heads.get(office, (0, ""))
        if now[0] < sequence:
            faults.append(ChainFault("audit_chain_cut", now[0] + 1, office, through=sequence))
            continue
        # an entry that is gone (archived, or removed: a verification tells) contradicts nothing here
        there = now[1] if now[0] == sequence else hashes_at(office, [sequence]).get(sequence, digest)
        if there != digest:
            faults.append(ChainFault("audit_chain_rewritten", sequence, office))
    return faults
