"""Batches of scans: the list, a new one, and one with its pages – how they come in, what became of them, their order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.digitisation import queries, services, tasks
from hotich.digitisation.forms import BatchFilter, NewBatchForm
from hotich.digitisation.models import ScanBatch, ScanBatchState
from hotich.digitisation.queries import Progress
from hotich.digitisation.views import batch_page
from hotich.digitisation.views.parts import (
    BATCH_TONES,
    PREPARE,
    SEES,
    actor_of,
    answering,
    batch_of,
    batch_title,
    body_of,
    needs,
    office_names,
    shown,
    state_words,
    telling,
    wants_json,
)
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.queries import books_of_offices
from hotich.registers.views.parts import posted_version
from hotich.web.rules.formats import time_text
from hotich.web.rules.tables import Cell, Column, Row

LIST_SIZE = 50


@needs(*SEES)
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """All batches of the offices: those somebody waits for first, then the newest."""
    actor = actor_of(request)
    narrowed = BatchFilter(request.GET or None)
    wanted = narrowed.cleaned_data if narrowed.is_bound and narrowed.is_valid() else {}
    page = shown(request, queries.scan_batches(actor, state=wanted.get("state", "")), LIST_SIZE)
    found = list(page.object_list)
    how_far, officers = queries.progress_of(found), names_of_officers({batch.created_by for batch in found})
    offices = office_names(actor.office_ids)
    context = {
        "filter": BatchFilter(request.GET) if request.GET else BatchFilter(),
        "nothing_yet": not wanted.get("state") and not found,
        "may_prepare": actor.may(PREPARE),
        "to_review": queries.count_to_review(actor),
        "columns": _columns(),
        "rows": [_row(batch, how_far[batch.id], officers, offices) for batch in found],
        "list_page": page,
    }
    return render(request, "digitisation/batches.html", context)


def _columns() -> list[Column]:
    return [
        Column(_("Quyển sổ")), Column(_("Trạng thái")), Column(_("Việc đang chờ")), Column(_("Trang"), "number"),
        Column(_("Trường hợp"), "number"), Column(_("Có PDF đạt"), "number"), Column(_("Đã gắn"), "number"),
        Column(_("Mở lúc"), "date"),
    ]  # fmt: skip


def _row(batch: ScanBatch, far: Progress, officers: dict[int, str], offices: dict[int, str]) -> Row:
    notes = [_("có người đang chờ")] if batch.is_on_demand else []
    notes += [offices.get(batch.origin_office_id, "")] if len(offices) > 1 else []
    return Row(
        str(batch.id),
        [
            Cell(batch_title(batch), reverse("digitisation:batch", args=[batch.id]), note=" · ".join(filter(None, notes))),
            Cell(state_words(batch.state, ScanBatchState), tone=BATCH_TONES[ScanBatchState(batch.state)]),
            "; ".join(waiting_words(batch, far)) or "–",
            sum(far.pages.values()), sum(far.cases.values()), far.passed, far.linked,
            Cell(time_text(batch.created_at), note=officers.get(batch.created_by, "")),
        ],
        tone="warning" if batch.is_on_demand and batch.state == ScanBatchState.OPEN else "",
    )  # fmt: skip


def waiting_words(batch: ScanBatch, far: Progress) -> list[str]:
    """What a batch waits for, each in a few words, in the order of the work."""
    if batch.state != ScanBatchState.OPEN:
        return []
    review = far.to_review
    prepared, refused = far.pages.get("prepared", 0), far.pages.get("refused", 0)
    lines = (
        (far.waiting_pages, ngettext("%d trang đang xử lý", "%d trang đang xử lý", far.waiting_pages)),
        (prepared, ngettext("%d trang chờ xác nhận", "%d trang chờ xác nhận", prepared)),
        (refused, ngettext("%d trang cần quét lại", "%d trang cần quét lại", refused)),
        (far.waiting_cases, ngettext("%d trường hợp chờ PDF", "%d trường hợp chờ PDF", far.waiting_cases)),
        (review, ngettext("%d trường hợp cần xem lại", "%d trường hợp cần xem lại", review)),
    )
    return [text % count for count, text in lines if count]


@needs(PREPARE)
@require_http_methods(["GET", "POST"])
def batch_new(request: HttpRequest) -> HttpResponse:
    """Open a batch for the pages of a book."""
    actor = actor_of(request)
    books = books_of_offices(actor.office_ids).filter(origin_office_id__in=actor.office_ids)
    options: dict[str, Any] = {"books": books, "offices": office_names(actor.office_ids)}
    if request.method == "POST":
        form = NewBatchForm(request.POST, **options)
        if form.is_valid():
            try:
                made = _open(form.cleaned_data, actor)
            except RuleBroken as refusal:
                form.refuse(refusal)
            else:
                return redirect("digitisation:batch", scan_batch_id=made.id)
    else:
        first = {"book": request.GET.get("so", ""), "is_on_demand": request.GET.get("theo-yeu-cau") == "1"}
        form = NewBatchForm(initial=first, **options)
    way = [{"label": _("Quét sổ"), "url": reverse("digitisation:batches")}, {"label": _("Đợt quét mới"), "url": ""}]
    context = {"form": form, "breadcrumb": way, "no_books": not books.exists()}
    return render(request, "digitisation/batch_new.html", context, status=422 if form.errors else 200)


def _open(cleaned: dict[str, Any], actor: Actor) -> ScanBatch:
    return services.open_scan_batch(
        actor=actor, at=clock.now(), book_id=UUID(cleaned["book"]), request_key=cleaned["request_key"],
        notes=cleaned["notes"], is_on_demand=cleaned["is_on_demand"],
    )  # fmt: skip


@needs(*SEES)
@require_GET
def batch(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """One batch: where its pages come in, and its pages."""
    found = batch_of(request, scan_batch_id)
    return render(request, "digitisation/batch.html", batch_page.context(request, found))


@needs(*SEES)
@require_GET
def batch_live(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """The parts of the page that change while pages are worked on."""
    found = batch_of(request, scan_batch_id)
    return render(request, "digitisation/parts/batch_update.html", batch_page.context(request, found))


@needs(PREPARE)
@require_POST
@answering
def batch_known(request: HttpRequest, scan_batch_id: UUID) -> HttpResponseBase:
    """Which of these files the batch has already, by SHA-256: they need not be sent."""
    found = batch_of(request, scan_batch_id)
    asked = body_of(request).get("sha256")
    wanted = [each for each in asked if isinstance(each, str)][:500] if isinstance(asked, list) else []
    return JsonResponse({"known": sorted(batch_page.known_files(found, wanted))})


@needs(PREPARE)
@require_POST
@answering
def batch_receive(request: HttpRequest, scan_batch_id: UUID) -> HttpResponseBase:
    """Take in files; the script sends one at a time and is answered in JSON, the plain form sends many."""
    found, actor = batch_of(request, scan_batch_id), actor_of(request)
    given = request.FILES.getlist("file")
    try:
        received = batch_page.receive(found, given, actor)
    except RuleBroken as refusal:
        if wants_json(request):
            raise
        with telling(request):
            raise refusal
        return redirect("digitisation:batch", scan_batch_id=found.id)
    if not wants_json(request):
        batch_page.tell_received(request, received)
        return redirect("digitisation:batch", scan_batch_id=found.id)
    if received.refused:
        raise received.refused[0][1]
    if not received.added and not received.known:
        raise RuleBroken("file_empty", name=given[0].name or "")
    count = len(received.added)
    text = ngettext("Đã nhận %d trang", "Đã nhận %d trang", count) % count if count > 1 else ""
    return JsonResponse({"known": not received.added, "pages": count, "text": text})


@needs(PREPARE)
@require_POST
def batch_layout(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """Use another layout, or none."""
    found, actor = batch_of(request, scan_batch_id), actor_of(request)
    layout = request.POST.get("layout", "")
    layouts = {str(each.id): each for each in queries.layouts_for(found.book, actor)}
    with telling(request, _("Đã chọn mẫu trang; các trang chưa xác nhận đang được xếp lại vùng.")):
        if layout and layout not in layouts:
            raise RuleBroken("layout_missing")
        chosen = layouts[layout].id if layout else None
        changed = services.choose_layout(
            actor=actor, at=clock.now(), batch_id=found.id, layout_id=chosen, version=posted_version(request)
        )
        tasks.process_later(actor, changed)
    return redirect("digitisation:batch", scan_batch_id=found.id)


@needs(PREPARE)
@require_POST
def batch_confirm(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """Confirm every page that fits the layout and has nothing odd."""
    found = batch_of(request, scan_batch_id)
    with telling(request):
        count = services.confirm_all_boxes(actor=actor_of(request), at=clock.now(), batch_id=found.id)
        messages.success(request, ngettext("Đã xác nhận %d trang.", "Đã xác nhận %d trang.", count) % count)
    return redirect("digitisation:batch", scan_batch_id=found.id)


@needs(PREPARE)
@require_POST
@answering
def batch_order(request: HttpRequest, scan_batch_id: UUID) -> HttpResponseBase:
    """Move a page before another one ("" for the end)."""
    found, actor = batch_of(request, scan_batch_id), actor_of(request)
    if wants_json(request):
        return JsonResponse({"text": _moved(batch_page.move(found, body_of(request), actor))})
    with telling(request):
        messages.success(request, _moved(batch_page.move(found, request.POST.dict(), actor)))
    return redirect("digitisation:batch", scan_batch_id=found.id)


@needs(PREPARE)
@require_POST
def batch_order_printed(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """Put the pages in the order of the numbers a machine read on them."""
    found = batch_of(request, scan_batch_id)
    with telling(request, _("Đã xếp các trang theo số trang.")):
        services.order_by_printed_pages(
            actor=actor_of(request), at=clock.now(), batch_id=found.id, version=posted_version(request)
        )
    return redirect("digitisation:batch", scan_batch_id=found.id)


def _moved(place: int) -> str:
    return _("Trang đã được chuyển đến vị trí %(place)d.") % {"place": place}


@needs(PREPARE)
@require_POST
def batch_finish(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """Nothing more comes: the batch is closed, if nothing of it is left to do."""
    found = batch_of(request, scan_batch_id)
    with telling(request, _("Đợt quét đã xong.")):
        services.finish_scan_batch(actor=actor_of(request), at=clock.now(), batch_id=found.id)
    return redirect("digitisation:batch", scan_batch_id=found.id)


@needs(PREPARE)
@require_POST
def batch_reopen(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """More comes after all."""
    found = batch_of(request, scan_batch_id)
    with telling(request, _("Đã mở lại đợt quét.")):
        services.reopen_scan_batch(actor=actor_of(request), at=clock.now(), batch_id=found.id)
    return redirect("digitisation:batch", scan_batch_id=found.id)


@needs(PREPARE)
@require_POST
def batch_withdraw(request: HttpRequest, scan_batch_id: UUID) -> HttpResponse:
    """Take the whole batch back."""
    found = batch_of(request, scan_batch_id)
    with telling(request, _("Đã rút đợt quét.")):
        services.withdraw_scan_batch(actor=actor_of(request), at=clock.now(), batch_id=found.id)
    return redirect("digitisation:batch", scan_batch_id=found.id)
