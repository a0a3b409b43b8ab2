"""Acts on requests: asking for somebody to be entered anew, confirming, cancelling, denying a suspicion."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.forms.exchange import CreationForm
from hotich.reconciliation.models import AbsenceReason
from hotich.reconciliation.queries.requests import absent_check
from hotich.reconciliation.rules.creation import NUMBER_UNVERIFIED
from hotich.reconciliation.services import requests as services
from hotich.reconciliation.services.check_effects import ask_to_verify
from hotich.reconciliation.views.check_words import absence_name
from hotich.reconciliation.views.exchange_parts import SETTLE, VERIFY, trail
from hotich.reconciliation.views.record_checks import tracking_url
from hotich.records.rules.restricted import sees_restricted
from hotich.registers.views.parts import actor_of, needs, or_not_found, telling
from hotich.web.texts import text_of


@needs(SETTLE)
@require_http_methods(["GET", "POST"])
def creation_new(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """Ask for an absent participant to be entered anew; why not, where it cannot be."""
    actor = actor_of(request)
    with or_not_found():
        check, name = absent_check(actor, check_id, sees=sees_restricted(actor))
    form = CreationForm(request.POST or None, initial={"reason_words": check.absence_words})
    if check.absence != AbsenceReason.DEAD:
        del form.fields["is_needed"]
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_for_creation(
                actor=actor, at=clock.now(), check_id=check_id, reason_words=form.cleaned_data["reason_words"],
                is_needed=form.cleaned_data.get("is_needed", False),
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("reconciliation:population_request", made.id)
    code = services.why_not_created(check=check, reason_words="x", is_needed=True)
    item_url = tracking_url(check)
    title = _("Đề nghị lập mới: %(name)s") % {"name": name}
    context = {
        "form": form,
        "title": title,
        "breadcrumb": trail(title),
        "absence": absence_name(check.absence),
        "refusal": _refusal(code),
        "may_verify_number": code == NUMBER_UNVERIFIED and not item_url,
        "check": check,
        "tracking_url": item_url if code == NUMBER_UNVERIFIED else "",
        "submit_label": _("Trình công an xác nhận"),
    }
    return render(request, "reconciliation/exchange_creation.html", context)


def _refusal(code: str) -> str:
    """Why it cannot be asked whatever is written; "" when it can."""
    return text_of(code) if code else ""


@needs(SETTLE)
@require_POST
def verify_number(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """The number nobody is known under goes to the police: of whom it was said before this was a rule."""
    with telling(request, _("Đã đưa vào danh sách theo dõi để công an xác minh số định danh.")):
        ask_to_verify(actor=actor_of(request), at=clock.now(), check_id=check_id)
    return redirect("reconciliation:population_creation_new", check_id)


@needs(VERIFY)
@require_POST
def confirm(request: HttpRequest, population_request_id: UUID) -> HttpResponse:
    """The police confirm; it waits to be sent."""
    with telling(request, _("Đã xác nhận; yêu cầu chờ gửi.")):
        services.confirm_request(actor=actor_of(request), at=clock.now(), request_id=population_request_id)
    return redirect("reconciliation:population_request", population_request_id)


@needs(SETTLE, VERIFY)
@require_POST
def cancel(request: HttpRequest, population_request_id: UUID) -> HttpResponse:
    """It is not sent."""
    with telling(request, _("Đã hủy yêu cầu.")):
        services.cancel_request(
            actor=actor_of(request),
            at=clock.now(),
            request_id=population_request_id,
            reason=request.POST.get("reason", ""),
        )
    return redirect("reconciliation:population_request", population_request_id)


@needs(SETTLE)
@require_POST
def deny_suspects(request: HttpRequest, population_request_id: UUID) -> HttpResponse:
    """He is none of those the partner suspects: a new request waits for the police."""
    made_id = population_request_id
    with telling(request, _("Đã lập yêu cầu mới nêu rõ không phải những người này; chờ công an xác nhận.")):
        made_id = services.deny_suspects(
            actor=actor_of(request),
            at=clock.now(),
            request_id=population_request_id,
            reason=request.POST.get("reason", ""),
        ).id
    return redirect("reconciliation:population_request", made_id)
