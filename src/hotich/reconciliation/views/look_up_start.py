"""The start of reconciliation: how far the books are compared, and the people a human has to say something about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.kernel.actor import Actor
from hotich.reconciliation.forms.look_ups import ListFilter
from hotich.reconciliation.models import CheckOutcome, PopulationCheck
from hotich.reconciliation.queries.checks import (
    Figures,
    books_named,
    checks_listed,
    figures_by_book,
    figures_by_register,
    people_of_checks,
    waiting_case_checks,
)
from hotich.reconciliation.views.check_words import TONES, check_note, difference_text, outcome_name
from hotich.records.views.parts import birth_of, page_of, role_names
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import actor_of, needs, register_name, short_name
from hotich.web.rules.formats import date_text, number_text, percent_text
from hotich.web.rules.svg import Part
from hotich.web.rules.tables import Cell, Column, Row

SEES = ("population.watch", "population.verify", "population.settle")
ORDER = (CheckOutcome.EQUAL, CheckOutcome.DIFFERENT, CheckOutcome.ABSENT, CheckOutcome.CLERK, CheckOutcome.PENDING)


@needs("population.watch")
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Figures of one's offices by register, and by book of one register (`?so=KS`)."""
    actor = actor_of(request)
    found = figures_by_register(actor)
    chosen = request.GET.get("so", "")
    chosen = chosen if chosen in REGISTER_TYPES else ""
    books = figures_by_book(actor, chosen) if chosen else []
    context = {
        "stats": _stats(found, waiting_case_checks(actor)),
        "registers": [_register(each) for each in found],
        "chosen": chosen,
        "chosen_name": short_name(chosen) if chosen else "",
        "columns": [Column(_("Quyển sổ"), "code"), Column(_("Người"), "number"), Column(_("Đã đối chiếu"), "number"),
                    *(Column(outcome_name(outcome), "number") for outcome in ORDER)],
        "rows": _book_rows(books),
    }  # fmt: skip
    return render(request, "reconciliation/start.html", context)


def _stats(found: Sequence[Figures], waiting: dict[str, int]) -> list[dict[str, Any]]:
    total = sum(each.participants for each in found)
    checked = sum(each.checked for each in found)
    here = reverse("reconciliation:look_up_list")
    stats: list[dict[str, Any]] = [
        {"label": _("Đã đối chiếu"), "value": percent_text(checked, total), "url": "", "tone": "",
         "note": _("%(checked)s trên %(total)s người") % {"checked": number_text(checked), "total": number_text(total)}}
    ]  # fmt: skip
    for outcome in ORDER:
        number = sum(each.counts.get(outcome, 0) for each in found)
        beside = waiting.get(outcome, 0)
        note = _("và %(number)s ở trường hợp chưa duyệt") % {"number": number_text(beside)} if beside else ""
        stats.append(
            {"label": outcome_name(outcome), "value": number_text(number), "note": note, "url": f"{here}?ket_qua={outcome}",
             "tone": TONES[outcome] if outcome in (CheckOutcome.DIFFERENT, CheckOutcome.CLERK) and number else ""}
        )  # fmt: skip
    return stats


def _register(figures: Figures) -> dict[str, Any]:
    parts = [
        Part(outcome_name(outcome), figures.counts[outcome], TONES[outcome])
        for outcome in ORDER[:-1]
        if figures.counts.get(outcome)
    ]
    left = figures.unchecked + figures.counts.get(CheckOutcome.PENDING, 0)
    parts.append(Part(_("Chưa đối chiếu"), left, "muted"))
    name = register_name(figures.key)
    title = _("%(name)s: kết quả đối chiếu của %(total)d người") % {"name": name, "total": figures.participants}
    return {"key": figures.key, "name": name, "parts": parts, "title": title}


def _book_rows(books: Sequence[Figures]) -> list[Row]:
    known = books_named(UUID(each.key) for each in books)
    rows = []
    for each in books:
        book = known.get(UUID(each.key))
        if book is None:
            continue
        cells: list[Any] = [
            Cell(book.label, reverse("records:book", args=[book.id])), number_text(each.participants),
            percent_text(each.checked, each.participants, decimals=0),
            *(number_text(each.counts.get(outcome, 0)) for outcome in ORDER),
        ]  # fmt: skip
        rows.append(Row(str(book.id), cells))
    return rows


@needs(*SEES)
@require_GET
def look_up_list(request: HttpRequest) -> HttpResponse:
    """People of records by what was found out about them: first those a human has to say something about."""
    actor = actor_of(request)
    form = ListFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    listed = checks_listed(actor, outcome=chosen.get("ket_qua", ""), register=chosen.get("so", ""))
    page = page_of(request, listed)
    context = {
        "form": form,
        "page": page,
        "columns": [Column(_("Người")), Column(_("Là")), Column(_("Ngày sinh")), Column(_("Bản ghi"), "code"),
                    Column(_("Kết quả")), Column(_("Ghi chú")), Column(_("Ngày"), "date")],
        "rows": _rows(list(page), actor),
    }  # fmt: skip
    return render(request, "reconciliation/look_up_list.html", context)


def _rows(checks: Sequence[PopulationCheck], actor: Actor) -> list[Row]:
    shown = people_of_checks(checks, actor)
    rows = []
    for check in checks:
        person = shown.get(check.participant_id) if check.participant_id else None
        record = check.record
        if person is None or record is None:
            continue
        url = reverse("reconciliation:look_up_record", args=[record.id, check.role])
        number = f"{short_name(record.register_type)} {record.number_text}"
        cells: list[Any] = [
            Cell(person.full_name or "–", url), role_names(record).get(check.role, check.role), birth_of(person) or "–",
            Cell(number, reverse("records:record", args=[record.id]), note=record.book.label),
            Cell(outcome_name(check.outcome), tone=TONES[CheckOutcome(check.outcome)]),
            check_note(check) or "; ".join(difference_text(each) for each in check.differences),
            date_text(check.decided_at),
        ]  # fmt: skip
        rows.append(Row(str(check.id), cells))
    return rows
