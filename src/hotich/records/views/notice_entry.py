"""A notice whose entry was not found: the officer chooses it among those that may be meant, or by book and number."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records import queries
from hotich.records.forms import OlderRecordForm
from hotich.records.models import AnnotationNotice, Record
from hotich.records.queries.notices import entries_for_notice, notice_to_answer
from hotich.records.views.notices import draft_lines
from hotich.records.views.parts import names_of, state_cell
from hotich.registers.rules.reading import read_book, read_number
from hotich.registers.views.parts import actor_of, needs, or_not_found, short_name
from hotich.web.rules.formats import date_text


@needs("record.annotate")
@require_http_methods(["GET", "POST"])
def choose_entry(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """The notice, the entries it may mean, and a form for another one; the choice itself is posted to the act."""
    actor = actor_of(request)
    with or_not_found():
        notice = notice_to_answer(notice_id, actor)
    found = entries_for_notice(notice, actor)
    form = OlderRecordForm(request.POST if request.method == "POST" else None)
    chosen: UUID | None = None
    if form.is_valid():
        try:
            wanted = _entry(form, notice, actor)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            chosen = wanted.id
            found = [wanted, *(each for each in found if each.id != wanted.id)]
    target = notice.target
    context = {
        "notice": notice,
        "form": form,
        "chosen": chosen,
        "drafts": draft_lines(notice, actor),
        "named": f"{short_name(target['register_type'])} {target.get('number_text', '')}".strip(),
        "entries": [_row(record, actor) for record in found],
        "breadcrumb": [
            {"label": _("Thông báo ghi chú"), "url": reverse("records:notices")},
            {"label": _("Chọn bản ghi"), "url": ""},
        ],
    }
    return render(request, "records/choose_entry.html", context)


def _entry(form: OlderRecordForm, notice: AnnotationNotice, actor: Actor) -> Record:
    book, number = read_book(form.cleaned_data["book"]), read_number(form.cleaned_data["number"])
    if book is None or number is None:
        raise RuleBroken("older_not_found", field="number")
    found = queries.records_at(
        actor, register_type=notice.target["register_type"], book_number=book.number, book_year=book.year,
        number=number.number, suffix=number.suffix, year=number.year,
    )  # fmt: skip
    found = [record for record in found if record.origin_office_id == notice.target_office_id]
    if len(found) != 1:
        raise RuleBroken("older_not_found", field="number")
    return found[0]


def _row(record: Record, actor: Actor) -> dict[str, Any]:
    same_day = record.registered_earliest if record.registered_earliest == record.registered_latest else None
    return {
        "id": record.id,
        "number": record.number_text or "–",
        "book": record.book.label,
        "names": names_of(record, actor),
        "registered": date_text(same_day) if same_day else record.registration_year or "–",
        "state": state_cell(record).text,
        "url": reverse("records:record", args=[record.id]),
    }
