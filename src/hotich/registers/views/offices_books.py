"""Pages of custody: books of closed offices with their keepers, and their hand-overs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.forms.units import ClosedBookFilter, HandoverForm
from hotich.registers.models import Book, BookHandover
from hotich.registers.queries.handovers import (
    books_of_closed_offices,
    books_of_handover,
    handover_by_id,
    handovers_for,
    open_handover_of,
)
from hotich.registers.services import handovers as services
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import actor_of, needs, or_not_found, posted_version, short_name, telling
from hotich.registers.views.units import crumbs, tabs
from hotich.units.models import Office
from hotich.units.queries import office_by_code, unit_chain
from hotich.web.rules.tables import Cell, Column, Row

CUSTODY, BOOKS = "office.custody", "book.read"
TONES = {"planned": "accent", "handed_over": "warning", "received": "ok", "cancelled": "muted"}


def _province(actor: Actor) -> int | None:
    office = Office.objects.filter(id=actor.office_id).select_related("unit__parent__parent").first()
    return unit_chain(office.unit)[-1].id if office and office.unit else None


@needs(CUSTODY)
@require_http_methods(["GET", "POST"])
def closed_books(request: HttpRequest) -> HttpResponseBase:
    """Books of the province's closed offices; the chosen ones are ordered to be handed over."""
    actor = actor_of(request)
    form = HandoverForm(request.POST if request.method == "POST" else None)
    chosen = request.POST.getlist("book") if request.method == "POST" else []
    if request.method == "POST" and form.is_valid():
        try:
            made = _plan(actor, form.cleaned_data, chosen)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            if len(made) == 1:
                return redirect("registers:handover", made[0].id)
            return redirect("registers:handovers")
    registers = [(letters, short_name(letters)) for letters in REGISTER_TYPES]
    narrow = ClosedBookFilter(request.GET or None, registers=registers)
    wanted = narrow.cleaned_data if narrow.is_valid() else {}
    found = books_of_closed_offices(_province(actor), text=wanted.get("q", ""), register_type=wanted.get("loai", ""))
    page = Paginator(found, 100).get_page(request.GET.get("page"))
    moving = open_handover_of([book.id for book in page.object_list])
    context = {
        "tabs": tabs("closed_books"),
        "filter": narrow,
        "form": form,
        "lines": [_line(book, moving.get(book.id), chosen) for book in page.object_list],
        "list_page": page,
    }
    return render(request, "registers/offices_books.html", context)


def _plan(actor: Actor, data: dict[str, Any], chosen: list[str]) -> list[BookHandover]:
    try:
        ids = [UUID(text) for text in chosen]
    except ValueError:
        raise RuleBroken("book_unknown") from None
    decision = services.Decision(
        number=data["act_number"], from_day=data["from_day"], on=data["act_date"], authority=data["act_authority"],
        place=data["place"],
    )  # fmt: skip
    return services.plan_handover(
        actor=actor, at=clock.now(), request_key=data["request_key"], book_ids=ids,
        to_office_id=_receiver(data["to_office"]), decision=decision,
    )  # fmt: skip


def _receiver(code: str) -> int:
    try:
        return office_by_code(code).id
    except RuleBroken as refusal:
        raise RuleBroken(refusal.code, field="to_office", **refusal.params) from None


def _line(book: Book, moving: BookHandover | None, chosen: list[str]) -> dict[str, Any]:
    return {
        "book": book,
        "name": f"{short_name(book.register_type)} {book.label}",
        "kept": "" if book.keeping_office_id == book.origin_office_id else book.keeping_office.name,
        "moving": moving,
        "state": _(moving.get_state_display()) if moving else "",
        "is_chosen": str(book.id) in chosen,
    }


@needs(BOOKS, CUSTODY)
@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """Hand-overs of the officer's offices; the department sees all."""
    page = Paginator(handovers_for(actor_of(request)), 50).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs("handovers"),
        "columns": [Column(_("Quyết định")), Column(_("Từ")), Column(_("Đến")), Column(_("Số quyển"), "number"),
                    Column(_("Từ ngày"), "date"), Column(_("Trạng thái"))],
        "rows": [
            Row(str(each.id), [Cell(each.act_number, reverse("registers:handover", args=[each.id])),
                               each.from_office.name, Cell(each.to_office.name, note=each.place),
                               each.books, Cell(each.from_day),  # type: ignore[attr-defined]
                               Cell(_(each.get_state_display()), tone=TONES[each.state])])
            for each in page.object_list
        ],
        "list_page": page,
    }  # fmt: skip
    return render(request, "registers/offices_handovers.html", context)


@needs(BOOKS, CUSTODY)
@require_GET
def handover(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """One hand-over: its books, its state, and the step that is next."""
    actor = actor_of(request)
    with or_not_found():
        found = handover_by_id(handover_id, actor=actor)
    own = actor.may("book.manage")
    context = {
        "handover": found,
        "state": {"text": _(found.get_state_display()), "tone": TONES[found.state]},
        "breadcrumb": crumbs((_("Bàn giao sổ"), reverse("registers:handovers")), (found.act_number, "")),
        "facts": _facts(found),
        "columns": [Column(_("Quyển")), Column(_("Nơi đăng ký")), Column(_("Nơi lưu giữ hiện nay")),
                    Column(_("Kho lưu"))],
        "rows": [
            Row(str(book.id), [f"{short_name(book.register_type)} {book.label}", book.origin_office.name,
                               book.keeping_office.name, book.storage_location or "–"])
            for book in books_of_handover(found)
        ],
        "may_give": found.state == "planned"
        and (actor.may(CUSTODY) or (own and found.from_office_id in actor.office_ids)),
        "may_receive": found.state == "handed_over" and found.handed_over_by not in actor.hands
        and (actor.may(CUSTODY) or (own and found.to_office_id in actor.office_ids)),
        "may_cancel": found.state in ("planned", "handed_over") and actor.may(CUSTODY),
    }  # fmt: skip
    return render(request, "registers/offices_handover.html", context)


def _facts(found: BookHandover) -> list[dict[str, Any]]:
    names = names_of_officers(filter(None, [found.planned_by, found.handed_over_by, found.received_by]))

    def who(officer: int | None, at: Any) -> str:
        return f"{names.get(officer, '–')}, {clock.in_vietnam(at):%H:%M %d/%m/%Y}" if officer and at else ""

    act = found.act_number
    if found.act_date:
        act = _("%(number)s ngày %(day)s") % {"number": act, "day": f"{found.act_date:%d/%m/%Y}"}
    return [
        {"label": _("Quyết định"), "value": act, "note": found.act_authority},
        {"label": _("Từ ngày"), "value": f"{found.from_day:%d/%m/%Y}"},
        {"label": _("Bên giao"), "value": found.from_office.name},
        {"label": _("Bên nhận"), "value": found.to_office.name, "note": found.place},
        {"label": _("Người lập"), "value": who(found.planned_by, found.planned_at)},
        {"label": _("Người bàn giao"), "value": who(found.handed_over_by, found.handed_over_at)},
        {"label": _("Người nhận"), "value": who(found.received_by, found.received_at)},
        {"label": _("Ghi chú"), "value": found.notes},
    ]


@needs(BOOKS, CUSTODY)
@require_POST
def handover_step(request: HttpRequest, handover_id: UUID, step: str) -> HttpResponse:
    """Handed over, received, or given up."""
    done = {"giao": _("Đã ghi nhận bàn giao."), "nhan": _("Đã ghi nhận tiếp nhận."), "huy": _("Đã hủy bàn giao.")}
    if step not in done:
        raise Http404(step)
    call: dict[str, Any] = {"actor": actor_of(request), "at": clock.now(), "handover_id": handover_id}
    with telling(request, done[step]):
        call["version"] = posted_version(request)
        if step == "giao":
            services.hand_over_books(**call)
        elif step == "nhan":
            services.receive_books(**call)
        else:
            services.cancel_handover(**call, reason=request.POST.get("reason", ""))
    return redirect("registers:handover", handover_id)
