"""Forms of acceptance: freezing the number of cases, deciding. What may be done is judged by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.keying.models import DenominatorSource
from hotich.web.forms import HotichForm
from hotich.web.rules.formats import number_text


class DenominatorForm(HotichForm):
    """Where the number of cases of a book comes from; only "decided" is typed."""

    source = forms.ChoiceField(label=_("Theo nguồn"), widget=forms.Select(attrs={"data-width": "l"}))
    value = forms.IntegerField(
        label=_("Số trường hợp"), required=False, min_value=1,
        help_text=_("Chỉ nhập khi người phụ trách xác định."),
        widget=forms.TextInput(attrs={"data-width": "m", "inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Lý do, căn cứ"), required=False, max_length=300,
        widget=forms.TextInput(attrs={"data-width": "full", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: dict[str, int], lang: str = "vi", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (source.value, f"{gettext(str(source.label))}: {number_text(offered[source.value], lang)}")
            for source in DenominatorSource
            if source.value in offered
        ]
        decided = DenominatorSource.DECIDED
        self.fields["source"].choices = [*choices, (decided.value, gettext(str(decided.label)))]  # type: ignore[attr-defined]


class DecisionForm(HotichForm):
    """The number of the record and the words of the decision."""

    number = forms.CharField(
        label=_("Số biên bản"), required=False, max_length=40, help_text=_("Ví dụ: 05/BB-UBND"),
        widget=forms.TextInput(attrs={"data-width": "l", "autocomplete": "off"}),
    )  # fmt: skip
    words = forms.CharField(label=_("Ý kiến"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
