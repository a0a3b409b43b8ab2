"""Batches: the list, the upload, and one batch with its progress, its figures and its problems."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.accounts.views.saved_filters import filter_act, filter_context
from hotich.intake import services
from hotich.intake.forms import BATCH_LABELS, BatchFilter, UploadForm
from hotich.intake.models import BatchState
from hotich.intake.queries.batches import batches_of_offices
from hotich.intake.views import batch_page, importing
from hotich.intake.views.parts import (
    BATCH_TONES,
    actor_of,
    batch_of,
    needs,
    office_names,
    own_offices,
    page_of,
    short_name,
    tell_refusal,
)
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.web.rules.formats import time_text
from hotich.web.rules.tables import Cell, Column, Row


@needs("case.import", "case.read")
@require_http_methods(["GET", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """All batches of the offices, the newest first."""
    actor = actor_of(request)
    narrowed = BatchFilter(request.GET) if request.GET else BatchFilter()
    if kept := filter_act(request, "intake.batches", narrowed):
        return kept
    wanted = narrowed.cleaned_data if narrowed.is_bound and narrowed.is_valid() else {}
    found = batches_of_offices(actor.office_ids, state=wanted.get("state", ""), register_type=wanted.get("type", ""))
    page = page_of(request, found)
    offices = office_names(actor.office_ids)
    officers = names_of_officers({batch.created_by for batch in page.object_list})
    return render(
        request,
        "intake/batches.html",
        {
            "filter": narrowed,
            **filter_context(request, "intake.batches", narrowed),
            "nothing_yet": not wanted and not page.object_list,
            "may_import": actor.may("case.import"),
            "columns": [Column(str(label), kind) for label, kind in COLUMNS],  # type: ignore[arg-type]
            "rows": [_row(batch, officers, offices) for batch in page.object_list],
            "list_page": page,
        },
    )


COLUMNS = (
    (gettext_lazy("Tệp"), "text"),
    (gettext_lazy("Loại sổ"), "text"),
    (gettext_lazy("Trạng thái"), "text"),
    (gettext_lazy("Số dòng"), "number"),
    (gettext_lazy("Cần sửa"), "number"),
    (gettext_lazy("Chờ duyệt"), "number"),
    (gettext_lazy("Đã duyệt"), "number"),
    (gettext_lazy("Không nhận"), "number"),
    (gettext_lazy("Không đổi"), "number"),
    (gettext_lazy("Nhập lúc"), "date"),
)


def _row(batch: Any, officers: dict[int, str], offices: dict[int, str]) -> Row:
    state = BatchState(batch.state)
    office = offices.get(batch.origin_office_id, "") if len(offices) > 1 else ""
    label, tone = (_("Không nhập được"), "error") if batch.failure else (_(BATCH_LABELS[state]), BATCH_TONES[state])
    cells = [
        Cell(batch.source_name, url=reverse("intake:batch", args=[batch.id]), note=office),
        short_name(batch.register_type),
        Cell(label, tone=tone),
        batch.rows,
        batch.held_now,
        batch.waiting_now,
        batch.approved_now,
        batch.rejected,
        batch.unchanged,
        Cell(time_text(batch.created_at), note=officers.get(batch.created_by, "")),
    ]
    return Row(str(batch.id), cells)


@needs("case.import")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a workbook and its scans; the reading itself goes on in the background."""
    actor = actor_of(request)
    offices = own_offices(actor)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, offices=offices)
        if form.is_valid():
            try:
                found, is_new = importing.begin(form.cleaned_data, actor)
            except RuleBroken as refusal:
                form.refuse(refusal)
            else:
                if not is_new:
                    messages.info(request, _("Tệp này đã được nhập trước đây; dưới đây là đợt nhập đó."))
                return redirect("intake:batch", batch_id=found.id)
    else:
        wanted = {"office": request.GET.get("co-quan") or actor.office_id, "era": request.GET.get("thoi-ky", "")}
        form = UploadForm(offices=offices, initial=wanted)
    crumbs = [{"label": _("Nhập sổ"), "url": reverse("intake:batches")}, {"label": _("Nhập sổ mới"), "url": ""}]
    return render(request, "intake/upload.html", {"form": form, "breadcrumb": crumbs})


@needs("case.import", "case.read")
@require_GET
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch."""
    actor = actor_of(request)
    return render(request, "intake/batch.html", batch_page.context(request, actor, batch_of(actor, batch_id)))


@needs("case.import", "case.read")
@require_GET
def batch_progress(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The part of the page that changes while a batch is read; asked for every second, until it is done."""
    actor = actor_of(request)
    found = batch_of(actor, batch_id)
    context: dict[str, Any] = batch_page.context(request, actor, found)
    # what a screen reader is told changes ten times, not every second
    context["announce"] = request.GET.get("seen") != str(context["tenth"])
    return render(request, "intake/parts/batch_update.html", context)


@needs("batch.withdraw")
@require_http_methods(["GET", "POST"])
def batch_withdraw(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Take a whole batch back; asked without a script, the question is a page."""
    actor = actor_of(request)
    found = batch_of(actor, batch_id)
    if request.method == "POST":
        try:
            services.withdraw_batch(batch_id=found.id, actor=actor, at=clock.now())
        except RuleBroken as refusal:
            tell_refusal(request, refusal)
        else:
            messages.success(request, _("Đã rút đợt nhập."))
        return redirect("intake:batch", batch_id=found.id)
    context = {
        "page_title": _("Rút cả đợt nhập này?"),
        "text": _("Mọi dòng của đợt này bị rút khỏi hệ thống. Không rút được khi đã có dòng được duyệt."),
        "action": request.path,
        "hidden": [],
        "danger": True,
        "confirm_label": _("Rút đợt nhập"),
        "back_url": reverse("intake:batch", args=[found.id]),
    }
    return render(request, "intake/confirm.html", context)
