"""Reads: batches, their held cases, what waits for approval, the queue to the Ministry."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.intake.models import Batch, Case, CaseState, Dispatch, DispatchState


def batches_of_offices(office_ids: Iterable[int], *, state: str = "", register_type: str = "") -> QuerySet[Batch]:
    """Batches of these offices, newest first; each with `approved_now`, `waiting_now`, `held_now`."""
    batches = Batch.objects.filter(origin_office_id__in=set(office_ids)).select_related("origin_office")
    if state:
        batches = batches.filter(state=state)
    if register_type:
        batches = batches.filter(register_type=register_type)

    def number_in(*states: str) -> Count:
        return Count("cases", filter=Q(cases__state__in=states))

    return batches.annotate(
        approved_now=number_in(CaseState.APPROVED),
        waiting_now=number_in(CaseState.WAITING),
        held_now=number_in(CaseState.HELD, CaseState.RETURNED),
    ).order_by("-created_at")


def held_cases(batch_id: UUID) -> QuerySet[Case]:
    """Cases of a batch that must be corrected: held, or given back; by row."""
    return Case.objects.filter(batch_id=batch_id, state__in=[CaseState.HELD, CaseState.RETURNED]).order_by(
        "row_number", "id"
    )


def next_held_case(batch_id: UUID, after_row: int = 0) -> Case | None:
    """The next case of a batch to correct after a row; from the top again at the end."""
    cases = held_cases(batch_id)
    return cases.filter(row_number__gt=after_row).first() or cases.first()


@dataclass(frozen=True, slots=True)
class WaitingBatch:
    """A batch with cases that wait for approval."""

    batch: Batch
    waiting: int
    with_warnings: int


def cases_waiting_for_approval(office_ids: Iterable[int], *, not_of: Collection[int] = ()) -> list[WaitingBatch]:
    """Batches of these offices with waiting cases, oldest first. `not_of`: officers who had a hand in them and so may
    not approve them."""
    cases = Case.objects.filter(origin_office_id__in=set(office_ids), state=CaseState.WAITING)
    if not_of:
        cases = cases.exclude(touched_by__overlap=sorted(not_of))
    counts = {
        batch: (waiting, doubtful)
        for batch, waiting, doubtful in cases.values_list("batch_id").annotate(
            waiting=Count("id"), doubtful=Count("id", filter=Q(warning_count__gt=0))
        )
    }
    batches = Batch.objects.filter(id__in=counts).select_related("origin_office").order_by("created_at")
    return [WaitingBatch(batch, *counts[batch.id]) for batch in batches]


def case_neighbours(case: Case) -> tuple[Case | None, Case | None]:
    """The cases before and after this one in its batch, whatever their states."""
    others = Case.objects.filter(batch_id=case.batch_id)
    return (
        others.filter(row_number__lt=case.row_number).order_by("-row_number").first(),
        others.filter(row_number__gt=case.row_number).order_by("row_number").first(),
    )


def dispatch_rows(office_ids: Iterable[int], *, state: str = "", register_type: str = "") -> QuerySet[Dispatch]:
    """Rows for the Ministry, those that changed last first."""
    rows = Dispatch.objects.filter(origin_office_id__in=set(office_ids)).select_related("record", "record__book")
    if state:
        rows = rows.filter(state=state)
    if register_type:
        rows = rows.filter(record__register_type=register_type)
    return rows.order_by("-changed_at", "id")


def dispatch_counts(office_ids: Iterable[int]) -> dict[str, int]:
    """How many rows are in each state; every state is there."""
    counts = dict.fromkeys(DispatchState.values, 0)
    rows = Dispatch.objects.filter(origin_office_id__in=set(office_ids)).values_list("state")
    counts.update(dict(rows.annotate(number=Count("id")).order_by()))
    return counts
