"""Keying repairs that wait for a second officer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.kernel.actor import Actor
from hotich.records import queries
from hotich.records.models import KeyingRepair
from hotich.records.rules.restricted import restricted_fields, sees_restricted
from hotich.records.views.parts import names_of, page_of
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import actor_of, needs, short_name, words
from hotich.web.rules.formats import time_text
from hotich.web.rules.tables import Cell, Column, Row


@needs("record.approve_repair", "record.repair")
@require_GET
def waiting_repairs(request: HttpRequest) -> HttpResponse:
    """The waiting repairs of the officer's offices, the oldest first; each is decided on the page of its record."""
    actor = actor_of(request)
    waiting = queries.repairs_waiting(actor.office_ids).prefetch_related("record__participants")
    page = page_of(request, waiting)
    names = names_of_officers(repair.proposed_by for repair in page.object_list)
    context = {
        "columns": [Column(_("Bản ghi"), "code"), Column(_("Họ tên")), Column(_("Mục đề nghị sửa")), Column(_("Lý do")),
                    Column(_("Người đề nghị")), Column(_("Việc cần làm"))],
        "rows": [_row(repair, names, actor) for repair in page.object_list],
        "list_page": page,
        "to_decide": queries.count_repairs_to_decide(actor),
        "decides": actor.may("record.approve_repair"),
    }  # fmt: skip
    return render(request, "records/repairs.html", context)


def _row(repair: KeyingRepair, names: dict[int, str], actor: Actor) -> Row:
    record = repair.record
    title = f"{short_name(record.register_type)} {record.number_text or '–'}"
    url = reverse("records:record", args=[record.id])
    return Row(
        str(repair.id),
        [Cell(title, url if actor.may("record.read") else "", note=_("quyển %(book)s") % {"book": record.book.label}),
         names_of(record, actor), _fields(repair, actor), repair.reason,
         Cell(names.get(repair.proposed_by, ""), note=time_text(repair.proposed_at)), _next(repair, url, actor)],
    )  # fmt: skip


def _fields(repair: KeyingRepair, actor: Actor) -> str:
    """The names of the fields to be put right; that a restricted one is among them, not which."""
    version = version_by_id(repair.record.schema_version)
    closed = frozenset() if sees_restricted(actor) else restricted_fields(version)
    labels = {field.code: words(field.label) for field in version.fields} | {"change_items": _("Các mục được thay đổi")}
    shown = [labels.get(code, code) for code in repair.values if code not in closed]
    return ", ".join([*shown, *([_("(hạn chế xem)")] if closed & set(repair.values) else [])])


def _next(repair: KeyingRepair, url: str, actor: Actor) -> Cell:
    if repair.proposed_by in actor.hands:
        return Cell(_("chờ cán bộ khác duyệt"), tone="muted")
    if not actor.may("record.approve_repair"):
        return Cell(_("chờ duyệt"), tone="muted")
    return Cell(_("Xem và quyết định"), url)
