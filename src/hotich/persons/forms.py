"""Forms of the pages of persons that read beyond the ordinary. What is lawful is judged by the services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from hotich.audit.rules.verbs import SUBJECTS
from hotich.persons.rules.look_up_purposes import PURPOSES
from hotich.persons.rules.overview import PURPOSES as OVERVIEW_PURPOSES
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import short_name
from hotich.web.forms import HotichForm
from hotich.web.texts import text_of

DAYS = (7, 31, 92)


def _text(width: str = "m", **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"data-width": width, "autocomplete": "off", **attrs})


def _purposes() -> list[tuple[str, str]]:
    rows = [("", "—")]
    for purpose in PURPOSES.values():
        basis = f" ({purpose.basis})" if purpose.basis else ""
        rows.append((purpose.code, f"{text_of(purpose.words)}{basis}"))
    return rows


class LookUpForm(HotichForm):
    """Why, and for which case: asked before anything else, whatever is looked for."""

    why_fields = ("purpose", "dossier", "purpose_words")
    purpose = forms.ChoiceField(
        label=_("Mục đích"),
        choices=_purposes,
        help_text=_("Căn cứ pháp lý trong ngoặc: chưa kiểm chứng"),
        widget=forms.Select(attrs={"data-width": "l"}),
    )
    dossier = forms.CharField(
        label=_("Số hồ sơ đang giải quyết"), max_length=40, widget=_text("m"), help_text=_("Ví dụ: H24.01-261125-0012")
    )
    purpose_words = forms.CharField(
        label=_("Ghi rõ mục đích khác"),
        max_length=300,
        required=False,
        help_text=_("Chỉ khi chọn “Mục đích khác”"),
        widget=_text("full"),
    )


class NumberForm(LookUpForm):
    """By the number of an identity document."""

    section_fields = ((_("Mục đích và hồ sơ"), LookUpForm.why_fields), (_("Tra cứu theo"), ("number",)))
    number = forms.CharField(
        label=_("Số định danh cá nhân hoặc số giấy tờ tùy thân"),
        max_length=30,
        widget=_text("l", inputmode="numeric"),
    )


class EntryForm(LookUpForm):
    """By register, number, year and office."""

    section_fields = (
        (_("Mục đích và hồ sơ"), LookUpForm.why_fields),
        (_("Tra cứu theo"), ("register_type", "entry_number", "entry_year", "office")),
    )
    register_type = forms.ChoiceField(
        label=_("Loại sổ"),
        choices=lambda: [("", "—"), *((code, short_name(code)) for code in REGISTER_TYPES if code != "CN")],
        widget=forms.Select(attrs={"data-width": "m"}),
    )
    entry_number = forms.CharField(label=_("Số đăng ký"), max_length=20, widget=_text("s"))
    entry_year = forms.IntegerField(
        label=_("Năm đăng ký"),
        required=False,
        min_value=1800,
        max_value=2100,
        widget=forms.NumberInput(attrs={"data-width": "s"}),
    )
    office = forms.CharField(
        label=_("Cơ quan đã đăng ký"), max_length=200, widget=_text("xl"), help_text=_("Mã cơ quan, hoặc tên")
    )


class NameForm(LookUpForm):
    """By full name and birth."""

    section_fields = (
        (_("Mục đích và hồ sơ"), LookUpForm.why_fields),
        (_("Tra cứu theo"), ("full_name", "birth", "parent")),
    )
    full_name = forms.CharField(
        label=_("Họ, chữ đệm, tên"), max_length=100, widget=_text("l"), help_text=_("Đầy đủ, có dấu hoặc không dấu")
    )
    birth = forms.CharField(label=_("Ngày sinh hoặc năm sinh"), max_length=20, widget=_text("s"))
    parent = forms.CharField(
        label=_("Họ tên cha, mẹ hoặc vợ, chồng (nếu biết)"), max_length=100, required=False, widget=_text("l")
    )


class ReasonForm(HotichForm):
    """A reason in words."""

    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "data-width": "full"}),
        help_text=_("Nêu việc đang làm, số hồ sơ hoặc yêu cầu; không ghi họ tên công dân."),
    )


class SealForm(HotichForm):
    """The decision that seals a note, or lifts the seal."""

    basis_number = forms.CharField(label=_("Số quyết định"), max_length=100, widget=_text("m"))
    basis_date = forms.CharField(label=_("Ngày quyết định"), max_length=40, required=False, widget=_text("s"))
    basis_authority = forms.CharField(label=_("Cơ quan ban hành"), max_length=200, widget=_text("l"))


class ReviewForm(HotichForm):
    """What a leader finds of an opening."""

    verdict = forms.ChoiceField(
        label=_("Kết luận"),
        choices=(("justified", _("Có căn cứ")), ("not_justified", _("Không có căn cứ"))),
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Nhận xét"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "data-width": "full"})
    )


class OversightFilter(HotichForm):
    """Whose readings, of how many days."""

    ngay = forms.TypedChoiceField(label=_("Thời gian"), coerce=int, required=False)
    co_quan = forms.TypedChoiceField(label=_("Cơ quan"), coerce=int, required=False, empty_value=None)
    can_bo = forms.TypedChoiceField(label=_("Cán bộ"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, offices: dict[int, str], officers: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ngay"].choices = [(days, _("%(days)d ngày qua") % {"days": days}) for days in DAYS]  # type: ignore[attr-defined]
        for name, choices in (("co_quan", offices), ("can_bo", officers)):
            self.fields[name].choices = [("", _("Tất cả")), *choices.items()]  # type: ignore[attr-defined]


class OverviewForm(HotichForm):
    """Which readings a department or the Ministry looks over, and why."""

    section_fields = ((_("Xem gì, để làm gì"), ("co_quan", "ngay", "purpose", "words")),)
    co_quan = forms.TypedChoiceField(label=_("Cơ quan"), coerce=int, required=False, empty_value=None,
                                     widget=forms.Select(attrs={"data-width": "l"}))  # fmt: skip
    ngay = forms.TypedChoiceField(label=_("Thời gian"), coerce=int, widget=forms.Select(attrs={"data-width": "s"}))
    purpose = forms.ChoiceField(label=_("Mục đích"), widget=forms.Select(attrs={"data-width": "l"}))
    words = forms.CharField(
        label=_("Căn cứ"),
        required=False,
        max_length=300,
        help_text=_("Số kế hoạch, đơn hoặc quyết định; không ghi họ tên công dân"),
        widget=_text("l"),
    )

    def __init__(self, *args: Any, offices: dict[int, str], every: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ngay"].choices = [(days, _("%(days)d ngày qua") % {"days": days}) for days in DAYS]  # type: ignore[attr-defined]
        first = [("", _("Tất cả cơ quan trong tỉnh"))] if every else [("", _("Chọn tỉnh, thành phố"))]
        self.fields["co_quan"].choices = [*first, *offices.items()]  # type: ignore[attr-defined]
        self.fields["co_quan"].required = not every
        purposes = [("", "—"), *((code, text_of(word)) for code, word in OVERVIEW_PURPOSES.items())]
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]


class QuestionForm(HotichForm):
    """What a leader is asked, or answers."""

    words = forms.CharField(label=_("Nội dung"), max_length=1000,
                            widget=forms.Textarea(attrs={"rows": 4, "data-width": "full"}))  # fmt: skip


DAY = ["%d/%m/%Y", "%Y-%m-%d"]


class AuditFilter(HotichForm):
    """Which entries of the audit trail."""

    tu = forms.DateField(
        label=_("Từ ngày"), required=False, input_formats=DAY, widget=_text("s", placeholder="31/12/2026")
    )
    den = forms.DateField(
        label=_("Đến ngày"), required=False, input_formats=DAY, widget=_text("s", placeholder="31/12/2026")
    )
    viec = forms.ChoiceField(label=_("Việc làm"), required=False, widget=forms.Select(attrs={"data-width": "m"}))
    can_bo = forms.CharField(label=_("Tên đăng nhập"), required=False, max_length=150, widget=_text("s"))
    co_quan = forms.CharField(label=_("Mã cơ quan"), required=False, max_length=32, widget=_text("s"))
    loai = forms.ChoiceField(label=_("Loại đối tượng"), required=False, widget=forms.Select(attrs={"data-width": "s"}))
    ma = forms.CharField(label=_("Mã đối tượng"), required=False, max_length=64, widget=_text("m"))

    def __init__(self, *args: Any, verbs: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, pgettext("act", word)) for kind, word in SUBJECTS.items()]
        kinds.sort(key=lambda item: item[1].casefold())
        self.fields["viec"].choices = [("", _("Tất cả")), *verbs]
        self.fields["loai"].choices = [("", _("Tất cả")), *kinds]


class AuditExportForm(HotichForm):
    """Which chain of the audit trail to take out."""

    co_quan = forms.CharField(
        label=_("Mã cơ quan"), required=False, max_length=32, widget=_text("m"), help_text=_("Bỏ trống: mọi chuỗi.")
    )
