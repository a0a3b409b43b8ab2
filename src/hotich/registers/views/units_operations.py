"""Pages of operations on units: the list, beginning one, its draft and preview, and the steps to force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.registers.forms.units import (
    ActForm,
    BeginForm,
    ChangeUnitForm,
    ChildrenForm,
    CodesForm,
    NewOperationForm,
    OfficeForm,
    ShareForm,
)
from hotich.registers.services import succession
from hotich.registers.views import units_plan as typed
from hotich.registers.views.parts import actor_of, needs, or_not_found, posted_version, telling
from hotich.registers.views.units import READ, crumbs, tabs
from hotich.registers.views.units_preview import TONES, operation_context
from hotich.units import services
from hotich.units.models import AdministrativeUnit, Office, OperationKind, OperationState, UnitOperation
from hotich.units.queries import office_by_code, operation_by_id, operations
from hotich.units.rules.plans import Beginning, OfficeStep, Plan, Share, from_json, without_unit
from hotich.web.forms import HotichForm
from hotich.web.rules.tables import Cell, Column, Row

MANAGE, APPROVE = "unit.manage", "unit.approve"


def _list_crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs((_("Thay đổi"), reverse("registers:unit_operations")), *steps)


@needs(READ)
@require_GET
def unit_operations(request: HttpRequest) -> HttpResponse:
    """Every operation, the latest day first."""
    state = request.GET.get("trang-thai", "")
    page = Paginator(operations(state=state if state in OperationState.values else ""), 50).get_page(
        request.GET.get("page")
    )
    context = {
        "tabs": tabs("unit_operations"),
        "kinds": [each for each in OperationKind if each not in (OperationKind.CHANGE, OperationKind.OFFICE)],
        "may_manage": actor_of(request).may(MANAGE),
        "columns": [Column(_("Thay đổi")), Column(_("Văn bản")), Column(_("Ngày hiệu lực"), "date"),
                    Column(_("Trạng thái"))],
        "rows": [_row(each) for each in page.object_list],
        "list_page": page,
    }  # fmt: skip
    return render(request, "registers/units_operations.html", context)


def _row(operation: UnitOperation) -> Row:
    plan = from_json(operation.plan)
    names = AdministrativeUnit.objects.filter(id__in=plan.ends).order_by("code").values_list("name", flat=True)[:4]
    begins = [f"{new.short_name} ({new.code})" for new in plan.begins[:3]]
    note = " · ".join(filter(None, [", ".join(names), "→ " + ", ".join(begins) if begins else ""]))
    name = Cell(operation.get_kind_display(), reverse("registers:unit_operation", args=[operation.id]), note=note)
    state = Cell(operation.get_state_display(), tone=TONES[operation.state])
    return Row(str(operation.id), [name, Cell(operation.act_number, note=operation.act_authority),
                                   Cell(operation.effective_on), state])  # fmt: skip


# ── beginning one ──
@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def unit_operation_new(request: HttpRequest) -> HttpResponseBase:
    """The form that begins an operation; it becomes a draft."""
    kind = request.GET.get("loai", OperationKind.MERGER)
    if kind not in OperationKind.values:
        raise Http404(kind)
    begin: dict[str, Callable[[HttpRequest], tuple[ActForm, Callable[[Any], Plan], str]]] = {
        OperationKind.CHANGE: _change_form,
        OperationKind.OFFICE: _office_form,
    }
    form, plan_of, subtitle = begin.get(kind, _plain_form)(request)
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.draft_operation(
                actor=actor_of(request), at=clock.now(), request_key=form.cleaned_data["request_key"], kind=kind,
                effective_on=form.cleaned_data["effective_on"], act=form.act, plan=plan_of(form.cleaned_data),
                notes=form.cleaned_data["notes"],
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("registers:unit_operation", draft.id)
    context = {
        "form": form,
        "title": OperationKind(kind).label,
        "subtitle": subtitle,
        "breadcrumb": _list_crumbs((_("Đề nghị mới"), "")),
        "cancel_url": reverse("registers:unit_operations"),
    }
    return render(request, "registers/units_operation_form.html", context)


Begun = tuple[ActForm, Callable[[Any], Plan], str]


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _plain_form(request: HttpRequest) -> Begun:
    unit = AdministrativeUnit.objects.filter(id=_number(request.GET.get("don-vi")) or 0).first()
    initial = {"codes": unit.code, "level": unit.level} if unit else {}
    form = NewOperationForm(_posted(request), initial=initial)

    def plan(data: dict[str, Any]) -> Plan:
        codes = typed.codes_in(data["codes"])
        return typed.with_ending(Plan(), codes, data["level"], data["effective_on"]) if codes else Plan()

    return form, plan, unit.name if unit else ""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 11 else None


def _change_form(request: HttpRequest) -> Begun:
    unit = (
        AdministrativeUnit.objects.filter(id=_number(request.GET.get("don-vi")) or 0).select_related("parent").first()
    )
    if unit is None or unit.valid_to is not None:
        raise Http404("unit")
    initial = {"short_name": unit.short_name, "kind": unit.kind, "code": unit.code,
               "parent": unit.parent.code if unit.parent else ""}  # fmt: skip
    form = ChangeUnitForm(_posted(request), initial=initial)

    def plan(data: dict[str, Any]) -> Plan:
        parent = None
        if data["parent"]:
            parent = typed.parent_of_code(Plan(), data["parent"].strip(), data["effective_on"])
        new = Beginning("n1", unit.level, data["code"].strip(), data["short_name"].strip(), data["kind"], parent)
        return Plan(ends=(unit.id,), begins=(new,), shares=(Share(unit.id, "n1", is_default=True),))

    return form, plan, unit.name


def _office_form(request: HttpRequest) -> Begun:
    office = Office.objects.filter(id=_number(request.GET.get("co-quan")) or 0).first()
    initial = {"action": "change", "code": office.code, "name": office.name, "kind": office.kind,
               "country": office.country} if office else {"action": "open"}  # fmt: skip
    form = OfficeForm(_posted(request), initial=initial)

    def plan(data: dict[str, Any]) -> Plan:
        opening = data["action"] == "open"
        successor = office_by_code(data["successor"]).id if data["successor"].strip() else None
        unit = None
        if opening and data["unit"].strip():
            unit = typed.source_of_code(Plan(), data["unit"].strip(), data["effective_on"]).id
        step = OfficeStep(
            unit=unit, action=data["action"], office=None if opening or office is None else office.id,
            code="" if data["action"] == "close" else data["code"].strip().upper(), name=data["name"].strip(),
            kind=data["kind"], country=data["country"].strip().upper(), successor=successor,
        )  # fmt: skip
        return Plan(offices=(step,))

    return form, plan, office.name if office else ""


# ── one operation ──
@needs(READ)
@require_GET
def unit_operation(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """One operation: what orders it, what it will do, what is wrong, and who may take the next step."""
    with or_not_found():
        operation = operation_by_id(operation_id)
    context = operation_context(operation, actor_of(request))
    context["breadcrumb"] = _list_crumbs((operation.act_number, ""))
    if context["may_edit"]:
        context["forms"] = {
            "codes": CodesForm(), "begin": BeginForm(), "share": ShareForm(), "children": ChildrenForm(),
        }  # fmt: skip
    return render(request, "registers/units_operation.html", context)


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def unit_operation_edit(request: HttpRequest, operation_id: UUID) -> HttpResponseBase:
    """Day, legal act and notes of a draft."""
    with or_not_found():
        operation = operation_by_id(operation_id)
    names = ("effective_on", "act_number", "act_date", "act_authority", "act_link", "notes")
    form = ActForm(_posted(request), initial={name: getattr(operation, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_operation(
                actor=actor_of(request), at=clock.now(), operation_id=operation_id, version=operation.version,
                effective_on=form.cleaned_data["effective_on"], act=form.act, notes=form.cleaned_data["notes"],
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("registers:unit_operation", operation_id)
    back = reverse("registers:unit_operation", args=[operation_id])
    context = {
        "form": form,
        "title": _("Căn cứ và ngày hiệu lực"),
        "subtitle": operation.get_kind_display(),
        "breadcrumb": _list_crumbs((operation.act_number, back), (_("Sửa"), "")),
        "cancel_url": back,
    }
    return render(request, "registers/units_operation_form.html", context)


@needs(MANAGE)
@require_POST
def unit_operation_plan(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """One change of the plan of a draft: `viec` says which."""
    with or_not_found():
        operation = operation_by_id(operation_id)
    change = CHANGES.get(request.POST.get("viec", ""))
    if change is None:
        raise Http404("viec")
    with telling(request):
        plan = change(request, from_json(operation.plan), operation.effective_on)
        services.change_plan(
            actor=actor_of(request), at=clock.now(), operation_id=operation_id,
            version=posted_version(request), plan=plan,
        )  # fmt: skip
    return redirect(reverse("registers:unit_operation", args=[operation_id]) + "#ke-hoach")


def _cleaned(form: HotichForm) -> dict[str, Any]:
    """What was typed; what is missing is told like any other refusal."""
    if not form.is_valid():
        raise RuleBroken("plan_form_incomplete", labels=", ".join(str(form[name].label) for name in form.errors))
    return form.cleaned_data


def _end(request: HttpRequest, plan: Plan, on: date) -> Plan:
    data = _cleaned(CodesForm(request.POST))
    return typed.with_ending(plan, typed.codes_in(data["codes"]), data["level"], on)


def _begin(request: HttpRequest, plan: Plan, on: date) -> Plan:
    return typed.with_beginning(plan, **_cleaned(BeginForm(request.POST)), on=on)


def _share(request: HttpRequest, plan: Plan, on: date) -> Plan:
    return typed.with_typed_share(plan, **_cleaned(ShareForm(request.POST)), on=on)


def _children(request: HttpRequest, plan: Plan, on: date) -> Plan:
    data = _cleaned(ChildrenForm(request.POST))
    return typed.with_children(plan, typed.codes_in(data["codes"]), data["target"], on)


def _remove(request: HttpRequest, plan: Plan, on: date) -> Plan:
    target = typed.target_in(plan, request.POST.get("don-vi", ""))
    return plan if target is None else without_unit(plan, target)


def _unshare(request: HttpRequest, plan: Plan, on: date) -> Plan:
    wanted = request.POST.get("phan", "")
    return replace(plan, shares=tuple(share for share in plan.shares if f"{share.source}>{share.target}" != wanted))


def _give(request: HttpRequest, plan: Plan, on: date) -> Plan:
    """Where books and posts go that do not follow the default successor."""
    books, posts = dict(plan.books), dict(plan.posts)
    for name, text in request.POST.items():
        kind, _dash, key = str(name).partition(":")
        target = typed.target_in(plan, str(text))
        choices: dict[str, dict[Any, Any]] = {"so": books, "vi-tri": posts}
        chosen = choices.get(kind)
        if chosen is None or not key:
            continue
        number: Any = _number(key) if kind == "vi-tri" else key
        chosen.pop(number, None)
        if target is not None:
            chosen[number] = target
    return replace(plan, books=books, posts=posts)


CHANGES: dict[str, Callable[[HttpRequest, Plan, date], Plan]] = {
    "ket-thuc": _end, "hinh-thanh": _begin, "chuyen": _share, "cap-duoi": _children, "bo": _remove, "bo-phan": _unshare,
    "giao": _give,
}  # fmt: skip


@needs(MANAGE, APPROVE)
@require_POST
def unit_operation_step(request: HttpRequest, operation_id: UUID, step: str) -> HttpResponse:
    """Propose, approve, send back or cancel."""
    done = {
        "trinh": _("Đã trình người thứ hai duyệt."), "duyet": _("Đã duyệt."), "tra-lai": _("Đã trả lại để sửa."),
        "huy": _("Đã hủy đề nghị."),
    }  # fmt: skip
    if step not in done:
        raise Http404(step)
    call: dict[str, Any] = {"actor": actor_of(request), "at": clock.now(), "operation_id": operation_id}
    reason = request.POST.get("reason", "")
    with telling(request, done[step]):
        call["version"] = posted_version(request)
        if step == "trinh":
            succession.propose_operation(**call)
        elif step == "duyet":
            succession.approve_operation(**call)
        elif step == "tra-lai":
            services.send_back_operation(**call, reason=reason)
        else:
            services.cancel_operation(**call, reason=reason)
    return redirect("registers:unit_operation", operation_id)
