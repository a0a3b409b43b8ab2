"""Somebody waits for one entry nobody has keyed: its scan opens the case (requirement H4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScannedCase, ScanPage
from hotich.digitisation.queries.cases import year_of
from hotich.digitisation.rules.workflow import LINKABLE
from hotich.digitisation.services.access import locked_case, must_have, note_case
from hotich.intake.models import Case
from hotich.intake.services import KnownFacts, open_case
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken


def start_case_from_scan(*, actor: Actor, at: datetime, scanned_case_id: UUID) -> Case:
    """Open a case of intake from a scanned case: held, with its number and scan, to be keyed beside the scan and approved
    by a second person. A scanned case that is linked already gives that case.

    Raises RuleBroken: not_allowed, scanned_case_unknown, scan_batch_not_open, scan_not_ready (no PDF that passed or was
    accepted), number_missing, and as `intake.services.open_case`: entry_exists_already, era_without_register.
    """
    must_have(actor, "case.edit")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _, scanned = locked_case(actor, scanned_case_id)
        if scanned.case_id is not None:
            return Case.objects.get(id=scanned.case_id)
        if scanned.state not in LINKABLE or scanned.pdf is None:
            raise RuleBroken("scan_not_ready")
        if scanned.number is None:
            raise RuleBroken("number_missing", field="number")
        opened = open_case(
            actor=actor, at=at, book=scanned.book, known=_known(scanned, scanned.number), scan=scanned.pdf
        )
        scanned.case, scanned.linked_at, scanned.version = opened, at, scanned.version + 1
        scanned.save(update_fields=["case", "linked_at", "version"])
        note_case(work, scanned, "scanned_case.linked", entry=str(opened.id), file=str(scanned.pdf_id))
    return opened


def _known(scanned: ScannedCase, number: int) -> KnownFacts:
    page = ScanPage.objects.filter(id=scanned.parts[0]["page"]).first() if scanned.parts else None
    year, month, day = (scanned.registered_on or "0000-00-00").split("-")
    whole = f"{day}.{month}.{year}" if "00" not in (day, month) else ""
    return KnownFacts(
        number=number,
        suffix=scanned.number_suffix,
        year=year_of(scanned, scanned.batch),
        page_no=page.printed_page if page is not None else "",
        registered_on=whole,
    )
