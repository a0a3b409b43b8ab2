"""A second officer decides a keying repair: the scan, what differs, what the checks say and what would follow."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.persons import services
from hotich.persons.services.consequences import consequences_of_repair
from hotich.persons.views.consequence_words import consequences_context
from hotich.records.models import KeyingRepair
from hotich.records.queries import RecordView
from hotich.records.services import note_reading
from hotich.records.views.differences import check_context, difference_rows, hides_some
from hotich.records.views.parts import names_of, opened_record, record_crumbs, record_title, scan_places
from hotich.registers.views.parts import actor_of, needs, telling


@needs("record.approve_repair")
@require_http_methods(["GET", "POST"])
def decide_repair(request: HttpRequest, record_id: UUID, repair_id: UUID) -> HttpResponse:
    """Accept or refuse a keying repair; the page shows everything there is to know before."""
    if request.method == "POST":
        return _decided(request, record_id, repair_id)
    view, actor, now = opened_record(request, record_id), actor_of(request), clock.now()
    repair = next((each for each in view.repairs if each.id == repair_id), None)
    if repair is None:
        raise Http404("repair_unknown")
    if repair.state != KeyingRepair.State.PROPOSED:
        return redirect("records:record", record_id)
    own, closed = repair.proposed_by in actor.hands, hides_some(view, repair.values)
    may_decide = not own and not closed
    note_reading(
        actor=actor, at=now, subject_kind="record", subject_id=record_id, subject_office=view.record.origin_office_id,
        facts={"part": "he-qua", "repair_id": str(repair_id)},
    )  # fmt: skip
    context = {
        "record": view.record,
        "repair": repair,
        "who": names_of_officers([repair.proposed_by]).get(repair.proposed_by, ""),
        "own": own,
        "hides": closed,
        "may_decide": may_decide,
        "differences": difference_rows(view, repair.values),
        "check": check_context(view, repair.values),
        "found": consequences_context(consequences_of_repair(actor=actor, at=now, repair=repair))
        if may_decide
        else None,
        "refuse_hidden": {"decision": "refuse"},
        **_head(view, actor),
    }
    return render(request, "persons/repair_decision.html", context)


def _head(view: RecordView, actor: Actor) -> dict[str, object]:
    title = _("Quyết định đề nghị sửa lỗi nhập liệu")
    return {
        "title": title,
        "subtitle": f"{record_title(view.record)} · {names_of(view.record, actor)}",
        "breadcrumb": record_crumbs(view.record, title),
        **scan_places(view.scans),
    }


def _decided(request: HttpRequest, record_id: UUID, repair_id: UUID) -> HttpResponse:
    approve = request.POST.get("decision") == "approve"
    done = _("Đã sửa lỗi nhập liệu; bản cũ được lưu trong lịch sử.") if approve else _("Đã trả lời: không duyệt sửa.")
    with telling(request, done):
        services.decide_repair(
            actor=actor_of(request), at=clock.now(), repair_id=repair_id, approve=approve,
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    return redirect("records:record", record_id)
