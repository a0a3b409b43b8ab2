"""Where each participant of a case or a record stands in the population database: chosen by a human, answered later, undone.

What the book says is never changed. What is taken over (basic data, the personal identification number) is kept in the check
and, once there is a record, beside its participant (`persons.services.identities`). The browser is not believed: a
choice names a citizen of an answer that is kept here, and is compared here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import CheckOutcome, CheckWay, PopulationCheck, TrackingItem, TrackingState, Verdict
from hotich.reconciliation.queries.book_facts import facts_of_record
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.tracking_workflow import WITH_OFFICER, WITH_POLICE
from hotich.reconciliation.services.asking_later import ask_later
from hotich.reconciliation.services.check_deciding import (
    LINKED,
    LONGEST_WORDS,
    MOST_KEPT,
    Choice,
    clear,
    compare_again,
    decide,
    keep,
    link_citizen,
    rank,
    shape,
)
from hotich.reconciliation.services.check_effects import take_back, take_effect, waiting_creation
from hotich.reconciliation.services.look_ups import LOOK_UP, judge
from hotich.reconciliation.services.requests import confirm_request
from hotich.reconciliation.services.tracking import LOOKED_UP, end_by_rule
from hotich.records.models import Record
from hotich.records.rules.participants import participant_id

__all__ = [
    "Choice",
    "confirm_absence",
    "follow_records",
    "is_sought_anew",
    "is_tracked",
    "keep_choice",
    "locked_check",
    "may_seek",
    "reopen_check",
    "take_citizens",
    "undo_choice",
]

SETTLE, VERIFY = "population.settle", "population.verify"


def keep_choice(
    work: UnitOfWork,
    *,
    office_id: int,
    role: str,
    choice: Choice,
    facts: BookFacts | None = None,
    case_id: UUID | None = None,
    record_id: UUID | None = None,
    way: str = CheckWay.SCREEN,
) -> PopulationCheck:
    """Keep a choice about one participant of a case (then with the `facts` it says) or of a record of the office.

    The same choice again changes nothing. A citizen of an answer that is kept no more is asked for again (pending).
    The caller has asked whether the case may be written. Raises RuleBroken: not_allowed, population_role_unknown,
    population_choice_unknown, population_citizen_unknown, population_citizen_denied,
    population_absence_missing, population_absence_words_missing,
    population_look_up_missing, population_check_tracked, record_unknown.
    """
    if not any(map(work.actor.may, (LOOK_UP, SETTLE, VERIFY))):
        raise RuleBroken("not_allowed")
    record = _record_of(work, record_id) if record_id is not None else None
    if record is not None:
        office_id, facts = record.origin_office_id, facts_of_record(record).get(role)
    if facts is None or (record is None) == (case_id is None):
        raise RuleBroken("population_role_unknown", field="role")
    check = _found_or_made(work, office_id, role, case_id, record, way)
    if not _is_the_same(check, choice):
        _choose(work, check, choice, facts, record, way)
    return check


def _choose(
    work: UnitOfWork, check: PopulationCheck, choice: Choice, facts: BookFacts, record: Record | None, way: str
) -> None:
    _must_be_free(work, check)
    was_sought = check.version > 0 and is_sought_anew(check)
    before = shape(check)
    take_back(work, check, reason="population_chosen_anew")
    if record is not None:
        _attach(check, record)
    decide(work, check, choice, facts)
    check.way, check.decided_by, check.run_id = way, work.actor.officer_id, None
    keep(work, check, "population_check.chosen", before)
    if check.outcome == CheckOutcome.PENDING:
        ask_later(work, check=check, facts=facts)
    if record is not None:
        take_effect(work, [check])
    if was_sought:
        _end_item(work, check)


def _end_item(work: UnitOfWork, check: PopulationCheck) -> None:
    """The right one was found, or nobody is: the item about somebody else ends – not by the hand that judged it, then the
    civil-status officer ends it. Where he differs too, the item has begun anew (`take_effect`)."""
    item = TrackingItem.objects.select_for_update(of=("self",)).filter(check_of=check).first()
    ends = item is not None and item.state in WITH_OFFICER and item.verdict == Verdict.OTHER_PERSON
    if item is None or not ends or check.outcome not in (CheckOutcome.EQUAL, CheckOutcome.ABSENT):
        return
    if item.verified_by not in work.actor.hands:
        end_by_rule(work, item, LOOKED_UP)


def _record_of(work: UnitOfWork, record_id: UUID) -> Record:
    record = Record.objects.filter(id=record_id, origin_office_id__in=work.actor.office_ids).first()
    if record is None:
        raise RuleBroken("record_unknown")
    return record


def _found_or_made(
    work: UnitOfWork, office_id: int, role: str, case_id: UUID | None, record: Record | None, way: str
) -> PopulationCheck:
    """The check, locked; a new one has version 0. Whoever makes the same one at this moment is waited for."""
    found = _locked(office_id, role, case_id, record)
    if found is None:
        fresh = PopulationCheck(
            origin_office_id=office_id, case_id=case_id, role=role, outcome=CheckOutcome.PENDING, way=way,
            decided_at=work.at, version=0,
        )  # fmt: skip
        if record is not None:
            _attach(fresh, record)
        PopulationCheck.objects.bulk_create([fresh], ignore_conflicts=True)
        found = _locked(office_id, role, case_id, record)
        assert found is not None  # it was there, or it was made
    return found


def _locked(office_id: int, role: str, case_id: UUID | None, record: Record | None) -> PopulationCheck | None:
    rows = PopulationCheck.objects.select_for_update(of=("self",)).filter(origin_office_id=office_id, role=role)
    if record is not None:
        return rows.filter(record=record).first()
    return rows.filter(case_id=case_id, record__isnull=True).first()


def _is_the_same(check: PopulationCheck, choice: Choice) -> bool:
    """An outbox sends what it sent before: nothing is new."""
    if check.version == 0 or check.decided_by is None:
        return False
    if choice.outcome in LINKED:
        return check.outcome in LINKED and check.citizen_ref == choice.ref and check.look_up_id == choice.look_up_id
    said = (choice.outcome, choice.absence, choice.absence_words.strip()[:LONGEST_WORDS])
    return (check.outcome, check.absence, check.absence_words) == said


def _must_be_free(work: UnitOfWork, check: PopulationCheck) -> None:
    """Nothing leaves the tracking list without a verdict; whoever the police found to be somebody else is looked up anew."""
    if check.version and is_tracked(check) and not (is_sought_anew(check) and may_seek(work.actor)):
        raise RuleBroken("population_check_tracked")


def is_sought_anew(check: PopulationCheck) -> bool:
    """Whether the police said that the citizen chosen was somebody else, and the right one is still to be looked up."""
    item = getattr(check, "tracking", None)
    return item is not None and item.state in WITH_OFFICER and item.verdict == Verdict.OTHER_PERSON


def may_seek(actor: Actor) -> bool:
    """Who looks the right one up after a verdict: the police or the civil-status officer."""
    return actor.may(SETTLE) or actor.may(VERIFY)


def is_tracked(check: PopulationCheck) -> bool:
    """Whether a difference of this check waits on the tracking list."""
    item = getattr(check, "tracking", None)
    return item is not None and item.state != TrackingState.CLOSED


def is_with_police(check: PopulationCheck) -> bool:
    """Whether this check waits for a verdict of the police."""
    item = getattr(check, "tracking", None)
    return item is not None and item.state in WITH_POLICE


def _attach(check: PopulationCheck, record: Record) -> None:
    check.record, check.participant_id = record, participant_id(record.id, check.role)


# ---- a case became a record


def follow_records(work: UnitOfWork, *, pairs: Sequence[tuple[UUID, Record]]) -> list[PopulationCheck]:
    """Cases became records: their checks go with them, are compared with what the records say, and take effect.

    Called by approval in its transaction; a case without checks costs nothing. Where several rows of one entry name the
    same participant, the first one counts. Never refuses: what cannot take effect stays to be done by hand.
    """
    of_case = dict(pairs)
    found = list(
        PopulationCheck.objects.select_for_update(of=("self",))
        .filter(case_id__in=of_case, record__isnull=True)
        .order_by("decided_at", "id")
    )
    if not found:
        return []
    records = {of_case[check.case_id].id: of_case[check.case_id] for check in found if check.case_id}
    taken = set(PopulationCheck.objects.filter(record_id__in=records).values_list("record_id", "role"))
    facts = {record_id: facts_of_record(record) for record_id, record in records.items()}
    moved = []
    for check in found:
        record = of_case[check.case_id]  # type: ignore[index]  # filtered by it
        told = facts[record.id].get(check.role)
        if told is None or (record.id, check.role) in taken:
            continue
        taken.add((record.id, check.role))
        before = shape(check)
        _attach(check, record)
        compare_again(check, told)
        keep(work, check, "population_check.followed", before, is_decision=False)
        moved.append(check)
    take_effect(work, moved)
    return moved


# ---- the answer to a question that waited


def take_citizens(
    work: UnitOfWork,
    *,
    check: PopulationCheck,
    facts: BookFacts,
    citizens: Sequence[Citizen],
    look_up_id: UUID | None,
    is_whole: bool = True,
) -> bool:
    """Citizens were answered to a question that waited: the check (locked) says what they say; False where a human
    decided meanwhile.

    Equal is taken over by rule, as in a batch; different and several as likely are a human's to decide; whoever a
    keyer had chosen before is taken when he is among them. Nobody is absent by an answer that is not whole.
    """
    if check.outcome != CheckOutcome.PENDING:
        return False
    before, wanted = shape(check), check.citizen_ref
    citizens = [each for each in citizens if each.ref not in check.denied]
    clear(check)
    check.look_up_id = look_up_id
    if wanted and wanted in {each.ref for each in citizens}:
        link_citizen(check, facts, citizens, wanted)
    else:
        judged = judge(facts, citizens)
        if judged.outcome == CheckOutcome.EQUAL:
            link_citizen(check, facts, citizens, judged.shown[0].citizen.ref)
        else:
            is_absent = is_whole and judged.outcome == CheckOutcome.ABSENT
            check.outcome = CheckOutcome.ABSENT if is_absent else CheckOutcome.CLERK
            rank(check, judged)
        check.decided_by = None  # by rule
    keep(work, check, "population_check.answered", before)
    if check.record_id is not None:
        take_effect(work, [check])
    return True


# ---- second thoughts


def undo_choice(*, actor: Actor, at: datetime, check_id: UUID, reason: str) -> PopulationCheck:
    """It was not this citizen, or he is not absent: the question is open again, what was taken over is taken back.

    By who may look up or settle. Raises RuleBroken: not_allowed, reason_missing, population_check_unknown,
    population_check_open, population_check_tracked, population_creation_sent.
    """
    if not actor.may(LOOK_UP) and not actor.may(SETTLE):
        raise RuleBroken("not_allowed")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        check = locked_check(actor, check_id)
        if check.outcome in (CheckOutcome.CLERK, CheckOutcome.PENDING):
            raise RuleBroken("population_check_open")
        _must_be_free(work, check)
        reopen_check(work, check, reason=reason.strip()[:500])
    return check


def reopen_check(work: UnitOfWork, check: PopulationCheck, *, reason: str) -> None:
    """The check (locked) is a clerk's question again, the citizen it was about among the candidates."""
    before = shape(check)
    take_back(work, check, reason=reason)
    known, look_up_id = ([check.citizen] if check.citizen else []), check.look_up_id
    candidates = [*known, *(each for each in check.candidates if each.get("ref") != check.citizen_ref)]
    clear(check)
    check.outcome, check.candidates, check.look_up_id = CheckOutcome.CLERK, candidates[:MOST_KEPT], look_up_id
    check.decided_by = work.actor.officer_id
    keep(work, check, "population_check.reopened", before, reason=reason)


def confirm_absence(*, actor: Actor, at: datetime, check_id: UUID) -> PopulationCheck:
    """The police confirm that somebody is rightly absent (C3); never by who said so.

    Where a creation waits for the police it is confirmed with it (`requests.confirm_request`). Raises RuleBroken:
    not_allowed, population_check_unknown, population_not_absent, population_confirmed_by_maker,
    population_check_tracked, and what `confirm_request` refuses with.
    """
    if not actor.may(VERIFY) or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        check = locked_check(actor, check_id)
        if check.outcome != CheckOutcome.ABSENT or not check.absence:
            raise RuleBroken("population_not_absent")
        if check.decided_by in actor.hands:
            raise RuleBroken("population_confirmed_by_maker")
        if is_with_police(check):  # the number of the book is judged first
            raise RuleBroken("population_check_tracked")
        creation = waiting_creation(check)
        if creation is not None:
            confirm_request(actor=actor, at=at, request_id=creation.id)
            return locked_check(actor, check_id)
        if check.confirmed_by is None:
            before = shape(check)
            check.confirmed_by, check.confirmed_at = actor.officer_id, at
            keep(work, check, "population_check.confirmed", before, is_decision=False)
    return check


# ---- what all of them do


def locked_check(actor: Actor, check_id: UUID) -> PopulationCheck:
    """The check, locked, of one of the actor's offices. Raises RuleBroken population_check_unknown."""
    found = (
        PopulationCheck.objects.select_for_update(of=("self",))
        .select_related("record", "tracking")
        .filter(id=check_id, origin_office_id__in=actor.office_ids)
        .first()
    )
    if found is None:
        raise RuleBroken("population_check_unknown")
    return found
