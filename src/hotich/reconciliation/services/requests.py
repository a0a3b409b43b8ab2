"""What is to be sent to the population database: proposed, confirmed by the police, cancelled. Sending is in `sending`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import (
    CheckOutcome,
    PopulationCheck,
    PopulationRequest,
    RequestKind,
    RequestState,
    TrackingItem,
)
from hotich.reconciliation.queries.book_facts import facts_of_record
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.creation import creation_refusal
from hotich.reconciliation.rules.questions import Question
from hotich.reconciliation.rules.request_workflow import OPEN, REQUEST
from hotich.reconciliation.services.access import must_have
from hotich.reconciliation.services.asked_already import is_asked_of_another, key_of_same
from hotich.reconciliation.services.unknown_numbers import end_with_creation, is_number_verified
from hotich.records.rules.workflow import next_state

ADJUSTABLE = frozenset(
    {
        "full_name", "birth", "sex", "father_name", "mother_name", "spouse_name", "ethnicity", "nationality",
        "native_place", "birth_registration_place", "life",
    }
)  # fmt: skip
"""Fields of `Citizen` that a request may adjust; residence belongs to others (Luật Cư trú 2020)."""

SUBJECT = "population_request"
NOT_SENT = (RequestState.WAITING, RequestState.QUEUED)
NO_LONGER = "request_no_longer_needed"
VOID = "request_record_annulled"
_ONE_CREATION = 7_041  # the first half of the advisory lock; the second is the office


def why_not_created(*, check: PopulationCheck, reason_words: str, is_needed: bool = False) -> str:
    """The code `propose_creation` would refuse with, "" when it would not: for callers that pass over a whole batch and
    for pages that explain. Reads only."""
    if check.outcome != CheckOutcome.ABSENT:
        return "creation_not_absent"
    if check.record is None:
        return "creation_before_approval"
    facts = facts_of_check(check)
    if facts is None:
        return "creation_facts_missing"
    is_verified = is_number_verified(check, facts)
    if code := creation_refusal(
        check.absence, reason_words, facts, is_needed=is_needed, is_number_verified=is_verified
    ):
        return code
    return "creation_asked_already" if is_asked_of_another(check, facts) else ""


def propose_creation(
    work: UnitOfWork, *, check: PopulationCheck, reason_words: str, is_needed: bool = False
) -> PopulationRequest:
    """Ask for an absent participant of a record to be entered anew; it waits for the police.

    Who says that he is absent counts as the maker, else who acts. The same check again gives the request that stands;
    where the partner suspected others and he was found absent all the same, a new one that names them takes its place.
    The caller has asked whether it is allowed and holds the check; `is_needed`: the dead are entered only in need.
    Raises RuleBroken: creation_not_absent, creation_before_approval, creation_needs_reason, creation_of_foreigner,
    creation_number_unverified, creation_of_dead_without_need, creation_needs_words, creation_facts_missing,
    creation_asked_already.
    """
    standing = PopulationRequest.objects.select_for_update(of=("self",)).filter(
        check_of=check, kind=RequestKind.CREATE, state__in=[*OPEN, RequestState.DONE]
    )
    found = standing.first()
    if found is not None and not (found.state == RequestState.SUSPECTED and check.outcome == CheckOutcome.ABSENT):
        return found
    with connection.cursor() as cursor:  # two records of one person, approved at the same moment, see each other
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_ONE_CREATION, check.origin_office_id])
    if code := why_not_created(check=check, reason_words=reason_words, is_needed=is_needed):
        raise RuleBroken(code, field="absence")
    facts = facts_of_check(check)
    assert facts is not None  # asked above
    if found is not None:
        cancel(work, found, failure="creation_others_excluded")
    content: dict[str, Any] = {
        "facts": asdict(facts),
        "reason": check.absence,
        "reason_words": reason_words.strip()[:300],
        "is_needed": is_needed,
        "others": suspected_before(check),
    }
    made = _made(work, check.origin_office_id, RequestKind.CREATE, RequestState.WAITING, content,
                 purpose="C3", check_of=check, made_by=check.decided_by, same_key=key_of_same(facts))  # fmt: skip
    end_with_creation(work, check)
    return made


def suspected_before(check: PopulationCheck) -> list[str]:
    """The ids of citizens the partner took him for in earlier requests: he was found absent all the same."""
    rows = PopulationRequest.objects.filter(check_of=check, kind=RequestKind.CREATE).order_by("made_at", "id")
    answers = rows.values_list("answer", flat=True)
    return list(dict.fromkeys(each["ref"] for answer in answers for each in answer.get("suspects", [])))


def propose_adjustment(
    work: UnitOfWork, *, tracking: TrackingItem, changes: Sequence[tuple[str, str, str]], basis: str
) -> PopulationRequest:
    """Ask for facts of a citizen to be adjusted: (field of `Citizen`, as the partner has it, right).

    A verdict of the police is its confirmation, unless the same person acts now: then another one confirms. The item
    again gives the request that stands; one that was carried out stands for what it changed only. The caller has asked
    whether it is allowed and holds the item.
    Raises RuleBroken: adjustment_without_verdict, adjustment_without_number, adjustment_empty,
    adjustment_field_not_allowed, adjustment_without_basis.
    """
    standing = PopulationRequest.objects.select_for_update(of=("self",)).filter(
        tracking=tracking, kind=RequestKind.ADJUST, state__in=[*OPEN, RequestState.DONE]
    )
    wanted = [list(change) for change in changes]
    for found in standing:
        if found.state != RequestState.DONE or found.content["changes"] == wanted:
            return found
    check = tracking.check_of
    _must_be_adjustable(tracking, check, changes, basis)
    content = {
        "personal_id": check.personal_id,
        "changes": wanted,
        "basis": basis.strip()[:500],
    }
    maker = work.actor.officer_id or 0
    is_confirmed = tracking.verified_by is not None and tracking.verified_by not in {maker, *work.actor.hands}
    return _made(
        work, tracking.origin_office_id, RequestKind.ADJUST,
        RequestState.QUEUED if is_confirmed else RequestState.WAITING, content,
        purpose="C2", check_of=check, tracking=tracking,
        confirmed_by=tracking.verified_by if is_confirmed else None,
        confirmed_at=tracking.verified_at if is_confirmed else None,
    )  # fmt: skip


def _must_be_adjustable(
    tracking: TrackingItem, check: PopulationCheck, changes: Sequence[tuple[str, str, str]], basis: str
) -> None:
    if not tracking.verdict:
        raise RuleBroken("adjustment_without_verdict")
    if not check.personal_id:
        raise RuleBroken("adjustment_without_number")
    if not any(old != new for _, old, new in changes):
        raise RuleBroken("adjustment_empty", field="changes")
    if wrong := sorted({field for field, _, _ in changes} - ADJUSTABLE):
        raise RuleBroken("adjustment_field_not_allowed", field="changes", name=", ".join(wrong))
    if not basis.strip():
        raise RuleBroken("adjustment_without_basis", field="basis")


def queue_question(
    work: UnitOfWork, *, check: PopulationCheck, question: Question, purpose: str
) -> PopulationRequest:  # fmt: skip
    """Keep a look-up for later, while the partner cannot be reached or answers by file only. It changes nothing there,
    so nobody confirms it; one open question a check, the newest counts. Answers go to `services.waiting_questions`."""
    content = {"question": asdict(question), "role": check.role}
    rows = PopulationRequest.objects.select_for_update(of=("self",))
    open_one = rows.filter(check_of=check, kind=RequestKind.LOOK_UP, state=RequestState.QUEUED).first()
    if open_one is not None:
        open_one.content, open_one.changed_at, open_one.version = content, work.at, open_one.version + 1
        open_one.save(update_fields=["content", "changed_at", "version"])
        return open_one
    return _made(work, check.origin_office_id, RequestKind.LOOK_UP, RequestState.QUEUED, content,
                 purpose=purpose, check_of=check)  # fmt: skip


def ask_for_creation(
    *, actor: Actor, at: datetime, check_id: UUID, reason_words: str, is_needed: bool = False
) -> PopulationRequest:
    """An officer asks for an absent participant of his office to be entered anew.

    Raises RuleBroken: not_allowed, population_check_unknown, and what `propose_creation` refuses with.
    """
    must_have(actor, "population.settle")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        check = (
            PopulationCheck.objects.select_for_update(of=("self",))
            .select_related("record")
            .filter(id=check_id, origin_office_id__in=actor.office_ids)
            .first()
        )
        if check is None:
            raise RuleBroken("population_check_unknown")
        return propose_creation(work, check=check, reason_words=reason_words, is_needed=is_needed)


def deny_suspects(*, actor: Actor, at: datetime, request_id: UUID, reason: str) -> PopulationRequest:
    """He is none of those the partner suspects: a new request that says so waits for the police; the old one is ended.

    Whoever says it counts as the maker of the new one. Raises RuleBroken: not_allowed, reason_missing, request_unknown,
    request_not_suspected, and what `propose_creation` refuses with.
    """
    officer = must_have(actor, "population.settle")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        request = locked_request(actor, request_id)
        check = request.check_of
        if request.state != RequestState.SUSPECTED or check is None or check.outcome != CheckOutcome.CLERK:
            raise RuleBroken("request_not_suspected")
        check.outcome, check.candidates, check.decided_by, check.decided_at = CheckOutcome.ABSENT, [], officer, at
        check.confirmed_by, check.confirmed_at, check.version = None, None, check.version + 1
        check.save()
        note_request(work, request, "population_request.suspects_denied", after={"reason": reason.strip()[:500]})
        told = request.content
        return propose_creation(work, check=check, reason_words=told["reason_words"], is_needed=told["is_needed"])


def confirm_request(*, actor: Actor, at: datetime, request_id: UUID) -> PopulationRequest:
    """The police confirm a creation or an adjustment; it waits to be sent. Never by the hand that made it.

    The facts are taken from the record again: what is confirmed is what is sent. Raises RuleBroken: not_allowed,
    request_unknown, act_not_allowed_in_state, request_confirmed_by_maker, request_facts_changed, and what
    `propose_creation` refuses with.
    """
    verifier = must_have(actor, "population.verify")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        request = locked_request(actor, request_id)
        state = next_state(REQUEST, request.state, "confirm")
        check = request.check_of
        makers = {request.made_by, *([check.decided_by] if check is not None else [])}
        if actor.hands & makers:
            raise RuleBroken("request_confirmed_by_maker")
        if request.kind == RequestKind.CREATE and check is not None:
            _must_still_hold(request, check)
            check.confirmed_by, check.confirmed_at, check.version = verifier, at, check.version + 1
            check.save(update_fields=["confirmed_by", "confirmed_at", "version"])
        request.state, request.confirmed_by, request.confirmed_at = state, verifier, at
        request.next_at, request.changed_at, request.version, request.failure = at, at, request.version + 1, ""
        request.save(
            update_fields=["state", "confirmed_by", "confirmed_at", "next_at", "failure", "changed_at", "version"]
        )
        note_request(work, request, "population_request.confirmed")
        announce(work, request)
    return request


def _must_still_hold(request: PopulationRequest, check: PopulationCheck) -> None:
    """Raises RuleBroken where the participant would not be proposed today as he was."""
    told = request.content
    if code := why_not_created(check=check, reason_words=told["reason_words"], is_needed=told["is_needed"]):
        raise RuleBroken(code)
    facts = facts_of_check(check)
    if facts is None or asdict(facts) != request.content["facts"]:
        raise RuleBroken("request_facts_changed")


def bring_up_to_date(work: UnitOfWork, request: PopulationRequest) -> bool:
    """A creation (locked, behind its check) that has not been sent says what the record says today; whether it goes on.

    Other facts than those that were confirmed go back to the police; who would not be proposed today is not sent.
    """
    check = request.check_of
    if request.kind != RequestKind.CREATE or check is None or request.state not in NOT_SENT:
        return True
    told = request.content
    if code := why_not_created(check=check, reason_words=told["reason_words"], is_needed=told["is_needed"]):
        cancel(work, request, failure=code)
        return False
    facts = facts_of_check(check)
    assert facts is not None  # asked above
    if asdict(facts) == told["facts"]:
        return True
    if request.state == RequestState.QUEUED:
        request.state = next_state(REQUEST, request.state, "put_back")
        check.confirmed_by, check.confirmed_at, check.version = None, None, check.version + 1
        check.save(update_fields=["confirmed_by", "confirmed_at", "version"])
    request.content, request.same_key = {**told, "facts": asdict(facts)}, key_of_same(facts)
    request.confirmed_by = request.confirmed_at = request.next_at = None
    request.failure, request.changed_at, request.version = "request_facts_renewed", work.at, request.version + 1
    request.save(
        update_fields=[
            "state", "content", "same_key", "confirmed_by", "confirmed_at", "next_at", "failure", "changed_at", "version",
        ]
    )  # fmt: skip
    note_request(
        work,
        request,
        "population_request.facts_renewed",
        before={"facts": told["facts"]},
        after={"facts": asdict(facts)},
    )
    announce(work, request)
    return False


def cancel_request(*, actor: Actor, at: datetime, request_id: UUID, reason: str) -> PopulationRequest:
    """Take a request back that the partner has not got, or one it suspects to be somebody known. Not while it is unclear
    what became of it, and not while it stands in a file: the answer would find nothing.

    By the civil-status officer or the police. Raises RuleBroken: not_allowed, reason_missing, request_unknown,
    act_not_allowed_in_state.
    """
    if not actor.may("population.verify"):
        must_have(actor, "population.settle")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        request = locked_request(actor, request_id)
        cancel(work, request, reason=reason.strip()[:500])
    return request


def cancel(work: UnitOfWork, request: PopulationRequest, *, reason: str = "", failure: str = "") -> None:
    """A locked request is sent no more: by a human with a reason, or by rule with a code. The caller has asked whether
    it is allowed. Raises RuleBroken act_not_allowed_in_state."""
    request.state = next_state(REQUEST, request.state, "cancel")
    request.next_at, request.changed_at, request.failure = None, work.at, failure
    request.version += 1
    request.save(update_fields=["state", "next_at", "changed_at", "failure", "version"])
    note_request(work, request, "population_request.cancelled", after={"reason": reason} if reason else None)


def locked_request(actor: Actor, request_id: UUID) -> PopulationRequest:
    """The request, locked, of one of the actor's offices, behind its check: in this order everywhere, so that two never
    wait for each other. Raises RuleBroken request_unknown."""
    mine = PopulationRequest.objects.filter(id=request_id, origin_office_id__in=actor.office_ids)
    PopulationCheck.objects.select_for_update().filter(id__in=mine.values("check_of_id")).first()
    found = mine.select_for_update(of=("self",)).select_related("check_of__record", "tracking").first()
    if found is None:
        raise RuleBroken("request_unknown")
    return found


def note_request(
    work: UnitOfWork, request: PopulationRequest, verb: str, *, before: Any = None, after: Any = None, **facts: str
) -> None:
    """Write an act on a request into the trail; no name, no number among the facts."""
    check = request.check_of
    known = {"kind": str(request.kind), "state": str(request.state)}
    if check is not None and check.record_id is not None:
        known["record_id"] = str(check.record_id)
    work.record(
        verb, subject_kind=SUBJECT, subject_id=request.id, subject_office=request.origin_office_id,
        before=before, after=after, facts={**known, **facts},
    )  # fmt: skip


def announce(work: UnitOfWork, request: PopulationRequest) -> None:
    """Tell the event log where a request stands, e.g. "population_request.queued"."""
    work.announce(
        f"{SUBJECT}.{request.state}", subject_kind=SUBJECT, subject_id=request.id, office=request.origin_office_id
    )


def _made(
    work: UnitOfWork, office_id: int, kind: RequestKind, state: RequestState, content: dict[str, Any],
    *, purpose: str, check_of: PopulationCheck, tracking: TrackingItem | None = None, made_by: int | None = None,
    confirmed_by: int | None = None, confirmed_at: datetime | None = None, same_key: str = "",
) -> PopulationRequest:  # fmt: skip
    request = PopulationRequest.objects.create(
        origin_office_id=office_id, kind=kind, state=state, check_of=check_of, tracking=tracking, purpose=purpose,
        content=content, next_at=work.at if state == RequestState.QUEUED else None,
        made_by=made_by or work.actor.officer_id or 0, made_at=work.at, changed_at=work.at,
        confirmed_by=confirmed_by, confirmed_at=confirmed_at, same_key=same_key,
    )  # fmt: skip
    note_request(work, request, "population_request.proposed", after=content)
    announce(work, request)
    return request


def facts_of_check(check: PopulationCheck) -> BookFacts | None:
    """What the record says of the participant today, after its annotations."""
    if check.record is None:
        return None
    return facts_of_record(check.record).get(check.role)


def citizen_of(facts: dict[str, str], *, ref: str, personal_id: str) -> Citizen:
    """The citizen the partner has made from the facts it was sent."""
    own = {name: str(facts.get(name, "")) for name in Citizen.__dataclass_fields__ if name in facts}
    own |= {"ref": ref, "personal_id": personal_id, "residence": ""}
    return Citizen(**own)
