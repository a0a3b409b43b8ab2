"""Forms of checking: why, and which value of two. What may be is judged by the services, not here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.keying.models import Difference, DifferenceDecision
from hotich.keying.rules.annotations import NOT_CHANGEABLE, kinds_for, tidy
from hotich.keying.rules.check_reasons import FOR_CORRECTIONS, FOR_DECISIONS, LONGEST_WORDS, REASONS, reason_of
from hotich.keying.rules.comparison import WHOLE_CASE, first_is_a
from hotich.keying.rules.notes import is_note
from hotich.keying.rules.sync import NOTE_LIMITS
from hotich.keying.services.differences import Decided
from hotich.records.models import AnnotationKind
from hotich.registers.forms import RecordedField, to_as_recorded
from hotich.registers.rules.outputs import text_in
from hotich.registers.rules.values import Recorded, decode
from hotich.registers.types.declaration import RegisterVersion
from hotich.web.forms import HotichForm

A, B, THIRD = "a", "b", "other"
NOTE_LABELS = {
    "kind": _("Loại ghi chú"),
    "field": _("Thay đổi trường"),
    "new_value": _("Giá trị mới"),
    "text": _("Nguyên văn ghi chú"),
    "note_date_text": _("Ngày ghi chú"),
    "basis_number": _("Căn cứ số"),
    "basis_date_text": _("Ngày của căn cứ"),
    "basis_authority": _("Cơ quan ban hành"),
}


class ReasonForm(HotichForm):
    """Why: a code, and words where they are needed."""

    reason_code = forms.ChoiceField(label=_("Lý do"), required=False, widget=forms.Select(attrs={"data-width": "l"}))
    reason_words = forms.CharField(
        label=_("Ghi thêm"), required=False, max_length=LONGEST_WORDS,
        widget=forms.TextInput(attrs={"data-width": "l", "autocomplete": "off", "lang": "vi"}),
    )  # fmt: skip

    def __init__(self, codes: Sequence[str], *args: Any, blank: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, gettext(REASONS[code])) for code in codes]
        self.fields["reason_code"].choices = [*([("", gettext("– chọn –"))] if blank else []), *named]  # type: ignore[attr-defined]

    @property
    def reason(self) -> str:
        """The reason as it is kept; "" when none was given."""
        return reason_of(self.cleaned_data.get("reason_code", ""), self.cleaned_data.get("reason_words", ""))


def correction_reason(data: Any = None) -> ReasonForm:
    """Why a value is corrected while looking."""
    return ReasonForm(FOR_CORRECTIONS, data, blank=True)


def note_fields(version: RegisterVersion, lang: str) -> dict[str, forms.Field]:
    """A note in the margin in parts (rules.annotations), each as written."""
    kinds = [("", gettext("– không có ghi chú này –"))]
    kinds += [(kind, gettext(str(AnnotationKind(kind).label))) for kind in kinds_for(version)]
    changed = [(each.code, text_in(each.label, lang)) for each in version.fields if each.on_form]
    changed = [("", gettext("– không –")), *(pair for pair in changed if pair[0] not in NOT_CHANGEABLE)]
    found: dict[str, forms.Field] = {
        "kind": forms.ChoiceField(choices=kinds, required=False),
        "field": forms.ChoiceField(choices=changed, required=False),
        "new_value": forms.CharField(required=False, max_length=NOTE_LIMITS["text"]),
        "text": forms.CharField(
            required=False, max_length=NOTE_LIMITS["text"], widget=forms.Textarea(attrs={"rows": 2})
        ),
    }
    for name in ("note_date_text", "basis_number", "basis_date_text", "basis_authority"):
        found[name] = forms.CharField(required=False, max_length=NOTE_LIMITS[name])
    for name, field in found.items():
        field.label = NOTE_LABELS[name]
        field.widget.attrs |= {"data-width": "full" if name == "text" else "l", "autocomplete": "off", "lang": "vi"}
    return found


class DecisionForm(ReasonForm):
    """One difference: A or B (which of them was keyed first is not told), or a value of the checker's own."""

    choice = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, row: Difference, version: RegisterVersion, lang: str, data: Any = None) -> None:
        prefix = f"d{row.id.hex}"
        super().__init__(FOR_DECISIONS, data, prefix=prefix, initial={"reason_code": FOR_DECISIONS[0]})
        self.row, self.version = row, version
        self.notes: dict[str, forms.Field] = {}
        self.first_is_a = first_is_a(row.id)
        kept = [A, B, THIRD] if row.field != WHOLE_CASE else [A if self.first_is_a else B]
        self.fields["choice"].choices = [(code, code) for code in kept]  # type: ignore[attr-defined]
        if is_note(row.field):
            self.notes = note_fields(version, lang)
            said = row.first_value or row.second_value or {}
            for name, field in self.notes.items():
                field.initial = decode(said.get(name)).text if isinstance(said, dict) else ""
                self.fields[name] = field
        elif row.field != WHOLE_CASE:
            declared = next(each for each in version.fields if each.code == row.field)
            self.fields["value"] = RecordedField(declared, lang)
            self.fields["value"].label = gettext("Giá trị khác, như trong sổ")
            self.fields["value"].help_text = ""

    @property
    def note_lines(self) -> list[BoundField]:
        """The fields of a note as somebody else would write it; none of any other difference."""
        return [self[name] for name in self.notes]

    @property
    def values(self) -> tuple[Recorded | None, Recorded | None]:
        """The values shown as A and as B."""
        pair = (self.row.first_value, self.row.second_value)
        return pair if self.first_is_a else (pair[1], pair[0])

    @property
    def decided(self) -> Decided | None:
        """What was decided, after `is_valid()`; None when nothing was chosen."""
        choice = self.cleaned_data.get("choice", "")
        if not choice:
            return None
        if choice == THIRD and is_note(self.row.field):
            said = {name: self.cleaned_data.get(name, "").strip() for name in self.notes}
            note = tidy(said) if said["kind"] else None  # no kind: there is no such note in the margin
            return Decided(self.row.id, DifferenceDecision.OTHER, self.reason, note)
        if choice == THIRD:
            field = self.row.field
            value = to_as_recorded(self.version, {field: self.cleaned_data.get("value", "")}).get(field)
            return Decided(self.row.id, DifferenceDecision.OTHER, self.reason, value)
        is_first = (choice == A) == self.first_is_a
        return Decided(self.row.id, DifferenceDecision.FIRST if is_first else DifferenceDecision.SECOND, self.reason)
