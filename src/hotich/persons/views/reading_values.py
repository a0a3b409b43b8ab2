"""The values of another office's record for its summary page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hotich.persons.queries.look_up_foreign import ForeignRecord
from hotich.records.models import AnnotationKind
from hotich.records.views.parts import basis_text, value_note, value_text
from hotich.registers.codes import label_of
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.types.declaration import Field, Kind
from hotich.registers.views.parts import lang, words

Section = tuple[str, str, list[dict[str, Any]]]


def sections_of_foreign(found: ForeignRecord) -> list[Section]:
    """(code, heading, items for `web/parts/key_values.html`): the values of today, what the book said beside."""
    made = []
    for section in found.version.sections:
        items = [item for field in section.fields if (item := _item(found, field)) is not None]
        if items:
            made.append((section.code, words(section.label), items))
    return made


def _item(found: ForeignRecord, field: Field) -> dict[str, Any] | None:
    change = found.current.changes.get(field.code)
    raw = found.current.values.get(field.code)
    if raw is None and change is None:
        return None
    value, note = value_text(raw), value_note(raw)
    if field.code_list and value.isdigit():
        value, note = label_of(field.code_list, value, lang()), note or _("mã %(code)s") % {"code": value}
    item: dict[str, Any] = {"label": words(field.label), "value": value, "note": note,
                            "wide": field.kind in (Kind.LONG_TEXT, Kind.PLACE, Kind.OFFICE)}  # fmt: skip
    if change is not None:
        before = value_text(change.recorded) or _("sổ không ghi")
        item |= {"note": _("Sổ gốc: %(value)s (ghi chú số %(number)d)") % {"value": before, "number": change.sequence},
                 "tone": "accent", "tone_text": _("đã thay đổi"), "absent": _("đã bỏ")}  # fmt: skip
    return item


def notes_of_foreign(found: ForeignRecord) -> list[dict[str, Any]]:
    """Entries for `web/parts/timeline.html`."""
    return [
        {
            "title": _(AnnotationKind(note.kind).label),
            "who": basis_text(note.basis_number, note.basis_date_text, note.basis_authority),
            "at": note.note_date_text,
            "text": note.text,
            "tone": "accent" if note.in_force else "muted",
        }
        for note in found.notes
    ]


def roles_of_register(letters: str) -> dict[str, str]:
    """Role → what somebody is in an entry of this register, by its newest version."""
    version = REGISTER_TYPES[letters].every_version[-1]
    named = {field.code: section for section in version.sections for field in section.fields}
    return {person.role: words(named[person.name].label) for person in version.participants if person.name in named}
