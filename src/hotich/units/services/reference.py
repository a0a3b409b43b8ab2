"""Writes: loading the reference tables of the product, without undoing what people have changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.db import transaction

from hotich.database.copy import copy_rows
from hotich.units.data import ChangeRow, UnitRow, change_rows, mission_rows, parent_of, unit_rows
from hotich.units.models import FIRST_LOCAL_ID, AdministrativeUnit, LocalEdit, Office, UnitChange
from hotich.units.queries.places import search_text
from hotich.units.rules.offices import FIRST_MISSION_ID, FIRST_YEAR_OF_BOOKS, office_code, office_name

Row = Sequence[Any]
_UNIT = ("id", "level", "code", "name", "short_name", "kind", "parent_id", "valid_from", "from_precision", "valid_to",
         "to_precision", "source", "verified")  # fmt: skip
_CHANGE = ("id", "predecessor_id", "successor_id", "kind", "is_default", "at", "precision", "source", "verified")
_OFFICE = ("id", "code", "name", "search_name", "kind", "unit_id", "country", "valid_from", "valid_to", "verified",
           "is_demo")  # fmt: skip
UNITS, OFFICES = "units_administrativeunit", "units_office"
_SUCCESSION = ("predecessor_id", "successor_id", "kind", "is_default", "at", "verified")


@dataclass(frozen=True, slots=True)
class Conflict:
    """The product's tables and what was decided here disagree; ours stays. `kind`: "cell" (another value than when it
    was changed here), "unit" (a new unit whose code is in use here at that time), "change" (of a unit whose fate was
    decided here)."""

    kind: str
    what: str
    ours: str
    shipped: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were new or had changed, and what was left as it is here."""

    units: int
    changes: int
    offices: int
    successions: int
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """A cell changed here, and what the product said of it then."""

    table: str
    row: int
    column: str
    shipped: str


def load_reference_data() -> Loaded:
    """Put the tables of `units/data` into the database; the same tables again change nothing.

    A demo mark, a custody decided by hand and all that operations have changed stay as they are; where the product now
    says something else than at the time of the change, that is reported as a conflict.
    """
    edits = LocalEdit.objects.values_list("table", "row_id", "column", "shipped")
    return load_tables([Edit(*edit) for edit in edits])


def load_tables(
    edits: Sequence[Edit] = (), units: Sequence[UnitRow] | None = None, changes: Sequence[ChangeRow] | None = None
) -> Loaded:
    """Load these tables (the committed ones) and leave the edited cells alone. Also called by the first migration,
    which knows no edits and no later columns."""
    units = list(unit_rows()) if units is None else list(units)
    changes = list(change_rows()) if changes is None else list(changes)
    keep = _Kept(edits)
    with transaction.atomic():
        shut_out = keep.units_shut_out(units)
        units = [unit for unit in units if unit.key not in shut_out]
        by_key = {unit.key: unit for unit in units}
        changes = keep.changes_let_in(changes, by_key)
        return Loaded(
            units=_upsert(UNITS, _UNIT, keep.cells(UNITS, _UNIT, _unit_rows(units))),
            changes=_upsert("units_unitchange", _CHANGE, _change_rows(changes, by_key)),
            offices=_upsert(OFFICES, _OFFICE, keep.cells(OFFICES, _OFFICE, _office_rows(units)), keep=("is_demo",)),
            successions=copy_rows(
                "units_officesuccession",
                _SUCCESSION,
                _succession_rows(changes, by_key),
                # a province may have named another keeper since
                on_conflict="on conflict do nothing",
            ),
            conflicts=tuple(keep.conflicts),
        )


class _Kept:
    """What was decided here and must outlive the loading."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits: dict[tuple[str, int], list[Edit]] = {(edit.table, edit.row): [] for edit in edits}
        for edit in edits:
            self.edits[edit.table, edit.row].append(edit)
        self.conflicts: list[Conflict] = []

    def cells(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
        """The rows with the cells that were changed here as they are here."""
        model = {UNITS: AdministrativeUnit, OFFICES: Office}[table]
        ids = [row for name, row in self.edits if name == table]
        wanted = {edit.column for found in self.edits.values() for edit in found if edit.table == table}
        ours = (
            {row["id"]: row for row in model._default_manager.filter(id__in=ids).values("id", *wanted)} if ids else {}
        )
        for row in rows:
            mine = ours.get(row[0])
            yield self._mixed(table, columns, row, mine) if mine else row

    def _mixed(self, table: str, columns: Sequence[str], row: Row, ours: dict[str, Any]) -> Row:
        mixed = list(row)
        for edit in self.edits[table, row[0]]:
            at = columns.index(edit.column)
            said, mine = _text(row[at]), _text(ours[edit.column])
            mixed[at] = ours[edit.column]
            if edit.column != "search_name" and said not in (edit.shipped, mine):
                self.conflicts.append(Conflict("cell", f"{table} {row[0]} {edit.column}", mine, said))
        return mixed

    def units_shut_out(self, units: Sequence[UnitRow]) -> frozenset[str]:
        """Keys of shipped units that would stand beside a unit made here under the same code at the same time."""
        local: dict[tuple[str, str], list[tuple[date | None, date | None, str]]] = defaultdict(list)
        rows = AdministrativeUnit.objects.filter(id__gte=FIRST_LOCAL_ID)
        for level, code, start, end, name in rows.values_list("level", "code", "valid_from", "valid_to", "name"):
            local[level, code].append((start, end, name))
        if not local:
            return frozenset()
        known = set(AdministrativeUnit.objects.values_list("id", flat=True))
        found = set()
        for unit in units:
            for start, end, name in local.get((unit.level, unit.code), ()):
                meets = (end is None or unit.valid_from is None or unit.valid_from <= end) and (
                    start is None or unit.valid_to is None or unit.valid_to >= start
                )
                if unit.id not in known and meets:
                    found.add(unit.key)
                    self.conflicts.append(Conflict("unit", unit.key, name, unit.name))
        return frozenset(found)

    def changes_let_in(self, changes: Sequence[ChangeRow], by_key: dict[str, UnitRow]) -> list[ChangeRow]:
        """Without those of units that were shut out, and those of units whose fate was decided here."""
        local = UnitChange.objects.filter(id__gte=FIRST_LOCAL_ID)
        decided = dict(local.values_list("predecessor_id", "successor__name"))
        let_in = []
        for change in changes:
            old, new = by_key.get(change.predecessor), by_key.get(change.successor)
            if old is None or new is None:
                continue
            if old.id in decided and change.kind != "separated":
                self.conflicts.append(Conflict("change", change.predecessor, decided[old.id], new.name))
                continue
            let_in.append(change)
        return let_in


def _text(value: object) -> str:
    return "" if value is None else str(value)[:250]


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
    """A change keeps its number though the table grows in the middle."""
    known = {(old, new): number for number, old, new in UnitChange.objects.values_list(
        "id", "predecessor_id", "successor_id")}  # fmt: skip
    free = count(max((number for number in known.values() if number < FIRST_LOCAL_ID), default=0) + 1)
    for row in changes:
        pair = by_key[row.predecessor].id, by_key[row.successor].id
        number = known[pair] if pair in known else next(free)
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
