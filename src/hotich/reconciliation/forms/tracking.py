"""Forms of the tracking list. What may be is judged by the services, not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.reconciliation.models import TrackingContact, TrackingState, Verdict
from hotich.reconciliation.queries.tracking import MINE, NOBODY, OVERDUE, PART_ONLY, SOON, Wanted
from hotich.reconciliation.rules.tracking_workflow import AGE_BANDS
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import short_name
from hotich.web.forms import HotichForm


def _chosen(width: str = "s") -> forms.Select:
    return forms.Select(attrs={"data-width": width})


def _shown(form: forms.Form, name: str, pairs: Iterable[tuple[Any, str]]) -> None:
    form.fields[name].choices = list(pairs)  # type: ignore[attr-defined]


class TrackingFilter(HotichForm):
    """Narrows the list. Codes and numbers only: a kept filter, and the address, name no citizen."""

    trang_thai = forms.ChoiceField(label=_("Trạng thái"), required=False, widget=_chosen("m"))
    han = forms.ChoiceField(label=_("Thời hạn"), required=False, widget=_chosen())
    tuoi = forms.ChoiceField(label=_("Đã theo dõi"), required=False, widget=_chosen())
    xac_minh = forms.ChoiceField(label=_("Người xác minh"), required=False, widget=_chosen())
    khac = forms.ChoiceField(label=_("Khác nhau về"), required=False, widget=_chosen())
    ket_luan = forms.ChoiceField(label=_("Kết luận"), required=False, widget=_chosen())
    loai = forms.ChoiceField(label=_("Loại sổ"), required=False, widget=_chosen())
    co_quan = forms.TypedChoiceField(
        label=_("Nơi đăng ký"), required=False, coerce=int, empty_value=None, widget=_chosen("m")
    )  # fmt: skip

    def __init__(
        self, *args: Any, facts: Mapping[str, str], bands: Mapping[str, str], verifiers: Mapping[int, str],
        offices: Mapping[int, str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        anything = ("", gettext("Tất cả"))
        _shown(self, "trang_thai", [
            ("", gettext("Chưa giải quyết")), ("police", gettext("Đang ở công an")),
            ("officer", gettext("Đang ở công chức hộ tịch")),
            *((value, gettext(label)) for value, label in TrackingState.choices), ("all", gettext("Tất cả")),
        ])  # fmt: skip
        _shown(self, "han", [anything, (OVERDUE, gettext("Quá hạn")), (SOON, gettext("Sắp hết hạn (3 ngày làm việc)"))])
        _shown(self, "tuoi", [anything, *((band.code, bands[band.code]) for band in AGE_BANDS)])
        _shown(self, "xac_minh", [anything, (MINE, gettext("Giao cho tôi")), (NOBODY, gettext("Chưa phân công")),
                                  *((str(key), name) for key, name in verifiers.items())])  # fmt: skip
        _shown(self, "khac", [anything, (PART_ONLY, gettext("Chỉ vì sổ ghi thiếu ngày, tháng sinh")), *facts.items()])
        _shown(self, "ket_luan", [anything, *((value, gettext(label)) for value, label in Verdict.choices)])
        _shown(self, "loai", [anything, *((letters, short_name(letters)) for letters in REGISTER_TYPES)])
        if len(offices) > 1:
            _shown(self, "co_quan", [anything, *offices.items()])
        else:
            del self.fields["co_quan"]

    def wanted(self) -> Wanted:
        """What is asked for; what is not sensible does not narrow."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return Wanted(
            state=data.get("trang_thai", ""), office=data.get("co_quan"), register_type=data.get("loai", ""),
            verdict=data.get("ket_luan", ""), field=data.get("khac", ""), assigned=data.get("xac_minh", ""),
            due=data.get("han", ""), band=data.get("tuoi", ""),
        )  # fmt: skip

    def words(self) -> list[str]:
        """The filter in words, for paper."""
        if not self.is_bound or not self.is_valid():
            return []
        made = []
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            label = dict(field.choices).get(str(value) if value is not None else "", "")  # type: ignore[attr-defined]
            if value:
                made.append(f"{field.label}: {label or dict(field.choices).get(value, '')}")  # type: ignore[attr-defined]
        return made


class ContactForm(HotichForm):
    """How the citizen was contacted and what was said."""

    way = forms.ChoiceField(label=_("Cách liên hệ"), widget=_chosen("l"))
    is_reached = forms.BooleanField(label=_("Đã gặp, nói chuyện được với công dân"), required=False)
    contact_words = forms.CharField(
        label=_("Nội dung"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Đã hướng dẫn gì, công dân trả lời thế nào, hẹn khi nào."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shown(self, "way", ((value, gettext(label)) for value, label in TrackingContact.Way.choices))


class EvidenceForm(HotichForm):
    """A paper that shows what is right."""

    evidence_file = forms.FileField(
        label=_("Tệp giấy tờ"), help_text=_("PDF, JPEG hoặc PNG, tối đa 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png", "data-width": "full"}),
    )  # fmt: skip
    evidence_words = forms.CharField(
        label=_("Tên giấy tờ"),
        max_length=300,
        widget=forms.TextInput(attrs={"data-width": "full", "autocomplete": "off"}),
    )


class ExportForm(HotichForm):
    """Why the list is taken away."""

    reason = forms.CharField(
        label=_("Lý do xuất"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Ví dụ: cuộc họp thống nhất dữ liệu với công an xã ngày nào, ai nhận tệp."),
    )  # fmt: skip
