"""What an officer has to decide about: the queue, and one case before and after, with its figures."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.digitisation import queries, services, tasks
from hotich.digitisation.forms import DecisionForm
from hotich.digitisation.models import ScannedCase, ScannedCaseState
from hotich.digitisation.views import case_list, case_page, page_editor
from hotich.digitisation.views.parts import (
    CASE_TONES,
    PREPARE,
    REVIEW,
    SEES,
    actor_of,
    answering,
    batch_title,
    body_of,
    case_of,
    crumbs,
    needs,
    page_of,
    shown,
    state_words,
    tabs,
    telling,
    whole_number,
)
from hotich.files.views import file_response
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.web.rules.tables import Cell, Column, Row

LIST_SIZE = 50


@needs(REVIEW)
@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """The queue: of all batches, or of one (`?dot=`)."""
    actor, batch = actor_of(request), None
    if request.GET.get("dot"):
        try:
            batch = queries.scan_batch(UUID(request.GET["dot"]), actor)
        except (ValueError, RuleBroken) as error:
            raise Http404("batch") from error
    queue = queries.review_queue(actor, batch_id=batch.id if batch else None)
    page = shown(request, queue, LIST_SIZE)
    first = next((case for case in page.object_list if case.state != ScannedCaseState.RESCAN), None)
    context = {
        "batch": batch,
        "title": batch_title(batch) if batch else "",
        "steps": tabs(batch, queries.progress(batch), "review") if batch else [],
        "breadcrumb": crumbs(batch, (_("Cần xem lại"), "")) if batch else
        [{"label": _("Quét sổ"), "url": reverse("digitisation:batches")}, {"label": _("Cần xem lại"), "url": ""}],
        "columns": [Column(_("Trường hợp"), "code"), Column(_("Quyển sổ")), Column(_("Trạng thái")), Column(_("Vì sao")),
                    Column(_("Cỡ tệp"), "number")],
        "rows": [_row(case, request) for case in page.object_list],
        "first_url": case_page.address_of(first, request) if first else "",
        "list_page": page,
    }  # fmt: skip
    return render(request, "digitisation/review.html", context)


def _row(case: ScannedCase, request: HttpRequest) -> Row:
    size = f"{round(case.size / 1000)} KB" if case.size else ""
    why = case.decision_note if case.state == ScannedCaseState.RESCAN else case_list.reason_words(case)
    return Row(
        str(case.id),
        [
            Cell(case_list.title_of(case), case_page.address_of(case, request)),
            batch_title(case.batch),
            Cell(state_words(case.state, ScannedCaseState), tone=CASE_TONES[ScannedCaseState(case.state)]),
            why,
            size,
        ],
    )


@needs(*SEES)
@require_GET
def case(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """One case: before and after at the same size, its figures, and the decision."""
    found = case_of(request, scanned_case_id)
    return render(request, "digitisation/case.html", case_page.context(request, found))


@needs(*SEES)
@require_GET
def case_before(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """A sheet of the case before it was encoded (`?to=` from 0). A reading in the trail."""
    found = case_of(request, scanned_case_id)
    sheet = request.GET.get("to", "0")
    if not sheet.isdigit():
        raise Http404("sheet")
    try:
        content = services.case_before(actor=actor_of(request), at=clock.now(), case_id=found.id, sheet=int(sheet))
    except RuleBroken as refusal:
        if refusal.code == "reading_reason_needed":
            raise
        raise Http404(refusal.code) from refusal
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response


@needs(*SEES)
@require_GET
def case_pdf(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """The PDF; `?trang=` one page of it as a picture. A reading in the trail."""
    found = case_of(request, scanned_case_id)
    if found.pdf_id is None:
        raise Http404("pdf")
    stored = services.open_case_pdf(actor=actor_of(request), at=clock.now(), case_id=found.id)
    return file_response(request, stored)


@needs(REVIEW)
@require_POST
def case_read_again(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """Have what is new or was changed in the batch of this case read by machine."""
    found = case_of(request, scanned_case_id)
    with telling(request, _("Máy sẽ đọc trong ít phút; hãy mở lại trang này sau.")):
        tasks.read_later(actor_of(request), found.batch)
    return redirect(case_page.address_of(found, request))


@needs(REVIEW)
@require_POST
def case_accept(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """Good enough; of a refused one it has to be said why."""
    found, form = case_of(request, scanned_case_id), DecisionForm(request.POST)
    onward = case_page.onward(found, request)
    with telling(request, _("Đã chấp nhận bản quét.")):
        note, version = _decision(form)
        services.accept_case(actor=actor_of(request), at=clock.now(), case_id=found.id, note=note, version=version)
        return redirect(onward)
    return redirect(case_page.address_of(found, request))


@needs(REVIEW)
@require_POST
def case_rescan(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """The page has to be scanned again, and why."""
    found, form = case_of(request, scanned_case_id), DecisionForm(request.POST)
    onward = case_page.onward(found, request)
    with telling(request, _("Đã yêu cầu quét lại.")):
        note, version = _decision(form)
        services.ask_for_rescan(actor=actor_of(request), at=clock.now(), case_id=found.id, reason=note, version=version)
        return redirect(onward)
    return redirect(case_page.address_of(found, request))


def _decision(form: DecisionForm) -> tuple[str, int]:
    if not form.is_valid():
        raise RuleBroken("request_malformed")
    return form.cleaned_data["note"], form.cleaned_data["version"]


@needs(PREPARE, REVIEW)
@require_http_methods(["GET", "POST"])
@answering
def case_recrop(request: HttpRequest, scanned_case_id: UUID) -> HttpResponseBase:
    """The box of one part of a case, drawn anew (`?phan=` from 0); the PDF is made again."""
    found = case_of(request, scanned_case_id)
    part = int(request.GET.get("phan", "0")) if request.GET.get("phan", "0").isdigit() else -1
    if not 0 <= part < len(found.parts):
        raise Http404("part")
    if request.method == "POST":
        return _recropped(request, found, part)
    page = page_of(request, UUID(str(found.parts[part]["page"])))
    back = case_page.address_of(found, request) if found.pdf_id else case_list.address_of(found)
    box = {"box": found.parts[part]["box"], "header": found.parts[part].get("header")}
    context = {
        "page": page, "batch": found.batch, "title": _("Cắt lại: %(case)s") % {"case": case_list.title_of(found)},
        "place": f"{part + 1}/{len(found.parts)}", "breadcrumb": crumbs(found.batch, (_("Cắt lại"), "")),
        "has_picture": page.flat_id is not None, "may_edit": True, "may_prepare": True, "is_crop": True,
        "facts": page_editor.facts_of(page), "findings": [], "back_url": back, "state_text": "",
        "act_groups": page_editor.CROP_GROUPS, "confirm_label": _("Lưu và tạo lại PDF"),
        "editor": page_editor.crop_data(found.id, page, part, found.version, box, back),
        "parts": [
            {"place": place + 1, "url": f"?phan={place}", "active": place == part} for place in range(len(found.parts))
        ],
    }  # fmt: skip
    return render(request, "digitisation/page.html", context)


def _recropped(request: HttpRequest, found: ScannedCase, part: int) -> HttpResponseBase:
    asked, actor = body_of(request), actor_of(request)
    boxes = asked.get("boxes")
    if not isinstance(boxes, list) or len(boxes) != 1 or not isinstance(boxes[0], dict):
        raise RuleBroken("crop_needs_one_box")
    kept = services.recrop_case(
        actor=actor,
        at=clock.now(),
        case_id=found.id,
        part=part,
        box=boxes[0],
        version=whole_number(asked.get("version")),
    )
    tasks.encode_later(actor, found.batch)
    back = case_page.address_of(found, request) if found.pdf_id else case_list.address_of(found)
    return JsonResponse({"version": kept.version, "text": _("Đã lưu vùng; PDF đang được tạo lại."), "next": back})


@needs("case.edit")
@require_POST
def case_start(request: HttpRequest, scanned_case_id: UUID) -> HttpResponse:
    """Start the case of somebody who waits, out of its scan; keying goes on at the case's own page."""
    found = case_of(request, scanned_case_id)
    with telling(request, _("Đã lập trường hợp từ bản quét; hãy nhập nội dung bên cạnh bản quét.")):
        made = services.start_case_from_scan(actor=actor_of(request), at=clock.now(), scanned_case_id=found.id)
        return redirect("intake:case", case_id=made.id)
    return redirect("digitisation:case", scanned_case_id=found.id)
