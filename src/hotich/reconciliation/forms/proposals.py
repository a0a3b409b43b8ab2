"""What to search for links in, and what to show of the proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.reconciliation.models import ProposalState
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
        label=_("Trạng thái"), required=False, widget=forms.Select(attrs={"data-width": "s"})
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
