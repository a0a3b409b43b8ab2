"""Asking the population database about somebody of a case or a record: for a purpose, within a budget, written down.

The answer is kept for some days under the look-up, so that a later choice is compared with what the partner said and
not with what a browser says it said (`services.checks`). While the partner cannot be reached nothing is lost: keying goes on,
and the question is asked later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal
from uuid import UUID

from django.conf import settings

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam, start_of_day
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.matching import default_model
from hotich.matching.scorer import Evidence, Scorer
from hotich.reconciliation.adapters import Context, PartnerClosed, PartnerRefused, PartnerUnreachable
from hotich.reconciliation.adapters.choice import partner
from hotich.reconciliation.models import CheckOutcome, PopulationAnswer, PopulationLookUp
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.comparison import Comparison, compare, row_of
from hotich.reconciliation.rules.questions import Question, narrower, questions_for
from hotich.reconciliation.services.asking_trace import DIGITISATION, About, about_to_ask, note_asked
from hotich.registers.rules.parameters import constant
from hotich.units.queries import offices_by_id

__all__ = [
    "DIGITISATION", "LOOK_UP", "MOST_SHOWN", "NOT_ASKED", "NOT_WHOLE", "About", "Judged", "LookUpAnswer", "Shown",
    "State", "ask_partner", "asked_today", "context_of", "evidence_of", "failure_result", "forget_answers", "judge",
    "keep_answer", "kept_citizens", "look_up", "look_up_person",
]  # fmt: skip

LOOK_UP = "population.look_up"
SUBJECT_KINDS = frozenset({"entry", "case", "record"})
MOST_SHOWN = 20
TOO_MANY = "TOO_MANY"
State = Literal["answered", "too_many", "refused", "queued", "unreachable"]
NOT_ASKED: frozenset[State] = frozenset({"queued", "unreachable"})
NOT_WHOLE: frozenset[State] = frozenset({"too_many", "refused"})
"""The partner knows more than it tells: that nobody is among the answers does not mean that he is absent."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A citizen who may be meant: how likely (bits), what each field says, and what differs from the book."""

    citizen: Citizen
    score: float
    is_evident: bool
    evidence: tuple[Evidence, ...]
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Judged:
    """What a list of citizens says about somebody of a book. `outcome` is a CheckOutcome; the best one comes first."""

    outcome: str
    score: float | None
    margin: float | None
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class LookUpAnswer:
    """`state` unreachable, queued: nobody answered (`failure` says why), the outcome is pending. The likeliest come first."""

    look_up_id: UUID
    state: State
    outcome: str
    candidates: tuple[Shown, ...] = ()
    failure: str = ""
    margin: float | None = None


def look_up(
    *,
    actor: Actor,
    at: datetime,
    question: Question,
    facts: BookFacts,
    subject_kind: str,
    subject_id: UUID,
    role: str,
    purpose: str = DIGITISATION,
) -> LookUpAnswer:
    """Ask one question; a name known too often is asked again with more facts of the book.

    Raises RuleBroken: not_allowed, population_subject_unknown, population_budget_used.
    """
    about = About(subject_kind, subject_id, role, purpose)
    return _look_up(actor, at, [question], facts, about)


def look_up_person(*, actor: Actor, at: datetime, facts: BookFacts, about: About) -> LookUpAnswer:
    """Ask about somebody by what the book says: by number, by old number, by name and year, by name and a parent, until
    somebody evident is found. Raises RuleBroken as `look_up`, and population_facts_too_few."""
    questions = questions_for(facts)
    if not questions:
        raise RuleBroken("population_facts_too_few")
    return _look_up(actor, at, questions, facts, about)


def _look_up(actor: Actor, at: datetime, questions: Sequence[Question], facts: BookFacts, about: About) -> LookUpAnswer:
    _must_be_allowed(actor, about)
    _must_be_within_budget(actor, at)
    found: dict[str, Citizen] = {}
    state: State = "answered"
    failure, last = "", None
    with unit_of_work(actor=actor, at=at):
        for question in questions:
            last, state, failure, citizens = _ask(actor, at, question, about)
            if state == "too_many" and (closer := narrower(question, facts)) is not None:
                last, state, failure, citizens = _ask(actor, at, closer, about)
            found |= {each.ref: each for each in citizens}
            if state in NOT_ASKED:
                break
            judged = judge(facts, list(found.values()))
            if judged.shown and judged.shown[0].is_evident:
                break
        assert last is not None  # there is at least one question
        if state in NOT_ASKED and not found:
            return LookUpAnswer(last, state, CheckOutcome.PENDING, failure=failure)
        judged = judge(facts, list(found.values()))
        keep_answer(last, actor.office_id, at, [each.citizen for each in judged.shown])
    if state not in NOT_WHOLE or judged.shown:
        state = "answered"
    outcome = CheckOutcome.CLERK if state in NOT_WHOLE else judged.outcome
    return LookUpAnswer(last, state, outcome, judged.shown, failure, judged.margin)


def _must_be_allowed(actor: Actor, about: About) -> None:
    if not actor.may(LOOK_UP) or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    if about.subject_kind not in SUBJECT_KINDS:
        raise RuleBroken("population_subject_unknown")


def _must_be_within_budget(actor: Actor, at: datetime) -> None:
    """Asked before anything goes out: a refusal afterwards would take the line of a question that was asked with it."""
    limit = constant("population_look_ups_a_day")
    if asked_today(actor, at) >= limit:
        raise RuleBroken("population_budget_used", limit=limit)


def asked_today(actor: Actor, at: datetime) -> int:
    """How many questions the officer has asked today."""
    start = start_of_day(in_vietnam(at).date())
    return PopulationLookUp.objects.filter(officer_id=actor.officer_id or 0, at__gte=start).count()


def _ask(actor: Actor, at: datetime, question: Question, about: About) -> tuple[UUID, State, str, Sequence[Citizen]]:
    """One question to the partner, with its line in the log; (its id, what came of it, the code of a failure, citizens).

    That it is asked is written down before, apart from what the page does.
    """
    look_up_id, officer_id = uuid7(), actor.officer_id or 0
    about_to_ask(
        at=at, look_up_id=look_up_id, question=question, about=about, office_id=actor.office_id,
        officer_id=officer_id, adapter=partner().name,
    )  # fmt: skip
    context = context_of(look_up_id, actor.office_id, officer_id, about.purpose)
    state, failure, citizens = ask_partner(context, question)
    note_asked(actor, at, look_up_id, result=failure_result(state), candidates=len(citizens))
    return look_up_id, state, failure, citizens


def context_of(request_id: UUID, office_id: int, officer_id: int, purpose: str) -> Context:
    """What goes with every question: request, procedure, office, officer (procedures.md 5.2)."""
    office = offices_by_id([office_id]).get(office_id)
    return Context(request_id, purpose[:20], (office.code if office else str(office_id))[:35], str(officer_id)[:20])


def ask_partner(context: Context, question: Question) -> tuple[State, str, Sequence[Citizen]]:
    """Ask; never raises what the partner raises: (state, code of a failure, citizens)."""
    try:
        return "answered", "", list(partner().look_up(context, question))
    except PartnerClosed:
        return "queued", "partner_closed", ()
    except PartnerUnreachable as failure:
        return "unreachable", str(failure.args[0]) if failure.args else "partner_unreachable", ()
    except PartnerRefused as refusal:
        if str(refusal.args[0]) == TOO_MANY:
            return "too_many", "population_too_many", ()
        return "refused", "population_refused", ()


def failure_result(state: State) -> str:
    """A state as the log keeps it."""
    return {"too_many": "refused"}.get(state, state)


# ---- what the citizens say


@cache
def _scorer() -> Scorer:
    return Scorer(default_model().among(settings.HOTICH_POPULATION_PERSONS))


def judge(facts: BookFacts, citizens: Sequence[Citizen]) -> Judged:
    """Rank citizens as the batch does, and say the outcome; whether they are equal is said by `rules.comparison`."""
    by_ref = {each.ref: each for each in citizens}
    answer = _scorer().answer(row_of(facts), [(ref, row_of(each)) for ref, each in by_ref.items()], MOST_SHOWN)
    shown = tuple(
        Shown(citizen, each.score, each.is_evident, each.evidence, compare(facts, citizen))
        for each in answer.candidates
        for citizen in [by_ref[str(each.person)]]
    )
    outcome = str(answer.outcome)
    if outcome in (CheckOutcome.EQUAL, CheckOutcome.DIFFERENT):
        outcome = shown[0].comparison.outcome
    return Judged(outcome, answer.score, answer.margin, shown)


def evidence_of(shown: Shown) -> list[dict[str, object]]:
    """The evidence as `PopulationCheck.evidence` keeps it."""
    return [{"field": each.field, "level": each.level, "bits": round(each.bits, 2)} for each in shown.evidence]


# ---- what was answered, for some days


def keep_answer(look_up_id: UUID, office_id: int, at: datetime, citizens: Sequence[Citizen]) -> None:
    """Keep the citizens a look-up showed."""
    PopulationAnswer.objects.create(
        look_up_id=look_up_id, origin_office_id=office_id, at=at,
        citizens=[each.as_json() for each in citizens[:MOST_SHOWN]],
    )  # fmt: skip


def kept_citizens(actor: Actor, look_up_id: UUID) -> list[Mapping[str, str]] | None:
    """What was shown under a look-up of one's offices; None when it is not kept (any more)."""
    found = PopulationAnswer.objects.filter(look_up_id=look_up_id, origin_office_id__in=actor.office_ids).first()
    return None if found is None else list(found.citizens)


def forget_answers(*, at: datetime) -> int:
    """Remove answers older than `population_answer_days` of the offices in scope; how many. Choices made are kept."""
    limit = at - timedelta(days=constant("population_answer_days"))
    return PopulationAnswer.objects.filter(at__lt=limit).delete()[0]
