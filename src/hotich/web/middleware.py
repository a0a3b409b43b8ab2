"""The language of a page, and the edge for refusals: what no view has caught becomes a page, or a line for htmx."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from hotich.kernel.problems import RuleBroken
from hotich.web.texts import text_of_problem


def chosen_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Vietnamese, unless the officer chose another language here: what the browser asks for does not count."""

    def middleware(request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


class RuleBrokenMiddleware:
    """Answers 409 with the refusal's text and code. Forms that can show it at a field catch it before (form.refuse)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The refusal as a page; any other exception is left alone."""
        if not isinstance(exception, RuleBroken):
            return None
        text = text_of_problem(exception)
        if request.headers.get("HX-Request") != "true":
            return render(request, "web/refused.html", {"text": text, "code": exception.code}, status=409)
        # htmx exchanges nothing on 4xx, so the line goes into the page's alerts with 200 and its own target.
        answer = render(request, "web/parts/alert.html", {"tone": "error", "text": text})
        answer["HX-Retarget"], answer["HX-Reswap"] = "#alerts", "innerHTML"
        return answer
