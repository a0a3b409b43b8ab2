"""The volume sheet of a book, for signatures: by keyer and team, by field, length and page; as a workbook too (H5)."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
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
from hotich.keying.models import KeyingTeam
from hotich.keying.queries.acceptance import SEES
from hotich.keying.queries.completeness import completeness_of
from hotich.keying.queries.volume import Hand, Volume, volume_of
from hotich.keying.rules.figures import LENGTH_BANDS
from hotich.keying.views.acceptance_parts import book_of, completeness_context
from hotich.records.services import note_printing
from hotich.records.views.printing import sheet_context
from hotich.registers.models import Book
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import actor_of, lang, needs, register_name

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(*SEES)
@require_GET
def volume_print(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """The volume sheet: what was keyed of a book by keyer, group of fields, length, and page."""
    actor, book = actor_of(request), book_of(request, book_id)
    note_printing(actor=actor, at=clock.now(), paper="keying_volume", books=[book.id])
    found = volume_of(book)
    whole = completeness_of(book)
    names = names_of_officers({keyer for keyer, _team in found.hands})
    context = {
        "title": f"{register_name(book.register_type)} {book.label}",
        "office": book.origin_office.name,
        "keyers": _keyer_rows(found, names),
        "teams": _team_rows(found),
        "groups": _group_rows(book, found),
        "bands": band_labels(),
        "pages": found.pages,
        "totals": _totals(found),
        **completeness_context(whole, book),
        "signers": [_("Người nhập liệu"), _("Tổ trưởng nhập liệu"), _("Người kiểm tra"), _("Thủ trưởng cơ quan")],
        **sheet_context(request, reverse("keying:acceptance_book", args=[book.id])),
    }
    return render(request, "keying/volume_print.html", context)


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


@dataclass(slots=True)
class Sum:
    """What was keyed: cases, marks, values by band, characters."""

    cases: int
    marked: int
    bands: list[int]
    characters: int

    @property
    def values(self) -> int:
        """Values of every length."""
        return sum(self.bands)


def _sums(found: Volume) -> dict[Hand, Sum]:
    """What each hand keyed."""
    made = {hand: Sum(found.cases.get(hand, 0), found.marked.get(hand, 0), [0, 0, 0], 0) for hand in found.hands}
    for line in found.fields:
        made[line.hand].bands[line.band] += line.values
        made[line.hand].characters += line.characters
    return made


def _team_name(team: UUID | None, teams: Mapping[UUID, KeyingTeam]) -> str:
    return teams[team].name if team is not None and team in teams else _("Ngoài các tổ")


def _keyer_rows(found: Volume, names: dict[int, str]) -> list[dict[str, Any]]:
    """One line a keyer and team, by team: whoever changed teams stands once in each. Without any team at the end."""
    lines = [
        {"name": names.get(keyer, str(keyer)), "team": _team_name(team, found.teams), "sum": made, "is_last": not team}
        for (keyer, team), made in _sums(found).items()
    ]
    return sorted(lines, key=lambda line: (line["is_last"], line["team"], line["name"]))


def _team_rows(found: Volume) -> list[dict[str, Any]]:
    """One line a team: how many people keyed, and what they keyed while they were in it."""
    made: dict[UUID | None, list[Sum]] = defaultdict(list)
    for (_keyer, team), each in _sums(found).items():
        made[team].append(each)
    lines = [
        {
            "team": _team_name(team, found.teams),
            "keyers": len(sums),
            "sum": Sum(
                sum(each.cases for each in sums), sum(each.marked for each in sums),
                [sum(band) for band in zip(*(each.bands for each in sums), strict=True)],
                sum(each.characters for each in sums),
            ),
            "is_last": team is None,
        }
        for team, sums in made.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (line["is_last"], line["team"]))


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


@needs(*SEES)
@require_GET
def volume_workbook(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """The same as a workbook of four sheets: by keyer, by team, by field, by page. Numbers only, no citizen's data."""
    actor, book = actor_of(request), book_of(request, book_id)
    note_printing(actor=actor, at=clock.now(), paper="keying_volume", books=[book.id])
    found = volume_of(book)
    names = names_of_officers({keyer for keyer, _team in found.hands})
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
        cases, values, characters = _("Trường hợp"), _("Trường có nội dung"), _("Ký tự")
        counts = [cases, _("Số hủy, trang thiếu"), *bands, values, characters]
        keyers = [[row["name"], row["team"], *_cells(row["sum"])] for row in _keyer_rows(found, names)]
        _sheet(workbook, head, _("Người nhập"), [_("Người nhập"), _("Tổ"), *counts], keyers)
        teams = [[row["team"], row["keyers"], *_cells(row["sum"])] for row in _team_rows(found)]
        _sheet(workbook, head, _("Tổ"), [_("Tổ"), _("Số người nhập"), *counts], teams)
        fields = [
            [names.get(line.keyer, str(line.keyer)), _team_name(line.team, found.teams),
             labels.get(line.field, line.field), bands[line.band], line.values, line.characters]
            for line in found.fields
        ]  # fmt: skip
        titles = [_("Người nhập"), _("Tổ"), _("Trường"), _("Độ dài"), values, characters]
        _sheet(workbook, head, _("Trường"), titles, fields)
        pages = [[page.page or "–", page.cases, page.values, page.characters] for page in found.pages]
        _sheet(workbook, head, _("Trang"), [_("Trang"), cases, values, characters], pages)
    return target.getvalue()


def _cells(made: Sum) -> list[int]:
    return [made.cases, made.marked, *made.bands, made.values, made.characters]


def _sheet(workbook: Any, head: Any, name: str, titles: list[str], rows: list[list[Any]]) -> None:
    sheet = workbook.add_worksheet(name[:31])
    sheet.write_row(0, 0, titles, head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(titles) - 1, 16)
    for place, row in enumerate(rows, start=1):
        sheet.write_row(place, 0, row)
