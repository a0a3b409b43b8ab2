"""Cases to PDFs in the background: each stored by itself with the verdict of the gate, so a killed run goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScannedCaseState, ScanPage, ScanPageState
from hotich.digitisation.queries.settings import scan_settings
from hotich.digitisation.rules.boxes import content_key
from hotich.digitisation.services.access import (
    PREPARE,
    REVIEW,
    locked_batch,
    must_have,
    note_batch,
    note_case,
    open_batch,
)
from hotich.digitisation.services.isolation import jobs, run_all
from hotich.digitisation.services.linking import let_go
from hotich.files.models import StoredFile
from hotich.files.queries import read_file
from hotich.files.services import PDF, NewFile, store_files
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.scans.settings import ScanSettings

CASES_A_RUN = 24  # of one worker, then the officer's right is looked up anew
STATES = {"pass": ScannedCaseState.PASSED, "review": ScannedCaseState.REVIEW, "refuse": ScannedCaseState.REFUSED}
_RESULT = [
    "state", "pdf", "size", "dpi", "method", "gate", "reason", "encoded_key", "version", "decided_by", "decided_at",
    "decision_note",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """A case to be encoded: its parts with their flat pictures, and the fingerprint of what its PDF is made of."""

    case: ScannedCase
    parts: tuple[tuple[ScanPage, Mapping[str, Any]], ...]
    key: str


def encode_next_cases(*, actor: Actor, at: datetime, batch_id: UUID) -> bool:
    """Make the PDFs of the next pending cases of a batch; whether there may be more.

    What was made of the same pictures, boxes and settings before is taken from there. A case that changed meanwhile is
    done again. Raises RuleBroken not_allowed, scan_batch_unknown.
    """
    must_have(actor, PREPARE, REVIEW)
    with office_scope(actor.office_ids):
        batch = ScanBatch.objects.select_related("book").filter(id=batch_id).first()
        if batch is None:
            raise RuleBroken("scan_batch_unknown")
        if batch.state != ScanBatchState.OPEN:
            return False
        settings = scan_settings(in_vietnam(at).date())
        pending = _pending(batch)
        works = list(islice(_works(batch, pending, settings), CASES_A_RUN * jobs()))
    fresh = [work for work in works if not _reuse(actor, at, batch, work)]
    _encode(actor, at, batch, fresh, settings)
    return bool(works)


def _pending(batch: ScanBatch) -> list[ScannedCase]:
    cases = ScannedCase.objects.filter(batch=batch, state=ScannedCaseState.PENDING).select_related("pdf")
    return list(cases.order_by("position", "id"))


def _works(batch: ScanBatch, cases: Sequence[ScannedCase], settings: ScanSettings) -> Iterator[Work]:
    """The cases whose pages are all confirmed; others wait for theirs. Fingerprints are made for those that are drawn."""
    wanted = {str(part["page"]) for case in cases for part in case.parts}
    pages = ScanPage.objects.filter(batch=batch, id__in=wanted, state=ScanPageState.CONFIRMED).select_related("flat")
    by_id = {str(page.id): page for page in pages if page.flat is not None}
    for case in cases:
        if case.parts and all(str(part["page"]) in by_id for part in case.parts):
            parts = tuple((by_id[str(part["page"])], part) for part in case.parts)
            yield Work(case, parts, key_of(case, batch, by_id, settings))


def title_of(batch: ScanBatch) -> str:
    """The title inside the PDF. Of the book, not of the case: another number must not make another file."""
    return f"{batch.book.register_type} {batch.book.label}"


def key_of(case: ScannedCase, batch: ScanBatch, pages: Mapping[str, ScanPage], settings: ScanSettings) -> str:
    """Fingerprint of what the PDF of a case is made of."""
    parts = []
    for part in case.parts:
        flat = pages[str(part["page"])].flat
        parts.append((flat.sha256 if flat is not None else "", part))
    # which engine reads scans by machine changes no PDF
    told = {name: value for name, value in asdict(settings).items() if not name.startswith("reader")}
    return content_key(parts, json.dumps(told, sort_keys=True), title_of(batch))


def _reuse(actor: Actor, at: datetime, batch: ScanBatch, work: Work) -> bool:
    """Take the PDF that was made of the same things before, by whichever case of the office."""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as unit:
        same = ScannedCase.objects.filter(
            origin_office_id=batch.origin_office_id, encoded_key=work.key, pdf__isnull=False
        ).exclude(gate={})
        known = same.select_related("pdf").first()
        case = _still_pending(actor, batch, work) if known is not None else None
        if known is None or case is None:
            return False
        verdict = known.gate.get("verdict", "review")
        result = {name: getattr(known, name) for name in ("size", "dpi", "method", "gate")}
        _keep(unit, case, work.key, known.pdf, {**result, "verdict": verdict, "reason": known.gate.get("reason", "")})
        return True


def _encode(actor: Actor, at: datetime, batch: ScanBatch, works: Sequence[Work], settings: ScanSettings) -> None:
    def argument(work: Work) -> dict[str, Any]:
        with office_scope(actor.office_ids):
            return {"parts": pictures_of(work.parts), "title": title_of(batch), "settings": settings}

    items = [(place, partial(argument, work)) for place, work in enumerate(works)]
    for outcome in run_all("hotich.scans.steps:encode_parts", items):
        work = works[int(str(outcome.id))]
        if outcome.code:
            failed = {"pdf": b"", "verdict": "refuse", "reason": outcome.code, "gate": {"verdict": "refuse"}}
            _store(actor, at, batch, work, {"size": None, "dpi": None, "method": "", **failed})
        else:
            _store(actor, at, batch, work, outcome.value)


def pictures_of(parts: Sequence[tuple[ScanPage, Mapping[str, Any]]]) -> list[tuple[bytes, float, dict[str, Any]]]:
    """Parts as `scans.steps` takes them; a page that several parts stand on is read once."""
    read: dict[UUID, bytes] = {}
    made = []
    for page, part in parts:
        if page.flat is None:
            raise RuleBroken("page_not_prepared")
        if page.id not in read:
            read[page.id] = read_file(page.flat)
        made.append((read[page.id], page.dpi or 0.0, {"box": part["box"], "header": part.get("header")}))
    return made


def _still_pending(actor: Actor, batch: ScanBatch, work: Work) -> ScannedCase | None:
    """The case, locked, unless somebody changed it or one of its pages meanwhile."""
    if locked_batch(actor, batch.id).state != ScanBatchState.OPEN:
        return None
    case = (
        ScannedCase.objects.select_for_update(of=("self",))
        .filter(id=work.case.id, version=work.case.version, state=ScannedCaseState.PENDING)
        .first()
    )
    flats = {page.id: page.flat_id for page, _ in work.parts}
    now = dict(ScanPage.objects.filter(id__in=list(flats)).values_list("id", "flat_id"))
    return case if now == flats else None


def _store(actor: Actor, at: datetime, batch: ScanBatch, work: Work, result: Mapping[str, Any]) -> None:
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as unit:
        case = _still_pending(actor, batch, work)
        if case is None:
            return
        file = None
        if result["pdf"]:
            name = (
                f"{batch.book.register_type}-{batch.book.opening_year}-{batch.book.number}-vung-{case.position:04}.pdf"
            )
            new = NewFile(name, result["pdf"], PDF)
            file = store_files(office_id=case.origin_office_id, files=[new], actor=actor, at=at)[0]
        # a failure of the machine is tried again with the next run that is asked for: it has no fingerprint
        _keep(unit, case, work.key if file is not None else "", file, result)


def _keep(unit: UnitOfWork, case: ScannedCase, key: str, file: StoredFile | None, result: Mapping[str, Any]) -> None:
    let_go(unit, case)
    case.pdf, case.encoded_key = file, key
    case.size, case.dpi, case.method = result["size"], result["dpi"], result["method"][:20]
    case.gate = {**result["gate"], "verdict": result["verdict"], "reason": result["reason"]}
    case.reason, case.state = result["reason"][:60], STATES[result["verdict"]]
    case.decided_by, case.decided_at, case.decision_note = None, None, ""
    case.version += 1
    case.save(update_fields=[*_RESULT, "case", "linked_at"])
    note_case(unit, case, "scanned_case.encoded", size=case.size, method=case.method, reason=case.reason)


def encode_again(*, actor: Actor, at: datetime, batch_id: UUID) -> int:
    """Cases of a batch whose pictures or settings changed since their PDF was made, or whose making failed, wait to be
    encoded again; how many. What an officer accepted or set aside stays, and what stands linked.

    Raises RuleBroken: not_allowed, scan_batch_unknown, scan_batch_not_open.
    """
    must_have(actor, PREPARE, REVIEW)
    settings = scan_settings(in_vietnam(at).date())
    states = [ScannedCaseState.PASSED, ScannedCaseState.REVIEW, ScannedCaseState.REFUSED]
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as unit:
        batch = open_batch(actor, batch_id)
        cases = list(
            ScannedCase.objects.select_for_update(of=("self",)).filter(batch=batch, state__in=states, case__isnull=True)
        )
        stale = [work for work in _works(batch, cases, settings) if work.key != work.case.encoded_key]
        for work in stale:
            work.case.state, work.case.version = ScannedCaseState.PENDING, work.case.version + 1
            work.case.save(update_fields=["state", "version"])
        if stale:
            note_batch(unit, batch, "scan_batch.encoded_again", cases=len(stale))
    return len(stale)
