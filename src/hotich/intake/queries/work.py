"""Reads: what waits for an officer, and how far the books of the offices have come."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.intake.models import ApprovalRun, Batch, BatchState, Case, CaseState
from hotich.kernel.actor import Actor
from hotich.records.models import AnnotationNotice


def waiting_work(actor: Actor) -> dict[str, int]:
    """What this officer could do now, as numbers.

    `held`, `returned` and their sum `to_fix`; `to_approve` (waiting, and not of the officer's own hand);
    `waiting` (all that wait for approval); `loading` (imports under way).
    """
    if not actor.office_ids:
        return {"held": 0, "returned": 0, "to_fix": 0, "to_approve": 0, "waiting": 0, "loading": 0}
    offices = list(actor.office_ids)
    own_hand = _of_hand(actor)
    waiting = Q(state=CaseState.WAITING)
    cases = Case.objects.filter(
        origin_office_id__in=offices,
        state__in=[CaseState.HELD, CaseState.RETURNED, CaseState.WAITING],
        is_check_pending=False,
    ).aggregate(
        held=Count("id", filter=Q(state=CaseState.HELD)),
        returned=Count("id", filter=Q(state=CaseState.RETURNED)),
        waiting=Count("id", filter=waiting),
        own=Count("id", filter=waiting & own_hand),
    )
    loading = Batch.objects.filter(origin_office_id__in=offices, state=BatchState.LOADING).count()
    return {
        "held": cases["held"],
        "returned": cases["returned"],
        "to_fix": cases["held"] + cases["returned"],
        "to_approve": cases["waiting"] - cases["own"],
        "waiting": cases["waiting"],
        "loading": loading,
    }


def cases_by_type(office_ids: Collection[int]) -> dict[str, dict[str, int]]:
    """{register letters: {state: number of cases}} of these offices, withdrawn cases left out."""
    rows = (
        Case.objects.filter(origin_office_id__in=list(office_ids))
        .exclude(state=CaseState.WITHDRAWN)
        .values_list("register_type", "state")
        .annotate(number=Count("id"))
        .order_by("register_type", "state")
    )
    made: dict[str, dict[str, int]] = {}
    for letters, state, number in rows:
        made.setdefault(letters, {})[state] = number
    return made


def cases_to_fix(office_ids: Collection[int], *, state: str = "", letters: str = "") -> QuerySet[Case]:
    """Cases that are held or given back (or only those of one state), by batch and row; `letters` of one register.

    Those that wait for a check of what was keyed are mended by their keyer, where he keys.
    """
    states = [state] if state in (CaseState.HELD, CaseState.RETURNED) else [CaseState.HELD, CaseState.RETURNED]
    cases = Case.objects.filter(origin_office_id__in=list(office_ids), state__in=states, is_check_pending=False)
    if letters:
        cases = cases.filter(register_type=letters)
    return cases.order_by("batch_id", "row_number", "id")


def _of_hand(actor: Actor) -> Q:
    """Cases of the officer's own hand, or of the hand he acts for."""
    hands = sorted(actor.hands)
    return Q(keyed_by__in=hands) | Q(touched_by__overlap=hands)


def _not_of(actor: Actor) -> Q:
    """Cases this officer neither keyed nor changed: what a second person may approve."""
    return ~_of_hand(actor)


def approvable_cases(actor: Actor, batch_id: UUID) -> QuerySet[Case]:
    """The cases of a batch that wait and that this officer may approve, by row."""
    waiting = Case.objects.filter(
        batch_id=batch_id, origin_office_id__in=list(actor.office_ids), state=CaseState.WAITING
    )
    return waiting.filter(_not_of(actor)).order_by("row_number", "id")


def last_approval_run(batch_id: UUID) -> ApprovalRun | None:
    """The run that approved a batch last, or does so now."""
    return ApprovalRun.objects.filter(batch_id=batch_id).order_by("-started_at").first()


def own_waiting_count(actor: Actor, batch_id: UUID) -> int:
    """How many cases of a batch wait for somebody else, being of this officer's own hand."""
    waiting = Case.objects.filter(batch_id=batch_id, state=CaseState.WAITING)
    return waiting.exclude(_not_of(actor)).count()


def states_of_batch(batch_id: UUID) -> dict[str, int]:
    """{state: number of cases} of a batch now, withdrawn cases left out."""
    rows = Case.objects.filter(batch_id=batch_id).exclude(state=CaseState.WITHDRAWN)
    return dict(rows.values_list("state").annotate(number=Count("id")).order_by("state"))


def pending_notices(office_ids: Collection[int]) -> int:
    """Notes that other offices ask these ones to confirm."""
    return AnnotationNotice.objects.filter(
        target_office_id__in=list(office_ids), state=AnnotationNotice.State.PENDING
    ).count()


def books_of_batch(batch_id: UUID) -> list[str]:
    """The books whose rows a batch holds, as their labels ("01/2006"), withdrawn cases left out."""
    rows = Case.objects.filter(batch_id=batch_id, book_year__isnull=False).exclude(state=CaseState.WITHDRAWN)
    books = rows.exclude(book_number="").values_list("book_year", "book_number").distinct()
    return [f"{number}/{year}" for year, number in sorted(books)]
