"""Pages of acceptance: one sample, the decision about it, giving it up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying import models
from hotich.keying.forms.acceptance import DecisionForm
from hotich.keying.models import AcceptanceState
from hotich.keying.queries import acceptance as queries
from hotich.keying.rules.acceptance import Judged, Verdict, verdict
from hotich.keying.services import acceptance as services
from hotich.keying.services.access import ACCEPT
from hotich.keying.views.acceptance_parts import (
    book_title,
    crumbs,
    interval_svg,
    limits_words,
    mark_lines,
    source_of_limits,
    state_tone,
    state_words,
)
from hotich.registers.views.parts import actor_of, needs, or_not_found, posted_version, telling

SEES = queries.SEES


@needs(*SEES)
@require_GET
def acceptance(request: HttpRequest, acceptance_id: UUID) -> HttpResponse:
    """One sample: its cases, what was found, what the limits say, the decision."""
    with or_not_found():
        found = queries.acceptance(actor_of(request), acceptance_id)
    return _sample_page(request, found)


def _sample_page(request: HttpRequest, found: models.Acceptance, form: DecisionForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    context = {**_head(found), **_result(actor, found), "form": form or DecisionForm()}
    return render(request, "keying/acceptance.html", context, status=422 if form is not None else 200)


def _head(found: models.Acceptance) -> dict[str, Any]:
    names = names_of_officers({found.drawn_by, found.decided_by or 0})
    return {
        "breadcrumb": crumbs(
            (book_title(found.book), reverse("keying:acceptance_book", args=[found.book_id])), (_("Mẫu nghiệm thu"), "")
        ),
        "found": found,
        "title": book_title(found.book),
        "state": state_words(found),
        "tone": state_tone(found),
        "drawn_by": names.get(found.drawn_by, ""),
        "decided_by": names.get(found.decided_by or 0, ""),
        "limits": limits_words(found.limits),
        "limits_source": source_of_limits(found.limits),
        "hidden_version": {"version": found.version},
    }


def _result(actor: Actor, found: models.Acceptance) -> dict[str, Any]:
    """The sample with what was found in it, what the limits say, and what this officer may do now."""
    items = list(queries.items_of(found))
    total, left = queries.found_so_far(found)
    is_whole = not left and found.sample_size == found.population
    said = verdict(
        total,
        key_per_mille=found.limits["key_per_mille"],
        all_per_mille=found.limits["all_per_mille"],
        is_whole=is_whole,
    )
    following = next((item for item in items if item.judged_by is None), None)
    names = names_of_officers({item.judged_by for item in items if item.judged_by})
    is_judging = found.state == AcceptanceState.JUDGING
    may_act = (
        is_judging and actor.may(ACCEPT) and not queries.had_a_hand_in(actor.hands, queries.population(found.book))
    )
    return {
        "left": left,
        "judged": len(items) - left,
        "said": said,
        "is_whole": is_whole,
        "rates": _rates(found, total, said, left),
        "items": [_item_line(item, names, actor) for item in items],
        "marks": _marks(items, actor),
        "next_url": reverse("keying:acceptance_item", args=[following.id]) if following and may_act else "",
        "may_act": may_act,
        "may_decide": may_act and not left,
        "is_judging": is_judging,
    }


def _rates(found: models.Acceptance, total: Judged, said: Verdict, left: int) -> list[dict[str, Any]]:
    """Both rates beside their limits, with what the interval says of the whole book."""
    rows = (
        (
            _("Trường trọng yếu"),
            total.key_wrong,
            total.key_fields,
            said.key,
            found.limits["key_per_mille"],
            said.key_passes,
        ),
        (_("Tất cả các trường"), total.wrong, total.fields, said.all, found.limits["all_per_mille"], said.all_passes),
    )
    return [
        {
            "label": label,
            "wrong": wrong,
            "fields": fields,
            "low": interval.low,
            "high": interval.high,
            "limit": limit / 1000,
            "bar": interval_svg(interval, label, top=max(3 * limit / 1000, interval.high), limit=limit / 1000),
            "tone": "error" if not passes else "ok" if not left else "accent",
            "text": _("vượt giới hạn") if not passes else _("trong giới hạn"),
        }
        for label, wrong, fields, interval, limit, passes in rows
    ]


def _item_line(item: models.AcceptanceItem, names: dict[int, str], actor: Actor) -> dict[str, Any]:
    case = item.entry.case
    return {
        "item": item,
        "number": (case.number_text if case else "") or "–",
        "page": case.page_no if case else "",
        "package": item.entry.package.position,
        "url": reverse("keying:acceptance_item", args=[item.id]) if actor.may(ACCEPT) else "",
        "is_judged": item.judged_by is not None,
        "wrong": len(item.wrong),
        "judged_by": names.get(item.judged_by or 0, ""),
    }


def _marks(items: list[models.AcceptanceItem], actor: Actor) -> list[dict[str, Any]]:
    """Errors found, each with the page where the case is mended; their words only for who sees cases."""
    if not actor.may(ACCEPT) and not actor.may("case.read"):
        return []
    return [
        line | {"url": reverse("intake:case", args=[line["case"].id]) if actor.may("case.read") else ""}
        for line in mark_lines(items)
    ]


@needs(ACCEPT)
@require_POST
def decide(request: HttpRequest, acceptance_id: UUID) -> HttpResponse:
    """Accept the book, or give packages back."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.acceptance(actor, acceptance_id)
    form = DecisionForm(request.POST)
    act = request.POST.get("act", "")
    if form.is_valid() and act in ("accept", "wrong", "book"):
        try:
            services.decide_acceptance(
                actor=actor, at=clock.now(), acceptance_id=found.id, version=posted_version(request),
                accepts=act == "accept", number=form.cleaned_data["number"], words=form.cleaned_data["words"],
                back=act if act != "accept" else "wrong",
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            done = _("Đã nghiệm thu quyển sổ.") if act == "accept" else _("Đã trả lại các gói cho người nhập.")
            with telling(request, done):
                return redirect("keying:acceptance", acceptance_id=found.id)
    return _sample_page(request, found, form)


@needs(ACCEPT)
@require_POST
def cancel(request: HttpRequest, acceptance_id: UUID) -> HttpResponse:
    """Give a sample up."""
    with or_not_found():
        queries.acceptance(actor_of(request), acceptance_id)
    with telling(request, _("Đã hủy lần nghiệm thu này.")):
        services.cancel_acceptance(
            actor=actor_of(request), at=clock.now(), acceptance_id=acceptance_id, version=posted_version(request),
            words=request.POST.get("words", ""),
        )  # fmt: skip
    return redirect("keying:acceptance", acceptance_id=acceptance_id)
