"""Annulling a record, and giving its effect back: what would change is shown first, then confirmed by the number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.persons import services
from hotich.persons.services.consequences import (
    Consequences,
    consequences_of_annulment,
    consequences_of_revocation,
)
from hotich.persons.views.consequence_words import consequences_context
from hotich.records.forms import DecisionForm
from hotich.records.models import Record
from hotich.records.queries import RecordView
from hotich.records.rules import workflow
from hotich.records.services import Decision, note_reading
from hotich.records.views.parts import names_of, opened_record, record_crumbs, record_title, scan_places
from hotich.registers.views.parts import actor_of, needs


@needs("record.annul")
@require_http_methods(["GET", "POST"])
def annul(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Take the effect from a record, on the decision named."""
    words = {
        "title": _("Hủy giá trị bản ghi"),
        "submit": _("Hủy giá trị bản ghi này"),
        "done": _("Đã hủy giá trị bản ghi; quan hệ và tình trạng đã được tính lại."),
        "explained": _("Bản ghi không còn hiệu lực; mọi kết luận về nhân thân rút từ bản ghi bị bỏ. Bản ghi vẫn đọc "
                       "được, số đăng ký không được dùng lại. Nếu quyết định này bị hủy bỏ, hiệu lực được khôi phục."),
    }  # fmt: skip
    return _page(request, record_id, "annul", services.annul_record, consequences_of_annulment, words)


@needs("record.annul")
@require_http_methods(["GET", "POST"])
def restore(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Give a record its effect back, on the decision that revokes the annulment."""
    words = {
        "title": _("Khôi phục hiệu lực bản ghi"),
        "submit": _("Khôi phục hiệu lực bản ghi này"),
        "done": _("Đã khôi phục hiệu lực bản ghi; quan hệ và tình trạng đã được tính lại."),
        "explained": _("Dùng khi quyết định hủy giá trị bị cơ quan có thẩm quyền hủy bỏ. Bản ghi trở lại trạng thái "
                       "trước khi bị hủy; cả hai quyết định đều được lưu."),
    }  # fmt: skip
    return _page(request, record_id, "restore", services.revoke_annulment, consequences_of_revocation, words)


def _page(
    request: HttpRequest,
    record_id: UUID,
    act: str,
    service: Callable[..., Record],
    preview: Callable[..., Consequences],
    words: dict[str, str],
) -> HttpResponse:
    view, actor, now = opened_record(request, record_id), actor_of(request), clock.now()
    if act not in workflow.acts(workflow.RECORD, view.record.state):
        raise Http404("act_not_allowed_in_state")
    number = view.record.number_text
    form = DecisionForm(request.POST if request.method == "POST" else None, number=number, is_annulment=act == "annul")
    if request.method == "POST" and form.is_valid():
        given = {
            name: form.cleaned_data[name] for name in ("number", "date_text", "authority", "reason", "legal_basis")
        }
        try:
            service(actor=actor, at=now, record_id=record_id, decision=Decision(**given))
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words["done"])
            return redirect("records:record", record_id)
    note_reading(
        actor=actor, at=now, subject_kind="record", subject_id=record_id, subject_office=view.record.origin_office_id,
        facts={"part": "he-qua"},
    )  # fmt: skip
    found = preview(actor=actor, at=now, record_id=record_id)
    return render(request, "persons/annul.html", _context(view, form, found, words, names_of(view.record, actor)))


def _context(
    view: RecordView, form: DecisionForm, found: Consequences, words: dict[str, str], names: str
) -> dict[str, Any]:
    record = view.record
    return {
        "record": record,
        "form": form,
        "found": consequences_context(found),
        "words": words,
        "subtitle": f"{record_title(record)} · {names}",
        "breadcrumb": record_crumbs(record, words["title"]),
        "cancel_url": reverse("records:record", args=[record.id]),
        **scan_places(view.scans),
    }
