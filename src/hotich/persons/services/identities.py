"""Numbers taken over from the population database: beside the record, an input of every drawing, and taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.copy import copy_objects
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PopulationNumber
from hotich.persons.services.drawing import draw_conclusions, draw_for_numbers
from hotich.records.models import Participant
from hotich.records.rules.keys import personal_id_key
from hotich.records.services.access import lookup_secret

MAY_TAKE = ("population.look_up", "population.settle", "population.verify", "population.match", "case.approve")
MAY_WITHDRAW = ("population.settle", "population.verify", "population.match")
_NUMBER = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A number of the population database for one participant; `citizen_ref` is that database's id of the citizen."""

    participant_id: UUID
    personal_id: str
    citizen_ref: str
    reason: str


def take_over_identity(
    *, actor: Actor, at: datetime, participant_id: UUID, personal_id: str, citizen_ref: str, reason: str
) -> PopulationNumber:
    """`take_over_identities` for one participant."""
    wanted = TakenOver(participant_id, personal_id, citizen_ref, reason)
    return take_over_identities(actor=actor, at=at, taken=[wanted])[0]


def take_over_identities(*, actor: Actor, at: datetime, taken: Sequence[TakenOver]) -> list[PopulationNumber]:
    """Keep numbers beside the records and draw conclusions where they say something new, in one transaction; at most 1,000
    a call.

    The same number again changes nothing; another one takes the place of the former, which is kept as withdrawn. A book
    that has a number of its own keeps it: the one taken over is shown, and links nobody (decision 0005). The system itself
    (no officer) may take over what was answered later.
    Raises RuleBroken: not_allowed, reason_missing, participant_unknown, population_number_malformed.
    """
    _must_have(actor, MAY_TAKE)
    if any(not each.reason.strip() for each in taken):
        raise RuleBroken("reason_missing", field="reason")
    if any(not _NUMBER.fullmatch(each.personal_id) for each in taken):
        raise RuleBroken("population_number_malformed", field="personal_id")
    with unit_of_work(actor=actor, at=at) as work:
        people = _locked(actor, [each.participant_id for each in taken])
        known = _in_force(list(people))
        secret = lookup_secret()
        exchanged: set[UUID] = set()  # records in which another number was in force
        fresh: list[PopulationNumber] = []
        for each in taken:
            person, before = people[each.participant_id], known.get(each.participant_id)
            if before is not None and before.personal_id == each.personal_id:
                continue
            if before is not None:
                _withdraw(before, "", actor, at)
                exchanged.add(person.record_id)
            known[person.id] = _noted(person, each, before, personal_id_key(secret, each.personal_id), actor, at, work)
            fresh.append(known[person.id])
        copy_objects(fresh)
        if fresh:
            draw_for_numbers(actor=actor, at=at, numbers=fresh, also_records=exchanged)
    return [known[each.participant_id] for each in taken]


def withdraw_identity(*, actor: Actor, at: datetime, participant_id: UUID, reason: str) -> PopulationNumber | None:
    """Take back the number that was taken over for a participant: it was another citizen's. None if there is none.

    Conclusions are drawn again as if it had never been taken over. Raises RuleBroken: not_allowed, reason_missing,
    participant_unknown.
    """
    _must_have(actor, MAY_WITHDRAW)
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with unit_of_work(actor=actor, at=at) as work:
        person = _locked(actor, [participant_id])[participant_id]
        number = _in_force([participant_id]).get(participant_id)
        if number is None:
            return None
        _withdraw(number, reason, actor, at)
        work.record(
            "identity.withdrawn",
            subject_kind="participant",
            subject_id=participant_id,
            subject_office=person.origin_office_id,
            before={"personal_id": number.personal_id, "citizen_ref": number.citizen_ref},
            after={"reason": number.withdrawal_reason},
            facts={"record_id": str(person.record_id)},
        )
        draw_conclusions(actor=actor, at=at, record_ids=[person.record_id])
    return number


def _must_have(actor: Actor, rights: Sequence[str]) -> None:
    if actor.officer_id is not None and not any(actor.may(right) for right in rights):
        raise RuleBroken("not_allowed")


def _locked(actor: Actor, participants: Sequence[UUID]) -> dict[UUID, Participant]:
    """The participants, locked in the order of their ids."""
    rows = Participant.objects.select_for_update().filter(id__in=participants, origin_office_id__in=actor.office_ids)
    people = {each.id: each for each in rows.order_by("id")}
    if set(participants) - set(people):
        raise RuleBroken("participant_unknown")
    return people


def _in_force(participants: Sequence[UUID]) -> dict[UUID, PopulationNumber]:
    rows = PopulationNumber.objects.filter(participant_id__in=participants, withdrawn_at__isnull=True)
    return {each.participant_id: each for each in rows}


def _noted(
    person: Participant,
    wanted: TakenOver,
    before: PopulationNumber | None,
    key: str,
    actor: Actor,
    at: datetime,
    work: UnitOfWork,
) -> PopulationNumber:
    """The number to be kept, in the trail already."""
    number = PopulationNumber(
        origin_office_id=person.origin_office_id,
        record_id=person.record_id,
        participant_id=person.id,
        personal_id=wanted.personal_id,
        personal_id_key=key,
        citizen_ref=wanted.citizen_ref[:40],
        reason=wanted.reason.strip()[:500],
        taken_by=actor.officer_id,
        taken_at=at,
    )
    work.record(
        "identity.taken_over",
        subject_kind="participant",
        subject_id=person.id,
        subject_office=person.origin_office_id,
        before={"personal_id": before.personal_id} if before else None,
        after={"personal_id": number.personal_id, "citizen_ref": number.citizen_ref, "reason": number.reason},
        facts={"record_id": str(person.record_id)},
    )
    return number


def _withdraw(number: PopulationNumber, reason: str, actor: Actor, at: datetime) -> None:
    number.withdrawn_by, number.withdrawn_at, number.withdrawal_reason = actor.officer_id, at, reason.strip()[:500]
    if not number._state.adding:  # else another one for the same participant in this call: written as withdrawn
        number.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
