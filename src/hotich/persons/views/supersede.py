"""A re-registration names the older entry it stands in for: found by book and number, shown, then confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons import services
from hotich.persons.services.consequences import consequences_of_superseding
from hotich.persons.views.consequence_words import consequences_context
from hotich.records import queries
from hotich.records.forms import OlderRecordForm
from hotich.records.models import Record, RecordState
from hotich.records.queries import RecordView
from hotich.records.services import is_registered_again
from hotich.records.views.parts import names_of, opened_record, record_crumbs, record_title, scan_places
from hotich.registers.rules.reading import read_book, read_number
from hotich.registers.views.parts import actor_of, needs
from hotich.web.rules.formats import date_text


@needs("record.annotate")
@require_http_methods(["GET", "POST"])
def supersede(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """First the book and number of the older entry, then both beside each other, then the act."""
    actor = actor_of(request)
    view = opened_record(request, record_id)
    if not is_registered_again(view.record):
        raise Http404("not_registered_again")
    form = OlderRecordForm(request.POST if request.method == "POST" else None)
    older: Record | None = None
    if form.is_valid():
        try:
            older = _older(form, view.record, actor)
            if request.POST.get("older") == str(older.id):
                services.supersede_record(actor=actor, at=clock.now(), record_id=older.id, by_record_id=record_id)
                messages.success(
                    request, _("Đã ghi nhận bản ghi được thay thế; quan hệ nhân thân đã được xác định lại.")
                )
                return redirect("records:record", record_id)
        except RuleBroken as refusal:
            older = None
            form.refuse(refusal)
    return render(request, "persons/supersede.html", _context(view, form, older, actor))


def _older(form: OlderRecordForm, newer: Record, actor: Actor) -> Record:
    book, number = read_book(form.cleaned_data["book"]), read_number(form.cleaned_data["number"])
    if book is None or number is None:
        raise RuleBroken("older_not_found", field="number")
    found = queries.records_at(
        actor, register_type=newer.register_type, book_number=book.number, book_year=book.year,
        number=number.number, suffix=number.suffix, year=number.year,
    )  # fmt: skip
    found = [record for record in found if record.id != newer.id]
    if len(found) != 1:
        raise RuleBroken("older_not_found", field="number")
    return found[0]


def _context(view: RecordView, form: OlderRecordForm, older: Record | None, actor: Actor) -> dict[str, Any]:
    found = view.record
    return {
        "form": form,
        "record": found,
        "older": older,
        "older_url": reverse("records:record", args=[older.id]) if older else "",
        "compared": _compared(found, older, actor) if older else [],
        "subtitle": f"{record_title(found)} · {names_of(found, actor)}",
        **scan_places(view.scans),
        "cancel_url": reverse("records:record", args=[found.id]),
        "breadcrumb": record_crumbs(found, _("Bản ghi được thay thế")),
        "found": consequences_context(
            consequences_of_superseding(actor=actor, at=clock.now(), record_id=older.id, by_record_id=found.id)
        )
        if older
        else None,
    }


def _compared(newer: Record, older: Record, actor: Actor) -> list[tuple[str, str, str]]:
    """(what, of the older entry, of the newer one)."""

    def both(label: str, of: Any) -> tuple[str, str, str]:
        return label, str(of(older) or "–"), str(of(newer) or "–")

    return [
        both(_("Số đăng ký"), lambda record: record.number_text),
        both(_("Quyển sổ"), lambda record: record.book.label),
        both(_("Ngày đăng ký"), lambda record: _registered(record)),
        both(_("Họ tên"), lambda record: names_of(record, actor)),
        both(_("Nơi đăng ký"), lambda record: record.origin_office.name),
        both(_("Trạng thái"), lambda record: _(RecordState(record.state).label)),
    ]


def _registered(record: Record) -> str:
    exact = record.registered_earliest if record.registered_earliest == record.registered_latest else None
    return date_text(exact) if exact else str(record.registration_year or "")
