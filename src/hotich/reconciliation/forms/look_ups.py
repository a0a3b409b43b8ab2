"""Forms of look-ups: what an officer may ask, and why somebody is not there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hotich.kernel.dates import DateError, parse_date
from hotich.reconciliation.models import AbsenceReason, CheckOutcome
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import short_name
from hotich.web.forms import HotichForm


def _text(label: Any, width: str, most: int, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"data-width": width, "autocomplete": "off", "spellcheck": "false", **attrs})
    return forms.CharField(label=label, required=False, max_length=most, widget=widget)


class QuestionForm(HotichForm):
    """A number, or a name with one more fact."""

    section_fields = (
        (gettext_lazy("Theo số"), ("personal_id", "old_id")),
        (gettext_lazy("Hoặc theo họ tên và thêm một thông tin"), ("full_name", "birth", "father_name", "mother_name")),
    )
    personal_id = _text(gettext_lazy("Số định danh cá nhân"), "m", 20, inputmode="numeric")
    old_id = _text(gettext_lazy("Số chứng minh nhân dân"), "m", 20, inputmode="numeric")
    full_name = _text(gettext_lazy("Họ, chữ đệm, tên"), "l", 100)
    birth = _text(gettext_lazy("Ngày hoặc năm sinh"), "s", 60)
    father_name = _text(gettext_lazy("Họ tên cha"), "l", 100)
    mother_name = _text(gettext_lazy("Họ tên mẹ"), "l", 100)

    def clean_birth(self) -> str:
        """As ISO, maybe only the year."""
        text = str(self.cleaned_data["birth"]).strip()
        if not text:
            return ""
        try:
            found = parse_date(text).iso()
        except DateError:
            found = ""
        if not found:
            raise forms.ValidationError(_("Không đọc được ngày sinh; hãy ghi như 12/03/1988 hoặc 1988."))
        return found


def question_initial(facts: BookFacts) -> dict[str, str]:
    """What the book says, to begin with."""
    return {
        "personal_id": facts.personal_id, "old_id": facts.old_id, "full_name": facts.full_name,
        "birth": "/".join(reversed(facts.birth.split("-"))), "father_name": facts.father_name,
        "mother_name": facts.mother_name,
    }  # fmt: skip


class AbsenceForm(HotichForm):
    """Why somebody of a register is not in the population database."""

    absence = forms.ChoiceField(label=gettext_lazy("Lý do không có trong CSDL dân cư"))
    absence_words = forms.CharField(
        label=gettext_lazy("Nói rõ (bắt buộc khi chọn lý do khác)"), required=False, max_length=300,
        widget=forms.TextInput(attrs={"data-width": "xl", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["absence"]
        field.choices = [("", _("– chọn –")), *((reason.value, _(reason.label)) for reason in AbsenceReason)]


class ListFilter(HotichForm):
    """Which checks are listed."""

    ket_qua = forms.ChoiceField(label=gettext_lazy("Kết quả"), required=False)
    so = forms.ChoiceField(label=gettext_lazy("Loại sổ"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome: Any = self.fields["ket_qua"]
        outcome.choices = [
            ("", _("Cần cán bộ xác định")),
            *((each.value, _(each.label)) for each in CheckOutcome),
            ("to_confirm", _("Không tìm thấy, chờ công an xác nhận")),
        ]
        register: Any = self.fields["so"]
        register.choices = [("", _("Tất cả")), *((letters, short_name(letters)) for letters in REGISTER_TYPES)]
