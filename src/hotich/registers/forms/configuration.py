"""Forms for proposing a change of the configuration. What makes sense is judged by the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hotich.kernel.dates import DateError, parse_date
from hotich.registers.codes.local import CodeAction
from hotich.registers.rules.configuration import Kind, LocalChange
from hotich.registers.rules.configuration_change import change_of, read_days
from hotich.web.forms import HotichForm
from hotich.web.texts import text_of

REASON_LENGTH = 1000


class DayField(forms.CharField):
    """A day as people write it (31/12/2026); blank is no day."""

    def __init__(self, **more: Any) -> None:
        attrs = {"data-width": "s", "autocomplete": "off", "inputmode": "numeric"}
        super().__init__(required=False, max_length=20, widget=forms.TextInput(attrs=attrs), **more)

    def clean(self, value: Any) -> Any:
        """The day; one that is known in part only is refused."""
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            day = parse_date(text)
        except DateError as error:
            raise forms.ValidationError(text_of(error.code, {"text": text})) from error
        if day.precision != "day" or day.earliest is None:
            raise forms.ValidationError(_("Hãy ghi đủ ngày, tháng, năm."))
        return day.earliest

    def prepare_value(self, value: Any) -> Any:
        """A day in the form people write."""
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def _text(width: str, **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"data-width": width, "autocomplete": "off", **attrs})


class ChangeForm(HotichForm):
    """What every change says: its source, whether that was seen, and why."""

    source = forms.CharField(label=_("Căn cứ"), max_length=300, widget=_text("xl"),
                             help_text=_("Số, ngày, điều khoản của văn bản; hoặc quy ước của cơ quan."))  # fmt: skip
    verified = forms.BooleanField(
        label=_("Đã đối chiếu với văn bản (đã kiểm chứng)"), required=False,
        help_text=_("Bỏ trống thì giá trị được hiển thị là “chưa kiểm chứng”."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Lý do"), max_length=REASON_LENGTH,
                             widget=forms.Textarea(attrs={"rows": "2", "data-width": "full"}))  # fmt: skip

    def change(self, key: str) -> LocalChange:
        """The change that the form describes, after `is_valid()`."""
        raise NotImplementedError

    def _common(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"source": data["source"], "verified": data["verified"], "valid_from": data.get("valid_from"),
                "valid_to": data.get("valid_to")}  # fmt: skip


class ParameterForm(ChangeForm):
    """A value of a threshold in a period."""

    section_fields = (
        (_("Giá trị mới"), ("province", "value", "valid_from", "valid_to")),
        (_("Căn cứ và lý do"), ("source", "verified", "reason")),
    )
    province = forms.ChoiceField(label=_("Áp dụng tại"), required=False,
                                 widget=forms.Select(attrs={"data-width": "m"}))  # fmt: skip
    value = forms.IntegerField(label=_("Giá trị"), widget=_text("xs", inputmode="numeric"))
    valid_from = DayField(label=_("Có hiệu lực từ ngày"), help_text=_("Bỏ trống: từ trước đến nay."))
    valid_to = DayField(label=_("Đến hết ngày"), help_text=_("Bỏ trống: không thời hạn."))

    def __init__(self, *args: Any, provinces: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if provinces:
            self.fields["province"].choices = [("", _("Cả nước")), *provinces.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["province"]

    def change(self, key: str) -> LocalChange:
        """The threshold in the period, for the country or a province."""
        data = self.cleaned_data
        return change_of(
            Kind.PARAMETER, key, {"value": data["value"]}, province=data.get("province", ""), **self._common()
        )


ACTIONS = (
    (CodeAction.ADD.value, _("Thêm mã mới")),
    (CodeAction.RENAME.value, _("Đổi tên từ một ngày")),
    (CodeAction.END.value, _("Kết thúc sử dụng")),
    (CodeAction.WORDS.value, _("Thêm cách viết khác")),
    (CodeAction.MAP.value, _("Thay bằng mã đã kiểm chứng")),
    (CodeAction.VERIFY.value, _("Xác nhận đã kiểm chứng")),
)


class CodeForm(ChangeForm):
    """What is done to one code of a list."""

    section_fields = (
        (_("Thay đổi"), ("action", "code", "vi", "en", "words", "target", "valid_from", "valid_to")),
        (_("Căn cứ và lý do"), ("source", "verified", "reason")),
    )
    action = forms.ChoiceField(label=_("Việc với mã"), choices=ACTIONS, widget=forms.Select(attrs={"data-width": "m"}))
    code = forms.CharField(label=_("Mã"), max_length=40, widget=_text("s", spellcheck="false"))
    vi = forms.CharField(label=_("Tên tiếng Việt"), max_length=200, required=False, widget=_text("l"),
                         help_text=_("Khi thêm mã hoặc đổi tên."))  # fmt: skip
    en = forms.CharField(label=_("Tên tiếng Anh"), max_length=200, required=False, widget=_text("l"))
    words = forms.CharField(label=_("Cách viết khác được hiểu là mã này"), max_length=2000, required=False,
                            widget=_text("full"), help_text=_("Cách nhau bằng dấu chấm phẩy."))  # fmt: skip
    target = forms.CharField(label=_("Mã thay thế"), max_length=40, required=False, widget=_text("s"),
                             help_text=_("Khi thay bằng mã đã kiểm chứng."))  # fmt: skip
    valid_from = DayField(label=_("Từ ngày"), help_text=_("Bỏ trống: từ trước đến nay."))
    valid_to = DayField(label=_("Ngày cuối cùng dùng mã"), help_text=_("Khi kết thúc sử dụng."))

    def change(self, key: str) -> LocalChange:
        """The change of the code in the list `key`."""
        data = self.cleaned_data
        value: dict[str, Any] = {"action": data["action"]}
        if data["action"] in (CodeAction.ADD, CodeAction.RENAME):
            value |= {"vi": data["vi"].strip(), "en": data["en"].strip()}
        if data["action"] in (CodeAction.ADD, CodeAction.WORDS):
            value["words"] = [word.strip() for word in data["words"].split(";") if word.strip()]
        if data["action"] == CodeAction.MAP:
            value["target"] = data["target"].strip()
        return change_of(Kind.CODE, f"{key}/{data['code'].strip()}", value, **self._common())


class CalendarForm(ChangeForm):
    """The official days of a year, pasted from the notice."""

    section_fields = ((_("Danh sách ngày"), ("days",)), (_("Căn cứ và lý do"), ("source", "verified", "reason")))
    days = forms.CharField(
        label=_("Ngày nghỉ và ngày làm bù"), max_length=8000,
        widget=forms.Textarea(attrs={"rows": "12", "data-width": "full", "spellcheck": "false"}),
        help_text=_(
            "Mỗi dòng một ngày hoặc một khoảng: 01/01/2027 Tết Dương lịch; 05/02/2027 – 11/02/2027 Tết Nguyên đán. "
            "Dòng bắt đầu lý do bằng “làm” là ngày làm bù."
        ),
    )  # fmt: skip

    def change(self, key: str) -> LocalChange:
        """The days of the year `key`. Raises RuleBroken calendar_line_unreadable."""
        return change_of(Kind.CALENDAR, key, {"days": read_days(self.cleaned_data["days"])}, **self._common())


class EraForm(ChangeForm):
    """When the forms of an era were in use, and by which law."""

    section_fields = (
        (_("Thời kỳ dùng mẫu sổ"), ("first", "last", "law")),
        (_("Căn cứ và lý do"), ("source", "verified", "reason")),
    )
    first = DayField(label=_("Từ ngày"), help_text=_("Bỏ trống: không rõ."))
    last = DayField(label=_("Đến hết ngày"), help_text=_("Bỏ trống: đến nay."))
    law = forms.CharField(label=_("Văn bản quy định mẫu sổ"), max_length=300, widget=_text("full"))

    def change(self, key: str) -> LocalChange:
        """The period of the era `key`."""
        data = self.cleaned_data
        days = {name: data[name].isoformat() if data[name] else None for name in ("first", "last")}
        return change_of(Kind.ERA, key, {**days, "law": data["law"].strip()}, **self._common())


FORMS: dict[Kind, type[ChangeForm]] = {
    Kind.PARAMETER: ParameterForm,
    Kind.CODE: CodeForm,
    Kind.CALENDAR: CalendarForm,
    Kind.ERA: EraForm,
}


class FileForm(HotichForm):
    """A configuration file of the Ministry or of another office, proposed as a whole."""

    file = forms.FileField(label=_("Tệp cấu hình (JSON)"))
    title = forms.CharField(label=_("Tên đề nghị"), max_length=200, widget=_text("full"))
    reason = forms.CharField(label=_("Lý do"), max_length=REASON_LENGTH,
                             widget=forms.Textarea(attrs={"rows": "2", "data-width": "full"}))  # fmt: skip


class ProvinceFilter(HotichForm):
    """Whose values a list shows."""

    tinh = forms.ChoiceField(label=_("Áp dụng tại"), required=False, widget=forms.Select(attrs={"data-width": "m"}))

    def __init__(self, *args: Any, provinces: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tinh"].choices = [("", _("Cả nước")), *provinces.items()]  # type: ignore[attr-defined]


class TakeBackForm(HotichForm):
    """Why a change shall no longer hold, and who says so."""

    source = forms.CharField(label=_("Căn cứ"), max_length=300, widget=_text("full"))
    reason = forms.CharField(label=_("Lý do"), max_length=REASON_LENGTH,
                             widget=forms.Textarea(attrs={"rows": "2", "data-width": "full"}))  # fmt: skip
