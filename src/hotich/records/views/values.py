"""The values of a record by section, for the page: texts, reasons, what is hidden and what was changed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hotich.records.queries import RecordView
from hotich.records.views.parts import value_note, value_text
from hotich.registers.codes import label_of
from hotich.registers.rules.values import Recorded, text_of
from hotich.registers.types.declaration import Field, Kind
from hotich.registers.views.parts import lang, words
from hotich.web.rules.tables import Cell, Row

EQUALS = "= "  # before the standard value of words
Section = tuple[str, str, list[dict[str, Any]]]


def sections_of(view: RecordView, *, current: bool = False) -> list[Section]:
    """(code, heading, items for `web/parts/key_values.html`); fields the book leaves empty are left out."""
    shown = view.current_shown if current else view.recorded
    made = []
    for section in view.version.sections:
        items = []
        for field in section.fields:
            if field.code in shown.hidden:
                items.append({"label": words(field.label), "absent": _("hạn chế xem")})
            elif (raw := shown.values.get(field.code)) is not None or (current and field.code in view.current.changes):
                items.append(_item(view, field, raw, current))
        if items:
            made.append((section.code, words(section.label), items))
    return made


def _item(view: RecordView, field: Field, raw: Recorded | None, current: bool) -> dict[str, Any]:
    value, note = value_text(raw), value_note(raw) or standard_note(view, field, raw)
    if value.isdigit() and note.startswith(EQUALS):  # a bare code says nothing to a reader
        value, note = note.removeprefix(EQUALS), _("mã %(code)s") % {"code": value}
    item: dict[str, Any] = {
        "label": words(field.label),
        "value": value,
        "note": note,
        "wide": field.kind in (Kind.LONG_TEXT, Kind.PLACE, Kind.OFFICE),
    }
    change = view.current.changes.get(field.code) if current else None
    if change is not None:
        before = value_text(change.recorded) or _("sổ không ghi")
        item |= {
            "note": _("Sổ gốc: %(value)s (ghi chú số %(number)d)") % {"value": before, "number": change.sequence},
            "tone": "accent",
            "tone_text": _("đã thay đổi"),
            "absent": _("đã bỏ"),
        }
    return item


def standard_note(view: RecordView, field: Field, raw: Recorded | None) -> str:
    """The standard value where it differs from the words of the book, with the rule that made it."""
    standard = view.record.standard.get(field.code)
    if not standard or raw is None or field.kind not in (Kind.CODE, Kind.DATE, Kind.PLACE):
        return ""
    if field.kind is Kind.PLACE:
        return _("%(unit)s (mã %(code)s, mức chắc chắn %(certainty)d%%)") % {
            "unit": standard["unit"], "code": standard["value"], "certainty": round(standard["certainty"] * 100),
        }  # fmt: skip
    value = str(standard.get("value", ""))
    if field.code_list:
        value = label_of(field.code_list, value, lang())
    written = value_text(raw)
    if field.kind is Kind.DATE or value.casefold() == written.casefold():
        return ""
    return f"{EQUALS}{value}"


def change_rows(view: RecordView) -> list[Row]:
    """The rows of an entry that changes several fields; none for other registers."""
    items = view.record.as_recorded.get("change_items")
    if not isinstance(items, list):
        return []
    return [
        Row(f"change{place}", [Cell(text_of(item, code)) for code in ("changed_field", "old_value", "new_value")])
        for place, item in enumerate(items, start=1)
    ]
