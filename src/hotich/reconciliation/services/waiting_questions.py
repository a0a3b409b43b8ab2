"""Questions that could not be asked: kept beside their check, asked by the system when the partner answers again.

A look-up changes nothing at the partner, so it may be asked any number of times; what counts is that none is forgotten
and that the answer never undoes what a human has decided meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.ids import uuid7
from hotich.reconciliation.adapters.choice import LIVE, partner
from hotich.reconciliation.models import PopulationCheck, PopulationRequest, RequestKind, RequestState
from hotich.reconciliation.queries.book_facts import facts_of_record
from hotich.reconciliation.queries.requests import every_office
from hotich.reconciliation.queries.waiting_questions import offices_waiting, waiting_of_office
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.questions import Question, narrower, questions_for
from hotich.reconciliation.rules.request_workflow import seconds_until_next
from hotich.reconciliation.services import look_ups
from hotich.reconciliation.services.access import system_at
from hotich.reconciliation.services.asking_trace import About, about_to_ask, note_asked
from hotich.reconciliation.services.checks import take_citizens
from hotich.reconciliation.services.requests import announce, note_request

MOST_A_ROUND = 200


def answer_waiting(*, at: datetime, most: int = MOST_A_ROUND) -> int:
    """Ask what waits, at most so many of all offices, until the partner does not answer; how many were answered.

    Nothing where the partner is not reached by calls: there the files bring the answers. May run twice at once.
    """
    answered = tried = 0
    if partner().name != LIVE:
        return 0
    for office_id in offices_waiting(at):
        for request_id in waiting_of_office(office_id, at, most - tried):
            tried += 1
            if not _ask_one(office_id, at, request_id):
                return answered
            answered += 1
    return answered


def _ask_one(office_id: int, at: datetime, request_id: UUID) -> bool:
    """Ask about one; False when the partner does not answer. The partner is called outside any transaction."""
    system = system_at(office_id)
    with office_scope([office_id]):
        request = PopulationRequest.objects.select_related("check_of__record").filter(id=request_id).first()
        if request is None or request.state != RequestState.QUEUED or request.check_of is None:
            return True
        facts, about = facts_of_request(request), _about(request.check_of)
    state, failure, look_up_id, citizens = _ask(at, request, facts, about)
    with office_scope([office_id]), unit_of_work(actor=system, at=at) as work:
        note_asked(system, at, look_up_id, result=look_ups.failure_result(state), candidates=len(citizens))
        if state in look_ups.NOT_ASKED:
            _wait_longer(at, request_id, failure)
            return False
        look_ups.keep_answer(look_up_id, office_id, at, citizens)
        take_look_up_answer(
            work, request_id=request_id, citizens=citizens, look_up_id=look_up_id,
            is_whole=state not in look_ups.NOT_WHOLE,
        )  # fmt: skip
    return True


def _ask(
    at: datetime, request: PopulationRequest, facts: BookFacts, about: About
) -> tuple[look_ups.State, str, UUID, Sequence[Citizen]]:
    """The questions about somebody in turn until he is evident; what came of the last one, under which look-up it stands,
    and all citizens found. One line in the log stands for them all, written as the first is asked."""
    found: dict[str, Citizen] = {}
    state: look_ups.State = "answered"
    failure, look_up_id = "", uuid7()
    questions = questions_for(facts) or [Question(**request.content["question"])]
    about_to_ask(
        at=at, look_up_id=look_up_id, question=questions[0], about=about, office_id=request.origin_office_id,
        officer_id=request.made_by, adapter=partner().name,
    )  # fmt: skip
    for each in questions:
        context = look_ups.context_of(request.id, request.origin_office_id, request.made_by, about.purpose)
        state, failure, citizens = look_ups.ask_partner(context, each)
        if state == "too_many" and (closer := narrower(each, facts)) is not None:
            state, failure, citizens = look_ups.ask_partner(context, closer)
        found |= {citizen.ref: citizen for citizen in citizens}
        if state in look_ups.NOT_ASKED:
            break
        judged = look_ups.judge(facts, list(found.values()))
        if judged.shown and judged.shown[0].is_evident:
            break
    return state, failure, look_up_id, list(found.values())


def facts_of_request(request: PopulationRequest) -> BookFacts:
    """What the record says today, or what the case said when the question was kept."""
    check = request.check_of
    if check is not None and check.record is not None:
        told = facts_of_record(check.record).get(check.role)
        if told is not None:
            return told
    return BookFacts(**request.content["facts"])


def _about(check: PopulationCheck) -> About:
    if check.record_id is not None:
        return About("record", check.record_id, check.role)
    return About("case", check.case_id or check.id, check.role)


def _wait_longer(at: datetime, request_id: UUID, failure: str) -> None:
    request = PopulationRequest.objects.select_for_update(of=("self",)).get(id=request_id)
    if request.state != RequestState.QUEUED:
        return
    request.attempts, request.failure, request.version = request.attempts + 1, failure, request.version + 1
    request.next_at = at + timedelta(seconds=seconds_until_next(request.attempts))
    request.save(update_fields=["attempts", "failure", "next_at", "version"])


def take_look_up_answer(
    work: UnitOfWork,
    *,
    request_id: UUID,
    citizens: Sequence[Citizen],
    look_up_id: UUID | None = None,
    is_whole: bool = True,
) -> bool:
    """The answer to a question that waited, whoever brings it (call or file): its check says what the citizens say.
    `is_whole`: the partner has told all it knows.

    False where it was answered before or a human has decided meanwhile; the request is done either way.
    """
    mine = PopulationRequest.objects.filter(id=request_id, kind=RequestKind.LOOK_UP)
    check = (
        PopulationCheck.objects.select_for_update(of=("self",))
        .select_related("record")
        .filter(id__in=mine.values("check_of_id"))
        .first()
    )
    request = mine.select_for_update(of=("self",)).select_related("check_of__record").first()
    if request is None or check is None or request.state not in (RequestState.QUEUED, RequestState.IN_FILE):
        return False
    facts = facts_of_request(request)
    request.state, request.answer = RequestState.DONE, {"candidates": len(citizens)}
    request.failure, request.next_at, request.changed_at = "", None, work.at
    request.version += 1
    request.save(update_fields=["state", "answer", "failure", "next_at", "changed_at", "version"])
    note_request(work, request, "population_request.answered", attempts=str(request.attempts))
    announce(work, request)
    return take_citizens(work, check=check, facts=facts, citizens=citizens, look_up_id=look_up_id, is_whole=is_whole)


def forget_answers_everywhere(*, at: datetime) -> int:
    """Answers kept for a choice go after some days, at every office; how many went."""
    with office_scope(every_office()):
        return look_ups.forget_answers(at=at)
