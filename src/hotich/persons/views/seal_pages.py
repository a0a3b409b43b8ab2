"""Sealing an annotation by decision, and lifting the seal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.persons.forms import SealForm
from hotich.records.rules.restricted import sees_restricted
from hotich.records.services import SealBasis, note_refusal, seal_annotation
from hotich.records.views.parts import opened_record, record_crumbs, record_title
from hotich.registers.views.parts import actor_of, needs


@needs("record.annotate")
@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest, record_id: UUID, annotation_id: UUID) -> HttpResponse:
    """The decision that seals an annotation, or opens a sealed one."""
    actor = actor_of(request)
    view = opened_record(request, record_id)
    note = next((each for each in view.annotations if each.id == annotation_id), None)
    if note is None or not sees_restricted(actor):
        raise Http404("annotation")
    form = SealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        basis = SealBasis(given["basis_number"], given["basis_authority"], given["basis_date"])
        try:
            seal_annotation(
                actor=actor, at=clock.now(), annotation_id=annotation_id, sealed=not note.restricted, basis=basis
            )
        except RuleBroken as refusal:
            note_refusal(
                actor=actor, at=clock.now(), act="seal", code=refusal.code, subject_kind="record",
                subject_id=record_id, subject_office=view.record.origin_office_id,
            )  # fmt: skip
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Đã bỏ niêm phong ghi chú.") if note.restricted else _("Đã niêm phong ghi chú.")
            )
            return redirect(f"{reverse('records:record', args=[record_id])}?phan=ghi-chu")
    title = _("Bỏ niêm phong ghi chú") if note.restricted else _("Niêm phong ghi chú")
    context = {
        "form": form,
        "title": title,
        "subtitle": f"{record_title(view.record)} · {_('ghi chú số %(number)d') % {'number': note.sequence}}",
        "breadcrumb": record_crumbs(view.record, title),
        "scan_url": "",
        "plain": True,
        "cancel_url": f"{reverse('records:record', args=[record_id])}?phan=ghi-chu",
    }
    return render(request, "persons/annotate.html", context)
