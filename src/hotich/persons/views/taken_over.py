"""Who has a number by the population database though no book says so: beside the search of records."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.persons.queries.population_numbers import Holder, holders_of_number
from hotich.persons.views.kinship import record_name
from hotich.records.forms import SearchForm
from hotich.records.services.access import lookup_secret
from hotich.records.services.reading import note_search
from hotich.records.views.parts import birth_of, role_names
from hotich.registers.views.parts import actor_of, needs
from hotich.web.rules.tables import Cell, Column, Row


@needs("person.read")
@require_POST
def taken_over(request: HttpRequest) -> HttpResponse:
    """The part of the search page, or a page of its own without script. The number travels in the body only."""
    actor = actor_of(request)
    form = SearchForm(request.POST)
    document = form.question.document if form.is_valid() else ""
    holders = holders_of_number(document, actor=actor, secret=lookup_secret()) if document else []
    if document:
        note_search(actor=actor, at=clock.now(), kinds=["population_number"], hits=len(holders))
    part = request.headers.get("HX-Request") == "true"
    context = {
        "columns": [Column(_("Họ tên")), Column(_("Ngày sinh"), kind="date"), Column(_("Bản ghi")),
                    Column(_("Nơi đăng ký")), Column(_("Tiếp nhận ngày"), kind="date")],
        "rows": [_row(each, actor) for each in holders],
    }  # fmt: skip
    return render(request, f"persons/{'parts/' if part else ''}taken_over.html", context)


def _row(holder: Holder, actor: Actor) -> Row:
    number, person = holder.number, holder.number.participant
    url = reverse("persons:person", args=[holder.person_id]) if holder.person_id else ""
    role = role_names(number.record).get(person.role, "")
    own = "" if not person.personal_id or person.personal_id == number.personal_id else _("sổ ghi số khác")
    return Row(
        str(number.id),
        [
            Cell(person.full_name or "–", url=url, note=role),
            Cell(birth_of(person)),
            Cell(record_name(number.record), url=reverse("records:record", args=[number.record_id]), note=own),
            Cell(number.record.origin_office.name),
            Cell(f"{clock.in_vietnam(number.taken_at):%d/%m/%Y}"),
        ],
    )
