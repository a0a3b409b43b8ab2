"""Cases as rows of the table: made from an examined row, or rewritten by a corrected one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from hotich.audit.services import UnitOfWork
from hotich.intake.models import Batch, Case, CaseState
from hotich.intake.rules.import_decisions import Decision
from hotich.intake.rules.row_examination import Finding
from hotich.intake.rules.scan_matching import SCAN_CODES
from hotich.intake.rules.workflow import state_by_findings
from hotich.intake.services.case_people import compare_people
from hotich.kernel.actor import Actor
from hotich.registers.rules.examine import CaseKeys

COLUMNS = (
    "id", "origin_office_id", "batch_id", "row_number", "register_type", "schema_version", "era", "channel", "state",
    "as_recorded", "standard", "problems", "repairs", "error_count", "warning_count", "number", "number_suffix",
    "number_text", "registration_year", "book_number", "book_year", "page_no", "registered_earliest",
    "registered_latest", "import_hash", "content_hash", "scan_id", "version", "keyed_by", "touched_by", "approved_by",
    "record_id", "returned_reason", "created_at", "updated_at",
)  # fmt: skip
_REWRITTEN = [
    "batch", "row_number", "schema_version", "era", "channel", "state", "as_recorded", "standard", "problems", "repairs",
    "error_count", "warning_count", "number", "number_suffix", "number_text", "registration_year", "book_number",
    "book_year", "page_no", "registered_earliest", "registered_latest", "import_hash", "content_hash", "scan",
    "version", "keyed_by", "touched_by", "returned_reason", "updated_at",
]  # fmt: skip


def stored_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as a case keeps them: [{"code", "field", "severity", "params"}]."""
    return [
        {"code": code, "field": name, "severity": severity, "params": params}
        for code, name, severity, params in findings
    ]


def keys_as_columns(keys: CaseKeys) -> dict[str, Any]:
    """The keys of a case as its columns, cut to their width: what is longer is malformed and held anyway."""
    return {
        "number": keys.number,
        "number_suffix": keys.number_suffix[:8],
        "number_text": keys.number_text[:40],
        "registration_year": keys.registration_year,
        "book_number": keys.book_number[:8],
        "book_year": keys.book_year,
        "page_no": keys.page_no[:10],
        "registered_earliest": keys.registered_earliest,
        "registered_latest": keys.registered_latest,
    }


def _stored(findings: Sequence[Finding]) -> str:
    return orjson.dumps(stored_findings(findings), default=str).decode() if findings else "[]"


def case_row(
    identity: UUID, batch: Batch, decision: Decision, scan: UUID | None, officer: int, at: datetime
) -> tuple[Any, ...]:
    """The row of a new case, in the order of COLUMNS."""
    result = decision.result
    errors = sum(found[2] == "error" for found in decision.problems) if decision.problems else 0
    keys = result.keys
    return (
        identity, batch.origin_office_id, batch.id, result.row, batch.register_type, result.schema_version, result.era,
        batch.channel, (CaseState.HELD if errors else CaseState.WAITING).value, result.recorded.decode(),
        result.standard.decode(), _stored(decision.problems), _stored(result.repairs), errors,
        len(decision.problems) - errors, keys.number, keys.number_suffix[:8], keys.number_text[:40],
        keys.registration_year, keys.book_number[:8], keys.book_year, keys.page_no[:10], keys.registered_earliest,
        keys.registered_latest, result.digest, "", scan, 1, officer, [officer], None, None, "", at, at,
    )  # fmt: skip


def rewrite_cases(
    work: UnitOfWork,
    actor: Actor,
    at: datetime,
    batch: Batch,
    replaced: Sequence[tuple[Decision, UUID | None]],
) -> None:
    """Held cases whose row came again, corrected: the case stays, with what the new row says, in the new batch."""
    wanted = {decision.known.id: (decision, scan) for decision, scan in replaced if decision.known is not None}
    cases = list(Case.objects.select_for_update().filter(id__in=wanted))
    for case in cases:
        decision, scan = wanted[case.id]
        before = {"as_recorded": case.as_recorded}
        _rewrite(case, decision, scan, batch, actor, at)
        work.record(
            "case.replaced",
            subject_kind="case",
            subject_id=case.id,
            subject_office=case.origin_office_id,
            before=before,
            after={"as_recorded": case.as_recorded},
            facts={"batch": str(batch.id), "row": case.row_number, "held": decision.is_held, "version": case.version},
        )
    if cases:
        Case.objects.bulk_update(cases, _REWRITTEN, batch_size=250)
        compare_people(work, cases)


def _rewrite(case: Case, decision: Decision, scan: UUID | None, batch: Batch, actor: Actor, at: datetime) -> None:
    result, officer = decision.result, actor.officer_id or 0
    problems = stored_findings(decision.problems)
    if scan is None and case.scan_id is not None:  # the scan stays, and what was found about it
        problems = [found for found in case.problems if found["code"] in SCAN_CODES] + problems
    errors = sum(found["severity"] == "error" for found in problems)
    columns: Mapping[str, Any] = {
        **keys_as_columns(result.keys),
        "batch_id": batch.id,
        "row_number": result.row,
        "schema_version": result.schema_version,
        "era": result.era,
        "channel": batch.channel,
        "state": CaseState(state_by_findings(errors, is_check_pending=case.is_check_pending)),
        "as_recorded": result.as_recorded,
        "standard": orjson.loads(result.standard),
        "problems": problems,
        "repairs": stored_findings(result.repairs),
        "error_count": errors,
        "warning_count": len(problems) - errors,
        "import_hash": result.digest,
        "content_hash": "",
        "scan_id": scan or case.scan_id,
        "version": case.version + 1,
        "keyed_by": officer,
        "touched_by": sorted({*case.touched_by, officer}),
        "returned_reason": "",
        "updated_at": at,
    }
    for name, value in columns.items():
        setattr(case, name, value)
