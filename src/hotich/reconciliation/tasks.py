"""Work in the background. Jobs are enqueued in the transaction that asks for them and may run twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import LinkBulk, LinkSearch, MatchRun
from hotich.reconciliation.queries.link_candidates import searcher_at
from hotich.reconciliation.queries.match_runs import actor_of_run
from hotich.reconciliation.services import link_bulks, link_searches
from hotich.reconciliation.services import match_run_work as match_work
from hotich.reconciliation.services.access import system_at
from hotich.reconciliation.services.agreement import agree_on_yesterday
from hotich.reconciliation.services.asking_trace import note_left_askings
from hotich.reconciliation.services.comparing_again import compare_changed_records
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


@app.periodic(cron="* * * * *")
@app.task(name="reconciliation.note_left_askings", queue="population", queueing_lock="note_left_askings")
def note_left_askings_job(timestamp: int) -> None:
    """Every minute: questions whose page failed after it had asked get their line in the log."""
    note_left_askings(at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="reconciliation.compare_again", queue="population", queueing_lock="compare_again")
def compare_again_job(timestamp: int) -> None:
    """Every minute: whoever stands in a record that was repaired or annotated is compared again, from what was answered."""
    compare_changed_records(at=clock.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="reconciliation.forget_answers", queue="population", queueing_lock="forget_answers")
def forget_answers_job(timestamp: int) -> None:
    """Every night: answers of the partner that were kept for a choice go after some days; what was chosen stays."""
    forget_answers_everywhere(at=clock.now())


# ---- the same person twice, families


def search_links_later(actor: Actor, search: LinkSearch) -> None:
    """Have a search done, as this officer. To be called in the transaction that planned it or lets it go on."""
    search_links_job.configure(lock=f"links-{search.id}").defer(
        search_id=str(search.id), login=actor.login, office_id=search.origin_office_id
    )


@app.task(
    name="reconciliation.search_links_of",
    queue="matching",
    pass_context=True,
    retry=RetryStrategy(max_attempts=ATTEMPTS, wait=10),
)
def search_links_job(context: JobContext, search_id: str, login: str, office_id: int) -> None:
    """Search piece by piece from where it stands; posts are looked up anew before each."""

    def step(actor: Actor) -> bool:
        return link_searches.advance_search(actor=actor, at=clock.now(), search_id=UUID(search_id))

    def fail(code: str) -> None:
        link_searches.fail_search(actor=system_at(office_id), at=clock.now(), search_id=UUID(search_id), code=code)

    _step_by_step(context, login, office_id, step, fail)


def work_on_bulk_later(actor: Actor, bulk: LinkBulk) -> None:
    """Have a bulk accepted or taken back, as this officer. To be called in the transaction that started it."""
    link_bulk_job.configure(lock=f"link-bulk-{bulk.id}").defer(
        bulk_id=str(bulk.id), login=actor.login, office_id=bulk.origin_office_id
    )


@app.task(
    name="reconciliation.link_bulk",
    queue="matching",
    pass_context=True,
    retry=RetryStrategy(max_attempts=ATTEMPTS, wait=10),
)
def link_bulk_job(context: JobContext, bulk_id: str, login: str, office_id: int) -> None:
    """Accept, or take back, block by block from where it stands."""

    def step(actor: Actor) -> bool:
        return link_bulks.work_on_bulk(actor=actor, at=clock.now(), bulk_id=UUID(bulk_id))

    def fail(code: str) -> None:
        link_bulks.fail_bulk(actor=system_at(office_id), at=clock.now(), bulk_id=UUID(bulk_id), code=code)

    _step_by_step(context, login, office_id, step, fail)


def _step_by_step(
    context: JobContext, login: str, office_id: int, step: Callable[[Actor], bool], fail: Callable[[str], None]
) -> None:
    """Until there is no more. What makes it impossible stands where it is followed; what broke is tried again, and stands
    there too after the last time."""
    more = True
    while more:
        try:
            more = step(searcher_at(login, office_id))
        except RuleBroken as refusal:
            fail(refusal.code)
            return
        except Exception:
            if context.job.attempts + 1 >= ATTEMPTS:
                fail("links_broken")
            raise
