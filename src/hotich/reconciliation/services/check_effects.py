"""What follows from a check of a record, and how it is taken back: the number beside the participant, the tracking list, a
creation that waits for the police, a question that waits for its answer."""

from __future__ import annotations

from collections.abc import Sequence

from hotich.audit.services import UnitOfWork
from hotich.kernel.problems import RuleBroken
from hotich.persons.services.identities import TakenOver, take_over_identities, withdraw_identity
from hotich.reconciliation.models import (
    CheckOutcome,
    PopulationCheck,
    PopulationRequest,
    RequestKind,
    RequestState,
)
from hotich.reconciliation.services.requests import NO_LONGER, cancel, propose_creation, why_not_created
from hotich.reconciliation.services.tracking import open_items

CHOSEN, BY_RULE = "population_chosen", "population_by_rule"
"""Why a number stands beside a participant: an officer chose the citizen, or a rule found him equal."""

_NOT_DONE = (RequestState.WAITING, RequestState.QUEUED, RequestState.SUSPECTED)
_WITHOUT_EFFECT = (RequestState.CANCELLED, RequestState.REFUSED)


def take_effect(work: UnitOfWork, checks: Sequence[PopulationCheck]) -> None:
    """The checks (of records, written) take effect: numbers are taken over, differences tracked, absent citizens proposed.

    Doing it again changes nothing. Whoever cannot be proposed for creation as he is stays to be settled by hand.
    """
    taken = [
        TakenOver(check.participant_id, check.personal_id, check.citizen_ref, CHOSEN if check.decided_by else BY_RULE)
        for check in checks
        if check.is_taken_over and check.personal_id and check.participant_id is not None
    ]
    if taken:
        take_over_identities(actor=work.actor, at=work.at, taken=taken)
    differing = [check for check in checks if check.outcome == CheckOutcome.DIFFERENT and check.differences]
    if differing:
        open_items(work, checks=differing)
    for check in checks:
        if check.outcome != CheckOutcome.ABSENT or not check.absence or check.decided_by is None:
            continue
        if not why_not_created(check=check, reason_words=check.absence_words):
            propose_creation(work, check=check, reason_words=check.absence_words)


def take_back(work: UnitOfWork, check: PopulationCheck, *, reason: str) -> None:
    """Undo what a check (locked) brought about, before it says something else. What is not there is not undone.

    Raises RuleBroken population_creation_sent where the partner may have entered the person already.
    """
    if not check.version:
        return
    for request in PopulationRequest.objects.select_for_update(of=("self",)).filter(check_of=check):
        _take_request_back(work, request)
    if check.is_taken_over and check.participant_id is not None:
        withdraw_identity(actor=work.actor, at=work.at, participant_id=check.participant_id, reason=reason)


def _take_request_back(work: UnitOfWork, request: PopulationRequest) -> None:
    if request.kind == RequestKind.LOOK_UP or request.state in _NOT_DONE:
        if request.state in _NOT_DONE:
            cancel(work, request, failure=NO_LONGER)
    elif request.kind == RequestKind.CREATE and request.state not in _WITHOUT_EFFECT:
        raise RuleBroken("population_creation_sent")


def waiting_creation(check: PopulationCheck) -> PopulationRequest | None:
    """The creation of this participant that waits for the police."""
    return PopulationRequest.objects.filter(check_of=check, kind=RequestKind.CREATE, state=RequestState.WAITING).first()
