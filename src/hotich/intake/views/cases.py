"""Held rows: the list, and one case beside its scan, to be mended or only read."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.accounts.views.saved_filters import filter_act, filter_context
from hotich.files.views import file_response, page_addresses
from hotich.intake import services
from hotich.intake.forms import HeldFilter
from hotich.intake.models import Case, CaseState
from hotich.intake.queries.neighbours import EDITABLE, TO_FIX, first_to_fix, neighbours, original_values
from hotich.intake.queries.work import cases_to_fix
from hotich.intake.rules.workflow import UNAPPROVED
from hotich.intake.views import case_page
from hotich.intake.views.merging import merge
from hotich.intake.views.parts import (
    CASE_TONES,
    actor_of,
    case_of,
    lang,
    needs,
    office_names,
    page_of,
    people_of,
    register_name,
    short_name,
    tell_with_undo,
)
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.views.record_checks import SEES
from hotich.records.rules.restricted import entry_scan_shown
from hotich.records.services import note_reading
from hotich.registers.forms import NOT_WRITTEN_MARK, RegisterForm, form_for, initial_of
from hotich.registers.rules.values import ILLEGIBLE_MARK
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import posted_version
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of_problem


@needs("case.edit")
@require_http_methods(["GET", "POST"])
def held(request: HttpRequest) -> HttpResponse:
    """Cases with errors and cases that were given back, in the order of batches and rows."""
    actor = actor_of(request)
    narrowed = HeldFilter(request.GET or None)
    if kept := filter_act(request, "intake.held", narrowed):
        return kept
    wanted = narrowed.cleaned_data if narrowed.is_valid() else {}
    everything = cases_to_fix(actor.office_ids)
    cases = cases_to_fix(actor.office_ids, state=wanted.get("state", ""), letters=wanted.get("type", ""))
    page = page_of(request, cases.select_related("batch"))
    names = office_names(actor.office_ids)
    first = first_to_fix(actor.office_ids)
    return render(
        request,
        "intake/held.html",
        {
            "filter": HeldFilter(request.GET or None) if request.GET else HeldFilter(),
            **filter_context(request, "intake.held", narrowed),
            "nothing_yet": not everything.exists(),
            "columns": _held_columns(),
            "rows": [_held_row(case, names, restricted=actor.may("restricted.read")) for case in page.object_list],
            "list_page": page,
            "first_url": case_page.case_url(first),
        },
    )


def _held_columns() -> list[Column]:
    return [
        Column(_("Dòng"), "number"),
        Column(_("Số đăng ký"), "code"),
        Column(_("Họ tên")),
        Column(_("Trạng thái")),
        Column(_("Việc cần làm")),
        Column(_("Đợt nhập")),
    ]


def _held_row(case: Case, offices: dict[int, str], *, restricted: bool) -> Row:
    first, _sep, second = people_of(case).partition(" · ")
    state = CaseState(case.state)
    office = offices.get(case.origin_office_id, "") if len(offices) > 1 else ""
    cells = [
        case.row_number,
        Cell(case.number_text or _("chưa rõ số"), url=case_page.case_url(case.id), note=short_name(case.register_type)),
        Cell(first or "–", note=second),
        Cell(_(state.label), tone=CASE_TONES[state]),
        Cell(*_what_to_do(case, restricted=restricted)),
        Cell(case.batch.source_name, url=reverse("intake:batch", args=[case.batch_id]), note=office),
    ]
    return Row(str(case.id), cells, tone="error" if state is CaseState.HELD else "warning")


def _what_to_do(case: Case, *, restricted: bool) -> tuple[str, str, str, str]:
    """Why it was given back, or what is wrong first; how much else is wrong stands below. (text, url, tone, note)"""
    if case.state == CaseState.RETURNED:
        return case.returned_reason, "", "", ""
    found = case_page.findings(case, restricted=restricted)
    if not found:
        return "", "", "", ""
    label = f"{found[0]['label']}: " if found[0]["label"] else ""
    more = len(found) - 1
    note = ngettext("và %(number)d mục nữa", "và %(number)d mục nữa", more) % {"number": more} if more else ""
    return label + found[0]["text"], "", "", note


@needs("case.read")
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case beside its scan: a form for whoever may mend it, values to read for all others."""
    actor = actor_of(request)
    found = case_of(actor, case_id)
    # what waits for its check is mended where it was keyed: there it is compared anew
    may_edit = actor.may("case.edit") and found.state in EDITABLE and not found.is_check_pending
    if request.method == "POST":
        if not may_edit:
            raise RuleBroken("not_allowed")
        return _save(request, actor, found)
    note_reading(
        actor=actor, at=clock.now(), subject_kind="case", subject_id=found.id, subject_office=found.origin_office_id
    )
    return _shown(request, actor, found, _form(actor, found) if may_edit else None)


def _form(actor: Actor, found: Case, data: Any = None) -> RegisterForm:
    return form_for(
        version_by_id(found.schema_version),
        found.as_recorded,
        data,
        lang=lang(),
        restricted=actor.may("restricted.read"),
    )


def _save(request: HttpRequest, actor: Actor, found: Case) -> HttpResponse:
    """Store what was typed. Whatever is refused, the form comes back with every word still in it."""
    form = _form(actor, found, request.POST)
    if not form.is_valid():
        return _shown(request, actor, found, form)
    try:
        if posted_version(request) != found.version:
            return _conflict(request, actor, found, form)
        saved = services.correct_case(
            case_id=found.id,
            values=form.as_recorded(found.as_recorded),
            version=found.version,
            actor=actor,
            at=clock.now(),
        )
    except RuleBroken as refusal:
        if refusal.code == "case_changed_meanwhile":
            return _conflict(request, actor, case_of(actor, found.id), form)
        form.add_error(refusal.field if refusal.field in form.fields else None, text_of_problem(refusal))
        return _shown(request, actor, found, form)
    return _after_saving(request, actor, saved)


def _after_saving(request: HttpRequest, actor: Actor, saved: Case) -> HttpResponse:
    if saved.state == CaseState.HELD:
        left = ngettext("Đã lưu. Còn %(number)d lỗi.", "Đã lưu. Còn %(number)d lỗi.", saved.error_count)
        tell_with_undo(request, messages.WARNING, left % {"number": saved.error_count}, saved)
        return redirect("intake:case", case_id=saved.id)
    around = neighbours(saved, states=TO_FIX)
    text = _("Đã lưu dòng %(row)d: chuyển sang chờ duyệt.") % {"row": saved.row_number}
    tell_with_undo(request, messages.SUCCESS, text, saved)
    following = around.after or first_to_fix(actor.office_ids)
    if following:
        return redirect("intake:case", case_id=following)
    messages.success(request, _("Không còn dòng nào cần sửa."))
    return redirect("intake:batch", batch_id=saved.batch_id)


def _conflict(request: HttpRequest, actor: Actor, current: Case, typed: RegisterForm) -> HttpResponse:
    """Somebody else saved in between: what only they changed is taken over, the rest stays as typed."""
    try:
        base = json.loads(request.POST.get("base", "{}"))
    except ValueError:
        base = {}
    mine = {name: str(value) for name, value in typed.cleaned_data.items()}
    theirs = initial_of(current.as_recorded)
    result = merge(base if isinstance(base, dict) else {}, mine, theirs)
    form = _form(actor, current, result.values)
    form.is_valid()
    who = names_of_officers(current.touched_by[-1:]).get(current.touched_by[-1], "") if current.touched_by else ""
    for field, text in result.conflicts.items():
        told = _("%(who)s vừa lưu giá trị khác: “%(text)s”. Giữ hoặc sửa giá trị này rồi lưu lại.")
        form.add_error(field, told % {"who": who or _("Người khác"), "text": text or _("để trống")})
    note = _("%(who)s đã lưu trường hợp này trong lúc bạn đang sửa. Những gì bạn nhập vẫn còn nguyên dưới đây.")
    merged = note % {"who": who or _("Người khác")}
    if result.taken:
        merged += " " + _("Các mục chỉ người kia sửa đã được cập nhật vào biểu mẫu: %(number)d mục.") % {
            "number": len(result.taken)
        }
    return _shown(request, actor, current, form, merged=merged)


def _shown(
    request: HttpRequest, actor: Actor, found: Case, form: RegisterForm | None, *, merged: str = ""
) -> HttpResponse:
    own_hand = bool(actor.hands & {found.keyed_by, *found.touched_by})
    may_decide = actor.may("case.approve") and found.state == CaseState.WAITING and not own_hand
    restricted = actor.may("restricted.read")
    context = _frame(actor, found, for_approval=actor.may("case.approve") and not actor.may("case.edit")) | {
        "form": form,
        "findings": case_page.findings(found, restricted=restricted, with_links=form is not None),
        "may_decide": may_decide,
        "own_hand": own_hand and actor.may("case.approve") and found.state == CaseState.WAITING,
        "return_hidden": {"version": found.version},
        "merged": merged,
        "sees_population": found.state in UNAPPROVED and any(map(actor.may, SEES)),
    }
    if form is None:
        context["read_sections"] = case_page.read_sections(found, restricted=restricted)
        context["record_url"] = _record_url(actor, found)
    else:
        originals = original_values(found) if found.version > 1 else {}
        context |= {
            "sections": case_page.form_sections(form, found, originals, restricted=restricted),
            "form_version": found.version,
            "form_base": json.dumps(_begun_with(form, found), ensure_ascii=False),
            "illegible_mark": ILLEGIBLE_MARK,
            "not_written_mark": NOT_WRITTEN_MARK,
        }
    return render(request, "intake/case.html", context)


def _begun_with(form: RegisterForm, found: Case) -> dict[str, str]:
    """The texts the fields of the form start with: nothing the form itself does not show."""
    return {name: text for name, text in initial_of(found.as_recorded).items() if name in form.fields}


def _frame(actor: Actor, found: Case, *, for_approval: bool) -> dict[str, Any]:
    around = neighbours(found, states=(CaseState.WAITING,) if for_approval else TO_FIX)
    batch_page = "intake:approval_batch" if for_approval else "intake:batch"
    above = "intake:approvals" if for_approval else "intake:batches"
    scan_url = reverse("intake:case_scan", args=[found.id]) if found.scan_id else ""
    return {
        "case": found,
        "page_title": case_page.case_title(found),
        "note": case_page.case_note(found),
        "state_label": CaseState(found.state).label,
        "state_tone": CASE_TONES[CaseState(found.state)],
        "findings_title": case_page.findings_title(found),
        "error_word": _("Lỗi"),
        "warning_word": _("Cảnh báo"),
        "scan_url": scan_url,
        "scan_pages": page_addresses(scan_url, found.scan) if found.scan else [],
        "before_url": case_page.case_url(around.before),
        "after_url": case_page.case_url(around.after),
        "place": f"{around.place}/{around.total}" if around.place else "",
        "register_name": register_name(found.register_type),
        "breadcrumb": [
            {"label": _("Phê duyệt") if for_approval else _("Nhập sổ"), "url": reverse(above)},
            {"label": found.batch.source_name, "url": reverse(batch_page, args=[found.batch_id])},
            {"label": _("Dòng %(row)d") % {"row": found.row_number}, "url": ""},
        ],
    }


def _record_url(actor: Actor, found: Case) -> str:
    if not found.record_id or not actor.may("record.read"):
        return ""
    return reverse("records:record", args=[found.record_id])


@needs("case.read")
@require_GET
def case_scan(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """The scan of a case as PDF; that it was looked at is in the trail."""
    actor = actor_of(request)
    found = case_of(actor, case_id)
    if found.scan is None:
        raise Http404("scan")
    # whoever keys or approves has to see the page; for all others it says what is restricted
    sees = any(map(actor.may, ("restricted.read", "case.edit", "case.approve")))
    version = version_by_id(found.schema_version)
    if not entry_scan_shown(found.register_type, version, found.as_recorded, sees=sees):
        raise RuleBroken("not_allowed")
    note_reading(
        actor=actor,
        at=clock.now(),
        subject_kind="scan",
        subject_id=found.scan.id,
        subject_office=found.origin_office_id,
        facts={"case": str(found.id)},
    )
    return file_response(request, found.scan)
