"""Forms of the record and book pages. What is lawful is judged by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hotich.records.models import AnnotationKind, RegistrationNumber
from hotich.registers.models import Book, NumberScope
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import ERA_PERIODS, REGISTER_TYPES
from hotich.registers.types.declaration import Kind, RegisterVersion
from hotich.web.forms import HotichForm

REASON_LENGTH = 500


def _lang() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def register_choices() -> list[tuple[str, str]]:
    """Registers by letters with an empty first choice."""
    return [("", _("Tất cả")), *((letters, text_in(found.short, _lang())) for letters, found in REGISTER_TYPES.items())]  # type: ignore[list-item]


def era_choices() -> list[tuple[str, str]]:
    """Eras with an empty first choice."""
    return [("", _("Tất cả")), *((era.value, text_in(found.label, _lang())) for era, found in ERA_PERIODS.items())]  # type: ignore[list-item]


def _kind_choices() -> list[tuple[str, str]]:
    return [("", "—"), *((kind.value, gettext(kind.label)) for kind in AnnotationKind)]


def _scope_choices() -> list[tuple[str, str]]:
    return [(scope.value, gettext(scope.label)) for scope in NumberScope]


def _use_choices() -> list[tuple[str, str]]:
    uses = [use for use in RegistrationNumber.Use if use is not RegistrationNumber.Use.USED]
    return [*((use.value, gettext(use.label)) for use in uses), ("", gettext("Bỏ khai báo"))]


class BookFilter(HotichForm):
    """Narrows the list of books."""

    loai = forms.ChoiceField(label=_("Loại sổ"), choices=register_choices, required=False)
    thoi_ky = forms.ChoiceField(label=_("Thời kỳ"), choices=era_choices, required=False)
    nam = forms.IntegerField(label=_("Năm mở sổ"), required=False, min_value=1800, max_value=2100)


class SearchForm(HotichForm):
    """What one looks for."""

    q = forms.CharField(
        label=_("Tìm"),
        required=False,
        max_length=200,
        help_text=_("Số đăng ký (12/2006), số định danh cá nhân, hoặc họ tên, có thể kèm ngày sinh"),
        widget=forms.TextInput(attrs={"data-width": "xl", "autocomplete": "off", "type": "search"}),
    )
    loai = forms.ChoiceField(label=_("Loại sổ"), choices=register_choices, required=False)


class ClosingForm(HotichForm):
    """Control totals as the officer wrote them at closing."""

    section_fields = (
        (_("Số liệu khóa sổ"), ("opened_on", "closed_on", "first_number", "last_number", "cases_declared",
                                "corrected_entries", "pages_total", "blank_pages", "number_scope")),
        (_("Quyển sổ"), ("paper_size", "condition", "storage_location")),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
    opened_on = forms.DateField(label=_("Ngày mở sổ"), required=False, input_formats=["%d/%m/%Y"],
                                help_text=_("dd/mm/yyyy"), widget=forms.DateInput(format="%d/%m/%Y"))  # fmt: skip
    closed_on = forms.DateField(label=_("Ngày khóa sổ"), required=False, input_formats=["%d/%m/%Y"],
                                help_text=_("dd/mm/yyyy"), widget=forms.DateInput(format="%d/%m/%Y"))  # fmt: skip
    cases_declared = forms.IntegerField(label=_("Tổng số trường hợp"), required=False, min_value=0)
    first_number = forms.IntegerField(label=_("Số đầu"), required=False, min_value=1)
    last_number = forms.IntegerField(label=_("Số cuối"), required=False, min_value=1)
    corrected_entries = forms.IntegerField(label=_("Số trường hợp tẩy xóa, sửa chữa"), required=False, min_value=0)
    pages_total = forms.IntegerField(label=_("Tổng số trang"), required=False, min_value=0)
    blank_pages = forms.IntegerField(label=_("Số trang bỏ trống"), required=False, min_value=0)
    number_scope = forms.ChoiceField(label=_("Cách đánh số"), choices=_scope_choices)
    paper_size = forms.CharField(label=_("Khổ giấy"), required=False, max_length=4)
    condition = forms.CharField(label=_("Tình trạng sổ"), required=False, max_length=200)
    storage_location = forms.CharField(label=_("Nơi lưu giữ"), required=False, max_length=200)

    def __init__(self, *args: Any, book: Book | None = None, **kwargs: Any) -> None:
        if book is not None:
            kwargs.setdefault("initial", {name: getattr(book, name) for name in type(self).base_fields})
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("data-width", "m" if name in ("condition", "storage_location") else "s")


class NumberForm(HotichForm):
    """Declares a number void or missing."""

    number = forms.IntegerField(label=_("Số"), min_value=1, widget=forms.NumberInput(attrs={"data-width": "xs"}))
    year = forms.IntegerField(label=_("Năm đăng ký"), min_value=1800, max_value=2100,
                              widget=forms.NumberInput(attrs={"data-width": "s"}))  # fmt: skip
    use = forms.ChoiceField(label=_("Khai báo là"), choices=_use_choices, required=False)
    reason = forms.CharField(label=_("Lý do"), max_length=300, widget=forms.TextInput(attrs={"data-width": "xl"}))


class AnnotationForm(HotichForm):
    """A note beside the entry."""

    section_fields = (
        (_("Nội dung ghi chú"), ("kind", "field", "new_value", "taken_away", "text", "note_date_text")),
        (_("Căn cứ pháp lý"), ("basis_number", "basis_date_text", "basis_authority", "restricted")),
    )
    kind = forms.ChoiceField(label=_("Loại ghi chú"), choices=_kind_choices,
                             widget=forms.Select(attrs={"data-width": "l"}))  # fmt: skip
    field = forms.ChoiceField(label=_("Mục được thay đổi"), required=False,
                              help_text=_("Để trống nếu ghi chú không thay đổi mục nào."))  # fmt: skip
    new_value = forms.CharField(label=_("Giá trị mới"), required=False, max_length=10_000)
    taken_away = forms.BooleanField(label=_("Bỏ giá trị của mục này"), required=False)
    text = forms.CharField(label=_("Nội dung ghi chú (nguyên văn)"), required=False, max_length=10_000,
                           widget=forms.Textarea(attrs={"rows": "3"}))  # fmt: skip
    note_date_text = forms.CharField(label=_("Ngày ghi chú"), required=False, max_length=40,
                                     help_text=_("Để trống là hôm nay."))  # fmt: skip
    basis_number = forms.CharField(label=_("Số văn bản"), required=False, max_length=100)
    basis_date_text = forms.CharField(label=_("Ngày văn bản"), required=False, max_length=40)
    basis_authority = forms.CharField(label=_("Cơ quan ban hành"), required=False, max_length=200)
    restricted = forms.BooleanField(label=_("Hạn chế xem"), required=False)

    def __init__(self, *args: Any, version: RegisterVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hidden = (Kind.REGISTRATION_NUMBER, Kind.BOOK_NUMBER)
        groups = [
            (
                text_in(section.label, _lang()),
                [(item.code, text_in(item.label, _lang())) for item in section.fields if item.kind not in hidden],
            )
            for section in version.sections
        ]
        self.fields["field"].choices = [("", "—"), *groups]  # type: ignore[attr-defined]


class ChangeItemForm(HotichForm):
    """One changed field of an entry of changes that has several."""

    changed_field = forms.CharField(label=_("Mục được thay đổi"), max_length=200)
    old_value = forms.CharField(label=_("Từ"), required=False, max_length=10_000)
    new_value = forms.CharField(label=_("Thành"), required=False, max_length=10_000)
    legal_basis = forms.CharField(label=_("Căn cứ pháp lý"), required=False, max_length=500)


ChangeItems = forms.formset_factory(ChangeItemForm, extra=0)


class ReasonForm(HotichForm):
    """A reason, for whatever needs one."""

    reason = forms.CharField(label=_("Lý do, căn cứ"), max_length=REASON_LENGTH,
                             widget=forms.Textarea(attrs={"rows": "3"}))  # fmt: skip


class OlderRecordForm(HotichForm):
    """Where the older entry stands that a re-registration is for."""

    book = forms.CharField(label=_("Quyển số"), max_length=20, help_text=_("Ghi cả năm mở sổ, ví dụ 01/1995"),
                           widget=forms.TextInput(attrs={"data-width": "m", "autocomplete": "off"}))  # fmt: skip
    number = forms.CharField(label=_("Số đăng ký"), max_length=40, help_text=_("Ví dụ 12/1995"),
                             widget=forms.TextInput(attrs={"data-width": "m", "autocomplete": "off"}))  # fmt: skip
