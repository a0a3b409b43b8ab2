"""What the partner answered is taken over: once, whoever brings it (call, question about an unclear request, file)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from hotich.audit.services import UnitOfWork
from hotich.persons.services.identities import take_over_identity
from hotich.reconciliation.adapters import CreateAnswer
from hotich.reconciliation.models import CheckOutcome, PopulationCheck, PopulationRequest, RequestKind, RequestState
from hotich.reconciliation.queries.book_facts import facts_of_record
from hotich.reconciliation.rules.citizen import Citizen, citizen_from_json
from hotich.reconciliation.rules.comparison import compare
from hotich.reconciliation.rules.request_workflow import ENDED, REQUEST
from hotich.reconciliation.services.requests import announce, citizen_of, note_request
from hotich.reconciliation.services.tracking_by_rule import follow_comparison
from hotich.records.models import RecordState
from hotich.records.rules.keys import personal_id_key
from hotich.records.rules.workflow import next_state
from hotich.records.services.access import lookup_secret

MOST_SUSPECTS = 20
ASK_SUSPECTED_AGAIN = timedelta(days=1)
TAKEN_OVER = "Số định danh do Cơ sở dữ liệu quốc gia về dân cư cấp khi lập mới công dân."
_ACTS = {"done": "done", "suspected": "suspect", "refused": "refuse"}


def take_answer(work: UnitOfWork, request: PopulationRequest, answer: CreateAnswer) -> bool:
    """Note the answer to a locked creation or adjustment and carry it on to its check; False where it was known before.

    A created number goes to the check and beside the participant; a suspicion makes the check the work of a clerk with
    the suspects as candidates. A check that a human decided otherwise meanwhile is left alone, and the request says so.
    """
    if request.state in ENDED or (request.state == RequestState.SUSPECTED and answer.state == "suspected"):
        if request.state == RequestState.SUSPECTED:
            request.next_at = work.at + ASK_SUSPECTED_AGAIN
            request.save(update_fields=["next_at"])
        return False
    request.state = next_state(REQUEST, request.state, _ACTS[answer.state])
    request.answer, request.receipt = _told(answer), answer.receipt
    request.next_at = work.at + ASK_SUSPECTED_AGAIN if request.state == RequestState.SUSPECTED else None
    request.failure = _carry_on(work, request, answer)
    request.changed_at, request.version = work.at, request.version + 1
    request.save(
        update_fields=["state", "answer", "receipt", "next_at", "failure", "changed_at", "version"]
    )  # fmt: skip
    note_request(work, request, "population_request.answered", after=request.answer, attempts=str(request.attempts))
    announce(work, request)
    return True


def take_refusal(work: UnitOfWork, request: PopulationRequest, *, code: str, words: str) -> bool:
    """The partner said no to a locked request, with its own code and words; False where it was known before."""
    if request.state in ENDED:
        return False
    request.state = next_state(REQUEST, request.state, "refuse")
    request.answer, request.failure = {"state": "refused", "code": code[:60], "reason": words[:300]}, "partner_refused"
    request.next_at, request.changed_at, request.version = None, work.at, request.version + 1
    request.save(update_fields=["state", "answer", "failure", "next_at", "changed_at", "version"])
    note_request(work, request, "population_request.answered", after=request.answer, attempts=str(request.attempts))
    announce(work, request)
    return True


def _told(answer: CreateAnswer) -> dict[str, Any]:
    suspects = [suspect.as_json() for suspect in answer.suspects[:MOST_SUSPECTS]]
    whole = {"state": answer.state, "personal_id": answer.personal_id, "ref": answer.ref, "reason": answer.reason}
    return whole | ({"suspects": suspects} if suspects else {})


def _carry_on(work: UnitOfWork, request: PopulationRequest, answer: CreateAnswer) -> str:
    """Change the check the request is about; the code of what stands against it, "" for nothing."""
    if request.check_of_id is None:
        return ""
    check = PopulationCheck.objects.select_related("record").get(id=request.check_of_id)
    is_void = check.record is not None and check.record.state == RecordState.ANNULLED
    if is_void and answer.state == "done":
        return "request_answered_for_annulled"
    if request.kind == RequestKind.ADJUST:
        if answer.state == "done":
            _adjusted(work, check, request.content["changes"])
        return "" if answer.state == "done" else "adjustment_not_done"
    if answer.state == "refused":
        return "partner_refused"
    if check.outcome not in (CheckOutcome.ABSENT, CheckOutcome.CLERK):
        return "" if check.personal_id == answer.personal_id else "request_answered_too_late"
    if answer.state == "done":
        _created(work, check, request, answer)
        return ""
    check.outcome = CheckOutcome.CLERK
    check.candidates = [suspect.as_json() for suspect in answer.suspects[:MOST_SUSPECTS]]
    _save(work, check, "outcome", "candidates")
    return "creation_suspected"


def _created(work: UnitOfWork, check: PopulationCheck, request: PopulationRequest, answer: CreateAnswer) -> None:
    citizen = citizen_of(request.content["facts"], ref=answer.ref, personal_id=answer.personal_id)
    check.outcome, check.citizen, check.citizen_ref = CheckOutcome.EQUAL, citizen.as_json(), answer.ref
    check.personal_id = answer.personal_id
    check.personal_id_key = personal_id_key(lookup_secret(), answer.personal_id)
    check.is_taken_over, check.differences, check.candidates = True, [], []
    _save(
        work, check, "outcome", "citizen", "citizen_ref", "personal_id", "personal_id_key", "is_taken_over",
        "differences", "candidates",
    )  # fmt: skip
    if check.participant_id is not None:
        take_over_identity(
            actor=work.actor, at=work.at, participant_id=check.participant_id,
            personal_id=answer.personal_id, citizen_ref=answer.ref, reason=TAKEN_OVER,
        )  # fmt: skip
    _compare_with_today(work, check, citizen)


def _compare_with_today(work: UnitOfWork, check: PopulationCheck, citizen: Citizen) -> None:
    """The record may have been mended while the answer was waited for: what was entered is what it said before."""
    facts = facts_of_record(check.record).get(check.role) if check.record is not None else None
    found = compare(facts, citizen) if facts is not None else None
    if found is None or not found.differences:
        return
    check.outcome, check.differences = CheckOutcome(found.outcome), [each.as_json() for each in found.differences]
    _save(work, check, "outcome", "differences")
    follow_comparison(work, check=check, why={}, was_equal=True)


def _adjusted(work: UnitOfWork, check: PopulationCheck, changes: list[list[str]]) -> None:
    """The partner has our values now: the check is compared again."""
    if not check.citizen or check.record is None:
        return
    known = citizen_from_json(check.citizen)
    citizen = Citizen(**{**asdict(known), **{field: new for field, _old, new in changes}})
    facts = facts_of_record(check.record).get(check.role)
    if facts is None:
        return
    found = compare(facts, citizen)
    check.citizen, check.outcome = citizen.as_json(), found.outcome
    check.differences = [asdict(each) for each in found.differences]
    _save(work, check, "citizen", "outcome", "differences")
    if not found.differences:
        follow_comparison(work, check=check, why={})


def _save(work: UnitOfWork, check: PopulationCheck, *names: str) -> None:
    check.decided_at, check.version = work.at, check.version + 1
    check.save(update_fields=[*names, "decided_at", "version"])
    work.record(
        "population_check.answered", subject_kind="population_check", subject_id=check.id,
        subject_office=check.origin_office_id, facts={"outcome": str(check.outcome), "role": check.role},
    )  # fmt: skip
