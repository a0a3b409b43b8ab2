"""Decisions about PDFs the gate did not pass by itself: accepted, scanned again, cropped anew, set aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScannedCase, ScannedCaseState, ScanPage
from hotich.digitisation.queries.settings import scan_settings
from hotich.digitisation.rules.boxes import part_key
from hotich.digitisation.rules.workflow import CASE, next_state
from hotich.digitisation.services.access import PREPARE, REVIEW, locked_case, must_have, note_case
from hotich.digitisation.services.cases import set_parts
from hotich.digitisation.services.linking import let_go
from hotich.digitisation.services.numbers import count_on
from hotich.digitisation.services.pages import apply_boxes
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken

_DECISION = ["state", "version", "decided_by", "decided_at", "decision_note", "case", "linked_at"]


def accept_case(*, actor: Actor, at: datetime, case_id: UUID, note: str, version: int) -> ScannedCase:
    """An officer has looked: the PDF is legible, or the book itself is not better. What the gate refused needs a reason
    and must be within the budget all the same.

    Raises RuleBroken: not_allowed, scanned_case_unknown, scan_batch_not_open, scanned_case_changed_meanwhile,
    act_not_allowed_in_state, reason_missing, scan_without_pdf, scan_over_budget.
    """
    officer = must_have(actor, REVIEW)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, case = locked_case(actor, case_id, version)
        was_refused = case.state == ScannedCaseState.REFUSED
        state = next_state(CASE, case.state, "accept")
        if was_refused and not note.strip():
            raise RuleBroken("reason_missing", field="note")
        if case.pdf is None:
            raise RuleBroken("scan_without_pdf")
        budget = scan_settings(in_vietnam(at).date()).budget
        if case.pdf.size > budget:
            raise RuleBroken("scan_over_budget", size=case.pdf.size, budget=budget)
        _decide(case, officer, at, state, note)
        note_case(
            work, case, "scanned_case.accepted", refused=was_refused, reason=case.reason, with_note=bool(note.strip())
        )
    return case


def ask_for_rescan(*, actor: Actor, at: datetime, case_id: UUID, reason: str, version: int) -> ScannedCase:
    """The page has to be scanned again. Raises RuleBroken: not_allowed, scanned_case_unknown, scan_batch_not_open,
    scanned_case_changed_meanwhile, act_not_allowed_in_state, reason_missing."""
    officer = must_have(actor, REVIEW)
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, case = locked_case(actor, case_id, version)
        let_go(work, case)
        _decide(case, officer, at, next_state(CASE, case.state, "rescan"), reason)
        note_case(work, case, "scanned_case.rescan_asked", reason=case.reason)
    return case


def set_case_aside(*, actor: Actor, at: datetime, case_id: UUID, version: int, note: str = "") -> ScannedCase:
    """No entry stands here (an empty form, a crossed-out one). It has no number, and the others are counted without it.

    Raises RuleBroken: not_allowed, scanned_case_unknown, scan_batch_not_open, scanned_case_changed_meanwhile,
    act_not_allowed_in_state.
    """
    officer = must_have(actor, PREPARE, REVIEW)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch, case = locked_case(actor, case_id, version)
        let_go(work, case)
        _decide(case, officer, at, next_state(CASE, case.state, "set_aside"), note)
        note_case(work, case, "scanned_case.set_aside", place_gone=False)
        count_on(batch)
    return case


def take_case_back(*, actor: Actor, at: datetime, case_id: UUID, version: int) -> ScannedCase:
    """Take a case up again that was set aside, or that waited to be scanned again; its PDF is judged anew.

    Raises RuleBroken as `set_case_aside`, place_gone (its boxes are no longer there).
    """
    must_have(actor, PREPARE, REVIEW)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch, case = locked_case(actor, case_id, version)
        state = next_state(CASE, case.state, "take_back")
        _must_have_its_place(case)
        case.reason = ""
        _decide(case, None, None, state, "")
        case.save(update_fields=["reason"])
        note_case(work, case, "scanned_case.taken_back")
        count_on(batch)
        case.refresh_from_db()
    return case


def _must_have_its_place(case: ScannedCase) -> None:
    pages = ScanPage.objects.filter(id__in=[part["page"] for part in case.parts])
    standing = {
        part_key({"page": str(page.id), "box": box["box"], "header": box.get("header")})
        for page in pages
        for box in page.boxes
    }
    if not all(part_key(part) in standing for part in case.parts):
        raise RuleBroken("place_gone")


def _decide(case: ScannedCase, officer: int | None, at: datetime | None, state: str, note: str) -> None:
    case.state, case.decided_by, case.decided_at = state, officer, at
    case.decision_note, case.version = note.strip()[:500], case.version + 1
    case.save(update_fields=_DECISION)


def recrop_case(
    *, actor: Actor, at: datetime, case_id: UUID, part: int, box: Mapping[str, Any], version: int
) -> ScannedCase:
    """Cut one part of a case by another box; its page has that box from now on, and the PDF is made anew. `box`:
    {"box": …, "header": …}; without the key "header" that of before stays.

    Raises RuleBroken: not_allowed, scanned_case_unknown, scan_batch_not_open, scanned_case_changed_meanwhile,
    act_not_allowed_in_state, part_unknown, place_gone, and what `set_boxes` refuses boxes with.
    """
    must_have(actor, PREPARE, REVIEW)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, case = locked_case(actor, case_id, version)
        next_state(CASE, case.state, "cut")
        if not 0 <= part < len(case.parts):
            raise RuleBroken("part_unknown")
        old = case.parts[part]
        page = ScanPage.objects.select_for_update(of=("self",)).filter(id=old["page"], batch_id=case.batch_id).first()
        place = _place_of(page, old) if page is not None else -1
        if page is None or place < 0:
            raise RuleBroken("place_gone")
        boxes: list[Mapping[str, Any]] = list(page.boxes)
        boxes[place] = box if "header" in box else {**box, "header": old.get("header")}
        apply_boxes(work, page, boxes)
        new = {"page": str(page.id), **page.boxes[place]}
        set_parts(work, case, [*case.parts[:part], new, *case.parts[part + 1 :]])
    return case


def _place_of(page: ScanPage, part: Mapping[str, Any]) -> int:
    keys = [part_key({"page": str(page.id), "box": box["box"], "header": box.get("header")}) for box in page.boxes]
    key = part_key({**part, "page": str(part["page"])})
    return keys.index(key) if key in keys else -1
