"""One entry beside its scan: looked at and passed, corrected, given back, or its differences decided; and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.checking import DecisionForm, ReasonForm, correction_reason
from hotich.keying.models import CheckState
from hotich.keying.queries import checking as queries
from hotich.keying.queries.held_entries import Held
from hotich.keying.queries.originals import is_decided_beside
from hotich.keying.services import differences
from hotich.keying.services import review as services
from hotich.keying.views import checking_entry_page as entry_page
from hotich.keying.views.checking import CHECK
from hotich.records.services import note_reading
from hotich.registers.forms import RegisterForm, form_for
from hotich.registers.rules.values import Recorded
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found, posted_version, telling
from hotich.web.texts import text_of_problem

_CLOSED = ("second_keying_outstanding", "checked_by_keyer")


@needs(CHECK)
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, keyed_entry_id: UUID) -> HttpResponse:
    """The values beside the scan. Whoever keyed it, or still has to key it a second time, gets no value (409)."""
    actor = actor_of(request)
    if is_decided_beside(actor, keyed_entry_id):
        return redirect("keying:original", keyed_entry_id)
    try:
        held = queries.entry_to_see(actor, keyed_entry_id)
    except RuleBroken as refusal:
        if refusal.code not in _CLOSED:
            with or_not_found():
                raise
        return _closed(request, actor, keyed_entry_id, refusal)
    if request.method == "POST":
        return _passed(request, actor, held)
    _note_reading(actor, held)
    return _shown(request, actor, held)


def _note_reading(actor: Actor, held: Held) -> None:
    if held.case is not None:
        note_reading(
            actor=actor, at=clock.now(), subject_kind="case", subject_id=held.case.id,
            subject_office=held.case.origin_office_id,
        )  # fmt: skip


def _closed(request: HttpRequest, actor: Actor, entry_id: UUID, refusal: RuleBroken) -> HttpResponse:
    """A page that says why nothing is shown, and leads to the second keying; no value, no scan, no number keyed."""
    context = entry_page.closed_context(actor, entry_id, text_of_problem(refusal))
    return render(request, "keying/checking_closed.html", context, status=409)


def _shown(
    request: HttpRequest,
    actor: Actor,
    held: Held,
    form: RegisterForm | None = None,
    reason: ReasonForm | None = None,
    decisions: list[DecisionForm] | None = None,
) -> HttpResponse:
    state = held.entry.check_state
    context: dict[str, Any] = entry_page.base_context(actor, held)
    if state == CheckState.DIFFERS and queries.may_settle(actor, held):
        context |= entry_page.decisions_context(held, decisions or _decision_forms(held))
    elif state == CheckState.PENDING and context["is_checker"] and held.case is not None:
        context |= entry_page.form_context(held, form or _form(held), reason or correction_reason())
    else:
        context |= entry_page.read_context(actor, held)
    is_wrong = any(each is not None and each.errors for each in (form, reason, *(decisions or [])))
    return render(request, "keying/checking_entry.html", context, status=422 if is_wrong else 200)


def _form(held: Held, data: Any = None) -> RegisterForm:
    """All fields, the restricted ones too: they stand on the page beside it, and nobody else checks them."""
    assert held.case is not None
    return form_for(version_by_id(held.case.schema_version), held.case.as_recorded, data, lang=lang())


def _decision_forms(held: Held, data: Any = None) -> list[DecisionForm]:
    version = version_by_id(held.case.schema_version if held.case is not None else held.entry.schema_version)
    rows = [row for row in queries.differences_of(held.entry) if not row.decision]
    return [DecisionForm(row, version, lang(), data) for row in rows]


# ---- acts


def _passed(request: HttpRequest, actor: Actor, held: Held) -> HttpResponse:
    """All right, or right with the corrections typed; then the next one."""
    form = _form(held, request.POST) if held.case is not None else None
    reason = correction_reason(request.POST)
    changes: dict[str, services.Change] = {}
    if form is not None:
        if not (form.is_valid() and reason.is_valid()):
            return _shown(request, actor, held, form, reason)
        changes = _changes(held, form, reason)
        if any(not change.reason for change in changes.values()):
            reason.add_error("reason_code", _("Hãy chọn lý do sửa."))
            return _shown(request, actor, held, form, reason)
    try:
        services.review_entry(
            actor=actor, at=clock.now(), entry_id=held.entry.id, version=posted_version(request), changes=changes
        )
    except RuleBroken as refusal:
        if form is None or refusal.code != "case_still_held":
            with telling(request):
                raise
            return redirect("keying:check_entry", keyed_entry_id=held.entry.id)
        form.add_error(None, _("Với các giá trị này trường hợp còn lỗi: hãy sửa tiếp, hoặc trả lại người nhập."))
        return _shown(request, actor, held, form, reason)
    return _to_next(request, actor, held)


def _changes(held: Held, form: RegisterForm, reason: ReasonForm) -> dict[str, services.Change]:
    assert held.case is not None
    before: dict[str, Recorded] = held.case.as_recorded
    after = form.as_recorded(before)
    changed = [code for code in {**before, **after} if before.get(code) != after.get(code)]
    return {code: services.Change(after.get(code), reason.reason) for code in changed}


def _to_next(request: HttpRequest, actor: Actor, held: Held) -> HttpResponse:
    following = queries.next_to_look_at(actor, held.package, held.entry.id)
    if following is None:
        messages.success(request, _("Không còn trường hợp nào của gói này chờ bạn."))
        return redirect("keying:check_package", package_id=held.package.id)
    return redirect("keying:check_entry", keyed_entry_id=following)


@needs(CHECK)
@require_POST
def decide(request: HttpRequest, keyed_entry_id: UUID) -> HttpResponse:
    """Decide the differences chosen; those without a choice stay open."""
    actor = actor_of(request)
    with or_not_found():
        held = queries.entry_to_see(actor, keyed_entry_id)
    forms = _decision_forms(held, request.POST)
    valid = [form.is_valid() for form in forms]  # each tells its own errors
    if not all(valid):
        return _shown(request, actor, held, decisions=forms)
    decided = [each for form in forms if (each := form.decided) is not None]
    for form in forms:
        if form.decided is None:
            form.add_error("choice", _("Hãy chọn một giá trị."))
        elif not form.decided.reason:
            form.add_error("reason_words", _("Hãy ghi lý do."))
    if any(form.errors for form in forms):
        return _shown(request, actor, held, decisions=forms)
    try:
        differences.decide_differences(actor=actor, at=clock.now(), entry_id=held.entry.id, decided=decided)
    except RuleBroken:
        with telling(request):
            raise
        return redirect("keying:check_entry", keyed_entry_id=held.entry.id)
    after = queries.entry_to_see(actor, keyed_entry_id)
    if after.entry.check_state == CheckState.PASSED:
        return _to_next(request, actor, after)
    messages.warning(request, _("Đã ghi quyết định. Trường hợp còn lỗi nên chưa qua kiểm tra."))
    return redirect("keying:check_entry", keyed_entry_id=held.entry.id)


@needs(CHECK)
@require_POST
def give_back(request: HttpRequest, keyed_entry_id: UUID) -> HttpResponse:
    """Give the entry back to its keyer, with a reason."""
    actor, reason = actor_of(request), request.POST.get("reason", "")
    try:
        done = services.return_entry(actor=actor, at=clock.now(), entry_id=keyed_entry_id, reason=reason)
    except RuleBroken:
        with telling(request):
            raise
        return redirect("keying:check_entry", keyed_entry_id=keyed_entry_id)
    messages.success(request, _("Đã trả lại người nhập. Gói quay về người nhập khi kết thúc kiểm tra."))
    package = queries.package_to_check(actor, done.package_id)
    following = queries.next_to_look_at(actor, package, done.id)
    if following is None:
        return redirect("keying:check_package", package_id=package.id)
    return redirect("keying:check_entry", keyed_entry_id=following)


@needs(CHECK)
@require_POST
def undo(request: HttpRequest, keyed_entry_id: UUID) -> HttpResponse:
    """Take back that the entry passed or was returned."""
    with telling(request, _("Đã hoàn tác: trường hợp chờ kiểm tra lại.")):
        services.undo_review(actor=actor_of(request), at=clock.now(), entry_id=keyed_entry_id)
    return redirect("keying:check_entry", keyed_entry_id=keyed_entry_id)


@needs(CHECK)
@require_POST
def undo_one(request: HttpRequest, difference_id: UUID) -> HttpResponse:
    """Take one decision back."""
    actor = actor_of(request)
    entry_id = None
    with or_not_found():
        entry_id = queries.entry_of_difference(actor, difference_id)
    with telling(request, _("Đã hoàn tác quyết định.")):
        differences.undo_decision(actor=actor, at=clock.now(), difference_id=difference_id)
    return redirect("keying:check_entry", keyed_entry_id=entry_id)
