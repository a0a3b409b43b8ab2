"""What follows from a check of a record, and how it is taken back: the number beside the participant, the tracking list, a
creation that waits for the police, a question that waits for its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.services.identities import TakenOver, take_over_identities, withdraw_identity
from hotich.reconciliation.models import (
    CheckOutcome,
    PopulationCheck,
    PopulationRequest,
    RequestKind,
    RequestState,
)
from hotich.reconciliation.rules.creation import NUMBER_UNVERIFIED
from hotich.reconciliation.services.access import must_have
from hotich.reconciliation.services.requests import (
    NO_LONGER,
    cancel,
    facts_of_check,
    propose_creation,
    why_not_created,
)
from hotich.reconciliation.services.tracking import open_items
from hotich.reconciliation.services.unknown_numbers import track_number

CHOSEN, BY_RULE = "population_chosen", "population_by_rule"
"""Why a number stands beside a participant: an officer chose the citizen, or a rule found him equal."""

_NOT_DONE = (RequestState.WAITING, RequestState.QUEUED, RequestState.SUSPECTED)
_WITHOUT_EFFECT = (RequestState.CANCELLED, RequestState.REFUSED)


def take_effect(work: UnitOfWork, checks: Sequence[PopulationCheck]) -> None:
    """The checks (of records, written) take effect: numbers are taken over, differences tracked, absent citizens proposed.

    Doing it again changes nothing. Whoever is absent with a personal number in the book goes to the police first; whoever
    cannot be proposed for creation as he is stays to be settled by hand.
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
        _absent(work, check)


def _absent(work: UnitOfWork, check: PopulationCheck) -> None:
    code = why_not_created(check=check, reason_words=check.absence_words)
    facts = facts_of_check(check) if code == NUMBER_UNVERIFIED else None
    if facts is not None:
        track_number(work, check, facts)
    elif not code:
        propose_creation(work, check=check, reason_words=check.absence_words)


def ask_to_verify(*, actor: Actor, at: datetime, check_id: UUID) -> PopulationCheck:
    """Somebody absent goes to the police because of his number, of whom it was said before this was asked first.

    Raises RuleBroken: not_allowed, population_check_unknown, tracking_nothing_differs (nothing is to be verified).
    """
    must_have(actor, "population.settle")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        rows = PopulationCheck.objects.select_for_update(of=("self",)).select_related("record")
        check = rows.filter(id=check_id, origin_office_id__in=actor.office_ids).first()
        if check is None:
            raise RuleBroken("population_check_unknown")
        facts = facts_of_check(check)
        if facts is None or why_not_created(check=check, reason_words=check.absence_words) != NUMBER_UNVERIFIED:
            raise RuleBroken("tracking_nothing_differs")
        track_number(work, check, facts)
    return check


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
