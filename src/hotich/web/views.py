"""The style guide: every part on a page, for those who build screens and for the accessibility tests."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.kernel.problems import RuleBroken
from hotich.web.forms import SampleFilter, SampleForm
from hotich.web.rules import sample
from hotich.web.rules.navigation import mark_active
from hotich.web.templatetags.hotich import icon_names

RIGHT = "web.style_guide"
PAGES = {
    "danh-sach": "list",
    "bieu-mau": "form",
    "ben-ban-chup": "beside",
    "loi": "errors",
    "bieu-tuong": "icons",
    "dang-nhap": "public",
    "trong": "empty",
    "tu-choi": "refused",
}


def style_guide(request: HttpRequest) -> HttpResponse:
    """The first page: figures, facts, history, progress, dialogs."""
    _check_may_see(request)
    messages.success(request, _("Đã lưu."))
    messages.warning(request, _("Còn 3 mục cần xem lại."))
    context = {
        "parts": sample.PARTS,
        "daily": sample.DAILY,
        "facts": sample.FACTS,
        "timeline": sample.TIMELINE,
        "tabs": [
            {"label": _("Tổng quan"), "url": request.path, "active": True},
            {"label": _("Danh sách"), "url": reverse("web:style_guide_page", args=["danh-sach"]), "count": 1284},
        ],
    }
    return _shown(request, "web/guide/parts.html", context)


def style_guide_page(request: HttpRequest, page: str) -> HttpResponse:
    """A sample page by its name in the address. 404 for a name that is none."""
    _check_may_see(request)
    kind = PAGES.get(page)
    if kind is None:
        raise Http404(page)
    if kind == "refused":
        raise RuleBroken("sample_refusal")
    return _shown(request, f"web/guide/{kind}.html", _context_of(kind, request))


def _context_of(kind: str, request: HttpRequest) -> dict[str, Any]:
    if kind == "list":
        page = Paginator(sample.rows(240), 20).get_page(request.GET.get("page"))
        filter_form = SampleFilter(request.GET or None)
        return {"columns": sample.COLUMNS, "rows": page.object_list, "list_page": page, "filter": filter_form}
    if kind == "empty":
        return {"columns": sample.COLUMNS, "rows": []}
    if kind == "icons":
        return {"names": icon_names()}
    if kind in ("form", "beside"):
        data = request.POST if request.method == "POST" else None
        files = request.FILES if request.method == "POST" else None
        return {"form": SampleForm(data, files, problems={} if kind == "form" else sample.PROBLEMS)}
    if kind in ("errors", "public"):
        return {"form": SampleForm({"name": "x" * 90})}
    return {}


def _check_may_see(request: HttpRequest) -> None:
    """For builders only: in development, or with the right. It looks like no page for all others."""
    actor = getattr(request, "actor", None)
    if not settings.DEBUG and not (actor is not None and actor.may(RIGHT)):
        raise Http404("style guide")


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The sample frame stands in for the one an officer would have."""
    frame = {"navigation": mark_active(sample.NAVIGATION, request.path), "shell": sample.SHELL}
    return render(request, template, {**context, **frame})
