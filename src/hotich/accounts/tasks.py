"""Work in the background: opening the accounts of a file, destroying one-time passwords nobody fetched."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hotich.accounts.queries import actors_of, officer_by_login
from hotich.accounts.services import destroy_old_passwords, open_next
from hotich.kernel import clock


@app.task(name="accounts.open_accounts", queue="imports", retry=RetryStrategy(max_attempts=3, wait=10))
def open_accounts_job(opening_id: str, login: str, office_id: int) -> None:
    """Open the accounts of a started file as the officer who decided it, piece by piece; goes on after a break."""
    for actor in actors_of(officer_by_login(login)):
        if actor.office_id == office_id and actor.may("officer.manage"):
            while open_next(actor=actor, at=clock.now(), opening_id=UUID(opening_id)):
                pass
            return


@app.periodic(cron="17 * * * *")
@app.task(name="accounts.destroy_old_passwords", queue="dispatch", queueing_lock="destroy_old_passwords")
def destroy_old_passwords_job(timestamp: int) -> None:
    """Every hour: passwords that waited too long for whoever asked for them are destroyed. `timestamp`: planned for."""
    destroy_old_passwords(at=clock.now())
