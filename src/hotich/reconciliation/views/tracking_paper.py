"""The list as it leaves the screen: printed for the meeting with the police, and what a workbook of it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.reconciliation.models import TrackingItem
from hotich.reconciliation.queries import tracking as queries
from hotich.reconciliation.rules.tracking_workbook import Cell, write_table
from hotich.reconciliation.services.tracking_export import PRINT_MOST, note_print
from hotich.reconciliation.views.tracking_parts import (
    fact_name,
    filter_of,
    item_title,
    kind_name,
    role_name,
    state_name,
    task_name,
    value_shown,
    verdict_name,
    whole_verdict,
)
from hotich.records.rules.restricted import sees_restricted
from hotich.records.views.printing import sheet_context
from hotich.registers.views.parts import actor_of, needs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked_for(request: HttpRequest, actor: Actor, most: int) -> tuple[list[TrackingItem], list[str], int]:
    """The filtered items this officer may see, as many as one paper takes; the filter in words; how many there are."""
    form = filter_of(actor, request.GET)
    found = queries.items(actor, form.wanted(), today=clock.today())
    number, shown = found.count(), list(found[:most])
    if not sees_restricted(actor):
        people = queries.people_of(shown)
        shown = [item for item in shown if item.id not in people or not people[item.id].restricted]
    return shown, form.words(), number


@needs(*queries.SEES)
@require_GET
def tracking_print(request: HttpRequest) -> HttpResponse:
    """The list for the meeting: both sides of every fact, with room for the verdict."""
    actor = actor_of(request)
    shown, words, number = asked_for(request, actor, PRINT_MOST)
    note_print(actor=actor, at=clock.now(), item_ids=[item.id for item in shown])
    context = {
        "lines": _lines(shown), "words": words, "number": number, "most": PRINT_MOST,
        "signers": [_("Cán bộ công an đối chiếu"), _("Công chức tư pháp - hộ tịch"), _("Lãnh đạo Ủy ban nhân dân")],
        **sheet_context(request, list_url(request)),
    }  # fmt: skip
    return render(request, "reconciliation/tracking_print.html", context)


def list_url(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return reverse("reconciliation:tracking") + (f"?{query}" if query else "")


def _lines(shown: Sequence[TrackingItem]) -> list[dict[str, Any]]:
    people, fields = queries.people_of(shown), queries.fields_of(shown)
    return [
        {
            "title": item_title(item), "book": item.record.book.label if item.record is not None else "",
            "person": people[item.id].full_name if item.id in people else "", "role": role_name(item.check_of.role),
            "number": item.check_of.personal_id, "due": item.due_on, "state": state_name(item),
            "words": item.verdict_words,
            "fields": [
                {"name": fact_name(each.field), "ours": value_shown(each.field, each.ours),
                 "theirs": value_shown(each.field, each.theirs), "kind": kind_name(each.kind),
                 "verdict": verdict_name(each.verdict), "right": value_shown(each.field, each.right_value)}
                for each in fields.get(item.id, [])
            ],
        }
        for item in shown
    ]  # fmt: skip


def workbook(shown: Sequence[TrackingItem]) -> HttpResponse:
    """A workbook, a row a fact: what a meeting fills in stands in the last columns."""
    headings = [
        _("Loại sổ, số đăng ký"), _("Quyển"), _("Họ tên"), _("Vai trò"), _("Số định danh (CSDL dân cư)"), _("Thông tin"),
        _("Sổ hộ tịch ghi"), _("CSDL dân cư ghi"), _("Khác thế nào"), _("Trạng thái"), _("Hạn"), _("Người xác minh"),
        _("Kết luận"), _("Giá trị đúng"), _("Căn cứ"), _("Việc theo kết luận"), _("Kết luận của mục"),
    ]  # fmt: skip
    people, fields = queries.people_of(shown), queries.fields_of(shown)
    names = names_of_officers({item.verified_by or item.assigned_to or 0 for item in shown})
    rows: list[list[Cell]] = []
    for item in shown:
        differ = fields.get(item.id, [])
        head: list[Cell] = [
            item_title(item), item.record.book.label if item.record is not None else "",
            people[item.id].full_name if item.id in people else "", role_name(item.check_of.role),
            item.check_of.personal_id,
        ]  # fmt: skip
        tail: list[Cell] = [
            item.verdict_words, task_name(item.task), whole_verdict(item, [each.verdict for each in differ])
        ]  # fmt: skip
        for each in differ:
            rows.append([
                *head, fact_name(each.field), value_shown(each.field, each.ours), value_shown(each.field, each.theirs),
                kind_name(each.kind), state_name(item), f"{item.due_on:%d/%m/%Y}",
                names.get(item.verified_by or item.assigned_to or 0, ""), verdict_name(each.verdict),
                value_shown(each.field, each.right_value), *tail,
            ])  # fmt: skip
    response = HttpResponse(write_table(_("Danh sách theo dõi"), headings, rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="danh-sach-theo-doi-{clock.today():%Y%m%d}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response
