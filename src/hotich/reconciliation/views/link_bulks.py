"""Many proposals at once: what a limit would take in, the sample to look at first, accepting, stopping, taking back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation import tasks
from hotich.reconciliation.forms.proposals import BulkForm
from hotich.reconciliation.models import BulkState, LinkBulk, LinkProposal, ProposalState
from hotich.reconciliation.queries import link_bulks as queries
from hotich.reconciliation.queries.faulty_items import numbers_faulty_in_bulks
from hotich.reconciliation.queries.proposals import SEES
from hotich.reconciliation.rules.link_bulks import ACCEPTING, BULK_KINDS, UNDER_WAY, most_wrong
from hotich.reconciliation.services import link_bulks as services
from hotich.reconciliation.services.proposals import RIGHT
from hotich.reconciliation.views.faulty_items import faulty_context, faulty_words
from hotich.reconciliation.views.proposal_progress import bulk_progress
from hotich.reconciliation.views.proposal_words import STATE_TONES, kind_name, reasons, state_name
from hotich.registers.rules.parameters import constant
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found, telling
from hotich.web.rules.formats import number_text, time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

TONES = {
    BulkState.DONE: "ok", BulkState.REFUSED: "danger", BulkState.FAILED: "danger", BulkState.STOPPED: "warning",
    BulkState.UNDONE: "muted", BulkState.GIVEN_UP: "muted",
}  # fmt: skip


@needs(*SEES)
@require_http_methods(["GET", "POST"])
def link_bulks(request: HttpRequest) -> HttpResponse:
    """What each limit would take in; the bulks there are; planning one."""
    actor, least = actor_of(request), constant("population_bulk_bits")
    form = BulkForm(request.POST or None, least=least)
    if request.method == "POST" and actor.may(RIGHT) and form.is_valid():
        try:
            made = services.plan_bulk(actor=actor, at=clock.now(), **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("reconciliation:link_bulk", made.id)
    found = queries.bulks(actor)
    faulty = numbers_faulty_in_bulks(found)
    context = {
        "form": form if actor.may(RIGHT) else None,
        "least": least,
        "sample": constant("population_bulk_sample"),
        "previews": [_preview(actor, kind, least) for kind in BULK_KINDS],
        "preview_columns": [Column(_("Mức giống nhau")), Column(_("Số đề xuất"), "number"),
                            Column(_("Từ mức này trở lên"), "number")],
        "columns": _columns(),
        "rows": [_row(each, faulty.get(each.id, 0)) for each in found],
        "breadcrumb": _crumbs(_("Chấp nhận cả loạt")),
    }  # fmt: skip
    return render(request, "reconciliation/link_bulks.html", context)


def _crumbs(here: str, *between: dict[str, str]) -> list[dict[str, str]]:
    first = {"label": _("Trùng lặp, gia đình"), "url": reverse("reconciliation:proposals")}
    return [first, *between, {"label": here, "url": ""}]


def _preview(actor: Actor, kind: str, least: int) -> dict[str, Any]:
    bands = queries.bands(actor, kind, least)
    rows, left = [], sum(number for _from, number in bands)
    for start, number in bands:
        text = _("từ %(from)d đến dưới %(to)d bit") % {"from": start, "to": start + queries.BAND}
        rows.append(Row(f"{kind}-{start}", [Cell(text), Cell(number_text(number)), Cell(number_text(left))]))
        left -= number
    return {"kind": kind_name(kind), "rows": rows, "total": sum(number for _from, number in bands)}


def _columns() -> list[Column]:
    return [Column(_("Lập lúc")), Column(_("Loại")), Column(_("Từ mức"), "number"), Column(_("Số đề xuất"), "number"),
            Column(_("Đã chấp nhận"), "number"), Column(_("Đã hoàn tác"), "number"), Column(_("Trạng thái"))]  # fmt: skip


def _row(bulk: LinkBulk, faulty: int) -> Row:
    url = reverse("reconciliation:link_bulk", args=[bulk.id])
    return Row(
        str(bulk.id),
        [Cell(time_text(bulk.asked_at), url=url), Cell(kind_name(bulk.kind)), Cell(f"{bulk.bits} bit"),
         Cell(number_text(bulk.total)), Cell(number_text(bulk.accepted)), Cell(number_text(bulk.undone)),
         Cell(_(BulkState(bulk.state).label), tone=TONES.get(BulkState(bulk.state), "accent"),
              note=faulty_words(faulty))],
    )  # fmt: skip


@needs(*SEES)
@require_GET
def link_bulk(request: HttpRequest, link_bulk_id: UUID) -> HttpResponse:
    """One bulk: its sample, what it says of the rest, how far it is, and what may be done with it."""
    actor = actor_of(request)
    with or_not_found():
        bulk = queries.bulk_of(actor, link_bulk_id)
    sample = list(queries.sample_of(actor, bulk))
    left = sum(each.state in (ProposalState.OPEN, ProposalState.UNDONE) for each in sample)
    following = queries.next_of_sample(actor, bulk.id)
    may = actor.may(RIGHT)
    context = {
        **bulk_progress(bulk, bulk.sampled - left),
        **faulty_context(actor, bulk),
        "state": _(BulkState(bulk.state).label),
        "state_tone": TONES.get(BulkState(bulk.state), "accent"),
        "facts": _facts(bulk),
        "sample_left": left,
        "sample_all": bulk.sampled,
        "rest": max(bulk.total - bulk.sampled, 0),
        "next_url": reverse("reconciliation:proposal", args=[following.id]) if following and may else "",
        "wrong": _wrong_words(bulk, left),
        "columns": [Column(_("Đề xuất trong mẫu")), Column(_("Vì sao")), Column(_("Trạng thái"))],
        "rows": [_sample_row(each) for each in sample],
        "may_start": may and bulk.state == BulkState.SAMPLING and not left,
        "may_give_up": may and bulk.state == BulkState.SAMPLING,
        "may_resume": may and (bulk.state in (BulkState.STOPPED, BulkState.FAILED) or _is_stuck(bulk)),
        "may_retry": may and bulk.state in (BulkState.DONE, BulkState.UNDONE),
        "may_undo": may and bulk.state in (BulkState.DONE, BulkState.STOPPED, BulkState.FAILED) and bulk.accepted > 0,
        "may_stop": may and bulk.state in ACCEPTING,
        "failure": text_of(bulk.failure, {}) if bulk.failure else "",
        "start_hidden": {"act": "start"},
        "undo_hidden": {"act": "undo"},
        "breadcrumb": _crumbs(
            kind_name(bulk.kind), {"label": _("Chấp nhận cả loạt"), "url": reverse("reconciliation:link_bulks")}
        ),
    }
    return render(request, "reconciliation/link_bulk.html", context)


def _is_stuck(bulk: LinkBulk) -> bool:
    """Whether an outage ended the taking back, which is to be gone on with."""
    return bulk.state == BulkState.UNDOING and bool(bulk.failure)


def _wrong_words(bulk: LinkBulk, left: int) -> str:
    if bulk.state != BulkState.SAMPLING or left:
        return ""
    share = most_wrong(bulk.sampled, bulk.total)
    if not share:
        return _("Mọi đề xuất của loạt đã được xem từng cái.")
    return _("%(seen)s đề xuất đã xem đều đúng: với độ tin cậy 95%%, nhiều nhất %(share)s%% số còn lại là sai.") % {
        "seen": number_text(bulk.sampled), "share": number_text(share * 100, lang(), 1),
    }  # fmt: skip


def _facts(bulk: LinkBulk) -> list[dict[str, Any]]:
    names = names_of_officers([bulk.asked_by])
    return [
        {"label": _("Loại đề xuất"), "value": kind_name(bulk.kind)},
        {"label": _("Mức giống nhau từ"), "value": f"{bulk.bits} bit"},
        {"label": _("Số đề xuất"), "value": number_text(bulk.total)},
        {"label": _("Mẫu phải xem trước"), "value": number_text(bulk.sampled)},
        {"label": _("Đã chấp nhận theo loạt"), "value": number_text(bulk.accepted)},
        {"label": _("Không còn đúng khi chấp nhận"), "value": number_text(bulk.stale)},
        {"label": _("Đã hoàn tác"), "value": number_text(bulk.undone), "note": bulk.reason},
        {"label": _("Người lập"), "value": names.get(bulk.asked_by, "–"), "note": time_text(bulk.asked_at)},
    ]


def _sample_row(found: LinkProposal) -> Row:
    url = reverse("reconciliation:proposal", args=[found.id])
    names = f"{found.first.full_name} – {found.second.full_name}"
    return Row(
        str(found.id),
        [Cell(names, url=url), Cell(reasons(found)),
         Cell(state_name(found.state), tone=STATE_TONES[ProposalState(found.state)])],
    )  # fmt: skip


@needs(*SEES)
@require_GET
def link_bulk_progress(request: HttpRequest, link_bulk_id: UUID) -> HttpResponse:
    """The part that changes while a bulk is worked on; when it has ended the page is loaded anew."""
    actor = actor_of(request)
    with or_not_found():
        bulk = queries.bulk_of(actor, link_bulk_id)
    context = {**bulk_progress(bulk, bulk.sampled), "facts": _facts(bulk)}
    context["may_stop"] = context["may_stop"] and actor.may(RIGHT)
    answer = render(request, "reconciliation/parts/link_bulk_progress.html", context)
    if bulk.state not in UNDER_WAY or _is_stuck(bulk):
        answer["HX-Refresh"] = "true"
    return answer


@needs(RIGHT)
@require_POST
def link_bulk_act(request: HttpRequest, link_bulk_id: UUID) -> HttpResponse:
    """Start, stop, go on, try again what could not be done, give up or take back."""
    actor, now, act = actor_of(request), clock.now(), request.POST.get("act", "")
    with telling(request), transaction.atomic():
        if act == "start":
            tasks.work_on_bulk_later(actor, services.start_bulk(actor=actor, at=now, bulk_id=link_bulk_id))
        elif act == "resume":
            tasks.work_on_bulk_later(actor, services.resume_bulk(actor=actor, at=now, bulk_id=link_bulk_id))
        elif act == "retry":
            tasks.work_on_bulk_later(actor, services.retry_bulk(actor=actor, at=now, bulk_id=link_bulk_id))
            messages.success(request, _("Đang làm lại các mục gặp lỗi."))
        elif act == "undo":
            reason = request.POST.get("reason", "")
            made = services.undo_bulk(actor=actor, at=now, bulk_id=link_bulk_id, reason=reason)
            tasks.work_on_bulk_later(actor, made)
        elif act == "stop":
            services.stop_bulk(actor=actor, at=now, bulk_id=link_bulk_id)
            messages.success(request, _("Đã dừng; những gì đã chấp nhận vẫn giữ nguyên."))
        elif act == "give_up":
            services.give_up_bulk(actor=actor, at=now, bulk_id=link_bulk_id)
            messages.success(request, _("Đã bỏ loạt; các đề xuất lại chờ quyết định từng cái."))
    return redirect("reconciliation:link_bulk", link_bulk_id)
