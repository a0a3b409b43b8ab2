"""The queue to the Ministry: what waits, files to send, answers row by row, and sending again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.files.queries import stored_file
from hotich.intake import services
from hotich.intake.forms import ResponseFileForm
from hotich.intake.models import Dispatch, DispatchState
from hotich.intake.queries.batches import dispatch_counts, dispatch_rows
from hotich.intake.queries.ministry import sent_file, unanswered_files, waiting_groups
from hotich.intake.views.parts import (
    actor_of,
    lang,
    needs,
    office_names,
    page_of,
    people_of_record,
    short_name,
    tell_refusal,
)
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.web.forms import HotichForm
from hotich.web.rules.formats import number_text
from hotich.web.texts import text_of_problem


class AnswerForm(HotichForm):
    """The Ministry's answer to one record."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Kết quả"),
        choices=(("acknowledged", gettext_lazy("Đã tiếp nhận")), ("rejected", gettext_lazy("Bị từ chối"))),
        widget=forms.RadioSelect,
    )
    receipt = forms.CharField(
        label=gettext_lazy("Mã tiếp nhận"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Khi được tiếp nhận: mã mà Bộ trả về."),
        widget=forms.TextInput(attrs={"data-width": "l", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do từ chối"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Khi bị từ chối: lý do ghi trong kết quả."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@needs("dispatch.send")
@require_GET
def dispatch(request: HttpRequest) -> HttpResponse:
    """Records by the state of their sending."""
    actor = actor_of(request)
    counts = dispatch_counts(actor.office_ids)
    state = request.GET.get("state", "")
    state = state if state in counts else DispatchState.QUEUED.value
    page = page_of(request, dispatch_rows(actor.office_ids, state=state))
    offices = office_names(actor.office_ids)
    return render(
        request,
        "intake/dispatch.html",
        {
            "state": state,
            "anything": any(counts.values()),
            "tabs": _tabs(request, counts, state),
            "caption": _(DispatchState(state).label),
            "many_offices": len(offices) > 1,
            "makers": _makers(actor, offices) if state == DispatchState.QUEUED else [],
            "files": _files(actor) if state == DispatchState.SENT else [],
            "lines": [_line(row, actor, offices) for row in page.object_list],
            "list_page": page,
        },
    )


def _tabs(request: HttpRequest, counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": _(state.label),
            "count": counts[state],
            "url": f"{request.path}?state={state}",
            "active": state == chosen,
        }
        for state in DispatchState
    ]


def _makers(actor: Actor, offices: dict[int, str]) -> list[dict[str, Any]]:
    many = len(offices) > 1
    return [
        {
            "office_id": group.office_id,
            "office": offices.get(group.office_id, "") if many else "",
            "letters": group.letters,
            "name": short_name(group.letters),
            "count": group.count,
        }
        for group in waiting_groups(actor.office_ids)
    ]


def _files(actor: Actor) -> list[dict[str, Any]]:
    return [
        {"id": file.id, "name": stored_file(file.id).name, "count": file.count, "at": file.at}
        for file in unanswered_files(actor.office_ids)
    ]


def _line(row: Dispatch, actor: Actor, offices: dict[int, str]) -> dict[str, Any]:
    record = row.record
    return {
        "row": row,
        "number": record.number_text,
        "people": people_of_record(record),
        "type": short_name(record.register_type),
        "office": offices.get(row.origin_office_id, ""),
        "url": reverse("records:record", args=[record.id]) if actor.may("record.read") else "",
    }


@needs("dispatch.send")
@require_POST
def dispatch_make(request: HttpRequest) -> HttpResponse:
    """Make the file of one register of one office; its rows are then on their way."""
    actor = actor_of(request)
    office = request.POST.get("office", "")
    if not office.isdecimal():
        raise Http404("office")
    try:
        made = services.make_dispatch_file(
            office_id=int(office), register_type=request.POST.get("type", ""), actor=actor, at=clock.now()
        )
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
        return redirect("intake:dispatch")
    messages.success(request, _("Đã tạo tệp %(name)s. Tải về ở mục Đã gửi rồi nộp cho Bộ.") % {"name": made.name})
    return redirect(reverse("intake:dispatch") + "?state=sent")


@needs("dispatch.send")
@require_http_methods(["GET", "POST"])
def dispatch_response(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Take in the workbook the Ministry sent back for a file."""
    actor = actor_of(request)
    sent = sent_file(actor.office_ids, file_id)
    if sent is None:
        raise Http404("file")
    form = ResponseFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.record_response(
                actor=actor,
                at=clock.now(),
                office_id=sent.office_id,
                register_type=sent.letters,
                content=form.cleaned_data["response"].read(),
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            numbers = {"acknowledged": done.acknowledged, "rejected": done.rejected}
            text = _("Đã ghi kết quả: %(acknowledged)s tiếp nhận, %(rejected)s từ chối.")
            messages.success(request, text % {name: number_text(number, lang()) for name, number in numbers.items()})
            return redirect(reverse("intake:dispatch") + "?state=sent")
    title = _("Nhận kết quả của tệp %(name)s") % {"name": stored_file(file_id).name}
    text = _("Tệp Excel có các cột so, quyenSo, trangThai và lyDo. Một dòng không nhận ra thì cả tệp không được ghi.")
    return _form_page(request, title, form, _("Ghi kết quả"), text)


@needs("dispatch.send")
@require_http_methods(["GET", "POST"])
def dispatch_row(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """Note the answer to one record."""
    actor = actor_of(request)
    row = _row(actor, row_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_dispatch(
                dispatch_id=row.id,
                accepted=form.cleaned_data["outcome"] == DispatchState.ACKNOWLEDGED,
                receipt=form.cleaned_data["receipt"],
                reason=form.cleaned_data["reason"],
                actor=actor,
                at=clock.now(),
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi kết quả của số %(number)s.") % {"number": row.record.number_text})
            return redirect(reverse("intake:dispatch") + "?state=sent")
    title = _("Kết quả của số %(number)s") % {"number": row.record.number_text}
    return _form_page(request, title, form, _("Ghi kết quả"))


@needs("dispatch.send")
@require_POST
def dispatch_retry(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """Put a rejected record into the queue again."""
    actor = actor_of(request)
    row = _row(actor, row_id)
    try:
        services.retry_dispatch(dispatch_id=row.id, actor=actor, at=clock.now())
    except RuleBroken as refusal:
        messages.error(request, text_of_problem(refusal))
    else:
        messages.success(request, _("Số %(number)s đã vào lại hàng chờ gửi.") % {"number": row.record.number_text})
    return redirect(reverse("intake:dispatch") + "?state=rejected")


def _row(actor: Actor, row_id: UUID) -> Dispatch:
    rows = Dispatch.objects.filter(id=row_id, origin_office_id__in=list(actor.office_ids)).select_related("record")
    found = rows.first()
    if found is None:
        raise Http404("row")
    return found


def _form_page(request: HttpRequest, title: str, form: HotichForm, submit_label: str, text: str = "") -> HttpResponse:
    context = {
        "page_title": title,
        "text": text,
        "form": form,
        "submit_label": submit_label,
        "cancel_url": reverse("intake:dispatch"),
        "breadcrumb": [{"label": _("Gửi Bộ Tư pháp"), "url": reverse("intake:dispatch")}, {"label": title, "url": ""}],
    }
    return render(request, "intake/simple_form.html", context)
