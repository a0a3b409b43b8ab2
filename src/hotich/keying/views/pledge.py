"""The pledge of confidentiality: read, sign by typing one's own name, print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.packages import PledgeForm
from hotich.keying.queries.pledges import must_still_sign, pledge_of
from hotich.keying.rules.pledge import PledgeText, text_on
from hotich.keying.services.pledges import note_pledge_printed, sign_pledge
from hotich.keying.views.package_parts import home_crumbs
from hotich.records.views.printing import sheet_context
from hotich.registers.views.parts import actor_of, lang, needs

KEY = "keying.key"


@needs(KEY)
@require_http_methods(["GET", "POST"])
def pledge(request: HttpRequest) -> HttpResponse:
    """The wording in force and the officer's signature under it, or the place for it."""
    actor, text = actor_of(request), text_on(clock.today())
    form = PledgeForm(request.POST or None, initial={"version": text.version})
    if request.method == "POST" and form.is_valid():
        try:
            sign_pledge(
                actor=actor, at=clock.now(), version=form.cleaned_data["version"],
                signed_name=form.cleaned_data["signed_name"],
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ký cam kết bảo mật."))
            return redirect("keying:home")
    context = {
        "form": form,
        "signed": pledge_of(actor, text.version),
        "must_sign": must_still_sign(actor, clock.today()),
        "breadcrumb": home_crumbs((_("Cam kết bảo mật"), "")),
        **_words(text),
    }
    return render(request, "keying/pledge.html", context, status=422 if form.errors else 200)


@needs(KEY)
@require_GET
def pledge_print(request: HttpRequest) -> HttpResponse:
    """The pledge on paper, with the signature typed under it or room for one by hand. Always in Vietnamese."""
    actor, text = actor_of(request), text_on(clock.today())
    note_pledge_printed(actor=actor, at=clock.now(), version=text.version)
    signed = pledge_of(actor, text.version)
    name = names_of_officers([actor.officer_id or 0]).get(actor.officer_id or 0, "")
    context = {
        "text": text,
        "signed": signed,
        "name": name,
        "points": [point[0] for point in text.points],
        "signers": [_("Người cam kết"), _("Người phụ trách")],
        **sheet_context(request, reverse("keying:pledge")),
    }
    return render(request, "keying/pledge_print.html", context)


def _words(text: PledgeText) -> dict[str, Any]:
    at = 1 if lang() == "en" else 0
    return {
        "text": text,
        "title": text.title[at],
        "opening": text.opening[at],
        "points": [point[at] for point in text.points],
        "closing": text.closing[at],
    }
