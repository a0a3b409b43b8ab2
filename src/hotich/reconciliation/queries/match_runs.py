"""Reads: comparisons of whole books, whose records they take in, the population data there is for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.accounts.queries import actors_of, officer_by_login
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import MatchRun, PopulationCheck, PopulationExtract, RunScope
from hotich.records.models import Record, RecordState
from hotich.registers.models import Book
from hotich.registers.queries import book_by_id
from hotich.units.models import AdministrativeUnit, Level, Office, OfficeKind
from hotich.units.queries import (
    keeping_office,
    offices_by_id,
    offices_kept_by,
    unit_chain,
    unit_valid_at,
    units_of_province,
)

RIGHT = "population.match"
MAY_SEE = ("population.match", "population.watch")
EXTRACTS_OFFERED = 20


@dataclass(frozen=True, slots=True)
class Area:
    """A commune or province whose citizens may be asked for."""

    code: str
    name: str
    level: str


def areas_of(office_id: int, on: date) -> list[Area]:
    """The commune (if it is one) and the province an office lies in on a day, a closed one by whoever keeps its books.

    Empty for missions: they are given their data as a file.
    """
    office = Office.objects.filter(id=office_id).select_related("unit").first()
    keeper = keeping_office(office, on) if office is not None else None
    if keeper is None or keeper.unit is None:
        return []
    chain = [unit for unit in unit_chain(keeper.unit) if unit.level in (Level.COMMUNE, Level.PROVINCE)]
    return [Area(unit.code, unit.name, unit.level) for unit in chain]


def province_under(actor: Actor, on: date) -> AdministrativeUnit | None:
    """The province whose books an officer of its department of justice may have compared; None for anybody else."""
    office = Office.objects.filter(id=actor.office_id).select_related("unit").first()
    if office is None or office.kind != OfficeKind.PROVINCE or office.unit is None or not actor.may(RIGHT):
        return None
    return office.unit


def offices_of_scope(scope: str, scope_id: str, on: date) -> list[int]:
    """The offices whose records a run takes in, in order: for an office also those whose books it keeps.

    A book belongs to the office that registered in it: that one alone.
    """
    if scope == RunScope.OFFICE:
        return sorted(offices_kept_by([int(scope_id)]))
    if scope == RunScope.PROVINCE:
        unit = unit_valid_at(scope_id, Level.PROVINCE, on)
        if unit is None:
            return []
        units = units_of_province(unit.id)
        return sorted(Office.objects.filter(unit_id__in=units).values_list("id", flat=True))
    return []


def scope_in_reach(actor: Actor, scope: str, scope_id: str, on: date) -> list[int]:
    """The offices of what an officer wants compared. Raises RuleBroken match_scope_unknown outside his reach."""
    unknown = RuleBroken("match_scope_unknown", field="scope")
    try:
        if scope == RunScope.BOOK:
            book = book_by_id(UUID(scope_id), office_ids=actor.office_ids)
            if book.origin_office_id not in actor.office_ids:
                raise unknown
            return [book.origin_office_id]
        found = offices_of_scope(scope, scope_id, on)
    except ValueError as error:
        raise unknown from error
    except RuleBroken as refusal:
        raise unknown from refusal
    own = set(found) <= actor.office_ids if scope == RunScope.OFFICE else False
    province = province_under(actor, on)
    if province is not None and not own:
        inside = set(offices_of_scope(RunScope.PROVINCE, province.code, on))
        own = set(found) <= inside and (scope == RunScope.OFFICE or scope_id == province.code)
    if not found or not own:
        raise unknown
    return found


def records_to_compare(run: MatchRun, office_id: int) -> QuerySet[Record]:
    """The records of one office a run takes in: those in force, in the order of their ids."""
    return _taken_in(run, [office_id]).select_related("book").order_by("id")


def numbers_to_compare(run: MatchRun, office_ids: Collection[int]) -> dict[int, int]:
    """How many records a run takes in, by office in their order; those without any left out."""
    counted = _taken_in(run, office_ids).values_list("origin_office_id").annotate(number=Count("id"))
    return dict(counted.order_by("origin_office_id"))


def _taken_in(run: MatchRun, office_ids: Collection[int]) -> QuerySet[Record]:
    found = Record.objects.filter(origin_office_id__in=office_ids, state=RecordState.IN_FORCE)
    return found.filter(book_id=run.scope_id) if run.scope == RunScope.BOOK else found


def offices_of_run(run: MatchRun, on: date) -> list[int]:
    """The offices a run goes through, in their order."""
    if run.scope != RunScope.BOOK:
        return offices_of_scope(run.scope, run.scope_id, on)
    with office_scope(offices_kept_by([run.origin_office_id])):
        return list(Book.objects.filter(id=run.scope_id).values_list("origin_office_id", flat=True))


def match_run(actor: Actor, run_id: UUID) -> MatchRun:
    """A run of one's offices. Raises RuleBroken match_run_unknown."""
    found = MatchRun.objects.filter(id=run_id, origin_office_id__in=actor.office_ids)
    run = found.select_related("extract", "origin_office").first()
    if run is None:
        raise RuleBroken("match_run_unknown")
    return run


def match_runs(actor: Actor) -> QuerySet[MatchRun]:
    """The runs of one's offices, the latest first."""
    runs = MatchRun.objects.filter(origin_office_id__in=actor.office_ids)
    return runs.select_related("extract", "origin_office").order_by("-asked_at", "-id")


def extracts_of(actor: Actor) -> list[PopulationExtract]:
    """Population data there is already, the latest first."""
    found = PopulationExtract.objects.filter(origin_office_id__in=actor.office_ids).select_related("file")
    return list(found.order_by("-fetched_at")[:EXTRACTS_OFFERED])


def names_of_scopes(runs: Iterable[MatchRun]) -> dict[UUID, tuple[str, str]]:
    """What each run compares, as (kind of register or "", name of the book, office or province)."""
    runs = list(runs)
    books = Book.objects.filter(id__in=[run.scope_id for run in runs if run.scope == RunScope.BOOK])
    of_book = {str(book.id): (book.register_type, book.label) for book in books}
    offices = offices_by_id([int(run.scope_id) for run in runs if run.scope == RunScope.OFFICE])
    today = clock.today()
    found: dict[UUID, tuple[str, str]] = {}
    for run in runs:
        if run.scope == RunScope.BOOK:
            found[run.id] = of_book.get(run.scope_id, ("", ""))
        elif run.scope == RunScope.OFFICE:
            office = offices.get(int(run.scope_id))
            found[run.id] = "", office.name if office else ""
        else:
            unit = unit_valid_at(run.scope_id, Level.PROVINCE, today)
            found[run.id] = "", unit.name if unit else run.scope_id
    return found


def checks_of_run(run: MatchRun, *, outcome: str = "", register_type: str = "") -> QuerySet[PopulationCheck]:
    """What a run found out about participants of one's offices, in the order of the records."""
    found = PopulationCheck.objects.filter(run_id=run.id, record__isnull=False)
    if outcome:
        found = found.filter(outcome=outcome)
    if register_type:
        found = found.filter(record__register_type=register_type)
    return found.select_related("record__book", "origin_office", "tracking").order_by(
        "origin_office_id", "record_id", "role"
    )


def offices_offered(actor: Actor, on: date) -> dict[int, str]:
    """Offices an officer may have compared: own ones (that of the post first); for a department those of the province."""
    ids = set(actor.office_ids)
    province = province_under(actor, on)
    if province is not None:
        living = Q(valid_to__isnull=True) & ~Q(kind=OfficeKind.DISTRICT)
        units = units_of_province(province.id)
        ids |= set(Office.objects.filter(living, unit_id__in=units).values_list("id", flat=True))
    names = {office_id: office.name for office_id, office in offices_by_id(ids).items()}
    return dict(sorted(names.items(), key=lambda item: (item[0] != actor.office_id, item[1])))


def actor_of_run(login: str, office_id: int) -> Actor:
    """The officer who asked, at a post that still may. Raises RuleBroken match_right_ended."""
    try:
        reaching = [
            each for each in actors_of(officer_by_login(login)) if office_id in each.office_ids and each.may(RIGHT)
        ]
    except RuleBroken as refusal:
        raise RuleBroken("match_right_ended") from refusal
    if not reaching:
        raise RuleBroken("match_right_ended")
    return reaching[0]
