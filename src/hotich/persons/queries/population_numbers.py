"""Reads: for whom a number was taken over from the population database, by the number typed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PersonLink, PopulationNumber
from hotich.records.rules.keys import personal_id_key
from hotich.records.rules.restricted import reveals_adoption, sees_restricted
from hotich.records.rules.search_numbers import meant_numbers

MOST = 20


@dataclass(frozen=True, slots=True)
class Holder:
    """A number in force and the person its participant is; None while no conclusion is drawn (record not in force)."""

    number: PopulationNumber
    person_id: UUID | None


def holders_of_number(document: str, *, actor: Actor, secret: str) -> list[Holder]:
    """At most 20 participants of one's offices for whom this number was taken over; two illegible figures may be x.

    Raises RuleBroken not_allowed.
    """
    if not actor.may("person.read") or not actor.may("record.read"):
        raise RuleBroken("not_allowed")
    keys = [personal_id_key(secret, each) for each in meant_numbers(document) if len(each) == 12 and each.isdigit()]
    if not keys:
        return []
    rows = (
        PopulationNumber.objects.filter(
            personal_id_key__in=keys, withdrawn_at__isnull=True, origin_office_id__in=actor.office_ids,
            participant__isnull=False,
        )
        .select_related("record", "record__origin_office", "record__book", "participant")
        .order_by("record__registered_earliest", "id")[: MOST * 2]
    )  # fmt: skip
    shown = [each for each in rows if sees_restricted(actor) or _open(each)][:MOST]
    links = PersonLink.objects.filter(participant_id__in=[each.participant_id for each in shown])
    persons = dict(links.values_list("participant_id", "person_id"))
    return [Holder(each, persons.get(each.participant_id)) for each in shown]


def _open(number: PopulationNumber) -> bool:
    return not number.participant.restricted and not reveals_adoption(number.record.register_type)
