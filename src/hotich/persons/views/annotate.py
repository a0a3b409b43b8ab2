"""Writing an annotation beside an entry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.persons import services
from hotich.records.forms import AnnotationForm
from hotich.records.services import AnnotationDraft
from hotich.records.views.parts import names_of, opened_record, record_crumbs, record_title, scan_places
from hotich.registers.views.parts import actor_of, needs


@needs("record.annotate")
@require_http_methods(["GET", "POST"])
def annotate(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The form of a note, beside the scan; the service judges it."""
    actor = actor_of(request)
    view = opened_record(request, record_id)
    form = AnnotationForm(request.POST if request.method == "POST" else None, version=view.version)
    if request.method == "POST" and form.is_valid():
        try:
            services.annotate_record(
                actor=actor, at=clock.now(), record_id=record_id, drafts=[_draft(form.cleaned_data)]
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi chú vào bản ghi."))
            return redirect(f"{reverse('records:record', args=[record_id])}?phan=ghi-chu")
    found = view.record
    context = {
        "form": form,
        "title": _("Thêm ghi chú"),
        "subtitle": f"{record_title(found)} · {names_of(found, actor)}",
        "breadcrumb": record_crumbs(found, _("Thêm ghi chú")),
        **scan_places(view.scans),
        "cancel_url": reverse("records:record", args=[record_id]),
    }
    return render(request, "persons/annotate.html", context)


def _draft(given: dict[str, Any]) -> AnnotationDraft:
    new = given["new_value"].strip()
    return AnnotationDraft(
        kind=given["kind"],
        text=given["text"],
        field=given["field"],
        new_value=None if given["taken_away"] or not given["field"] else new,
        note_date_text=given["note_date_text"],
        basis_number=given["basis_number"],
        basis_date_text=given["basis_date_text"],
        basis_authority=given["basis_authority"],
        restricted=given["restricted"],
    )
