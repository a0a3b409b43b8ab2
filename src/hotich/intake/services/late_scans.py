"""Scans that come after their cases: linked to the case, and attached to the record if it has become one.

They come in a delivery beside a workbook (`link_scans`), or are cut from the pages of the book (`attach_scan_to_case`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.files.models import StoredFile
from hotich.intake.models import Case, CaseState
from hotich.intake.rules.import_decisions import Decision
from hotich.intake.rules.row_examination import Finding
from hotich.intake.rules.scan_matching import SCAN_CODES, largest_scan
from hotich.intake.rules.workflow import state_by_findings
from hotich.intake.services.access import locked_case
from hotich.intake.services.case_rows import stored_findings
from hotich.intake.services.scan_linking import too_large
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.services import attach_scan

BRINGS_SCANS = ("case.import", "case.edit", "scan.prepare", "scan.review")


def link_scans(work: UnitOfWork, actor: Actor, at: datetime, linked: Sequence[tuple[Decision, UUID]]) -> None:
    """Cases that were there already get the scan that came for them now; several rows may share one."""
    wanted = {decision.known.id: (decision, scan) for decision, scan in linked if decision.known is not None}
    for case in Case.objects.select_for_update().filter(id__in=wanted).order_by("id"):
        decision, scan = wanted[case.id]
        _give(work, actor, at, case, scan, decision.problems)


def attach_scan_to_case(*, actor: Actor, at: datetime, case_id: UUID, file_id: UUID) -> Case:
    """Make a stored PDF of the same office the scan of a case, and attach it to its record where it has one; the scans
    the record had stay. Twice is as once. Whoever brings the scan of a case that waits does not approve it.

    Raises RuleBroken: not_allowed, case_unknown, file_unknown, act_not_allowed_in_state (withdrawn).
    """
    if actor.officer_id is None or not any(map(actor.may, BRINGS_SCANS)):
        raise RuleBroken("not_allowed")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = locked_case(actor, case_id)
        if case.state == CaseState.WITHDRAWN:
            raise RuleBroken("act_not_allowed_in_state", state=case.state, act="link")
        file = StoredFile.objects.filter(id=file_id, origin_office_id=case.origin_office_id).first()
        if file is None:
            raise RuleBroken("file_unknown", field="scan")
        if case.scan_id != file.id:
            _give(work, actor, at, case, file.id, [too_large(file.size)] if file.size > largest_scan() else [])
    return case


def _give(work: UnitOfWork, actor: Actor, at: datetime, case: Case, scan: UUID, findings: Sequence[Finding]) -> None:
    before, case.scan_id = case.scan_id, scan
    case.version, case.updated_at = case.version + 1, at
    if case.state == CaseState.APPROVED and case.record_id is not None:
        attach_scan(actor=actor, at=at, record_id=case.record_id, file_id=scan)
    elif case.state != CaseState.APPROVED:
        _judge(case, findings)
        case.touched_by = sorted({*case.touched_by, *actor.hands})
    case.save(update_fields=[
        "scan", "version", "updated_at", "problems", "error_count", "warning_count", "state", "touched_by",
    ])  # fmt: skip
    work.record(
        "case.scan_linked",
        subject_kind="case",
        subject_id=case.id,
        subject_office=case.origin_office_id,
        facts={"file": str(scan), "instead_of": str(before or ""), "state": str(case.state)},
    )


def _judge(case: Case, findings: Sequence[Finding]) -> None:
    """What was found about the new scan takes the place of what was found about the old one."""
    kept = [found for found in case.problems if found["code"] not in SCAN_CODES]
    case.problems = stored_findings(findings) + kept
    case.error_count = sum(found["severity"] == "error" for found in case.problems)
    case.warning_count = len(case.problems) - case.error_count
    if case.state in (CaseState.WAITING, CaseState.CHECKING, CaseState.HELD):
        case.state = CaseState(state_by_findings(case.error_count, is_check_pending=case.is_check_pending))
