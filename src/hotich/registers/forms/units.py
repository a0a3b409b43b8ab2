"""Forms of the pages of units and offices. Codes are read into units at the edge; what makes sense, services judge."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from hotich.registers.forms.configuration import DayField
from hotich.units.models import Level, OfficeKind, UnitKind
from hotich.units.services import LegalAct
from hotich.web.forms import HotichForm


def _text(width: str, **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"data-width": width, "autocomplete": "off", **attrs})


def _select(width: str) -> forms.Select:
    return forms.Select(attrs={"data-width": width})


def _lines(rows: str = "2") -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "data-width": "full"})


def _with_all(choices: Any) -> list[tuple[str, Any]]:
    return [("", _("Tất cả")), *choices]


class UnitFilter(HotichForm):
    """Units by code or name on a day."""

    q = forms.CharField(label=_("Mã hoặc tên"), required=False, max_length=100, widget=_text("m", type="search"))
    cap = forms.ChoiceField(label=_("Cấp"), required=False, choices=lambda: _with_all(Level.choices))
    ngay = DayField(label=_("Vào ngày"))


class OfficeFilter(HotichForm):
    """Offices by code or name."""

    q = forms.CharField(label=_("Mã hoặc tên"), required=False, max_length=100, widget=_text("m", type="search"))
    loai = forms.ChoiceField(label=_("Loại cơ quan"), required=False, choices=lambda: _with_all(OfficeKind.choices))
    trang_thai = forms.ChoiceField(
        label=_("Hoạt động"), required=False,
        choices=[("", _("Tất cả")), ("dang", _("Đang hoạt động")), ("da", _("Đã kết thúc"))],
    )  # fmt: skip


class ActForm(HotichForm):
    """The legal act that orders a change, and its first day."""

    effective_on = DayField(label=_("Ngày hiệu lực"), help_text=_("Ngày đầu tiên của tình trạng mới."))
    act_number = forms.CharField(label=_("Số văn bản"), max_length=60, widget=_text("m"))
    act_date = DayField(label=_("Ngày văn bản"))
    act_authority = forms.CharField(label=_("Cơ quan ban hành"), max_length=120, widget=_text("l"))
    act_link = forms.CharField(label=_("Liên kết tới văn bản"), max_length=300, required=False, widget=_text("l"))
    notes = forms.CharField(label=_("Ghi chú"), max_length=1000, required=False, widget=_lines())

    section_fields: Any = (
        (_("Căn cứ"), ("effective_on", "act_number", "act_date", "act_authority", "act_link", "notes")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].required = True

    @property
    def act(self) -> LegalAct:
        """The act as services take it."""
        data = self.cleaned_data
        return LegalAct(data["act_number"], data["act_authority"], data["act_date"], data["act_link"])


class NewOperationForm(ActForm):
    """Begins a merger, a division, a mix, a new unit or an end: the units that end may be named at once."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    level = forms.ChoiceField(label=_("Cấp"), choices=lambda: Level.choices, initial=Level.COMMUNE, widget=_select("s"))
    codes = forms.CharField(
        label=_("Mã các đơn vị kết thúc"), required=False, max_length=2000, widget=_text("xl"),
        help_text=_("Cách nhau bằng dấu cách hoặc dấu phẩy; có thể bổ sung ở bước sau."),
    )  # fmt: skip
    section_fields = ((_("Đơn vị"), ("level", "codes")), *ActForm.section_fields)


class ChangeUnitForm(ActForm):
    """One unit gets another name, kind, code or parent from a day."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    short_name = forms.CharField(label=_("Tên (không kèm loại)"), max_length=100, widget=_text("m"))
    kind = forms.ChoiceField(label=_("Loại"), choices=lambda: UnitKind.choices, widget=_select("m"))
    code = forms.CharField(label=_("Mã"), max_length=5, widget=_text("s", inputmode="numeric"))
    parent = forms.CharField(
        label=_("Mã đơn vị cấp trên"), max_length=5, required=False, widget=_text("s", inputmode="numeric")
    )
    section_fields = ((_("Đơn vị từ ngày hiệu lực"), ("short_name", "kind", "code", "parent")), *ActForm.section_fields)


class OfficeForm(ActForm):
    """An office that follows no unit: opened, renamed or closed."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    action = forms.ChoiceField(
        label=_("Việc cần làm"),
        widget=_select("m"),
        choices=[("open", _("Mở cơ quan mới")), ("change", _("Đổi tên hoặc mã")), ("close", _("Kết thúc hoạt động"))],
    )
    code = forms.CharField(label=_("Mã cơ quan"), max_length=32, required=False, widget=_text("s"))
    name = forms.CharField(label=_("Tên cơ quan"), max_length=250, required=False, widget=_text("xl"))
    kind = forms.ChoiceField(label=_("Loại cơ quan"), required=False, choices=lambda: OfficeKind.choices,
                             widget=_select("m"), initial=OfficeKind.MISSION)  # fmt: skip
    country = forms.CharField(label=_("Mã nước"), max_length=2, required=False, widget=_text("xs"), initial="VN")
    unit = forms.CharField(label=_("Mã đơn vị hành chính"), max_length=5, required=False,
                           widget=_text("s", inputmode="numeric"), help_text=_("Với cơ quan trong nước."))  # fmt: skip
    successor = forms.CharField(label=_("Mã cơ quan kế thừa"), max_length=32, required=False, widget=_text("s"))
    section_fields = (
        (_("Cơ quan"), ("action", "code", "name", "kind", "country", "unit", "successor")), *ActForm.section_fields,
    )  # fmt: skip


class CodesForm(HotichForm):
    """Units by their codes."""

    level = forms.ChoiceField(label=_("Cấp"), choices=lambda: Level.choices, initial=Level.COMMUNE, widget=_select("s"))
    codes = forms.CharField(label=_("Mã, cách nhau bằng dấu cách"), max_length=2000, widget=_text("l"))


class BeginForm(HotichForm):
    """A unit that begins."""

    kind = forms.ChoiceField(label=_("Loại"), choices=lambda: UnitKind.choices, initial=UnitKind.COMMUNE,
                             widget=_select("m"))  # fmt: skip
    short_name = forms.CharField(label=_("Tên (không kèm loại)"), max_length=100, widget=_text("m"))
    code = forms.CharField(label=_("Mã"), max_length=5, widget=_text("xs", inputmode="numeric"))
    parent = forms.CharField(label=_("Mã cấp trên"), max_length=5, required=False,
                             widget=_text("xs", inputmode="numeric"))  # fmt: skip


class ShareForm(HotichForm):
    """A unit, or a part of it, goes over to another."""

    source = forms.CharField(label=_("Từ mã"), max_length=5, widget=_text("xs", inputmode="numeric"))
    target = forms.CharField(label=_("Sang mã"), max_length=5, widget=_text("xs", inputmode="numeric"))
    words = forms.CharField(label=_("Phần chuyển (thôn, tổ, diện tích)"), max_length=500, required=False,
                            widget=_text("m"))  # fmt: skip
    is_default = forms.BooleanField(label=_("Giữ sổ, trả lời xác minh"), required=False)


class ChildrenForm(HotichForm):
    """Units below a divided one and where they go."""

    codes = forms.CharField(label=_("Mã các xã, phường"), max_length=4000, widget=_text("l"))
    target = forms.CharField(label=_("Sang mã"), max_length=5, widget=_text("xs", inputmode="numeric"))


class CustodyForm(HotichForm):
    """Who keeps the books and sees the records of a closed office."""

    custodian = forms.CharField(label=_("Mã cơ quan giữ sổ"), max_length=32, widget=_text("s"))


class ReviewForm(HotichForm):
    """Notes of a review."""

    notes = forms.CharField(label=_("Ghi chú rà soát"), max_length=500, required=False, widget=_lines("1"))


class ClosedBookFilter(HotichForm):
    """Books of closed offices."""

    q = forms.CharField(label=_("Cơ quan đã kết thúc"), required=False, max_length=100,
                        widget=_text("m", type="search"))  # fmt: skip
    loai = forms.ChoiceField(label=_("Loại sổ"), required=False)

    def __init__(self, *args: Any, registers: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loai"].choices = _with_all(registers)  # type: ignore[attr-defined]


class HandoverForm(HotichForm):
    """To whom chosen books go, from when and by which decision."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    to_office = forms.CharField(label=_("Mã cơ quan nhận"), max_length=32, widget=_text("s"))
    place = forms.CharField(label=_("Kho hoặc cơ quan lưu trữ"), max_length=200, required=False, widget=_text("m"))
    from_day = DayField(label=_("Từ ngày"))
    act_number = forms.CharField(label=_("Số quyết định"), max_length=60, widget=_text("s"))
    act_date = DayField(label=_("Ngày quyết định"))
    act_authority = forms.CharField(label=_("Cơ quan ban hành"), max_length=120, required=False, widget=_text("m"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_day"].required = True


def day_or_none(value: Any) -> date | None:
    """A day of an address (2026-11-25 or 25/11/2026), None for anything else."""
    try:
        return DayField().clean(value or "")  # type: ignore[no-any-return]
    except forms.ValidationError:
        return None
