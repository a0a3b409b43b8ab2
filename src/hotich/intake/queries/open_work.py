"""Reads: how many cases are still open, for whoever is about to lock accounts (see accounts.queries.open_work)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, F, Func, IntegerField

from hotich.accounts.queries import OpenWork
from hotich.intake.models import Batch, BatchState, Case, CaseState

OPEN = (CaseState.HELD, CaseState.CHECKING, CaseState.WAITING, CaseState.RETURNED)


def open_cases(office_ids: Collection[int]) -> OpenWork:
    """Cases that are neither approved nor withdrawn, and imports under way; of them those an officer keyed or changed."""
    cases = Case.objects.filter(origin_office_id__in=list(office_ids), state__in=OPEN)
    loading = Batch.objects.filter(origin_office_id__in=list(office_ids), state=BatchState.LOADING)
    hands = cases.annotate(
        officer=Func(
            Func(F("touched_by"), F("keyed_by"), function="array_append"),
            function="unnest",
            output_field=IntegerField(),
        )
    )
    by_officer: dict[int, int] = {}
    for officer, number in hands.values_list("officer").annotate(number=Count("id", distinct=True)).order_by():
        by_officer[officer] = number
    for officer in loading.values_list("created_by", flat=True):
        by_officer[officer] = by_officer.get(officer, 0) + 1
    return OpenWork(cases.count() + loading.count(), by_officer)
