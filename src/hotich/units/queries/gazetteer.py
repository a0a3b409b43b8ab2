"""Reads: what the gazetteer must know beside the committed tables, and place names read with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from hotich.units.data import ChangeRow, UnitRow, unit_rows
from hotich.units.models import FIRST_LOCAL_ID, AdministrativeUnit, OperationState, UnitChange, UnitOperation
from hotich.units.rules.gazetteer import LocalChanges, state_of_units, use_local_changes
from hotich.units.rules.places import PlaceMatch, resolve_place


def mark_of_local_changes() -> str:
    """Another text after every operation that came into force; "" while there is none."""
    last = (
        UnitOperation.objects.filter(state=OperationState.IN_FORCE)
        .order_by("-carried_out_at", "-id")
        .values_list("id", "carried_out_at")
        .first()
    )
    return f"{last[0]} {last[1].isoformat()}" if last and last[1] else ""


def keep_gazetteer_fresh() -> None:
    """Let this process read places with all operations in force. One question to the database when nothing changed."""
    mark = mark_of_local_changes()
    if mark != state_of_units():
        use_local_changes(local_changes(mark) if mark else LocalChanges())


def place_named(text: str, on: date | None = None) -> PlaceMatch:
    """What a place text meant on that day, by the units as they are now known (`rules.places.resolve_place`)."""
    keep_gazetteer_fresh()
    return resolve_place(text, on)


def local_changes(mark: str) -> LocalChanges:
    """Units and changes that differ from the committed tables."""
    rows = list(
        AdministrativeUnit.objects.filter(
            Q(id__gte=FIRST_LOCAL_ID) | Q(ended_by__isnull=False) | Q(begun_by__isnull=False)
        ).select_related("parent")
    )
    former = {row.id: row for row in unit_rows()}
    changes = UnitChange.objects.filter(operation__isnull=False).select_related("predecessor", "successor")
    return LocalChanges(mark, tuple(_unit_rows(rows, former)), tuple(map(_change_row, changes)))


def _unit_rows(units: Iterable[AdministrativeUnit], former: dict[int, UnitRow]) -> Iterable[UnitRow]:
    for unit in units:
        shipped = former.get(unit.id)
        yield UnitRow(
            id=unit.id, level=unit.level, code=unit.code, name=unit.name, short_name=unit.short_name, kind=unit.kind,
            parent_code=unit.parent.code if unit.parent else "", valid_from=unit.valid_from,
            from_precision=unit.from_precision, valid_to=unit.valid_to, to_precision=unit.to_precision,
            former_names=shipped.former_names if shipped else (), source=unit.source, verified=unit.verified,
            key=_key(unit),
        )  # fmt: skip


def _change_row(step: UnitChange) -> ChangeRow:
    return ChangeRow(
        _key(step.predecessor), _key(step.successor), step.kind, step.is_default, step.at,
        step.precision, step.source, step.verified,
    )  # fmt: skip


def _key(unit: AdministrativeUnit) -> str:
    """As in the tables: a start known by its year is written as the year."""
    start = "" if unit.valid_from is None else unit.valid_from.isoformat()
    return f"{unit.level}/{unit.code}/{start[:4] if unit.from_precision == 'year' else start}"
