"""What a run, a search or a bulk could not work on, in words: which record or proposal, what went wrong, what to do; without
whom it names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotich.kernel.actor import Actor
from hotich.persons.views.kinship import record_name
from hotich.reconciliation.models import FaultyItem, LinkBulk, LinkProposal
from hotich.reconciliation.queries.faulty_items import Owner, faulty_items
from hotich.reconciliation.rules.faulty_items import DATABASE, RULE, VALUE
from hotich.records.models import Record
from hotich.records.rules.restricted import sees_restricted
from hotich.records.views.parts import role_names
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import lang, short_name
from hotich.units.queries import offices_by_id
from hotich.web.rules.formats import number_text, time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

SHOWN = 50


def faulty_context(actor: Actor, of: Owner) -> dict[str, Any]:
    """What `reconciliation/parts/faulty_items.html` shows."""
    found = faulty_items(of)
    shown = list(found[:SHOWN])
    number = len(shown) if len(shown) < SHOWN else found.count()
    subjects = [Column(_("Đề xuất"))] if isinstance(of, LinkBulk) else [Column(_("Bản ghi")), Column(_("Người"))]
    return {
        "faulty_number": number,
        "faulty_more": number - len(shown),
        "faulty_columns": [*subjects, Column(_("Lý do")), Column(_("Việc cần làm")), Column(_("Lúc"), "date")],
        "faulty_rows": _rows_of_bulk(shown) if isinstance(of, LinkBulk) else _rows(actor, of, shown),
    }


def faulty_words(number: int) -> str:
    """How many could not be worked on, for a cell; "" for none."""
    return (
        ngettext("%(n)s mục gặp lỗi", "%(n)s mục gặp lỗi", number) % {"n": number_text(number, lang())}
        if number
        else ""
    )


def _rows(actor: Actor, of: Owner, shown: list[FaultyItem]) -> list[Row]:
    offices = offices_by_id({each.record_office_id for each in shown})
    records = _records(shown)
    is_elsewhere = any(each.record_office_id != of.origin_office_id for each in shown)
    return [
        _row(each, records.get(each.record_id), offices[each.record_office_id].name if is_elsewhere else "",
             sees=sees_restricted(actor))
        for each in shown
    ]  # fmt: skip


def _rows_of_bulk(shown: list[FaultyItem]) -> list[Row]:
    """Proposals by the two entries they are about."""
    found = LinkProposal.objects.filter(id__in=[each.proposal_id for each in shown])
    proposals = {each.id: each for each in found.select_related("first__record__book", "second__record__book")}
    return [_row_of_bulk(each, proposals[each.proposal_id]) for each in shown if each.proposal_id in proposals]


def _row_of_bulk(item: FaultyItem, proposal: LinkProposal) -> Row:
    names = " – ".join(record_name(each.record) for each in (proposal.first, proposal.second))
    what = _what(item)
    if item.reason == DATABASE:
        what = _("Cơ sở dữ liệu không nhận kết quả của đề xuất này.")
    elif item.reason == VALUE:
        what = _("Phần mềm không xử lý được một giá trị trong các bản ghi liên quan.")
    to_do = _to_do(item)
    if item.reason != DATABASE:
        to_do = _("Mở đề xuất, xem lại hai bản ghi; sửa chỗ sai rồi làm lại, hoặc quyết định riêng đề xuất này. Nếu không "
                  "thấy sai, gửi mã lỗi cho bộ phận kỹ thuật.")  # fmt: skip
    url = reverse("reconciliation:proposal", args=[proposal.id])
    return Row(str(item.id), [Cell(names, url), *_told(item, what, to_do)])


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
            *_told(item, _what(item), _to_do(item)),
        ],
    )


def _told(item: FaultyItem, what: str, to_do: str) -> list[Cell | str]:
    return [
        Cell(what, note=_("Mã lỗi: %(error)s") % {"error": item.error}),
        to_do,
        Cell(time_text(item.failed_at), note=_("đã thử %(number)d lần") % {"number": item.tries}),
    ]


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
