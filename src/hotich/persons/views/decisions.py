"""Deciding who is who, from the page of a person: candidates, decisions and their undoing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons import services
from hotich.persons.models import LinkDecision
from hotich.persons.queries.candidates import Candidate, candidates_for, decisions_of
from hotich.persons.queries.profile import Profile, person_profile
from hotich.records.models import Participant
from hotich.records.views.parts import birth_of, role_names
from hotich.registers.views.parts import actor_of, needs, short_name, telling


def decisions_context(profile: Profile, actor: Actor) -> dict[str, Any]:
    """What the page of a person shows to whoever decides who is who; empty for anybody else."""
    if not actor.may("person.decide_links"):
        return {}
    decided = decisions_of(profile.links, actor)
    names = names_of_officers(decision.decided_by for decision, _own, _other in decided)
    own = [link for link in profile.links if link.participant.origin_office_id in actor.office_ids]
    return {
        "decides": True,
        "candidates": [_candidate(item, actor) for item in candidates_for(profile.links, actor)],
        "decisions": [_decision(decision, own_one, other, names, actor) for decision, own_one, other in decided],
        "partable": {str(link.participant_id): _partable(link.participant, actor) for link in own if len(own) > 1},
    }


def entry_line(participant: Participant, actor: Actor) -> dict[str, str]:
    """A participant in one line: who, born when, as what, in which record."""
    record = participant.record
    return {
        "id": str(participant.id),
        "name": participant.full_name or "–",
        "birth": birth_of(participant),
        "role": role_names(record).get(participant.role, participant.role),
        "record": f"{short_name(record.register_type)} {record.number_text}".strip(),
        "url": reverse("records:record", args=[record.id]) if actor.may("record.read") else "",
        "office": record.origin_office.name,
    }


def _partable(participant: Participant, actor: Actor) -> dict[str, Any]:
    key = str(participant.id)
    return {**entry_line(participant, actor), "dialog": f"part-{key}", "hidden": {"participant": key}}


def _candidate(item: Candidate, actor: Actor) -> dict[str, Any]:
    name = _("trùng họ tên") if item.same_accents else _("trùng họ tên khi bỏ dấu")
    birth = _("trùng ngày sinh") if item.same_birth else _("ngày sinh không mâu thuẫn")
    return {
        "entry": entry_line(item.participant, actor),
        "like": entry_line(item.like, actor),
        "pair": [entry_line(item.like, actor), entry_line(item.participant, actor)],
        "person_url": reverse("persons:person", args=[item.person_id]),
        "why": f"{name}, {birth}",
        "dialog": f"decide-{item.participant.id}",
    }


def _decision(
    decision: LinkDecision, own: Participant, other: Participant, names: dict[int, str], actor: Actor
) -> dict[str, Any]:
    return {
        "id": decision.id,
        "same": decision.same,
        "reason": decision.reason,
        "at": decision.decided_at,
        "who": names.get(decision.decided_by, ""),
        "own": entry_line(own, actor),
        "other": entry_line(other, actor),
        "may_undo": decision.origin_office_id in actor.office_ids,
        "dialog": f"undo-{decision.id}",
    }


@needs("person.decide_links")
@require_POST
def decide_link(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Say that a participant of this person and one of another are, or are not, one person."""
    same = {"same": True, "apart": False}.get(request.POST.get("decision", ""))
    if same is None:
        messages.error(request, _("Hãy chọn: là một người, hay là hai người khác nhau."))
        return redirect("persons:person", person_id)
    done = _("Đã xác định là một người.") if same else _("Đã xác định là hai người khác nhau.")
    with telling(request, done):
        services.decide_link(
            actor=actor_of(request), at=clock.now(), first_id=_uuid(request, "first"),
            second_id=_uuid(request, "second"), same=same, reason=request.POST.get("reason", ""),
        )  # fmt: skip
    return redirect("persons:person", person_id)


@needs("person.decide_links")
@require_POST
def split_off(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Say that one entry of this person is about somebody else."""
    actor, now = actor_of(request), clock.now()
    with telling(request, _("Đã tách: bản ghi này là của người khác.")):
        chosen = _uuid(request, "participant")
        links = person_profile(person_id, actor=actor, at=now).links
        others = {
            link.participant_id
            for link in links
            if link.participant_id != chosen and link.participant.origin_office_id in actor.office_ids
        }
        if chosen not in {link.participant_id for link in links}:
            raise RuleBroken("participant_unknown")
        services.split_off(
            actor=actor, at=now, participant_id=chosen, others=others, reason=request.POST.get("reason", "")
        )
    return redirect("persons:person", person_id)


@needs("person.decide_links")
@require_POST
def withdraw_decision(request: HttpRequest, person_id: UUID, decision_id: UUID) -> HttpResponse:
    """Take a decision back."""
    with telling(request, _("Đã bỏ quyết định; chỉ còn xác định theo số giấy tờ.")):
        services.withdraw_link_decision(
            actor=actor_of(request), at=clock.now(), decision_id=decision_id, reason=request.POST.get("reason", "")
        )
    return redirect("persons:person", person_id)


def _uuid(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise RuleBroken("participant_unknown") from None
