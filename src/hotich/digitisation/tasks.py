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
from hotich.digitisation.models import ScanBatch
from hotich.digitisation.services import (
    encode_next_cases,
    link_arrivals,
    link_batch,
    note_failure,
    prepare_next_pages,
)
from hotich.digitisation.services.access import PREPARE, REVIEW
from hotich.intake.queries.actors import actor_at_office
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

QUEUE = "scans"
RETRY = RetryStrategy(max_attempts=3, wait=10)


def process_later(actor: Actor, batch: ScanBatch) -> None:
    """Have the received pages of a batch prepared, as this officer. To be called in the transaction that received or
    changed them: no job without its pages, no pages without their job."""
    _later(prepare_pages_job, actor, batch)


def encode_later(actor: Actor, batch: ScanBatch) -> None:
    """Have the pending cases of a batch made into PDFs and linked, as this officer; in the transaction that made them."""
    _later(encode_cases_job, actor, batch)


def _later(job: Any, actor: Actor, batch: ScanBatch) -> None:
    job.configure(lock=f"scans-{batch.id}").defer(
        batch_id=str(batch.id), login=actor.login, office_id=batch.origin_office_id
    )


def _acting(login: str, office_id: int) -> Actor:
    """The officer who asked, at a post with a right on scans. Raises RuleBroken."""
    officer = officer_by_login(login)
    try:
        return actor_at_office(officer, office_id, PREPARE)
    except RuleBroken:
        return actor_at_office(officer, office_id, REVIEW)


def _run(step: Callable[..., bool], batch_id: str, login: str, office_id: int) -> bool:
    """Do step after step until nothing is left; False when the officer may not go on. The right is looked up before
    each. What breaks is noted in the batch and tried again."""
    batch = UUID(batch_id)
    try:
        more = True
        while more:
            more = step(actor=_acting(login, office_id), at=clock.now(), batch_id=batch)
    except RuleBroken as refusal:
        note_failure(at=clock.now(), batch_id=batch, office_id=office_id, code=refusal.code)
        return False
    except Exception:
        note_failure(at=clock.now(), batch_id=batch, office_id=office_id, code="scan_work_failed")
        raise
    note_failure(at=clock.now(), batch_id=batch, office_id=office_id, code="")
    return True


@app.task(name="digitisation.prepare_pages", queue=QUEUE, retry=RETRY)
def prepare_pages_job(batch_id: str, login: str, office_id: int) -> None:
    """Prepare the received pages of a batch as the officer who handed them in."""
    _run(prepare_next_pages, batch_id, login, office_id)


@app.task(name="digitisation.encode_cases", queue=QUEUE, retry=RETRY)
def encode_cases_job(batch_id: str, login: str, office_id: int) -> None:
    """Make the PDFs of a batch's pending cases as the officer who asked, and link those that pass."""
    if _run(encode_next_cases, batch_id, login, office_id):
        link_batch(actor=_acting(login, office_id), at=clock.now(), batch_id=UUID(batch_id))


@app.periodic(cron="* * * * *")
@app.task(name="digitisation.link_arrivals", queue="dispatch", queueing_lock="digitisation.link_arrivals")
def link_arrivals_job(timestamp: int) -> None:
    """Every minute: scans that waited for their entries are linked to those that have arrived. `timestamp`: of the
    minute it was planned for."""
    link_arrivals(at=clock.now())
