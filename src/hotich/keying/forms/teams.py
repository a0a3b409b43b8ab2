"""Forms of the pages of teams. What may be is judged by the services, not here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.keying.models import TeamShift
from hotich.keying.services.teams import NAME
from hotich.web.forms import HotichForm


def offer_teams(form: forms.Form, name: str, none: tuple[str, str], teams: Iterable[tuple[UUID, str]]) -> None:
    """Fill a field that asks for a team, or none of them; where there are no teams, nothing is asked."""
    known = [(str(team), title) for team, title in teams]
    form.fields[name].choices = [none, *known]  # type: ignore[attr-defined]
    if not known:
        del form.fields[name]


class TeamForm(HotichForm):
    """A team: what it is called, when it keys, who leads it."""

    name = forms.CharField(
        label=_("Tên tổ"), max_length=NAME, help_text=_("Ví dụ: Tổ 1 – ca sáng"),
        widget=forms.TextInput({"data-width": "l", "autocomplete": "off", "lang": "vi"}),
    )  # fmt: skip
    shift = forms.ChoiceField(label=_("Ca"), required=False, widget=forms.Select({"data-width": "s"}))
    leader = forms.TypedChoiceField(label=_("Tổ trưởng"), coerce=int, widget=forms.Select({"data-width": "m"}))
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, leaders: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shift"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Không chia ca")), *((value, gettext(label)) for value, label in TeamShift.choices)
        ]  # fmt: skip
        self.fields["leader"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Chọn người")), *((str(officer), name) for officer, name in leaders)
        ]  # fmt: skip


class JoinForm(HotichForm):
    """Who joins a team, and from which day on."""

    officers = forms.TypedMultipleChoiceField(
        label=_("Ai vào tổ"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    since = forms.DateField(
        label=_("Từ ngày"), input_formats=["%d/%m/%Y"],
        help_text=_("Người đang ở tổ khác của cơ quan sẽ rời tổ đó từ ngày này."),
        widget=forms.DateInput({"data-width": "m", "autocomplete": "off", "inputmode": "numeric"}, "%d/%m/%Y"),
    )  # fmt: skip

    def __init__(self, *args: Any, officers: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].choices = [(str(officer), name) for officer, name in officers]  # type: ignore[attr-defined]
