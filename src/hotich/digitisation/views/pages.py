"""One scanned page: the editor of its boxes, its pictures, turning and straightening it, setting it aside, a new scan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.digitisation import queries, services, tasks
from hotich.digitisation.forms import DecisionForm, PageFileForm
from hotich.digitisation.models import ScanPage, ScanPageState
from hotich.digitisation.views import page_editor, pictures
from hotich.digitisation.views.batch_page import new_file
from hotich.digitisation.views.parts import (
    PREPARE,
    SEES,
    actor_of,
    answering,
    body_of,
    crumbs,
    needs,
    page_of,
    page_url,
    places_of,
    telling,
    whole_number,
)
from hotich.files.views import file_response
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken


@needs(*SEES)
@require_GET
def page(request: HttpRequest, scan_page_id: UUID) -> HttpResponse:
    """The page with its boxes; while it is being worked on, or when it cannot be used, what there is of it."""
    found = page_of(request, scan_page_id)
    return render(request, "digitisation/page.html", page_editor.context(request, found))


@needs(*SEES)
@require_GET
def page_live(request: HttpRequest, scan_page_id: UUID) -> HttpResponse:
    """Whether the page is still being worked on; asked for by the script while it is."""
    found = page_of(request, scan_page_id)
    waits = found.state == ScanPageState.RECEIVED and not found.batch.failure
    return render(request, "digitisation/parts/page_live.html", {"waits": waits})


@needs(*SEES)
@require_GET
def page_picture(request: HttpRequest, scan_page_id: UUID) -> HttpResponse:
    """The rectified page; `?rong=1000` a smaller picture of it. Every call is a reading in the trail."""
    found = page_of(request, scan_page_id)
    if found.flat_id is None:
        raise Http404("flat")
    stored = services.open_page(actor=actor_of(request), at=clock.now(), page_id=found.id, kind="flat")
    return (
        pictures.narrowed(stored) if request.GET.get("rong") == str(pictures.NARROW) else file_response(request, stored)
    )


@needs(*SEES)
@require_GET
def page_delivered(request: HttpRequest, scan_page_id: UUID) -> HttpResponse:
    """The page as it came, in small. A reading in the trail."""
    found = page_of(request, scan_page_id)
    if found.delivered_id is None:
        raise Http404("delivered")
    stored = services.open_page(actor=actor_of(request), at=clock.now(), page_id=found.id, kind="delivered")
    return file_response(request, stored)


@needs(*SEES)
@require_GET
def page_thumb(request: HttpRequest, scan_page_id: UUID) -> HttpResponse:
    """The page as small as a stamp: which page it is can be seen, nothing of it can be read – so it is no reading."""
    found = page_of(request, scan_page_id)
    stored = found.flat or found.delivered
    if stored is None:
        raise Http404("thumb")
    return pictures.stamp(stored)


@needs(PREPARE)
@require_POST
@answering
def page_boxes(request: HttpRequest, scan_page_id: UUID) -> HttpResponseBase:
    """Keep the boxes; with `confirm` the page is confirmed and the answer says where the next one is."""
    found, asked = page_of(request, scan_page_id), body_of(request)
    boxes = asked.get("boxes")
    if not isinstance(boxes, list):
        raise RuleBroken("request_malformed")
    confirm = asked.get("confirm") is True
    kept = services.set_boxes(
        actor=actor_of(request), at=clock.now(), page_id=found.id, boxes=boxes,
        version=whole_number(asked.get("version")), confirm=confirm,
    )  # fmt: skip
    count = len(kept.boxes)
    text = ngettext("Đã lưu %d vùng.", "Đã lưu %d vùng.", count) % count
    next_url = page_editor.next_to_confirm(kept) if confirm else ""
    return JsonResponse({"version": kept.version, "text": text, "next": next_url})


@needs(PREPARE)
@require_POST
@answering
def page_grid(request: HttpRequest, scan_page_id: UUID) -> HttpResponseBase:
    """Boxes by the ruling of the page. Nothing is kept."""
    return _proposal(page_of(request, scan_page_id), None)


@needs(PREPARE)
@require_POST
@answering
def page_lay(request: HttpRequest, scan_page_id: UUID) -> HttpResponseBase:
    """Boxes by the layout of the batch, laid on this page. Nothing is kept."""
    found = page_of(request, scan_page_id)
    if found.batch.layout is None:
        raise RuleBroken("layout_missing")
    return _proposal(found, found.batch.layout.drawing)


def _proposal(found: ScanPage, drawing: Any) -> HttpResponseBase:
    made = page_editor.proposed(found, drawing)
    count, percent = len(made["boxes"]), round(100 * (made["fit"] or 0))
    if drawing is None:
        text = ngettext("Tìm thấy %d vùng theo đường kẻ.", "Tìm thấy %d vùng theo đường kẻ.", count) % count
    elif made["by"] == "layout":
        text = _("Đã áp mẫu: %(count)d vùng, khớp %(percent)d%%.") % {"count": count, "percent": percent}
    else:
        text = _("Mẫu không khớp trang này (%(percent)d%%); các vùng được đề xuất theo đường kẻ.") % {
            "percent": percent
        }
    return JsonResponse({"boxes": made["boxes"], "text": text})


@needs(PREPARE)
@require_POST
def page_layout(request: HttpRequest, scan_page_id: UUID) -> HttpResponse:
    """Keep the boxes of this page as the layout of the book; the other pages of the batch are boxed by it."""
    found, actor = page_of(request, scan_page_id), actor_of(request)
    with telling(request, _("Đã lưu mẫu trang; các trang chưa xác nhận của đợt đang được xếp vùng theo mẫu.")):
        services.save_layout_from_page(actor=actor, at=clock.now(), page_id=found.id, name=request.POST.get("name", ""))
        tasks.process_later(actor, found.batch)
    return redirect("digitisation:page", scan_page_id=found.id)


@needs(PREPARE)
@require_POST
@answering
def page_turn(request: HttpRequest, scan_page_id: UUID) -> HttpResponseBase:
    """Turn the page clockwise; it is worked on anew."""
    found, asked, actor = page_of(request, scan_page_id), body_of(request), actor_of(request)
    turned = services.turn_page(
        actor=actor, at=clock.now(), page_id=found.id, by=whole_number(asked.get("by")),
        version=whole_number(asked.get("version")),
    )  # fmt: skip
    tasks.process_later(actor, found.batch)
    return JsonResponse({"version": turned.version})


@needs(PREPARE)
@require_POST
@answering
def page_corners(request: HttpRequest, scan_page_id: UUID) -> HttpResponseBase:
    """Say where the sheet lies on the page as delivered; it is worked on anew."""
    found, asked, actor = page_of(request, scan_page_id), body_of(request), actor_of(request)
    corners = asked.get("corners")
    if corners is not None and not isinstance(corners, list):
        raise RuleBroken("corners_malformed")
    changed = services.set_corners(
        actor=actor, at=clock.now(), page_id=found.id, corners=corners, version=whole_number(asked.get("version"))
    )
    tasks.process_later(actor, found.batch)
    return JsonResponse({"version": changed.version})


@needs(PREPARE)
@require_POST
def page_aside(request: HttpRequest, scan_page_id: UUID) -> HttpResponse:
    """Pass the page over: a cover, a blank page, one that came twice."""
    found, form = page_of(request, scan_page_id), DecisionForm(request.POST)
    with telling(request, _("Đã bỏ qua trang.")):
        services.set_page_aside(actor=actor_of(request), at=clock.now(), page_id=found.id, version=_version(form))
    return redirect(_after(request, found))


@needs(PREPARE)
@require_POST
def page_back(request: HttpRequest, scan_page_id: UUID) -> HttpResponse:
    """Use a page after all: one that was passed over, or (with a reason) one that was refused."""
    found, form, actor = page_of(request, scan_page_id), DecisionForm(request.POST), actor_of(request)
    with telling(request, _("Trang được dùng lại, đang xử lý.")):
        version = _version(form)
        services.take_page_back(
            actor=actor, at=clock.now(), page_id=found.id, version=version, reason=form.cleaned_data["note"]
        )
        tasks.process_later(actor, found.batch)
    return redirect("digitisation:page", scan_page_id=found.id)


@needs(PREPARE)
@require_http_methods(["GET", "POST"])
def page_replace(request: HttpRequest, scan_page_id: UUID) -> HttpResponse:
    """Put a better scan in the place of this one."""
    found, actor = page_of(request, scan_page_id), actor_of(request)
    form = PageFileForm(request.POST or None, request.FILES or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.replace_page(
                actor=actor, at=clock.now(), page_id=found.id, file=new_file(form.cleaned_data["file"]),
                version=form.cleaned_data["version"],
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            tasks.process_later(actor, found.batch)
            messages.success(request, _("Đã nhận bản quét mới của trang, đang xử lý."))
            return redirect("digitisation:page", scan_page_id=found.id)
    title = page_editor.title_of(found, places_of(queries.pages_of(found.batch)))
    context = {
        "form": form,
        "page": found,
        "back_url": page_url(found),
        "breadcrumb": crumbs(found.batch, (title, page_url(found)), (_("Quét lại"), "")),
    }
    return render(request, "digitisation/page_replace.html", context, status=422 if form.errors else 200)


def _version(form: DecisionForm) -> int:
    if not form.is_valid():
        raise RuleBroken("request_malformed")
    version: int = form.cleaned_data["version"]
    return version


def _after(request: HttpRequest, found: ScanPage) -> str:
    """Where one goes on: the next page when it was done in the editor, else the grid."""
    if request.POST.get("from") == "editor":
        return page_url(queries.neighbour_pages(found)[1]) or reverse("digitisation:batch", args=[found.batch_id])
    return reverse("digitisation:batch", args=[found.batch_id])
