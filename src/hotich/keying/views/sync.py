"""The one address browsers send what was keyed to: JSON in, JSON out, never a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.http import require_POST

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.rules.sync import SyncAnswer, parse_body
from hotich.keying.services.sync import receive_batch
from hotich.registers.views.parts import actor_of
from hotich.web.texts import text_of

RIGHTS = ("keying.key", "keying.check")
USER_HEADER = "X-Hotich-User"


@transaction.non_atomic_requests  # everything is written in the unit of work of `receive_batch`, a savepoint of its own
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """{"clock", "items"} in; {"server_time", "results", "today"} out: an answer for every item, and how many places the
    officer has keyed today on all PCs.

    401 for nobody, 403 without a right to key, 409 when the outbox is of another officer than the one signed in, 413
    and 422 when the body as a whole cannot be taken: in each case the browser keeps everything.
    """
    if not request.user.is_authenticated:
        return _fault(401, "signed_out")
    actor = actor_of(request)
    if request.headers.get(USER_HEADER) != str(request.user.pk):
        return _fault(409, "other_user")
    if not any(map(actor.may, RIGHTS)):
        return _fault(403, "not_allowed")
    try:
        parsed = parse_body(orjson.loads(request.body))
    except RequestDataTooBig:
        return _fault(413, "sync_body_too_large")
    except (orjson.JSONDecodeError, UnreadablePostError):
        return _fault(422, "sync_body_malformed")
    except RuleBroken as refusal:
        return _fault(422, refusal.code, refusal.params)
    now = clock.now()
    told = int(now.timestamp() * 1000)
    received = receive_batch(actor=actor, at=now, items=parsed.items, clock_error=parsed.clock - told)
    results = [_in_words(answer) for answer in (*received.answers, *parsed.refused)]
    return _json({"server_time": told, "results": results, "today": received.today})


def _in_words(answer: SyncAnswer) -> dict[str, Any]:
    """The answer with its texts in the language of the page."""
    problems = [
        {
            "code": found["code"],
            "field": found["field"],
            "severity": found["severity"],
            "text": text_of(found["code"], found.get("params")),
        }
        for found in answer.problems
    ]
    text = text_of(answer.code, answer.params) if answer.code else ""
    return {**answer.as_json(), "problems": problems, "text": text}


def _fault(status: int, code: str, params: Mapping[str, Any] | None = None) -> HttpResponse:
    return _json({"code": code, "text": text_of(code, params)}, status)


def _json(body: dict[str, Any], status: int = 200) -> HttpResponse:
    response = HttpResponse(orjson.dumps(body, default=str), content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    return response
