"""Stating why so much is read today, before reading goes on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.persons.forms import ReasonForm
from hotich.records.rules.reading_budget import budget_for
from hotich.records.services import give_reading_reason, reading_day
from hotich.registers.rules.parameters import constant
from hotich.registers.views.parts import actor_of, needs


@needs("record.read", "person.read", "record.look_up")
@require_http_methods(["GET", "POST"])
def reading_reason(request: HttpRequest) -> HttpResponse:
    """How much was read today, what is allowed, and the reason to read on; `?tiep=` leads back."""
    actor = actor_of(request)
    now = clock.now()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            give_reading_reason(actor=actor, at=now, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi lý do; lãnh đạo cơ quan sẽ thấy. Bạn có thể xem tiếp."))
            return redirect(_back(request))
    context = {
        "form": form,
        "read": reading_day(actor, now).read,
        "limit": constant(budget_for(actor.rights).limit),
        "letters": constant("reading_reason_length"),
        "cancel_url": "/",
    }
    return render(request, "persons/reading_reason.html", context)


def _back(request: HttpRequest) -> str:
    wanted = request.GET.get("tiep", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if safe else "/"
