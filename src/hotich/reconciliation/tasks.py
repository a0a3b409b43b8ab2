"""Work in the background. Jobs are enqueued in the transaction that asks for them and may run twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import MatchRun
from hotich.reconciliation.queries.link_candidates import searcher_at
from hotich.reconciliation.queries.match_runs import actor_of_run
from hotich.reconciliation.services import match_run_work as match_work
from hotich.reconciliation.services.access import system_at
from hotich.reconciliation.services.agreement import agree_on_yesterday
from hotich.reconciliation.services.link_search import search_for_links
from hotich.reconciliation.services.match_runs import fail_match_run
from hotich.reconciliation.services.sending import send_due
from hotich.reconciliation.services.waiting_questions import answer_waiting, forget_answers_everywhere

ATTEMPTS = 3
KEPT_FOR = timedelta(days=1)


# ---- comparing whole books


def match_later(actor: Actor, run: MatchRun) -> None:
    """Have a comparison done, as this officer. To be called in the transaction that planned it or lets it go on."""
    match_run_job.configure(lock=f"match-{run.id}").defer(
        run_id=str(run.id), login=actor.login, office_id=run.origin_office_id
    )


@app.task(
    name="reconciliation.match_run",
    queue="matching",
    pass_context=True,
    retry=RetryStrategy(max_attempts=ATTEMPTS, wait=10),
)
def match_run_job(context: JobContext, run_id: str, login: str, office_id: int) -> None:
    """Do a comparison step by step, from where it stands. What makes it impossible stands in the run; what broke is tried
    again, and stands there too after the last time."""
    run, system = UUID(run_id), system_at(office_id)
    with match_work.alone(run) as mine:
        more = mine
        while more:
            try:
                actor = actor_of_run(login, office_id)
                more = match_work.advance_match_run(actor=actor, now=clock.now, run_id=run)
            except RuleBroken as refusal:
                fail_match_run(actor=system, at=clock.now(), run_id=run, code=refusal.code)
                return
            except Exception:
                if context.job.attempts + 1 >= ATTEMPTS:
                    fail_match_run(actor=system, at=clock.now(), run_id=run, code="match_broken")
                raise


@app.periodic(cron="17 * * * *")
@app.task(name="reconciliation.clear_match_runs", queue="matching", queueing_lock="clear_match_runs")
def clear_match_runs_job(timestamp: int) -> None:
    """Every hour: what stopped comparisons left in the state folder goes after a day. `timestamp`: of the planned minute."""
    match_work.clear_ended(before=clock.now() - KEPT_FOR)


# ---- the exchange with the population database

SENDING_FOR = timedelta(seconds=50)


@app.periodic(cron="* * * * *")
@app.task(name="reconciliation.send_requests", queue="population", queueing_lock="send_requests")
def send_requests_job(timestamp: int) -> None:
    """Every minute: what is unclear is asked about, what the police confirmed is sent, until nothing is due or the partner
    wants no more. `timestamp`: of the minute it was planned for."""
    until = clock.now() + SENDING_FOR
    while clock.now() < until:
        done = send_due(at=clock.now())
        if done.is_resting or not done.tried:
            return


@app.periodic(cron="20 * * * *")
@app.task(name="reconciliation.agree_on_day", queue="population", queueing_lock="agree_on_day")
def agree_on_day_job(timestamp: int) -> None:
    """Every hour: the day before is compared with the partner wherever it is not done yet, so that a night without the
    partner skips no day's work. `timestamp`: of the minute it was planned for."""
    agree_on_yesterday(at=clock.now())


# ---- look-ups


@app.periodic(cron="* * * * *")
@app.task(name="reconciliation.answer_waiting_questions", queue="population", queueing_lock="answer_waiting_questions")
def answer_waiting_questions_job(timestamp: int) -> None:
    """Every minute: questions that could not be asked are asked, until none is due or the partner does not answer."""
    answer_waiting(at=clock.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="reconciliation.forget_answers", queue="population", queueing_lock="forget_answers")
def forget_answers_job(timestamp: int) -> None:
    """Every night: answers of the partner that were kept for a choice go after some days; what was chosen stays."""
    forget_answers_everywhere(at=clock.now())


# ---- the same person twice, families


def search_links_later(actor: Actor, office_id: int, book_id: UUID | None) -> bool:
    """Have an office, or one of its books, searched as this officer; False when that is planned already.

    To be called in a transaction.
    """
    lock = f"links-{book_id or office_id}"
    try:
        with transaction.atomic():
            search_links_job.configure(lock=lock, queueing_lock=lock).defer(
                login=actor.login, office_id=office_id, book_id=str(book_id or "")
            )
    except AlreadyEnqueued:
        return False
    return True


@app.task(name="reconciliation.search_links", queue="matching", retry=RetryStrategy(max_attempts=ATTEMPTS, wait=10))
def search_links_job(login: str, office_id: int, book_id: str) -> None:
    """Search piece by piece; posts are looked up anew before each. Killed and begun again it finds the same once more."""
    book, after, more = UUID(book_id) if book_id else None, None, True
    while more:
        try:
            actor = searcher_at(login, office_id)
            done = search_for_links(actor=actor, at=clock.now(), office_id=office_id, book_id=book, after=after)
        except RuleBroken:
            return  # the right ended meanwhile: what was found stays
        after = done.after
        more = after is not None
