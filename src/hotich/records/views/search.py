"""Finding a record by its number, a name or a date of birth.

What is looked for is a citizen's name or number: it travels in the body of a request, never in an address, which
histories and logs keep.
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel.actor import Actor
from hotich.records.forms import SearchForm
from hotich.records.queries import FoundRecord, search_records
from hotich.records.queries.search import MOST
from hotich.records.services.access import lookup_secret
from hotich.records.views.parts import PAGE_SIZE, birth_of, joined_names, names_of, state_cell
from hotich.registers.views.parts import actor_of, needs, short_name
from hotich.web.rules.tables import Cell, Column, Row


@needs("record.read")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The search box; posted, also what it found."""
    actor = actor_of(request)
    form = SearchForm(request.POST) if request.method == "POST" else SearchForm()
    text, letters = (form.cleaned_data["q"], form.cleaned_data["loai"]) if form.is_valid() else ("", "")
    found: list[FoundRecord] = []
    if text:
        found = search_records(actor, text, register_type=letters, secret=lookup_secret())
    page = Paginator(found, PAGE_SIZE).get_page(request.POST.get("page"))
    context = {
        "filter": form,
        "text": text,
        "letters": letters,
        "total": len(found),
        "is_cut": len(found) >= MOST,
        "columns": [Column(_("Số đăng ký"), "code"), Column(_("Loại sổ")), Column(_("Họ tên")),
                    Column(_("Ngày sinh"), "date"), Column(_("Nơi đăng ký")), Column(_("Trạng thái"))],
        "rows": [_row(item, actor) for item in page.object_list],
        "list_page": page,
    }  # fmt: skip
    return render(request, "records/search.html", context)


def _row(item: FoundRecord, actor: Actor) -> Row:
    record = item.record
    hits = joined_names(item.participants)
    about = names_of(record, actor)
    born = next((birth_of(person) for person in item.participants if person.birth_text), "")
    return Row(
        str(record.id),
        [Cell(record.number_text or "–", reverse("records:record", args=[record.id]),
              note=_("quyển %(book)s") % {"book": record.book.label}),
         short_name(record.register_type), Cell(hits or about, note=about if hits and hits != about else ""), born,
         record.origin_office.name, state_cell(record)],
    )  # fmt: skip
