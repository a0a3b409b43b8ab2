"""What a book says was mended after somebody was compared: he is compared again, with the citizen that was kept.

The partner is not asked anew, and what a human chose stays chosen: only what differs is said again. A creation that has not
been sent follows the record; when the record loses its effect, everything that hangs on it ends (`following_annulment`).
Records stand below and tell by the event log, which is read here with a cursor. Cases stand above: intake calls
`compare_cases` in the transaction of the correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from hotich.audit.queries import next_events
from hotich.audit.services import UnitOfWork, advance_cursor, unit_of_work
from hotich.database.scope import office_scope
from hotich.reconciliation.models import CheckOutcome, PopulationCheck, PopulationRequest, RequestKind, RequestState
from hotich.reconciliation.queries.book_facts import facts_as_recorded, facts_of_record
from hotich.reconciliation.rules.citizen import BookFacts, citizen_from_json
from hotich.reconciliation.rules.comparison import compare
from hotich.reconciliation.rules.tracking_workflow import Judged, verdict_by_rule
from hotich.reconciliation.services.access import system_at
from hotich.reconciliation.services.asking_later import ask_later
from hotich.reconciliation.services.check_deciding import LINKED, clear, compare_again, keep, shape
from hotich.reconciliation.services.check_effects import take_back, take_effect
from hotich.reconciliation.services.following_annulment import end_with_record, take_up_again
from hotich.reconciliation.services.requests import NO_LONGER, NOT_SENT, bring_up_to_date, cancel
from hotich.reconciliation.services.tracking_by_rule import follow_comparison
from hotich.reconciliation.services.unknown_numbers import may_ask_anew, unknown_number
from hotich.records.models import KeyingRepair, Record, RecordState

CONSUMER = "reconciliation.checks"
CHANGES = frozenset({"record.repaired", "record.annotated", "record.annulled", "record.restored", "record.superseded"})
COMPARED = "population_check.compared_again"
_LOOKED_AT = (*LINKED, CheckOutcome.PENDING, CheckOutcome.ABSENT)
Facts = Mapping[str, BookFacts]


def compare_changed_records(*, at: datetime, limit: int = 500) -> int:
    """Read the event log on and compare again whoever stands in a record that was repaired, annotated, annulled, restored
    or superseded; how many changed.

    Each office's records in a transaction of that office alone; the place in the log is kept when all are done, so a
    reading that broke off is read again and changes nothing twice. The system acts: no officer asks for it.
    """
    changed = 0
    while events := next_events(CONSUMER, limit):
        by_office: dict[int, set[UUID]] = defaultdict(set)
        for event in events:
            if event.kind in CHANGES and event.subject_kind == "record":
                by_office[event.office_id].add(UUID(event.subject_id))
        for office_id, record_ids in sorted(by_office.items()):
            changed += compare_records(at=at, office_id=office_id, record_ids=record_ids)
        advance_cursor(consumer=CONSUMER, position=events[-1].position)
    return changed


def compare_records(*, at: datetime, office_id: int, record_ids: Collection[UUID]) -> int:
    """Compare the people of these records of one office with what the records say today; how many checks changed."""
    system = system_at(office_id)
    with office_scope(system.office_ids), unit_of_work(actor=system, at=at) as work:
        rows = PopulationCheck.objects.select_for_update(of=("self",)).select_related("record")
        of_records = rows.filter(record_id__in=list(record_ids))
        found = list(
            of_records.exclude(record__state=RecordState.ANNULLED).filter(outcome__in=_LOOKED_AT).order_by("id")
        )
        facts: dict[UUID, Facts] = {}
        changed = 0
        for check in found:
            record = check.record
            if record is None:
                continue
            if record.id not in facts:
                facts[record.id] = facts_of_record(record)
            changed += _of_record(work, check, record, facts[record.id])
        gone = of_records.filter(record__state=RecordState.ANNULLED).order_by("id")
        changed += sum(end_with_record(work, check) for check in gone)
    return changed


def _of_record(work: UnitOfWork, check: PopulationCheck, record: Record, facts: Facts) -> bool:
    told = facts.get(check.role)
    if told is None:
        return False
    was_void = take_up_again(work, check)
    if check.outcome == CheckOutcome.ABSENT:
        return _number_followed(work, check, record, told) or _creation_followed(work, check) or was_void
    before = list(check.differences)
    if not _compared(work, check, told):
        return was_void
    if check.outcome in LINKED:
        follow_comparison(
            work, check=check, why=_why(check, record, told, before), was_equal=not before, refs=_refs(record)
        )
    return True


def _number_followed(work: UnitOfWork, check: PopulationCheck, record: Record, told: BookFacts) -> bool:
    """Whether somebody absent has another number by now: who was not known under the wrong one is asked about anew.

    Without a number he is as absent as before, and may be entered anew.
    """
    if not may_ask_anew(check, told):
        return False
    before, wrong = shape(check), unknown_number(check)
    if told.personal_id:
        take_back(work, check, reason="population_chosen_anew")
        clear(check)
        check.outcome, check.decided_by = CheckOutcome.PENDING, None
    check.differences = []
    keep(work, check, COMPARED, before, is_decision=False)
    if wrong:
        recorded = facts_as_recorded(record).get(check.role)
        verdict = verdict_by_rule(
            Judged("personal_id", wrong, ""), ours_now=told.personal_id,
            differs_as_recorded=recorded is not None and recorded.personal_id == wrong,
        )  # fmt: skip
        follow_comparison(work, check=check, why={"personal_id": verdict}, refs=_refs(record))
    if told.personal_id:
        ask_later(work, check=check, facts=told)
    elif record.state == RecordState.IN_FORCE:
        take_effect(work, [check])
    return True


def _creation_followed(work: UnitOfWork, check: PopulationCheck) -> bool:
    """Whether the creation that has not been sent says something else now, or is sent no more."""
    rows = PopulationRequest.objects.select_for_update(of=("self",)).select_related("check_of__record")
    request = rows.filter(check_of=check, kind=RequestKind.CREATE, state__in=NOT_SENT).first()
    if request is None:
        return False
    before = request.version
    request.check_of = check
    if check.record is not None and check.record.state != RecordState.IN_FORCE:
        cancel(work, request, failure=NO_LONGER)
    else:
        bring_up_to_date(work, request)
    return request.version != before


def _why(check: PopulationCheck, record: Record, told: BookFacts, before: list[dict[str, str]]) -> dict[str, str]:
    """Of what differed and differs no more: who was right, by what was mended – the entry, or a note beside it."""
    left = {each["field"] for each in check.differences}
    recorded = facts_as_recorded(record).get(check.role)
    keyed = compare(recorded, citizen_from_json(check.citizen)).differences if recorded is not None else ()
    wrong = {each.field for each in keyed}
    return {
        name: verdict_by_rule(
            Judged(name, str(each["ours"]), str(each["theirs"])), ours_now=getattr(told, name, "").strip(),
            differs_as_recorded=name in wrong,
        )
        for each in before
        if (name := each["field"]) not in left
    }  # fmt: skip


def _refs(record: Record) -> list[str]:
    """What mended the record last: the repair that was accepted, else the decision a note quotes."""
    repair = record.repairs.filter(state=KeyingRepair.State.APPROVED).order_by("-decided_at").first()
    note = record.annotations.exclude(basis_number="").order_by("-sequence").first()
    if repair is not None and (note is None or (repair.decided_at or note.created_at) >= note.created_at):
        return [str(repair.id)]
    return [note.basis_number] if note is not None else []


# ---- a case, before it is a record


def compare_cases(work: UnitOfWork, *, cases: Mapping[UUID, Callable[[], Facts]]) -> int:
    """The people of cases that were corrected before their approval are compared with what they say now; how many changed.

    Called by intake in the transaction of the correction; facts are worked out only where somebody was looked up.
    """
    rows = PopulationCheck.objects.select_for_update(of=("self",))
    found = list(rows.filter(case_id__in=list(cases), record__isnull=True, outcome__in=_LOOKED_AT).order_by("id"))
    told = {case_id: cases[case_id]() for case_id in {check.case_id for check in found if check.case_id}}
    changed = 0
    for check in found:
        facts = told[check.case_id].get(check.role) if check.case_id else None
        changed += facts is not None and _compared(work, check, facts)
    return changed


def _compared(work: UnitOfWork, check: PopulationCheck, facts: BookFacts) -> bool:
    """Whether the check (locked) says something else now; then it is written. A question that waits is put anew."""
    if check.outcome == CheckOutcome.PENDING:
        waiting = PopulationRequest.objects.filter(
            check_of=check, kind=RequestKind.LOOK_UP, state=RequestState.QUEUED
        ).exists()
        return waiting and ask_later(work, check=check, facts=facts) is None
    before = shape(check)
    if not compare_again(check, facts):
        return False
    keep(work, check, COMPARED, before, is_decision=False)
    return True
