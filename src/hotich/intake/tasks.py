"""Work in the background. Jobs are enqueued in the transaction of the upload and may run twice: services are repeatable."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hotich.accounts.queries import officer_by_login
from hotich.intake.queries.actors import actor_at_office
from hotich.intake.services.background import run_import
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
