"""What else is done with one case: another scan in the place of a bad one, handing in again as it is."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hotich.intake import services
from hotich.intake.forms import ScanForm
from hotich.intake.views.case_page import case_title, case_url
from hotich.intake.views.parts import actor_of, case_of, needs, tell_refusal
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken


@needs("case.edit")
@require_http_methods(["GET", "POST"])
def case_replace_scan(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Link another PDF to a case."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        scan = form.cleaned_data["scan"]
        name = PurePath(scan.name or "ban-chup.pdf").name
        try:
            services.replace_scan(case_id=case.id, name=name, content=scan.read(), actor=actor, at=clock.now())
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã thay bản chụp."))
            return redirect("intake:case", case_id=case.id)
    title = _("Thay bản chụp")
    context = {
        "page_title": title,
        "text": _("Bản chụp mới thay bản đang gắn với trường hợp này; bản cũ vẫn được giữ trong kho tệp."),
        "form": form,
        "submit_label": _("Thay bản chụp"),
        "cancel_url": case_url(case.id),
        "breadcrumb": [{"label": case_title(case), "url": case_url(case.id)}, {"label": title, "url": ""}],
    }
    return render(request, "intake/simple_form.html", context)


@needs("case.edit", "case.approve")
@require_POST
def case_undo(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take one's own last act on a case back, and show the case."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    try:
        services.undo_last_act(case_id=case.id, actor=actor, at=clock.now())
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Đã hoàn tác dòng %(row)d.") % {"row": case.row_number})
    return redirect("intake:case", case_id=case.id)


@needs("case.edit")
@require_POST
def case_resubmit(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Hand a case that was given back in again without a change."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    try:
        services.resubmit_case(case_id=case.id, actor=actor, at=clock.now())
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
        return redirect("intake:case", case_id=case.id)
    messages.success(request, _("Đã trình lại dòng %(row)d.") % {"row": case.row_number})
    return redirect("intake:held")
