"""The form all screens build on: fields in sections, findings of the checks beside the field they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from hotich.kernel.problems import Problem, RuleBroken
from hotich.web.texts import text_of_problem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Django's own Vietnamese says "Trường này là bắt buộc" for every field; these tell what to do.
ERROR_TEXTS = {
    "required": _("Chưa nhập mục này."),
    "invalid_choice": _("Giá trị đã chọn không có trong danh sách."),
    "max_length": _("Quá dài: nhiều nhất %(limit_value)d ký tự, đang có %(show_value)d."),
    "empty": _("Tệp rỗng."),
    "missing": _("Chưa chọn tệp."),
}


@dataclass(frozen=True, slots=True)
class FormSection:
    """A part of a form: its title and the fields in it. `code` becomes the anchor."""

    title: StrOrPromise
    fields: Sequence[BoundField]
    code: str = ""
    hint: StrOrPromise = ""


class HotichForm(forms.Form):
    """A form with sections and findings.

    `section_fields` (class attribute or argument): (title, field names) pairs; without it there is one section.
    `problems`: findings of the checks by field code ("" for the whole case), shown at the field: errors like
    form errors, warnings apart. They do not make the form invalid: the service decides what a finding means.
    """

    section_fields: Sequence[tuple[StrOrPromise, Sequence[str]]] = ()

    def __init__(self, *args: Any, problems: Mapping[str, Sequence[Problem]] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.problems: Mapping[str, Sequence[Problem]] = problems or {}
        for field in self.fields.values():
            field.error_messages.update({code: text for code, text in ERROR_TEXTS.items() if code not in _own(field)})

    def sections(self) -> Iterator[FormSection]:
        """The visible fields by section, those named in no section last, so that none is ever lost."""
        left = [name for name in self.fields if not self[name].is_hidden]
        for title, names in self.section_fields:
            here = [name for name in names if name in left]
            left = [name for name in left if name not in here]
            if here:
                yield FormSection(title, [self[name] for name in here], code=here[0])
        if left:
            yield FormSection("", [self[name] for name in left], code=left[0])

    def refuse(self, refusal: RuleBroken) -> None:
        """Show a service's refusal in the form: at its field, or above the form when it has none here."""
        self.add_error(refusal.field if refusal.field in self.fields else None, text_of_problem(refusal))


def _input(width: str, **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"data-width": width, "autocomplete": "off", **attrs})


def _own(field: forms.Field) -> set[str]:
    """Codes for which the field's declaration gives its own text."""
    standard: dict[str, Any] = {}
    for cls in reversed(type(field).__mro__):
        standard.update(getattr(cls, "default_error_messages", {}))
    return {code for code, text in field.error_messages.items() if standard.get(code) is not text}


class SampleForm(HotichForm):
    """A form of the style guide: every kind of control, and as many fields as a register form has."""

    section_fields = (
        (_("Thông tin chung"), ("name", "code", "recorded_on", "kind", "sex", "copies", "amount")),
        (_("Nội dung"), ("place", "note", "file", "agreed", "options")),
        (_("Nhiều mục ngắn"), tuple(f"more_{number}" for number in range(1, 29))),
    )
    name = forms.CharField(
        label=_("Tên gọi"), max_length=80, help_text=_("Ghi đúng như trên giấy."), widget=_input("l")
    )
    code = forms.CharField(label=_("Mã số"), widget=_input("s", inputmode="numeric"))
    recorded_on = forms.CharField(
        label=_("Ngày ghi"), help_text=_("ngày/tháng/năm"), widget=_input("s", inputmode="numeric")
    )
    kind = forms.ChoiceField(
        label=_("Loại"), choices=(("", "–"), ("a", _("Loại một")), ("b", _("Loại hai"))), required=False
    )
    sex = forms.ChoiceField(label=_("Chọn một"), choices=(("1", _("Một")), ("2", _("Hai"))), widget=forms.RadioSelect)
    copies = forms.IntegerField(label=_("Số bản"), required=False, widget=_input("xs", inputmode="numeric"))
    amount = forms.CharField(label=_("Số tiền"), required=False, disabled=True, initial="8.000", widget=_input("s"))
    place = forms.CharField(label=_("Nơi chốn"), required=False, widget=_input("xl"))
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    file = forms.FileField(label=_("Tệp kèm"), required=False)
    agreed = forms.BooleanField(label=_("Đã đối chiếu với bản giấy"), required=True)
    options = forms.MultipleChoiceField(
        label=_("Chọn nhiều"),
        choices=(("x", _("Thứ nhất")), ("y", _("Thứ hai")), ("z", _("Thứ ba"))),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, 29):
            label = _("Mục %(number)d") % {"number": number}
            self.fields[f"more_{number}"] = forms.CharField(
                label=label, required=False, widget=_input("sml"[number % 3])
            )


class SampleFilter(HotichForm):
    """A filter bar of the style guide."""

    text = forms.CharField(label=_("Từ khóa"), required=False)
    state = forms.ChoiceField(label=_("Trạng thái"), required=False, choices=(("", _("Tất cả")), ("a", _("Chờ duyệt"))))
    year = forms.CharField(label=_("Năm"), required=False, widget=_input("xs", inputmode="numeric"))
