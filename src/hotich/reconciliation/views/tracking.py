"""The tracking list: totals and ages, filters that can be kept, and acts on the ticked items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.accounts.views.saved_filters import filter_act, filter_context
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.reconciliation.models import TrackingItem, TrackingState
from hotich.reconciliation.queries import tracking as queries
from hotich.reconciliation.queries.tracking_officers import verifiers_of
from hotich.reconciliation.rules.tracking_workflow import AGE_BANDS, NOT_CLOSED
from hotich.reconciliation.services import tracking as services
from hotich.reconciliation.views.tracking_parts import (
    BANDS,
    EXPORT,
    ROLES,
    SETTLE,
    STATE_TONES,
    VERDICT_TONES,
    VERIFY,
    age_of,
    due_words,
    fact_name,
    filter_of,
    item_title,
    kind_name,
    role_name,
    state_name,
    whole_verdict,
)
from hotich.records.rules.restricted import sees_restricted
from hotich.registers.views.parts import actor_of, lang, needs, telling
from hotich.web.rules.formats import number_text
from hotich.web.rules.svg import Part, stacked_bar

PAGE_SIZE = 50
_MOST_FACTS = 6  # lines of the figure by fact

__all__ = ["ROLES", "assign", "take_back", "tracking"]


@needs(*queries.SEES)
@require_http_methods(["GET", "POST"])
def tracking(request: HttpRequest) -> HttpResponse:
    """Totals of the whole list, then what is filtered of it in the order of its days."""
    actor, day = actor_of(request), clock.today()
    form = filter_of(actor, request.GET)
    if kept := filter_act(request, "reconciliation.tracking", form):
        return kept
    found = queries.items(actor, form.wanted(), today=day)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    totals = queries.totals(actor, today=day)
    shown = list(page.object_list)
    context = {
        "filter": form,
        **filter_context(request, "reconciliation.tracking", form),
        "nothing_yet": not totals.states,
        "part_only": queries.items(actor, queries.Wanted(field=queries.PART_ONLY), today=day).count(),
        "stats": _stats(actor, totals),
        "ages": _ages(totals),
        "facts": _facts(totals),
        "list_page": page,
        "total": page.paginator.count,
        "lines": lines_of(actor, shown),
        "many": len({item.origin_office_id for item in shown}) > 1,
        "may_assign": actor.may(SETTLE),
        "may_export": actor.may(EXPORT) or actor.may("export.approve"),
        "exports_waiting": queries.exports_to_decide(actor),
        "verifiers": [(officer.id, officer.full_name) for officer in verifiers_of(actor.office_id, at=clock.now()).values()]
        if actor.may(SETTLE) else [],
        "query": request.GET.urlencode(),
        "here": request.get_full_path(),
        "clear_url": reverse("reconciliation:tracking") if request.GET else "",
    }  # fmt: skip
    return render(request, "reconciliation/tracking.html", context)


def _stats(actor: Actor, totals: queries.Totals) -> list[dict[str, Any]]:
    url = reverse("reconciliation:tracking")
    states = totals.states

    def stat(label: str, value: int, query: str, note: str = "", tone: str = "") -> dict[str, Any]:
        return {"label": label, "value": number_text(value, lang()), "url": f"{url}{query}", "note": note, "tone": tone}

    made = [
        stat(_("Chưa giải quyết"), totals.standing, ""),
        stat(_("Quá hạn"), totals.late, f"?han={queries.OVERDUE}", tone="error" if totals.late else ""),
        stat(_("Chờ phân công"), states.get("open", 0), "?trang_thai=open"),
        stat(_("Đang xác minh"), states.get("verifying", 0), "?trang_thai=verifying"),
        stat(
            _("Chờ công chức hộ tịch"), states.get("verified", 0) + states.get("contacting", 0), "?trang_thai=officer"
        ),
        stat(_("Đã giải quyết"), states.get("closed", 0), "?trang_thai=closed"),
    ]
    if actor.may(VERIFY):
        made.insert(
            0, stat(_("Việc của tôi"), queries.count_waiting(actor), f"?xac_minh={queries.MINE}", tone="accent")
        )
    return made


def _ages(totals: queries.Totals) -> list[dict[str, Any]]:
    """A bar an age: how many of what is not closed, by state."""
    return [
        {
            "label": _(BANDS[band.code]),
            "number": sum(totals.bands[band.code].values()),
            "url": f"{reverse('reconciliation:tracking')}?tuoi={band.code}",
            "bar": _bar(totals.bands[band.code], totals.standing, _(BANDS[band.code])),
        }
        for band in AGE_BANDS
    ]


def _bar(counts: Any, whole: int, title: str) -> SafeString:
    parts = [
        Part(_(state.label), counts[state], STATE_TONES[state])
        for state in TrackingState
        if state in NOT_CLOSED and counts.get(state)
    ]
    rest = whole - sum(counts.values())
    text = stacked_bar([*parts, Part("", rest, "track")] if rest > 0 else parts, title, lang=lang())
    return mark_safe(text.partition("<figcaption>")[0] + "</figure>")  # nosec B308 - svg.py escapes


def _facts(totals: queries.Totals) -> list[dict[str, Any]]:
    """A bar a fact that differs, the most frequent first."""
    most = max(totals.fields.values(), default=0)
    return [
        {
            "label": fact_name(field),
            "number": number,
            "url": f"{reverse('reconciliation:tracking')}?khac={field}",
            "bar": mark_safe(  # nosec B308 - svg.py escapes
                stacked_bar([Part(fact_name(field), number, "accent"), Part("", most - number, "track")], fact_name(field),
                            lang=lang()).partition("<figcaption>")[0] + "</figure>"
            ),
        }
        for field, number in list(totals.fields.items())[:_MOST_FACTS]
    ]  # fmt: skip


def lines_of(actor: Actor, shown: Sequence[TrackingItem]) -> list[dict[str, Any]]:
    """Items as lines of the table; names of those whose facts are restricted are not for everybody."""
    day, sees = clock.today(), sees_restricted(actor)
    people, fields = queries.people_of(shown), queries.fields_of(shown)
    names = names_of_officers({item.assigned_to for item in shown if item.assigned_to})
    made = []
    for item in shown:
        person, differ = people.get(item.id), fields.get(item.id, [])
        hidden = person is not None and person.restricted and not sees
        due, tone = due_words(item, day)
        made.append(
            {
                "id": item.id,
                "url": "" if hidden else reverse("reconciliation:tracking_item", args=[item.id]),
                "title": item_title(item),
                "book": item.record.book.label if item.record is not None else "",
                "office": item.origin_office_id,
                "person": _("[hạn chế xem]") if hidden else person.full_name if person is not None else "",
                "role": role_name(item.check_of.role),
                "differ": [] if hidden else [
                    {"name": fact_name(each.field), "kind": kind_name(each.kind), "is_basic": each.is_basic}
                    for each in differ
                ],
                "state": state_name(item), "state_tone": STATE_TONES[TrackingState(item.state)],
                "verdict": whole_verdict(item, [each.verdict for each in differ]),
                "verdict_tone": VERDICT_TONES.get(item.verdict, "muted"),  # type: ignore[call-overload]
                "verifier": names.get(item.assigned_to or 0, ""),
                "due": item.due_on, "due_words": due, "due_tone": tone,
                "days": age_of(item, day),
                "may_tick": item.state in ("open", "verifying"),
            }
        )  # fmt: skip
    return made


# ---- acts on the ticked items


def ids_of(request: HttpRequest) -> list[UUID]:
    """The ticked items; what is no id counts for nothing."""
    made = []
    for each in request.POST.getlist("item"):
        try:
            made.append(UUID(each))
        except ValueError:
            continue
    return made


def back(request: HttpRequest) -> str:
    """To the list as it was filtered."""
    given = request.POST.get("next", "")
    own = reverse("reconciliation:tracking")
    return given if given.startswith(own) and url_has_allowed_host_and_scheme(given, allowed_hosts=None) else own


@needs(SETTLE)
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked items to a verifier."""
    officer = request.POST.get("officer", "")
    with telling(request):
        made = services.assign_items(
            actor=actor_of(request), at=clock.now(), item_ids=ids_of(request),
            officer_id=int(officer) if officer.isdecimal() and len(officer) < 10 else 0,
        )  # fmt: skip
        text = ngettext("Đã phân công %(n)d mục.", "Đã phân công %(n)d mục.", len(made))
        messages.success(request, text % {"n": len(made)})
    return redirect(back(request))


@needs(SETTLE, VERIFY)
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """The ticked items wait for a verifier again."""
    with telling(request):
        made = services.give_back(
            actor=actor_of(request), at=clock.now(), item_ids=ids_of(request), reason=request.POST.get("reason", "")
        )
        text = ngettext("Đã thu hồi %(n)d mục.", "Đã thu hồi %(n)d mục.", len(made))
        messages.success(request, text % {"n": len(made)})
    return redirect(back(request))
