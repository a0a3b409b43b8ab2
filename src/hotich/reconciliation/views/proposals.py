"""Duplicates and families: what is proposed, one proposal side by side, and deciding it."""

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
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.persons.views.kinship import record_name
from hotich.reconciliation import tasks
from hotich.reconciliation.forms.proposals import ALL, LinkSearchForm, ProposalFilter
from hotich.reconciliation.models import LinkProposal, ProposalKind, ProposalState
from hotich.reconciliation.queries import proposals as queries
from hotich.reconciliation.queries.link_candidates import known_of
from hotich.reconciliation.rules.families import faults_of
from hotich.reconciliation.services import proposals as services
from hotich.reconciliation.views.proposal_words import (
    STATE_TONES,
    evidence_lines,
    fault_names,
    kind_name,
    reasons,
    role_in,
    settled_words,
    side_links,
    sides_in_rows,
    state_name,
    strength,
)
from hotich.records.services import note_reading
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
        "search": LinkSearchForm(what=_what(actor, offices)) if decides else None,
        "by_rule": bool(constant("population_links_by_rule")),
        "clear_url": reverse("reconciliation:proposals") if request.GET else "",
    }
    return render(request, "reconciliation/proposals.html", context)


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
    with transaction.atomic():
        begun = tasks.search_links_later(actor, office_id, book_id)
    if begun:
        messages.success(request, _("Đang tìm trong nền; đề xuất hiện dần ở đây. Có thể rời trang này."))
    else:
        messages.info(request, _("Sổ hoặc cơ quan này đang được tìm."))
    return redirect("reconciliation:proposals")


def _office_of_book(actor: Actor, book_id: UUID) -> int:
    return int(books_of_offices(actor.office_ids).values_list("origin_office_id", flat=True).get(id=book_id))


@needs(*queries.SEES)
@require_GET
def proposal(request: HttpRequest, link_proposal_id: UUID) -> HttpResponse:
    """Both entries side by side, what speaks for and against, and the decision. Reading it is in the trail."""
    actor, now = actor_of(request), clock.now()
    with or_not_found():
        found = queries.proposal_of(actor, link_proposal_id)
    first, second = queries.sides_of(found)
    for side in (first, second):
        note_reading(
            actor=actor, at=now, subject_kind="record", subject_id=side.participant.record_id,
            subject_office=side.participant.origin_office_id, facts={"part": "trung_lap"},
        )  # fmt: skip
    known = known_of([found.first_id, found.second_id])
    members = [known.members[each] for each in (found.first_id, found.second_id) if each in known.members]
    faults = faults_of(members[0], members[1], services.limits()) if len(members) == 2 else ()
    is_one = first.person_id is not None and first.person_id == second.person_id
    following = queries.next_open(actor, found)
    words, tone = strength(found.score)
    context = {
        "found": found,
        "kind": kind_name(found.kind),
        "state": state_name(found.state),
        "state_tone": STATE_TONES[ProposalState(found.state)],
        "strength": words,
        "strength_tone": tone,
        "rows": sides_in_rows(first, second),
        "sides": [side_links(first, actor), side_links(second, actor)],
        "same_hidden": {"decision": "same"},
        "apart_hidden": {"decision": "apart"},
        "evidence": evidence_lines(found),
        "faults": fault_names(faults),
        "is_one": is_one,
        "margin": None if found.margin is None else strength(found.margin)[0],
        "is_behind": found.margin is not None and found.margin < 0,
        "is_duplicate": found.kind == ProposalKind.DUPLICATE_RECORD,
        "who": settled_words(found, names_of_officers([found.decided_by or 0])),
        "may_decide": actor.may(services.RIGHT) and found.state in services.DECIDABLE and not is_one,
        "may_accept": not faults,
        "may_undo": actor.may(services.RIGHT) and found.state in services.DECIDED,
        "supersede": _acts_on_entries(found, actor),
        "next_url": reverse("reconciliation:proposal", args=[following.id]) if following else "",
    }
    return render(request, "reconciliation/proposal.html", context)


def _acts_on_entries(found: LinkProposal, actor: Actor) -> list[dict[str, str]]:
    """Where an entry made twice is replaced by the other: an act of its own, with its own right."""
    if found.kind != ProposalKind.DUPLICATE_RECORD or found.state != ProposalState.ACCEPTED:
        return []
    if not actor.may("record.annul"):
        return []
    records = (found.first.record, found.second.record)
    return [{"label": record_name(each), "url": reverse("persons:supersede", args=[each.id])} for each in records]


@needs(services.RIGHT)
@require_POST
def decide(request: HttpRequest, link_proposal_id: UUID) -> HttpResponse:
    """Both are one person, or two; then the next one."""
    actor = actor_of(request)
    same = {"same": True, "apart": False}.get(request.POST.get("decision", ""))
    back = reverse("reconciliation:proposal", args=[link_proposal_id])
    if same is None:
        messages.error(request, _("Hãy chọn: là một người, hay là hai người khác nhau."))
        return redirect(back)
    done = _("Đã xác định là một người.") if same else _("Đã xác định là hai người khác nhau.")
    with telling(request, done):
        made = services.decide_proposal(
            actor=actor, at=clock.now(), proposal_id=link_proposal_id, same=same, reason=request.POST.get("reason", "")
        )
        following = None if made.kind == ProposalKind.DUPLICATE_RECORD and same else queries.next_open(actor, made)
        back = reverse("reconciliation:proposal", args=[following.id]) if following else back
    return redirect(back)


@needs(services.RIGHT)
@require_POST
def undo(request: HttpRequest, link_proposal_id: UUID) -> HttpResponse:
    """Take back what was decided."""
    with telling(request, _("Đã hoàn tác; đề xuất có thể được quyết định lại.")):
        services.undo_proposal(
            actor=actor_of(request), at=clock.now(), proposal_id=link_proposal_id, reason=request.POST.get("reason", "")
        )
    return redirect("reconciliation:proposal", link_proposal_id)
