"""What goes to the population database and what became of it: the list with its failures, and one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.reconciliation.adapters.choice import FILES, LIVE, partner
from hotich.reconciliation.forms.exchange import FAILING, RequestFilter
from hotich.reconciliation.models import PopulationRequest, RequestKind, RequestState
from hotich.reconciliation.queries import requests as queries
from hotich.reconciliation.rules.citizen import citizen_from_json
from hotich.reconciliation.rules.request_workflow import REQUEST, states_for
from hotich.reconciliation.views.check_words import absence_name, field_name, life_text, value_of
from hotich.reconciliation.views.exchange_parts import (
    SEES,
    SETTLE,
    TONES,
    VERIFY,
    entry_title,
    entry_url,
    failure_text,
    kind_name,
    named,
    role_of,
    state_name,
    tabs,
    trail,
)
from hotich.records.services import note_reading
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found
from hotich.web.rules.formats import number_text, time_text
from hotich.web.rules.tables import Cell, Column, Row

PAGE_SIZE = 50
_SHOWN = (
    "full_name", "birth", "sex", "father_name", "mother_name", "spouse_name", "ethnicity", "nationality",
    "native_place", "personal_id", "old_id",
)  # fmt: skip
_WIDE = frozenset({"native_place"})


@needs(*SEES)
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Totals by state, then the requests, the latest first."""
    actor = actor_of(request)
    form = RequestFilter(request.GET or None)
    page = Paginator(queries.requests_of(actor, **form.wanted()), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    counts = queries.counts_by_state(actor)
    context = {
        "form": form,
        "tabs": tabs(actor, "population_requests"),
        "way": partner().name,
        "unclear": counts.get("unclear", 0) if partner().name != LIVE else 0,
        "nothing_yet": not any(counts.values()),
        "stats": _stats(counts),
        "columns": _columns(actor),
        "rows": _rows(actor, shown),
        "list_page": page,
        "clear_url": reverse("reconciliation:population_requests") if request.GET else "",
    }
    return render(request, "reconciliation/exchange_requests.html", context)


def _stats(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    url = reverse("reconciliation:population_requests")

    def stat(label: str, number: int, state: str, tone: str = "") -> dict[str, Any]:
        return {"label": label, "value": number_text(number, lang()), "url": f"{url}?trang_thai={state}", "note": "",
                "tone": tone if number else ""}  # fmt: skip

    return [
        stat(_("Chờ công an xác nhận"), counts.get("waiting", 0), "waiting", "accent"),
        stat(_("Chờ gửi"), counts.get("queued", 0), "queued"),
        stat(_("Đã ghi vào tệp"), counts.get("in_file", 0), "in_file"),
        stat(_("Chưa rõ kết quả"), counts.get("unclear", 0), "unclear", "warning"),
        stat(_("Nghi trùng"), counts.get("suspected", 0), "suspected", "error"),
        stat(_("Đang vướng mắc"), counts.get("failing", 0), FAILING, "error"),
        stat(_("Đã hoàn thành"), counts.get("done", 0), "done"),
    ]


def _columns(actor: Actor) -> list[Column]:
    office = [Column(_("Cơ quan"))] if len(actor.office_ids) > 1 else []
    return [Column(_("Người")), Column(_("Loại yêu cầu")), Column(_("Việc hộ tịch")), *office, Column(_("Trạng thái")),
            Column(_("Vướng mắc")), Column(_("Số lần gửi"), "number"), Column(_("Thay đổi lúc"), "date")]  # fmt: skip


def _rows(actor: Actor, shown: Sequence[PopulationRequest]) -> list[Row]:
    names = named(actor, shown)
    many = len(actor.office_ids) > 1
    rows = []
    for each in shown:
        name = names[each.id]
        url = "" if name is None else reverse("reconciliation:population_request", args=[each.id])
        office = [Cell(each.origin_office.name)] if many else []
        rows.append(
            Row(
                str(each.id),
                [
                    Cell(_("[hạn chế xem]") if name is None else name, url, note=role_of(each)),
                    kind_name(each.kind), entry_title(each), *office,
                    Cell(state_name(each.state), tone=TONES[each.state]), _trouble(each), each.attempts,
                    time_text(each.changed_at),
                ],
            )
        )  # fmt: skip
    return rows


def _trouble(request: PopulationRequest) -> str:
    """What stands against it, where its state does not say so already."""
    return "–" if request.state == RequestState.SUSPECTED else failure_text(request) or "–"


@needs(*SEES)
@require_GET
def request_page(request: HttpRequest, population_request_id: UUID) -> HttpResponse:
    """One request: what is sent, what came back, and what may be done now."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.request_by_id(actor, population_request_id)
    name = named(actor, [found])[found.id]
    record_id = found.check_of.record_id if found.check_of is not None else None
    if name is not None:
        note_reading(
            actor=actor, at=clock.now(), subject_kind="record" if record_id else "population_request",
            subject_id=record_id or found.id, subject_office=found.origin_office_id, facts={"part": "gui_nhan"},
        )  # fmt: skip
    officers = names_of_officers({each for each in (found.made_by, found.confirmed_by) if each})
    title = _("%(kind)s: %(name)s") % {"kind": kind_name(found.kind), "name": name or _("[hạn chế xem]")}
    context = {
        "found": found,
        "title": title,
        "breadcrumb": trail(title),
        "person": name,
        "role": role_of(found),
        "entry": entry_title(found), "entry_url": entry_url(found),
        "state": state_name(found.state), "tone": TONES[found.state],
        "advice": _advice(found),
        "failure": failure_text(found), "failure_tone": "info" if found.state == RequestState.CANCELLED else "warning",
        "about": _about(found, officers),
        "facts": [] if name is None else _facts(found),
        "changes": [] if name is None else _changes(found),
        "suspects": [] if name is None else _suspects(found),
        "history": _history(found, officers),
        "tracking_url": reverse("reconciliation:tracking_item", args=[found.tracking_id]) if found.tracking_id else "",
        **_acts(actor, found),
    }  # fmt: skip
    return render(request, "reconciliation/exchange_request.html", context)


def _advice(found: PopulationRequest) -> str:
    """What settles a request nobody knows the outcome of, where the partner is not asked by calls."""
    if found.state != RequestState.UNCLEAR or partner().name == LIVE:
        return ""
    if partner().name == FILES:
        return _(
            "Yêu cầu đã gửi trực tiếp nhưng chưa có trả lời. Tạo tệp trao đổi: tệp hỏi kết quả của yêu cầu này, không gửi "
            "lại; nhận tệp trả lời thì trạng thái được xác định."
        )
    return _(
        "Yêu cầu đã gửi nhưng chưa có trả lời và hiện không có kết nối. Không lập yêu cầu khác cho người này; khi có kết "
        "nối hoặc tệp trao đổi, phần mềm hỏi kết quả trước khi gửi lại."
    )


def _acts(actor: Actor, found: PopulationRequest) -> dict[str, bool]:
    """What this officer may do now; services ask again."""
    check = found.check_of
    makers = {found.made_by, *([check.decided_by] if check is not None else [])}
    waiting = found.state == RequestState.WAITING
    return {
        "may_confirm": waiting and actor.may(VERIFY) and not actor.hands & makers,
        "is_own": waiting and actor.may(VERIFY) and bool(actor.hands & makers),
        "may_cancel": found.state in states_for(REQUEST, "cancel") and (actor.may(SETTLE) or actor.may(VERIFY)),
        "may_deny": found.state == RequestState.SUSPECTED and actor.may(SETTLE),
    }


def _about(found: PopulationRequest, officers: Mapping[int, str]) -> list[dict[str, Any]]:
    def item(label: str, value: Any, note: str = "") -> dict[str, Any]:
        return {"label": label, "value": value, "note": note}

    content = found.content
    lines = [
        item(_("Việc hộ tịch"), entry_title(found)) | {"url": entry_url(found)},
        item(_("Vai trò"), role_of(found)),
    ]
    if found.kind == RequestKind.CREATE:
        reason = absence_name(content.get("reason", ""))
        lines.append(item(_("Lý do không có trong CSDL dân cư"), reason, content.get("reason_words", "")))
    if found.kind == RequestKind.ADJUST:
        lines.append(item(_("Căn cứ điều chỉnh"), content.get("basis", "")))
    lines += [
        item(_("Người lập"), officers.get(found.made_by, "–"), time_text(found.made_at)),
        item(_("Công an xác nhận"), officers.get(found.confirmed_by or 0, ""),
             time_text(found.confirmed_at) if found.confirmed_at else ""),
        item(_("Số lần gửi"), number_text(found.attempts, lang()),
             _("lần tới sau %(at)s") % {"at": time_text(found.next_at)} if found.next_at and found.attempts else ""),
        item(_("Biên nhận"), found.receipt),
        item(_("Số định danh được cấp"), found.answer.get("personal_id", "")),
        item(_("Mã yêu cầu"), str(found.id)),
    ]  # fmt: skip
    return [line for line in lines if line["value"]]


def _facts(found: PopulationRequest) -> list[dict[str, Any]]:
    """What is sent of the person; never where he lives."""
    told = found.content.get("facts") or found.content.get("question") or {}
    if found.kind == RequestKind.ADJUST:
        return []
    return [
        {"label": field_name(field), "value": value_of(field, str(told[field])), "wide": field in _WIDE}
        for field in _SHOWN
        if told.get(field)
    ]


def _changes(found: PopulationRequest) -> list[dict[str, str]]:
    return [
        {"field": field_name(field), "before": value_of(field, old) or "–", "after": value_of(field, new) or "–"}
        for field, old, new in found.content.get("changes", [])
    ]


def _suspects(found: PopulationRequest) -> list[dict[str, Any]]:
    """Whom the partner takes him for."""
    made = []
    for each in found.answer.get("suspects", []):
        citizen = citizen_from_json(each)
        parents = ", ".join(filter(None, [citizen.father_name, citizen.mother_name]))
        made.append(
            {
                "name": citizen.full_name, "life": life_text(citizen), "personal_id": citizen.personal_id,
                "birth": value_of("birth", citizen.birth) or "–", "sex": value_of("sex", citizen.sex) or "–",
                "parents": parents or "–", "native_place": citizen.native_place or "–",
            }
        )  # fmt: skip
    return made


def _history(found: PopulationRequest, officers: Mapping[int, str]) -> list[dict[str, Any]]:
    """Made, confirmed, answered: what the row itself knows; the trail knows every attempt."""
    entries = [
        {"title": _("Lập yêu cầu"), "who": officers.get(found.made_by, ""), "at": found.made_at, "tone": "muted"}
    ]
    if found.confirmed_at is not None:
        who = officers.get(found.confirmed_by or 0, "")
        entries.append({"title": _("Công an xác nhận"), "who": who, "at": found.confirmed_at, "tone": "ok"})
    if found.state not in (RequestState.WAITING, RequestState.QUEUED):
        entries.append({"title": state_name(found.state), "who": "", "at": found.changed_at, "tone": TONES[found.state],
                        "text": found.answer.get("reason", "")})  # fmt: skip
    return entries
