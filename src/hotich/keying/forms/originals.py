"""Form of one point in which two originals of a book differ: which of them the record follows, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from hotich.keying.forms.checking import ReasonForm
from hotich.keying.rules.check_reasons import FOR_ORIGINALS
from hotich.keying.rules.notes import is_note
from hotich.keying.rules.originals import FIRST, OTHER, SECOND, Point, PointDecided
from hotich.registers.forms import RecordedField, to_as_recorded
from hotich.registers.types.declaration import RegisterVersion


class PointForm(ReasonForm):
    """One point: what the first original says, what the second says, or, of a field, what both books say instead."""

    choice = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, point: Point, version: RegisterVersion, lang: str, data: Any = None) -> None:
        super().__init__(FOR_ORIGINALS, data, prefix=f"p-{point.field.replace('.', '-')}", blank=True)
        self.point, self.version = point, version
        self.is_note = is_note(point.field)
        kept = [FIRST, SECOND] if self.is_note else [FIRST, SECOND, OTHER]
        self.fields["choice"].choices = [(code, code) for code in kept]  # type: ignore[attr-defined]
        declared = next((each for each in version.fields if each.code == point.field), None)
        if declared is not None:
            self.fields["value"] = RecordedField(declared, lang)
            self.fields["value"].label = gettext("Giá trị khác, cả hai quyển đều ghi")
            self.fields["value"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """A choice and a reason for each point."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("choice"):
            self.add_error("choice", gettext("Hãy chọn một giá trị."))
        if not self.reason:
            self.add_error("reason_code", gettext("Hãy chọn lý do, hoặc ghi rõ lý do khác."))
        return data

    @property
    def decided(self) -> PointDecided:
        """What was decided, after `is_valid()`."""
        field, value = self.point.field, None
        if self.cleaned_data["choice"] == OTHER:
            value = to_as_recorded(self.version, {field: self.cleaned_data.get("value", "")}).get(field)
        return PointDecided(field, self.cleaned_data["choice"], self.reason, value)
