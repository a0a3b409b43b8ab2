"""How far the books of an office are digitised, year by year: where "nothing found" means that there is nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.kernel import clock
from hotich.records.queries.coverage import coverage_of
from hotich.records.rules.coverage import NOT_LISTED, Cover, YearCover
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import actor_of, lang, needs, short_name
from hotich.units.queries import offices_by_id
from hotich.web.rules.formats import number_text, percent_text

YEARS = 20  # in one block of the table: it fits a page of print


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the table: its text, its kind and its words for whoever does not see colours."""

    text: str
    cover: str
    title: str


@needs("book.read")
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """The table of one of the officer's offices: registers down, years across, the newest years first."""
    actor = actor_of(request)
    offices = offices_by_id(actor.office_ids)
    try:
        office = offices[int(request.GET.get("co_quan") or actor.office_id)]
    except (KeyError, ValueError) as error:
        raise Http404("office") from error
    found = coverage_of(office.id)
    context = {
        "office": office,
        "offices": sorted(offices.values(), key=lambda item: item.name),
        "blocks": _blocks(found),
        "legend": [(cover.value, _word(cover)) for cover in Cover],
        "breadcrumb": [{"label": _("Sổ hộ tịch"), "url": reverse("records:books")},
                       {"label": _("Độ phủ dữ liệu"), "url": ""}],
    }  # fmt: skip
    return render(request, "records/coverage.html", context)


def _blocks(found: dict[str, dict[int, YearCover]]) -> list[dict[str, object]]:
    years = [year for of_type in found.values() for year in of_type]
    if not years:
        return []
    last = max(*years, clock.in_vietnam(clock.now()).year)
    blocks = []
    for top in range(last, min(years) - 1, -YEARS):
        span = list(range(max(top - YEARS + 1, min(years)), top + 1))
        rows = [
            (short_name(letters), [_square(year, found[letters].get(year, NOT_LISTED)) for year in span])
            for letters in REGISTER_TYPES
            if any(year in found.get(letters, {}) for year in span)
        ]
        if rows:
            blocks.append({"years": span, "rows": rows})
    return blocks


def _square(year: int, cover: YearCover) -> Square:
    share = cover.share
    if cover.cover is Cover.WHOLE:
        text = "✓"
    elif share is not None:
        text = percent_text(share, 1, lang())
    else:
        text = "?" if cover.cover is not Cover.UNKNOWN else ""
    title = _("%(year)d: %(word)s") % {"year": year, "word": _word(cover.cover)}
    if cover.books:
        title += _("; %(books)s quyển, đã vào %(entered)s trên %(expected)s") % {
            "books": number_text(cover.books, lang()),
            "entered": number_text(cover.entered, lang()),
            "expected": "?" if cover.expected is None else number_text(cover.expected, lang()),
        }
    return Square(text, cover.cover.value, title)


def _word(cover: Cover) -> str:
    return {
        Cover.WHOLE: _("đủ, khớp số liệu khóa sổ"),
        Cover.PART: _("một phần"),
        Cover.NONE: _("có sổ, chưa vào"),
        Cover.UNKNOWN: _("chưa kê sổ"),
    }[cover]
