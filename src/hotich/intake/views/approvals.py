"""Approval by a second person: what waits, one batch row by row, approving and giving back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.intake import services
from hotich.intake.forms import ReasonForm
from hotich.intake.models import Case, CaseState
from hotich.intake.queries.batches import WaitingBatch, cases_waiting_for_approval
from hotich.intake.queries.neighbours import neighbours
from hotich.intake.queries.work import approvable_cases, own_waiting_count
from hotich.intake.views.approval_runs import begin_run, run_context
from hotich.intake.views.case_page import case_url
from hotich.intake.views.parts import (
    actor_of,
    batch_of,
    book_name,
    case_of,
    lang,
    needs,
    office_names,
    page_of,
    people_of,
    problems_of,
    register_name,
    short_name,
    tell_refusal,
    tell_with_undo,
)
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.web.rules.formats import date_text, number_text, time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of, text_of_problem


@needs("case.approve")
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """Batches with cases this officer may approve."""
    actor = actor_of(request)
    page = page_of(request, cases_waiting_for_approval(actor.office_ids, not_of=actor.hands))
    offices = office_names(actor.office_ids)
    officers = names_of_officers({line.batch.created_by for line in page.object_list})
    columns = [
        Column(_("Tệp")),
        Column(_("Loại sổ")),
        Column(_("Người nhập")),
        Column(_("Nhập lúc"), "date"),
        Column(_("Chờ duyệt"), "number"),
        Column(_("Có cảnh báo"), "number"),
    ]
    rows = [_queue_row(line, officers, offices if len(offices) > 1 else {}) for line in page.object_list]
    return render(request, "intake/approvals.html", {"columns": columns, "rows": rows, "list_page": page})


def _queue_row(line: WaitingBatch, officers: dict[int, str], offices: dict[int, str]) -> Row:
    batch = line.batch
    address = reverse("intake:approval_batch", args=[batch.id])
    cells = [
        Cell(batch.source_name, url=address, note=offices.get(batch.origin_office_id, "")),
        short_name(batch.register_type),
        officers.get(batch.created_by, ""),
        time_text(batch.created_at),
        line.waiting,
        line.with_warnings,
    ]
    return Row(str(batch.id), cells)


@needs("case.approve")
@require_GET
def approval_batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The cases of one batch that this officer may approve, with what decides: facts, scan, warnings."""
    actor = actor_of(request)
    batch = batch_of(actor, batch_id)
    cases = approvable_cases(actor, batch.id)
    page = page_of(request, cases)
    officers = names_of_officers([batch.created_by])
    return render(
        request,
        "intake/approval_batch.html",
        {
            "batch": batch,
            "register_name": register_name(batch.register_type),
            "office_name": office_names([batch.origin_office_id]).get(batch.origin_office_id, ""),
            "imported_by": officers.get(batch.created_by, ""),
            "total": page.paginator.count,
            "own_count": own_waiting_count(actor, batch.id),
            "lines": [_line(case, restricted=actor.may("restricted.read")) for case in page.object_list],
            "list_page": page,
            **run_context(batch.id, lang()),
            "breadcrumb": [
                {"label": _("Phê duyệt"), "url": reverse("intake:approvals")},
                {"label": batch.source_name, "url": ""},
            ],
        },
    )


def _line(case: Case, *, restricted: bool) -> dict[str, Any]:
    problems = problems_of(case, restricted=restricted)
    return {
        "case": case,
        "people": people_of(case),
        "book": book_name(case),
        "day": _day(case),
        "warnings": [text_of_problem(problem) for found in problems.values() for problem in found][:3],
    }


def _day(case: Case) -> str:
    """The day of registration, or the year where the book says no more."""
    earliest, latest = case.registered_earliest, case.registered_latest
    if earliest is None:
        return str(case.registration_year or "")
    return date_text(earliest) if earliest == latest else str(earliest.year)


@needs("case.approve")
@require_POST
def approve_chosen(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Approve the ticked cases; without a script the server asks first."""
    actor = actor_of(request)
    batch = batch_of(actor, batch_id)
    back = reverse("intake:approval_batch", args=[batch.id])
    chosen = _uuids(request.POST.getlist("case"))
    if not chosen:
        messages.warning(request, _("Chưa chọn dòng nào."))
        return redirect(back)
    if "confirmed" not in request.POST:
        return _ask(request, len(chosen), back, [("case", str(case_id)) for case_id in chosen])
    return _approve(request, actor, chosen, back)


@needs("case.approve")
@require_POST
def approve_all(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Approve every case of the batch that waits for this officer, if they are still as many as were stated."""
    actor = actor_of(request)
    batch = batch_of(actor, batch_id)
    back = reverse("intake:approval_batch", args=[batch.id])
    waiting = list(approvable_cases(actor, batch.id).values_list("id", flat=True))
    if not waiting:
        return redirect(back)
    if "confirmed" not in request.POST:
        return _ask(request, len(waiting), back, [("count", str(len(waiting)))])
    if request.POST.get("count") != str(len(waiting)):
        messages.warning(request, text_of("approval_count_changed", {"number": number_text(len(waiting), lang())}))
        return redirect(back)
    if len(waiting) > services.APPROVED_AT_ONCE:
        begin_run(request, actor, batch, len(waiting))
        return redirect(back)
    return _approve(request, actor, waiting, back)


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            raise Http404("case") from None
    return found


def _ask(request: HttpRequest, number: int, back: str, hidden: list[tuple[str, str]]) -> HttpResponse:
    title = ngettext("Duyệt %(number)s dòng?", "Duyệt %(number)s dòng?", number)
    text = _("Mỗi dòng trở thành một bản ghi hộ tịch. Sau khi duyệt, chỉ sửa được theo thủ tục sửa lỗi nhập liệu.")
    context = {
        "page_title": title % {"number": number_text(number, lang())},
        "text": text,
        "action": request.path,
        "hidden": hidden,
        "confirm_label": _("Duyệt"),
        "back_url": back,
    }
    return render(request, "intake/confirm.html", context)


def _approve(request: HttpRequest, actor: Actor, case_ids: list[UUID], back: str) -> HttpResponse:
    try:
        done = services.approve_cases(case_ids=case_ids, actor=actor, at=clock.now())
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
        return redirect(back)
    _tell(request, done)
    return redirect(back)


def _tell(request: HttpRequest, done: Any) -> None:
    """How many were approved, and why the others were not."""
    approved = len(done.approved)
    if approved:
        text = ngettext("Đã duyệt %(number)s dòng.", "Đã duyệt %(number)s dòng.", approved)
        messages.success(request, text % {"number": number_text(approved, lang())})
    for row, refusal in done.refused[:10]:
        messages.error(request, _("Dòng %(row)s: %(text)s") % {"row": row, "text": text_of_problem(refusal)})


@needs("case.approve")
@require_POST
def approve_one(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Approve the case on the screen and go to the next one."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    here = case_url(case.id)
    if request.POST.get("version") != str(case.version):
        messages.warning(request, _("Trường hợp vừa được sửa. Hãy xem lại rồi duyệt."))
        return redirect(here)
    following = neighbours(case, states=(CaseState.WAITING,), not_of=actor.hands)
    try:
        _tell(request, services.approve_cases(case_ids=[case.id], actor=actor, at=clock.now()))
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
        return redirect(here)
    case.refresh_from_db(fields=["state"])
    if case.state != CaseState.APPROVED:
        return redirect(here)
    return redirect(case_url(following.after) or reverse("intake:approval_batch", args=[case.batch_id]))


@needs("case.approve")
@require_http_methods(["GET", "POST"])
def return_one(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give a case back to whoever keyed it, with the reason."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        following = neighbours(case, states=(CaseState.WAITING,), not_of=actor.hands)
        try:
            services.return_case(case_id=case.id, reason=form.cleaned_data["reason"], actor=actor, at=clock.now())
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            text = _("Đã trả lại dòng %(row)d.") % {"row": case.row_number}
            tell_with_undo(request, messages.SUCCESS, text, case)
            return redirect(case_url(following.after) or reverse("intake:approval_batch", args=[case.batch_id]))
    context = {
        "page_title": _("Trả lại trường hợp này?"),
        "text": _("Trường hợp quay về người nhập, kèm lý do."),
        "action": request.path,
        "hidden": [],
        "form": form,
        "danger": True,
        "confirm_label": _("Trả lại"),
        "back_url": case_url(case.id),
    }
    return render(request, "intake/confirm.html", context)
