"""Items that differ only because the book tells a part of a date: counted, looked through, judged and settled together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.reconciliation.models import TrackingItem
from hotich.reconciliation.queries import tracking as queries
from hotich.reconciliation.queries import tracking_bulk as bulk_queries
from hotich.reconciliation.services import tracking_bulk as services
from hotich.reconciliation.views.tracking_parts import SETTLE, VERIFY, item_title, role_name, value_shown
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import actor_of, lang, needs, short_name, telling
from hotich.web.rules.formats import number_text

PAGE_SIZE = 50
ACTS: dict[str, Callable[..., services.Piece]] = {
    "rut": services.undo_judged, "ket-thuc": services.settle_judged, "mo-lai": services.reopen_settled,
}  # fmt: skip


@needs(*queries.SEES)
@require_GET
def part_only(request: HttpRequest) -> HttpResponse:
    """What waits to be judged together, person by person; and the acts so far with what may be done about each."""
    actor = actor_of(request)
    register = request.GET.get("loai", "")
    register = register if register in REGISTER_TYPES else ""
    counts = bulk_queries.counts_to_judge(actor) if actor.may(VERIFY) else []
    found = bulk_queries.to_judge(actor, register_type=register) if actor.may(VERIFY) else TrackingItem.objects.none()
    page = Paginator(found.select_related("check_of", "record__book"), PAGE_SIZE).get_page(request.GET.get("page"))
    bulks, total = _bulks(actor), page.paginator.count
    going_on = next((each for each in bulks if str(each["id"]) == request.GET.get("dot", "") and each["is_mine"]), None)
    context = {
        "may_judge": actor.may(VERIFY),
        "counts": [
            {"label": short_name(letters), "count": number, "url": f"?loai={letters}", "active": letters == register}
            for letters, number in counts
        ],
        "register": register, "all": sum(number for _letters, number in counts),
        "total": total, "piece": min(total, services.PIECE),
        "lines": _lines(list(page.object_list)), "list_page": page,
        "bulks": bulks, "going_on": going_on,
        "breadcrumb": [{"label": _("Danh sách theo dõi"), "url": reverse("reconciliation:tracking")},
                       {"label": _("Sổ ghi thiếu ngày sinh"), "url": ""}],
    }  # fmt: skip
    return render(request, "reconciliation/tracking_part_only.html", context)


def _lines(shown: list[TrackingItem]) -> list[dict[str, Any]]:
    people, fields = queries.people_of(shown), queries.fields_of(shown)
    return [
        {
            "id": item.id, "url": reverse("reconciliation:tracking_item", args=[item.id]), "title": item_title(item),
            "book": item.record.book.label if item.record is not None else "",
            "person": people[item.id].full_name if item.id in people else "–", "role": role_name(item.check_of.role),
            "ours": value_shown("birth", birth.ours), "theirs": value_shown("birth", birth.theirs),
        }
        for item in shown
        for birth in [next(each for each in fields[item.id] if each.field == "birth")]
    ]  # fmt: skip


def _bulks(actor: Actor) -> list[dict[str, Any]]:
    found = bulk_queries.bulks(actor)
    names = names_of_officers({each.verified_by for each in found})
    made = []
    for each in found:
        is_mine = each.verified_by in actor.hands
        made.append(
            {
                "id": each.id, "who": names.get(each.verified_by, "–"), "at": each.verified_at, "words": each.words,
                "open": each.open, "closed": each.closed, "is_mine": is_mine and actor.may(VERIFY),
                "may_undo": bool(each.open) and is_mine and actor.may(VERIFY),
                "may_settle": bool(each.open) and not is_mine and actor.may(SETTLE),
                "may_reopen": bool(each.closed) and actor.may(SETTLE),
                "url": reverse("reconciliation:tracking_part_only_act", args=[each.id]),
            }
        )  # fmt: skip
    return made


@needs(VERIFY)
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """The verifier's verdict on the next piece."""
    here, register = reverse("reconciliation:tracking_part_only"), request.POST.get("loai", "")
    register = register if register in REGISTER_TYPES else ""
    with telling(request):
        done = services.judge_part_only(
            actor=actor_of(request), at=clock.now(), words=request.POST.get("words", ""), register_type=register,
            bulk_id=_own(actor_of(request), request.POST.get("dot", "")),
        )  # fmt: skip
        _tell(request, done)
        here = f"{here}?loai={register}&dot={done.bulk_id}" if done.left else here
    return redirect(here)


def _own(actor: Actor, given: str) -> UUID | None:
    """The act that goes on: only one of this verifier."""
    return next((each.id for each in bulk_queries.bulks(actor) if str(each.id) == given and each.verified_by in actor.hands),
                None)  # fmt: skip


@needs(VERIFY, SETTLE)
@require_POST
def act(request: HttpRequest, tracking_bulk_id: UUID) -> HttpResponse:
    """Something about all items of one act: the verdict taken back, settled, opened again."""
    what = request.POST.get("viec", "")
    if not bulk_queries.is_known(actor_of(request), tracking_bulk_id):
        raise Http404
    if what in ACTS:
        more = (
            {"words": request.POST.get("words", "")}
            if what == "ket-thuc"
            else {"reason": request.POST.get("reason", "")}
        )
        with telling(request):
            _tell(request, ACTS[what](actor=actor_of(request), at=clock.now(), bulk_id=tracking_bulk_id, **more))
    return redirect("reconciliation:tracking_part_only")


def _tell(request: HttpRequest, done: services.Piece) -> None:
    shown = {"done": number_text(done.done, lang()), "left": number_text(done.left, lang())}
    text = _("Đã xử lý %(done)s mục.")
    if done.left:
        text = _("Đã xử lý %(done)s mục; còn %(left)s mục, bấm lần nữa để làm tiếp.")
    messages.success(request, text % shown)
