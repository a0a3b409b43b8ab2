"""Work in the background. Jobs are enqueued in the transaction of the upload and may run twice: services are repeatable."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from hotich.accounts.queries import officer_by_login
from hotich.intake.queries.actors import actor_at_office
from hotich.intake.services.approval_runs import approve_next_piece, give_up_approval_run
from hotich.intake.services.background import run_import
from hotich.intake.services.dispatch_changes import refresh_dispatch
from hotich.intake.services.export_requests import build_export
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken


@app.task(
    name="intake.import_book",
    queue="imports",
    # a refusal stays a refusal; what broke in between (database, disk) may be over in a while
    retry=RetryStrategy(max_attempts=3, wait=10),
)
def import_book_job(batch_id: str, login: str, office_id: int) -> None:
    """Load a batch as the officer who uploaded it. Refusals stand in the batch and are not tried again."""
    actor = actor_at_office(officer_by_login(login), office_id, "case.import")
    try:
        run_import(actor=actor, at=clock.now(), batch_id=UUID(batch_id))
    except RuleBroken:
        return


@app.task(name="intake.approve_batch", queue="approvals", retry=RetryStrategy(max_attempts=3, wait=10))
def approve_batch_job(run_id: str, login: str, office_id: int) -> None:
    """Approve a batch as the officer who started it, piece by piece; posts are looked up anew before each piece."""
    more = True
    while more:
        try:
            actor = actor_at_office(officer_by_login(login), office_id, "case.approve")
            more = approve_next_piece(actor=actor, at=clock.now(), run_id=UUID(run_id))
        except RuleBroken as refusal:
            give_up_approval_run(at=clock.now(), run_id=UUID(run_id), office_id=office_id, code=refusal.code)
            return


@app.task(name="intake.build_export", queue="exports", retry=RetryStrategy(max_attempts=3, wait=10))
def build_export_job(request_id: str, login: str, office_id: int) -> None:
    """Make the file of a large approved request as the officer who asked. A refusal stands in the request."""
    try:
        actor = actor_at_office(officer_by_login(login), office_id, "export.request")
        build_export(actor=actor, at=clock.now(), request_id=UUID(request_id))
    except RuleBroken:
        return


@app.periodic(cron="* * * * *")
@app.task(name="intake.refresh_dispatch", queue="dispatch", queueing_lock="refresh_dispatch")
def refresh_dispatch_job(timestamp: int) -> None:
    """Every minute: records that changed after they were sent to the Ministry are queued again. `timestamp`: of the
    minute it was planned for."""
    refresh_dispatch(at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="intake.resume_interrupted", queue="imports", queueing_lock="resume_interrupted", pass_context=True)
async def resume_interrupted_job(context: JobContext, timestamp: int) -> None:
    """Every minute: jobs whose worker was killed begin again; an import goes on behind its last whole piece.

    Those with a queueing lock are planned anew by themselves.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.queueing_lock is None:
            await manager.retry_job(job)
