"""Forms of the record and book pages. What is lawful is judged by the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hotich.kernel.dates import DateError, PartialDate, parse_date
from hotich.kernel.problems import RuleBroken
from hotich.records.models import AnnotationKind, RegistrationNumber
from hotich.records.queries import Filters, understand
from hotich.records.rules.keys import plain_number
from hotich.records.rules.search_question import ANYBODY, Question, Relative
from hotich.registers.models import Book, NumberScope
from hotich.registers.rules.case import BookRead, NumberRead
from hotich.registers.rules.outputs import text_in
from hotich.registers.rules.reading import read_book, read_number
from hotich.registers.types import ERA_PERIODS, REGISTER_TYPES
from hotich.registers.types.declaration import Kind, RegisterVersion
from hotich.web.forms import HotichForm
from hotich.web.texts import text_of, text_of_problem

REASON_LENGTH = 500
WITHOUT_NUMBER = "0"  # typed to confirm where the book gives a record no number


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


def _kin_choices() -> list[tuple[str, str]]:
    return [(ANYBODY, _("Cha, mẹ, vợ, chồng")), ("mother", _("Mẹ")), ("father", _("Cha")), ("spouse", _("Vợ, chồng"))]  # type: ignore[list-item]


def _typed(width: str, **more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"data-width": width, "autocomplete": "off", **more})


def _chosen(width: str) -> forms.Select:
    return forms.Select(attrs={"data-width": width})


class SearchForm(HotichForm):
    """What one looks for: one line that understands everything, and the same parts as fields."""

    PRECISE = ("ho_ten", "ngay_sinh", "giay_to", "nguoi_than", "quan_he", "so", "quyen")
    NARROWING = ("loai", "noi", "tu_nam", "den_nam")

    q = forms.CharField(label=_("Tìm"), required=False, max_length=300, widget=_typed("full", type="search"))
    ho_ten = forms.CharField(label=_("Họ, chữ đệm, tên"), required=False, max_length=150, widget=_typed("l"))
    ngay_sinh = forms.CharField(label=_("Ngày hoặc năm sinh"), required=False, max_length=60, widget=_typed("s"))
    giay_to = forms.CharField(label=_("Số định danh, số giấy tờ"), required=False, max_length=30, widget=_typed("s"))
    nguoi_than = forms.CharField(label=_("Họ tên người có liên quan"), required=False, max_length=150,
                                 widget=_typed("l"))  # fmt: skip
    quan_he = forms.ChoiceField(label=_("Người có liên quan là"), choices=_kin_choices, required=False,
                                widget=_chosen("xs"))  # fmt: skip
    so = forms.CharField(label=_("Số đăng ký"), required=False, max_length=20, widget=_typed("xs"))
    quyen = forms.CharField(label=_("Quyển số"), required=False, max_length=30, widget=_typed("xs"))
    loai = forms.ChoiceField(label=_("Loại sổ"), choices=register_choices, required=False, widget=_chosen("s"))
    noi = forms.TypedChoiceField(label=_("Nơi đăng ký"), required=False, coerce=int, empty_value=None,
                                 widget=_chosen("m"))  # fmt: skip
    tu_nam = forms.IntegerField(label=_("Đăng ký từ năm"), required=False, min_value=1800, max_value=2100,
                                widget=_typed("xs", inputmode="numeric"))  # fmt: skip
    den_nam = forms.IntegerField(label=_("Đến năm"), required=False, min_value=1800, max_value=2100,
                                 widget=_typed("xs", inputmode="numeric"))  # fmt: skip

    def __init__(self, *args: Any, offices: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:  # after a search the keys belong to the list
            self.fields["q"].widget.attrs["autofocus"] = "autofocus"
        if len(offices) > 1:
            self.fields["noi"].choices = [("", _("Tất cả")), *offices]  # type: ignore[attr-defined]
        else:
            del self.fields["noi"]

    def clean_ngay_sinh(self) -> PartialDate | None:
        """The date as far as it is known."""
        try:
            return parse_date(self.cleaned_data["ngay_sinh"]) if self.cleaned_data["ngay_sinh"].strip() else None
        except DateError as error:
            raise forms.ValidationError(text_of(error.code)) from error

    def clean_so(self) -> NumberRead | None:
        """The number taken apart."""
        text = self.cleaned_data["so"].strip()
        found = read_number(text) if text else None
        if text and found is None:
            raise forms.ValidationError(_("Số đăng ký có dạng 12 hoặc 12/2006."))
        return found

    def clean_quyen(self) -> BookRead | None:
        """The book taken apart."""
        text = self.cleaned_data["quyen"].strip()
        found = read_book(text) if text else None
        if text and found is None:
            raise forms.ValidationError(_("Quyển số có dạng 01 hoặc 01/2006."))
        return found

    @property
    def question(self) -> Question:
        """The line as it was understood; what stands in a field goes before it."""
        data, read = self.cleaned_data, understand(self.cleaned_data["q"])
        relatives = read.relatives
        if data["nguoi_than"].strip():
            relatives = (*relatives, Relative(data["quan_he"] or ANYBODY, data["nguoi_than"].strip()))
        return replace(
            read,
            name=data["ho_ten"].strip() or read.name,
            birth=data["ngay_sinh"] or read.birth,
            relatives=relatives,
            document=plain_number(data["giay_to"]).replace("?", "X").replace("*", "X") or read.document,
            number=data["so"] or read.number,
            book=data["quyen"] or read.book,
        )

    @property
    def filters(self) -> Filters:
        """What narrows the search."""
        data = self.cleaned_data
        return Filters(data["loai"], data["tu_nam"], data["den_nam"], data.get("noi"))

    @property
    def is_precise(self) -> bool:
        """Whether one of the fields below the line is in use, so that they must be seen."""
        return any(self.data.get(name) for name in (*self.PRECISE, *self.NARROWING) if name != "quan_he")


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


class DecisionForm(HotichForm):
    """The decision an annulment or its revocation rests on; the number of the record confirms that it is meant."""

    section_fields = (
        (_("Quyết định"), ("number", "date_text", "authority", "legal_basis", "reason")),
        (_("Xác nhận"), ("confirmation",)),
    )
    number = forms.CharField(label=_("Số quyết định"), max_length=100,
                             widget=forms.TextInput(attrs={"data-width": "m", "autocomplete": "off"}))  # fmt: skip
    date_text = forms.CharField(label=_("Ngày quyết định"), max_length=40, help_text=_("dd/mm/yyyy"),
                                widget=forms.TextInput(attrs={"data-width": "m", "autocomplete": "off"}))  # fmt: skip
    authority = forms.CharField(label=_("Cơ quan ban hành"), max_length=200,
                                widget=forms.TextInput(attrs={"data-width": "full"}))  # fmt: skip
    legal_basis = forms.CharField(label=_("Điều luật làm căn cứ"), max_length=300, required=False,
                                  help_text=_("Như quyết định nêu; để trống nếu không nêu."),
                                  widget=forms.TextInput(attrs={"data-width": "full"}))  # fmt: skip
    reason = forms.CharField(label=_("Lý do"), max_length=REASON_LENGTH,
                             widget=forms.Textarea(attrs={"rows": "3"}))  # fmt: skip
    confirmation = forms.CharField(label=_("Nhập lại số đăng ký của bản ghi"), max_length=40,
                                   widget=forms.TextInput(attrs={"data-width": "m", "autocomplete": "off"}))  # fmt: skip

    def __init__(self, *args: Any, number: str, is_annulment: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = number or WITHOUT_NUMBER
        self.fields["confirmation"].help_text = gettext("Số đăng ký: %(number)s") % {"number": self.expected}
        if not is_annulment:
            self.fields["number"].label = gettext("Số quyết định hủy bỏ việc hủy giá trị")

    def clean_confirmation(self) -> str:
        """What was typed, if it is the number of the record (blanks do not count)."""
        typed: str = self.cleaned_data["confirmation"]
        if "".join(typed.split()) != "".join(self.expected.split()):
            raise forms.ValidationError(text_of_problem(RuleBroken("confirmation_differs")))
        return typed


class OlderRecordForm(HotichForm):
    """Where the older entry stands that a re-registration is for."""

    book = forms.CharField(label=_("Quyển số"), max_length=20, help_text=_("Ghi cả năm mở sổ, ví dụ 01/1995"),
                           widget=forms.TextInput(attrs={"data-width": "m", "autocomplete": "off"}))  # fmt: skip
    number = forms.CharField(label=_("Số đăng ký"), max_length=40, help_text=_("Ví dụ 12/1995"),
                             widget=forms.TextInput(attrs={"data-width": "m", "autocomplete": "off"}))  # fmt: skip
