"""A workbook goes in: read, examined row by row, stored in pieces that are whole, and reported on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.files.services import store_file
from hotich.intake.models import Batch, BatchState
from hotich.intake.queries.claims import BookClaim, claims_on_books
from hotich.intake.queries.report import Report, batch_report
from hotich.intake.rules.file_naming import patterns_read
from hotich.intake.rules.import_plan import ScanPlan, books_named, plan_scans
from hotich.intake.rules.row_examination import ERA_WITHOUT_REGISTER, Setting
from hotich.intake.rules.workbook_rows import Sheet, read_workbook
from hotich.intake.services.access import must_have, must_keep
from hotich.intake.services.examination_pool import ExaminationPool
from hotich.intake.services.import_chunk import ChunkWriter, Rehearsal
from hotich.intake.services.scans import ScanSource, open_scans
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.registers.queries.configuration import configuration_in_force, use_configuration_in_force
from hotich.registers.rules.examine import OfficeFacts
from hotich.registers.types import ERA_PERIODS, REGISTER_TYPES, UnknownRegister, version_for
from hotich.registers.types.declaration import Channel, RegisterVersion
from hotich.units.models import Office
from hotich.units.queries import offices_by_id

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_A_PIECE = 500
CLAIMS_REASON = 300  # letters
ROWS_A_PIECE_WITH_SCANS = 250  # every file adds an act to the trail


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was handed in. `scans`: a zip (path or content) or a folder. `expected`: the register the officer named.
    `claims_reason`: why a book goes in though an app above enters it in another way (queries.claims)."""

    name: str
    content: bytes
    scans: Path | bytes | None = None
    era: str = ""
    expected: str = ""
    claims_reason: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A delivery looked at: nothing of it is stored yet."""

    office: Office
    sheet: Sheet
    setting: Setting
    plan: ScanPlan
    source: ScanSource | None

    @property
    def version(self) -> RegisterVersion:
        """A version of the register, for what all its versions share."""
        return REGISTER_TYPES[self.setting.letters].every_version[0]


def import_book(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    delivery: Delivery,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Import a workbook registered by this office, with its scans; returns the report.

    An import of the same file that was interrupted goes on where it stopped. The same file again stores nothing, not
    even a batch, and reports the batch of before. Raises RuleBroken: not_allowed, office_not_in_scope, era_unknown,
    era_without_register, book_claimed, and what `read_workbook` and `open_scans` refuse with.
    """
    may_import(actor, office_id)
    with ExaminationPool(workbook_size=len(delivery.content)) as pool:
        prepared = prepare(actor, at, office_id, delivery)
        sha256 = hashlib.sha256(delivery.content).hexdigest()
        before = _batch_of_file(actor, office_id, sha256)
        if dry_run or (before is not None and before.state == BatchState.LOADED):
            rehearsed = _rehearse(actor, office_id, delivery, prepared, pool)
            if dry_run or (before is not None and not rehearsed.would_store):
                return rehearsed.report(None if dry_run or before is None else before)
            before = None
        batch = before or create_batch(actor, at, office_id, delivery, prepared, sha256)
        return load_batch(actor, at, batch, prepared, pool, progress=progress)


def may_import(actor: Actor, office_id: int) -> None:
    """Raises RuleBroken not_allowed, office_not_in_scope."""
    must_have(actor, "case.import")
    must_keep(actor, office_id)


def prepare(actor: Actor, at: datetime, office_id: int, delivery: Delivery) -> Prepared:
    """Inspect and read what was handed in. From here on this process judges by the configuration in force."""
    use_configuration_in_force(at=at)
    if delivery.era and delivery.era not in ERA_PERIODS:
        raise RuleBroken("era_unknown", era=delivery.era, eras=", ".join(ERA_PERIODS))
    sheet = read_workbook(delivery.content, expected=delivery.expected)
    if delivery.era:
        try:
            version_for(sheet.header.letters, delivery.era)
        except UnknownRegister as error:
            raise RuleBroken(ERA_WITHOUT_REGISTER, era=delivery.era) from error
    office = offices_by_id([office_id])[office_id]
    setting = _setting(at, office, delivery, sheet)
    source = open_scans(delivery.scans) if delivery.scans is not None else None
    prepared = Prepared(office, sheet, setting, ScanPlan(), source)
    if source is None:
        return prepared
    plan = plan_scans(
        list(source.sizes), setting, sheet.rows, row_fields=prepared.version.row_fields,
        patterns=patterns_read(settings.HOTICH_SCAN_NAMES),
    )  # fmt: skip
    return replace(prepared, plan=plan)


def _setting(at: datetime, office: Office, delivery: Delivery, sheet: Sheet) -> Setting:
    return Setting(
        sheet.header.letters,
        sheet.header.columns,
        sheet.formulas,
        sheet.faulty,
        delivery.era,
        Channel.HISTORICAL.value,
        facts_of(office),
        in_vietnam(at).date(),
        frozenset(row for row, _ in sheet.formulas | sheet.faulty),
        configuration_in_force(in_vietnam(at).date()),
    )


def facts_of(office: Office) -> OfficeFacts:
    """What the checks know of an office."""
    return OfficeFacts(office.code, office.name, office.valid_from, office.valid_to)


def _batch_of_file(actor: Actor, office_id: int, sha256: str) -> Batch | None:
    """The batch of this very file: one that was interrupted first, else the latest that was loaded."""
    with office_scope(actor.office_ids):
        found = Batch.objects.filter(origin_office_id=office_id, source_sha256=sha256)
        found = found.exclude(state=BatchState.WITHDRAWN).order_by("-created_at")
        return found.filter(state=BatchState.LOADING).first() or found.first()


def create_batch(
    actor: Actor, at: datetime, office_id: int, delivery: Delivery, prepared: Prepared, sha256: str
) -> Batch:
    """The batch before its first row; the workbook is kept as it came.

    Raises RuleBroken book_claimed (an app above enters one of the books in another way, and no reason was given):
    `claims` are the BookClaims.
    """
    officer = must_have(actor, "case.import")
    header = prepared.sheet.header
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        claims, reason = _claims(office_id, delivery, prepared)
        workbook = store_file(
            office_id=office_id, name=delivery.name, content=delivery.content, media_type=XLSX, actor=actor, at=at
        )
        batch = Batch.objects.create(
            origin_office_id=office_id,
            register_type=header.letters,
            era=delivery.era,
            channel=prepared.setting.channel,
            template=header.template,
            header=list(header.keys),
            source_name=delivery.name[:255],
            source_sha256=sha256,
            workbook=workbook,
            rows=len(prepared.sheet.rows),
            warnings=[
                *([1, w.code, w.field, w.severity.value, dict(w.params)] for w in header.warnings),
                *_claim_warnings(claims, reason),
            ],
            scans_given=prepared.plan.given,
            created_by=officer,
            created_at=at,
        )
        work.record(
            "batch.started",
            subject_kind="batch",
            subject_id=batch.id,
            subject_office=office_id,
            after={"claims_reason": reason} if reason else None,
            facts={
                "register_type": header.letters,
                "rows": batch.rows,
                "sha256": sha256,
                **({"claims": sorted({claim.code for claim in claims})} if claims else {}),
            },
        )
    return batch


def _claims(office_id: int, delivery: Delivery, prepared: Prepared) -> tuple[list[BookClaim], str]:
    """Who enters the books of the workbook in another way, and why it goes in all the same. Raises book_claimed."""
    letters = prepared.sheet.header.letters
    claims = claims_on_books(office_id, letters, books_named(prepared.setting, prepared.sheet.rows))
    reason = delivery.claims_reason.strip()[:CLAIMS_REASON] if claims else ""
    if claims and not reason:
        books = ", ".join(sorted({claim.book for claim in claims}))
        raise RuleBroken("book_claimed", field="claims_reason", books=books, claims=claims)
    return claims, reason


def _claim_warnings(claims: list[BookClaim], reason: str) -> Iterator[list[object]]:
    """The claims on the books of a workbook, and the reason given, as warnings of its batch."""
    yield from ([1, claim.code, "", "warning", _shown(claim.params)] for claim in claims)
    if claims:
        yield [1, "book_claim_confirmed", "", "warning", {"reason": reason}]


def _shown(params: Mapping[str, object]) -> dict[str, object]:
    return {name: each.strftime("%d/%m/%Y") if isinstance(each, date) else each for name, each in params.items()}


def load_batch(
    actor: Actor,
    at: datetime,
    batch: Batch,
    prepared: Prepared,
    pool: ExaminationPool,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Store the rows that are not stored yet, piece by piece, and finish the batch."""
    writer = ChunkWriter(actor, at, batch, prepared.version.row_fields, prepared.plan, prepared.source)
    rows = prepared.sheet.rows
    done = min(batch.rows_done, len(rows))
    size = ROWS_A_PIECE_WITH_SCANS if prepared.plan.given else ROWS_A_PIECE
    # what was stored before is examined again, so that doubles are seen across the interruption
    for piece in pool.examined(prepared.setting, rows[:done], size):
        writer.replay(piece)
    for piece in pool.examined(prepared.setting, rows[done:], size):
        writer.store(piece)
        if progress:
            progress(writer.done, len(rows))
    writer.finish()
    with office_scope(actor.office_ids):
        return batch_report(batch.id)


def _rehearse(actor: Actor, office_id: int, delivery: Delivery, prepared: Prepared, pool: ExaminationPool) -> Rehearsal:
    rehearsal = Rehearsal(
        actor, office_id, prepared.version.row_fields, prepared.plan, prepared.source, prepared.sheet.header
    )
    for piece in pool.examined(prepared.setting, prepared.sheet.rows, ROWS_A_PIECE):
        rehearsal.look_at(piece)
    return rehearsal
