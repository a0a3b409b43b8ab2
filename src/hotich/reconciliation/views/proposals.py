"""Duplicates and families: what is proposed, where to search next, and how far searches are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.persons.views.kinship import record_name
from hotich.reconciliation import tasks
from hotich.reconciliation.forms.proposals import ALL, LinkSearchForm, ProposalFilter
from hotich.reconciliation.models import LinkProposal, ProposalKind, ProposalState
from hotich.reconciliation.queries import proposals as queries
from hotich.reconciliation.queries.link_searches import search_of, searches_to_show
from hotich.reconciliation.rules.link_searches import UNDER_WAY
from hotich.reconciliation.services import link_searches as searches
from hotich.reconciliation.services import proposals as services
from hotich.reconciliation.views.proposal_progress import search_words
from hotich.reconciliation.views.proposal_words import STATE_TONES, kind_name, reasons, role_in, state_name, strength
from hotich.records.views.parts import birth_of
from hotich.registers.queries import books_of_offices
from hotich.registers.rules.parameters import constant
from hotich.registers.views.parts import actor_of, needs, or_not_found, short_name, telling
from hotich.units.queries import offices_by_id
from hotich.web.rules.tables import Cell, Column, Row

PAGE_SIZE = 50


@needs(*queries.SEES)
@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits, by kind, the likeliest first; and where to search next."""
    actor = actor_of(request)
    offices = {office.id: office.name for office in offices_by_id(actor.office_ids).values()}
    form = ProposalFilter(request.GET, offices=offices)
    given = form.cleaned_data if form.is_valid() else {}
    kind = given.get("loai", "") if given.get("loai", "") in ProposalKind.values else ""
    state = given.get("trang_thai") or ProposalState.OPEN
    rows = queries.proposals(actor, state="" if state == ALL else state, kind=kind, office_id=given.get("co_quan"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    decides = actor.may(services.RIGHT)
    context = {
        "filter": form,
        "tabs": _tabs(actor, kind),
        "columns": _columns() if state == ALL else _columns()[:-1],
        "rows": [_row(each, with_state=state == ALL) for each in page.object_list],
        "page": page,
        "nothing_yet": not rows.exists() and not queries.proposals(actor, state="").exists(),
        "earlier": _earlier(queries.open_of_earlier_rules(actor)),
        "search": LinkSearchForm(what=_what(actor, offices)) if decides else None,
        "searches": [search_words(actor, each) for each in searches_to_show(actor)],
        "bulk_url": reverse("reconciliation:link_bulks"),
        "first_url": _first(actor, kind),
        "by_rule": bool(constant("population_links_by_rule")),
        "clear_url": reverse("reconciliation:proposals") if request.GET else "",
    }
    return render(request, "reconciliation/proposals.html", context)


def _earlier(number: int) -> str:
    """What to do about proposals that an earlier version of the rule weighed; "" where there are none."""
    text = ngettext(
        "%(number)d đề xuất đang chờ do quy tắc trước đây lập. Hãy tìm lại để tính theo quy tắc hiện hành.",
        "%(number)d đề xuất đang chờ do quy tắc trước đây lập. Hãy tìm lại để tính theo quy tắc hiện hành.",
        number,
    )
    return text % {"number": number} if number else ""


def _first(actor: Actor, kind: str) -> str:
    """Where deciding one after the other begins: the likeliest that nobody put off."""
    if not actor.may(services.RIGHT):
        return ""
    found = queries.proposals(actor, kind=kind).filter(put_off_at__isnull=True, bulk__isnull=True).first()
    return reverse("reconciliation:proposal", args=[found.id]) if found else ""


def _tabs(actor: Actor, kind: str) -> list[dict[str, Any]]:
    counts, url = queries.open_by_kind(actor), reverse("reconciliation:proposals")
    first = {"label": _("Tất cả"), "url": url, "active": not kind, "count": sum(counts.values())}
    return [
        first,
        *({"label": kind_name(each), "url": f"{url}?loai={each}", "active": kind == each, "count": counts.get(each, 0)}
          for each in ProposalKind.values),
    ]  # fmt: skip


def _columns() -> list[Column]:
    return [Column(_("Người thứ nhất")), Column(_("Người thứ hai")), Column(_("Đề xuất")), Column(_("Mức giống nhau")),
            Column(_("Vì sao")), Column(_("Trạng thái"))]  # fmt: skip


def _row(proposal: LinkProposal, *, with_state: bool) -> Row:
    words, tone = strength(proposal.score)
    state = Cell(state_name(proposal.state), tone=STATE_TONES[ProposalState(proposal.state)])
    url = reverse("reconciliation:proposal", args=[proposal.id])
    return Row(
        str(proposal.id),
        [_who(proposal.first, url), _who(proposal.second), Cell(kind_name(proposal.kind)), Cell(words, tone=tone),
         Cell(reasons(proposal)), *([state] if with_state else [])],
    )  # fmt: skip


def _who(participant: Any, url: str = "") -> Cell:
    about = f"{role_in(participant)}, {record_name(participant.record)}"
    birth = birth_of(participant)
    return Cell(participant.full_name, url=url, note=f"{birth} · {about}" if birth else about)


def _what(actor: Actor, offices: dict[int, str]) -> list[tuple[str, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for book in books_of_offices(actor.office_ids).filter(origin_office_id__in=actor.office_ids):
        kind = short_name(book.register_type)
        place = f" · {offices.get(book.origin_office_id, '')}" if len(offices) > 1 else ""
        groups.setdefault(kind, []).append((f"book:{book.id}", f"{kind} {book.label}{place}"))
    whole = [(f"office:{key}", _("Mọi sổ của %(office)s") % {"office": name}) for key, name in offices.items()]
    return [*whole, *groups.items()]


@needs(services.RIGHT)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Have the records of an office, or of one book, searched in the background."""
    actor = actor_of(request)
    offices = {office.id: office.name for office in offices_by_id(actor.office_ids).values()}
    form = LinkSearchForm(request.POST, what=_what(actor, offices))
    if not form.is_valid():
        messages.error(request, _("Hãy chọn sổ hoặc cơ quan cần tìm."))
        return redirect("reconciliation:proposals")
    kind, _colon, key = form.cleaned_data["what"].partition(":")
    office_id, book_id = (int(key), None) if kind == "office" else (_office_of_book(actor, UUID(key)), UUID(key))
    before = clock.now()
    with telling(request), transaction.atomic():
        made = searches.plan_search(actor=actor, at=before, office_id=office_id, book_id=book_id)
        if made.asked_at == before:
            tasks.search_links_later(actor, made)
            messages.success(request, _("Đang tìm trong nền; đề xuất hiện dần ở đây. Có thể rời trang này."))
        else:
            messages.info(request, _("Sổ hoặc cơ quan này đang được tìm."))
    return redirect("reconciliation:proposals")


def _office_of_book(actor: Actor, book_id: UUID) -> int:
    return int(books_of_offices(actor.office_ids).values_list("origin_office_id", flat=True).get(id=book_id))


@needs(*queries.SEES)
@require_GET
def search_progress(request: HttpRequest, link_search_id: UUID) -> HttpResponse:
    """How far a search is; when it has ended the list is loaded anew."""
    actor = actor_of(request)
    with or_not_found():
        found = search_of(actor, link_search_id)
    answer = render(request, "reconciliation/parts/link_search.html", {"each": search_words(actor, found)})
    if found.state not in UNDER_WAY:
        answer["HX-Refresh"] = "true"
    return answer


@needs(services.RIGHT)
@require_POST
def search_act(request: HttpRequest, link_search_id: UUID) -> HttpResponse:
    """Stop a search after the piece it is at, let it go on, or look again at whom it could not look at."""
    actor, now = actor_of(request), clock.now()
    with telling(request), transaction.atomic():
        if (act := request.POST.get("act")) in ("resume", "retry"):
            again = searches.resume_search if act == "resume" else searches.retry_search
            tasks.search_links_later(actor, again(actor=actor, at=now, search_id=link_search_id))
            told = _("Đã cho chạy tiếp.") if act == "resume" else _("Đang làm lại các mục gặp lỗi.")
            messages.success(request, told)
        else:
            searches.stop_search(actor=actor, at=now, search_id=link_search_id)
            messages.success(request, _("Đã dừng; đề xuất đã tìm thấy vẫn giữ nguyên."))
    return redirect("reconciliation:proposals")
