"""Nobody is entered twice: two records of one person ask for one number."""

from __future__ import annotations

import hmac

from django.db.models import Q

from hotich.database.state import former_secrets
from hotich.persons.models import PersonLink
from hotich.reconciliation.models import PopulationCheck, PopulationRequest, RequestKind, RequestState
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.rules.creation import same_person
from hotich.reconciliation.rules.request_workflow import OPEN
from hotich.records.services.access import lookup_secret


def is_asked_of_another(check: PopulationCheck, facts: BookFacts) -> bool:
    """Whether the same person (as books tell him, or as records are drawn) is being entered because of another record."""
    rows = PopulationRequest.objects.filter(kind=RequestKind.CREATE, state__in=[*OPEN, RequestState.DONE])
    rows = rows.exclude(check_of=check)
    if (keys := _keys_of_same(facts)) and rows.filter(same_key__in=keys).exists():
        return True
    own = Q(participant_id=check.participant_id)
    links = PersonLink.objects.filter(person_id__in=PersonLink.objects.filter(own).values("person_id")).exclude(own)
    return rows.filter(check_of__participant_id__in=links.values("participant_id")).exists()


def key_of_same(facts: BookFacts) -> str:
    """The keyed hash of `rules.creation.same_person`."""
    return next(iter(_keys_of_same(facts)), "")


def _keys_of_same(facts: BookFacts) -> list[str]:
    """Under the secret in use, and under those before it that are not forgotten: what stands is not hashed anew."""
    told = same_person(facts)
    secrets = dict.fromkeys([lookup_secret(), *former_secrets("lookup")]) if told else ()
    return [hmac.new(key.encode(), f"same_person\x1f{told}".encode(), "sha256").hexdigest() for key in secrets]
