"""For departments and the Ministry: readings of many offices in numbers; questions to leaders, and their answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.forms import DAYS, OverviewForm, QuestionForm
from hotich.persons.models import ReadingQuestion
from hotich.persons.queries.overview import (
    WITHIN_PROVINCE,
    Counts,
    may_look_over,
    of_province,
    offices_looked_over,
    overviews,
    questions,
)
from hotich.persons.rules.overview import FLAGS, PURPOSES
from hotich.persons.services import overview as service
from hotich.persons.views.oversight_pages import first_moment, tabs_of
from hotich.persons.views.oversight_words import rule_name
from hotich.records.views.parts import page_of
from hotich.registers.views.parts import actor_of, needs, not_found_if_unknown
from hotich.units.queries import offices_by_id
from hotich.web.rules.formats import time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

SHOWN_BEFORE = 10


@needs("reading.review")
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Asked with a purpose; answered by numbers and flags of each officer, and written down."""
    actor = actor_of(request)
    if not may_look_over(actor):
        return redirect("persons:oversight")
    whole = actor.may(WITHIN_PROVINCE)
    form = OverviewForm(
        request.POST if request.method == "POST" else None,
        offices=_choices(actor, whole), every=whole, initial={"ngay": DAYS[0], "purpose": "periodic"},
    )  # fmt: skip
    until, found, days = clock.now(), None, DAYS[0]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        days = given["ngay"]
        try:
            found = service.look_over(
                actor=actor, at=until, since=first_moment(until, days), until=until, purpose=given["purpose"],
                words=given["words"], office_ids=_chosen(actor, given["co_quan"], whole),
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "tabs": tabs_of(actor, "overview"),
        "asked": found is not None,
        "made_at": time_text(until),
        "days": days,
        **_results(found or [], days),
        "before": [_before(row) for row in overviews(actor)[:SHOWN_BEFORE]],
    }
    return render(request, "persons/overview.html", context)


def _choices(actor: Actor, whole: bool) -> dict[int, str]:
    """A department chooses one office or all; the Ministry one province, by its department of justice."""
    offices = offices_looked_over(actor)
    return dict((offices if whole else offices.filter(kind="province")).values_list("id", "name"))


def _chosen(actor: Actor, office_id: int | None, whole: bool) -> frozenset[int]:
    if office_id is None:
        return frozenset()
    if whole:
        return frozenset({office_id})
    offices = offices_looked_over(actor)
    seat = offices.filter(id=office_id).select_related("unit").first()
    return frozenset(of_province(offices, seat).values_list("id", flat=True))


def _results(found: list[Counts], days: int) -> dict[str, Any]:
    ordered = sorted(found, key=lambda each: (not each.is_odd, -sum(each.flags.values()), -each.subjects))
    offices = offices_by_id({each.office_id for each in ordered})
    names = names_of_officers({each.officer_id for each in ordered if each.officer_id})
    return {
        "subjects": sum(each.subjects for each in found),
        "officers": len({each.officer_id for each in found if each.officer_id}),
        "look_ups": sum(each.look_ups for each in found),
        "odd": sum(each.is_odd for each in found),
        "rows": [
            {
                "key": f"{each.office_id}-{each.officer_id or 0}",
                "office": offices[each.office_id].name if each.office_id in offices else "–",
                "officer": names.get(each.officer_id, "–") if each.officer_id else _("nhiều cán bộ"),
                "subjects": each.subjects,
                "look_ups": each.look_ups,
                "flags": [
                    {"name": rule_name(flag), "count": each.flags[flag], "url": _ask_url(each, flag, days)}
                    for flag in FLAGS
                    if each.flags[flag]
                ],
            }
            for each in ordered
        ],
    }


def _ask_url(each: Counts, flag: str, days: int) -> str:
    asked = {"co_quan": each.office_id, "can_bo": each.officer_id or "", "dau_hieu": flag, "ngay": days}
    return f"{reverse('persons:ask_leader')}?{urlencode(asked)}"


def _before(row: Any) -> dict[str, str]:
    return {"at": time_text(row.at), "why": text_of(PURPOSES[row.purpose]), "words": row.purpose_words,
            "offices": str(row.offices)}  # fmt: skip


@needs("reading.review")
@require_http_methods(["GET", "POST"])
def ask_leader(request: HttpRequest) -> HttpResponse:
    """A question to the leader of an office about one flag."""
    actor = actor_of(request)
    if not may_look_over(actor):
        return redirect("persons:oversight")
    office = offices_looked_over(actor).filter(id=_number(request, "co_quan")).first()
    flag, days, officer = request.GET.get("dau_hieu", ""), _number(request, "ngay"), _number(request, "can_bo") or None
    if office is None or flag not in FLAGS or days not in DAYS:
        raise Http404("flag")
    names = names_of_officers([officer] if officer else [])
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            service.ask_leader(
                actor=actor, at=now, office_id=office.id, officer_id=officer, flag=flag,
                since=first_moment(now, days), until=now, words=form.cleaned_data["words"],
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã gửi yêu cầu giải trình đến lãnh đạo cơ quan."))
            return redirect("persons:reading_questions")
    context = {
        "form": form,
        "title": _("Yêu cầu lãnh đạo giải trình"),
        "submit": _("Gửi yêu cầu"),
        "cancel_url": reverse("persons:overview"),
        "facts": [
            {"label": _("Cơ quan"), "value": office.name},
            {"label": _("Cán bộ"), "value": names.get(officer, "–") if officer else _("nhiều cán bộ")},
            {"label": _("Dấu hiệu"), "value": rule_name(flag)},
            {"label": _("Thời gian"), "value": _("%(days)d ngày qua") % {"days": days}},
        ],
        "breadcrumb": _crumbs(_("Yêu cầu giải trình")),
    }
    return render(request, "persons/reading_question.html", context)


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _crumbs(label: str) -> list[dict[str, str]]:
    return [{"label": _("Rà soát việc xem"), "url": reverse("persons:oversight")},
            {"label": _("Giải trình"), "url": reverse("persons:reading_questions")}, {"label": label, "url": ""}]  # fmt: skip


@needs("reading.review")
@require_GET
def reading_questions(request: HttpRequest) -> HttpResponse:
    """What was asked of the leaders of one's offices, or by one's office, and what was answered."""
    actor = actor_of(request)
    page = page_of(request, questions(actor))
    shown = list(page.object_list)
    names = names_of_officers(
        {who for each in shown for who in (each.officer_id, each.asked_by, each.answered_by) if who}
    )
    offices = offices_by_id({one for each in shown for one in (each.office_id, each.asking_office_id)})
    context = {
        "tabs": tabs_of(actor, "reading_questions"),
        "columns": [Column(_("Dấu hiệu")), Column(_("Cán bộ")), Column(_("Cơ quan")), Column(_("Hỏi lúc"), "date"),
                    Column(_("Nội dung")), Column(_("Trả lời"))],
        "rows": [_question_row(each, names, offices, actor) for each in shown],
        "list_page": page,
    }  # fmt: skip
    return render(request, "persons/reading_questions.html", context)


def _question_row(item: ReadingQuestion, names: dict[int, str], offices: dict[int, Any], actor: Actor) -> Row:
    asking = offices[item.asking_office_id].name if item.asking_office_id in offices else "–"
    answer = Cell(item.answer, note=f"{names.get(item.answered_by or 0, '–')} · {time_text(item.answered_at)}")
    if item.answered_at is None:
        answer = Cell(_("Chưa trả lời"), tone="warning")
    mine = item.office_id in actor.office_ids and item.answered_at is None and item.officer_id not in actor.hands
    url = reverse("persons:answer_question", args=[item.id]) if mine and item.asked_by not in actor.hands else ""
    return Row(
        str(item.id),
        [Cell(rule_name(item.flag), url, note=_span(item.since, item.until)),
         names.get(item.officer_id, "–") if item.officer_id else _("nhiều cán bộ"),
         offices[item.office_id].name if item.office_id in offices else "–",
         time_text(item.asked_at), Cell(item.words, note=f"{names.get(item.asked_by, '–')} · {asking}"), answer],
    )  # fmt: skip


def _span(since: datetime, until: datetime) -> str:
    first, last = clock.in_vietnam(since).date(), clock.in_vietnam(until - timedelta(seconds=1)).date()
    return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


@needs("reading.review")
@require_http_methods(["GET", "POST"])
def answer_question(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """The leader's answer to one question."""
    actor = actor_of(request)
    item = questions(actor).filter(id=question_id, office_id__in=actor.office_ids).first()
    if item is None:
        raise Http404("question")
    if item.answered_at is not None:
        return redirect("persons:reading_questions")
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            service.answer_question(
                actor=actor, at=clock.now(), question_id=question_id, words=form.cleaned_data["words"]
            )
        except RuleBroken as refusal:
            not_found_if_unknown(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã gửi trả lời."))
            return redirect("persons:reading_questions")
    names = names_of_officers([item.asked_by, *([item.officer_id] if item.officer_id else [])])
    offices = offices_by_id([item.asking_office_id])
    asking = offices[item.asking_office_id].name if item.asking_office_id in offices else "–"
    look = urlencode({"can_bo": item.officer_id or "", "ngay": DAYS[-1]})
    context = {
        "form": form,
        "title": _("Trả lời giải trình"),
        "submit": _("Gửi trả lời"),
        "cancel_url": reverse("persons:reading_questions"),
        "facts": [
            {"label": _("Người hỏi"), "value": names.get(item.asked_by, "–"), "note": asking},
            {"label": _("Cán bộ"), "value": names.get(item.officer_id, "–") if item.officer_id else _("nhiều cán bộ")},
            {"label": _("Dấu hiệu"), "value": rule_name(item.flag),
             "url": f"{reverse('persons:oversight')}?{look}"},
            {"label": _("Thời gian"), "value": _span(item.since, item.until)},
            {"label": _("Câu hỏi"), "value": item.words, "wide": True},
        ],
        "breadcrumb": _crumbs(_("Trả lời")),
    }  # fmt: skip
    return render(request, "persons/reading_question.html", context)
