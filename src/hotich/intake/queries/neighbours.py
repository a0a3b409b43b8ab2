"""Reads: the case before and after another one in its batch, and what a case said when it was imported."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hotich.audit.queries import history_of
from hotich.intake.models import Case, CaseState

TO_FIX = (CaseState.HELD, CaseState.RETURNED)
CAME_IN = ("case.imported", "case.replaced")
EDITABLE = frozenset({CaseState.HELD, CaseState.RETURNED, CaseState.WAITING})


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`place` of `total` among the cases of these states; place 0 when the case itself is not one of them."""

    before: UUID | None
    after: UUID | None
    place: int
    total: int


def neighbours(case: Case, *, states: Collection[str], not_of: Collection[int] = ()) -> Neighbours:
    """The cases of the same batch in these states around this one, by row.

    `not_of`: leave out those these officers keyed or changed.
    """
    others = Case.objects.filter(batch_id=case.batch_id, state__in=list(states)).exclude(id=case.id)
    if not_of:
        others = others.exclude(touched_by__overlap=sorted(not_of)).exclude(keyed_by__in=not_of)
    earlier = others.filter(row_number__lt=case.row_number) | others.filter(row_number=case.row_number, id__lt=case.id)
    later = others.filter(row_number__gt=case.row_number) | others.filter(row_number=case.row_number, id__gt=case.id)
    inside = case.state in states
    number_before = earlier.count()
    return Neighbours(
        before=earlier.order_by("-row_number", "-id").values_list("id", flat=True).first(),
        after=later.order_by("row_number", "id").values_list("id", flat=True).first(),
        place=number_before + 1 if inside else 0,
        total=number_before + later.count() + (1 if inside else 0),
    )


def first_to_fix(office_ids: Collection[int], *, batch_id: UUID | None = None) -> UUID | None:
    """The first case that is held or given back, of one batch or of all; the oldest batch first."""
    cases = Case.objects.filter(origin_office_id__in=list(office_ids), state__in=list(TO_FIX), is_check_pending=False)
    if batch_id is not None:
        cases = cases.filter(batch_id=batch_id)
    return cases.order_by("batch_id", "row_number", "id").values_list("id", flat=True).first()


def original_values(case: Case) -> Mapping[str, Any]:
    """The values of a case as it last came in with a workbook, from the trail; empty when the trail has none."""
    found: Mapping[str, Any] = {}
    for entry, detail in history_of("case", case.id):
        after = detail.after if detail and entry.verb in CAME_IN else None
        if isinstance(after, dict) and isinstance(after.get("as_recorded"), dict):
            found = after["as_recorded"]
    return found
