"""One proposal: both scans and both entries side by side, what speaks for and against, the decision by key, the next one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.persons.views.kinship import record_name
from hotich.reconciliation.models import LinkProposal, ProposalKind, ProposalState
from hotich.reconciliation.queries import link_bulks
from hotich.reconciliation.queries import proposals as queries
from hotich.reconciliation.queries.link_candidates import joining_of, known_of
from hotich.reconciliation.queries.proposals import Side
from hotich.reconciliation.rules.families import faults_of
from hotich.reconciliation.services import proposals as services
from hotich.reconciliation.views.proposal_words import (
    STATE_TONES,
    caution,
    evidence_lines,
    fault_names,
    kind_name,
    reasons,
    settled_words,
    side_links,
    sides_in_rows,
    state_name,
    strength,
)
from hotich.records.services import note_reading
from hotich.records.views.parts import scan_places
from hotich.registers.views.parts import actor_of, needs, or_not_found, telling

LAST = "proposal_decided_last"
"""In the session: the id of the proposal this officer decided last, to take it back by one key."""


@needs(*queries.SEES)
@require_GET
def proposal(request: HttpRequest, link_proposal_id: UUID) -> HttpResponse:
    """Both entries side by side, what speaks for and against, and the decision. Reading it is in the trail."""
    actor, now = actor_of(request), clock.now()
    with or_not_found():
        found = queries.proposal_of(actor, link_proposal_id)
    sides = queries.sides_of(found)
    for side in sides:
        note_reading(
            actor=actor, at=now, subject_kind="record", subject_id=side.participant.record_id,
            subject_office=side.participant.origin_office_id, facts={"part": "trung_lap"},
        )  # fmt: skip
    is_one = sides[0].person_id is not None and sides[0].person_id == sides[1].person_id
    faults = _faults(found, is_one=is_one)
    context = {
        **_words(found),
        **_acts(request, actor, found, faults, is_one=is_one),
        "rows": sides_in_rows(*sides),
        "sides": [side_links(side, actor) for side in sides],
        "scans": _scans(actor, sides),
        "faults": faults,
        "is_one": is_one,
    }
    return render(request, "reconciliation/proposal.html", context)


def _words(found: LinkProposal) -> dict[str, Any]:
    words, tone = strength(found.score)
    return {
        "found": found,
        "kind": kind_name(found.kind),
        "state": state_name(found.state),
        "state_tone": STATE_TONES[ProposalState(found.state)],
        "strength": words,
        "strength_tone": tone,
        "evidence": evidence_lines(found),
        "caution": caution(found),
        "margin": None if found.margin is None else strength(found.margin)[0],
        "is_behind": found.margin is not None and found.margin < 0,
        "is_duplicate": found.kind == ProposalKind.DUPLICATE_RECORD,
        "who": settled_words(found, names_of_officers([found.decided_by or 0])),
    }


def _acts(
    request: HttpRequest, actor: Actor, found: LinkProposal, faults: list[str], *, is_one: bool
) -> dict[str, Any]:
    following = _following(actor, found)
    last = request.session.get(LAST, "")
    decides = actor.may(services.RIGHT)
    return {
        "may_decide": decides and found.state in services.DECIDABLE and not is_one,
        "may_accept": not faults,
        "may_undo": decides and found.state in services.DECIDED,
        "undo_last": last if decides and last != str(found.id) else "",
        "supersede": _acts_on_entries(found, actor),
        "next_url": reverse("reconciliation:proposal", args=[following.id]) if following else "",
        "waiting": queries.waiting_like(actor, found),
        "sample": _sample(found),
    }


def _sample(found: LinkProposal) -> dict[str, Any] | None:
    """Of which bulk this is looked at first, and how many of its sample still wait."""
    if found.bulk_id is None or not found.in_sample or found.bulk is None:
        return None
    left = link_bulks.sample_left(found.bulk)
    return {"url": reverse("reconciliation:link_bulk", args=[found.bulk_id]), "left": left, "all": found.bulk.sampled}


def _faults(found: LinkProposal, *, is_one: bool) -> list[str]:
    """Why both cannot be one person: of these two entries, or of others of the same persons."""
    pair = (found.first_id, found.second_id)
    known = known_of(pair)
    members = [known.members[each] for each in pair if each in known.members]
    if len(members) < 2 or is_one:
        return []
    own = fault_names(faults_of(members[0], members[1], services.limits()))
    if own or joining_of(pair, services.limits()).may_join(*pair):
        return own
    return [_("Một bản ghi khác của một trong hai người mâu thuẫn với việc ghép.")]


def _scans(actor: Actor, sides: tuple[Side, Side]) -> list[dict[str, Any]]:
    """The scans of both entries; () for who may not read entries, or where neither has one."""
    if not actor.may("record.read"):
        return []
    shown = []
    for side in sides:
        files = side.participant.record.attachments.select_related("file").order_by("created_at", "id")
        shown.append({"title": record_name(side.participant.record), **scan_places(list(files))})
    return shown if any(each["scan_url"] for each in shown) else []


def _following(actor: Actor, found: LinkProposal) -> LinkProposal | None:
    if found.bulk_id is not None and found.in_sample:
        following = link_bulks.next_of_sample(actor, found.bulk_id, but=found.id)
        if following is not None:
            return following
    return queries.next_open(actor, found)


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
    """Both are one person, or two, or later; then the next one opens by itself."""
    actor, now = actor_of(request), clock.now()
    back = reverse("reconciliation:proposal", args=[link_proposal_id])
    decision = request.POST.get("decision", "")
    if decision not in ("same", "apart", "later"):
        messages.error(request, _("Hãy chọn: là một người, hay là hai người khác nhau."))
        return redirect(back)
    with telling(request):
        with or_not_found():
            found = queries.proposal_of(actor, link_proposal_id)
        if decision == "later":
            made = services.put_off_proposal(actor=actor, at=now, proposal_id=link_proposal_id)
            messages.info(request, _("Đã để lại xem sau."))
        else:
            same = decision == "same"
            reason = request.POST.get("reason", "").strip() or _reason(found, same=same)
            made = services.decide_proposal(actor=actor, at=now, proposal_id=link_proposal_id, same=same, reason=reason)
            request.session[LAST] = str(made.id)
            messages.success(
                request, _("Đã xác định là một người.") if same else _("Đã xác định là hai người khác nhau.")
            )
        back = _after(actor, made)
    return redirect(back)


def _reason(found: LinkProposal, *, same: bool) -> str:
    """What stands as the reason of a decision made by one key: the evidence that was on the page. In Vietnamese always."""
    with translation.override("vi"):
        if not same:
            return _("Đã xem hai bản ghi cạnh nhau: là hai người khác nhau")
        return _("Đã xem hai bản ghi cạnh nhau: %(evidence)s") % {"evidence": reasons(found)}


def _after(actor: Actor, made: LinkProposal) -> str:
    """The next one; the bulk when its sample is through; an entry made twice stays, for what is to be done with it."""
    if made.kind == ProposalKind.DUPLICATE_RECORD and made.state == ProposalState.ACCEPTED:
        return reverse("reconciliation:proposal", args=[made.id])
    if made.bulk_id is not None and made.in_sample:
        following = link_bulks.next_of_sample(actor, made.bulk_id, but=made.id)
        if following is None or made.state == ProposalState.REJECTED:
            return reverse("reconciliation:link_bulk", args=[made.bulk_id])
    else:
        following = queries.next_open(actor, made)
    return reverse("reconciliation:proposal", args=[following.id]) if following else reverse("reconciliation:proposals")


@needs(services.RIGHT)
@require_POST
def undo(request: HttpRequest, link_proposal_id: UUID) -> HttpResponse:
    """Take back what was decided, and show it again."""
    reason = request.POST.get("reason", "").strip()
    if not reason and request.session.get(LAST) == str(link_proposal_id):
        reason = "Hoàn tác ngay sau khi quyết định"
    with telling(request, _("Đã hoàn tác; đề xuất có thể được quyết định lại.")):
        services.undo_proposal(actor=actor_of(request), at=clock.now(), proposal_id=link_proposal_id, reason=reason)
        request.session.pop(LAST, None)
    return redirect("reconciliation:proposal", link_proposal_id)
