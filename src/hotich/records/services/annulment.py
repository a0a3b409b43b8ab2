"""A record loses its effect (hủy giá trị) on a decision, and gets it back when that decision is revoked.

Nothing disappears: the record and its number stay, the decision stands beside it, and so does the one that revokes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.dates import DateError, parse_date
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annulment, Record
from hotich.records.rules import workflow
from hotich.records.services.access import locked_record, must_have
from hotich.records.services.retraction import retract_from_targets
from hotich.records.services.targets import announce_to_targets

LENGTHS = {"number": 100, "date_text": 40, "authority": 200, "reason": 500, "legal_basis": 300}
REQUIRED = ("number", "date_text", "authority", "reason")


@dataclass(frozen=True, slots=True)
class Decision:
    """The paper an annulment (or its revocation) rests on. `date_text` as written; `legal_basis` an article, or ""."""

    number: str
    date_text: str
    authority: str
    reason: str
    legal_basis: str = ""

    @property
    def quoted(self) -> str:
        """Number, day and authority in one line."""
        return f"{self.number}, {self.date_text}, {self.authority}"


def annul_record(*, actor: Actor, at: datetime, record_id: UUID, decision: Decision) -> Record:
    """Take the effect from a record on this decision (Luật Hộ tịch 2014, Điều 70, 71: not verified). Its number stays used.

    What it wrote into other records is taken back, or asked back where another office keeps them (see `retraction`).
    Conclusions are redrawn by the caller (`persons`), as if it had never been entered.
    Raises RuleBroken: not_allowed, decision_incomplete, record_unknown, act_not_allowed_in_state, codes of dates.
    """
    must_have(actor, "record.annul")
    decision = _checked(decision)
    with unit_of_work(actor=actor, at=at) as work:
        record = locked_record(actor, record_id)
        before = record.state
        record.state = workflow.next_state(workflow.RECORD, before, "annul")
        record.save(update_fields=["state"])
        made = Annulment.objects.create(
            origin_office_id=record.origin_office_id,
            record=record,
            state_before=before,
            decision_number=decision.number,
            decision_date_text=decision.date_text,
            decision_authority=decision.authority,
            legal_basis=decision.legal_basis,
            reason=decision.reason,
            annulled_by=actor.officer_id,
            annulled_at=at,
        )
        work.record(
            "record.annulled",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            before={"state": before},
            after={"state": record.state, "basis": decision.quoted, "reason": decision.reason},
            facts={"annulment_id": str(made.id)},
        )
        work.announce("record.annulled", subject_kind="record", subject_id=record.id, office=record.origin_office_id)
        retract_from_targets(record, reason=decision.quoted, actor=actor, at=at)
    return record


def revoke_annulment(*, actor: Actor, at: datetime, record_id: UUID, decision: Decision) -> Record:
    """Give a record back the state it had, since the decision that annulled it was revoked by this one.

    What it had written into others is written, or asked for, anew. Conclusions are redrawn by the caller.
    Raises RuleBroken: not_allowed, decision_incomplete, record_unknown, act_not_allowed_in_state, annulment_unknown
    (the record was annulled before decisions were kept).
    """
    must_have(actor, "record.annul")
    decision = _checked(decision)
    with unit_of_work(actor=actor, at=at) as work:
        record = locked_record(actor, record_id)
        workflow.next_state(workflow.RECORD, record.state, "restore")
        annulment = Annulment.objects.select_for_update().filter(record=record, revoked_at__isnull=True).first()
        if annulment is None:
            raise RuleBroken("annulment_unknown")
        before, record.state = record.state, annulment.state_before
        record.save(update_fields=["state"])
        annulment.revoking_number, annulment.revoking_date_text = decision.number, decision.date_text
        annulment.revoking_authority, annulment.revoking_basis = decision.authority, decision.legal_basis
        annulment.revoking_reason = decision.reason
        annulment.revoked_by, annulment.revoked_at = actor.officer_id, at
        annulment.save()
        work.record(
            "record.restored",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            before={"state": before},
            after={"state": record.state, "basis": decision.quoted, "reason": decision.reason},
            facts={"annulment_id": str(annulment.id)},
        )
        work.announce("record.restored", subject_kind="record", subject_id=record.id, office=record.origin_office_id)
        announce_to_targets([record], actor=actor, at=at)
    return record


def _checked(decision: Decision) -> Decision:
    """The decision with its blanks stripped. Raises RuleBroken decision_incomplete and the codes of unreadable dates."""
    cleaned = replace(
        decision, **{name: " ".join(getattr(decision, name).split())[:most] for name, most in LENGTHS.items()}
    )
    for name in REQUIRED:
        if not getattr(cleaned, name):
            raise RuleBroken("decision_incomplete", field=name)
    try:
        parse_date(cleaned.date_text)
    except DateError as error:
        raise RuleBroken(error.code, field="date_text", text=error.text) from error
    return cleaned
