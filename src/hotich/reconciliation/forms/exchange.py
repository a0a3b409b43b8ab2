"""Forms of the exchange with the population database. What may be is judged by the services, not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.reconciliation.models import RequestKind, RequestState
from hotich.web.forms import HotichForm

FAILING = "vuong"


def _choices(form: forms.Form, name: str, pairs: Iterable[tuple[Any, str]]) -> None:
    form.fields[name].choices = list(pairs)  # type: ignore[attr-defined]


class RequestFilter(HotichForm):
    """Narrows the list; codes only."""

    loai = forms.ChoiceField(label=_("Loại yêu cầu"), required=False, widget=forms.Select(attrs={"data-width": "s"}))
    trang_thai = forms.ChoiceField(
        label=_("Trạng thái"), required=False, widget=forms.Select(attrs={"data-width": "s"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = ("", gettext("Tất cả"))
        _choices(self, "loai", [anything, *((value, gettext(label)) for value, label in RequestKind.choices)])
        states = [(value, gettext(label)) for value, label in RequestState.choices]
        _choices(self, "trang_thai", [anything, (FAILING, gettext("Đang vướng mắc")), *states])

    def wanted(self) -> dict[str, Any]:
        """What is asked for, as `queries.requests.requests_of` takes it; what is not sensible does not narrow."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        state = data.get("trang_thai", "")
        failing = state == FAILING
        return {"kind": data.get("loai", ""), "state": "" if failing else state, "is_failing": failing}


class CreationForm(HotichForm):
    """Why somebody absent is to be entered anew; for the dead also that it is needed."""

    reason_words = forms.CharField(
        label=_("Lý do, căn cứ"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-width": "full"}),
        help_text=_("Với người đã chết: nêu rõ cần lập để làm gì, ví dụ cấp trích lục cho con."),
    )  # fmt: skip
    is_needed = forms.BooleanField(
        label=_("Người này đã chết nhưng thực sự cần lập"), required=False,
        widget=forms.CheckboxInput(attrs={"data-width": "full"}),
    )  # fmt: skip


class AnswerFileForm(HotichForm):
    """The signed answers to a file."""

    file = forms.FileField(
        label=_("Tệp trả lời"), help_text=_("Tệp .jsonl có chữ ký nhận từ Cơ sở dữ liệu quốc gia về dân cư, tối đa 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".jsonl,.txt", "data-width": "full"}),
    )  # fmt: skip


class DayForm(HotichForm):
    """A past day to be compared, of one office."""

    office = forms.TypedChoiceField(label=_("Cơ quan"), coerce=int, widget=forms.Select(attrs={"data-width": "m"}))
    day = forms.DateField(
        label=_("Ngày"), input_formats=["%d/%m/%Y"], help_text=_("dd/mm/yyyy"),
        widget=forms.DateInput({"data-width": "s", "autocomplete": "off", "inputmode": "numeric"}, format="%d/%m/%Y"),
        error_messages={"invalid": _("Không phải là một ngày.")},
    )  # fmt: skip

    def __init__(self, *args: Any, offices: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "office", offices.items())
