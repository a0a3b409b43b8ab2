"""Reads: requests to the population database, by office, by what is due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import (
    DailyAgreement,
    ExchangeFile,
    PopulationCheck,
    PopulationRequest,
    RequestKind,
    RequestState,
)
from hotich.records.models import Participant
from hotich.units.models import Office

ASKED_AGAIN = (RequestState.UNCLEAR, RequestState.SUSPECTED)
CHANGING = (RequestKind.CREATE, RequestKind.ADJUST)


def every_office() -> list[int]:
    """The ids of all offices: the scope of the system when it looks for what is due. Offices are no citizens' data."""
    return list(Office.objects.order_by("id").values_list("id", flat=True))


def offices_due(at: datetime) -> list[int]:
    """The offices that have something to send or to ask about now; their ids and nothing else."""
    with office_scope(every_office()):
        return list(_due(at).order_by("origin_office_id").values_list("origin_office_id", flat=True).distinct())


def due_of_office(office_id: int, at: datetime, most: int) -> list[UUID]:
    """What is due at an office: first what is unclear, then what waits, oldest first."""
    with office_scope([office_id]):
        rows = _due(at).filter(origin_office_id=office_id)
        unclear = list(rows.filter(state__in=ASKED_AGAIN).order_by("next_at", "id").values_list("id", flat=True)[:most])
        queued = rows.filter(state=RequestState.QUEUED).order_by("next_at", "id").values_list("id", flat=True)
        return unclear + list(queued[: most - len(unclear)])


def _due(at: datetime) -> QuerySet[PopulationRequest]:
    states = [RequestState.QUEUED, *ASKED_AGAIN]
    return PopulationRequest.objects.filter(state__in=states, next_at__lte=at, kind__in=CHANGING)


def offices_that_sent() -> list[int]:
    """The offices that ever asked for a creation or an adjustment."""
    with office_scope(every_office()):
        rows = PopulationRequest.objects.filter(kind__in=CHANGING)
        return list(rows.order_by("origin_office_id").values_list("origin_office_id", flat=True).distinct())


def requests_of(
    actor: Actor, *, kind: str = "", state: str = "", is_failing: bool = False, file_id: UUID | None = None
) -> QuerySet[PopulationRequest]:
    """The requests of one's offices, the latest first."""
    rows = PopulationRequest.objects.filter(origin_office_id__in=actor.office_ids).select_related(
        "check_of__record__book", "origin_office"
    )
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if is_failing:
        rows = rows.exclude(failure="").exclude(state=RequestState.CANCELLED)
    if file_id is not None:
        rows = rows.filter(file_id=file_id)
    return rows.order_by("-changed_at", "-id")


def counts_by_state(actor: Actor) -> dict[str, int]:
    """How many requests of one's offices stand in each state, and "failing": those with something against them."""
    rows = PopulationRequest.objects.filter(origin_office_id__in=actor.office_ids)
    found = {each["state"]: each["n"] for each in rows.order_by().values("state").annotate(n=Count("id"))}
    failing = rows.filter(~Q(failure="") & ~Q(state=RequestState.CANCELLED)).count()
    return {**found, "failing": failing}


def people_of(found: Collection[PopulationRequest]) -> dict[UUID, Participant]:
    """The participant each request is about, by the id of the request; those of cases have none yet."""
    wanted = {row.id: row.check_of.participant_id for row in found if row.check_of and row.check_of.participant_id}
    people = {each.id: each for each in Participant.objects.filter(id__in=set(wanted.values()))}
    return {row_id: people[one] for row_id, one in wanted.items() if one in people}


def request_by_id(actor: Actor, request_id: UUID) -> PopulationRequest:
    """One request of one's offices. Raises RuleBroken request_unknown."""
    found = requests_of(actor).filter(id=request_id).select_related("tracking").first()
    if found is None:
        raise RuleBroken("request_unknown")
    return found


def exchange_files(actor: Actor) -> QuerySet[ExchangeFile]:
    """The files of one's offices, the latest first."""
    rows = ExchangeFile.objects.filter(origin_office_id__in=actor.office_ids)
    return rows.select_related("origin_office", "request_file", "response_file").order_by("-made_at", "-id")


def exchange_file_by_id(actor: Actor, file_id: UUID) -> ExchangeFile:
    """One file of one's offices. Raises RuleBroken exchange_file_unknown."""
    found = exchange_files(actor).filter(id=file_id).first()
    if found is None:
        raise RuleBroken("exchange_file_unknown")
    return found


def agreement_days(actor: Actor) -> QuerySet[DailyAgreement]:
    """The days that were compared, of one's offices, the latest first."""
    rows = DailyAgreement.objects.filter(origin_office_id__in=actor.office_ids).select_related("origin_office")
    return rows.order_by("-day", "origin_office_id")


def absent_check(actor: Actor, check_id: UUID, *, sees: bool) -> tuple[PopulationCheck, str]:
    """A check of one's offices and the name of its participant. Raises RuleBroken population_check_unknown: also for
    somebody restricted whom this officer may not see."""
    rows = PopulationCheck.objects.filter(origin_office_id__in=actor.office_ids).select_related("record", "tracking")
    check = rows.filter(id=check_id).first()
    person = Participant.objects.filter(id=check.participant_id).first() if check and check.participant_id else None
    if check is None or (person is not None and person.restricted and not sees):
        raise RuleBroken("population_check_unknown")
    return check, person.full_name if person is not None else "–"


def known_requests(actor: Actor, ids: Collection[str]) -> set[str]:
    """Which of these requests are ours: only to them a page leads."""
    rows = PopulationRequest.objects.filter(id__in=ids, origin_office_id__in=actor.office_ids)
    return {str(each) for each in rows.values_list("id", flat=True)}


def count_waiting_requests(actor: Actor) -> int:
    """What waits for this officer: the police confirm what others made, the civil-status officer settles suspicions."""
    rows = PopulationRequest.objects.filter(origin_office_id__in=actor.office_ids)
    waiting = Q(pk__in=[])
    if actor.may("population.verify"):
        waiting |= Q(state=RequestState.WAITING) & ~Q(made_by__in=actor.hands)
    if actor.may("population.settle"):
        waiting |= Q(state=RequestState.SUSPECTED)
    return rows.filter(waiting).count() if actor.may("population.verify") or actor.may("population.settle") else 0


def count_for_file(actor: Actor, *, at: datetime) -> Sequence[tuple[int, int, int]]:
    """(office, requests that wait for a file, requests a file would ask about because they were sent by call and not
    answered, or are suspected), of one's offices that have any."""
    rows = PopulationRequest.objects.filter(origin_office_id__in=actor.office_ids)
    to_ask = Q(state__in=ASKED_AGAIN, kind__in=CHANGING, next_at__lte=at)
    counted = rows.filter(Q(state=RequestState.QUEUED) | to_ask).order_by().values("origin_office_id")
    grouped = counted.annotate(n=Count("id", filter=Q(state=RequestState.QUEUED)), asked=Count("id", filter=to_ask))
    return [(each["origin_office_id"], each["n"], each["asked"]) for each in grouped.order_by("origin_office_id")]
