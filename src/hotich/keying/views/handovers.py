"""Pages of hand-overs: books given to those who key them, their record for paper, and how they come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.inventory import HandoverFilter, PaperForm
from hotich.keying.models import KeyingHandover, KeyingHandoverLine, KeyingHandoverState
from hotich.keying.queries import handovers as queries
from hotich.keying.services import handovers as services
from hotich.keying.views.handover_forms import lines_for_draft, paper_of, shapes_of
from hotich.keying.views.inventory_parts import (
    HANDOVER_TONES,
    MANAGE,
    SEES,
    actor_of,
    book_name,
    crumbs,
    ids_of,
    needs,
    or_not_found,
    register_name,
    tabs,
    telling,
)
from hotich.records.services import note_printing
from hotich.records.views.printing import sheet_context
from hotich.registers.views.parts import posted_version
from hotich.units.queries import offices_by_id
from hotich.web.rules.tables import Cell, Column, Row

LIST_SIZE = 50


@needs(*SEES)
@require_GET
def keying_handovers(request: HttpRequest) -> HttpResponse:
    """Every hand-over of the offices, the newest first."""
    actor = actor_of(request)
    form = HandoverFilter(request.GET or None)
    state = form.cleaned_data["trang_thai"] if form.is_bound and form.is_valid() else ""
    page = Paginator(queries.keying_handovers(actor, state=state), LIST_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs(actor, "keying_handovers"),
        "may_manage": actor.may(MANAGE),
        "filter": form,
        "nothing_yet": not state and not page.object_list,
        "columns": [Column(_("Biên bản"), "code"), Column(_("Ngày giao"), "date"), Column(_("Bên nhận")),
                    Column(_("Số quyển"), "number"), Column(_("Chưa nhận lại"), "number"),
                    Column(_("Hẹn trả"), "date"), Column(_("Trạng thái"))],
        "rows": [_row(each) for each in page.object_list],
        "list_page": page,
    }  # fmt: skip
    return render(request, "keying/handovers.html", context)


def _row(each: KeyingHandover) -> Row:
    late = each.state == KeyingHandoverState.HANDED_OVER and is_late(each)
    due = Cell(each.due_back or "–", note=_("quá hạn") if late else "")
    state = Cell(_(each.get_state_display()), tone=HANDOVER_TONES[each.state])  # type: ignore[index]
    return Row(
        str(each.id),
        [Cell(each.number, reverse("keying:keying_handover", args=[each.id])), Cell(each.day),
         Cell(each.force_name, note=_(each.get_force_kind_display())), each.books,  # type: ignore[attr-defined]
         each.out or "–", due, state],  # type: ignore[attr-defined]
        tone="warning" if late else "",
    )  # fmt: skip


def is_late(each: KeyingHandover) -> bool:
    """Whether the books should have been back by now."""
    return each.due_back is not None and each.due_back < clock.today()


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def keying_handover_new(request: HttpRequest) -> HttpResponseBase:
    """Draw up a record: the ticked books of the inventory, or any that can be given."""
    actor = actor_of(request)
    giver = names_of_officers([actor.officer_id] if actor.officer_id else []).get(actor.officer_id or 0, "")
    is_sent = request.method == "POST" and not request.POST.get("choose")
    form = PaperForm(request.POST if is_sent else None, giver=giver)
    with or_not_found():
        chosen = ids_of(request) if request.method == "POST" else []
    if is_sent and form.is_valid():
        try:
            made = services.draft_handover(
                actor=actor, at=clock.now(), request_key=form.cleaned_data["request_key"],
                paper=paper_of(form.cleaned_data), book_ids=chosen,
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã lập biên bản. Ghi số trang, tình trạng từng quyển rồi in, ký và xác nhận."))
            return redirect("keying:keying_handover", made.id)
    lines = lines_for_draft(actor, chosen)
    context = {
        "form": form,
        "lines": lines,
        "many": len({line["office"] for line in lines}) > 1,
        "title": _("Lập biên bản giao sổ"),
        "breadcrumb": crumbs((_("Giao nhận sổ"), reverse("keying:keying_handovers")), (_("Lập biên bản giao sổ"), "")),
    }
    return render(request, "keying/handover_new.html", context, status=422 if form.errors else 200)


@needs(*SEES)
@require_http_methods(["GET", "POST"])
def keying_handover(request: HttpRequest, keying_handover_id: UUID) -> HttpResponseBase:
    """One hand-over. A draft is edited here; of one that is out, books are taken back here."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.keying_handover_by_id(actor, keying_handover_id)
    may_edit = found.state == KeyingHandoverState.DRAFT and actor.may(MANAGE)
    form = PaperForm(request.POST if request.method == "POST" else None, handover=found) if may_edit else None
    if request.method == "POST":
        if form is None:
            with telling(request):
                raise RuleBroken("keying_handover_step_not_allowed" if actor.may(MANAGE) else "not_allowed")
            return redirect("keying:keying_handover", found.id)
        if form.is_valid() and _edited(request, found, form):
            return redirect("keying:keying_handover", found.id)
    names = names_of_officers(filter(None, [found.made_by, found.handed_over_by, found.returned_by]))
    context = {
        "handover": found,
        "form": form,
        "state": {"text": _(found.get_state_display()), "tone": HANDOVER_TONES[found.state]},  # type: ignore[index]
        "is_late": found.state == KeyingHandoverState.HANDED_OVER and is_late(found),
        "is_police": found.force_kind == "police",
        "facts": _facts(found, names),
        "lines": [_line(line) for line in queries.lines_of(found)],
        "may_take_back": found.state == KeyingHandoverState.HANDED_OVER and actor.may(MANAGE),
        "breadcrumb": crumbs((_("Giao nhận sổ"), reverse("keying:keying_handovers")), (found.number, "")),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "keying/handover.html", context, status=status)


def _edited(request: HttpRequest, found: KeyingHandover, form: PaperForm) -> bool:
    try:
        services.edit_handover(
            actor=actor_of(request), at=clock.now(), handover_id=found.id, version=form.cleaned_data["version"] or 0,
            paper=paper_of(form.cleaned_data), shapes=shapes_of(request),
        )  # fmt: skip
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Đã lưu biên bản."))
    return True


def _facts(found: KeyingHandover, names: Mapping[int, str]) -> list[dict[str, Any]]:
    def who(officer: int | None, at: Any) -> str:
        return f"{names.get(officer or 0, '–')}, {clock.in_vietnam(at):%H:%M %d/%m/%Y}" if at else ""

    return [
        {"label": _("Ngày giao"), "value": f"{found.day:%d/%m/%Y}"},
        {"label": _("Bên nhận"), "value": found.force_name, "note": _(found.get_force_kind_display())},
        {"label": _("Người nhận"), "value": found.receiver_name, "note": found.receiver_title},
        {"label": _("Người giao"), "value": found.giver_name, "note": found.giver_title},
        {"label": _("Hẹn trả ngày"), "value": found.due_back and f"{found.due_back:%d/%m/%Y}"},
        {"label": _("Người lập"), "value": who(found.made_by, found.made_at)},
        {"label": _("Xác nhận đã giao"), "value": who(found.handed_over_by, found.handed_over_at)},
        {"label": _("Xác nhận đã nhận lại"), "value": who(found.returned_by, found.returned_at)},
        {"label": _("Ghi chú"), "value": found.notes, "wide": True},
    ]


def _line(line: KeyingHandoverLine) -> dict[str, Any]:
    return {
        "id": line.book_id,
        "name": book_name(line.book),
        "url": reverse("keying:inventory_book", args=[line.book_id]),
        "office": line.book.origin_office.name,
        "pages": line.pages,
        "condition": line.condition,
        "is_out": line.is_out,
        "returned_pages": line.returned_pages,
        "returned_condition": line.returned_condition,
        "lacks": line.pages is not None and line.returned_pages is not None and line.returned_pages < line.pages,
    }


@needs(MANAGE)
@require_POST
def keying_handover_step(request: HttpRequest, keying_handover_id: UUID, act: str) -> HttpResponse:
    """Handed over, books taken back, or given up."""
    call: dict[str, Any] = {"actor": actor_of(request), "at": clock.now(), "handover_id": keying_handover_id}
    done = {"giao": _("Đã ghi nhận giao sổ."), "nhan-lai": _("Đã ghi nhận nhận lại sổ."), "huy": _("Đã hủy biên bản.")}
    with telling(request, done.get(act, "")):
        call["version"] = posted_version(request)
        if act == "giao":
            services.hand_over(**call)
        elif act == "nhan-lai":
            services.take_back(**call, shapes=shapes_of(request))
        else:
            services.cancel_keying_handover(**call, reason=request.POST.get("reason", ""))
    return redirect("keying:keying_handover", keying_handover_id)


@needs(*SEES)
@require_GET
def keying_handover_print(request: HttpRequest, keying_handover_id: UUID) -> HttpResponse:
    """The record of a hand-over for paper, to be signed by both sides; the way back beside it once books came back."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.keying_handover_by_id(actor, keying_handover_id)
    lines = list(queries.lines_of(found))
    note_printing(actor=actor, at=clock.now(), paper="keying_handover", books=[line.book_id for line in lines])
    came_back = [line for line in lines if not line.is_out and found.handed_over_at]
    context = {
        "handover": found,
        "giver_office": offices_by_id([found.origin_office_id])[found.origin_office_id].name,
        "kind": _(found.get_force_kind_display()),
        "is_police": found.force_kind == "police",
        "is_draft": found.state == KeyingHandoverState.DRAFT,
        "lines": [_line(line) | {"type": register_name(line.book.register_type), "label": line.book.label}
                  for line in lines],
        "pages": sum(line.pages or 0 for line in lines),
        "one_office": lines[0].book.origin_office.name if len({line.book.origin_office_id for line in lines}) == 1 else "",
        "came_back": bool(came_back),
        "signers": [_("Bên giao"), _("Bên nhận"), _("Người chứng kiến")],
        **sheet_context(request, reverse("keying:keying_handover", args=[found.id])),
    }  # fmt: skip
    return render(request, "keying/handover_print.html", context)
