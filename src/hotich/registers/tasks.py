"""Work in the background: operations on units come into force on their day. May run twice: services are repeatable."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hotich.kernel import clock
from hotich.registers.services.succession import carry_out_due


@app.periodic(cron="*/10 * * * *")
@app.task(name="registers.carry_out_due", queue="imports", queueing_lock="carry_out_due")
def carry_out_due_job(timestamp: int) -> None:
    """Every ten minutes: approved operations whose day has come. `timestamp`: of the minute it was planned for."""
    carry_out_due(at=clock.now())
