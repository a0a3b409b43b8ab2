"""Filters an officer keeps for a list: the part of the page, and what is posted from it. Used by the lists of all apps.

A list view calls `filter_act` first and puts `filter_context` into its context; the page includes
`accounts/parts/saved_filters.html` above its filters. Only the declared fields of the filter's form are kept, so a
list that is searched by citizens' names must not offer this.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hotich.accounts import services
from hotich.accounts.queries import saved_filters
from hotich.accounts.views.parts import actor_of
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.web.texts import text_of_problem

NAME, KEEP, FORGET = "ten_bo_loc", "giu_bo_loc", "bo_bo_loc"


def filter_act(request: HttpRequest, page: str, form: Form) -> HttpResponse | None:
    """Keep what is set under a name, or forget a filter, and come back to the list; None for any other request."""
    if request.method != "POST":
        return None
    actor, at = actor_of(request), clock.now()
    try:
        if FORGET in request.POST:
            forgotten = request.POST[FORGET]
            filter_id = int(forgotten) if forgotten.isdecimal() and len(forgotten) < 10 else 0
            services.remove_filter(actor=actor, at=at, filter_id=filter_id)
            messages.success(request, _("Đã bỏ bộ lọc."))
        else:
            name = request.POST.get(NAME, "")
            services.save_filter(actor=actor, at=at, page=page, name=name, query=set_fields(request, form))
            messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % {"name": " ".join(name.split())})
    except RuleBroken as refusal:
        messages.error(request, text_of_problem(refusal))
    return redirect(request.get_full_path())


def filter_context(request: HttpRequest, page: str, form: Form) -> dict[str, Any]:
    """What `accounts/parts/saved_filters.html` shows: the kept filters, and whether there is something to keep."""
    now = set_fields(request, form)
    kept = [
        {
            "id": each.id,
            "name": each.name,
            "url": f"{request.path}?{urlencode(each.query)}",
            "active": each.query == now,
        }
        for each in saved_filters(actor_of(request).officer_id, page)
    ]
    return {"kept_filters": kept, "may_keep_filter": bool(now) and not any(each["active"] for each in kept)}


def set_fields(request: HttpRequest, form: Form) -> dict[str, str]:
    """The declared fields of the form that the address sets."""
    return {name: request.GET[name] for name in form.fields if request.GET.get(name)}
