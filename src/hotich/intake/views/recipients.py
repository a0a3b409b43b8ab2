"""Who received what a record said before it was put right, and who was told since: a part of the record page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.intake.queries.recipients import everybody_who_received, is_queued_again
from hotich.intake.views.parts import office_names
from hotich.kernel import clock
from hotich.records.queries.recipients import EXPORT, LOOK_UP, MINISTRY, NOTICE, Receipt
from hotich.records.services import note_reading
from hotich.records.views.parts import opened_record, record_crumbs, record_title
from hotich.registers.views.parts import actor_of, needs


@needs("record.read")
@require_GET
def recipients(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The list; `?du-kien=1` before a change is made. A part of a page, or a page of its own without script."""
    view, actor, now = opened_record(request, record_id), actor_of(request), clock.now()
    planned = request.GET.get("du-kien") == "1"
    record, part = view.record, request.headers.get("HX-Request") == "true"
    if not part:
        note_reading(
            actor=actor, at=now, subject_kind="record", subject_id=record.id, subject_office=record.origin_office_id,
            facts={"part": "noi-nhan"},
        )  # fmt: skip
    found = everybody_who_received(record, changing=now if planned else None)
    rows = _rows(found, is_queued_again(record))
    context = {
        "record": record,
        "planned": planned,
        "rows": rows,
        "untold": sum(1 for row in rows if not row["told_at"]),
        "may_tell": any(map(actor.may, ("record.repair", "record.approve_repair", "record.annul"))) and not planned,
        "subtitle": record_title(record),
        "breadcrumb": record_crumbs(record, _("Nơi đã nhận giá trị cũ")),
    }
    return render(request, "intake/parts/recipients.html" if part else "intake/recipients.html", context)


def _rows(found: list[Receipt], queued: bool) -> list[dict[str, Any]]:
    offices = office_names({each.office_id for each in found if each.office_id})
    officers = names_of_officers([each.officer_id for each in found if each.officer_id])
    return [
        {
            "key": each.key,
            "name": _name(each, offices, officers),
            "at": each.at,
            "told_at": each.told_at,
            "waits": each.way == MINISTRY and queued,
            "by_hand": each.way not in (MINISTRY, NOTICE),
        }
        for each in found
    ]


def _name(each: Receipt, offices: dict[int, str], officers: dict[int, str]) -> str:
    office = offices.get(each.office_id or 0, "")
    if each.way == MINISTRY:
        return _("Bộ Tư pháp (gửi dữ liệu)")
    if each.way == NOTICE:
        return _("%(office)s (thông báo ghi chú)") % {"office": office}
    who = " · ".join(filter(None, [officers.get(each.officer_id or 0, ""), office]))
    if each.way == EXPORT:
        return _("%(who)s (tệp xuất dữ liệu)") % {"who": who}
    return (
        _("%(who)s (tra cứu)") % {"who": who} if each.way == LOOK_UP else _("%(who)s (bản in tra cứu)") % {"who": who}
    )
