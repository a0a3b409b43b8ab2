"""Reads: proposals of one's offices, counted by kind, one with both entries, and the next to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PersonLink
from hotich.reconciliation.models import LinkProposal, ProposalState
from hotich.reconciliation.rules.families import RULE_VERSION
from hotich.records.models import Participant

SEES = ("person.decide_links", "person.read")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its participant, everybody in its entry by role, and who it is concluded to be."""

    participant: Participant
    entry: Mapping[str, Participant]
    person_id: UUID | None


def proposals(
    actor: Actor, *, state: str = ProposalState.OPEN, kind: str = "", office_id: int | None = None
) -> QuerySet[LinkProposal]:
    """Those of one's offices that one may see, the likeliest first; `state` "" means any.

    An entry that became restricted since is left out. Raises RuleBroken not_allowed.
    """
    if not any(actor.may(right) for right in SEES):
        raise RuleBroken("not_allowed")
    rows = LinkProposal.objects.filter(
        origin_office_id__in=actor.office_ids, first__restricted=False, second__restricted=False
    )
    for name, value in (("state", state), ("kind", kind)):
        rows = rows.filter(**{name: value}) if value else rows
    if office_id is not None:
        rows = rows.filter(Q(first__origin_office_id=office_id) | Q(second__origin_office_id=office_id))
    return rows.select_related(
        "first__record__book", "first__record__origin_office", "second__record__book", "second__record__origin_office"
    ).order_by("-score", "id")


def open_of_earlier_rules(actor: Actor) -> int:
    """How many wait that an earlier version of the rule weighed: a search weighs them anew."""
    return proposals(actor).exclude(rule_version=RULE_VERSION).count()


def open_by_kind(actor: Actor) -> dict[str, int]:
    """How many wait for a decision, by kind."""
    counted = proposals(actor).order_by().values_list("kind").annotate(number=Count("id"))
    return dict(counted)


def proposal_of(actor: Actor, proposal_id: UUID) -> LinkProposal:
    """One proposal. Raises RuleBroken not_allowed, proposal_unknown."""
    found = proposals(actor, state="").filter(id=proposal_id).first()
    if found is None:
        raise RuleBroken("proposal_unknown")
    return found


def sides_of(proposal: LinkProposal) -> tuple[Side, Side]:
    """Both entries with the people in them that are not restricted."""
    records = [proposal.first.record_id, proposal.second.record_id]
    entries: dict[UUID, dict[str, Participant]] = {each: {} for each in records}
    for each in Participant.objects.filter(record_id__in=records, restricted=False):
        entries[each.record_id][each.role] = each
    links = PersonLink.objects.filter(participant_id__in=[proposal.first_id, proposal.second_id])
    persons = dict(links.values_list("participant_id", "person_id"))
    first, second = (
        Side(each, entries[each.record_id], persons.get(each.id)) for each in (proposal.first, proposal.second)
    )
    return first, second


def next_open(actor: Actor, after: LinkProposal) -> LinkProposal | None:
    """The one to decide next, of the same kind: as likely or less, else the likeliest; then those that were put off."""
    rows = proposals(actor, kind=after.kind).exclude(id=after.id)
    fresh = rows.filter(put_off_at__isnull=True)
    following = fresh.filter(Q(score__lt=after.score) | Q(score=after.score, id__gt=after.id)).first()
    return following or fresh.first() or rows.order_by("put_off_at", "id").first()


def waiting_like(actor: Actor, proposal: LinkProposal) -> int:
    """How many of its kind wait for a decision."""
    return proposals(actor, kind=proposal.kind).count()
