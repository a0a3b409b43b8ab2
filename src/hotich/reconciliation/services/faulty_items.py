"""Participants a run or a search could not work on, proposals a bulk could not: put aside while the others go on, taken off
when they are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from hotich.reconciliation.models import FaultyItem, LinkBulk, LinkProposal, MatchRun
from hotich.reconciliation.queries.faulty_items import Owner, faulty_items, owned_by
from hotich.reconciliation.rules.faulty_items import Fault
from hotich.records.models import Participant, Record


@dataclass(frozen=True, slots=True)
class Subject:
    """What could not be worked on: a participant, or with role "" a record as a whole; with `proposal_id` a proposal, told by
    its first participant."""

    record_id: UUID
    office: int  # of the record
    role: str = ""
    participant_id: UUID | None = None
    proposal_id: UUID | None = None

    @property
    def key(self) -> dict[str, Any]:
        """The columns by which it is put aside once."""
        if self.proposal_id is not None:
            return {"proposal_id": self.proposal_id}
        return {"record_id": self.record_id, "role": self.role}


def put_aside(of: Owner, subjects: Sequence[Subject], faults: Sequence[Fault], *, at: datetime) -> Counter[int]:
    """Put each subject on record with its fault, once however often it is tried; how many, by office of the records.
    To be called in the transaction that goes on behind them."""
    numbers = {
        key: (letters, number)
        for key, letters, number in Record.objects.filter(id__in=[each.record_id for each in subjects]).values_list(
            "id", "register_type", "number_text"
        )
    }
    for subject, fault in zip(subjects, faults, strict=False):
        letters, number = numbers.get(subject.record_id, ("", ""))
        values = {
            "reason": fault.reason,
            "code": fault.code,
            "error": fault.error,
            "failed_at": at,
            "is_waiting": False,
        }
        standing = faulty_items(of).select_for_update(of=("self",)).filter(**subject.key).first()
        if standing is None:
            FaultyItem.objects.create(
                origin_office_id=of.origin_office_id, record_office_id=subject.office, register_type=letters,
                number_text=number, participant_id=subject.participant_id, record_id=subject.record_id,
                role=subject.role, proposal_id=subject.proposal_id, **owned_by(of), **values,
            )  # fmt: skip
        else:
            FaultyItem.objects.filter(id=standing.id).update(tries=standing.tries + 1, **values)
    return Counter(each.office for each in subjects[: len(faults)])


def take_off(of: Owner, done: Iterable[Subject]) -> None:
    """These were worked on after all. To be called in the transaction that did it."""
    found = Q()
    for each in done:
        found |= Q(**each.key)
    if found:
        FaultyItem.objects.filter(found, **owned_by(of)).delete()


def forget_all(of: Owner) -> None:
    """Everything is done anew: what was put aside before is found again, or not."""
    FaultyItem.objects.filter(**owned_by(of)).delete()


def now_read(run: MatchRun, record_id: UUID, roles: Mapping[str, UUID]) -> None:
    """A record of a run that is tried again could be read: role -> participant it has now. One put aside as a whole becomes
    its participants, each of which still has to be done; participants it has no more are taken off."""
    items = FaultyItem.objects.filter(run=run, record_id=record_id)
    whole = items.filter(role="").first()
    if whole is None:
        items.exclude(role__in=roles).delete()
        return
    whole.delete()
    FaultyItem.objects.bulk_create(
        [
            FaultyItem(
                origin_office_id=whole.origin_office_id, run=run, record_office_id=whole.record_office_id,
                record_id=record_id, participant_id=participant, role=role, register_type=whole.register_type,
                number_text=whole.number_text, reason=whole.reason, code=whole.code, error=whole.error,
                tries=whole.tries, failed_at=whole.failed_at,
            )
            for role, participant in roles.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def keep_only(run: MatchRun, records: Iterable[UUID]) -> None:
    """Those of other records, no longer in force, are taken off: nothing of them is compared any more."""
    FaultyItem.objects.filter(run=run).exclude(record_id__in=set(records)).delete()


def subjects_of(participants: Sequence[UUID]) -> list[Subject]:
    """These participants, in their order."""
    rows = {
        each[0]: Subject(each[1], each[2], each[3], each[0])
        for each in Participant.objects.filter(id__in=participants).values_list(
            "id", "record_id", "origin_office_id", "role"
        )
    }
    return [rows[each] for each in participants if each in rows]


def subjects_of_proposals(rows: Sequence[LinkProposal]) -> list[Subject]:
    """These proposals, in their order."""
    people = Participant.objects.in_bulk([row.first_id for row in rows])
    firsts = [(row, people[row.first_id]) for row in rows]
    return [Subject(one.record_id, one.origin_office_id, one.role, one.id, row.id) for row, one in firsts]


def to_be_tried_again(bulk: LinkBulk) -> int:
    """A bulk takes on what it could not do before; how many."""
    return FaultyItem.objects.filter(id__in=faulty_items(bulk).values("id")).update(is_waiting=True)
