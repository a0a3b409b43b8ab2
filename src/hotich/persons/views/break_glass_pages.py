"""Opening restricted facts of one record in an emergency, and reading it while the time lasts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from hotich.files.views import file_response, page_addresses
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.forms import ReasonForm
from hotich.persons.models import BreakGlass
from hotich.persons.services.break_glass import break_glass, read_behind_glass
from hotich.records.models import AnnotationKind
from hotich.records.queries import RecordView
from hotich.records.services import note_refusal
from hotich.records.views.parts import basis_text, names_of, opened_record, record_crumbs, record_title
from hotich.records.views.values import sections_of
from hotich.registers.rules.parameters import constant
from hotich.registers.views.parts import actor_of, needs, not_found_if_unknown, words
from hotich.web.rules.formats import time_text
from hotich.web.texts import text_of_problem


@needs("record.break_glass")
@require_http_methods(["GET", "POST"])
def open_glass(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """What is hidden, what opening it means, and the reason."""
    actor = actor_of(request)
    view = opened_record(request, record_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            glass = break_glass(actor=actor, at=clock.now(), record_id=record_id, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            _refused(actor, "break_glass", refusal, record_id, view.record.origin_office_id)
            form.refuse(refusal)
        else:
            return redirect("persons:behind_glass", glass.id)
    context = {
        "form": form,
        "title": _("Mở khẩn cấp thông tin hạn chế"),
        "subtitle": f"{record_title(view.record)} · {names_of(view.record, actor)}",
        "hides": view.hides,
        "hidden": _hidden(view),
        "minutes": constant("break_glass_minutes"),
        "letters": constant("reading_reason_length"),
        "cancel_url": reverse("records:record", args=[record_id]),
        "breadcrumb": record_crumbs(view.record, _("Mở khẩn cấp")),
    }
    return render(request, "persons/break_glass.html", context)


def _hidden(view: RecordView) -> list[str]:
    closed = view.recorded.hidden | view.current_shown.hidden
    named = [words(field.label) for field in view.version.fields if field.code in closed]
    named += [_("Ghi chú hạn chế xem")] if view.hides_annotations else []
    return named + ([_("Bản chụp trang sổ")] if view.hides_scan else [])


def _refused(actor: Actor, act: str, refusal: RuleBroken, subject: UUID, office: int) -> None:
    note_refusal(
        actor=actor, at=clock.now(), act=act, code=refusal.code, subject_kind="record", subject_id=subject,
        subject_office=office,
    )  # fmt: skip


@needs("record.break_glass")
@require_GET
def behind_glass(request: HttpRequest, glass_id: UUID) -> HttpResponse:
    """The whole record, for whoever opened it and until the time is over."""
    actor = actor_of(request)
    try:
        glass, view = read_behind_glass(actor=actor, at=clock.now(), glass_id=glass_id)
    except RuleBroken as refusal:
        return _closed(request, actor, refusal, glass_id)
    labels = {field.code: words(field.label) for field in view.version.fields}
    context = {
        "title": record_title(view.record),
        "names": names_of(view.record, actor),
        "record": view.record,
        "glass": glass,
        "until": time_text(glass.expires_at),
        "sections": sections_of(view, current=True),
        "annotations": [
            {"title": f"{note.sequence}. {_(AnnotationKind(note.kind).label)}", "at": note.note_date_text,
             "who": basis_text(note.basis_number, note.basis_date_text, note.basis_authority),
             "text": ": ".join(filter(None, [labels.get(note.field, ""), note.text])),
             "tone": "accent" if note.in_force else "muted"}
            for note in view.annotations
        ],
        **_scan_places(view, glass),
        "breadcrumb": record_crumbs(view.record, _("Mở khẩn cấp")),
    }  # fmt: skip
    return render(request, "persons/behind_glass.html", context)


def _closed(request: HttpRequest, actor: Actor, refusal: RuleBroken, glass_id: UUID) -> HttpResponse:
    not_found_if_unknown(refusal)
    if refusal.code != "glass_closed":
        raise refusal
    glass = BreakGlass.objects.get(id=glass_id)
    _refused(actor, "restricted", refusal, glass.record_id, glass.origin_office_id)
    context = {"text": text_of_problem(refusal), "again": reverse("persons:break_glass", args=[glass.record_id]),
               "record_url": reverse("records:record", args=[glass.record_id])}  # fmt: skip
    return render(request, "persons/glass_closed.html", context, status=409)


def _scan_places(view: RecordView, glass: BreakGlass) -> dict[str, Any]:
    if not view.scans:
        return {"scan_url": "", "scan_pages": []}
    address = reverse("persons:glass_scan", args=[glass.id, view.scans[0].id])
    return {"scan_url": address, "scan_pages": page_addresses(address, view.scans[0].file)}


@needs("record.break_glass")
@require_safe
def glass_scan(request: HttpRequest, glass_id: UUID, attachment_id: UUID) -> HttpResponse:
    """The scan of a record behind the glass."""
    actor = actor_of(request)
    try:
        _glass, view = read_behind_glass(actor=actor, at=clock.now(), glass_id=glass_id)
    except RuleBroken as refusal:
        return _closed(request, actor, refusal, glass_id)
    scan = next((each for each in view.scans if each.id == attachment_id), None)
    if scan is None:
        raise Http404("scan")
    return file_response(request, scan.file)
