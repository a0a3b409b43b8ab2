"""Maps of regions: which there are, and the editor that draws one over the picture of a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.digitisation.views.parts import answering, body_of, whole_number
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.queries import regions as queries
from hotich.keying.queries.regions import DRAWS, MapLine, Scope
from hotich.keying.rules.regions import fields_of_map, proposal
from hotich.keying.services import regions as services
from hotich.registers.models import Book
from hotich.registers.types import version_for
from hotich.registers.views.parts import (
    actor_of,
    era_name,
    needs,
    or_not_found,
    posted_version,
    short_name,
    telling,
    words,
)
from hotich.web.rules.tables import Cell, Column, Row

SCOPES = {
    Scope.LAYOUT: gettext_noop("Mọi quyển có cùng mẫu trang"),
    Scope.ERA: gettext_noop("Mọi quyển cùng loại, cùng thời kỳ"),
    Scope.BOOK: gettext_noop("Riêng quyển sổ này"),
}


@needs(*DRAWS)
@require_GET
def region_maps(request: HttpRequest) -> HttpResponse:
    """The maps of the office, and the books on whose pictures one can be drawn."""
    actor = actor_of(request)
    lines = queries.maps_of_offices(actor)
    names = names_of_officers([line.found.drawn_by for line in lines])
    context = {
        "breadcrumb": _crumbs(),
        "columns": [
            Column(_("Loại sổ, thời kỳ")), Column(_("Dùng cho")), Column(_("Số trường"), "number"),
            Column(_("Người vẽ")), Column(_("Ngày vẽ"), "date"),
        ],
        "rows": [_row(line, names) for line in lines],
        "books": [(book.id, book_title(book)) for book in queries.books_with_cases(actor)],
    }  # fmt: skip
    chosen = request.GET.get("so", "")
    if any(str(book_id) == chosen for book_id, _title in context["books"]):
        return redirect("keying:region_map", book_id=chosen)
    return render(request, "keying/regions.html", context)


def _row(line: MapLine, names: Any) -> Row:
    found = line.found
    url = reverse("keying:region_map", args=[line.book.id]) if line.book is not None else ""
    where = _(SCOPES[line.scope])
    note = book_title(found.book) if found.book else found.layout.name if found.layout else ""
    cells = [
        Cell(f"{short_name(found.register_type)}, {era_name(found.era)}", url=url),
        Cell(where, note=note),
        Cell(str(len(found.regions))),
        Cell(names.get(found.drawn_by, "")),
        Cell(clock.in_vietnam(found.drawn_at).strftime("%d/%m/%Y")),
    ]
    return Row(str(found.id), cells)


def book_title(book: Book) -> str:
    """A book by type, label and era."""
    return f"{short_name(book.register_type)} {book.label} ({era_name(book.era)})"


def _crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    way = [(_("Nhập liệu"), ""), (_("Bản đồ vùng"), reverse("keying:region_maps")), *steps]
    return [{"label": label, "url": url} for label, url in way]


@needs(*DRAWS)
@require_GET
def region_map(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """The editor: the picture of a case of the book, and the fields of its register."""
    book = _book(request, book_id)
    maps, layout = queries.maps_of_book(book), queries.layout_of_book(book)
    counts = queries.map_for_book(book, layout.id if layout else None)
    scope = queries.scope_of(counts) if counts is not None else (Scope.LAYOUT if layout else Scope.ERA)
    version = version_for(book.register_type, book.era)
    context = {
        "book": book,
        "title": _("Bản đồ vùng: %(book)s") % {"book": book_title(book)},
        "breadcrumb": _crumbs((book_title(book), "")),
        "sections": [
            {"label": words(section.label), "fields": [(f.code, words(f.label)) for f in section.fields if f.on_form]}
            for section in version.sections
        ],
        "scopes": [
            {"value": each.value, "label": _(label), "chosen": each == scope, "map": maps.get(each)}
            for each, label in SCOPES.items()
            if each != Scope.LAYOUT or layout is not None
        ],
        "layout": layout,
        "counts": counts,
        "drop_hidden": {"version": counts.version} if counts is not None else {},
        "cases": len(queries.cases_to_show(book)),
        "others": [
            {"id": str(line.found.id), "label": _copy_label(line)}
            for line in queries.maps_of_offices(actor_of(request))
            if line.found.register_type == book.register_type
        ],
    }
    context["editor"] = _editor(request, book, context, counts)
    return render(request, "keying/region_map.html", context)


def _copy_label(line: MapLine) -> str:
    found = line.found
    title = book_title(found.book) if found.book else f"{short_name(found.register_type)}, {era_name(found.era)}"
    return f"{title} – {found.layout.name}" if found.layout and not found.book else title


def _editor(request: HttpRequest, book: Book, context: dict[str, Any], counts: Any) -> dict[str, Any]:
    """What the script of the editor is given."""
    version = version_for(book.register_type, book.era)
    known = {field.code for field in fields_of_map(version)}
    ground = queries.ground_of_editor(book, counts)
    copies = {
        str(line.found.id): {
            code: box for code, box in queries.regions_on(line.found, ground.ruling).items() if code in known
        }
        for line in queries.maps_of_offices(actor_of(request))
        if line.found.register_type == book.register_type
    }
    return {
        "fields": [{"code": field.code, "label": words(field.label)} for field in fields_of_map(version)],
        "regions": counts.regions if counts is not None else {},
        "proposal": proposal(version),
        "copies": copies,
        "versions": {each["value"]: each["map"].version if each["map"] else 0 for each in context["scopes"]},
        # regions are shares of the picture the map was drawn on (a map, or the first case here); on each they lie moved;
        # where that picture is not known, the one that is shown when the map is saved is taken for it
        "moves": [move.as_list() for move in ground.moves],
        "drawn_on": str(ground.source) if isinstance(ground.source, UUID) else ground.source,
        "pictures": [reverse("keying:region_map_picture", args=[book.id, place]) for place in range(context["cases"])],
        "save": reverse("keying:region_map_save", args=[book.id]),
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "picture": _("Ảnh của một trường hợp, với vùng của từng trường"),
        "region": _("Vùng của trường {label}: trái {left}%, trên {top}%, rộng {width}%, cao {height}%"),
        "none": _("chưa có vùng"),
        "count": _("{done} trên {all} trường có vùng"),
        "saved": _("Đã lưu"),
        "unsaved": _("Chưa lưu"),
        "kept": _("Đã lưu bản đồ vùng."),
        "proposed": _("Đã xếp các vùng theo thứ tự của sổ; hãy kéo cho khớp."),
        "copied": _("Đã chép các vùng; hãy kéo cho khớp."),
        "case": _("Trường hợp {n} trên {all}"),
        "line_down": _("Không nối được với máy chủ. Bản đồ vùng chưa được lưu; hãy thử lại."),
        "not_done": _("Máy chủ không lưu được. Hãy tải lại trang rồi thử lại."),
        "no_picture": _("Không xem được ảnh của trường hợp này."),
    }


@needs(*DRAWS)
@require_GET
def region_map_picture(request: HttpRequest, book_id: UUID, case_place: int) -> HttpResponseBase:
    """The picture of the n-th scanned case of the book (from 0), as the keying screen shows it. A reading in the trail."""
    book = _book(request, book_id)
    cases = queries.cases_to_show(book)
    if case_place >= len(cases):
        raise Http404("case")
    with or_not_found():
        content = services.open_picture(actor=actor_of(request), at=clock.now(), case=cases[case_place])
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response


@needs(*DRAWS)
@require_POST
@answering
def region_map_save(request: HttpRequest, book_id: UUID) -> HttpResponseBase:
    """Keep the map; the answer has the new version."""
    asked = body_of(request)
    kept = services.save_region_map(
        actor=actor_of(request), at=clock.now(), book_id=book_id, scope=str(asked.get("scope", "")),
        regions=asked.get("regions"), version=whole_number(asked.get("version")),  # type: ignore[arg-type]
        drawn_on=_drawn_on(asked.get("drawn_on", 0)),
    )  # fmt: skip
    return JsonResponse({"version": kept.version, "text": _("Đã lưu bản đồ vùng.")})


def _drawn_on(value: Any) -> UUID | int:
    """The map or the place of the case whose picture the regions are shares of. Raises RuleBroken request_malformed."""
    if not isinstance(value, str):
        return whole_number(value)
    try:
        return UUID(value)
    except ValueError as error:
        raise RuleBroken("request_malformed") from error


@needs(*DRAWS)
@require_POST
def region_map_drop(request: HttpRequest, region_map_id: UUID) -> HttpResponse:
    """Follow a map no longer."""
    with telling(request, _("Đã bỏ bản đồ vùng.")):
        services.drop_region_map(
            actor=actor_of(request), at=clock.now(), map_id=region_map_id,
            version=posted_version(request),
        )  # fmt: skip
    return redirect("keying:region_maps")


def _book(request: HttpRequest, book_id: UUID) -> Book:
    with or_not_found():
        return queries.book_of_map(book_id, actor_of(request))
