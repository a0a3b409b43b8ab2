"""Forms of the inventory, hand-overs and the two originals. What may be is judged by the services, not here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hotich.kernel import clock
from hotich.keying.models import (
    BookPlace,
    BookWork,
    BookWorkState,
    CheckMode,
    CopyFinding,
    ForceKind,
    KeyingHandover,
    KeyingHandoverState,
)
from hotich.keying.rules.phases import GROUPS, PHASES
from hotich.registers.models import BookCopy
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import ERA_PERIODS, REGISTER_TYPES
from hotich.registers.views.parts import short_name, words
from hotich.web.forms import HotichForm

if TYPE_CHECKING:
    from django.db.models import Choices

DAYS = ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]


def typed(width: str, **more: str) -> forms.TextInput:
    """A text box of so many columns."""
    return forms.TextInput(attrs={"data-width": width, "autocomplete": "off", **more})


def _number(width: str = "s") -> forms.TextInput:
    return typed(width, inputmode="numeric")


def _day() -> forms.DateInput:
    return forms.DateInput({"data-width": "s", "autocomplete": "off", "inputmode": "numeric"}, format="%d/%m/%Y")


def _chosen(width: str) -> forms.Select:
    return forms.Select(attrs={"data-width": width})


def _shown(form: forms.Form, name: str, pairs: Iterable[tuple[Any, str]]) -> None:
    form.fields[name].choices = list(pairs)  # type: ignore[attr-defined]


def _translated(kind: type[Choices]) -> list[tuple[str, str]]:
    return [(value, gettext(label)) for value, label in kind.choices]


class NewBookForm(HotichForm):
    """A book of paper that is counted for the first time."""

    section_fields = (
        (_("Quyển sổ, như ghi trên bìa"), ("office", "register_type", "era", "number", "year", "copy", "assigned")),
        (_("Đếm được"), ("counted_pages", "counted_cases")),
    )
    office = forms.TypedChoiceField(
        label=_("Cơ quan đã đăng ký"), coerce=int, widget=_chosen("xl"),
        help_text=_("Cơ quan có vào năm của quyển sổ, không phải cơ quan đang giữ sổ."),
    )  # fmt: skip
    register_type = forms.ChoiceField(label=_("Loại sổ"), widget=_chosen("m"))
    era = forms.ChoiceField(label=_("Mẫu sổ của thời kỳ"), widget=_chosen("m"))
    number = forms.CharField(label=_("Quyển số"), max_length=8, help_text=_("Ví dụ: 01"), widget=typed("s"))
    year = forms.IntegerField(label=_("Năm mở sổ"), min_value=1900, max_value=2100, widget=_number())
    copy = forms.ChoiceField(label=_("Bản lưu"), widget=_chosen("m"))
    assigned = forms.BooleanField(label=_("Bìa không ghi số: số trên do cơ quan đặt"), required=False)
    counted_pages = forms.IntegerField(label=_("Số trang"), required=False, min_value=0, widget=_number())
    counted_cases = forms.IntegerField(label=_("Số trường hợp"), required=False, min_value=0, widget=_number())

    def __init__(self, *args: Any, offices: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = "en" if (get_language() or "vi").startswith("en") else "vi"
        choose = ("", gettext("– chọn –"))  # nothing is proposed that would be kept by not looking
        _shown(self, "office", offices.items() if len(offices) == 1 else [choose, *offices.items()])
        _shown(self, "register_type", [choose, *((code, short_name(code)) for code in REGISTER_TYPES)])
        eras = [(era.value, text_in(period.label, lang)) for era, period in ERA_PERIODS.items()]
        _shown(self, "era", [choose, *eras])
        _shown(self, "copy", _translated(BookCopy))


class WorkFilterForm(HotichForm):
    """Narrows the list of books."""

    loai = forms.ChoiceField(label=_("Loại sổ"), required=False, widget=_chosen("s"))
    giai_doan = forms.TypedChoiceField(label=_("Giai đoạn"), required=False, coerce=int, empty_value=None)
    noi_nhap = forms.ChoiceField(label=_("Nơi nhập"), required=False, widget=_chosen("s"))
    trang_thai = forms.ChoiceField(label=_("Tiến độ"), required=False, widget=_chosen("s"))
    can_xem = forms.ChoiceField(label=_("Tình trạng sổ"), required=False, widget=_chosen("s"))
    nam = forms.IntegerField(
        label=_("Năm mở sổ"), required=False, min_value=1800, max_value=2100, widget=_number("xs")
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = ("", gettext("Tất cả"))
        _shown(self, "loai", [anything, *((letters, short_name(letters)) for letters in REGISTER_TYPES)])
        _shown(self, "giai_doan", [anything, *((n, words(phase.label)) for n, phase in PHASES.items())])
        _shown(self, "noi_nhap", [anything, *_translated(BookPlace)])
        _shown(self, "trang_thai", [anything, *_translated(BookWorkState)])
        needs = [("lost", gettext("Bị mất")), ("damaged", gettext("Hư hỏng")), ("out", gettext("Đang giao đi"))]
        _shown(self, "can_xem", [anything, *needs])


class WorkForm(HotichForm):
    """What an officer writes of one book."""

    counted_pages = forms.IntegerField(label=_("Số trang đếm được"), required=False, widget=_number("l"))
    counted_cases = forms.IntegerField(label=_("Số trường hợp đếm được"), required=False, widget=_number("l"))
    is_damaged = forms.BooleanField(label=_("Sổ bị hư hỏng, rách, mờ"), required=False)
    is_lost = forms.BooleanField(label=_("Sổ bị mất"), required=False)
    notes = forms.CharField(
        label=_("Ghi chú"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    phase = forms.TypedChoiceField(label=_("Giai đoạn"), coerce=int, widget=_chosen("full"))
    group = forms.TypedChoiceField(label=_("Nhóm"), coerce=int, widget=_chosen("full"))
    mode = forms.ChoiceField(label=_("Cách kiểm tra"), required=False, widget=_chosen("full"))
    sample_per_mille = forms.IntegerField(
        label=_("Nhập lại theo mẫu (phần nghìn)"), required=False, widget=_number("l"),
        help_text=_("Để trống: theo tham số chung."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, work: BookWork, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name != "version"]
        initial = {name: getattr(work, name) for name in (*names, "version")}
        super().__init__(*args, initial=initial, **kwargs)
        _shown(self, "phase", ((n, words(phase.label)) for n, phase in PHASES.items()))
        _shown(self, "group", ((n, words(group.label)) for n, group in GROUPS.items()))
        _shown(self, "mode", [("", gettext("Theo tham số chung")), *_translated(CheckMode)])


class PlaceForm(HotichForm):
    """Where books are entered, and why."""

    place = forms.ChoiceField(label=_("Nơi nhập"), widget=_chosen("l"))
    reason = forms.CharField(
        label=_("Căn cứ, lý do"), max_length=300, widget=typed("l"),
        help_text=_("Ví dụ: đợt số hóa, số văn bản, biên bản bàn giao."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shown(self, "place", _translated(BookPlace))


class PaperForm(HotichForm):
    """The words of the record of a hand-over."""

    section_fields = (
        (_("Biên bản"), ("number", "day", "due_back")),
        (_("Bên nhận"), ("force_kind", "force_name", "receiver_name", "receiver_title")),
        (_("Bên giao"), ("giver_name", "giver_title", "notes")),
    )
    number = forms.CharField(label=_("Số biên bản"), max_length=40, widget=typed("m"))
    day = forms.DateField(label=_("Ngày giao"), input_formats=DAYS, widget=_day())
    due_back = forms.DateField(label=_("Hẹn trả ngày"), required=False, input_formats=DAYS, widget=_day())
    force_kind = forms.ChoiceField(
        label=_("Lực lượng nhận"), widget=_chosen("m"),
        help_text=_("Giao cho Công an: sổ được ghi là nhập trong phần mềm của Công an."),
    )  # fmt: skip
    force_name = forms.CharField(label=_("Tên tổ, đơn vị"), max_length=200, widget=typed("xl"))
    receiver_name = forms.CharField(label=_("Người nhận"), max_length=120, widget=typed("l"))
    receiver_title = forms.CharField(label=_("Chức vụ"), required=False, max_length=120, widget=typed("l"))
    giver_name = forms.CharField(label=_("Người giao"), required=False, max_length=120, widget=typed("l"))
    giver_title = forms.CharField(label=_("Chức vụ"), required=False, max_length=120, widget=typed("l"))
    notes = forms.CharField(
        label=_("Ghi chú"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, handover: KeyingHandover | None = None, giver: str = "", **kwargs: Any) -> None:
        initial: dict[str, Any] = {"day": clock.today(), "giver_name": giver}
        if handover is not None:
            initial = {name: getattr(handover, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        _shown(self, "force_kind", _translated(ForceKind))


class HandoverFilter(HotichForm):
    """Narrows the list of hand-overs."""

    trang_thai = forms.ChoiceField(label=_("Trạng thái"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shown(self, "trang_thai", [("", gettext("Tất cả")), *_translated(KeyingHandoverState)])


class FindingForm(HotichForm):
    """What somebody saw when laying both originals side by side."""

    finding = forms.ChoiceField(label=_("Kết quả"), widget=_chosen("full"))
    number = forms.IntegerField(
        label=_("Số đăng ký"), required=False, min_value=1, max_value=99_999, widget=_number("m"),
        help_text=_("Để trống: cả quyển."),
    )  # fmt: skip
    number_suffix = forms.CharField(label=_("Phần chữ"), required=False, max_length=8, widget=typed("s"))
    registration_year = forms.IntegerField(
        label=_("Năm đăng ký"), required=False, min_value=1800, max_value=2100, widget=_number("m")
    )  # fmt: skip
    words = forms.CharField(
        label=_("Khác nhau ở đâu"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ghi trang, mục, cột khác nhau; không chép lại thông tin của người dân."),
    )  # fmt: skip
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shown(self, "finding", _translated(CopyFinding))
