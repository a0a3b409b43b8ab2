"""Taking books away: asking, deciding, downloading. A file goes out only on an approved request of whoever asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.intake import services, tasks
from hotich.intake.forms import register_choices
from hotich.intake.models import ExportRequest
from hotich.intake.queries.export_requests import export_request, export_requests, login_of_asker
from hotich.intake.queries.work import books_of_batch
from hotich.intake.services.export_requests import failure_params, is_large
from hotich.intake.views.downloads import attachment
from hotich.intake.views.parts import (
    actor_of,
    batch_of,
    needs,
    not_found_if_unknown,
    own_offices,
    page_of,
    short_name,
    tell_refusal,
)
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.services import note_refusal
from hotich.registers.rules.parameters import constant
from hotich.web.forms import HotichForm
from hotich.web.rules.formats import time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

State = ExportRequest.State
TONES = {State.WAITING: "accent", State.APPROVED: "ok", State.REFUSED: "error", State.CANCELLED: "muted"}


class ExportForm(HotichForm):
    """What to take away and why."""

    section_fields = (
        (gettext_lazy("Dữ liệu cần xuất"), ("office", "register_type", "books", "unapproved", "current")),
        (gettext_lazy("Bản quét"), ("with_scans", "gaps_reason")),
        (gettext_lazy("Lý do"), ("reason",)),
    )
    office = forms.TypedChoiceField(label=gettext_lazy("Cơ quan đã đăng ký"), coerce=int,
                                    widget=forms.Select(attrs={"data-width": "l"}))  # fmt: skip
    register_type = forms.ChoiceField(label=gettext_lazy("Loại sổ"), choices=register_choices,
                                      widget=forms.Select(attrs={"data-width": "m"}))  # fmt: skip
    books = forms.CharField(
        label=gettext_lazy("Quyển số"),
        max_length=1000,
        help_text=gettext_lazy("Ví dụ 01/2006; nhiều quyển cách nhau bằng dấu phẩy"),
        widget=forms.TextInput(attrs={"data-width": "xl", "autocomplete": "off"}),
    )
    unapproved = forms.BooleanField(label=gettext_lazy("Cả trường hợp chưa duyệt"), required=False)
    current = forms.BooleanField(label=gettext_lazy("Giá trị sau các ghi chú"), required=False)
    with_scans = forms.BooleanField(
        label=gettext_lazy("Kèm bản quét của từng trường hợp"),
        required=False,
        help_text=gettext_lazy("Mỗi quyển một tệp Excel và một tệp nén các PDF; sổ và bản quét phải khớp nhau"),
    )
    gaps_reason = forms.CharField(
        label=gettext_lazy("Giao cả khi chưa khớp, vì"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Để trống thì chỉ giao khi mọi trường hợp đều có đúng một bản quét"),
        widget=forms.TextInput(attrs={"data-width": "full", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do xuất"),
        max_length=500,
        help_text=gettext_lazy("Giao cho ai, để làm gì, theo văn bản nào"),
        widget=forms.Textarea(attrs={"rows": 3, "data-width": "full"}),
    )

    def __init__(self, *args: Any, offices: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = list(offices.items())  # type: ignore[attr-defined]


@needs("export.request", "export.approve")
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """One's own requests, or all of one's offices for whoever decides; those waiting first."""
    actor = actor_of(request)
    page = page_of(request, export_requests(actor))
    names = names_of_officers(item.requested_by for item in page.object_list)
    context = {
        "columns": [Column(_("Đề nghị"), "code"), Column(_("Cơ quan")), Column(_("Người đề nghị")), Column(_("Lúc"), "date"),
                    Column(_("Lý do")), Column(_("Trạng thái")), Column(_("Đã tải"), "number")],
        "rows": [_row(item, names) for item in page.object_list],
        "list_page": page,
        "may_ask": actor.may("export.request"),
    }  # fmt: skip
    return render(request, "intake/exports.html", context)


def _row(item: ExportRequest, names: dict[int, str]) -> Row:
    url = reverse("intake:export", args=[item.id])
    return Row(
        str(item.id),
        [Cell(f"{item.register_type} {', '.join(item.books[:3])}{' …' if len(item.books) > 3 else ''}", url),
         item.origin_office.name, names.get(item.requested_by, "–"), time_text(item.requested_at), item.reason,
         Cell(_(State(item.state).label), tone=TONES[State(item.state)]), item.downloads],
    )  # fmt: skip


@needs("export.request")
@require_http_methods(["GET", "POST"])
def export_new(request: HttpRequest) -> HttpResponse:
    """Ask to take books away; `?batch=&book=` fills in the book of a batch."""
    actor = actor_of(request)
    offices = own_offices(actor)
    form = ExportForm(request.POST or None, offices=offices, initial=_of_batch(request, actor))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        office, books = given.pop("office"), given.pop("books")
        try:
            made = services.request_export(
                actor=actor, at=clock.now(), office_id=office, books=books.replace(";", ",").split(","), **given
            )
        except RuleBroken as refusal:
            note_refusal(
                actor=actor, at=clock.now(), act="export", code=refusal.code, subject_kind="office",
                subject_id=office, subject_office=office,
            )  # fmt: skip
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã gửi đề nghị. Người có quyền sẽ duyệt."))
            return redirect("intake:export", made.id)
    context = {
        "form": form,
        "page_title": _("Đề nghị xuất dữ liệu"),
        "text": _("Xuất cả quyển sổ cần người thứ hai duyệt. Được duyệt rồi thì tải về được trong %(hours)d giờ, nhiều nhất "
                  "%(times)d lần.") % {"hours": constant("export_open_hours"), "times": constant("export_downloads")},
        "submit_label": _("Gửi đề nghị"),
        "cancel_url": reverse("intake:exports"),
    }  # fmt: skip
    return render(request, "intake/simple_form.html", context)


def _of_batch(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    wanted = request.GET.get("batch", "")
    try:
        batch = batch_of(actor, UUID(wanted)) if wanted else None
    except ValueError as error:
        raise Http404("batch") from error
    if batch is None:
        return {"office": actor.office_id}
    books = books_of_batch(batch.id)
    book = request.GET.get("book", "")
    return {"office": batch.origin_office_id, "register_type": batch.register_type,
            "books": book if book in books else ", ".join(books), "unapproved": True}  # fmt: skip


@needs("record.read", "export.request")
@require_GET
def batch_export(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """A book of a batch is taken away on a request like any other."""
    batch = batch_of(actor_of(request), batch_id)
    given = {"batch": str(batch.id), "book": request.GET.get("book", "")}
    return redirect(f"{reverse('intake:export_new')}?{urlencode(given)}")


@needs("export.request", "export.approve")
@require_GET
def export(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what, why, who decided, and what one may do now."""
    actor = actor_of(request)
    found = _found(actor, request_id)
    names = names_of_officers([found.requested_by, *([found.decided_by] if found.decided_by else [])])
    state, own = State(found.state), found.requested_by == actor.officer_id
    is_open = state is State.APPROVED and found.expires_at is not None and clock.now() < found.expires_at
    large = is_open and found.file_id is None and is_large(found)
    context = {
        "found": found,
        "title": f"{short_name(found.register_type)} · {', '.join(found.books)}",
        "state_label": _(state.label),
        "state_tone": TONES[state],
        "facts": _facts(found, names),
        "may_decide": state is State.WAITING and actor.may("export.approve") and not own,
        "waits_for_other": state is State.WAITING and own,
        "may_download": own and is_open and found.downloads_left > 0 and not large and actor.may("export.request"),
        "is_building": own and large and not found.failure,
        "may_retry": own and large and bool(found.failure) and actor.may("export.request"),
        "troubles": _troubles(found),
        "failure": text_of(found.failure, failure_params(found)) if found.failure else "",
        "may_cancel": own and state in (State.WAITING, State.APPROVED) and actor.may("export.request"),
        "is_over": state is State.APPROVED and (not is_open or found.downloads_left <= 0),
        "approve_hidden": {"decision": "approve"},
        "refuse_hidden": {"decision": "refuse"},
        "breadcrumb": [{"label": _("Xuất dữ liệu"), "url": reverse("intake:exports")},
                       {"label": f"{found.register_type} {found.books[0]}", "url": ""}],
    }  # fmt: skip
    return render(request, "intake/export.html", context)


def _facts(found: ExportRequest, names: dict[int, str]) -> list[dict[str, Any]]:
    yes, no = _("có"), _("không")
    decided = [
        {"label": _("Người quyết định"), "value": names.get(found.decided_by or 0, "–"),
         "note": time_text(found.decided_at)},
        {"label": _("Ý kiến"), "value": found.decision_words, "absent": "–"},
    ] if found.decided_by else []  # fmt: skip
    until = [
        {"label": _("Tải về đến"), "value": time_text(found.expires_at)},
        {"label": _("Số lần còn lại"), "value": str(found.downloads_left),
         "note": _("đã tải %(times)d lần") % {"times": found.downloads}},
    ] if found.expires_at else []  # fmt: skip
    return [
        {"label": _("Cơ quan đã đăng ký"), "value": found.origin_office.name},
        {"label": _("Loại sổ"), "value": short_name(found.register_type)},
        {"label": _("Quyển số"), "value": ", ".join(found.books)},
        {"label": _("Cả trường hợp chưa duyệt"), "value": yes if found.unapproved else no},
        {"label": _("Giá trị sau các ghi chú"), "value": yes if found.current else no},
        *([{"label": _("Số dòng"), "value": str(found.rows)}] if found.rows is not None else []),
        *_scan_facts(found),
        {
            "label": _("Người đề nghị"),
            "value": names.get(found.requested_by, "–"),
            "note": time_text(found.requested_at),
        },
        {"label": _("Lý do xuất"), "value": found.reason, "wide": True},
        *decided,
        *until,
    ]


def _scan_facts(found: ExportRequest) -> list[dict[str, Any]]:
    if not found.with_scans:
        return [{"label": _("Bản quét"), "value": _("không kèm")}]
    counts = {"pdfs": found.report.get("pdfs", 0), "cases": found.report.get("cases", 0)}
    gaps = {"label": _("Giao cả khi chưa khớp, vì"), "value": found.gaps_reason, "wide": True}
    return [
        {"label": _("Bản quét"), "value": _("%(pdfs)d tệp PDF cho %(cases)d trường hợp") % counts},
        *([gaps] if found.gaps_reason else []),
    ]


def _troubles(found: ExportRequest) -> dict[str, Any]:
    """What the check of a delivery found, in words; `more`: how many are not shown."""
    lines = [text_of(code, params) for code, params in found.report.get("problems", [])]
    return {"lines": lines, "more": found.report.get("problem_count", 0) - len(lines)}


def _found(actor: Actor, request_id: UUID) -> ExportRequest:
    try:
        return export_request(actor, request_id)
    except RuleBroken as refusal:
        not_found_if_unknown(refusal)
        raise


@needs("export.approve")
@require_POST
def export_decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Allow or refuse; a large file is then made in the background, as the officer who asked."""
    actor = actor_of(request)
    approve = request.POST.get("decision") == "approve"
    try:
        found = services.decide_export(
            actor=actor, at=clock.now(), request_id=request_id, approve=approve, words=request.POST.get("words", "")
        )
    except RuleBroken as refusal:
        _refused(actor, refusal, request_id)
        tell_refusal(request, refusal)
    else:
        if approve and is_large(found):
            _build(found)
        messages.success(request, _("Đã duyệt đề nghị xuất.") if approve else _("Đã trả lời không duyệt."))
    return redirect("intake:export", request_id)


def _build(found: ExportRequest) -> None:
    """Have the file made in the background, as the officer who asked."""
    login = login_of_asker(found)
    with transaction.atomic():
        tasks.build_export_job.defer(request_id=str(found.id), login=login, office_id=found.origin_office_id)


@needs("export.request")
@require_POST
def export_retry(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Make the file again, once what was missing is there."""
    actor = actor_of(request)
    try:
        found = services.retry_export(actor=actor, at=clock.now(), request_id=request_id)
    except RuleBroken as refusal:
        _refused(actor, refusal, request_id)
        tell_refusal(request, refusal)
    else:
        _build(found)
        messages.success(request, _("Đang tạo lại tệp."))
    return redirect("intake:export", request_id)


@needs("export.request")
@require_POST
def export_cancel(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take one's request back."""
    try:
        services.cancel_export(actor=actor_of(request), at=clock.now(), request_id=request_id)
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Đã hủy đề nghị."))
    return redirect("intake:export", request_id)


@needs("export.request")
@require_POST
def export_download(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """The file; each time is counted and written down."""
    actor = actor_of(request)
    try:
        name, media_type, content = services.download_export(actor=actor, at=clock.now(), request_id=request_id)
    except RuleBroken as refusal:
        _refused(actor, refusal, request_id)
        tell_refusal(request, refusal)
        return redirect("intake:export", request_id)
    return attachment(content, name, media_type)


def _refused(actor: Actor, refusal: RuleBroken, request_id: UUID) -> None:
    note_refusal(
        actor=actor, at=clock.now(), act="export", code=refusal.code, subject_kind="export", subject_id=request_id,
        subject_office=actor.office_id,
    )  # fmt: skip
