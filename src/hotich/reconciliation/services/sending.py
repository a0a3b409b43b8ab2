"""Sending what the police confirmed: once, however often it is tried, and never again before the partner was asked.

A request is taken up in a transaction of its own (state "unclear"), then the partner is called outside any transaction,
then the answer is noted. Whoever dies in between leaves it unclear; of an unclear request the partner is asked what
became of it, and only when it never got it is it sent again – under the same id, so that even then nobody is doubled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.adapters import (
    Context,
    CreateAnswer,
    Partner,
    PartnerClosed,
    PartnerNotAsked,
    PartnerRefused,
    PartnerUnreachable,
)
from hotich.reconciliation.adapters.choice import LIVE, partner
from hotich.reconciliation.models import CheckOutcome, PopulationRequest, RequestKind, RequestState
from hotich.reconciliation.queries.requests import due_of_office, offices_due
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.rules.request_workflow import REQUEST, seconds_until_next
from hotich.reconciliation.services.access import system_at
from hotich.reconciliation.services.answers import take_answer, take_refusal
from hotich.reconciliation.services.requests import (
    NO_LONGER,
    VOID,
    bring_up_to_date,
    cancel,
    locked_request,
    note_request,
)
from hotich.records.models import RecordState
from hotich.records.rules.workflow import next_state
from hotich.units.models import Office


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did: requests dealt with, of them answered; whether the partner does not want more for now."""

    tried: int = 0
    answered: int = 0
    is_resting: bool = False


def send_due(*, at: datetime, most: int = 20) -> Sent:
    """Ask about what is unclear and send what waits, at most so many of all offices; nothing where the partner is not
    reached by calls. Safe to be run by several at once and to be killed at any time."""
    chosen = partner()
    if chosen.name != LIVE:
        return Sent()
    tried = answered = 0
    for office_id in offices_due(at):
        for request_id in due_of_office(office_id, at, most - tried):
            result = _deal_with(chosen, office_id, at, request_id)
            tried, answered = tried + 1, answered + (result == "answered")
            if result == "resting":
                return Sent(tried, answered, is_resting=True)
        if tried >= most:
            break
    return Sent(tried, answered)


def settle_unclear(*, at: datetime, office_id: int, request_id: UUID) -> str:
    """Ask the partner what became of one unclear request and note it; what came out of it: "answered", "unanswered",
    "resting" or "skipped" (it is not unclear any more, or somebody else is at it)."""
    chosen = partner()
    if chosen.name != LIVE or not (request := _lease(office_id, at, request_id)):
        return "skipped"
    return _settle(chosen, request, at)


def _deal_with(chosen: Partner, office_id: int, at: datetime, request_id: UUID) -> str:
    taken = _take_up(office_id, at, request_id)
    if taken is not None:
        return _send(chosen, taken, at)
    if leased := _lease(office_id, at, request_id):
        return _settle(chosen, leased, at)
    return "skipped"


def _take_up(office_id: int, at: datetime, request_id: UUID) -> PopulationRequest | None:
    """The request, unclear from now on; None where it does not wait, or is not needed any more."""
    with _system(office_id, at) as (actor, work):
        request = locked_request(actor, request_id)
        if request.state != RequestState.QUEUED or request.next_at is None or request.next_at > at:
            return None
        if not goes_on(work, request):
            return None
        request.state = next_state(REQUEST, request.state, "take_up")
        request.attempts += 1
        _save(request, at, next_at=at + _lease_time(), failure="")
        note_request(work, request, "population_request.sent", attempts=str(request.attempts))
    return request


def goes_on(work: UnitOfWork, request: PopulationRequest) -> bool:
    """Whether a queued request (locked, behind its check) is sent as it is: what was confirmed may be a while ago. What is
    not needed any more is cancelled, a creation whose record says something else by now goes back to the police."""
    if code := _why_no_longer(request):
        cancel(work, request, failure=code)
        return False
    return bring_up_to_date(work, request)


def _why_no_longer(request: PopulationRequest) -> str:
    """A creation only while the participant is still absent and the record in force; an adjustment only while the verdict
    stands it rests on."""
    check, tracking = request.check_of, request.tracking
    record = check.record if check is not None else None
    if record is not None and record.state == RecordState.ANNULLED:
        return VOID
    if request.kind == RequestKind.CREATE and check is not None:
        is_sought = check.outcome == CheckOutcome.ABSENT and record is not None
        return "" if is_sought and record is not None and record.state == RecordState.IN_FORCE else NO_LONGER
    if request.kind == RequestKind.ADJUST and tracking is not None and not tracking.verdict:
        return "adjustment_without_verdict"
    return ""


def _send(chosen: Partner, request: PopulationRequest, at: datetime) -> str:
    try:
        answer = _call(chosen, request)
    except PartnerNotAsked as failure:
        return _note_not_sent(request, at, failure)
    except PartnerUnreachable as failure:
        return _note_unanswered(request, at, str(failure.args[0]))
    except PartnerRefused as refusal:
        return _note_refusal(request, at, refusal)
    except PartnerClosed:
        return _note_not_sent(request, at, PartnerNotAsked("partner_closed"))
    return _note_answer(request, at, answer)


def _call(chosen: Partner, request: PopulationRequest) -> CreateAnswer:
    content = request.content
    if request.kind == RequestKind.CREATE:
        facts = BookFacts(**content["facts"])
        return chosen.create(context_of(request), facts, content["reason"], content.get("others", ()))
    changes = [(str(field), str(old), str(new)) for field, old, new in content["changes"]]
    return chosen.adjust(context_of(request), content["personal_id"], changes, content["basis"])


def context_of(request: PopulationRequest) -> Context:
    """Who asks and for what; the id of the request is what makes a second sending the same one."""
    office = Office.objects.get(id=request.origin_office_id)
    officer = request.confirmed_by or request.made_by
    return Context(request.id, request.purpose, office.code, str(officer))


def _lease(office_id: int, at: datetime, request_id: UUID) -> PopulationRequest | None:
    """An unclear or suspected request that is due, kept from others for a while; else None."""
    with _system(office_id, at) as (actor, _work):
        try:
            request = locked_request(actor, request_id)
        except RuleBroken:
            return None
        is_open = request.state in (RequestState.UNCLEAR, RequestState.SUSPECTED)
        if not is_open or request.next_at is None or request.next_at > at:
            return None
        _save(request, request.changed_at, next_at=at + _lease_time(), failure=request.failure)
    return request


def _settle(chosen: Partner, request: PopulationRequest, at: datetime) -> str:
    try:
        answer = chosen.state_of(context_of(request))
    except (PartnerUnreachable, PartnerRefused, PartnerClosed) as failure:
        code = "partner_refused" if isinstance(failure, PartnerRefused) else str(failure.args[0])
        _note_unanswered(request, at, code, is_asked_only=True)
        return "resting" if isinstance(failure, PartnerNotAsked) else "unanswered"
    if answer is not None:
        return _note_answer(request, at, answer)
    with _system(request.origin_office_id, at) as (actor, work):
        again = locked_request(actor, request.id)
        if again.state != RequestState.UNCLEAR:
            return "skipped"
        again.state = next_state(REQUEST, again.state, "never_arrived")
        _save(again, at, next_at=at, failure="")
        note_request(work, again, "population_request.never_arrived", attempts=str(again.attempts))
    return "unanswered"


def _note_answer(request: PopulationRequest, at: datetime, answer: CreateAnswer) -> str:
    with _system(request.origin_office_id, at) as (actor, work):
        take_answer(work, locked_request(actor, request.id), answer)
    return "answered"


def _note_refusal(request: PopulationRequest, at: datetime, refusal: PartnerRefused) -> str:
    code, words = (*map(str, refusal.args), "", "")[:2]
    with _system(request.origin_office_id, at) as (actor, work):
        take_refusal(work, locked_request(actor, request.id), code=code, words=words)
    return "answered"


def _note_unanswered(request: PopulationRequest, at: datetime, code: str, *, is_asked_only: bool = False) -> str:
    """Nobody knows: it stays as it is, and is asked about after a while – longer each time."""
    with _system(request.origin_office_id, at) as (actor, work):
        again = locked_request(actor, request.id)
        if again.state != request.state or again.version != request.version:
            return "skipped"
        if is_asked_only:
            again.attempts += 1
        wait = timedelta(seconds=seconds_until_next(again.attempts) + 2 * settings.HOTICH_POPULATION_WAIT)
        _save(again, again.changed_at if is_asked_only else at, next_at=at + wait, failure=code)
        note_request(work, again, "population_request.unanswered", attempts=str(again.attempts), code=code)
    return "unanswered"


def _note_not_sent(request: PopulationRequest, at: datetime, failure: PartnerNotAsked) -> str:
    """Certainly nothing was done: it waits again."""
    with _system(request.origin_office_id, at) as (actor, work):
        again = locked_request(actor, request.id)
        if again.state != RequestState.UNCLEAR or again.version != request.version:
            return "skipped"
        again.state = next_state(REQUEST, again.state, "never_arrived")
        wait = max(failure.retry_after or 0, seconds_until_next(again.attempts))
        _save(again, at, next_at=at + timedelta(seconds=wait), failure=str(failure.args[0]))
        note_request(work, again, "population_request.unanswered", attempts=str(again.attempts), code=again.failure)
    return "resting"


def _lease_time() -> timedelta:
    """How long nobody else touches a request while one is at it: longer than a call with a new token can take."""
    return timedelta(seconds=60 + 4 * settings.HOTICH_POPULATION_WAIT)


def _save(request: PopulationRequest, changed_at: datetime, *, next_at: datetime, failure: str) -> None:
    request.next_at, request.failure, request.changed_at = next_at, failure, changed_at
    request.version += 1
    request.save(update_fields=["state", "attempts", "next_at", "failure", "changed_at", "version"])


@contextmanager
def _system(office_id: int, at: datetime) -> Iterator[tuple[Actor, UnitOfWork]]:
    actor = system_at(office_id)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        yield actor, work
