"""The audit trail: the list, and one entry. That it was read is written down as well."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers, officer_by_login
from hotich.audit.queries import EntryFilter, entries_by_day, entries_page, entry_by_id
from hotich.audit.queries.lists import Place
from hotich.audit.services import note_reading_of_trail
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.forms import AuditFilter
from hotich.persons.queries.audit_scope import audited_offices
from hotich.persons.views.audit_words import (
    changes_of,
    entry_columns,
    entry_rows,
    fact_items,
    office_names,
    officer_text,
    subject_text,
    subject_url,
    verb_choices,
    verb_text,
)
from hotich.registers.views.parts import actor_of, needs, or_not_found
from hotich.units.queries import office_by_code
from hotich.web.rules.formats import number_text, time_text

DAYS_SHOWN = 7  # without a range of days; the chart shows CHARTED days
CHARTED = 14
CHART_WIDTH, CHART_HEIGHT = 600, 48


@needs("audit.read")
@require_GET
def audit_entries(request: HttpRequest) -> HttpResponse:
    """Entries by day, office, officer, act and subject, the newest first."""
    actor, today = actor_of(request), clock.today()
    form = AuditFilter(request.GET or None, verbs=verb_choices())
    offices = audited_offices(actor)
    wanted = _wanted(form, offices, today)
    page = None
    if wanted is not None:
        page = entries_page(wanted, before=_place(request, "truoc"), after=_place(request, "sau"))
        note_reading_of_trail(
            actor=actor, at=clock.now(), verb="audit.searched",
            facts={"filters": sorted(name for name, value in form.cleaned_data.items() if value) if form.is_bound else [],
                   "found": len(page.entries)},
        )  # fmt: skip
    days = [today - timedelta(days=number) for number in reversed(range(CHARTED))]
    context = {
        "filter": form,
        "columns": entry_columns(),
        "rows": entry_rows(page.entries) if page else [],
        "older_url": _turn(request, "truoc", page.older) if page else "",
        "newer_url": _turn(request, "sau", page.newer) if page else "",
        "range_text": _range_text(wanted, form),
        "chart": _chart(entries_by_day(days, offices)),
        "all_offices": offices is None,
        "integrity_url": reverse("persons:audit_integrity"),
    }
    return render(request, "persons/audit_entries.html", context)


def _wanted(form: AuditFilter, offices: frozenset[int] | None, today: date) -> EntryFilter | None:
    """The filter as it was given; None when something in it is wrong (the form then says what)."""
    start = today - timedelta(days=DAYS_SHOWN - 1)
    if not form.is_bound:
        return EntryFilter(offices, first_day=start)
    if not form.is_valid():
        return None
    given = form.cleaned_data
    office = officer = None
    try:
        if given["co_quan"]:
            office = 0 if given["co_quan"] == "0" else office_by_code(given["co_quan"]).id
        if given["can_bo"]:
            officer = officer_by_login(given["can_bo"]).id
    except RuleBroken as refusal:
        form.refuse(RuleBroken(refusal.code, field="co_quan" if office is None and given["co_quan"] else "can_bo",
                               **refusal.params))  # fmt: skip
        return None
    # one subject is looked for in the whole trail
    first = given["tu"] or (None if given["ma"] else start)
    return EntryFilter(
        offices, first, given["den"], office, officer, (given["viec"],) if given["viec"] else (),
        given["loai"], given["ma"],
    )  # fmt: skip


def _range_text(wanted: EntryFilter | None, form: AuditFilter) -> str:
    if wanted is None or wanted.first_day is None or (form.is_bound and form.cleaned_data.get("tu")):
        return ""
    return _("Không chọn ngày: chỉ tìm trong %(days)d ngày gần đây.") % {"days": DAYS_SHOWN}


def _place(request: HttpRequest, name: str) -> Place | None:
    """A place in the list as an address holds it; one that cannot be read is none."""
    at, _mark, identity = request.GET.get(name, "").partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(identity)) if moment.tzinfo else None
    except ValueError:
        return None


def _turn(request: HttpRequest, name: str, place: Place | None) -> str:
    if place is None:
        return ""
    kept = {key: value for key, value in request.GET.items() if key not in ("truoc", "sau") and value}
    return "?" + urlencode(kept | {name: f"{place[0].isoformat()}_{place[1]}"})


def _chart(days: list[tuple[date, int]]) -> dict[str, Any]:
    """Columns of acts a day, drawn as SVG by the template."""
    most = max((number for _day, number in days), default=0)
    step = CHART_WIDTH / len(days)
    bars = [
        {"x": round(place * step + 2, 1), "width": round(step - 4, 1), "height": (tall := _tall(number, most)),
         "y": CHART_HEIGHT - tall, "title": f"{day:%d/%m/%Y}: {number_text(number)}"}
        for place, (day, number) in enumerate(days)
    ]  # fmt: skip
    return {
        "bars": bars, "most": most, "total": sum(number for _day, number in days), "today": days[-1][1],
        "first": f"{days[0][0]:%d/%m}", "last": f"{days[-1][0]:%d/%m}", "width": CHART_WIDTH, "height": CHART_HEIGHT,
    }  # fmt: skip


def _tall(number: int, most: int) -> float:
    return max(2.0, round(number / most * CHART_HEIGHT, 1)) if number else 0


@needs("audit.read")
@require_GET
def audit_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry: who, when, what, its place in the chain; before and after for whoever reads records there."""
    actor = actor_of(request)
    sees = may_see_details(actor)
    with or_not_found():
        entry, detail, before = entry_by_id(entry_id, audited_offices(actor), with_detail=sees)
    note_reading_of_trail(
        actor=actor, at=clock.now(), verb="audit.entry_read", subject_id=entry.id, facts={"details": detail is not None}
    )
    offices = office_names([entry.chain_office_id, entry.subject_office_id])
    people = names_of_officers([entry.actor_id] if entry.actor_id else [])
    officer = people.get(entry.actor_id or 0, "")
    context = {
        "title": verb_text(entry.verb),
        "subtitle": time_text(entry.at),
        "facts": [
            {"label": _("Cán bộ"), "value": f"{officer} ({entry.actor_login})" if officer else officer_text(entry, people)},
            {"label": _("Cơ quan của cán bộ"), "value": offices.get(entry.chain_office_id, entry.chain_office_id)},
            {"label": _("Đối tượng"), "value": subject_text(entry.subject_kind), "url": subject_url(entry, actor),
             "note": entry.subject_id},
            {"label": _("Thuộc cơ quan"), "value": offices.get(entry.subject_office_id, entry.subject_office_id)},
            {"label": _("Mã việc"), "value": entry.verb},
            *fact_items(entry),
        ],
        "chain": [
            {"label": _("Số thứ tự trong chuỗi"), "value": number_text(entry.sequence)},
            {"label": _("Mã băm"), "value": entry.hash, "wide": True},
            {"label": _("Mã băm của mục trước"), "value": entry.previous_hash, "wide": True,
             "tone": "error" if before is not None and before.hash != entry.previous_hash else "",
             "tone_text": _("không khớp")},
        ],
        "has_detail": bool(entry.detail_hash),
        "sees": sees,
        "changes": changes_of(detail.before, detail.after) if detail else [],
        "detail": detail,
        "history_url": f"{reverse('persons:audit_entries')}?{urlencode({'loai': entry.subject_kind, 'ma': entry.subject_id})}"
        if entry.subject_id else "",
        "breadcrumb": [{"label": _("Nhật ký"), "url": reverse("persons:audit_entries")},
                       {"label": verb_text(entry.verb), "url": ""}],
    }  # fmt: skip
    return render(request, "persons/audit_entry.html", context)


def may_see_details(actor: Actor) -> bool:
    """Before and after hold citizens' data, restricted facts among them: never for an auditor."""
    return actor.may("record.read") and actor.may("restricted.read")
