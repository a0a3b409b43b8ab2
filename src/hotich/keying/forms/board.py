"""The filter of the board: a span of days, a team and an office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.keying.forms.teams import offer_teams
from hotich.web.forms import HotichForm

SPANS = {"": 1, "7": 7, "30": 30}
"""A span by its name in the address: days up to today."""
_DAY = {"data-width": "s", "autocomplete": "off", "inputmode": "numeric", "placeholder": "31/12/2026"}


class BoardFilter(HotichForm):
    """Which days, which team and which office where there are several. From and to, where given, go before the span."""

    ky = forms.ChoiceField(label=_("Thời gian"), required=False)
    tu = forms.DateField(label=_("Từ ngày"), required=False, input_formats=["%d/%m/%Y"],
                         widget=forms.DateInput(dict(_DAY), "%d/%m/%Y"))  # fmt: skip
    den = forms.DateField(label=_("Đến ngày"), required=False, input_formats=["%d/%m/%Y"],
                          widget=forms.DateInput(dict(_DAY), "%d/%m/%Y"))  # fmt: skip
    to = forms.TypedChoiceField(label=_("Tổ"), required=False, coerce=UUID, empty_value=None)
    co_quan = forms.TypedChoiceField(label=_("Cơ quan"), required=False, coerce=int, empty_value=None)

    def __init__(
        self, *args: Any, offices: Mapping[int, str], teams: Sequence[tuple[UUID, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ky"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Hôm nay")), ("7", gettext("7 ngày qua")), ("30", gettext("30 ngày qua")),
        ]  # fmt: skip
        self.fields["co_quan"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Tất cả cơ quan của tôi")),
            *sorted(((str(key), name) for key, name in offices.items()), key=lambda pair: pair[1]),
        ]
        offer_teams(self, "to", ("", gettext("Tất cả các tổ")), teams)
        if len(offices) < 2:
            del self.fields["co_quan"]

    def span(self, today: date) -> tuple[date, date]:
        """The first and the last day asked for; today where nothing sensible is."""
        wanted = self.cleaned_data if self.is_valid() else {}
        first: date | None = wanted.get("tu")
        last: date | None = wanted.get("den")
        if first is not None:
            return first, last or max(first, today)
        if last is not None:
            return last, last
        return today - timedelta(days=SPANS.get(wanted.get("ky") or "", 1) - 1), today

    def office(self) -> int | None:
        """The office asked for; None for all."""
        found: int | None = self.cleaned_data.get("co_quan") if self.is_valid() else None
        return found

    def team(self) -> UUID | None:
        """The team asked for; None for all."""
        found: UUID | None = self.cleaned_data.get("to") if self.is_valid() else None
        return found
