"""Totals of the inventory in words, tables and bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hotich.keying.models import BookPlace, BookWorkState
from hotich.keying.queries.inventory import ELSEWHERE, LOST, Tally, Totals
from hotich.keying.rules.inventory import ShelfGap
from hotich.keying.rules.phases import GROUPS, PHASES
from hotich.keying.views.inventory_parts import STATE_TONES, STATE_WORDS, short_name, words
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import lang
from hotich.web.rules.formats import number_text, percent_text
from hotich.web.rules.svg import Part, stacked_bar
from hotich.web.rules.tables import Cell, Column, Row

MOST_LINES = 200  # of books that seem to be missing


def stats(totals: Totals) -> list[dict[str, Any]]:
    """The figures above the page."""
    whole, url = totals.whole, reverse("keying:inventory")
    by_place = totals.by_place
    return [
        {"label": _("Quyển đã kiểm kê"), "value": whole.books,
         "note": _("%(pages)s trang") % {"pages": number_text(whole.pages, lang())}},
        {"label": _("Nhập ở đây"), "value": whole.here,
         "note": _("%(done)s quyển đã nhập xong") % {"done": number_text(whole.done, lang())}},
        {"label": _("Công an nhập"), "value": by_place[BookPlace.POLICE].books,
         "url": f"{url}?noi_nhap=police"},
        {"label": _("Đã số hóa trước"), "value": by_place[BookPlace.EARLIER].books,
         "url": f"{url}?noi_nhap=earlier"},
        {"label": _("Sổ bị mất"), "value": whole.lost, "tone": "error" if whole.lost else "",
         "url": f"{url}?can_xem=lost"},
        {"label": _("Sổ hư hỏng"), "value": totals.damaged, "tone": "warning" if totals.damaged else "",
         "url": f"{url}?can_xem=damaged"},
    ]  # fmt: skip


def phase_lines(totals: Totals) -> list[dict[str, Any]]:
    """One bar a phase that has books: how far its books are."""
    return [
        {
            "label": words(phase.label),
            "url": f"{reverse('keying:inventory')}?giai_doan={number}",
            "note": _("hạn theo kế hoạch %(day)s, chưa kiểm chứng") % {"day": f"{phase.deadline:%d/%m/%Y}"},
            "bar": _bar(totals.by_phase[number], words(phase.label)),
            "cases": _cases(totals.by_phase[number]),
        }
        for number, phase in PHASES.items()
        if number in totals.by_phase
    ]


def _bar(tally: Tally, title: str) -> SafeString:
    parts = [
        Part(_(STATE_WORDS[state]), tally.states[state], STATE_TONES[state])
        for state in reversed(BookWorkState)
        if tally.states.get(state)
    ]
    if tally.states.get(ELSEWHERE):
        parts.append(Part(_("Nhập nơi khác"), tally.states[ELSEWHERE], "muted"))
    if tally.states.get(LOST):
        parts.append(Part(_("Sổ bị mất"), tally.states[LOST], "error"))
    return mark_safe(stacked_bar(parts, title, lang=lang()))  # nosec B308 - svg.py escapes


def _cases(tally: Tally) -> str:
    """Cases keyed of those said to be in the books, and of how many books nobody says."""
    if not tally.here:
        return ""
    if not tally.expected:
        return _("chưa có số trường hợp")
    text = _("%(entered)s / %(expected)s trường hợp (%(share)s)") % {
        "entered": number_text(tally.entered, lang()), "expected": number_text(tally.expected, lang()),
        "share": share_words(tally.entered, tally.expected),
    }  # fmt: skip
    if tally.unknown:
        text += " · " + _("%(n)d quyển chưa có số trường hợp") % {"n": tally.unknown}
    return text


def share_words(part: int, whole: int) -> str:
    """A share, rounded down: 100 % is said only where nothing is missing (requirement H7)."""
    per_mille = part * 1000 // whole
    return percent_text(per_mille, 1000, lang(), decimals=1 if per_mille % 10 else 0)


def matrix(totals: Totals) -> dict[str, Any]:
    """Types by phases: books done of those entered here, and cases keyed."""
    phases = [number for number in PHASES if number in totals.by_phase]
    columns = [Column(_("Loại sổ"))]
    columns += [Column(_("Giai đoạn %(n)d") % {"n": number}, "number") for number in phases]
    columns.append(Column(_("Nhập nơi khác"), "number"))
    order = {letters: group.number for group in GROUPS.values() for letters in group.register_types}
    types = sorted({letters for letters, _phase in totals.by_type}, key=lambda each: (order.get(each, 9), each))
    rows = []
    for letters in types:
        cells: list[Cell | str | int] = [Cell(short_name(letters), f"{reverse('keying:inventory')}?loai={letters}")]
        of_type = [totals.by_type.get((letters, number)) for number in phases]
        cells += [_cell(letters, number, tally) for number, tally in zip(phases, of_type, strict=True)]
        elsewhere = sum(tally.elsewhere for tally in of_type if tally)
        cells.append(elsewhere or "–")
        rows.append(Row(letters, cells))
    return {"columns": columns, "rows": rows}


def _cell(letters: str, phase: int, tally: Tally | None) -> Cell:
    if tally is None or not tally.here:
        return Cell("–")
    share = share_words(tally.entered, tally.expected) if tally.expected else "–"
    url = f"{reverse('keying:inventory')}?loai={letters}&giai_doan={phase}"
    return Cell(f"{tally.done}/{tally.here}", url, note=share)


def year_columns() -> list[Column]:
    """Columns of the table by year."""
    return [Column(_("Năm mở sổ"), "code"), Column(_("Số quyển"), "number"), Column(_("Nhập ở đây"), "number"),
            Column(_("Đã nhập xong"), "number"), Column(_("Nhập nơi khác"), "number"), Column(_("Bị mất"), "number"),
            Column(_("Trang"), "number"), Column(pgettext("count", "Trường hợp"), "number")]  # fmt: skip


def year_rows(totals: Totals) -> list[Row]:
    """Totals by the year in which the books were opened, the newest first."""
    url = reverse("keying:inventory")
    return [
        Row(str(year), [Cell(str(year), f"{url}?nam={year}"), tally.books, tally.here, tally.done, tally.elsewhere,
                        tally.lost, tally.pages, tally.cases])
        for year, tally in sorted(totals.by_year.items(), reverse=True)
    ]  # fmt: skip


def missing_words(missing: Sequence[tuple[int, ShelfGap]], offices: dict[int, str]) -> list[str]:
    """Books that seem to be missing, each in a line."""
    several = len({office for office, _gap in missing}) > 1
    return [_missing(gap, offices.get(office, "") if several else "") for office, gap in missing[:MOST_LINES]]


def _missing(gap: ShelfGap, office: str) -> str:
    name = short_name(gap.register_type) if gap.register_type in REGISTER_TYPES else gap.register_type
    if gap.number:
        text = _("%(type)s năm %(year)d: không có quyển số %(number)02d") % {
            "type": name, "year": gap.first_year, "number": gap.number}  # fmt: skip
    else:
        years = str(gap.first_year) if gap.first_year == gap.last_year else f"{gap.first_year}–{gap.last_year}"
        text = _("%(type)s: không có quyển mở năm %(years)s") % {"type": name, "years": years}
    return f"{text} – {office}" if office else text
