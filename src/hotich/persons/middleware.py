"""An officer who has read too much for one day is asked why, wherever it happens."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.services import note_refusal


class ReadingLimitMiddleware:
    """Leads from the refused page to the page that asks for a reason. Stands after `RuleBrokenMiddleware` in settings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only for `reading_reason_needed`; the refused reading stays rolled back, that it was refused is written."""
        actor: Actor | None = getattr(request, "actor", None)
        if not isinstance(exception, RuleBroken) or exception.code != "reading_reason_needed" or actor is None:
            return None
        note_refusal(
            actor=actor, at=clock.now(), act="reading", code=exception.code, subject_kind="officer",
            subject_id=actor.officer_id, subject_office=actor.office_id,
        )  # fmt: skip
        back = {"tiep": request.get_full_path()} if request.method == "GET" else {}
        url = f"{reverse('persons:reading_reason')}?{urlencode(back)}" if back else reverse("persons:reading_reason")
        if request.headers.get("HX-Request") == "true":
            answer: HttpResponse = HttpResponseClientRedirect(url)
            return answer
        return redirect(url)
