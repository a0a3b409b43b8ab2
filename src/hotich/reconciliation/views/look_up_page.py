"""Looking somebody of a case or a record up on a page: what the book says, whom the population database has, which one it is.

The same page serves records (here) and cases (intake, which stands above): a `Subject` says whom it is about. What is asked
travels in the body of the request; nothing about anybody stands in an address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hotich.audit.services import unit_of_work
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.forms.look_ups import AbsenceForm, QuestionForm, question_initial
from hotich.reconciliation.models import CheckOutcome, CheckWay, PopulationCheck
from hotich.reconciliation.rules.citizen import BookFacts, Citizen, citizen_from_json
from hotich.reconciliation.rules.messages.look_ups import MESSAGES
from hotich.reconciliation.rules.questions import asked
from hotich.reconciliation.services.checks import Choice, is_sought_anew, is_tracked, keep_choice, may_seek
from hotich.reconciliation.services.look_ups import (
    LOOK_UP,
    NOT_ASKED,
    About,
    LookUpAnswer,
    Shown,
    judge,
    kept_citizens,
    look_up,
    look_up_person,
)
from hotich.reconciliation.views.check_words import (
    TONES,
    answer_text,
    check_note,
    evidence_texts,
    life_text,
    outcome_name,
    side_rows,
)
from hotich.registers.views.parts import uuid_or_none
from hotich.web.texts import text_of, text_of_problem

BOOK, TYPED, CHOOSE, ABSENT, CLERK, LATER = "so", "cau-hoi", "chon", "khong-co", "chua-ro", "hoi-sau"
"""What a button of the page asks for."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A case or a record: what it is called, where its page is, what it says of its people, and their checks.

    `roles`: role → what somebody is in the entry, only those one may see; `page`: role → address of his look-up.
    """

    kind: str  # case, record
    id: UUID
    office_id: int
    title: str
    url: str
    roles: Mapping[str, str]
    facts: Mapping[str, BookFacts]
    checks: Mapping[str, PopulationCheck]
    page: Callable[[str], str]
    is_open: bool = True  # whether anything may still be chosen


def look_up_page(request: HttpRequest, actor: Actor, subject: Subject, role: str) -> HttpResponse:
    """One person of a subject: the form, what was found, the choice. A role that is not there answers 404."""
    facts = subject.facts.get(role)
    if facts is None or role not in subject.roles:
        raise Http404(role)
    form, absence = QuestionForm(initial=question_initial(facts)), AbsenceForm()
    answer: LookUpAnswer | None = None
    refusal = ""
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    if act and not (actor.may(LOOK_UP) and subject.is_open):
        raise RuleBroken("not_allowed")
    try:
        if act == BOOK:
            answer = look_up_person(actor=actor, at=clock.now(), facts=facts, about=_about(subject, role))
        elif act == TYPED:
            form = QuestionForm(request.POST)
            if form.is_valid():
                answer = _ask_typed(actor, subject, role, facts, form)
        elif act:
            absence = AbsenceForm(request.POST if act == ABSENT else None)
            if act != ABSENT or absence.is_valid():
                _choose(actor, subject, role, facts, _choice(request, act, absence))
                messages.success(request, _("Đã ghi kết quả đối chiếu."))
                return redirect(subject.url)
            answer = _kept_answer(actor, request, facts)
    except RuleBroken as fault:
        refusal = text_of_problem(fault)
        if act == TYPED:
            form.refuse(fault)
        else:
            answer = _kept_answer(actor, request, facts)
    context = _context(actor, subject, role, facts, answer, refusal)
    return render(request, "reconciliation/look_up.html", {**context, "form": form, "absence_form": absence})


def _answer_text(answer: LookUpAnswer) -> str:
    """What came of it: a page keeps no question of its own accord, as the keying screen does."""
    return text_of("population_page_unreachable") if answer.state == "unreachable" else answer_text(answer)


def _failure_text(code: str) -> str:
    """Why nobody answered; a question changes nothing there, unlike what is sent."""
    return text_of(f"look_up_{code}" if f"look_up_{code}" in MESSAGES else code)


def _about(subject: Subject, role: str) -> About:
    return About(subject.kind, subject.id, role)


def _ask_typed(actor: Actor, subject: Subject, role: str, facts: BookFacts, form: QuestionForm) -> LookUpAnswer:
    question = asked({name: str(value) for name, value in form.cleaned_data.items()})
    return look_up(
        actor=actor, at=clock.now(), question=question, facts=facts, subject_kind=subject.kind,
        subject_id=subject.id, role=role,
    )  # fmt: skip


def _choice(request: HttpRequest, act: str, absence: AbsenceForm) -> Choice:
    look_up_id = uuid_or_none(request.POST.get("tra_cuu", ""))
    if act == CHOOSE:
        return Choice(CheckOutcome.EQUAL, request.POST.get("nguoi", "")[:40], look_up_id)
    if act == ABSENT:
        given = absence.cleaned_data
        return Choice(CheckOutcome.ABSENT, "", look_up_id, given["absence"], given["absence_words"])
    if act in (CLERK, LATER):
        return Choice(CheckOutcome.CLERK if act == CLERK else CheckOutcome.PENDING, "", look_up_id)
    raise RuleBroken("population_choice_unknown")


def _choose(actor: Actor, subject: Subject, role: str, facts: BookFacts, choice: Choice) -> None:
    where: dict[str, Any] = {"record_id": subject.id} if subject.kind == "record" else {"case_id": subject.id}
    with unit_of_work(actor=actor, at=clock.now()) as work:
        keep_choice(
            work, office_id=subject.office_id, role=role, choice=choice, facts=facts, way=CheckWay.PAGE, **where
        )


def _kept_answer(actor: Actor, request: HttpRequest, facts: BookFacts) -> LookUpAnswer | None:
    """What was shown before, for a page that comes back with a refusal."""
    look_up_id = uuid_or_none(request.POST.get("tra_cuu", ""))
    kept = kept_citizens(actor, look_up_id) if look_up_id else None
    if kept is None or look_up_id is None:
        return None
    judged = judge(facts, [citizen_from_json(each) for each in kept])
    return LookUpAnswer(look_up_id, "answered", judged.outcome, judged.shown, margin=judged.margin)


# ---- what the page shows


def _context(
    actor: Actor, subject: Subject, role: str, facts: BookFacts, answer: LookUpAnswer | None, refusal: str
) -> dict[str, Any]:
    check = subject.checks.get(role)
    candidates = answer.candidates if answer else _candidates_of(check, facts)
    return {
        "subject": subject,
        "role_label": subject.roles[role],
        "name": facts.full_name or facts.personal_id,
        "answer": answer,
        "answer_text": _answer_text(answer) if answer else "",
        "answer_tone": _answer_tone(answer),
        "is_answered": answer is not None and answer.state not in NOT_ASKED,
        "failure": _failure_text(answer.failure) if answer and answer.failure else "",
        "refusal": refusal,
        "candidates": [
            {**_candidate(each, facts, place), "is_denied": check is not None and each.citizen.ref in check.denied}
            for place, each in enumerate(candidates)
        ],
        "own_side": [] if candidates else side_rows(facts, NOBODY, []),
        "may_choose": bool(answer) and subject.is_open and (check is None or _is_free(actor, check)),
        "has_number": bool(facts.personal_id),
        "is_sought_anew": check is not None and is_sought_anew(check),
        "check": check_line(check) if check is not None else None,
        "breadcrumb": [
            {"label": subject.title, "url": subject.url},
            {"label": _("Tra cứu CSDL dân cư"), "url": ""},
        ],
    }


def _is_free(actor: Actor, check: PopulationCheck) -> bool:
    return not is_tracked(check) or (is_sought_anew(check) and may_seek(actor))


NOBODY = Citizen(ref="", personal_id="", full_name="")


def _answer_tone(answer: LookUpAnswer | None) -> str:
    if answer is None:
        return ""
    return (
        "warning" if answer.state != "answered" else {"equal": "ok", "different": "warning"}.get(answer.outcome, "info")
    )


def _candidates_of(check: PopulationCheck | None, facts: BookFacts) -> tuple[Shown, ...]:
    """Who was chosen or proposed before, to be looked at without asking again."""
    if check is None:
        return ()
    known = [check.citizen] if check.citizen else list(check.candidates)
    return judge(facts, [citizen_from_json(each) for each in known]).shown


def _candidate(shown: Shown, facts: BookFacts, place: int) -> dict[str, Any]:
    differences = [each.as_json() for each in shown.comparison.differences]
    return {
        "ref": shown.citizen.ref,
        "name": shown.citizen.full_name,
        "personal_id": shown.citizen.personal_id,
        "life": life_text(shown.citizen),
        "outcome": outcome_name(shown.comparison.outcome),
        "tone": TONES[CheckOutcome(shown.comparison.outcome)],
        "is_evident": shown.is_evident,
        "evidence": evidence_texts(shown.evidence),
        "rows": side_rows(facts, shown.citizen, differences),
        "differences": len(differences),
        "is_first": place == 0,
    }


def check_line(check: PopulationCheck) -> dict[str, Any]:
    """A check as lists and pages show it."""
    return {
        "id": check.id,
        "outcome": outcome_name(check.outcome),
        "code": str(check.outcome),
        "tone": TONES[CheckOutcome(check.outcome)],
        "note": check_note(check),
        "differences": check.differences,
        "is_tracked": is_tracked(check),
        "by_rule": check.decided_by is None,
        "at": check.decided_at,
    }
