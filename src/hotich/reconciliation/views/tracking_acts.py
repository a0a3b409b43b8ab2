"""Acts on one item, each by POST; what was done or why not stands above the page they come back to."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotich.kernel import clock
from hotich.reconciliation.services import tracking as listing
from hotich.reconciliation.services import tracking_settling as settling
from hotich.reconciliation.services import tracking_verifying as verifying
from hotich.reconciliation.services.evidence_files import LARGEST
from hotich.reconciliation.views.tracking_parts import SETTLE, VERIFY, task_name
from hotich.registers.views.parts import actor_of, needs, posted_version, telling

HERE = "reconciliation:tracking_item"


@needs(VERIFY)
@require_POST
def take(request: HttpRequest, tracking_item_id: UUID) -> HttpResponse:
    """A verifier takes the item."""
    with telling(request, _("Đã nhận xác minh.")):
        listing.take_item(actor=actor_of(request), at=clock.now(), item_id=tracking_item_id)
    return redirect(HERE, tracking_item_id)


@needs(VERIFY, SETTLE)
@require_POST
def give_back(request: HttpRequest, tracking_item_id: UUID) -> HttpResponse:
    """The item waits for a verifier again."""
    with telling(request, _("Mục đã trở lại danh sách chờ phân công.")):
        listing.give_back(
            actor=actor_of(request), at=clock.now(), item_ids=[tracking_item_id], reason=request.POST.get("reason", "")
        )
    return redirect(HERE, tracking_item_id)


@needs(SETTLE)
@require_POST
def send_back(request: HttpRequest, tracking_item_id: UUID) -> HttpResponse:
    """The verifier is asked to look again."""
    with telling(request, _("Đã đề nghị công an xác minh lại.")):
        verifying.send_back(
            actor=actor_of(request), at=clock.now(), item_id=tracking_item_id, version=posted_version(request),
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    return redirect(HERE, tracking_item_id)


@needs(SETTLE)
@require_POST
def contact(request: HttpRequest, tracking_item_id: UUID) -> HttpResponse:
    """The citizen was contacted, or not reached."""
    with telling(request, _("Đã ghi lần liên hệ.")):
        settling.log_contact(
            actor=actor_of(request), at=clock.now(), item_id=tracking_item_id, way=request.POST.get("way", ""),
            is_reached=bool(request.POST.get("is_reached")), words=request.POST.get("contact_words", ""),
        )  # fmt: skip
    return redirect(HERE, tracking_item_id)


@needs(VERIFY, SETTLE)
@require_POST
def add_evidence(request: HttpRequest, tracking_item_id: UUID) -> HttpResponse:
    """A paper comes to the item."""
    given = request.FILES.get("evidence_file")
    with telling(request, _("Đã kèm giấy tờ.")):
        verifying.add_evidence(
            actor=actor_of(request), at=clock.now(), item_id=tracking_item_id,
            name=given.name or "" if given is not None else "",
            content=given.read(LARGEST + 1) if given is not None else b"",
            words=request.POST.get("evidence_words", ""),
        )  # fmt: skip
    return redirect(HERE, tracking_item_id)


@needs(SETTLE)
@require_POST
def start_task(request: HttpRequest, tracking_item_id: UUID) -> HttpResponse:
    """What follows from the verdict is begun."""
    task = request.POST.get("task", "")
    with telling(request):
        settling.start_task(
            actor=actor_of(request), at=clock.now(), item_id=tracking_item_id, version=posted_version(request), task=task,
            words=request.POST.get("task_words", ""), ref=request.POST.get("task_ref", ""),
        )  # fmt: skip
        messages.success(request, _("Đã bắt đầu: %(task)s.") % {"task": task_name(task)})
    return redirect(HERE, tracking_item_id)


@needs(SETTLE)
@require_POST
def close(request: HttpRequest, tracking_item_id: UUID) -> HttpResponse:
    """The item leaves the list."""
    with telling(request, _("Đã kết thúc mục theo dõi.")):
        settling.close_item(
            actor=actor_of(request), at=clock.now(), item_id=tracking_item_id, version=posted_version(request),
            words=request.POST.get("closing_words", ""),
        )  # fmt: skip
    return redirect(HERE, tracking_item_id)


@needs(SETTLE)
@require_POST
def reopen(request: HttpRequest, tracking_item_id: UUID) -> HttpResponse:
    """A closed item comes on the list again."""
    with telling(request, _("Đã mở lại mục theo dõi.")):
        settling.reopen_item(
            actor=actor_of(request), at=clock.now(), item_id=tracking_item_id, version=posted_version(request),
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    return redirect(HERE, tracking_item_id)
