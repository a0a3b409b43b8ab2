"""What is configured: lists by kind, and one page for each key with its values, source, effect and history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.working_days import calendar_of, holiday_name, is_decided
from hotich.registers.codes import CODE_LISTS
from hotich.registers.forms.configuration import ProvinceFilter
from hotich.registers.models import ConfigurationChange, ProposalState
from hotich.registers.queries.configuration import count_waiting, history_of_key, keys_changed, keys_waiting, provinces
from hotich.registers.rules.configuration import Kind, is_legal, may_differ
from hotich.registers.rules.parameters import BY_CODE as SHIPPED_VALUES
from hotich.registers.rules.parameters import DEFINITIONS, Parameter
from hotich.registers.rules.snapshot import active
from hotich.registers.views.configuration_words import (
    KIND_NAMES,
    SLUGS,
    amount,
    change_in_words,
    doubt,
    key_name,
    kind_of_slug,
    must_exist,
    period,
    url_of,
)
from hotich.registers.views.parameter_names import parameter_effect
from hotich.registers.views.parts import actor_of, era_name, needs, words
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

READ = ("parameters.read", "parameters.manage", "parameters.approve")
FILTERS = {"": "", "chua-kiem-chung": "unverified", "da-doi": "changed", "cho-duyet": "waiting"}
TONES = {
    ProposalState.APPROVED: "ok", ProposalState.PROPOSED: "warning", ProposalState.REFUSED: "error",
    ProposalState.WITHDRAWN: "muted", ProposalState.DRAFT: "muted",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One key on a list."""

    kind: Kind
    key: str
    value: str
    when: str
    source: str
    verified: bool
    own: bool = False  # of the province that was asked for


@needs(*READ)
@require_GET
def configuration_list(request: HttpRequest, slug: str = SLUGS[Kind.PARAMETER]) -> HttpResponse:
    """All keys of a kind, with what holds today; filtered to the unverified, the changed, the waiting ones."""
    kind = kind_of_slug(slug)
    wanted = FILTERS.get(request.GET.get("loc", ""), "")
    changed, waiting = keys_changed([kind]), keys_waiting([kind])
    named = provinces() if kind is Kind.PARAMETER else {}
    province = found if (found := request.GET.get("tinh", "")) in named else ""
    items = list(_items(kind, province))
    within = f"&tinh={province}" if province else ""
    sets = {
        "": items,
        "unverified": [item for item in items if not item.verified],
        "changed": [item for item in items if (kind, item.key) in changed],
        "waiting": [item for item in items if (kind, item.key) in waiting],
    }
    names = (_("Tất cả"), _("Chưa kiểm chứng"), _("Đã thay đổi"), _("Chờ duyệt"))
    actor = actor_of(request)
    context = {
        "kind_tabs": [{"label": KIND_NAMES[each], "url": reverse("registers:configuration_kind", args=[SLUGS[each]]),
                       "active": each is kind} for each in Kind],
        "filter_tabs": [{"label": name, "url": f"?loc={code}{within}", "count": len(sets[part]), "active": part == wanted}
                        for name, (code, part) in zip(names, FILTERS.items(), strict=True)],
        "filter": ProvinceFilter({"tinh": province}, provinces=named) if named else None,
        "province": named.get(province, ""),
        "columns": _columns(),
        "rows": [_row(item, (kind, item.key) in changed, (kind, item.key) in waiting) for item in sets[wanted]],
        "may_manage": actor.may("parameters.manage"),
        "waiting": count_waiting(actor, clock.today()),
        "year_missing": _year_missing() if kind is Kind.CALENDAR else 0,
    }  # fmt: skip
    return render(request, "registers/configuration_list.html", context)


def _columns() -> list[Column]:
    return [Column(_("Mục cấu hình")), Column(_("Giá trị hôm nay")), Column(_("Hiệu lực")), Column(_("Nguồn")),
            Column(_("Ai quyết định")), Column(_("Trạng thái"))]  # fmt: skip


def _row(item: Item, is_changed: bool, is_waiting: bool) -> Row:
    note = "" if item.kind is Kind.CALENDAR else item.key
    name = Cell(key_name(item.kind, item.key), url_of(item.kind, item.key), note=note)
    state = Cell(_("Chờ duyệt"), tone="warning") if is_waiting else Cell(_("Đã thay đổi"), tone="accent")
    return Row(
        item.key,
        [name, Cell(item.value, note=_("giá trị riêng của tỉnh") if item.own else ""), item.when,
         Cell(item.source, note=doubt(item.verified)), decided_by_whom(item.kind, item.key),
         state if is_waiting or is_changed else ""],
    )  # fmt: skip


def decided_by_whom(kind: str, key: str) -> str:
    """Who decides on a change of a key."""
    return _("Người thứ hai duyệt") if is_legal(kind, key) else _("Một cán bộ")


def _items(kind: Kind, province: str = "") -> Iterator[Item]:
    now = active()
    if kind is Kind.PARAMETER:
        for code in DEFINITIONS:
            own = _in_force(now.provincial.get((code, province), ()))
            row = own or _in_force(now.parameters[code])
            value = amount(code, row.value if row else None)
            yield Item(kind, code, value, period(row.valid_from, row.valid_to) if row else "",
                       row.source if row else "", row.verified if row else True, own is not None)  # fmt: skip
    elif kind is Kind.CODE:
        for name, found in CODE_LISTS.items():
            verified = found.verified and all(entry.verified for entry in found.by_code.values())
            value = _("%(number)d mã") % {"number": len(found.in_use)}
            yield Item(kind, name, value, "", found.source, verified)
    elif kind is Kind.CALENDAR:
        for year in _years():
            yield Item(kind, str(year), _days_in_words(year), "", _sources_of(year), is_decided(year))
    else:
        for era, found_era in now.eras.items():
            when = period(found_era.valid_from, found_era.valid_to)
            yield Item(kind, era.value, era_name(era), when, found_era.law, found_era.verified)


def _in_force(rows: tuple[Parameter, ...]) -> Parameter | None:
    day = clock.today()
    return next((row for row in rows if row.holds_on(day)), None)


def _years() -> list[int]:
    now = clock.today().year
    return sorted({*(item.day.year for item in active().days), now, now + 1}, reverse=True)


def _days_in_words(year: int) -> str:
    days = calendar_of(year)
    worked = sum(1 for _day, is_worked, _reason in days if is_worked)
    return _("%(off)d ngày nghỉ, %(worked)d ngày làm bù") % {"off": len(days) - worked, "worked": worked}


def _sources_of(year: int) -> str:
    found = dict.fromkeys(item.source for item in active().days if item.day.year == year)
    return "; ".join(found) or _("Bộ luật Lao động năm 2019, Điều 112; chưa có thông báo của năm")


def _year_missing() -> int:
    """The year whose official days should be entered by now and are not; 0 for none."""
    year = clock.today().year + 1
    return 0 if is_decided(year) else year


# ---- one key


@needs(*READ)
@require_GET
def configuration_key(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One key: its values over time, where they come from, what they do, and everything that was proposed."""
    kind = kind_of_slug(slug)
    must_exist(kind, key)
    actor = actor_of(request)
    history = history_of_key(kind, key)
    context = {
        "title": key_name(kind, key),
        "key": key,
        "kind": kind.value,
        "breadcrumb": crumbs(kind, key_name(kind, key)),
        "facts": _facts(kind, key),
        "values": _values(kind, key),
        "provincial": _values_of_provinces(key) if may_differ(kind, key) else None,
        "checks": [(code, text_of(code)) for code in DEFINITIONS[key].checks] if kind is Kind.PARAMETER else [],
        "history": history_entries(history),
        "may_manage": actor.may("parameters.manage"),
        "propose_url": reverse("registers:configuration_propose", args=[slug, key]),
        "is_waiting": any(item.proposal.state == ProposalState.PROPOSED for item in history),
        "undecided": kind is Kind.CALENDAR and not is_decided(int(key)),
        **_table(kind, key, actor.may("parameters.manage")),
    }
    return render(request, "registers/configuration_key.html", context)


def crumbs(kind: Kind, here: str) -> list[dict[str, Any]]:
    """From the list of a kind to a page below it."""
    return [
        {"label": _("Cấu hình"), "url": reverse("registers:configuration")},
        {"label": KIND_NAMES[kind], "url": reverse("registers:configuration_kind", args=[SLUGS[kind]])},
        {"label": here, "url": ""},
    ]


def _facts(kind: Kind, key: str) -> list[dict[str, Any]]:
    item = next((each for each in _items(kind) if each.key == key), None)
    facts: list[dict[str, Any]] = [{"label": _("Quyết định thay đổi"), "value": decided_by_whom(kind, key)}]
    if item is not None:
        source = {"label": _("Nguồn"), "value": item.source, "wide": True}
        if not item.verified:
            source |= {"tone": "warning", "tone_text": _("chưa kiểm chứng")}
        when = {"label": _("Hiệu lực"), "value": item.when, "absent": _("mọi thời gian")}
        dated = [when] if kind in (Kind.PARAMETER, Kind.ERA) else []
        facts = [{"label": _("Giá trị hôm nay"), "value": item.value}, *dated, *facts, source]
    if kind is Kind.PARAMETER:
        found = DEFINITIONS[key]
        bounds = f"{amount(key, found.lowest)} – {amount(key, found.highest)}"
        facts.insert(2, {"label": _("Khoảng cho phép"), "value": bounds})
        facts.insert(3, {"label": _("Đi kèm phần mềm"), "value": _shipped_today(key)})
        if effect := parameter_effect(key):
            facts.append({"label": _("Tác dụng"), "value": effect, "wide": True})
    return facts


def _shipped_today(key: str) -> str:
    row = _in_force(SHIPPED_VALUES[key])
    return amount(key, row.value if row else None)


def _values(kind: Kind, key: str) -> list[dict[str, Any]]:
    """The values of a threshold over time, newest first, as entries of a timeline."""
    if kind is not Kind.PARAMETER:
        return []
    day, entries = clock.today(), []
    for start, end, row in segments(active().parameters[key]):
        holds = (start is None or start <= day) and (end is None or day <= end)
        who = row.source + (f" · {doubt(False)}" if not row.verified else "")
        tone = "ok" if holds else "muted" if end is not None and end < day else "accent"
        entries.append({"title": amount(key, row.value), "who": period(start, end) or _("mọi thời gian"), "text": who,
                        "tone": tone})  # fmt: skip
    return entries[::-1]


def _values_of_provinces(key: str) -> dict[str, Any]:
    """What provinces have set for themselves and holds today or later, by province."""
    day, rows = clock.today(), list[Row]()
    for code, name in provinces().items():
        for start, end, row in segments(active().provincial.get((key, code), ())):
            if end is None or end >= day:
                when = period(start, end) or _("mọi thời gian")
                rows.append(Row(f"{code}-{len(rows)}", [name, amount(key, row.value), when,
                                                        Cell(row.source, note=doubt(row.verified))]))  # fmt: skip
    return {"columns": [Column(_("Tỉnh, thành phố")), Column(_("Giá trị")), Column(_("Hiệu lực")), Column(_("Nguồn"))],
            "rows": rows}  # fmt: skip


def segments(rows: tuple[Parameter, ...]) -> list[tuple[date | None, date | None, Parameter]]:
    """What holds from when to when, oldest first: rows overlap, the first one that covers a day holds."""
    starts = {row.valid_from for row in rows} | {
        row.valid_to + timedelta(days=1) for row in rows if row.valid_to is not None and row.valid_to < date.max
    }
    days = sorted(start or date.min for start in starts)
    found: list[tuple[date | None, date | None, Parameter]] = []
    for place, start in enumerate(days):
        row = next((each for each in rows if each.holds_on(start)), None)
        end = days[place + 1] - timedelta(days=1) if place + 1 < len(days) else None
        if row is None:
            continue
        first = None if start == date.min else start
        if found and found[-1][2] is row:
            first = found.pop()[0]
        found.append((first, end, row))
    return found


def _table(kind: Kind, key: str, may_manage: bool) -> dict[str, Any]:
    if kind is Kind.CODE:
        return _codes(key, may_manage)
    if kind is Kind.CALENDAR:
        return _days(int(key))
    return {"columns": [], "rows": []}


def _codes(name: str, may_manage: bool) -> dict[str, Any]:
    found = CODE_LISTS[name]
    rows = []
    base = reverse("registers:configuration_propose", args=[SLUGS[Kind.CODE], name])
    for place, entry in enumerate(found.entries):
        read_as = _("được hiểu là mã %(code)s") % {"code": entry.read_as} if entry.read_as else ""
        note = " · ".join(filter(None, [doubt(entry.verified), entry.source, read_as]))
        cells: list[Cell | str | int] = [entry.code, Cell(words(entry.label), note=note), "; ".join(entry.aliases),
                                         period(entry.valid_from, entry.valid_to)]  # fmt: skip
        if may_manage:
            cells.append(Cell(_("Thay đổi"), f"{base}?ma={entry.code}"))
        rows.append(Row(f"{entry.code}-{place}", cells))
    act = [Column(_("Việc với mã"), "actions", hide_label=True)] if may_manage else []
    columns = [Column(_("Mã"), "code"), Column(_("Tên")), Column(_("Cách viết khác được hiểu là mã này")),
               Column(_("Thời gian dùng")), *act]  # fmt: skip
    return {"columns": columns, "rows": rows}


def _days(year: int) -> dict[str, Any]:
    known = {item.day: item for item in active().days}
    rows = []
    for day, worked, reason in calendar_of(year):
        item = known.get(day)
        what = Cell(_("Làm bù"), tone="accent") if worked else Cell(_("Nghỉ"), tone="muted")
        source = item.source if item else _("Bộ luật Lao động năm 2019, Điều 112")
        rows.append(
            Row(day.isoformat(), [f"{day:%d/%m/%Y}", weekday(day), what, reason or holiday_name(day) or "",
                                  Cell(source, note=doubt(bool(item and item.verified)))])
        )  # fmt: skip
    columns = [Column(_("Ngày"), "date"), Column(_("Thứ")), Column(_("Nghỉ hay làm")), Column(_("Lý do")),
               Column(_("Nguồn"))]  # fmt: skip
    return {"columns": columns, "rows": rows}


def weekday(day: date) -> str:
    """The day of the week."""
    names = (_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ nhật"))
    return names[day.weekday()]


def history_entries(history: list[ConfigurationChange]) -> list[dict[str, Any]]:
    """Who proposed and decided what, when and why, as entries of a timeline; newest first."""
    names = names_of_officers({who for item in history for who in (item.proposal.proposed_by, item.proposal.decided_by)
                               if who is not None})  # fmt: skip
    entries = []
    for item in history:
        proposal = item.proposal
        state = _("Đã thôi áp dụng") if item.taken_back_at else _(proposal.get_state_display())
        decided = _("%(state)s: %(name)s") % {"state": state, "name": names.get(proposal.decided_by or 0, "–")}
        text = " · ".join(filter(None, [item.source, proposal.reason, decided if proposal.decided_by else state,
                                        proposal.decision_note]))  # fmt: skip
        code = item.key.partition("/")[2]
        said = change_in_words(item)
        entries.append({
            "title": f"{code}: {said}" if code else said,
            "who": names.get(proposal.proposed_by, ""),
            "at": proposal.proposed_at,
            "text": text,
            "tone": "muted" if item.taken_back_at else TONES[ProposalState(proposal.state)],
            "url": reverse("registers:configuration_proposal", args=[proposal.id]),
            "url_label": _("Xem đề nghị"),
        })  # fmt: skip
    return entries
