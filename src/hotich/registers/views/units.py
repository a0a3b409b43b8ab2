"""Pages of administrative units: search at a day, one unit with its line, the tree."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.kernel import clock
from hotich.registers.forms.units import UnitFilter, day_or_none
from hotich.registers.views.parts import actor_of, needs
from hotich.units import queries
from hotich.units.models import AdministrativeUnit, Level, Office, UnitChange, UnitOperation
from hotich.units.rules.legal_acts import known_act, source_words
from hotich.web.rules.tables import Cell, Column, Row

READ = "dictionary.read"  # what a unit was is no secret: every role holds it
PAGE_SIZE = 50


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the list of units."""
    first = {"label": _("Đơn vị hành chính"), "url": reverse("registers:units")}
    return [first, *({"label": label, "url": url} for label, url in steps)]


def tabs(active: str) -> list[dict[str, Any]]:
    """The parts of the pages of units and offices."""
    pages = [
        ("units", _("Đơn vị")), ("unit_tree", _("Cây đơn vị")), ("unit_operations", _("Thay đổi")),
        ("offices", _("Cơ quan đăng ký")), ("office_reviews", _("Rà soát")), ("closed_books", _("Giữ sổ")),
        ("handovers", _("Bàn giao sổ")),
    ]  # fmt: skip
    return [{"label": label, "url": reverse(f"registers:{name}"), "active": name == active} for name, label in pages]


def period(start: date | None, start_precision: str, end: date | None, end_precision: str) -> str:
    """The validity of a unit in words; a day that is known by its year is shown as the year."""
    first = "" if start is None else f"{start:%Y}" if start_precision == "year" else f"{start:%d/%m/%Y}"
    last = "" if end is None else f"{end:%Y}" if end_precision == "year" else f"{end:%d/%m/%Y}"
    if first and last:
        return f"{first} – {last}"
    if first:
        return _("từ %(day)s") % {"day": first}
    return _("đến %(day)s") % {"day": last} if last else _("chưa rõ ngày bắt đầu, đang có hiệu lực")


def unit_period(unit: AdministrativeUnit) -> str:
    """The validity of this unit."""
    return period(unit.valid_from, unit.from_precision, unit.valid_to, unit.to_precision)


def source_text(source: str) -> str:
    """Where a row of reference data comes from, in words."""
    words = "; ".join(_(part) for part in source_words(source))
    return words[:1].upper() + words[1:]


def doubt(verified: bool) -> str:
    """The note beside what nobody has compared with its source."""
    return "" if verified else _("chưa kiểm chứng")


def above(unit: AdministrativeUnit) -> str:
    """What a unit belonged to at its time."""
    return ", ".join(parent.name for parent in queries.unit_chain(unit)[1:])


@needs(READ)
@require_GET
def units_page(request: HttpRequest) -> HttpResponse:
    """Units whose code or name begin so, valid on a day or ever."""
    form = UnitFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.units_matching(wanted.get("q", ""), on=wanted.get("ngay"), level=wanted.get("cap", ""))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs("units"),
        "filter": form if request.GET else UnitFilter(),
        "columns": [Column(_("Mã"), "code"), Column(_("Tên đơn vị")), Column(_("Loại")), Column(_("Thuộc")),
                    Column(_("Hiệu lực"))],
        "rows": [_unit_row(unit) for unit in page.object_list],
        "list_page": page,
        "may_manage": actor_of(request).may("unit.manage"),
    }  # fmt: skip
    return render(request, "registers/units_search.html", context)


def _unit_row(unit: AdministrativeUnit) -> Row:
    name = Cell(unit.name, reverse("registers:unit", args=[unit.id]), note=doubt(unit.verified))
    return Row(str(unit.id), [unit.code, name, unit.get_kind_display(), above(unit), unit_period(unit)])


@needs(READ)
@require_GET
def unit_page(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit in one period: validity, what it was made of, what became of it, its office and the acts."""
    unit = AdministrativeUnit.objects.filter(id=unit_id).select_related("parent__parent").first()
    if unit is None:
        raise Http404(unit_id)
    after, before = list(queries.successors(unit)), list(queries.predecessors(unit))
    acts = queries.operations_by_ids([unit.begun_by, unit.ended_by, *(step.operation for step in (*after, *before))])
    office = Office.objects.filter(id=queries.office_of_place(unit.id) or 0).first()
    context = {
        "unit": unit,
        "breadcrumb": crumbs((unit.name, "")),
        "facts": _facts(unit, office, acts),
        "change_columns": [Column(_("Đơn vị")), Column(_("Mã"), "code"), Column(_("Cách thay đổi")),
                           Column(_("Phần chuyển")), Column(_("Ngày")), Column(_("Căn cứ"))],
        "before": [_change_row(step, step.predecessor, acts, keeps=False) for step in before],
        "after": [_change_row(step, step.successor, acts, keeps=len(after) > 1) for step in after],
        "sources": _sources([*before, *after]),
        "timeline": _timeline(unit),
        "children": queries.children_on(unit, unit.valid_to or clock.today()).count(),
        "tree_day": f"{unit.valid_to or clock.today():%d/%m/%Y}",
        "pending": [(each, reverse("registers:unit_operation", args=[each.id]))
                    for each in queries.operations_touching([unit.id])],
        "may_manage": actor_of(request).may("unit.manage") and unit.valid_to is None,
    }  # fmt: skip
    return render(request, "registers/units_unit.html", context)


def _facts(unit: AdministrativeUnit, office: Office | None, acts: dict[object, UnitOperation]) -> list[dict[str, Any]]:
    parent = unit.parent
    begun, ended = acts.get(unit.begun_by), acts.get(unit.ended_by)
    return [
        {"label": _("Mã"), "value": unit.code},
        {"label": _("Loại"), "value": unit.get_kind_display()},
        {"label": _("Cấp"), "value": unit.get_level_display()},
        {"label": _("Thuộc"), "value": parent.name if parent else "",
         "url": reverse("registers:unit", args=[parent.id]) if parent else ""},
        {"label": _("Hiệu lực"), "value": unit_period(unit)},
        {"label": _("Cơ quan đăng ký"), "value": office.name if office else "",
         "url": reverse("registers:office", args=[office.id]) if office else ""},
        *([{"label": _("Thành lập theo"), **_act(begun)}] if begun else []),
        *([{"label": _("Kết thúc theo"), **_act(ended)}] if ended else []),
        {"label": _("Nguồn dữ liệu"), "value": source_text(unit.source), "note": doubt(unit.verified), "wide": True},
    ]  # fmt: skip


def _sources(steps: list[UnitChange]) -> list[str]:
    """The data sources of these changes, each once, with the mark of what nobody has compared."""
    found = {source_text(step.source): step.verified for step in steps if step.source and not step.operation}
    return [f"{words}, {doubt(verified)}" if not verified else words for words, verified in found.items()]


def _act(operation: UnitOperation) -> dict[str, str]:
    return {
        "value": operation.act_number,
        "url": reverse("registers:unit_operation", args=[operation.id]),
        "note": operation.act_authority,
    }


def _change_row(step: UnitChange, unit: AdministrativeUnit, acts: dict[object, UnitOperation], *, keeps: bool) -> Row:
    kind = Cell(step.get_kind_display(), note=_("giữ sổ") if keeps and step.is_default else "")
    day = f"{step.at:%Y}" if step.precision == "year" else f"{step.at:%d/%m/%Y}"
    act = acts.get(step.operation)
    known = known_act(step.predecessor.level, step.at)
    if act:
        basis = Cell(act.act_number, reverse("registers:unit_operation", args=[act.id]), note=act.act_authority)
    elif known:
        basis = Cell(_(known), note=_("chưa kiểm chứng"))
    else:
        basis = Cell("–", note=_("chưa rõ văn bản"))
    name = Cell(unit.name, reverse("registers:unit", args=[unit.id]), note=above(unit))
    return Row(str(step.id), [name, unit.code, kind, step.share or "–", day, basis])


def _timeline(unit: AdministrativeUnit) -> list[dict[str, Any]]:
    """Every unit that carried this code, the earliest first."""
    return [
        {
            "title": each.name,
            "who": above(each),
            "text": unit_period(each),
            "tone": "brand" if each.id == unit.id else "muted",
            "url": "" if each.id == unit.id else reverse("registers:unit", args=[each.id]),
            "url_label": _("Xem"),
        }
        for each in queries.periods_of_code(unit)
    ]


@needs(READ)
@require_GET
def unit_tree(request: HttpRequest) -> HttpResponse:
    """Provinces on a day; below the chosen one its districts or communes."""
    day = day_or_none(request.GET.get("ngay")) or clock.today()
    provinces = list(queries.units_valid_at(Level.PROVINCE, day).order_by("code", "-valid_from"))
    chosen = _province_of(provinces, request.GET.get("tinh", ""))
    below = list(queries.children_on(chosen, day)) if chosen else []
    districts = [(each, list(queries.children_on(each, day))) for each in below if each.level == Level.DISTRICT]
    context = {
        "tabs": tabs("unit_tree"),
        "filter": UnitFilter({"ngay": f"{day:%d/%m/%Y}"}, initial={}),
        "day": f"{day:%d/%m/%Y}",
        "provinces": provinces,
        "chosen": chosen,
        "districts": districts,
        "communes": [each for each in below if each.level == Level.COMMUNE],
    }
    return render(request, "registers/units_tree.html", context)


def _province_of(provinces: list[AdministrativeUnit], text: str) -> AdministrativeUnit | None:
    """The province asked for; of another day the one that carried its code on this one."""
    asked = AdministrativeUnit.objects.filter(id=int(text)).first() if text.isdecimal() and len(text) < 11 else None
    if asked is None:
        return None
    return next((each for each in provinces if each.code == asked.code), None)
