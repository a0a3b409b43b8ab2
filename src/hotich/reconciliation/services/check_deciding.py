"""What a choice, an answer or a comparison makes of a check; and the one way a check is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import AbsenceReason, CheckOutcome, PopulationCheck, PopulationLookUp
from hotich.reconciliation.rules.citizen import BookFacts, Citizen, citizen_from_json
from hotich.reconciliation.rules.comparison import compare
from hotich.reconciliation.services.look_ups import Judged, evidence_of, judge, kept_citizens
from hotich.records.rules.keys import personal_id_key
from hotich.records.services.access import lookup_secret

SUBJECT = "population_check"
LINKED = (CheckOutcome.EQUAL, CheckOutcome.DIFFERENT)
ANSWERED = "answered"
WORDS_NEEDED = frozenset({AbsenceReason.OTHER})
MOST_KEPT = 20
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody says of a participant. `outcome` is a CheckOutcome.

    equal, different: `ref` is the citizen, of the answer to `look_up_id`; which of both it is, is compared here. absent:
    with a reason (`absence`, an AbsenceReason; "other" in words). clerk: left open. pending: to be asked later.
    """

    outcome: str
    ref: str = ""
    look_up_id: UUID | None = None
    absence: str = ""
    absence_words: str = ""


def decide(work: UnitOfWork, check: PopulationCheck, choice: Choice, facts: BookFacts) -> None:
    """Say what a choice says of a check; nothing is written. Raises RuleBroken as `checks.keep_choice`."""
    clear(check)
    kept = kept_citizens(work.actor, choice.look_up_id) if choice.look_up_id else None
    check.look_up_id = choice.look_up_id if kept is not None else None
    if choice.outcome in LINKED:
        _link(check, choice, facts, kept)
    elif choice.outcome == CheckOutcome.ABSENT:
        check.look_up_id = _answered(work, choice)
        _say_absent(check, choice)
        check.candidates = list(kept or [])[:MOST_KEPT]
    elif choice.outcome == CheckOutcome.CLERK:
        check.outcome = CheckOutcome.CLERK
        rank(check, judge(facts, citizens_of(kept or [])))
    elif choice.outcome == CheckOutcome.PENDING:
        check.outcome = CheckOutcome.PENDING
    else:
        raise RuleBroken("population_choice_unknown", field="outcome")


def _answered(work: UnitOfWork, choice: Choice) -> UUID:
    """The look-up by which somebody is said to be absent: nobody is, whom nobody has looked for."""
    rows = PopulationLookUp.objects.filter(origin_office_id__in=work.actor.office_ids, result=ANSWERED)
    if choice.look_up_id is None or not rows.filter(id=choice.look_up_id).exists():
        raise RuleBroken("population_look_up_missing", field="look_up")
    return choice.look_up_id


def _link(check: PopulationCheck, choice: Choice, facts: BookFacts, kept: Sequence[Mapping[str, str]] | None) -> None:
    if kept is None:  # the answer is gone: asked again, and the citizen chosen is taken when he is among the answers
        check.outcome, check.citizen_ref = CheckOutcome.PENDING, choice.ref[:40]
        return
    citizens = citizens_of(kept)
    if choice.ref in check.denied:
        raise RuleBroken("population_citizen_denied", field="ref")
    if choice.ref not in {each.ref for each in citizens}:
        raise RuleBroken("population_citizen_unknown", field="ref")
    link_citizen(check, facts, citizens, choice.ref)


def link_citizen(check: PopulationCheck, facts: BookFacts, citizens: Sequence[Citizen], ref: str) -> None:
    """The check is about this one of the citizens: compared, with score and evidence; nothing is written."""
    judged = judge(facts, citizens)
    at = next(place for place, each in enumerate(judged.shown) if each.citizen.ref == ref)
    chosen, others = judged.shown[at], [each.score for each in judged.shown if each.citizen.ref != ref]
    check.outcome = CheckOutcome(chosen.comparison.outcome)
    check.differences = [each.as_json() for each in chosen.comparison.differences]
    check.score, check.evidence = round(chosen.score, 3), evidence_of(chosen)
    check.margin = round(chosen.score - max(others), 3) if others else None
    _take_data(check, chosen.citizen)
    check.is_taken_over, check.candidates = True, []


def _take_data(check: PopulationCheck, citizen: Citizen) -> None:
    number = citizen.personal_id if citizen.personal_id.isascii() and citizen.personal_id.isdecimal() else ""
    number = number if len(number) == 12 else ""
    check.citizen_ref, check.citizen = citizen.ref[:40], citizen.as_json()
    check.personal_id, check.personal_id_key = number, personal_id_key(lookup_secret(), number)


def _say_absent(check: PopulationCheck, choice: Choice) -> None:
    words = choice.absence_words.strip()[:LONGEST_WORDS]
    if choice.absence not in AbsenceReason.values:
        raise RuleBroken("population_absence_missing", field="absence")
    if choice.absence in WORDS_NEEDED and not words:
        raise RuleBroken("population_absence_words_missing", field="absence_words")
    check.outcome, check.absence, check.absence_words = CheckOutcome.ABSENT, choice.absence, words


def rank(check: PopulationCheck, judged: Judged) -> None:
    """Citizens of an open question, the likeliest first."""
    check.candidates = [each.citizen.as_json() for each in judged.shown[:MOST_KEPT]]
    check.score = round(judged.score, 3) if judged.score is not None else None
    check.margin = round(judged.margin, 3) if judged.margin is not None else None
    check.evidence = evidence_of(judged.shown[0]) if judged.shown else []


def clear(check: PopulationCheck) -> None:
    """Nothing is known of the participant; whoever confirmed an absence confirmed what is said no more."""
    check.citizen_ref = check.personal_id = check.personal_id_key = check.absence = check.absence_words = ""
    check.citizen, check.differences, check.evidence, check.candidates = {}, [], [], []
    check.score = check.margin = check.look_up = None
    check.is_taken_over, check.confirmed_by, check.confirmed_at = False, None, None


def citizens_of(kept: Iterable[Mapping[str, Any]]) -> list[Citizen]:
    """Citizens as a JSON column keeps them."""
    return [citizen_from_json(each) for each in kept]


def compare_again(check: PopulationCheck, facts: BookFacts) -> bool:
    """What the book says may have been mended since the choice was made; whether something else differs now. Nothing is
    written, and nobody is asked: the citizen is the one that was kept."""
    if check.outcome not in LINKED or not check.citizen:
        return False
    citizen = citizen_from_json(check.citizen)
    found = compare(facts, citizen)
    differences = [each.as_json() for each in found.differences]
    if check.outcome == found.outcome and check.differences == differences:
        return False
    check.outcome, check.differences = CheckOutcome(found.outcome), differences
    check.evidence = evidence_of(judge(facts, [citizen]).shown[0])
    return True


def shape(check: PopulationCheck) -> dict[str, Any] | None:
    """What a check says, for the detail of the trail; None for one that is new."""
    if not check.version:
        return None
    return {
        "outcome": str(check.outcome), "citizen_ref": check.citizen_ref, "personal_id": check.personal_id,
        "differences": check.differences, "absence": check.absence, "absence_words": check.absence_words,
    }  # fmt: skip


def keep(
    work: UnitOfWork,
    check: PopulationCheck,
    verb: str,
    before: dict[str, Any] | None,
    *,
    is_decision: bool = True,
    reason: str = "",
) -> None:
    """Write the check, the act in the trail, the event for apps above. `before`: its `shape` before the act."""
    if is_decision:
        check.decided_at = work.at
    check.version += 1
    check.save()
    after = shape(check)
    facts = {"role": check.role, "outcome": str(check.outcome), "way": str(check.way)}
    if check.record_id is not None:
        facts["record_id"] = str(check.record_id)
    elif check.case_id is not None:
        facts["case_id"] = str(check.case_id)
    work.record(
        verb, subject_kind=SUBJECT, subject_id=check.id, subject_office=check.origin_office_id, before=before,
        after={**(after or {}), **({"reason": reason} if reason else {})}, facts=facts,
    )  # fmt: skip
    work.announce(verb, subject_kind=SUBJECT, subject_id=check.id, office=check.origin_office_id)
