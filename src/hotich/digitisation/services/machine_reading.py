"""Scans read by machine in the background, where an engine is named: never a value, only what an officer may look at.

Each page is stored by itself with what was read on it, so a killed run goes on; a page that cannot be read is noted as
read without result and hinders nothing. No recognised text comes out of the worker process (`scans.reading.on_pages`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScannedCaseState, ScanPage, ScanPageState
from hotich.digitisation.queries.machine_reading import (
    case_key,
    entry_key,
    keyed_of,
    numbers_read,
    page_key,
    printed_order,
)
from hotich.digitisation.queries.settings import reader_settings
from hotich.digitisation.rules.numbering import READER
from hotich.digitisation.services.access import (
    PREPARE,
    REVIEW,
    locked_batch,
    locked_case,
    must_have,
    note_batch,
    note_case,
    note_page,
    open_batch,
)
from hotich.digitisation.services.isolation import MEMORY, picture_of, run_all
from hotich.digitisation.services.numbers import set_case_number
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.services import note_reading
from hotich.scans.settings import ScanSettings

PAGES_A_RUN = 8  # then the officer's right is looked up anew
READ_PAGE = "hotich.scans.reading.on_pages:read_page"
READABLE = (ScanPageState.PREPARED, ScanPageState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be read on one page: its own number, and its cases (those whose first part stands on it)."""

    page: ScanPage
    wants_page: bool
    cases: tuple[ScannedCase, ...]


def read_next_pages(*, actor: Actor, at: datetime, batch_id: UUID) -> bool:
    """Have the next pages of a batch read; whether there may be more. Nothing where no engine is named.

    Raises RuleBroken: not_allowed, scan_batch_unknown, reader_unknown.
    """
    must_have(actor, PREPARE, REVIEW)
    settings = reader_settings()
    if not settings.reader:
        return False
    with office_scope(actor.office_ids):
        batch = ScanBatch.objects.select_related("book").filter(id=batch_id).first()
        if batch is None:
            raise RuleBroken("scan_batch_unknown")
        if batch.state != ScanBatchState.OPEN:
            return False
        tasks = list(islice(_waiting(batch, settings), PAGES_A_RUN))
    for task, value in _read(actor, tasks, settings):
        _store(actor, at, batch, task, value, settings)
    return bool(tasks)


def _waiting(batch: ScanBatch, settings: ScanSettings) -> Iterator[Task]:
    """The pages of which something was not read yet, as they stand now, with this engine."""
    cases: dict[str, list[ScannedCase]] = defaultdict(list)
    found = ScannedCase.objects.filter(batch=batch).exclude(state=ScannedCaseState.SET_ASIDE).select_related("case")
    for case in found.order_by("position", "id"):
        if case.parts:
            cases[str(case.parts[0]["page"])].append(case)
    pages = ScanPage.objects.filter(batch=batch, state__in=READABLE, flat__isnull=False).select_related("flat")
    for page in pages.order_by("position", "page_of_master", "id"):
        unread = tuple(case for case in cases[str(page.id)] if not _is_read(case, page, settings))
        wants_page = page.reading.get("key") != page_key(page, settings)
        if unread or wants_page:
            yield Task(page, wants_page, unread)


def _is_read(case: ScannedCase, page: ScanPage, settings: ScanSettings) -> bool:
    reading = case.reading
    return bool(reading.get("key") == case_key(case, page, settings) and reading.get("of", []) == entry_key(case.case))


def _read(
    actor: Actor, tasks: Sequence[Task], settings: ScanSettings
) -> Iterator[tuple[Task, Mapping[str, Any] | None]]:
    """Each page with what came of it, in one worker process; None where it could not be read."""
    from hotich.scans.reading import engine_names  # loads the imaging libraries: only where there is something to read

    if settings.reader not in engine_names():
        raise RuleBroken("reader_unknown", engine=settings.reader, known=", ".join(engine_names()))

    def asked(task: Task) -> dict[str, Any]:
        with office_scope(actor.office_ids):
            picture = picture_of(task.page)
        return {"picture": picture, "settings": settings, **_wanted(task)}

    items = [(place, partial(asked, task)) for place, task in enumerate(tasks)]
    memory = max(settings.reader_memory, MEMORY)  # the page is in it as well
    for outcome in run_all(READ_PAGE, items, workers=1, seconds=settings.reader_seconds, memory=memory):
        yield tasks[int(str(outcome.id))], outcome.value if outcome.is_done else None


def _wanted(task: Task) -> dict[str, Any]:
    cases = [
        {"id": str(case.id), "part": case.parts[0], "keyed": keyed_of(case.case) if case.case is not None else {}}
        for case in task.cases
    ]
    return {"wants_page": task.wants_page, "cases": cases}


def _store(
    actor: Actor, at: datetime, batch: ScanBatch, task: Task, value: Mapping[str, Any] | None, settings: ScanSettings
) -> None:
    """What was read on a page, in one transaction. Versions stay: what an officer has before him is not out of date."""
    read = value or {"engine": settings.reader, "version": "", "page": {}, "cases": {}}
    by = {"engine": read["engine"], "version": read["version"]}
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        if locked_batch(actor, batch.id).state != ScanBatchState.OPEN:
            return
        page = ScanPage.objects.select_for_update(of=("self",)).select_related("flat").filter(id=task.page.id).first()
        if page is None or page_key(page, settings) != page_key(task.page, settings):
            return  # turned or replaced meanwhile: it is read again
        if task.wants_page:
            page.reading = {"key": page_key(page, settings), **by, "numbers": dict(read["page"])}
            page.save(update_fields=["reading"])
        note_page(work, page, "scan_page.machine_read", engine=read["engine"], cases=len(task.cases))
        if page.flat is not None:
            note_reading(
                actor=actor, at=at, subject_kind="scan", subject_id=page.flat.id,
                subject_office=page.origin_office_id, facts={"scan_page": str(page.id)},
            )  # fmt: skip
        for case in task.cases:
            _store_case(work, page, case, read["cases"].get(str(case.id), {}), by, settings)


def _store_case(
    work: UnitOfWork, page: ScanPage, asked: ScannedCase, read: Mapping[str, Any], by: Mapping[str, str],
    settings: ScanSettings,
) -> None:  # fmt: skip
    case = ScannedCase.objects.select_for_update(of=("self",)).select_related("case").filter(id=asked.id).first()
    key, of = case_key(asked, page, settings), entry_key(asked.case)
    if case is None or not case.parts or case_key(case, page, settings) != key or entry_key(case.case) != of:
        return
    opinions = {field: list(opinion) for field, opinion in read.get("opinions", {}).items()}
    case.reading = {"key": key, **by, "number": read.get("number"), "opinions": opinions, "of": of}
    case.save(update_fields=["reading"])
    if opinions:
        note_case(work, case, "scanned_case.machine_read", engine=by["engine"])


def accept_read_number(*, actor: Actor, at: datetime, case_id: UUID, version: int) -> ScannedCase:
    """Take over the number a machine read in the number cell of a case: the officer who does so has looked at it.

    Raises RuleBroken: not_allowed, scanned_case_unknown, scan_batch_not_open, scanned_case_changed_meanwhile,
    number_not_read (nothing was read, or of another picture).
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        _, case = locked_case(actor, case_id, version)
        first = [case.parts[0]["page"]] if case.parts else []
        pages = {str(page.id): page for page in ScanPage.objects.select_related("flat").filter(id__in=first)}
        read = numbers_read([case], pages).get(case.id)
        if read is None:
            raise RuleBroken("number_not_read")
        return set_case_number(actor=actor, at=at, case_id=case_id, number=read.number, version=version, by=READER)


def order_by_printed_pages(*, actor: Actor, at: datetime, batch_id: UUID, version: int) -> None:
    """Put the pages in the order of the numbers printed on them; pages without one stay behind the page before them.

    Raises RuleBroken: not_allowed, scan_batch_unknown, scan_batch_not_open, scan_batch_changed_meanwhile,
    printed_order_unknown (the pages stand in that order, or too few have a number).
    """
    must_have(actor, PREPARE)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = open_batch(actor, batch_id, version=version)
        wanted = printed_order(batch)
        if wanted is None:
            raise RuleBroken("printed_order_unknown")
        place = {page_id: at_place for at_place, page_id in enumerate(wanted.order)}
        pages = list(ScanPage.objects.select_for_update(of=("self",)).filter(batch=batch))
        # pages that were set aside go to the end: nobody counts them
        pages.sort(key=lambda page: (place.get(page.id, len(place)), page.position, page.page_of_master))
        for position, page in enumerate(pages, start=1):
            page.position = position
        ScanPage.objects.bulk_update(pages, ["position"], batch_size=500)
        batch.ordered_by_hand, batch.version = True, batch.version + 1
        batch.save(update_fields=["ordered_by_hand", "version"])
        note_batch(work, batch, "scan_batch.ordered_by_print", pages=len(place))
