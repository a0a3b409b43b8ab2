"""The address the keying screen asks about somebody of a case: JSON in, JSON out, never a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.http import require_POST

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.queries.book_facts import facts_as_typed
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.services.look_ups import LOOK_UP, NOT_ASKED, About, look_up_person
from hotich.reconciliation.views.check_words import answer_text, candidate_json
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import actor_of
from hotich.web.texts import text_of, text_of_problem

USER_HEADER = "X-Hotich-User"
MOST_BYTES = 20_000
LONGEST = 300
MALFORMED = "population_body_malformed"


@require_POST
def look_up(request: HttpRequest) -> HttpResponse:
    """{"entry", "role", "register", "facts"} in; {"outcome", "look_up", "candidates", "state", "text"} out.

    401 for nobody, 403 without the right, 409 when the page is of another officer than the one signed in, 422 for what
    cannot be asked (too little is known, the budget of the day is used): the text says why, and keying goes on.
    """
    if not request.user.is_authenticated:
        return _fault(401, "signed_out")
    actor = actor_of(request)
    if request.headers.get(USER_HEADER, str(request.user.pk)) != str(request.user.pk):
        return _fault(409, "other_user")
    if not actor.may(LOOK_UP):
        return _fault(403, "not_allowed")
    try:
        facts, about = _question(request.body, actor.office_id)
        answer = look_up_person(actor=actor, at=clock.now(), facts=facts, about=about)
    except (RequestDataTooBig, UnreadablePostError, ValueError):
        return _fault(422, MALFORMED)
    except RuleBroken as refusal:
        return _json({"code": refusal.code, "text": text_of_problem(refusal)}, 422)
    return _json(
        {
            "outcome": answer.outcome,
            "look_up": str(answer.look_up_id),
            "candidates": [candidate_json(each) for each in answer.candidates],
            "state": answer.state if answer.state in NOT_ASKED else "answered",
            "text": answer_text(answer),
        }
    )


def _question(body: bytes, office_id: int) -> tuple[BookFacts, About]:
    """Raises ValueError for what is no question."""
    if len(body) > MOST_BYTES:
        raise ValueError(MALFORMED)
    given = orjson.loads(body)
    if not isinstance(given, dict) or not isinstance(told := given.get("facts"), dict):
        raise ValueError(MALFORMED)
    role, register = _text(given, "role"), _text(given, "register")
    if not role or register not in REGISTER_TYPES:
        raise ValueError(MALFORMED)
    values = {str(name)[:40]: _text(told, name) for name in told}
    facts = facts_as_typed(register, role[:30], values, office_id=office_id)
    return facts, About("entry", UUID(_text(given, "entry")), role[:30])


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name) or ""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError(MALFORMED)
    value.encode()  # a lone surrogate is no text
    return value


def _fault(status: int, code: str) -> HttpResponse:
    return _json({"code": code, "text": text_of(code)}, status)


def _json(body: dict[str, Any], status: int = 200) -> HttpResponse:
    response = HttpResponse(orjson.dumps(body), content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    return response
