"""Reads: who else in one's offices may be the same person – for a human to decide, never joined by likeness."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.names import keyset
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import LinkDecision, PersonLink
from hotich.persons.queries.component import NOT_DRAWN
from hotich.persons.rules.linking import Somebody, compatible
from hotich.records.models import Participant
from hotich.records.rules.restricted import reveals_adoption, sees_restricted

MOST = 20  # candidates shown; a common name in a large commune has more than anybody would read
LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another person by one participant, and the participant of this person it is most like."""

    participant: Participant
    person_id: UUID
    like: Participant
    same_accents: bool  # the names are the same with their accents, not only without
    same_birth: bool  # both births are equally exact and the same

    @property
    def rank(self) -> tuple[bool, bool, str]:
        """The likeliest first."""
        return not self.same_birth, not self.same_accents, str(self.participant.id)


def candidates_for(links: Sequence[PersonLink], actor: Actor) -> list[Candidate]:
    """At most 20 other persons of one's offices with the same name and a birth that may be the same.

    Names are compared by equality of their keys (accents may be lost, their placement does not count); a birth that
    is not known suggests nobody. Whoever was already decided about is left out. Raises RuleBroken not_allowed.
    """
    if not actor.may("person.decide_links"):
        raise RuleBroken("not_allowed")
    own = [link.participant for link in links if link.participant.origin_office_id in actor.office_ids]
    own = [each for each in own if each.search_key and each.birth_earliest and each.birth_latest]
    if not own:
        return []
    decided = _decided({link.participant_id for link in links})
    best: dict[UUID, Candidate] = {}
    for link in _linked_elsewhere(own, {link.person_id for link in links}, actor):
        if link.participant_id in decided:
            continue
        for like in own:
            found = _candidate(link, like)
            if found and (link.person_id not in best or found.rank < best[link.person_id].rank):
                best[link.person_id] = found
    return sorted(best.values(), key=lambda item: item.rank)[:MOST]


def _linked_elsewhere(own: Iterable[Participant], persons: Collection[UUID], actor: Actor) -> list[PersonLink]:
    names = {each.search_key for each in own}
    found = (
        PersonLink.objects.filter(
            participant__keyset__in={keyset(name) for name in names},  # the index; the order of the parts counts here
            participant__search_key__in=names,
            participant__origin_office_id__in=actor.office_ids,
            participant__birth_earliest__isnull=False,
        )
        .exclude(person_id__in=persons)
        .exclude(participant__role__in=NOT_DRAWN)
        .select_related("participant", "participant__record", "participant__record__origin_office")
        .order_by("participant_id")[:LOOKED_AT]
    )
    if sees_restricted(actor):
        return list(found)
    return [
        link
        for link in found
        if not link.participant.restricted and not reveals_adoption(link.participant.record.register_type)
    ]


def _candidate(link: PersonLink, like: Participant) -> Candidate | None:
    other = link.participant
    if other.search_key != like.search_key or not compatible(_somebody(other), _somebody(like)):
        return None
    return Candidate(
        other,
        link.person_id,
        like,
        other.match_key == like.match_key,
        (other.birth_earliest, other.birth_latest) == (like.birth_earliest, like.birth_latest),
    )


def _somebody(each: Participant) -> Somebody:
    return Somebody(
        each.id, sex=each.sex, earliest=each.birth_earliest, latest=each.birth_latest, record_id=each.record_id
    )


def _decided(participants: Collection[UUID]) -> set[UUID]:
    pairs = _about(participants).values_list("first_id", "second_id")
    return {each for pair in pairs for each in pair}


def _about(participants: Collection[UUID]) -> QuerySet[LinkDecision]:
    return LinkDecision.objects.filter(Q(first_id__in=participants) | Q(second_id__in=participants))


def decisions_of(links: Sequence[PersonLink], actor: Actor) -> list[tuple[LinkDecision, Participant, Participant]]:
    """Decisions about the participants of a person, the newest first: (decision, this person's one, the other one)."""
    mine = {link.participant_id for link in links}
    found = _about(mine).select_related(
        "first__record", "first__record__origin_office", "second__record", "second__record__origin_office"
    )
    rows = []
    for decision in found.order_by("-decided_at", "id"):
        pair = decision.first, decision.second
        if not sees_restricted(actor) and any(
            each.restricted or reveals_adoption(each.record.register_type) for each in pair
        ):
            continue
        own, other = pair if decision.first_id in mine else pair[::-1]
        rows.append((decision, own, other))
    return rows
