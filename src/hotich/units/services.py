"""Writes: loading the reference tables, and the few decisions people make about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from hotich.audit.services import unit_of_work
from hotich.database.copy import copy_rows
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.units.data import ChangeRow, UnitRow, change_rows, mission_rows, parent_of, unit_rows
from hotich.units.models import ChangeKind, Office, OfficeSuccession
from hotich.units.queries import office_by_code, search_text
from hotich.units.rules.offices import FIRST_MISSION_ID, FIRST_YEAR_OF_BOOKS, office_code, office_name

Row = Sequence[Any]
_UNIT = ("id", "level", "code", "name", "short_name", "kind", "parent_id", "valid_from", "from_precision", "valid_to",
         "to_precision", "source", "verified")  # fmt: skip
_CHANGE = ("id", "predecessor_id", "successor_id", "kind", "is_default", "at", "precision", "source", "verified")
_OFFICE = ("id", "code", "name", "search_name", "kind", "unit_id", "country", "valid_from", "valid_to", "verified",
           "is_demo")  # fmt: skip
_SUCCESSION = ("predecessor_id", "successor_id", "kind", "is_default", "at", "verified")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were new or had changed."""

    units: int
    changes: int
    offices: int
    successions: int


def load_reference_data() -> Loaded:
    """Put the tables of `units/data` into the database; the same tables again change nothing.

    A demo mark and a custody decided by hand stay as they are.
    """
    units = list(unit_rows())
    changes = list(change_rows())
    by_key = {unit.key: unit for unit in units}
    with transaction.atomic():
        return Loaded(
            units=_upsert("units_administrativeunit", _UNIT, _unit_rows(units)),
            changes=_upsert("units_unitchange", _CHANGE, _change_rows(changes, by_key)),
            offices=_upsert("units_office", _OFFICE, _office_rows(units), keep=("is_demo",)),
            successions=copy_rows(
                "units_officesuccession",
                _SUCCESSION,
                _succession_rows(changes, by_key),
                # a province may have named another keeper since
                on_conflict="on conflict do nothing",
            ),
        )


def _upsert(table: str, columns: Sequence[str], rows: Iterable[Row], *, keep: Sequence[str] = ()) -> int:
    """Insert, or update what differs."""
    changing = [column for column in columns[1:] if column not in keep]
    news = ", ".join(f"excluded.{column}" for column in changing)
    olds = ", ".join(f"{table}.{column}" for column in changing)
    return copy_rows(
        table,
        columns,
        rows,
        on_conflict=f"on conflict (id) do update set ({', '.join(changing)}) = ({news}) "
        f"where ({olds}) is distinct from ({news})",
    )


def _by_code(units: Iterable[UnitRow]) -> dict[tuple[str, str], list[UnitRow]]:
    found: dict[tuple[str, str], list[UnitRow]] = defaultdict(list)
    for unit in units:
        found[unit.level, unit.code].append(unit)
    return found


def _unit_rows(units: list[UnitRow]) -> Iterator[Row]:
    by_code = _by_code(units)
    for unit in units:
        parent = parent_of(unit, by_code)
        yield (unit.id, unit.level, unit.code, unit.name, unit.short_name, unit.kind, parent.id if parent else None,
               unit.valid_from, unit.from_precision, unit.valid_to, unit.to_precision, unit.source,
               unit.verified)  # fmt: skip


def _change_rows(changes: list[ChangeRow], by_key: dict[str, UnitRow]) -> Iterator[Row]:
    for number, row in enumerate(changes, start=1):
        yield (number, by_key[row.predecessor].id, by_key[row.successor].id, row.kind, row.is_default, row.at,
               row.precision, row.source, row.verified)  # fmt: skip


def _has_office(unit: UnitRow) -> bool:
    return unit.valid_to is None or unit.valid_to.year > FIRST_YEAR_OF_BOOKS


def _office_rows(units: list[UnitRow]) -> Iterator[Row]:
    """One office for every unit that can have had books; it has the number of its unit."""
    by_code = _by_code(units)
    for unit in filter(_has_office, units):
        chain = [unit]
        while parent := parent_of(chain[-1], by_code):
            chain.append(parent)
        name = office_name(chain)
        code = office_code(unit.code, unit.valid_to.year if unit.valid_to else None)
        yield (unit.id, code, name, search_text(f"{code} {name}"), unit.level, unit.id, "VN", unit.valid_from,
               unit.valid_to, unit.verified, False)  # fmt: skip
    for mission in mission_rows():
        yield (FIRST_MISSION_ID + mission.number, mission.code, mission.name,
               search_text(f"{mission.code} {mission.name}"), "mission", None, mission.country, None, None,
               mission.verified, False)  # fmt: skip


def _succession_rows(changes: list[ChangeRow], by_key: dict[str, UnitRow]) -> Iterator[Row]:
    """Offices follow their units; where a part only went away, the office kept its books and there is no succession."""
    for row in changes:
        old, new = by_key[row.predecessor], by_key[row.successor]
        if row.kind == "separated" or not _has_office(old):
            continue
        # which of several successors took the books of a divided unit is an assumption until the province says so
        verified = row.verified and row.kind != "divided"
        yield (old.id, new.id, row.kind, row.is_default, row.at, verified)


def mark_demo_offices(*, codes: Iterable[str]) -> int:
    """These offices, and no others, are those of the demo; returns how many were found."""
    wanted = set(codes)
    with transaction.atomic():
        Office.objects.filter(is_demo=True).exclude(code__in=wanted).update(is_demo=False)
        return Office.objects.filter(code__in=wanted).update(is_demo=True)


def assign_custodian(*, actor: Actor, at: datetime, office_code: str, custodian_code: str) -> OfficeSuccession:
    """The province decides who keeps the books of a closed office, e.g. of a district closed on 30/06/2025.

    Replaces an earlier decision and the assumption made for a divided commune; other successors stay known.
    Raises RuleBroken `custody_not_allowed`, `office_unknown`, `custodian_is_itself`, `office_still_open`,
    `custodian_closed`.
    """
    if not actor.may("office.custody"):
        raise RuleBroken("custody_not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        office = Office.objects.select_for_update().get(pk=office_by_code(office_code).pk)
        custodian = office_by_code(custodian_code)
        _check_custody(office, custodian)
        earlier = OfficeSuccession.objects.filter(predecessor=office, is_default=True)
        before = [step.successor_id for step in earlier]
        earlier.update(is_default=False)
        decided = {"is_default": True, "verified": True, "at": in_vietnam(at).date()}
        step, _ = OfficeSuccession.objects.update_or_create(
            predecessor=office,
            successor=custodian,
            defaults=decided,
            create_defaults={**decided, "kind": ChangeKind.MERGED},
        )
        work.record(
            "office.custodian_assigned",
            subject_kind="office",
            subject_id=office.pk,
            subject_office=office.pk,
            facts={"before": before, "after": custodian.pk},
        )
    return step


def _check_custody(office: Office, custodian: Office) -> None:
    """Only a closed office needs a keeper, and only a living one can be it."""
    if office.pk == custodian.pk:
        raise RuleBroken("custodian_is_itself", field="custodian")
    if not office.is_closed:
        raise RuleBroken("office_still_open", field="office", name=office.name)
    if custodian.is_closed:
        raise RuleBroken("custodian_closed", field="custodian", name=custodian.name)
