"""A personal number of the book that the population database does not know: the police verify it before anything is sent.

The one who has it is absent, and stands on the tracking list with his number as the only difference. Found right, he may
be entered anew with it; mended in the record, the question is put anew with what the record says then.
"""

from __future__ import annotations

from hotich.audit.services import UnitOfWork
from hotich.reconciliation.models import (
    CheckOutcome,
    PopulationCheck,
    PopulationRequest,
    RequestKind,
    RequestState,
    TrackingField,
    TrackingItem,
    Verdict,
)
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.rules.comparison import Difference
from hotich.reconciliation.rules.tracking_workflow import WITH_OFFICER, Judged, is_unknown_number
from hotich.reconciliation.services.check_deciding import keep, shape
from hotich.reconciliation.services.tracking import end_by_rule, open_items

NOT_THERE = "not_there"
FIELD = "personal_id"
PROPOSED = "Số định danh trong sổ đúng; đã đề nghị lập mới với số này; kết thúc theo quy tắc."
_WITH_PARTNER = (RequestState.IN_FILE, RequestState.UNCLEAR, RequestState.SUSPECTED)


def is_number_verified(check: PopulationCheck, facts: BookFacts) -> bool:
    """Whether the police found that the number is what it should be: this one, of this participant."""
    if not facts.personal_id:
        return False
    rows = TrackingField.objects.filter(item__check_of=check, field=FIELD, verdict=Verdict.BOOK)
    return rows.filter(ours=facts.personal_id, right_value=facts.personal_id, theirs="").exists()


def track_number(work: UnitOfWork, check: PopulationCheck, facts: BookFacts) -> TrackingItem:
    """Put an absent participant (his check is locked) on the list because of his number; again changes nothing."""
    told = [Difference(FIELD, NOT_THERE, facts.personal_id, "", is_basic=True).as_json()]
    if check.differences != told:
        before = shape(check)
        check.differences = told
        keep(work, check, "population_check.number_unknown", before, is_decision=False)
    return open_items(work, checks=[check])[0]


def unknown_number(check: PopulationCheck) -> str:
    """The number because of which an absent participant was put on the list; "" for none."""
    if check.outcome != CheckOutcome.ABSENT:
        return ""
    sides = (Judged(str(each["field"]), str(each["ours"]), str(each["theirs"])) for each in check.differences)
    return next((each.ours for each in sides if is_unknown_number(each)), "")


def end_with_creation(work: UnitOfWork, check: PopulationCheck) -> None:
    """The creation of an absent one whose number was found right is proposed: his item ends, what follows is there."""
    item = TrackingItem.objects.select_for_update(of=("self",)).filter(check_of=check, state__in=WITH_OFFICER).first()
    if item is not None and item.verdict == Verdict.BOOK and unknown_number(check):
        end_by_rule(work, item, PROPOSED)


def may_ask_anew(check: PopulationCheck, facts: BookFacts) -> bool:
    """Whether an absent participant is to be asked about anew: his record gives another number by now than the one that
    nobody was known under, and the partner has nothing of him yet."""
    if check.outcome != CheckOutcome.ABSENT or facts.personal_id == unknown_number(check):
        return False
    sent = PopulationRequest.objects.filter(check_of=check, kind=RequestKind.CREATE, state__in=_WITH_PARTNER)
    return not is_number_verified(check, facts) and not sent.exists()
