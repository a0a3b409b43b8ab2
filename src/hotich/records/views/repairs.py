"""Proposing a keying repair: the form of the register beside the scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.records import queries, services
from hotich.records.forms import ChangeItems, ReasonForm
from hotich.records.views.parts import not_found_if_unknown, scan_address
from hotich.registers.forms import RegisterForm, form_for, initial_of
from hotich.registers.rules.values import Recorded
from hotich.registers.views.parts import actor_of, lang, needs, register_name, words
from hotich.web.texts import text_of_problem

ITEMS = "change_items"


@needs("record.repair")
@require_http_methods(["GET", "POST"])
def propose_repair(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The values as keyed, to be put right against the scan; a second officer decides."""
    actor = actor_of(request)
    try:
        view = queries.record_view(record_id, actor)
    except RuleBroken as refusal:
        not_found_if_unknown(refusal)
        raise
    found = view.record
    data = request.POST if request.method == "POST" else None
    # restricted values are neither shown nor sent back: fields the form leaves out stay as they were
    recorded = {code: value for code, value in view.recorded.values.items() if code != ITEMS}
    form = form_for(view.version, recorded, data, lang=lang(), restricted=not view.recorded.hidden)
    rows = found.as_recorded.get(ITEMS) or []
    items = ChangeItems(data, initial=[initial_of(row) for row in rows], prefix="muc") if rows else None
    if items is not None:  # the changed fields stand in rows of their own
        for code in (*view.version.row_fields, "legal_basis"):
            form.fields.pop(code, None)
    reason = ReasonForm(data, prefix="ly-do")
    refusal_text = ""
    if data is not None and form.is_valid() and reason.is_valid() and (items is None or items.is_valid()):
        try:
            services.propose_repair(
                actor=actor,
                at=clock.now(),
                record_id=record_id,
                version=int(request.POST.get("version", "0")) if request.POST.get("version", "").isdigit() else 0,
                values=_wanted(form.as_recorded(recorded), recorded) | _wanted_rows(rows, items),
                reason=reason.cleaned_data["reason"],
            )
        except RuleBroken as refusal:
            refusal_text = text_of_problem(refusal)
        else:
            messages.success(request, _("Đã gửi đề nghị sửa lỗi nhập liệu. Cán bộ khác sẽ duyệt."))
            return redirect("records:record", record_id)
    context = {
        "record": found,
        "form": form,
        "items": items,
        "sections": _sections(form),
        "reason": reason,
        "refusal": refusal_text,
        "title": _("Sửa lỗi nhập liệu"),
        "subtitle": f"{register_name(found.register_type)} · {found.number_text}",
        "scan_url": scan_address(view.scans),
        "cancel_url": reverse("records:record", args=[record_id]),
    }
    return render(request, "records/repair.html", context)


def _sections(form: RegisterForm) -> list[tuple[str, str, list[BoundField]]]:
    """The sections of the form without fields that were taken out of it, and without empty ones."""
    found = [
        (
            section.code,
            words(section.label),
            [form[field.code] for field in section.fields if field.code in form.fields],
        )
        for section in form.layout
    ]
    return [item for item in found if item[2]]


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
