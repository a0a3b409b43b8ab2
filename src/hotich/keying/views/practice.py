"""The practice book: a page that opens it, its packages and its pictures. Nothing of it is citizens' data."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.kernel.problems import RuleBroken
from hotich.keying.queries import practice as queries
from hotich.keying.rules.practice import PRACTICE_REGISTERS, cases_of, package_id
from hotich.registers.views.parts import lang, needs, short_name

KEYS = ("keying.key", "keying.check", "keying.lead")
DAY = 86_400


@needs(*KEYS)
@require_GET
def practice(request: HttpRequest) -> HttpResponse:
    """What the practice book is, and a way into each part of it."""
    books = [
        {
            "letters": letters,
            "title": short_name(letters),
            "cases": len(cases_of(letters)),
            "package": str(package_id(letters)),
            "data_url": reverse("keying:practice_data", args=[letters]),
        }
        for letters in PRACTICE_REGISTERS
    ]
    crumbs = [{"label": _("Nhập liệu"), "url": ""}, {"label": _("Sổ luyện tập"), "url": ""}]
    context = {"books": books, "breadcrumb": crumbs, "screen_url": reverse("keying:entry")}
    return render(request, "keying/practice.html", context)


@needs(*KEYS)
@require_GET
def practice_data(request: HttpRequest, practice_register: str) -> JsonResponse:
    """The package of a register of the practice book, with answers."""
    try:
        return JsonResponse(queries.practice_data(practice_register, lang()))
    except RuleBroken as refusal:
        raise Http404(refusal.code) from refusal


@needs(*KEYS)
@require_GET
def practice_picture(request: HttpRequest, practice_item_id: UUID) -> HttpResponse:
    """The drawn picture of an entry; the same for everybody."""
    try:
        content, _wide, _high = queries.practice_picture(practice_item_id)
    except RuleBroken as refusal:
        raise Http404(refusal.code) from refusal
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = f"private, max-age={DAY}"
    return response
