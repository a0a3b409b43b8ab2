"""What to search for links in, and what to show of the proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.reconciliation.models import ProposalKind, ProposalState
from hotich.reconciliation.rules.link_bulks import BULK_KINDS
from hotich.web.forms import HotichForm

Choices = Sequence[tuple[str, Any]]
ALL = "all"


class LinkSearchForm(HotichForm):
    """`what` is office:id or book:id; the service asks again whether it is in reach."""

    what = forms.ChoiceField(label=_("Tìm trong"), widget=forms.Select(attrs={"data-width": "xl"}))

    def __init__(self, *args: Any, what: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = what  # type: ignore[attr-defined]


class ProposalFilter(HotichForm):
    """Narrows the list. Codes only: the address names no citizen."""

    loai = forms.CharField(required=False, widget=forms.HiddenInput)
    trang_thai = forms.ChoiceField(
        label=_("Trạng thái"), required=False, widget=forms.Select(attrs={"data-width": "m"})
    )
    co_quan = forms.TypedChoiceField(
        label=_("Nơi đăng ký"), required=False, coerce=int, empty_value=None,
        widget=forms.Select(attrs={"data-width": "l"}),
    )  # fmt: skip

    def __init__(self, *args: Any, offices: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [
            ("", gettext("Chờ quyết định")),
            *((value, gettext(label)) for value, label in ProposalState.choices if value != ProposalState.OPEN),
            (ALL, gettext("Tất cả")),
        ]
        self.fields["trang_thai"].choices = states  # type: ignore[attr-defined]
        if len(offices) > 1:
            choices = [("", gettext("Tất cả")), *((str(key), name) for key, name in offices.items())]
            self.fields["co_quan"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["co_quan"]


class BulkForm(HotichForm):
    """Which proposals are accepted together: a kind, and how alike at least."""

    kind = forms.ChoiceField(label=_("Loại đề xuất"), widget=forms.Select(attrs={"data-width": "m"}))
    bits = forms.IntegerField(label=_("Mức giống nhau từ (bit)"), max_value=200)

    def __init__(self, *args: Any, least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(value, gettext(label)) for value, label in ProposalKind.choices if value in BULK_KINDS]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["bits"].initial = least
        self.fields["bits"].widget = forms.NumberInput(attrs={"data-width": "xs", "min": least, "max": 200})
