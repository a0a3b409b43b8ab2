"""The list goes out as a workbook: a page of it at once, more only when another officer has allowed it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.forms.tracking import ExportForm
from hotich.reconciliation.models import TrackingExport
from hotich.reconciliation.queries import tracking as queries
from hotich.reconciliation.services import tracking_export as services
from hotich.reconciliation.views.tracking_paper import asked_for, list_url, workbook
from hotich.reconciliation.views.tracking_parts import EXPORT
from hotich.registers.rules.parameters import constant
from hotich.registers.views.parts import actor_of, needs, telling

APPROVE = "export.approve"
State = TrackingExport.State
TONES = {State.WAITING: "accent", State.APPROVED: "ok", State.REFUSED: "warning"}


@needs(EXPORT, APPROVE)
@require_http_methods(["GET", "POST"])
def tracking_export(request: HttpRequest) -> HttpResponse:
    """Asks why the list is taken away, then hands a page of it out, or keeps the request for whoever decides; below, the
    requests of one's office."""
    actor = actor_of(request)
    shown, words, number = asked_for(request, actor, services.EXPORT_MOST)
    alone = constant("population_list_alone")
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {"actor": actor, "at": clock.now(), "item_ids": [item.id for item in shown],
                 "reason": form.cleaned_data["reason"]}  # fmt: skip
        try:
            if number <= alone:
                services.note_export(**given)
                return workbook(shown)
            if number > services.EXPORT_MOST:
                raise RuleBroken("tracking_export_too_many", number=number, most=services.EXPORT_MOST)
            services.request_export(**given)
            messages.success(request, _("Đã gửi đề nghị xuất; người có quyền duyệt quyết định rồi mới tải được tệp."))
            return redirect("reconciliation:tracking_export")
        except RuleBroken as refusal:
            form.refuse(refusal)
    context = {
        "form": form, "number": number, "words": words, "back_url": list_url(request), "alone": alone,
        "is_bulk": number > alone, "may_ask": actor.may(EXPORT), "requests": _requests(actor),
        "breadcrumb": [{"label": _("Danh sách theo dõi"), "url": list_url(request)},
                       {"label": _("Xuất Excel"), "url": ""}],
    }  # fmt: skip
    return render(request, "reconciliation/tracking_export.html", context)


def _requests(actor: Actor) -> list[dict[str, Any]]:
    found = queries.exports(actor)
    names = names_of_officers({each for row in found for each in (row.requested_by, row.decided_by) if each})
    now = clock.now()
    return [
        {
            "id": row.id, "count": len(row.items), "reason": row.reason, "at": row.requested_at,
            "who": names.get(row.requested_by, "–"), "decider": names.get(row.decided_by or 0, ""),
            "words": row.decision_words, "state": _(State(row.state).label), "tone": TONES[State(row.state)],
            "may_decide": row.state == State.WAITING and actor.may(APPROVE) and row.requested_by not in actor.hands,
            "may_fetch": row.state == State.APPROVED and row.requested_by in actor.hands and row.downloads_left > 0
            and row.expires_at is not None and row.expires_at > now,
            "left": row.downloads_left, "expires_at": row.expires_at if row.state == State.APPROVED else None,
        }
        for row in found
    ]  # fmt: skip


@needs(APPROVE)
@require_POST
def decide(request: HttpRequest, tracking_export_id: UUID) -> HttpResponse:
    """Allow or refuse a request of somebody else."""
    approve = request.POST.get("viec") == "duyet"
    with telling(request, _("Đã duyệt đề nghị xuất.") if approve else _("Đã từ chối đề nghị xuất.")):
        services.decide_export(
            actor=actor_of(request), at=clock.now(), export_id=tracking_export_id, approve=approve,
            words=request.POST.get("words", ""),
        )  # fmt: skip
    return redirect("reconciliation:tracking_export")


@needs(EXPORT)
@require_POST
def fetch(request: HttpRequest, tracking_export_id: UUID) -> HttpResponse:
    """The workbook of what was allowed; every download counts and is written down."""
    actor, found = actor_of(request), None
    with telling(request):
        found = services.use_export(actor=actor, at=clock.now(), export_id=tracking_export_id)
    if found is None:
        return redirect("reconciliation:tracking_export")
    return workbook(queries.items_of_export(actor, found))
