"""Looking at scans: who may, and that it is in the trail before anything is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScanPage
from hotich.digitisation.queries.batches import SEEING
from hotich.digitisation.queries.cases import scanned_case
from hotich.digitisation.queries.pages import page_of_actor
from hotich.digitisation.queries.settings import scan_settings
from hotich.digitisation.services.encoding import pictures_of
from hotich.digitisation.services.isolation import run_one
from hotich.files.models import StoredFile
from hotich.intake.models import Case
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annotation
from hotich.records.rules.restricted import (
    entry_scan_shown,
    restricted_fields,
    reveals_adoption,
    sees_restricted,
)
from hotich.records.services import note_reading
from hotich.registers.types import REGISTER_TYPES, version_by_id

HANDS = ("scan.prepare", "scan.review", "case.edit", "case.approve")
"""Whoever prepares, keys or approves has to see the page while the batch is worked on; for all others, and for everybody
once it is finished, a scan that shows what is restricted needs the right to that."""


def open_page(*, actor: Actor, at: datetime, page_id: UUID, kind: Literal["flat", "delivered"] = "flat") -> StoredFile:
    """The picture of a page, flat or as it came. Each call is a reading in the trail.

    Raises RuleBroken: not_allowed, scan_page_unknown, page_not_prepared.
    """
    with office_scope(actor.office_ids):
        page = page_of_actor(page_id, actor)
        _must_see_page(actor, page)
        stored = page.flat if kind == "flat" else page.delivered
        if stored is None:
            raise RuleBroken("page_not_prepared")
        _note(actor, at, stored, scan_page=str(page.id))
    return stored


def open_case_pdf(*, actor: Actor, at: datetime, case_id: UUID) -> StoredFile:
    """The PDF of a scanned case. Each call is a reading in the trail.

    Raises RuleBroken: not_allowed, scanned_case_unknown, scan_without_pdf.
    """
    with office_scope(actor.office_ids):
        case = scanned_case(case_id, actor)
        _must_see(actor, case.batch, case.case)
        if case.pdf is None:
            raise RuleBroken("scan_without_pdf")
        _note(actor, at, case.pdf, scanned_case=str(case.id))
    return case.pdf


def case_before(*, actor: Actor, at: datetime, case_id: UUID, sheet: int = 0) -> bytes:
    """One sheet of a case as it was cut, before it was encoded: a JPEG that covers the same ground as that page of the
    PDF. It is made in a worker process; each call is a reading in the trail.

    Raises RuleBroken: not_allowed, scanned_case_unknown, page_not_prepared, sheet_unknown, and what cutting finds.
    """
    with office_scope(actor.office_ids):
        case = scanned_case(case_id, actor)
        _must_see(actor, case.batch, case.case)
        parts = _parts_of(case)
        for stored in {page.flat for page, _ in parts if page.flat is not None}:
            _note(actor, at, stored, scanned_case=str(case.id))
        pictures = pictures_of(parts)
    sheets: list[bytes] = run_one(
        "hotich.scans.steps:cut_pictures", {"parts": pictures, "settings": scan_settings(in_vietnam(at).date())}
    )
    if not 0 <= sheet < len(sheets):
        raise RuleBroken("sheet_unknown")
    return sheets[sheet]


def _parts_of(case: ScannedCase) -> list[tuple[ScanPage, dict[str, object]]]:
    pages = ScanPage.objects.select_related("flat").filter(id__in=[part["page"] for part in case.parts])
    by_id = {str(page.id): page for page in pages}
    if any(str(part["page"]) not in by_id for part in case.parts):
        raise RuleBroken("page_not_prepared")
    return [(by_id[str(part["page"])], part) for part in case.parts]


def _must_see_page(actor: Actor, page: ScanPage) -> None:
    """A page shows every entry that stands on it."""
    linked = ScannedCase.objects.filter(
        batch_id=page.batch_id, parts__contains=[{"page": str(page.id)}], case__isnull=False
    )
    entries = [case.case for case in linked.select_related("case")]
    for entry in entries or [None]:
        _must_see(actor, page.batch, entry)


def _must_see(actor: Actor, batch: ScanBatch, entry: Case | None) -> None:
    """Raises RuleBroken not_allowed where the scan shows what is restricted – as its entry and the notes of its record
    say, or as its register may say while no entry is known – and the officer may not see that."""
    if not any(map(actor.may, SEEING)):
        raise RuleBroken("not_allowed")
    works_on_it = batch.state == ScanBatchState.OPEN and any(map(actor.may, HANDS))
    if sees_restricted(actor) or works_on_it:
        return
    letters = batch.book.register_type
    if entry is None:
        versions = REGISTER_TYPES[letters].every_version
        shown = not (reveals_adoption(letters) or any(restricted_fields(version) for version in versions))
    else:
        notes = Annotation.objects.filter(record_id=entry.record_id, restricted=True) if entry.record_id else ()
        closed = {note.field for note in notes if note.field}
        version = version_by_id(entry.schema_version)
        shown = entry_scan_shown(letters, version, entry.as_recorded, sees=False, also=closed)
    if not shown:
        raise RuleBroken("not_allowed")


def _note(actor: Actor, at: datetime, stored: StoredFile, **facts: str) -> None:
    with unit_of_work(actor=actor, at=at):
        note_reading(
            actor=actor,
            at=at,
            subject_kind="scan",
            subject_id=stored.id,
            subject_office=stored.origin_office_id,
            facts=facts,
        )
