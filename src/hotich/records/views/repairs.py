"""Proposing a keying repair: the form of the register beside the scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Textarea
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.records import queries, services
from hotich.records.forms import ChangeItems, ReasonForm
from hotich.records.views.differences import check_context, difference_rows
from hotich.records.views.parts import names_of, opened_record, record_crumbs, record_title, scan_places
from hotich.registers.forms import RegisterForm, form_for, initial_of
from hotich.registers.rules.values import Recorded
from hotich.registers.views.parts import actor_of, lang, needs, posted_version, telling, words
from hotich.web.texts import text_of_problem

ITEMS = "change_items"


@needs("record.repair")
@require_http_methods(["GET", "POST"])
def propose_repair(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The values as keyed, to be put right against the scan: first what differs is shown, then it is proposed."""
    view = opened_record(request, record_id)
    forms = RepairForms(view, request.POST if request.method == "POST" else None)
    refusal_text, preview = "", None
    if forms.are_valid():
        try:
            if request.POST.get("act") == "preview":
                preview = _preview(view, forms.wanted())
            else:
                _propose(request, view, forms)
                messages.success(request, _("Đã gửi đề nghị sửa lỗi nhập liệu. Cán bộ khác sẽ duyệt."))
                return redirect("records:record", record_id)
        except RuleBroken as refusal:
            refusal_text = text_of_problem(refusal)
    found = view.record
    context = {
        "record": found,
        "form": forms.form,
        "items": forms.items,
        "sections": _sections(forms.form),
        "reason": forms.reason,
        "refusal": refusal_text,
        "preview": preview,
        "title": _("Sửa lỗi nhập liệu"),
        "subtitle": f"{record_title(found)} · {names_of(found, actor_of(request))}",
        "breadcrumb": record_crumbs(found, _("Sửa lỗi nhập liệu")),
        **scan_places(view.scans),
        "cancel_url": reverse("records:record", args=[record_id]),
    }
    return render(request, "records/repair.html", context)


def _preview(view: queries.RecordView, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What would be proposed, and what the checks say of it. Raises RuleBroken as the proposal would."""
    changed = services.changed_values(view.record, wanted)
    return {"differences": difference_rows(view, changed), "check": check_context(view, changed)}


def _propose(request: HttpRequest, view: queries.RecordView, forms: RepairForms) -> None:
    services.propose_repair(
        actor=actor_of(request),
        at=clock.now(),
        record_id=view.record.id,
        version=posted_version(request),
        values=forms.wanted(),
        reason=forms.reason.cleaned_data["reason"],
    )


@needs("record.repair")
@require_POST
def withdraw_repair(request: HttpRequest, record_id: UUID, repair_id: UUID) -> HttpResponse:
    """The author of a proposal takes it back."""
    with telling(request, _("Đã rút đề nghị sửa.")):
        services.withdraw_repair(actor=actor_of(request), at=clock.now(), repair_id=repair_id)
    return redirect("records:record", record_id)


@needs("record.repair", "record.approve_repair", "record.annul")
@require_POST
def note_told(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Write down that somebody who had received the former value was told."""
    with telling(request, _("Đã ghi nhận việc báo lại.")):
        services.note_told(
            actor=actor_of(request), at=clock.now(), record_id=record_id, recipient=request.POST.get("recipient", ""),
            how=request.POST.get("how", ""),
        )  # fmt: skip
    return redirect("records:record", record_id)


class RepairForms:
    """The form of the register, the rows of an entry of changes, and the reason."""

    def __init__(self, view: queries.RecordView, data: Mapping[str, Any] | None) -> None:
        # restricted values are neither shown nor sent back: fields the form leaves out stay as they were
        self.recorded = {code: value for code, value in view.recorded.values.items() if code != ITEMS}
        self.form = form_for(view.version, self.recorded, data, lang=lang(), restricted=not view.recorded.hidden)
        self.rows = view.record.as_recorded.get(ITEMS) or []
        first = [initial_of(row) for row in self.rows]
        self.items = ChangeItems(data, initial=first, prefix="muc") if self.rows else None
        if self.items is not None:  # the changed fields stand in rows of their own
            for code in (*view.version.row_fields, "legal_basis"):
                self.form.fields.pop(code, None)
        self.reason = ReasonForm(data, prefix="ly-do")

    def are_valid(self) -> bool:
        """Whether something was sent, and all of it is well-formed."""
        rows_fit = self.items is None or (self.items.is_valid() and len(self.items.cleaned_data) == len(self.rows))
        return self.form.is_valid() and self.reason.is_valid() and rows_fit

    def wanted(self) -> dict[str, Any]:
        """What differs from the record."""
        new = self.form.as_recorded(self.recorded)
        return _wanted(new, self.recorded) | _wanted_rows(self.rows, self.items)


def _sections(form: RegisterForm) -> list[tuple[str, str, list[tuple[BoundField, str]]]]:
    """The sections of the form without fields that were taken out of it, and without empty ones."""
    found = [
        (
            section.code,
            words(section.label),
            [(form[field.code], _width(form[field.code])) for field in section.fields if field.code in form.fields],
        )
        for section in form.layout
    ]
    return [item for item in found if item[2]]


def _width(bound: BoundField) -> str:
    """Long words take the whole line."""
    return "full" if isinstance(bound.field.widget, Textarea) else "l"


def _wanted(new: dict[str, Recorded], old: Mapping[str, Recorded]) -> dict[str, Any]:
    codes = {*new, *old}
    return {code: new.get(code, "") for code in codes if new.get(code, "") != old.get(code, "")}


def _wanted_rows(rows: Sequence[Mapping[str, Recorded]], items: Any) -> dict[str, Any]:
    """The rows anew, if one of them differs; a text that was not touched keeps its reason."""
    if items is None:
        return {}
    made = []
    for row, given in zip(rows, items.cleaned_data, strict=True):
        shown = initial_of(row)
        kept = {code: value for code, value in row.items() if code not in given or given[code] == shown.get(code, "")}
        made.append(kept | {code: text for code, text in given.items() if text and text != shown.get(code, "")})
    return {ITEMS: made} if made != list(rows) else {}
