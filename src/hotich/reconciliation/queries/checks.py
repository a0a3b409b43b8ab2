"""Reads: where the participants of cases, records and books stand in the population database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import CheckOutcome, PopulationCheck
from hotich.reconciliation.queries.book_facts import NOT_COUNTED
from hotich.records.models import Participant, RecordState
from hotich.records.rules.restricted import rows_shown, sees_restricted
from hotich.registers.models import Book
from hotich.registers.types import REGISTER_TYPES

OPEN_OUTCOMES = (CheckOutcome.CLERK, CheckOutcome.PENDING)


def checks_of_case(case_id: UUID, office_ids: Collection[int]) -> dict[str, PopulationCheck]:
    """Role → check of a case that is no record yet."""
    rows = _shown(office_ids).filter(case_id=case_id, record__isnull=True)
    return {check.role: check for check in rows}


def numbers_chosen(case_ids: Collection[UUID]) -> set[str]:
    """Keys of the personal numbers that were chosen for participants of these cases, which are no records yet."""
    rows = PopulationCheck.objects.filter(case_id__in=case_ids, record__isnull=True).exclude(personal_id_key="")
    return set(rows.values_list("personal_id_key", flat=True))


def checks_of_record(record_id: UUID, office_ids: Collection[int]) -> dict[str, PopulationCheck]:
    """Role → check of a record."""
    return {check.role: check for check in _shown(office_ids).filter(record_id=record_id)}


def check_by_id(check_id: UUID, office_ids: Collection[int]) -> PopulationCheck:
    """One check of these offices. Raises RuleBroken population_check_unknown."""
    found = _shown(office_ids).filter(id=check_id).first()
    if found is None:
        raise RuleBroken("population_check_unknown")
    return found


def _shown(office_ids: Collection[int]) -> QuerySet[PopulationCheck]:
    rows = PopulationCheck.objects.filter(origin_office_id__in=list(office_ids))
    return rows.select_related("tracking", "record")


def checks_listed(actor: Actor, *, outcome: str = "", register: str = "", book: UUID | None = None) -> QuerySet[Any]:
    """Checks of records of one's offices, those that wait for a human first when no outcome is chosen."""
    rows = PopulationCheck.objects.filter(origin_office_id__in=list(actor.office_ids), record__isnull=False)
    rows = rows.exclude(record__state=RecordState.ANNULLED)  # nothing of them is looked up any more
    if outcome == "to_confirm":
        rows = rows.filter(outcome=CheckOutcome.ABSENT, confirmed_by__isnull=True).exclude(absence="")
    elif outcome:
        rows = rows.filter(outcome=outcome)
    else:
        rows = rows.filter(Q(outcome__in=OPEN_OUTCOMES) | Q(outcome=CheckOutcome.ABSENT, absence=""))
    if register:
        rows = rows.filter(record__register_type=register)
    if book is not None:
        rows = rows.filter(record__book_id=book)
    return rows.select_related("record__book", "tracking").order_by("decided_at", "id")


@dataclass(frozen=True, slots=True)
class Figures:
    """Participants of a register or a book: all that count, and how many of them have each outcome."""

    key: str
    name: str
    participants: int
    counts: Mapping[str, int]

    @property
    def checked(self) -> int:
        """How many have been asked about."""
        return sum(self.counts.values())

    @property
    def unchecked(self) -> int:
        """How many nobody has asked about."""
        return max(0, self.participants - self.checked)


def figures_by_register(actor: Actor) -> list[Figures]:
    """For each register of one's offices with records in force, in the usual order of registers."""
    order = list(REGISTER_TYPES)
    return sorted(_figures(actor, "record__register_type", {}), key=lambda each: order.index(each.key))


def figures_by_book(actor: Actor, register: str, most: int = 200) -> list[Figures]:
    """For each book of a register, the latest first."""
    found = _figures(actor, "record__book_id", {"record__register_type": register})
    return found[:most]


def _figures(actor: Actor, by: str, only: Mapping[str, str]) -> list[Figures]:
    offices = list(actor.office_ids)
    people = Participant.objects.filter(
        origin_office_id__in=offices, record__state=RecordState.IN_FORCE, **only
    ).exclude(role__in=NOT_COUNTED)
    totals = {str(row[by]): row["n"] for row in people.order_by().values(by).annotate(n=Count("id"))}
    checks = PopulationCheck.objects.filter(
        origin_office_id__in=offices, record__state=RecordState.IN_FORCE, **only
    ).order_by()
    counts: dict[str, dict[str, int]] = {}
    for row in checks.values(by, "outcome").annotate(n=Count("id")):
        counts.setdefault(str(row[by]), {})[row["outcome"]] = row["n"]
    return [Figures(key, key, total, counts.get(key, {})) for key, total in sorted(totals.items())]


def waiting_case_checks(actor: Actor) -> dict[str, int]:
    """How many checks belong to cases that are no records yet, by outcome."""
    rows = PopulationCheck.objects.filter(origin_office_id__in=list(actor.office_ids), record__isnull=True).order_by()
    return {row["outcome"]: row["n"] for row in rows.values("outcome").annotate(n=Count("id"))}


def people_of_checks(checks: Iterable[PopulationCheck], actor: Actor) -> dict[UUID, Participant]:
    """The participants of these checks by id, those one may see."""
    wanted = [check.participant_id for check in checks if check.participant_id]
    people = Participant.objects.filter(id__in=wanted, origin_office_id__in=list(actor.office_ids))
    return {person.id: person for person in rows_shown(people, sees=sees_restricted(actor))}


def books_named(book_ids: Iterable[UUID]) -> dict[UUID, Book]:
    """These books by id."""
    return {book.id: book for book in Book.objects.filter(id__in=list(book_ids))}
