"""Notices from other offices: the office that keeps the book confirms the note, or says why not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import AnnotationNotice, Record
from hotich.records.rules import workflow
from hotich.records.services.access import locked_record, must_have
from hotich.records.services.retraction import confirm_withdrawal
from hotich.records.services.targets import find_target, request_of_notice, settle, write_request
from hotich.units.queries import offices_by_id

State = AnnotationNotice.State


def _locked(actor: Actor, notice_id: UUID, *, as_sender: bool) -> AnnotationNotice:
    notice = AnnotationNotice.objects.select_for_update().filter(id=notice_id).first()
    office = (notice.origin_office_id if as_sender else notice.target_office_id) if notice else None
    if notice is None or office not in actor.office_ids:
        raise RuleBroken("notice_unknown")
    return notice


def confirm_notice(*, actor: Actor, at: datetime, notice_id: UUID, record_id: UUID | None = None) -> Record:
    """Write what a notice asks for beside the entry of one's office (Luật Hộ tịch 2014, Điều 28 khoản 3).

    A notice of withdrawal takes back what the earlier notice had written.
    Without `record_id` the entry is found by its number and name. Raises RuleBroken: not_allowed, notice_unknown,
    act_not_allowed_in_state, record_unknown, notice_entry_not_found, notice_names_somebody_else.
    """
    must_have(actor, "record.annotate")
    with unit_of_work(actor=actor, at=at) as work:
        notice = _locked(actor, notice_id, as_sender=False)
        workflow.next_state(workflow.NOTICE, notice.state, "confirm")
        if notice.withdraws_id is not None:
            target = confirm_withdrawal(notice, actor=actor, at=at, work=work)
        else:
            target = _write(notice, record_id, actor=actor, at=at, work=work)
        settle(notice, State.CONFIRMED, actor=actor, at=at, work=work, record=target)
    return target


def _write(notice: AnnotationNotice, record_id: UUID | None, *, actor: Actor, at: datetime, work: UnitOfWork) -> Record:
    request = request_of_notice(notice)
    # the entry that proves it is the other office's and may be out of sight: only its id is needed
    source = Record(id=notice.source_record_id)
    if record_id is not None:
        target = locked_record(actor, record_id)
        if target.register_type != request.register_type or target.origin_office_id != notice.target_office_id:
            raise RuleBroken("notice_names_somebody_else")
    else:
        found = find_target(request, source, [notice.target_office_id] if notice.target_office_id else [])
        if found is None:
            raise RuleBroken("notice_entry_not_found")
        target = locked_record(actor, found.id)
    write_request(target, request, source=source, actor=actor, at=at, work=work)
    return target


def refuse_notice(*, actor: Actor, at: datetime, notice_id: UUID, reason: str) -> AnnotationNotice:
    """Say why a notice is not written. Raises RuleBroken: not_allowed, notice_unknown, reason_missing, …"""
    must_have(actor, "record.annotate")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with unit_of_work(actor=actor, at=at) as work:
        notice = _locked(actor, notice_id, as_sender=False)
        settle(notice, State.REFUSED, actor=actor, at=at, work=work, reason=reason.strip()[:500])
    return notice


def address_notice(*, actor: Actor, at: datetime, notice_id: UUID, office_id: int) -> AnnotationNotice:
    """Say which office keeps the entry, where its words named none we know, or a wrong one was read.

    Raises RuleBroken: not_allowed, notice_unknown, office_unknown, act_not_allowed_in_state.
    """
    must_have(actor, "record.annotate")
    with unit_of_work(actor=actor, at=at) as work:
        notice = _locked(actor, notice_id, as_sender=True)
        workflow.next_state(workflow.NOTICE, notice.state, "address")
        if not offices_by_id([office_id]):
            raise RuleBroken("office_unknown", field="office")
        before = notice.target_office_id
        notice.target_office_id = office_id
        notice.save(update_fields=["target_office"])
        work.record(
            "notice.addressed",
            subject_kind="notice",
            subject_id=notice.id,
            subject_office=notice.origin_office_id,
            facts={"from": before, "to": office_id},
        )
        work.announce("notice.sent", subject_kind="notice", subject_id=notice.id, office=office_id)
    return notice
