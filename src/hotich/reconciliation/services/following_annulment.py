"""A record lost its effect: nothing that hangs on it is settled, asked or sent any more; when it gets it back, it is again.

Records tell by the event log (`comparing_again`). What the police had judged stays as it was judged; an item nobody had
judged gets the verdict that there is nothing to settle. What is with the partner already is not called back: its answer
is noted, and stands against the request (`answers`).
"""

from __future__ import annotations

from hotich.audit.services import UnitOfWork
from hotich.reconciliation.models import (
    CheckOutcome,
    PopulationCheck,
    PopulationRequest,
    RequestKind,
    RequestState,
    TrackingItem,
    TrackingState,
    TrackingTask,
    Verdict,
)
from hotich.reconciliation.rules.tracking_workflow import ITEM, NOT_CLOSED, WITH_POLICE, next_state
from hotich.reconciliation.services.check_deciding import keep, shape
from hotich.reconciliation.services.check_effects import take_effect
from hotich.reconciliation.services.requests import VOID, cancel
from hotich.reconciliation.services.tracking import announce, end_by_rule, note, open_items
from hotich.reconciliation.services.tracking import keep as keep_item

ENDED = "Bản ghi đã bị hủy giá trị; kết thúc theo quy tắc."
RESTORED = "Bản ghi có hiệu lực trở lại."
_NOT_DONE = (RequestState.WAITING, RequestState.QUEUED, RequestState.SUSPECTED)


def end_with_record(work: UnitOfWork, check: PopulationCheck) -> bool:
    """Everything open about a participant of an annulled record ends; the caller holds the check. Whether there was any."""
    rows = PopulationRequest.objects.select_for_update(of=("self",)).select_related("check_of__record")
    requests = list(rows.filter(check_of=check, state__in=_NOT_DONE).order_by("id"))
    for request in requests:
        cancel(work, request, failure=VOID)
    item = TrackingItem.objects.select_for_update(of=("self",)).filter(check_of=check, state__in=NOT_CLOSED).first()
    if item is not None:
        _end_item(work, item)
    if check.outcome == CheckOutcome.PENDING:
        before = shape(check)
        check.outcome = CheckOutcome.CLERK
        keep(work, check, "population_check.ended", before, is_decision=False)
    return bool(requests) or item is not None


def _end_item(work: UnitOfWork, item: TrackingItem) -> None:
    if item.state in WITH_POLICE:
        item.fields.update(verdict=Verdict.RECORD_VOID, right_value="")
        item.verdict, item.verified_at, item.verdict_words = Verdict.RECORD_VOID, work.at, ENDED
        item.task = TrackingTask.NONE
    end_by_rule(work, item, ENDED)


def take_up_again(work: UnitOfWork, check: PopulationCheck) -> bool:
    """The record of a check (held) has its effect again: what ended with it begins again. Whether anything had."""
    item = TrackingItem.objects.select_for_update(of=("self",)).filter(
        check_of=check, state=TrackingState.CLOSED, closing_words=ENDED
    ).first()  # fmt: skip
    if item is not None and item.verdict != Verdict.RECORD_VOID:  # the police had judged: it goes on from there
        item.state, item.closed_by, item.closed_at, item.closing_words = (
            next_state(ITEM, item.state, "reopen"), None, None, ""
        )  # fmt: skip
        keep_item(item, "closed_by", "closed_at", "closing_words")
        note(work, item, "tracking.reopened", after={"reason": RESTORED})
        announce(work, item)
    elif item is not None and check.differences:
        open_items(work, checks=[check], anew={check.id})
    last = PopulationRequest.objects.filter(check_of=check, kind=RequestKind.CREATE).order_by("-made_at", "-id").first()
    if check.outcome == CheckOutcome.ABSENT and last is not None and last.failure == VOID:
        take_effect(work, [check])
    return item is not None
