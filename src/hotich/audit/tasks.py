"""Work by the clock: anchors, verifications, day counts. Each may run twice."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.conf import settings
from procrastinate.contrib.django import app

from hotich.audit import services
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

QUEUE = "audit"
SYSTEM = Actor(login="system", office_id=0, rights=frozenset({"audit.verify"}))
log = structlog.get_logger()


@app.periodic(cron=settings.HOTICH_ANCHOR_CRON)
@app.task(name="audit.take_anchor", queue=QUEUE, queueing_lock="audit.take_anchor")
def take_anchor_job(timestamp: int) -> None:
    """Every hour (HOTICH_ANCHOR_CRON): seal where every chain stands. What cannot be sealed is verified at once, so that
    the page of integrity says why. `timestamp`: of the minute it was planned for."""
    try:
        services.take_anchor(at=clock.now())
    except RuleBroken as refusal:
        log.error("audit_anchor_not_taken", code=refusal.code)
        _verify(whole=False)
    services.count_finished_days(at=clock.now())


@app.periodic(cron=settings.HOTICH_AUDIT_VERIFY_CRON)
@app.task(name="audit.verify_since_anchor", queue=QUEUE, queueing_lock="audit.verify_since_anchor")
def verify_since_anchor_job(timestamp: int) -> None:
    """Every night (HOTICH_AUDIT_VERIFY_CRON): what came since the anchor up to which all was found whole."""
    _verify(whole=False)


@app.periodic(cron=settings.HOTICH_AUDIT_FULL_CRON)
@app.task(name="audit.verify_whole", queue=QUEUE, queueing_lock="audit.verify_whole")
def verify_whole_job(timestamp: int) -> None:
    """Every week (HOTICH_AUDIT_FULL_CRON): every entry of every chain."""
    _verify(whole=True)


@app.task(name="audit.run_verification", queue=QUEUE)
def run_verification_job(verification_id: str) -> None:
    """A verification somebody asked for on the page of integrity."""
    services.run_verification(verification_id=UUID(verification_id), clock=clock.now)


def _verify(*, whole: bool) -> None:
    try:
        asked = services.ask_for_verification(actor=SYSTEM, at=clock.now(), whole=whole)
    except RuleBroken as refusal:  # one is under way already
        log.info("audit_verification_not_begun", code=refusal.code)
        return
    done = services.run_verification(verification_id=asked.id, clock=clock.now)
    if done.fault_count:
        log.error("audit_trail_faulty", verification=str(done.id), faults=done.fault_count)
