"""What a run or a search could not work on, in words: which record, what went wrong, what to do; without whom it names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.kernel.actor import Actor
from hotich.reconciliation.models import FaultyItem, LinkSearch, MatchRun
from hotich.reconciliation.queries.faulty_items import faulty_items
from hotich.reconciliation.rules.faulty_items import DATABASE, RULE
from hotich.records.models import Record
from hotich.records.rules.restricted import sees_restricted
from hotich.records.views.parts import role_names
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import short_name
from hotich.units.queries import offices_by_id
from hotich.web.rules.formats import time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

SHOWN = 50


def faulty_context(actor: Actor, of: MatchRun | LinkSearch) -> dict[str, Any]:
    """What `reconciliation/parts/faulty_items.html` shows."""
    found = faulty_items(of)
    shown = list(found[:SHOWN])
    number = len(shown) if len(shown) < SHOWN else found.count()
    offices = offices_by_id({each.record_office_id for each in shown})
    records = _records(shown)
    is_elsewhere = any(each.record_office_id != of.origin_office_id for each in shown)
    return {
        "faulty_number": number,
        "faulty_more": number - len(shown),
        "faulty_columns": [
            Column(_("Bản ghi")), Column(_("Người")), Column(_("Lý do")), Column(_("Việc cần làm")),
            Column(_("Lúc"), "date"),
        ],
        "faulty_rows": [
            _row(each, records.get(each.record_id), offices[each.record_office_id].name if is_elsewhere else "",
                 sees=sees_restricted(actor))
            for each in shown
        ],
    }  # fmt: skip


def _records(items: list[FaultyItem]) -> dict[UUID, Record]:
    """Those the officer may open, without what the entries say: that is what may be broken."""
    found = Record.objects.filter(id__in={each.record_id for each in items}).select_related("book")
    return {record.id: record for record in found.defer("as_recorded", "standard")}


def _row(item: FaultyItem, record: Record | None, office: str, *, sees: bool) -> Row:
    # a record outside one's offices, or gone: its office finds it by this
    name = f"{short_name(item.register_type)} {item.number_text}" if item.register_type else str(item.record_id)
    where = " · ".join(filter(None, (office, record.book.label if record is not None else "")))
    return Row(
        str(item.id),
        [
            Cell(name, reverse("records:record", args=[record.id]) if record is not None else "", note=where),
            _who(item, record, sees=sees),
            Cell(_what(item), note=_("Mã lỗi: %(error)s") % {"error": item.error}),
            _to_do(item),
            Cell(time_text(item.failed_at), note=_("đã thử %(number)d lần") % {"number": item.tries}),
        ],
    )  # fmt: skip


def _who(item: FaultyItem, record: Record | None, *, sees: bool) -> str:
    if not item.role:
        return _("Cả bản ghi")
    if record is None:
        return "–"
    version = version_by_id(record.schema_version)
    if not sees and any(each.role == item.role and each.restricted for each in version.participants):
        return "–"
    return role_names(record).get(item.role, item.role)


def _what(item: FaultyItem) -> str:
    if item.reason == RULE:
        return text_of(item.code, {})
    if item.reason == DATABASE:
        return _("Cơ sở dữ liệu không nhận kết quả của người này.")
    return _("Phần mềm không xử lý được một giá trị của bản ghi này.")


def _to_do(item: FaultyItem) -> str:
    if item.reason == DATABASE:
        return _("Gửi mã lỗi cho bộ phận kỹ thuật; khi đã khắc phục thì làm lại.")
    return _("Mở bản ghi, xem lại ngày tháng, số và mã; sửa chỗ sai rồi làm lại. Nếu không thấy sai, gửi mã lỗi cho bộ "
             "phận kỹ thuật.")  # fmt: skip
