"""The exchange by signed files, and the days that were compared with the partner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.files.queries import read_file
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.adapters.choice import LIVE, partner
from hotich.reconciliation.forms.exchange import AnswerFileForm, DayForm
from hotich.reconciliation.models import DailyAgreement, ExchangeFile
from hotich.reconciliation.queries import requests as queries
from hotich.reconciliation.services import exchange_files as services
from hotich.reconciliation.services.agreement import agree_on_day
from hotich.reconciliation.views.exchange_parts import FAULTS, SEES, SETTLE, tabs, trail
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found, telling
from hotich.units.queries import offices_by_id
from hotich.web.rules.formats import date_text, number_text, time_text
from hotich.web.rules.tables import Cell, Column, Row

PAGE_SIZE = 50


@needs(SETTLE)
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """What waits for a file, and the files that went out, with what came back."""
    actor = actor_of(request)
    page = Paginator(queries.exchange_files(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    names = {office: each.name for office, each in offices_by_id(actor.office_ids).items()}
    context = {
        "tabs": tabs(actor, "population_files"),
        "is_live": partner().name == LIVE,
        "makers": [] if partner().name == LIVE else [
            {"office_id": office, "office": names.get(office, ""), "count": number, "asked": asked}
            for office, number, asked in queries.count_for_file(actor, at=clock.now())
        ],
        "lines": _lines(list(page.object_list), names if len(names) > 1 else {}),
        "many": len(names) > 1,
        "list_page": page,
    }  # fmt: skip
    return render(request, "reconciliation/exchange_files.html", context)


def _lines(shown: Sequence[ExchangeFile], names: dict[int, str]) -> list[dict[str, Any]]:
    officers = names_of_officers({each.made_by for each in shown})
    return [
        {
            "id": each.id, "name": each.request_file.name, "office": names.get(each.origin_office_id, ""),
            "requests": each.requests, "answered": each.answered, "waiting": each.requests - each.answered,
            "made_by": officers.get(each.made_by, "–"), "made_at": time_text(each.made_at),
            "answered_at": time_text(each.answered_at) if each.answered_at else "–",
        }
        for each in shown
    ]  # fmt: skip


@needs(SETTLE)
@require_POST
def file_make(request: HttpRequest) -> HttpResponse:
    """Write what waits into a signed file."""
    office = request.POST.get("office", "")
    with telling(
        request, _("Đã tạo tệp có chữ ký. Hãy tải về và chuyển sang mạng của Cơ sở dữ liệu quốc gia về dân cư.")
    ):
        services.make_exchange_file(
            actor=actor_of(request),
            at=clock.now(),
            office_id=int(office) if office.isascii() and office.isdecimal() else 0,
        )
    return redirect("reconciliation:population_files")


@needs(SETTLE)
@require_GET
def file_download(request: HttpRequest, exchange_file_id: UUID) -> HttpResponse:
    """The signed file of requests; taking it away is written down."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.exchange_file_by_id(actor, exchange_file_id)
    services.note_download(actor=actor, at=clock.now(), file=found)
    stored = found.request_file
    answer = HttpResponse(read_file(stored), content_type=stored.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, stored.name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs(SETTLE)
@require_http_methods(["GET", "POST"])
def file_answer(request: HttpRequest, exchange_file_id: UUID) -> HttpResponse:
    """Take in the signed answers to a file."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.exchange_file_by_id(actor, exchange_file_id)
    form = AnswerFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            taken = services.take_answer_file(
                actor=actor, at=clock.now(), file_id=found.id, content=form.cleaned_data["file"].read()
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            told = {"answered": taken.answered, "known": taken.known, "waiting": taken.waiting}
            text = _(
                "Đã nhận %(answered)s câu trả lời mới; %(known)s đã có từ trước; còn %(waiting)s yêu cầu chờ trả lời."
            )
            messages.success(request, text % {name: number_text(number, lang()) for name, number in told.items()})
            return redirect("reconciliation:population_files")
    context = {"form": form, "found": found, "name": found.request_file.name, "submit_label": _("Nhận trả lời"),
               "breadcrumb": trail(_("Nhận tệp trả lời"))}  # fmt: skip
    return render(request, "reconciliation/exchange_answer.html", context)


@needs(*SEES)
@require_http_methods(["GET", "POST"])
def days(request: HttpRequest) -> HttpResponse:
    """The days compared both ways with their faults; by POST a day is compared again."""
    actor = actor_of(request)
    names = {office: each.name for office, each in offices_by_id(actor.office_ids).items()}
    form = DayForm(request.POST or None, offices=names, initial={"office": actor.office_id})
    if request.method == "POST" and actor.may(SETTLE) and form.is_valid():
        try:
            made = agree_on_day(
                actor=actor, at=clock.now(), office_id=form.cleaned_data["office"], day=form.cleaned_data["day"]
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            text = _("Đã đối soát ngày %(day)s: %(faults)s sai lệch.")
            messages.success(
                request, text % {"day": date_text(made.day), "faults": number_text(len(made.faults), lang())}
            )
            return redirect("reconciliation:population_days")
    page = Paginator(queries.agreement_days(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {
        "tabs": tabs(actor, "population_days"),
        "form": form, "may_compare": actor.may(SETTLE) and partner().name == LIVE,
        "columns": _day_columns(names), "rows": [_day_row(each, names) for each in shown],
        "faulty": _faulty(actor, shown),
        "list_page": page,
    }  # fmt: skip
    return render(request, "reconciliation/exchange_days.html", context)


def _day_columns(names: dict[int, str]) -> list[Column]:
    office = [Column(_("Cơ quan"))] if len(names) > 1 else []
    return [Column(_("Ngày"), "date"), *office, Column(_("Bên này"), "number"), Column(_("CSDL dân cư"), "number"),
            Column(_("Kết quả")), Column(_("Đối soát lúc"), "date")]  # fmt: skip


def _day_row(day: DailyAgreement, names: dict[int, str]) -> Row:
    office = [Cell(names.get(day.origin_office_id, ""))] if len(names) > 1 else []
    count = len(day.faults)
    result = Cell(_("%(n)s sai lệch") % {"n": number_text(count, lang())}, f"#ngay-{day.id}", tone="error")
    return Row(str(day.id), [date_text(day.day), *office, day.ours, day.theirs,
                             result if count else Cell(_("Khớp"), tone="ok"), time_text(day.compared_at)])  # fmt: skip


def _faulty(actor: Actor, shown: Sequence[DailyAgreement]) -> list[dict[str, Any]]:
    """The days that do not agree, each with its requests and what is wrong with them."""
    faulty = [day for day in shown if day.faults]
    known = queries.known_requests(actor, [each["request_id"] for day in faulty for each in day.faults])
    return [
        {
            "id": day.id, "day": day.day, "office": day.origin_office.name,
            "faults": [
                {
                    "id": each["request_id"], "text": _(FAULTS[each["fault"]]),
                    "url": reverse("reconciliation:population_request", args=[each["request_id"]])
                    if each["request_id"] in known else "",
                }
                for each in day.faults
            ],
        }
        for day in faulty
    ]  # fmt: skip
