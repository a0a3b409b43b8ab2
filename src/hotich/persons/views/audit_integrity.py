"""Whether the audit trail is whole: chains, anchors, verifications; asking for one, and taking the trail out."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.audit.models import Verification, VerificationState
from hotich.audit.queries import archives, chain_states, last_anchor, latest_verifications, verification_by_id
from hotich.audit.queries.safeguards import last_finished_verification
from hotich.audit.services import ask_for_verification, export_lines, note_export
from hotich.audit.tasks import run_verification_job
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.forms import AuditExportForm
from hotich.persons.queries.audit_scope import audited_offices
from hotich.persons.views.audit_words import fault_columns, fault_rows, office_names
from hotich.records.views.parts import page_of
from hotich.registers.views.parts import actor_of, needs, or_not_found, tell_refusal
from hotich.units.queries import office_by_code
from hotich.web.rules.formats import number_text, time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of_problem

TONES = {"waiting": "muted", "running": "accent", "whole": "ok", "faulty": "error", "broken_off": "warning"}
UNDER_WAY = (VerificationState.WAITING, VerificationState.RUNNING)
ANCHOR_LATE = timedelta(hours=2)  # twice the usual time between two
PIECE = 256 * 1024  # bytes of an export that are packed together


@needs("audit.read")
@require_GET
def audit_integrity(request: HttpRequest) -> HttpResponse:
    """Chains, the newest anchor, the last verifications."""
    actor, now = actor_of(request), clock.now()
    offices = audited_offices(actor)
    chains = [state for state in chain_states() if offices is None or state[0] in offices]
    page = page_of(request, chains)
    names = office_names(office for office, _length, _cut in page.object_list)
    context = {
        "stats": _stats(chains, now),
        "alerts": _alerts(now),
        "columns": [Column(_("Lần kiểm tra")), Column(_("Phạm vi")), Column(_("Người yêu cầu"), "code"),
                    Column(_("Mốc số"), "number"), Column(_("Mục đã đọc"), "number"), Column(_("Kết quả"))],
        "rows": [_verification_row(row) for row in latest_verifications()],
        "chain_columns": [Column(_("Chuỗi của cơ quan")), Column(_("Số mục"), "number"),
                          Column(_("Đã lưu trữ đến mục"), "number")],
        "chain_rows": [Row(f"chain-{office}", [names.get(office, str(office)), length, cut or ""])
                       for office, length, cut in page.object_list],
        "list_page": page,
        "retention": _retention(),
        "may_verify": actor.may("audit.verify"),
        "export_form": AuditExportForm() if actor.may("audit.export") else None,
        "breadcrumb": _crumbs(_("Tính toàn vẹn")),
    }  # fmt: skip
    return render(request, "persons/audit_integrity.html", context)


def _crumbs(here: str, *between: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": _("Nhật ký"), "url": reverse("persons:audit_entries")}, *between, {"label": here, "url": ""}]


def _stats(chains: list[tuple[int, int, int]], now: datetime) -> list[dict[str, Any]]:
    anchor, done = last_anchor(), last_finished_verification()
    faulty = done is not None and done.fault_count
    return [
        {"label": _("Chuỗi nhật ký"), "value": len(chains)},
        {"label": _("Mục nhật ký"), "value": sum(length for _office, length, _cut in chains)},
        {"label": _("Mốc niêm phong mới nhất"), "value": _("số %(number)d") % {"number": anchor.number} if anchor else "–",
         "note": time_text(anchor.at) if anchor else _("chưa có"),
         "tone": "warning" if anchor is None or now - anchor.at > ANCHOR_LATE else ""},
        {"label": _("Kiểm tra gần nhất"),
         "value": _(VerificationState(done.state).label) if done else "–",
         "note": time_text(done.finished_at) if done and done.finished_at else _("chưa có"),
         "tone": "error" if faulty else "" if done else "warning"},
    ]  # fmt: skip


def _alerts(now: datetime) -> list[dict[str, str]]:
    found = []
    anchor, done = last_anchor(), last_finished_verification()
    if done is not None and done.fault_count:
        found.append({"tone": "error", "title": _("Nhật ký có sai lệch."),
                      "text": _("Lần kiểm tra gần nhất thấy %(count)d sai lệch. Không sửa gì trong cơ sở dữ liệu.")
                      % {"count": done.fault_count},
                      "url": reverse("persons:audit_verification", args=[done.id]),
                      "url_label": _("Xem kết quả")})  # fmt: skip
    if anchor is None or now - anchor.at > ANCHOR_LATE:
        found.append({"tone": "warning", "title": _("Mốc niêm phong không được lập đều."), "url": "", "url_label": "",
                      "text": _("Phần nhật ký sau mốc gần nhất chưa được niêm phong. Hãy báo quản trị kỹ thuật xem dịch vụ "
                                "chạy nền.")})  # fmt: skip
    return found


def _verification_row(row: Verification) -> Row:
    state = VerificationState(row.state)
    scope = _("sau mốc %(number)d") % {"number": row.since_anchor} if row.since_anchor else _("toàn bộ")
    told = _("%(count)d sai lệch") % {"count": row.fault_count} if row.fault_count else _(state.label)
    return Row(
        str(row.id),
        [Cell(time_text(row.asked_at), reverse("persons:audit_verification", args=[row.id])), scope, row.actor_login,
         row.anchor_number or "–", row.entries, Cell(told, tone=TONES[state])],
    )  # fmt: skip


def _retention() -> list[dict[str, Any]]:
    years = settings.HOTICH_AUDIT_YEARS_ONLINE
    newest = archives()[:1]
    kept = _("%(years)d năm") % {"years": years} if years else _("không thời hạn")
    return [
        {"label": _("Giữ trực tuyến"), "value": kept, "note": _("thời hạn theo quy định: chưa kiểm chứng")},
        {
            "label": _("Lưu trữ gần nhất"),
            "value": time_text(newest[0].at) if newest else "",
            "absent": _("chưa lưu trữ"),
        },
    ]


@needs("audit.verify")
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Ask for a verification; it runs in the background."""
    whole = request.POST.get("pham-vi") != "moi"
    try:
        asked = ask_for_verification(actor=actor_of(request), at=clock.now(), whole=whole)
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
        return redirect("persons:audit_integrity")
    run_verification_job.defer(verification_id=str(asked.id))
    return redirect("persons:audit_verification", asked.id)


@needs("audit.read")
@require_GET
def audit_verification(request: HttpRequest, verification_id: UUID) -> HttpResponse:
    """One verification: how far it has come, what it found."""
    with or_not_found():
        row = verification_by_id(verification_id)
    offices = audited_offices(actor_of(request))
    faults = [fault for fault in row.faults if offices is None or not fault["office"] or fault["office"] in offices]
    state = VerificationState(row.state)
    context = {
        "verification": row,
        "state_label": _(state.label),
        "tone": TONES[state],
        "is_running": state in UNDER_WAY,
        "columns": fault_columns(),
        "rows": fault_rows(faults),
        "is_cut": row.fault_count > len(row.faults),
        "facts": [
            {"label": _("Người yêu cầu"), "value": row.actor_login},
            {"label": _("Yêu cầu lúc"), "value": time_text(row.asked_at)},
            {"label": _("Xong lúc"), "value": time_text(row.finished_at) if row.finished_at else ""},
            {"label": _("Phạm vi"), "value": _("sau mốc %(number)d") % {"number": row.since_anchor}
             if row.since_anchor else _("toàn bộ")},
            {"label": _("Đối chiếu đến mốc số"), "value": number_text(row.anchor_number) if row.anchor_number else "",
             "absent": "" if state in UNDER_WAY else _("không có mốc: phần cuối bị cắt sẽ không thấy được")},
            {"label": _("Số chuỗi, số mục"), "value": f"{number_text(row.chains)} · {number_text(row.entries)}"},
        ],
        "breadcrumb": _crumbs(
            _("Kết quả kiểm tra"), {"label": _("Tính toàn vẹn"), "url": reverse("persons:audit_integrity")}
        ),
    }  # fmt: skip
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"persons/{'parts/audit_result' if part else 'audit_verification'}.html", context)


@needs("audit.export")
@require_POST
def audit_export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The trail, or one chain, as a packed file for the verifier; streamed, so that its size does not matter."""
    actor, now = actor_of(request), clock.now()
    code = request.POST.get("co_quan", "").strip()
    try:
        offices = _exported_offices(actor, code)
        note_export(actor=actor, at=now, offices=offices)
    except RuleBroken as refusal:
        messages.error(request, text_of_problem(refusal))
        return redirect("persons:audit_integrity")
    answer = StreamingHttpResponse(_packed(export_lines(at=now, offices=offices)), content_type="application/gzip")
    name = f"nhat-ky-{clock.in_vietnam(now):%Y%m%d-%H%M}{f'-{code}' if code else ''}.jsonl.gz"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _exported_offices(actor: Actor, code: str) -> list[int] | None:
    allowed = audited_offices(actor)
    if not code:
        return None if allowed is None else sorted(allowed)
    office = office_by_code(code).id
    if allowed is not None and office not in allowed:
        raise RuleBroken("office_not_in_scope", field="co_quan")
    return [office]


def _packed(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines as a chain of gzip members, one for each piece."""
    piece = bytearray()
    for line in lines:
        piece += line
        if len(piece) >= PIECE:
            yield gzip.compress(bytes(piece), 6)
            piece.clear()
    yield gzip.compress(bytes(piece), 6)
