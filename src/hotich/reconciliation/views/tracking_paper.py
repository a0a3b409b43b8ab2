"""The list as it leaves the screen: printed for the meeting with the police, and what a workbook of it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
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
from hotich.registers.views.parts import actor_of, needs, uuid_or_none

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


START = "tu"
"""In the address: the first item of a part of the printed list."""


def asked_for(request: HttpRequest, actor: Actor, most: int) -> tuple[list[TrackingItem], list[str], int]:
    """The filtered items this officer may see, as many as one paper takes; the filter in words; how many there are."""
    form = filter_of(actor, request.GET)
    found = queries.items(actor, form.wanted(), today=clock.today())
    return _seen_by(actor, list(found[:most])), form.words(), found.count()


def _seen_by(actor: Actor, shown: list[TrackingItem]) -> list[TrackingItem]:
    if sees_restricted(actor):
        return shown
    people = queries.people_of(shown)
    return [item for item in shown if item.id not in people or not people[item.id].restricted]


@needs(*queries.SEES)
@require_GET
def tracking_print(request: HttpRequest) -> HttpResponse:
    """The list for the meeting: both sides of every fact, with room for the verdict. A long one comes in parts, each as
    much as a browser lays out at once; a part begins at its item, so that what is settled meanwhile moves nothing between
    them."""
    actor = actor_of(request)
    form = filter_of(actor, request.GET)
    found = queries.items(actor, form.wanted(), today=clock.today())
    number, rows = found.count(), queries.from_item(found, uuid_or_none(request.GET.get(START, "")))
    before, part = number - rows.count(), list(rows[: PRINT_MOST + 1])
    shown = _seen_by(actor, part[:PRINT_MOST])
    note_print(actor=actor, at=clock.now(), item_ids=[item.id for item in shown])
    context = {
        "lines": _lines(shown), "words": form.words(), "number": number, "before": before,
        "last": before + len(part[:PRINT_MOST]), "parts": _parts(request, found, number, before),
        "next_url": _part_url(request, part[PRINT_MOST].id) if len(part) > PRINT_MOST else "",
        "signers": [_("Cán bộ công an đối chiếu"), _("Công chức tư pháp - hộ tịch"), _("Lãnh đạo Ủy ban nhân dân")],
        **sheet_context(request, list_url(request)),
    }  # fmt: skip
    return render(request, "reconciliation/tracking_print.html", context)


def _parts(request: HttpRequest, found: QuerySet[TrackingItem], number: int, before: int) -> list[dict[str, Any]]:
    """Every part with its numbers; () for a list of one."""
    if number <= PRINT_MOST:
        return []
    firsts = range(1, number + 1, PRINT_MOST)
    return [
        {"first": first, "last": min(first + PRINT_MOST - 1, number), "url": _part_url(request, start),
         "is_here": first == before + 1}
        for first, start in zip(firsts, queries.starts_of_parts(found, number, PRINT_MOST), strict=False)
    ]  # fmt: skip


def _part_url(request: HttpRequest, start: UUID) -> str:
    query = request.GET.copy()
    query[START] = str(start)
    return f"{reverse('reconciliation:tracking_print')}?{query.urlencode()}"


def list_url(request: HttpRequest) -> str:
    """The list as it was filtered."""
    given = request.GET.copy()
    given.pop(START, None)
    query = given.urlencode()
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
