"""Notices of annotations: those to answer, those sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records import queries, services
from hotich.records.models import AnnotationKind, AnnotationNotice, Record
from hotich.records.rules.restricted import sees_restricted
from hotich.records.services.retraction import annotations_of_withdrawal
from hotich.records.services.targets import find_target, request_of_notice
from hotich.records.views.parts import NOTICE_TONES, basis_text, page_of
from hotich.registers.views.parts import actor_of, needs, short_name, tell_refusal, telling
from hotich.units.queries import office_by_code
from hotich.web.rules.tables import Cell, Column, Row


@needs("record.annotate")
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Notices this office has to answer, each with the entry it most likely means; then those it sent."""
    actor = actor_of(request)
    part = request.GET.get("phan", "den")
    waiting = queries.notices_for(actor.office_ids)
    context: dict[str, Any] = {
        "part": part,
        "tabs": [
            {"label": _("Chờ xác nhận"), "url": "?phan=den", "active": part == "den", "count": waiting.count()},
            {"label": _("Đã gửi đi"), "url": "?phan=gui", "active": part == "gui"},
        ],
    }
    if part == "gui":
        page = page_of(request, queries.notices_sent(actor.office_ids))
        context |= {"list_page": page, "columns": _sent_columns(), "rows": [_sent_row(item) for item in page.object_list],
                    "unaddressed": [item for item in page.object_list if item.target_office_id is None
                                    and item.state == AnnotationNotice.State.PENDING]}  # fmt: skip
    else:
        page = page_of(request, waiting, 20)
        context |= {"list_page": page, "waiting": [_waiting(item, actor) for item in page.object_list]}
    return render(request, "records/notices.html", context)


def _waiting(notice: AnnotationNotice, actor: Actor) -> dict[str, Any]:
    return {
        "notice": notice,
        "key": str(notice.id),
        "type": short_name(notice.target["register_type"]),
        "target": _target(notice, actor),
        "takes_back": notice.withdraws_id is not None,
        "why": notice.target.get("why", ""),
        "drafts": draft_lines(notice, actor),
    }


def draft_lines(notice: AnnotationNotice, actor: Actor) -> list[dict[str, str]]:
    """What a notice asks to be noted, line by line."""
    sees = sees_restricted(actor)
    return [
        {"kind": _(AnnotationKind(draft.kind).label),
         "text": draft.text if sees or not draft.restricted else _("(hạn chế xem)"),
         "basis": basis_text(draft.basis_number, draft.basis_date_text, draft.basis_authority)}
        for draft in request_of_notice(notice).drafts
    ]  # fmt: skip


def _target(notice: AnnotationNotice, actor: Actor) -> Record | None:
    """The entry a notice most likely means; of a withdrawal, the one the earlier notice was written into."""
    if notice.withdraws_id is None:
        return find_target(request_of_notice(notice), Record(id=notice.source_record_id), actor.office_ids)
    note = next(iter(annotations_of_withdrawal(notice)), None)
    return note.record if note is not None else None


def _sent_columns() -> list[Column]:
    return [Column(_("Gửi lúc"), "date"), Column(_("Bản ghi liên quan"), "code"), Column(_("Đề nghị")), Column(_("Nơi nhận")),
            Column(_("Trạng thái")), Column(_("Lý do"))]  # fmt: skip


def _sent_row(notice: AnnotationNotice) -> Row:
    state = AnnotationNotice.State(notice.state)
    office = notice.target_office.name if notice.target_office else ""
    words = notice.target.get("office_text", "")
    target = f"{short_name(notice.target['register_type'])} {notice.target.get('number_text', '')}".strip()
    return Row(
        str(notice.id),
        [notice.created_at.date().strftime("%d/%m/%Y"), target,
         Cell(_("Rút ghi chú") if notice.withdraws_id else _("Ghi chú vào bản ghi")),
         Cell(office or _("chưa rõ nơi nhận"), note=words if words != office else ""),
         Cell(_(state.label), tone=NOTICE_TONES[state]), notice.reason],
    )  # fmt: skip


@needs("record.annotate")
@require_POST
def refuse_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Say why a notice is not written."""
    with telling(request, _("Đã trả lời nơi gửi.")):
        services.refuse_notice(
            actor=actor_of(request), at=clock.now(), notice_id=notice_id, reason=request.POST.get("reason", "")
        )
    return redirect("records:notices")


@needs("record.annotate")
@require_POST
def address_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Name the office that keeps the entry, by its code."""
    try:
        office = office_by_code(request.POST.get("office", ""))
        services.address_notice(actor=actor_of(request), at=clock.now(), notice_id=notice_id, office_id=office.id)
    except RuleBroken as refusal:
        if refusal.code == "office_unknown":
            messages.error(request, _("Không có cơ quan nào mang mã này."))
        else:
            tell_refusal(request, refusal)
    else:
        messages.success(request, _("Đã gửi đến %(office)s.") % {"office": office.name})
    return redirect("/thong-bao/?phan=gui")
