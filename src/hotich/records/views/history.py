"""What was done to a record, in words, from the audit trail."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hotich.accounts.queries import names_of_officers
from hotich.audit.models import Detail, Entry
from hotich.audit.queries import history_of
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.records.queries import RecordView
from hotich.records.views.parts import value_text
from hotich.registers.models import BookCopy
from hotich.registers.views.parts import words

LONGEST = 200
ACTS = {
    "record.created": (gettext_lazy("Vào sổ điện tử"), "ok"),
    "record.scan_attached": (gettext_lazy("Bổ sung bản chụp"), "accent"),
    "record.read": (gettext_lazy("Xem bản ghi"), "muted"),
    "record.annotated": (gettext_lazy("Thêm ghi chú"), "accent"),
    "record.annotation_sealed": (gettext_lazy("Niêm phong ghi chú"), "warning"),
    "record.annotation_unsealed": (gettext_lazy("Bỏ niêm phong ghi chú"), "warning"),
    "record.annotation_withdrawn": (gettext_lazy("Rút ghi chú"), "warning"),
    "repair.proposed": (gettext_lazy("Đề nghị sửa lỗi nhập liệu"), "accent"),
    "record.repaired": (gettext_lazy("Sửa lỗi nhập liệu"), "warning"),
    "repair.withdrawn": (gettext_lazy("Rút đề nghị sửa lỗi nhập liệu"), "muted"),
    "recipient.told": (gettext_lazy("Báo cho nơi đã nhận giá trị sai"), "accent"),
    "record.restored": (gettext_lazy("Khôi phục hiệu lực: việc hủy giá trị bị hủy bỏ"), "ok"),
    "repair.refused": (gettext_lazy("Không duyệt sửa lỗi nhập liệu"), "muted"),
    "record.annulled": (gettext_lazy("Hủy giá trị"), "error"),
    "record.superseded": (gettext_lazy("Được thay thế bởi đăng ký lại"), "warning"),
}
WITH_VALUES = frozenset({"repair.proposed", "record.repaired"})


def timeline_of(view: RecordView, actor: Actor) -> list[dict[str, Any]]:
    """Entries for `web/parts/timeline.html`, the newest first; restricted values stay hidden."""
    history = history_of("record", view.record.id)[-LONGEST:]
    names = names_of_officers(entry.actor_id for entry, _detail in history if entry.actor_id)
    entries = [_entry(view, entry, detail, names) for entry, detail in reversed(history)]
    return [_together(list(group)) for _key, group in groupby(entries, key=_one_reading)]


def _one_reading(entry: dict[str, Any]) -> tuple[Any, ...]:
    """Readings of one officer on one day, nothing between them, are told in one line."""
    if entry["verb"] != "record.read":
        return (id(entry),)
    return entry["who"], in_vietnam(entry["at"]).date()


def _together(entries: list[dict[str, Any]]) -> dict[str, Any]:
    first = entries[0]
    if len(entries) == 1:
        return first
    return first | {"title": _("%(act)s (%(times)d lần)") % {"act": first["title"], "times": len(entries)}}


def _entry(view: RecordView, entry: Entry, detail: Detail | None, names: dict[int, str]) -> dict[str, Any]:
    title, tone = ACTS.get(entry.verb, (entry.verb, "muted"))
    return {
        "verb": entry.verb,
        "title": title,
        "who": names.get(entry.actor_id or 0, entry.actor_login),
        "at": entry.at,
        "tone": tone,
        "text": _text(view, entry, detail),
    }


def _text(view: RecordView, entry: Entry, detail: Detail | None) -> str:
    if detail is None or not isinstance(detail.after, dict):
        return ""
    if entry.verb in WITH_VALUES:
        return "; ".join(_changes(view, detail))
    if entry.verb == "record.annotated":
        restricted = entry.facts.get("annotation_id") not in {str(note.id) for note in view.annotations}
        text, original = str(detail.after.get("text", "")), detail.after.get("original", "")
        if restricted or original not in BookCopy.values:
            return _("(hạn chế xem)") if restricted else text
        return " – ".join(filter(None, (text, _(BookCopy(original).label))))
    return str(detail.after.get("basis") or detail.after.get("reason") or "")


def _changes(view: RecordView, detail: Detail) -> list[str]:
    labels = {field.code: words(field.label) for field in view.version.fields}
    before: dict[str, Any] = detail.before or {}
    after: dict[str, Any] = detail.after or {}
    lines = [
        f"{labels[code]}: {value_text(before.get(code)) or '–'} → {value_text(value) or '–'}"
        for code, value in after.items()
        if code in labels and code not in view.recorded.hidden
    ]
    return [*lines, *filter(None, [after.get("reason")])]
