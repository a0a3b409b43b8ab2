"""Background jobs that gave up: run them again, or set them aside."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from procrastinate.contrib.django import app

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken


def retry_job(*, job_id: int, actor: Actor, at: datetime) -> None:
    """A job that gave up runs again. Raises RuleBroken not_allowed, job_unknown, job_not_failed."""
    with unit_of_work(actor=actor, at=at) as work:
        _failed(actor, job_id)
        app.job_manager.retry_job_by_id(job_id, retry_at=at)
        _note(work, actor, "job.retried", job_id)


def set_job_aside(*, job_id: int, actor: Actor, at: datetime) -> None:
    """A job that gave up is not waited for any more; its row stays. Raises as `retry_job`."""
    with unit_of_work(actor=actor, at=at) as work:
        _failed(actor, job_id)
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set status = 'aborted' where id = %s", [job_id])
        _note(work, actor, "job.set_aside", job_id)


def _failed(actor: Actor, job_id: int) -> None:
    if not actor.may("technical.manage"):
        raise RuleBroken("not_allowed")
    with connection.cursor() as cursor:
        cursor.execute("select status::text from procrastinate_jobs where id = %s for update", [job_id])
        row = cursor.fetchone()
    if row is None:
        raise RuleBroken("job_unknown")
    if row[0] != "failed":
        raise RuleBroken("job_not_failed")


def _note(work: UnitOfWork, actor: Actor, verb: str, job_id: int) -> None:
    work.record(verb, subject_kind="job", subject_id=job_id, subject_office=actor.office_id)
