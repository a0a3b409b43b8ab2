"""Work on scans in the background. Jobs may run twice and be killed at any time: every page and case is stored by itself.

One job a batch at a time (`lock`): what is asked for while one runs waits, and finds what is left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hotich.accounts.queries import officer_by_login
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch
from hotich.digitisation.queries.machine_reading import reads_scans
from hotich.digitisation.services import (
    encode_next_cases,
    link_arrivals,
    link_batch,
    note_failure,
    prepare_next_pages,
    read_next_pages,
)
from hotich.digitisation.services.access import PREPARE, REVIEW
from hotich.intake.queries.actors import actor_at_office
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

QUEUE = "scans"
URGENT = 10
LAST = -10  # nobody waits for what a machine reads
RETRY = RetryStrategy(max_attempts=3, wait=10)


def process_later(actor: Actor, batch: ScanBatch) -> None:
    """Have the received pages of a batch prepared, as this officer. To be called in the transaction that received or
    changed them: no job without its pages, no pages without their job."""
    _later(prepare_pages_job, actor, batch)


def encode_later(actor: Actor, batch: ScanBatch) -> None:
    """Have the pending cases of a batch made into PDFs and linked, as this officer; in the transaction that made them."""
    _later(encode_cases_job, actor, batch)


def read_later(actor: Actor, batch: ScanBatch) -> None:
    """Have page numbers, case numbers and second opinions read by machine, as this officer, in the transaction that made
    what is to be read. Nothing happens where no engine is named."""
    if reads_scans():
        _read_on(str(batch.id), actor.login, batch.origin_office_id)


def _read_on(batch_id: str, login: str, office_id: int) -> None:
    later = read_scans_job.configure(lock=f"scans-read-{batch_id}", priority=LAST)
    later.defer(batch_id=batch_id, login=login, office_id=office_id)


def _later(job: Any, actor: Actor, batch: ScanBatch) -> None:
    _defer(job, str(batch.id), actor.login, batch.origin_office_id, is_urgent=batch.is_on_demand)


def _defer(job: Any, batch_id: str, login: str, office_id: int, *, is_urgent: bool) -> None:
    """What somebody waits for goes before what was asked for earlier."""
    later = job.configure(lock=f"scans-{batch_id}", priority=URGENT if is_urgent else 0)
    later.defer(batch_id=batch_id, login=login, office_id=office_id)


def _acting(login: str, office_id: int) -> Actor:
    """The officer who asked, at a post with a right on scans. Raises RuleBroken."""
    officer = officer_by_login(login)
    try:
        return actor_at_office(officer, office_id, PREPARE)
    except RuleBroken:
        return actor_at_office(officer, office_id, REVIEW)


def _run(step: Callable[..., bool], job: Any, batch_id: str, login: str, office_id: int) -> bool:
    """Do one step; whether it was the last one. What is left is put at the end of the queue again, so that a whole book
    holds up nobody. When the officer may not go on, or something breaks, that is noted in the batch."""
    batch = UUID(batch_id)
    try:
        is_more = step(actor=_acting(login, office_id), at=clock.now(), batch_id=batch)
    except RuleBroken as refusal:
        note_failure(at=clock.now(), batch_id=batch, office_id=office_id, code=refusal.code)
        return False
    except Exception:
        note_failure(at=clock.now(), batch_id=batch, office_id=office_id, code="scan_work_failed")
        raise
    note_failure(at=clock.now(), batch_id=batch, office_id=office_id, code="")
    if is_more:
        with office_scope([office_id]):
            is_urgent = ScanBatch.objects.filter(id=batch, is_on_demand=True).exists()
        _defer(job, batch_id, login, office_id, is_urgent=is_urgent)
    return not is_more


@app.task(name="digitisation.prepare_pages", queue=QUEUE, retry=RETRY)
def prepare_pages_job(batch_id: str, login: str, office_id: int) -> None:
    """Prepare the next received pages of a batch as the officer who handed them in."""
    if _run(prepare_next_pages, prepare_pages_job, batch_id, login, office_id) and reads_scans():
        _read_on(batch_id, login, office_id)


@app.task(name="digitisation.encode_cases", queue=QUEUE, retry=RETRY)
def encode_cases_job(batch_id: str, login: str, office_id: int) -> None:
    """Make the PDFs of a batch's next pending cases as the officer who asked, and link those that pass."""
    if _run(encode_next_cases, encode_cases_job, batch_id, login, office_id):
        link_batch(actor=_acting(login, office_id), at=clock.now(), batch_id=UUID(batch_id))
        if reads_scans():
            _read_on(batch_id, login, office_id)


@app.task(name="digitisation.read_scans", queue=QUEUE)
def read_scans_job(batch_id: str, login: str, office_id: int) -> None:
    """Read the next pages of a batch by machine. It helps, and is no step of the work: where the officer may not go on
    or the engine is gone, it ends without a word in the batch."""
    try:
        is_more = read_next_pages(actor=_acting(login, office_id), at=clock.now(), batch_id=UUID(batch_id))
    except RuleBroken:
        return
    if is_more:
        _read_on(batch_id, login, office_id)


@app.periodic(cron="* * * * *")
@app.task(name="digitisation.link_arrivals", queue="dispatch", queueing_lock="digitisation.link_arrivals")
def link_arrivals_job(timestamp: int) -> None:
    """Every minute: scans that waited for their entries are linked to those that have arrived. `timestamp`: of the
    minute it was planned for."""
    link_arrivals(at=clock.now())
