"""Short acts on a record: each calls one service and goes back to the page it came from."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.persons import services
from hotich.records.views.parts import tell_refusal
from hotich.registers.views.parts import actor_of, needs


@needs("record.annul")
@require_POST
def annul(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Take the effect from a record, on the decision named."""
    try:
        services.annul_record(
            actor=actor_of(request), at=clock.now(), record_id=record_id, basis=request.POST.get("reason", "")
        )
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Đã hủy giá trị bản ghi; quan hệ và tình trạng đã được tính lại."))
    return redirect("records:record", record_id)


@needs("record.annotate")
@require_POST
def withdraw_annotation(request: HttpRequest, record_id: UUID, annotation_id: UUID) -> HttpResponse:
    """Set an annotation out of force."""
    try:
        services.withdraw_annotation(
            actor=actor_of(request), at=clock.now(), annotation_id=annotation_id, reason=request.POST.get("reason", "")
        )
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Đã rút ghi chú."))
    return redirect(f"{reverse('records:record', args=[record_id])}?phan=ghi-chu")


@needs("record.approve_repair")
@require_POST
def decide_repair(request: HttpRequest, record_id: UUID, repair_id: UUID) -> HttpResponse:
    """Accept or refuse a keying repair."""
    approve = request.POST.get("decision") == "approve"
    try:
        services.decide_repair(
            actor=actor_of(request), at=clock.now(), repair_id=repair_id, approve=approve,
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
    else:
        done = _("Đã sửa lỗi nhập liệu; bản cũ được lưu trong lịch sử.")
        messages.success(request, done if approve else _("Đã trả lời: không duyệt sửa."))
    return redirect("records:record", record_id)


@needs("record.annotate")
@require_POST
def confirm_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Write what another office asks for into the entry."""
    chosen = request.POST.get("record", "")
    try:
        record_id = UUID(chosen) if chosen else None
    except ValueError:
        record_id = None
    try:
        record = services.confirm_notice(
            actor=actor_of(request), at=clock.now(), notice_id=notice_id, record_id=record_id
        )
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
        return redirect("records:notices")
    messages.success(request, _("Đã thực hiện và báo cho nơi gửi."))
    return redirect(f"{reverse('records:record', args=[record.id])}?phan=ghi-chu")
