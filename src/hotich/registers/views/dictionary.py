"""The data dictionary: every register, field, code list, check and threshold, each with its source and how sure it is."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.kernel.problems import Severity
from hotich.registers.codes import CODE_LISTS
from hotich.registers.rules.case import Check
from hotich.registers.rules.checks import checks_for
from hotich.registers.rules.outputs import DictionaryRow, dictionary_rows
from hotich.registers.rules.parameters import DEFINITIONS, Parameter
from hotich.registers.rules.snapshot import active
from hotich.registers.types import ERA_PERIODS, REGISTER_TYPES, UnknownRegister, register_type, version_by_id
from hotich.registers.types.declaration import Channel, RegisterType, RegisterVersion
from hotich.registers.views.configuration import segments
from hotich.registers.views.configuration_words import UNITS, doubt, period, url_of
from hotich.registers.views.parameter_names import parameter_name
from hotich.registers.views.parts import era_name, lang, needs, register_name, words
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

RIGHT = "dictionary.read"


@needs(RIGHT)
@require_GET
def dictionary(request: HttpRequest) -> HttpResponse:
    """All registers by era, and the code lists."""
    eras = list(ERA_PERIODS)
    context = {
        "columns": [Column(_("Loại sổ")), Column(_("Ký hiệu"), "code"), *(Column(era_name(era)) for era in eras)],
        "rows": [_register_row(found) for found in REGISTER_TYPES.values()],
        "list_columns": [Column(_("Danh mục mã")), Column(_("Tên máy"), "code"), Column(_("Số mã"), "number"),
                         Column(_("Nguồn"))],
        "list_rows": [_list_row(name) for name in CODE_LISTS],
    }  # fmt: skip
    return render(request, "registers/dictionary.html", context)


def _register_row(found: RegisterType) -> Row:
    cells: list[Cell | str | int] = [Cell(words(found.label), note=found.legal_ref), found.letters]
    for era in ERA_PERIODS:
        version = found.versions.get(era)
        if version is None:
            cells.append("")
            continue
        number = _("%(number)d mục") % {"number": len(version.fields)}
        cells.append(Cell(number, reverse("registers:version", args=[version.id]), note=doubt(version.verified)))
    return Row(found.letters, cells)


def _list_row(name: str) -> Row:
    found = CODE_LISTS[name]
    url = reverse("registers:code_list", args=[name])
    return Row(name, [Cell(words(found.label), url), name, len(found.by_code),
                      Cell(found.source, note=doubt(found.verified))])  # fmt: skip


def _version_name(version: RegisterVersion) -> str:
    """The era, and for a version replaced within it the last day of its form."""
    era = era_name(version.era)
    if register_type(version.letters).versions[version.era] is version or version.valid_to is None:
        return era
    return _("%(era)s (đến %(day)s)") % {"era": era, "day": f"{version.valid_to:%d/%m/%Y}"}


@needs(RIGHT)
@require_GET
def version_page(request: HttpRequest, version_id: str) -> HttpResponse:
    """One register in one era: its fields in the order of the book, and the checks that are asked of it."""
    try:
        version = version_by_id(version_id)
    except UnknownRegister as error:
        raise Http404(version_id) from error
    rows = dictionary_rows(version)
    source = _main_source(rows)
    sections: dict[str, list[DictionaryRow]] = {}
    for row in rows:
        sections.setdefault(words(row.section), []).append(row)
    part = "kiem-tra" if request.GET.get("phan") == "kiem-tra" else "truong"
    checks = checks_for(version)
    versions = register_type(version.letters).every_version
    context = {
        "version": version,
        "title": register_name(version.letters),
        "era": era_name(version.era),
        "part": part,
        "breadcrumb": _crumbs(register_name(version.letters)),
        "eras": [{"label": _version_name(each), "url": reverse("registers:version", args=[each.id]) + f"?phan={part}",
                  "active": each.id == version.id} for each in versions],
        "tabs": [
            {"label": _("Các mục"), "url": "?phan=truong", "count": len(rows), "active": part == "truong"},
            {"label": _("Kiểm tra"), "url": "?phan=kiem-tra", "count": len(checks), "active": part == "kiem-tra"},
        ],
        "sections": [(name, [_field_row(row, source) for row in found]) for name, found in sections.items()],
        "main_source": source,
        "field_columns": _field_columns(),
        "check_columns": _check_columns(),
        "check_rows": [_check_row(check) for check in checks],
    }  # fmt: skip
    return render(request, "registers/version.html", context)


def _crumbs(here: str) -> list[dict[str, str]]:
    return [{"label": _("Từ điển dữ liệu"), "url": reverse("registers:dictionary")}, {"label": here, "url": ""}]


def _field_columns() -> list[Column]:
    return [Column(_("STT"), "number"), Column(_("Mục trong sổ")), Column(_("Tên máy, cột nhập của Bộ"), "code"),
            Column(_("Kiểu")), Column(_("Yêu cầu"))]  # fmt: skip


def _main_source(rows: list[DictionaryRow]) -> str:
    """Where most fields of a version come from: said once above them."""
    return Counter(row.source for row in rows).most_common(1)[0][0] if rows else ""


def _field_row(row: DictionaryRow, main_source: str) -> Row:
    marks = [
        _("hạn chế xem") if row.restricted else "",
        "" if row.on_form else _("không có cột này trong sổ"),
        doubt(row.verified),
        "" if row.source == main_source else _("nguồn: %(source)s") % {"source": row.source},
    ]
    label = Cell(words(row.label), note=" · ".join(filter(None, marks)))
    machine = Cell(row.code, note=row.column if row.column != row.code else "")
    need = f"{row.need.value} – {words(row.need_label)}"
    return Row(row.code, [row.number, label, machine, _kind(row), need])


def _kind(row: DictionaryRow) -> Cell:
    """The kind of a field; for a coded one the list it is taken from."""
    found = CODE_LISTS.get(row.code_list)
    if found is None:
        return Cell(words(row.kind), note=row.code_list)
    name = _("Danh mục: %(name)s") % {"name": words(found.label)}
    return Cell(name, reverse("registers:code_list", args=[row.code_list]))


def _check_columns() -> list[Column]:
    return [Column(_("Mã lỗi"), "code"), Column(_("Thông báo")), Column(_("Sổ giấy")), Column(_("Đăng ký mới")),
            Column(_("Nguồn"))]  # fmt: skip


def _check_row(check: Check) -> Row:
    return Row(
        check.code,
        [check.code, text_of(check.code), _severity(check.severity(Channel.HISTORICAL)),
         _severity(check.severity(Channel.LIVE)), Cell(check.source, note=doubt(check.verified))],
    )  # fmt: skip


def _severity(severity: Severity | None) -> Cell:
    if severity is None:
        return Cell("—")
    return Cell(_("Lỗi"), tone="error") if severity is Severity.ERROR else Cell(_("Cảnh báo"), tone="warning")


@needs(RIGHT)
@require_GET
def code_list_page(request: HttpRequest, name: str) -> HttpResponse:
    """One code list with the other words that are read as each code."""
    found = CODE_LISTS.get(name)
    if found is None:
        raise Http404(name)
    dated = any(entry.valid_from or entry.valid_to for entry in found.entries)
    rows = []
    for place, entry in enumerate(found.entries):
        label = Cell(words(entry.label), note=doubt(entry.verified))
        cells: list[Cell | str | int] = [entry.code, label, "; ".join(entry.aliases)]
        rows.append(
            Row(f"{entry.code}-{place}", [*cells, *([period(entry.valid_from, entry.valid_to)] if dated else [])])
        )
    context = {
        "title": words(found.label),
        "name": name,
        "source": found.source,
        "verified": found.verified,
        "breadcrumb": _crumbs(words(found.label)),
        "columns": [Column(_("Mã"), "code"), Column(_("Tên")), Column(_("Cách viết khác được hiểu là mã này")),
                    *([Column(_("Thời gian dùng"))] if dated else [])],
        "rows": rows,
    }  # fmt: skip
    return render(request, "registers/code_list.html", context)


@needs(RIGHT, "parameters.read")
@require_GET
def parameters(request: HttpRequest) -> HttpResponse:
    """Every threshold that law or practice sets, by date."""
    context = {
        "breadcrumb": _crumbs(_("Tham số")),
        "columns": [Column(_("Tham số")), Column(_("Giá trị"), "number"), Column(_("Đơn vị")),
                    Column(_("Hiệu lực")), Column(_("Nguồn"))],
        "rows": [_parameter_row(f"{code}-{place}", item, first, last)
                 for code in DEFINITIONS
                 for place, (first, last, item) in enumerate(segments(active().parameters[code]))],
    }  # fmt: skip
    return render(request, "registers/parameters.html", context)


def _parameter_row(key: str, item: Parameter, first: date | None, last: date | None) -> Row:
    value: Any = str(item.value) if item.unit == "year" else item.value
    name = Cell(parameter_name(item.code), url_of("parameter", item.code), note=item.code)
    source = Cell(item.source, note=doubt(item.verified))
    return Row(key, [name, value, UNITS[item.unit][lang()], period(first, last), source])
