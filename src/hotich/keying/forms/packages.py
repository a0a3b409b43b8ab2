"""Forms of the pages of packages. What may become of a package is judged by the services, not here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.keying.forms.teams import offer_teams
from hotich.keying.models import CheckMode, PackageState
from hotich.keying.rules.workflow import DEFAULT_MODE
from hotich.keying.services.cutting import LARGEST, SMALLEST
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import short_name
from hotich.web.forms import HotichForm

SCANS, NUMBERS = "scans", "numbers"


class PackageFilter(HotichForm):
    """Narrows the list of packages."""

    trang_thai = forms.ChoiceField(label=_("Trạng thái"), required=False)
    loai = forms.ChoiceField(label=_("Loại sổ"), required=False)
    nguoi = forms.ChoiceField(label=_("Người nhập"), required=False)
    to = forms.TypedChoiceField(label=_("Tổ"), required=False, coerce=UUID, empty_value=None)
    so = forms.CharField(label=_("Quyển số"), required=False, max_length=20)

    def __init__(
        self, *args: Any, officers: Iterable[tuple[int, str]], teams: Iterable[tuple[UUID, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        every = ("", gettext("Tất cả"))
        self.fields["trang_thai"].choices = [  # type: ignore[attr-defined]
            every, *((state.value, gettext(str(state.label))) for state in PackageState)
        ]  # fmt: skip
        self.fields["loai"].choices = [every, *((code, short_name(code)) for code in REGISTER_TYPES)]  # type: ignore[attr-defined]
        people = sorted(((str(officer), name) for officer, name in officers), key=lambda each: each[1])
        self.fields["nguoi"].choices = [every, *people]  # type: ignore[attr-defined]
        for name, width in (("trang_thai", "s"), ("loai", "s"), ("nguoi", "m"), ("to", "s"), ("so", "xs")):
            self.fields[name].widget.attrs["data-width"] = width
        offer_teams(self, "to", every, teams)


class HandInForm(HotichForm):
    """Whoever hands a package in has seen what is open in it: `seen` is the print of the list that was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Lý do trả gói khi chưa xong"), max_length=300, required=False,
        help_text=_("Người kiểm tra sẽ thấy lý do này."),
        widget=forms.TextInput(attrs={"data-width": "xl", "autocomplete": "off", "lang": "vi"}),
    )  # fmt: skip
    looked = forms.BooleanField(
        label=_("Tôi đã xem lại các chỗ trên với bản quét hoặc sổ giấy"),
        required=False,
        widget=forms.CheckboxInput(attrs={"autofocus": True}),
    )

    def __init__(self, data: Any = None, *, seen: str, asks: bool) -> None:
        super().__init__({**data.dict(), "seen": seen} if data is not None else None, initial={"seen": seen})
        self._is_same = data is None or data.get("seen", "") == seen
        if not asks:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Refused until the present list was looked at; where work is left, with the reason."""
        found: dict[str, Any] = super().clean() or {}
        if not self._is_same:
            self.add_error("looked", gettext("Danh sách đã thay đổi: hãy xem lại."))
        elif not found.get("looked"):
            self.add_error("looked", gettext("Hãy xem các chỗ trên rồi đánh dấu ô này."))
        if "reason" in self.fields and not found.get("reason", "").strip():
            self.add_error("reason", gettext("Hãy ghi lý do."))
        return found


class CutForm(HotichForm):
    """How a book is cut into packages."""

    source = forms.ChoiceField(label=_("Lấy từ"), widget=forms.RadioSelect)
    first = forms.IntegerField(label=_("Từ số"), required=False, min_value=1, max_value=99_999)
    last = forms.IntegerField(label=_("Đến số"), required=False, min_value=1, max_value=99_999)
    year = forms.IntegerField(label=_("Năm đăng ký"), required=False, min_value=1900, max_value=2100)
    size = forms.IntegerField(label=_("Số trường hợp mỗi gói"), min_value=SMALLEST, max_value=LARGEST)
    mode = forms.ChoiceField(label=_("Cách kiểm tra"))
    team = forms.TypedChoiceField(
        label=_("Giao cho tổ"), required=False, coerce=UUID, empty_value=None,
        help_text=_("Chỉ người trong tổ nhận được các gói này."),
    )  # fmt: skip
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self, *args: Any, scans: int, pages: int, teams: Iterable[tuple[UUID, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(NUMBERS, gettext("Dải số ghi bên dưới, nhập từ sổ giấy"))]
        if scans:
            text = gettext("%(count)d trường hợp đã quét, chưa có trong gói nào") % {"count": scans}
            choices.insert(0, (SCANS, text))
        elif pages:
            text = gettext("%(count)d trang đã quét, chưa chia trường hợp") % {"count": pages}
            choices.insert(0, (SCANS, text))
        self.fields["source"].choices = choices  # type: ignore[attr-defined]
        self.fields["source"].initial = choices[0][0]
        self.fields["mode"].choices = [  # type: ignore[attr-defined]
            (mode.value, gettext(str(mode.label))) for mode in CheckMode
        ]  # fmt: skip
        self.fields["mode"].initial = DEFAULT_MODE
        for name, width in (("first", "s"), ("last", "s"), ("year", "s"), ("size", "s"), ("mode", "l"), ("team", "m")):
            self.fields[name].widget.attrs["data-width"] = width
        offer_teams(self, "team", ("", gettext("Không, ai cũng nhận được")), teams)

    def clean(self) -> dict[str, Any]:
        """A range of numbers is whole or not asked for."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("source") == NUMBERS:
            for name in ("first", "last", "year"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, gettext("Chưa nhập mục này."))
        return cleaned


class ReasonForm(HotichForm):
    """A reason, in one's own words."""

    reason = forms.CharField(label=_("Lý do"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class PledgeForm(HotichForm):
    """One's own full name, typed."""

    signed_name = forms.CharField(
        label=_("Gõ đầy đủ họ, chữ đệm và tên của bạn để ký"), max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "l"}),
    )  # fmt: skip
    version = forms.CharField(widget=forms.HiddenInput)
