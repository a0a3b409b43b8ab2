"""For whoever reviews reading: what is odd, openings of restricted facts, and who looked at a person or a record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.accounts.rules.roles import ROLES
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.forms import DAYS, OversightFilter, ReviewForm
from hotich.persons.models import BreakGlass
from hotich.persons.queries.oversight import alarms_and_reasons, officers_overseen, openings, oversight_report
from hotich.persons.queries.overview import may_look_over, questions_to_answer
from hotich.persons.queries.reading_history import Reading, glasses_to_review, readings_of_person, readings_of_record
from hotich.persons.rules.look_up_purposes import PURPOSES
from hotich.persons.rules.oversight import RULES, Finding
from hotich.persons.services.break_glass import review_glass
from hotich.persons.views.oversight_words import KIND_NAMES, explained, finding_text, rule_name
from hotich.records.models import Record
from hotich.records.rules.reading_budget import ALARM
from hotich.records.views.parts import page_of, record_title
from hotich.registers.views.parts import actor_of, needs, not_found_if_unknown
from hotich.units.queries import offices_by_id
from hotich.web.rules.formats import time_text
from hotich.web.rules.svg import Part, stacked_bar
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

VERDICT_TONES = {"waiting": "warning", "justified": "ok", "not_justified": "error"}
CHARTED = 6  # officers with a piece of their own in the chart


def tabs_of(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The pages of whoever reviews reading; those beyond one's own offices for a department or the Ministry only."""
    rows = (
        ("oversight", _("Việc xem bất thường"), None),
        ("glasses", _("Mở khẩn cấp"), glasses_to_review(actor) or None),
        ("budgets", _("Vượt định mức xem"), None),
        *((("overview", _("Toàn tỉnh"), None),) if may_look_over(actor) else ()),
        ("reading_questions", _("Giải trình"), questions_to_answer(actor) or None),
    )
    return [
        {"label": label, "url": reverse(f"persons:{name}"), "active": name == here, "count": count}
        for name, label, count in rows
    ]


@needs("reading.review")
@require_GET
def oversight(request: HttpRequest) -> HttpResponse:
    """What the officers of one's offices looked at in the last days, and what deserves a question."""
    actor = actor_of(request)
    offices = {office_id: office.name for office_id, office in offices_by_id(list(actor.office_ids)).items()}
    officers = names_of_officers(officers_overseen(actor))
    form = OversightFilter(request.GET or None, offices=offices, officers=officers)
    given = form.cleaned_data if form.is_valid() else {}
    days = given.get("ngay") or DAYS[0]
    until = clock.now()
    report = oversight_report(
        actor, since=first_moment(until, days), until=until, office_id=given.get("co_quan"),
        officer_id=given.get("can_bo"),
    )  # fmt: skip
    page = page_of(request, report.findings)
    read = sum(report.by_officer.values())
    context = {
        "filter": form,
        "tabs": tabs_of(actor, "oversight"),
        "days": days,
        "report": report,
        "read": read,
        "officers_count": len(report.by_officer),
        "chart": mark_safe(_chart(report.by_officer, officers)) if read else "",
        "counts": _counts(report.findings),
        "columns": [Column(_("Điều bất thường")), Column(_("Cán bộ")), Column(_("Từ"), "date"), Column(_("Đến"), "date"),
                    Column(_("Số lượng"), "number"), Column(_("Nơi làm việc"))],
        "rows": [_finding_row(place, item, officers, offices) for place, item in enumerate(page.object_list)],
        "list_page": page,
        "rules": [{"name": rule_name(rule), "text": explained(rule)} for rule in RULES],
        "made_at": time_text(until),
    }  # fmt: skip
    return render(request, "persons/oversight.html", context)


def first_moment(until: datetime, days: int) -> datetime:
    """The first moment of the first of so many days, today among them."""
    return clock.start_of_day(clock.in_vietnam(until).date() - timedelta(days=days - 1))


def _chart(by_officer: dict[int, int], names: dict[int, str]) -> str:
    ranked = sorted(by_officer.items(), key=lambda item: (-item[1], item[0]))
    tones = ("brand", "accent", "ok", "warning", "error", "brand")
    parts = [Part(names.get(officer, "–"), count, tone)
             for (officer, count), tone in zip(ranked[:CHARTED], tones, strict=False)]  # fmt: skip
    rest = sum(count for _officer, count in ranked[CHARTED:])
    if rest:
        parts.append(Part(_("Cán bộ khác"), rest, "muted"))
    return stacked_bar(parts, _("Số bản ghi và cá nhân khác nhau đã xem, theo cán bộ"))


def _counts(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    found = [{"label": rule_name(rule), "value": sum(each.rule == rule for each in findings)} for rule in RULES]
    return [each | {"tone": "warning"} for each in found if each["value"]]


def _finding_row(place: int, item: Finding, officers: dict[int, str], offices: dict[int, str]) -> Row:
    who = officers.get(item.officer, "–") if item.officer else _("nhiều cán bộ")
    return Row(
        f"f{place}",
        [Cell(rule_name(item.rule), note=finding_text(item)), who, time_text(item.first), time_text(item.last),
         item.count, offices.get(item.office, "–")],
    )  # fmt: skip


@needs("reading.review")
@require_GET
def glasses(request: HttpRequest) -> HttpResponse:
    """Openings of restricted facts: those to review, then those reviewed."""
    actor = actor_of(request)
    waiting, page = list(openings(actor, waiting=True)), page_of(request, openings(actor, waiting=False))
    names = names_of_officers(
        each for glass in [*waiting, *page.object_list] for each in (glass.opened_by, glass.reviewed_by) if each
    )
    context = {
        "tabs": tabs_of(actor, "glasses"),
        "waiting": [_glass(glass, names, actor) for glass in waiting],
        "columns": [Column(_("Bản ghi"), "code"), Column(_("Người mở")), Column(_("Mở lúc"), "date"), Column(_("Lý do")),
                    Column(_("Kết luận")), Column(_("Người rà soát")), Column(_("Nhận xét"))],
        "rows": [
            Row(str(glass.id), [record_title(glass.record), names.get(glass.opened_by, "–"), time_text(glass.opened_at),
                glass.reason, Cell(_(BreakGlass.Verdict(glass.verdict).label), tone=VERDICT_TONES[glass.verdict]),
                Cell(names.get(glass.reviewed_by or 0, "–"), note=time_text(glass.reviewed_at)), glass.review_words])
            for glass in page.object_list
        ],
        "list_page": page,
    }  # fmt: skip
    return render(request, "persons/glasses.html", context)


def _glass(glass: BreakGlass, names: dict[int, str], actor: Actor) -> dict[str, Any]:
    return {
        "glass": glass,
        "record": record_title(glass.record),
        "who": names.get(glass.opened_by, "–"),
        "opened": time_text(glass.opened_at),
        "until": time_text(glass.expires_at),
        "own": glass.opened_by in actor.hands,
    }


@needs("reading.review")
@require_http_methods(["GET", "POST"])
def judge_glass(request: HttpRequest, glass_id: UUID) -> HttpResponse:
    """The verdict on one opening."""
    actor = actor_of(request)
    glass = openings(actor, waiting=True).filter(id=glass_id).first()
    if glass is None:
        return redirect("persons:glasses")
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            review_glass(
                actor=actor, at=clock.now(), glass_id=glass_id, justified=given["verdict"] == "justified",
                words=given["words"],
            )  # fmt: skip
        except RuleBroken as refusal:
            not_found_if_unknown(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi kết luận rà soát."))
            return redirect("persons:glasses")
    names = names_of_officers([glass.opened_by])
    context = {
        "form": form,
        "title": _("Rà soát lần mở khẩn cấp"),
        "cancel_url": reverse("persons:glasses"),
        "facts": [
            {"label": _("Bản ghi"), "value": record_title(glass.record),
             "url": reverse("records:record", args=[glass.record_id]) if actor.may("record.read") else ""},
            {"label": _("Người mở"), "value": names.get(glass.opened_by, "–")},
            {"label": _("Mở lúc"), "value": time_text(glass.opened_at)},
            {"label": _("Số lần xem"), "value": str(glass.readings)},
            {"label": _("Lý do đã nêu"), "value": glass.reason, "wide": True},
        ],
        "breadcrumb": [{"label": _("Rà soát việc xem"), "url": reverse("persons:oversight")},
                       {"label": _("Mở khẩn cấp"), "url": reverse("persons:glasses")},
                       {"label": record_title(glass.record), "url": ""}],
    }  # fmt: skip
    return render(request, "persons/judge_glass.html", context)


@needs("reading.review")
@require_GET
def budgets(request: HttpRequest) -> HttpResponse:
    """Officers who read beyond the budget of a day, and the reasons they gave."""
    actor = actor_of(request)
    found = alarms_and_reasons(actor, since=clock.now() - timedelta(days=31))
    names = names_of_officers(entry.actor_id for entry, _reason in found if entry.actor_id)
    offices = offices_by_id(list(actor.office_ids))
    context = {
        "tabs": tabs_of(actor, "budgets"),
        "columns": [Column(_("Lúc"), "date"), Column(_("Cán bộ")), Column(_("Việc")), Column(_("Đã xem"), "number"),
                    Column(_("Lý do đã nêu")), Column(_("Nơi làm việc"))],
        "rows": [
            Row(str(entry.id), [time_text(entry.at), names.get(entry.actor_id or 0, entry.actor_login),
                Cell(_("Vượt định mức trong ngày") if entry.verb == ALARM else _("Nêu lý do để xem tiếp"),
                     tone="warning" if entry.verb == ALARM else "accent"),
                int(entry.facts.get("read", 0)), reason or "–",
                offices[entry.chain_office_id].name if entry.chain_office_id in offices else "–"])
            for entry, reason in found
        ],
    }  # fmt: skip
    return render(request, "persons/budgets.html", context)


@needs("reading.review")
@require_GET
def person_readings(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who looked at a person."""
    try:
        found = readings_of_person(person_id, actor=actor_of(request))
    except RuleBroken as refusal:
        not_found_if_unknown(refusal)
        raise
    back = {"label": _("Hồ sơ cá nhân"), "url": reverse("persons:person", args=[person_id])}
    return _readings_page(request, found, _("Ai đã xem cá nhân này"), back)


@needs("reading.review")
@require_GET
def record_readings(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Who looked at a record."""
    try:
        found = readings_of_record(record_id, actor=actor_of(request))
    except RuleBroken as refusal:
        not_found_if_unknown(refusal)
        raise
    back = {"label": _("Bản ghi"), "url": reverse("records:record", args=[record_id])}
    return _readings_page(request, found, _("Ai đã xem bản ghi này"), back)


def _readings_page(request: HttpRequest, found: list[Reading], title: str, back: dict[str, str]) -> HttpResponse:
    page = page_of(request, found)
    names = names_of_officers(each.officer_id for each in page.object_list if each.officer_id)
    offices = offices_by_id({each.office_id for each in page.object_list})
    records = Record.objects.in_bulk({each.record_id for each in page.object_list if each.record_id})
    context = {
        "title": title,
        "breadcrumb": [back, {"label": title, "url": ""}],
        "columns": [Column(_("Lúc"), "date"), Column(_("Đã xem gì")), Column(_("Cơ quan")), Column(_("Cán bộ")),
                    Column(_("Mục đích, lý do"))],
        "rows": [
            Row(f"r{place}", [
                time_text(each.at),
                Cell(str(KIND_NAMES[each.kind]),
                     note=record_title(records[each.record_id]) if each.record_id in records else ""),
                offices[each.office_id].name if each.office_id in offices else "–",
                Cell(names.get(each.officer_id or 0, "–"), note=", ".join(_role(role) for role in each.roles)),
                Cell(text_of(PURPOSES[each.purpose].words) if each.purpose in PURPOSES else each.reason or "–",
                     note=_("hồ sơ %(number)s") % {"number": each.dossier} if each.dossier else "")])
            for place, each in enumerate(page.object_list)
        ],
        "list_page": page,
    }  # fmt: skip
    return render(request, "persons/readings.html", context)


def _role(code: str) -> str:
    return _(ROLES[code].name) if code in ROLES else code
