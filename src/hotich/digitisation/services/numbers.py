"""Numbers of cases: counted on from the first, corrected one by one; year and day of registration."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch, ScannedCase
from hotich.digitisation.queries.numbers import numbered_cases, numbers_to_skip
from hotich.digitisation.rules.numbering import OFFICER, SEQUENCE, checked_day, checked_number, propose
from hotich.digitisation.services.access import PREPARE, locked_case, must_have, note_batch, note_case, open_batch
from hotich.digitisation.services.linking import let_go
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

FIRST_YEAR, LAST_YEAR = 1880, 2100


def set_start_number(
    *, actor: Actor, at: datetime, batch_id: UUID, number: int | None, registration_year: int | None, version: int
) -> ScanBatch:
    """Say what number the first case of a batch has, and the year of its cases; the others are counted on.

    Numbers an officer gave stay, and void numbers of the book are passed over. Raises RuleBroken: not_allowed,
    scan_batch_unknown, scan_batch_not_open, scan_batch_changed_meanwhile, number_malformed, year_malformed.
    """
    must_have(actor, PREPARE)
    number, _ = checked_number(number, "")
    _check_year(registration_year)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = open_batch(actor, batch_id, version=version)
        year_before = batch.registration_year
        batch.first_number, batch.version = number, batch.version + 1
        batch.registration_year = registration_year or batch.book.opening_year
        batch.save(update_fields=["first_number", "registration_year", "version"])
        if batch.registration_year != year_before:  # entries of another year: links by the old one are wrong
            for case in ScannedCase.objects.select_for_update(of=("self",)).filter(
                batch=batch, registration_year__isnull=True, case__isnull=False
            ):
                let_go(work, case)
                case.save(update_fields=["case", "linked_at"])
        count_on(batch)
        note_batch(work, batch, "scan_batch.numbered", first=number, year=batch.registration_year)
    return batch


def count_on(batch: ScanBatch) -> None:
    """Propose numbers for the cases of a locked batch whose number nobody fixed. A linked case keeps its number."""
    cases = numbered_cases(batch)
    proposed = propose(batch.first_number, cases, numbers_to_skip(batch))
    found = ScannedCase.objects.filter(batch=batch, id__in=list(proposed), case__isnull=True)
    changed = []
    for case in found.select_for_update(of=("self",)):
        number = proposed[case.id]
        if (case.number, case.number_suffix) != (number, ""):
            case.number, case.number_suffix = number, ""
            case.number_by = SEQUENCE if number is not None else ""
            case.version += 1
            changed.append(case)
    ScannedCase.objects.bulk_update(changed, ["number", "number_suffix", "number_by", "version"], batch_size=500)


def set_case_number(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    number: int | None,
    suffix: str = "",
    version: int,
    by: str = OFFICER,
) -> ScannedCase:
    """Say what number stands at a case (None: none can be read); those behind it are counted on from it.
    `by`: READER where the officer takes over what a machine read.

    Raises RuleBroken: not_allowed, scanned_case_unknown, scan_batch_not_open, scanned_case_changed_meanwhile,
    number_malformed, suffix_malformed.
    """
    must_have(actor, PREPARE)
    number, suffix = checked_number(number, suffix)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch, case = locked_case(actor, case_id, version)
        if (case.number, case.number_suffix) != (number, suffix):
            let_go(work, case)  # it was the scan of another entry
        case.number, case.number_suffix, case.number_by = number, suffix, by
        case.version += 1
        case.save(update_fields=["number", "number_suffix", "number_by", "version", "case", "linked_at"])
        note_case(work, case, "scanned_case.numbered", number=number, suffix=suffix)
        count_on(batch)
    return case


def set_registration(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    registration_year: int | None,
    registered_on: str = "",
    version: int,
) -> ScannedCase:
    """Year of registration of a case (None: that of its batch), and the day for the name of its file.

    Raises RuleBroken as `set_case_number`, year_malformed, day_malformed, day_of_other_year.
    """
    must_have(actor, PREPARE)
    _check_year(registration_year)
    day = checked_day(registered_on)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch, case = locked_case(actor, case_id, version)
        year = registration_year or batch.registration_year or batch.book.opening_year
        if day and int(day[:4]) != year:
            raise RuleBroken("day_of_other_year", field="registered_on", year=year)
        if case.registration_year != registration_year:
            let_go(work, case)
        case.registration_year, case.registered_on, case.version = registration_year, day, case.version + 1
        case.save(update_fields=["registration_year", "registered_on", "version", "case", "linked_at"])
        note_case(work, case, "scanned_case.numbered", year=registration_year)
    return case


def _check_year(year: int | None) -> None:
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleBroken("year_malformed", field="registration_year", first=FIRST_YEAR, last=LAST_YEAR)
