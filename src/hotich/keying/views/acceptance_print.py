"""Papers of acceptance: the record of a book and the volume sheet, for signatures; the volume as a workbook too (H5)."""

from __future__ import annotations

import io
from collections import defaultdict
from typing import Any
from uuid import UUID

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Acceptance, AcceptanceState, BookWork
from hotich.keying.queries import acceptance as queries
from hotich.keying.queries.acceptance import Volume
from hotich.keying.queries.completeness import completeness_of
from hotich.keying.rules.acceptance import Judged
from hotich.keying.rules.figures import LENGTH_BANDS, share_text
from hotich.keying.views.acceptance_parts import (
    completeness_context,
    frozen_findings,
    limits_words,
    mark_lines,
    per_mille_text,
    source_of_limits,
    source_words,
    state_words,
)
from hotich.records.services import note_printing
from hotich.records.views.printing import sheet_context
from hotich.registers.models import Book
from hotich.registers.queries import book_by_id
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found, register_name
from hotich.web.rules.formats import number_text, percent_text

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(*queries.SEES)
@require_GET
def acceptance_print(request: HttpRequest, acceptance_id: UUID) -> HttpResponse:
    """The acceptance record; before the decision a draft with dots where something is still to come."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.acceptance(actor, acceptance_id)
    note_printing(actor=actor, at=clock.now(), paper="keying_acceptance", books=[found.book_id])
    items = list(queries.items_of(found))
    figures = found.figures
    judges = {item.judged_by for item in items if item.judged_by}
    keyers = {int(keyer): count for keyer, count in figures.get("keyers", {}).items()}
    names = names_of_officers(judges | set(keyers) | {found.drawn_by, found.decided_by or 0})
    total, left = queries.found_so_far(found)
    context = {
        "found": found,
        "title": f"{register_name(found.book.register_type)} {found.book.label}",
        "is_draft": found.state == AcceptanceState.JUDGING,
        "is_cancelled": found.state == AcceptanceState.CANCELLED,
        "state": state_words(found),
        "book_rows": _book_rows(found.book, figures),
        "result_rows": _result_rows(found, total, left),
        "rates": _rates(found, total, left),
        "limits": limits_words(found.limits),
        "limits_source": source_of_limits(found.limits),
        "findings": frozen_findings(figures),
        "marks": mark_lines(items),
        "keyers": [(names.get(keyer, str(keyer)), count) for keyer, count in keyers.items()],
        "judges": ", ".join(sorted(names[each] for each in judges if each in names)),
        "decided_by": names.get(found.decided_by or 0, ""),
        "signers": [_("Người nhập liệu"), _("Người kiểm tra mẫu"), _("Đại diện bên giao"), _("Thủ trưởng cơ quan")],
        **sheet_context(request, reverse("keying:acceptance", args=[found.id])),
    }
    return render(request, "keying/acceptance_print.html", context)


def _pages_words(book: Book) -> str | None:
    """The pages as the book was closed; without that as they were counted at the inventory."""
    if book.pages_total is not None:
        return _n(book.pages_total)
    counted = BookWork.objects.filter(book=book).values_list("counted_pages", flat=True).first()
    return None if counted is None else _("%(n)s (đếm khi kiểm kê)") % {"n": _n(counted)}


def _n(value: int | None) -> str | None:
    return None if value is None else number_text(value, lang())


def _book_rows(book: Book, figures: dict[str, Any]) -> list[tuple[str, Any]]:
    frozen = figures.get("denominator")
    entered, value = figures.get("entered"), frozen["value"] if frozen else 0
    whole = None
    if frozen and entered is not None:
        whole = _("%(share)s của %(value)s trường hợp (%(source)s)") % {
            "share": share_text(entered, value, lang=lang()), "value": _n(value),
            "source": source_words(frozen["source"]),
        }  # fmt: skip
    first, last = figures.get("first"), figures.get("last")
    return [
        (_("Cơ quan đăng ký"), book.origin_office.name),
        (_("Tổng số trang"), _pages_words(book)),
        (_("Số trường hợp khi khóa sổ"), _n(book.cases_declared)),
        (_("Trường hợp đã có trong hệ thống"), _n(entered)),
        (_("Tỷ lệ hoàn thành"), whole),
        (_("Từ số – đến số"), f"{first}–{last}" if first is not None else None),
        (_("Số bị hủy / số khuyết đã khai"), f"{figures['void']} / {figures['missing']}" if figures else None),
        (_("Số khuyết chưa rõ"), _n(figures.get("gaps"))),
    ]


def _result_rows(found: Acceptance, total: Judged, left: int) -> list[tuple[str, Any]]:
    return [
        (_("Trường hợp của quyển sổ được nghiệm thu"), _n(found.population)),
        (_("Trường hợp trong mẫu, rút ngẫu nhiên theo gói và người nhập"), _n(found.sample_size)),
        (_("Mã rút mẫu (để rút lại đúng mẫu này)"), str(found.seed)),
        (_("Đã kiểm tra"), _n(found.sample_size - left)),
        (_("Trường đã kiểm tra"), _n(total.fields)),
    ]


def _rates(found: Acceptance, total: Judged, left: int) -> list[dict[str, Any]]:
    """Errors against their limits, the interval as it was frozen; nothing while cases are still to be judged."""
    figures = found.figures
    rows = (
        (_("Trường trọng yếu"), total.key_wrong, total.key_fields, "key_interval", "key_per_mille"),
        (_("Tất cả các trường"), total.wrong, total.fields, "all_interval", "all_per_mille"),
    )
    return [
        {
            "label": label,
            "wrong": wrong,
            "fields": fields,
            "share": "" if left else percent_text(wrong, fields, lang(), 2),
            "interval": _interval(found, figures.get(name)),
            "limit": per_mille_text(found.limits[limit]),
        }
        for label, wrong, fields, name, limit in rows
    ]


def _interval(found: Acceptance, frozen: list[float] | None) -> str:
    """The interval as it was frozen; where every case was judged there is none."""
    if frozen is None:
        return ""
    if found.sample_size == found.population:
        return _("đã kiểm tra cả quyển")
    return " – ".join(percent_text(end, 1, lang(), 2) for end in frozen)


@needs(*queries.SEES)
@require_GET
def volume_print(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """The volume sheet: what was keyed of a book by keyer, group of fields, length, and page."""
    actor, book = actor_of(request), _book_of(request, book_id)
    note_printing(actor=actor, at=clock.now(), paper="keying_volume", books=[book.id])
    found = queries.volume_of(book)
    whole = completeness_of(book)
    names = names_of_officers({*found.cases, *found.marked})
    context = {
        "title": f"{register_name(book.register_type)} {book.label}",
        "office": book.origin_office.name,
        "keyers": _keyer_rows(found, names),
        "groups": _group_rows(book, found),
        "bands": band_labels(),
        "pages": found.pages,
        "totals": _totals(found),
        **completeness_context(whole, book),
        "signers": [_("Người nhập liệu"), _("Tổ trưởng nhập liệu"), _("Người kiểm tra"), _("Thủ trưởng cơ quan")],
        **sheet_context(request, reverse("keying:acceptance_book", args=[book.id])),
    }
    return render(request, "keying/volume_print.html", context)


def _book_of(request: HttpRequest, book_id: UUID) -> Book:
    with or_not_found():
        book = book_by_id(book_id, office_ids=actor_of(request).office_ids)
        if book.origin_office_id not in actor_of(request).office_ids:
            raise RuleBroken("book_unknown")
        return book


def band_labels() -> list[str]:
    """The bands of length in words."""
    low, high = LENGTH_BANDS
    return [
        _("đến %(most)d ký tự") % {"most": low},
        _("%(least)d–%(most)d ký tự") % {"least": low + 1, "most": high},
        _("trên %(most)d ký tự") % {"most": high},
    ]


def _totals(found: Volume) -> dict[str, int]:
    return {
        "cases": sum(found.cases.values()),
        "marked": sum(found.marked.values()),
        "values": sum(line.values for line in found.fields),
        "characters": sum(line.characters for line in found.fields),
        "pages": sum(1 for page in found.pages if page.page),
    }


def _keyer_rows(found: Volume, names: dict[int, str]) -> list[dict[str, Any]]:
    """One line a keyer: cases, marks, and values by band."""
    bands: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    characters: dict[int, int] = defaultdict(int)
    for line in found.fields:
        bands[line.keyer][line.band] += line.values
        characters[line.keyer] += line.characters
    keyers = sorted({*found.cases, *found.marked}, key=lambda keyer: names.get(keyer, ""))
    return [
        {
            "name": names.get(keyer, str(keyer)),
            "cases": found.cases.get(keyer, 0),
            "marked": found.marked.get(keyer, 0),
            "bands": bands[keyer],
            "values": sum(bands[keyer]),
            "characters": characters[keyer],
        }
        for keyer in keyers
    ]


def _group_rows(book: Book, found: Volume) -> list[dict[str, Any]]:
    """One line a section of the book: values by band, and characters. Fields of no section come last."""
    sections: dict[str, tuple[int, str]] = {}
    titles: dict[str, str] = {}
    for version in REGISTER_TYPES[book.register_type].every_version:
        for place, section in enumerate(version.sections):
            titles.setdefault(section.code, text_in(section.label, lang()))
            for field in section.fields:
                sections.setdefault(field.code, (place, section.code))
    made: dict[tuple[int, str], dict[str, Any]] = {}
    for line in found.fields:
        at = sections.get(line.field, (len(titles), ""))
        row = made.setdefault(
            at, {"title": titles.get(at[1], _("Khác")), "bands": [0, 0, 0], "values": 0, "characters": 0}
        )
        row["bands"][line.band] += line.values
        row["values"] += line.values
        row["characters"] += line.characters
    return [made[at] for at in sorted(made)]


@needs(*queries.SEES)
@require_GET
def volume_workbook(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """The same as a workbook of three sheets: by keyer and group, by field, by page. Numbers only, no citizen's data."""
    actor, book = actor_of(request), _book_of(request, book_id)
    note_printing(actor=actor, at=clock.now(), paper="keying_volume", books=[book.id])
    found = queries.volume_of(book)
    names = names_of_officers({*found.cases, *found.marked})
    response = HttpResponse(_workbook(book, found, names), content_type=SPREADSHEET)
    name = f"khoi-luong-{book.register_type}.{book.opening_year}.{book.number}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _workbook(book: Book, found: Volume, names: dict[int, str]) -> bytes:
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    labels = {
        field.code: text_in(field.label, lang())
        for version in REGISTER_TYPES[book.register_type].every_version
        for field in version.fields
    }
    bands = band_labels()
    with xlsxwriter.Workbook(target, options) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#E6EEF6", "text_wrap": True})
        keyers = [
            [row["name"], row["cases"], row["marked"], *row["bands"], row["values"], row["characters"]]
            for row in _keyer_rows(found, names)
        ]
        cases, values, characters = _("Trường hợp"), _("Trường có nội dung"), _("Ký tự")
        _sheet(workbook, head, _("Người nhập"), [_("Người nhập"), cases, _("Số hủy, trang thiếu"), *bands, values,
                                                 characters], keyers)  # fmt: skip
        fields = [
            [names.get(line.keyer, str(line.keyer)), labels.get(line.field, line.field), bands[line.band], line.values,
             line.characters]
            for line in found.fields
        ]  # fmt: skip
        _sheet(workbook, head, _("Trường"), [_("Người nhập"), _("Trường"), _("Độ dài"), values, characters], fields)
        pages = [[page.page or "–", page.cases, page.values, page.characters] for page in found.pages]
        _sheet(workbook, head, _("Trang"), [_("Trang"), cases, values, characters], pages)
    return target.getvalue()


def _sheet(workbook: Any, head: Any, name: str, titles: list[str], rows: list[list[Any]]) -> None:
    sheet = workbook.add_worksheet(name[:31])
    sheet.write_row(0, 0, titles, head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(titles) - 1, 16)
    for place, row in enumerate(rows, start=1):
        sheet.write_row(place, 0, row)
