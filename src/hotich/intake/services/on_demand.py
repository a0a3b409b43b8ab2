"""One case on demand (requirement H4): opened from its scan with what is known, keyed beside it, approved by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.files.models import StoredFile
from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.intake.queries.known_cases import cases_of_register
from hotich.intake.rules.row_examination import digest_of, finding_of
from hotich.intake.services.access import lock_numbers_of, must_have, must_keep
from hotich.intake.services.case_rows import keys_as_columns, stored_findings
from hotich.intake.services.importing import facts_of
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.records.models import RegistrationNumber
from hotich.registers.models import Book
from hotich.registers.rules.examine import examine, with_surrogates
from hotich.registers.rules.values import AsRecorded, Reason, Recorded
from hotich.registers.types import UnknownRegister, version_for
from hotich.registers.types.declaration import Channel, RegisterVersion
from hotich.units.queries import offices_by_id

CHANNEL = Channel.HISTORICAL


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What is known of an entry before anybody has keyed it. `registered_on`: dd.mm.yyyy, where the whole day is known."""

    number: int
    suffix: str
    year: int
    page_no: str = ""
    registered_on: str = ""


def open_case(*, actor: Actor, at: datetime, book: Book, known: KnownFacts, scan: StoredFile) -> Case:
    """Open a held case of a book with only its number and its scan, in a batch of its own; it is corrected beside the
    scan as any held case, and approved by a second person.

    Raises RuleBroken: not_allowed, office_not_in_scope, file_unknown, era_without_register, entry_exists_already.
    """
    officer = must_have(actor, "case.edit")
    must_keep(actor, book.origin_office_id)
    if scan.origin_office_id != book.origin_office_id:
        raise RuleBroken("file_unknown", field="scan")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        lock_numbers_of(book.origin_office_id)
        _must_be_new(book, known)
        form = _form_of(book)
        recorded = dict(with_surrogates(form, _recorded(book, known)))
        batch = _batch(officer, at, book, known, scan)
        case = _case(officer, at, batch, form, recorded, scan)
        case.touched_by = sorted(actor.hands)
        case.save(force_insert=True)
        work.record(
            "case.opened_from_scan",
            subject_kind="case",
            subject_id=case.id,
            subject_office=case.origin_office_id,
            after={"as_recorded": recorded},
            facts={"batch": str(batch.id), "file": str(scan.id), "book": str(book.id)},
        )
    return case


def _must_be_new(book: Book, known: KnownFacts) -> None:
    """Raises RuleBroken entry_exists_already, with the case where there is one."""
    same = {"number": known.number, "number_suffix__iexact": known.suffix, "registration_year": known.year}
    keyed = cases_of_register(book.origin_office_id, book.register_type).filter(
        book_number=book.number, book_year=book.opening_year, **same
    )
    number = f"{known.number}{known.suffix}/{known.year}"
    if (case_id := keyed.values_list("id", flat=True).first()) is not None:
        raise RuleBroken("entry_exists_already", field="number", number=number, case=str(case_id))
    if RegistrationNumber.objects.filter(book=book, use=RegistrationNumber.Use.USED, **same).exists():
        raise RuleBroken("entry_exists_already", field="number", number=number)


def _form_of(book: Book) -> RegisterVersion:
    try:
        return version_for(book.register_type, book.era)
    except UnknownRegister as error:
        raise RuleBroken("era_without_register", field="era", era=book.era) from error


def _recorded(book: Book, known: KnownFacts) -> AsRecorded:
    label: Recorded = book.label
    if book.is_number_assigned:
        label = {"text": book.label, "reason": Reason.ASSIGNED.value}
    values: dict[str, Recorded] = {
        "registration_number": f"{known.number}{known.suffix}/{known.year}",
        "register_book_no": label,
        "page_no": known.page_no,
        "registration_date": known.registered_on,
    }
    return {code: value for code, value in values.items() if value}


def _batch(officer: int, at: datetime, book: Book, known: KnownFacts, scan: StoredFile) -> Batch:
    return Batch.objects.create(
        origin_office_id=book.origin_office_id,
        register_type=book.register_type,
        era=book.era,
        channel=CHANNEL.value,
        template="",  # no workbook stands behind it
        source_name=f"{book.register_type}.{book.opening_year}.{book.number} {known.number}{known.suffix}",
        source_sha256=scan.sha256,
        state=BatchState.LOADED,
        rows=1,
        rows_done=1,
        held=1,
        scans_given=True,
        scan_report={"linked": 1},
        created_by=officer,
        created_at=at,
        finished_at=at,
    )


def _case(
    officer: int, at: datetime, batch: Batch, form: RegisterVersion, recorded: dict[str, Recorded], scan: StoredFile
) -> Case:
    office = offices_by_id([batch.origin_office_id])[batch.origin_office_id]
    found = examine(form, recorded, channel=CHANNEL, office=facts_of(office), today=in_vietnam(at).date())
    problems = stored_findings(map(finding_of, found.problems))
    errors = sum(problem["severity"] == "error" for problem in problems)
    return Case(
        origin_office_id=batch.origin_office_id,
        batch=batch,
        row_number=1,
        register_type=batch.register_type,
        schema_version=form.id,
        era=form.era.value,
        channel=batch.channel,
        state=CaseState.HELD,  # whatever is found: nobody has keyed anything
        as_recorded=recorded,
        standard={name: dict(value) for name, value in found.standard.items()},
        problems=problems,
        error_count=errors,
        warning_count=len(problems) - errors,
        import_hash=digest_of(batch.register_type, recorded),
        scan=scan,
        keyed_by=officer,
        created_at=at,
        updated_at=at,
        **keys_as_columns(found.keys),
    )
