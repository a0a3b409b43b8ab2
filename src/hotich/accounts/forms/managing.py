"""Forms of those who look after accounts and machines, and of delegating. What is lawful is judged by the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.accounts.models import CheckResult, Officer
from hotich.accounts.rules.roles import RIGHTS, ROLES
from hotich.web.forms import HotichForm

REASON_LENGTH = 500


def _text(width: str, **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"data-width": width, "autocomplete": "off", **attrs})


def _day(label: Any, *, required: bool = True, width: str = "s") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"data-width": width, "placeholder": _("ngày/tháng/năm")}),
        error_messages={"invalid": _("Không phải ngày. Ghi ngày/tháng/năm.")},
    )


def _reason(label: Any = _("Lý do")) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2, "data-width": "full"})
    )


def role_choices(*, central: bool, empty: Any = None) -> list[tuple[str, Any]]:
    """Roles by code and name; `central`: also those only a technical administrator gives."""
    first = [("", empty)] if empty is not None else []
    return [*first, *((role.code, gettext(role.name)) for role in ROLES.values() if central or not role.central)]


class OfficerFilter(HotichForm):
    """Filter of the list of accounts. Login names only: a full name does not belong in an address."""

    login = forms.CharField(label=_("Tên đăng nhập"), required=False, widget=_text("s", spellcheck="false"))
    office = forms.CharField(label=_("Mã cơ quan"), required=False, widget=_text("s"))
    role = forms.ChoiceField(label=_("Vai trò"), required=False)
    state = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=(
            ("", _("Tất cả")), ("open", _("Đang dùng")), ("locked", _("Bị khóa")), ("first", _("Chưa đổi mật khẩu cấp")),
            ("bare", _("Không giữ vị trí nào")),
        ),
    )  # fmt: skip
    seen = forms.ChoiceField(
        label=_("Đăng nhập gần nhất"),
        required=False,
        choices=(
            ("", _("Tất cả")), ("never", _("Chưa lần nào")), ("old", _("Quá 90 ngày")), ("recent", _("Trong 7 ngày")),
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(central=True, empty=_("Tất cả"))  # type: ignore[attr-defined]


class PostGivenForm(HotichForm):
    """A role at an office, from a day to a day."""

    office = forms.CharField(label=_("Mã cơ quan"), max_length=32, widget=_text("s"), help_text=_("Ví dụ 24529."))
    role = forms.ChoiceField(label=_("Vai trò"))
    valid_from = _day(_("Từ ngày"))
    valid_to = _day(_("Đến hết ngày"), required=False)

    def __init__(self, *args: Any, central: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(central=central, empty="–")  # type: ignore[attr-defined]
        self.fields["role"].widget.attrs["data-width"] = "m"


class NewOfficerForm(PostGivenForm):
    """An account with its first post."""

    section_fields = (
        (_("Người dùng"), ("full_name", "login", "email")),
        (_("Vị trí công tác đầu tiên"), ("office", "role", "valid_from", "valid_to")),
    )
    full_name = forms.CharField(label=_("Họ và tên"), max_length=120, widget=_text("l"))
    login = forms.CharField(
        label=_("Tên đăng nhập"), max_length=60, required=False, widget=_text("m", spellcheck="false"),
        help_text=_("Để trống thì hệ thống đặt theo tên và mã cơ quan."),
    )  # fmt: skip
    email = forms.EmailField(label=_("Thư điện tử"), required=False, widget=_text("m"))


class AccountFileForm(HotichForm):
    """A file of accounts to be opened."""

    file = forms.FileField(label=_("Tệp CSV danh sách cán bộ"), help_text=_("CSV UTF-8, nhiều nhất 2.000 dòng, 2 MB."))


class LockFilter(HotichForm):
    """Whose accounts are to be locked."""

    office = forms.CharField(
        label=_("Mã cơ quan"), required=False, widget=_text("m"), help_text=_("Nhiều mã: cách nhau bằng dấu phẩy.")
    )
    role = forms.ChoiceField(label=_("Vai trò"), required=False)
    logins = forms.CharField(
        label=_("Hoặc tên đăng nhập"), required=False, widget=_text("l"),
        help_text=_("Nhiều tên: cách nhau bằng dấu phẩy."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(central=False, empty=_("Mọi vai trò"))  # type: ignore[attr-defined]

    def parts(self, name: str) -> list[str]:
        """What was listed in a field."""
        return [part.strip() for part in self.cleaned_data.get(name, "").replace(";", ",").split(",") if part.strip()]


class LockForm(HotichForm):
    """The act of locking: which of the accounts shown, why, and whether open work is overridden."""

    officers = forms.MultipleChoiceField(label=_("Tài khoản"), widget=forms.CheckboxSelectMultiple)
    reason = _reason(_("Lý do hoặc văn bản đề nghị"))
    urgent = forms.BooleanField(
        label=_("Khóa ngay dù còn việc hoặc chưa rà soát (mất an toàn, nghỉ việc)"), required=False
    )

    def __init__(self, *args: Any, officers: Iterable[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].choices = [(str(found.id), found.username) for found in officers]  # type: ignore[attr-defined]


class ReasonForm(HotichForm):
    """Why."""

    reason = _reason()


class DelegationForm(HotichForm):
    """To whom, which rights, from when to when, why."""

    section_fields = (
        (_("Người nhận ủy quyền"), ("colleague", "login")),
        (_("Nội dung"), ("rights", "valid_from", "valid_to", "reason")),
    )
    colleague = forms.TypedChoiceField(
        label=_("Cán bộ cùng cơ quan"), coerce=int, empty_value=None, required=False,
        widget=forms.Select(attrs={"data-width": "l"}),
    )  # fmt: skip
    login = forms.CharField(
        label=_("Hoặc tên đăng nhập của cán bộ cơ quan khác"), required=False, max_length=60,
        widget=_text("l", spellcheck="false"), help_text=_("Trong cùng tỉnh, thành phố; chờ lãnh đạo nơi đó đồng ý."),
    )  # fmt: skip
    rights = forms.MultipleChoiceField(label=_("Quyền được ủy"), widget=forms.CheckboxSelectMultiple)
    valid_from = _day(_("Từ ngày"))
    valid_to = _day(_("Đến hết ngày"))
    reason = _reason()

    def __init__(self, *args: Any, colleagues: Iterable[Officer], rights: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(found.id, f"{found.full_name} ({found.username})") for found in colleagues]
        self.fields["colleague"].choices = [("", "–"), *people]  # type: ignore[attr-defined]
        own = set(rights)
        self.fields["rights"].choices = [(code, gettext(RIGHTS[code])) for code in RIGHTS if code in own]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two ways to name the officer."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("colleague")) == bool(cleaned.get("login")):
            self.add_error(
                "colleague", _("Chọn một cán bộ cùng cơ quan, hoặc ghi tên đăng nhập của cán bộ cơ quan khác.")
            )
        return cleaned


class DeviceCheckForm(HotichForm):
    """What the check of a machine found."""

    checked_by = forms.CharField(label=_("Người, đơn vị kiểm tra"), max_length=120, widget=_text("l"))
    checked_on = _day(_("Ngày kiểm tra"))
    result = forms.ChoiceField(
        label=_("Kết quả"), choices=CheckResult.choices, widget=forms.Select(attrs={"data-width": "m"})
    )
    valid_to = _day(_("Hạn dùng đến"))


class DeviceForm(DeviceCheckForm):
    """A machine to be entered."""

    section_fields = (
        (_("Thiết bị"), ("office", "name", "serial")),
        (_("Kiểm tra an toàn"), ("checked_by", "checked_on", "result", "valid_to", "note")),
    )
    office = forms.CharField(label=_("Mã cơ quan"), max_length=32, widget=_text("s"))
    name = forms.CharField(label=_("Tên thiết bị"), max_length=80, widget=_text("m"))
    serial = forms.CharField(label=_("Số sê-ri"), max_length=80, widget=_text("m"))
    note = forms.CharField(label=_("Ghi chú"), max_length=500, required=False, widget=_text("full"))


class DeviceRuleForm(HotichForm):
    """From when sign-in needs a checked machine, and where."""

    required = forms.TypedChoiceField(
        label=_("Quy định"), coerce=lambda value: value == "1",
        choices=(("1", _("Chỉ đăng nhập từ thiết bị đã kiểm tra")), ("0", _("Không bắt buộc"))),
    )  # fmt: skip
    office = forms.CharField(
        label=_("Mã cơ quan"), required=False, max_length=32, widget=_text("s"),
        help_text=_("Để trống: áp dụng cho cả tỉnh, thành phố."),
    )  # fmt: skip
    valid_from = _day(_("Từ ngày"))
    reason = _reason(_("Căn cứ, lý do"))


class DeviceCodeForm(HotichForm):
    """The code an administrator made for this machine."""

    code = forms.CharField(
        label=_("Mã ghi nhận"), max_length=40,
        widget=forms.TextInput(
            attrs={"data-width": "full", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )  # fmt: skip
