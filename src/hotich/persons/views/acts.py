"""Short acts on a record: each calls one service and goes back to the page it came from."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotich.kernel import clock
from hotich.persons import services
from hotich.registers.views.parts import actor_of, needs, telling


@needs("record.annotate")
@require_POST
def withdraw_annotation(request: HttpRequest, record_id: UUID, annotation_id: UUID) -> HttpResponse:
    """Set an annotation out of force."""
    with telling(request, _("Đã rút ghi chú.")):
        services.withdraw_annotation(
            actor=actor_of(request), at=clock.now(), annotation_id=annotation_id, reason=request.POST.get("reason", "")
        )
    return redirect(f"{reverse('records:record', args=[record_id])}?phan=ghi-chu")


@needs("record.annotate")
@require_POST
def confirm_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Write what another office asks for into the entry: the one that fits, or the one chosen."""
    chosen = request.POST.get("record", "")
    try:
        record_id = UUID(chosen) if chosen else None
    except ValueError:
        record_id = None
    with telling(request, _("Đã thực hiện và báo cho nơi gửi.")):
        record = services.confirm_notice(
            actor=actor_of(request), at=clock.now(), notice_id=notice_id, record_id=record_id
        )
        return redirect(f"{reverse('records:record', args=[record.id])}?phan=ghi-chu")
    return redirect("records:notices")
