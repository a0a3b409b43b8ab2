"""Every unit of every period, indexed by the keys of its name.

Built from the committed tables, and built again when somebody has changed units since: `use_local_changes` is told what
differs, with a mark of its state; caches that depend on the units ask `state_of_units`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from hotich.units.data import ChangeRow, UnitRow, change_rows, parent_of, unit_rows
from hotich.units.rules.place_text import name_keys

_SLUGS = {
    "thitran": "township", "thanhpho": "city", "phuong": "ward", "huyen": "rural_district", "thixa": "town",
    "quan": "urban_district", "xa": "commune",
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Entry:
    """A unit with what the search needs. `parents` from the next higher level up to the province.

    `full_name`: the name with what the unit belonged to.
    """

    row: UnitRow
    marked: str
    bare: str
    full_name: str = ""
    parents: tuple[Entry, ...] = ()
    successors: list[tuple[Entry, str]] = field(default_factory=list)
    predecessors: list[Entry] = field(default_factory=list)

    @property
    def province(self) -> Entry:
        """The province at the time of the unit; a province is its own."""
        return self.parents[-1] if self.parents else self

    @property
    def district(self) -> Entry | None:
        """The district of a commune, where it has one; a district is its own."""
        if self.row.level == "district":
            return self
        return self.parents[0] if len(self.parents) == 2 else None


class Gazetteer:
    """Look-up of units by name, and who came before and after whom."""

    def __init__(self, units: Iterable[UnitRow], changes: Iterable[ChangeRow]) -> None:
        rows = list(units)
        self.entries = {row.key: Entry(row, *name_keys(row.short_name, row.kind)) for row in rows}
        self.by_name: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self.by_former_name: dict[tuple[str, str], list[tuple[Entry, str]]] = defaultdict(list)
        self.by_code: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._link_parents(rows)
        for change in changes:
            old, new = self.entries[change.predecessor], self.entries[change.successor]
            old.successors.append((new, change.kind))
            new.predecessors.append(old)
        for entry in self.entries.values():
            self._index(entry)

    def _link_parents(self, rows: list[UnitRow]) -> None:
        by_code: dict[tuple[str, str], list[UnitRow]] = defaultdict(list)
        for row in rows:
            by_code[row.level, row.code].append(row)
        for row in rows:  # provinces come first, then districts: a parent's own parents are known
            entry = self.entries[row.key]
            entry.full_name = row.name
            parent = parent_of(row, by_code)
            if parent is not None:
                above = self.entries[parent.key]
                entry.parents = (above, *above.parents)
                entry.full_name = f"{row.name}, {above.full_name}"

    def _index(self, entry: Entry) -> None:
        level = entry.row.level
        self.by_name[level, entry.bare].append(entry)
        self.by_code[level, entry.row.code].append(entry)
        for slug in entry.row.former_names:
            prefix = next(prefix for prefix in _SLUGS if slug.startswith(prefix))
            name = slug.removeprefix(prefix).replace("y", "i")  # as in our keys
            self.by_former_name[level, name].append((entry, _SLUGS[prefix]))

    @cached_property
    def before(self) -> dict[str, frozenset[str]]:
        """For every province the keys of all earlier ones its land may have belonged to."""
        return {e.row.key: frozenset(_closure(e, earlier=True)) for e in self.entries.values() if not e.parents}

    @cached_property
    def after(self) -> dict[str, frozenset[str]]:
        """For every province the keys of all later ones its land may belong to."""
        return {e.row.key: frozenset(_closure(e, earlier=False)) for e in self.entries.values() if not e.parents}


def _closure(entry: Entry, *, earlier: bool) -> set[str]:
    found: set[str] = set()
    waiting = [entry]
    while waiting:
        last = waiting.pop()
        for step in last.predecessors if earlier else [new for new, _ in last.successors]:
            if step.row.key not in found:
                found.add(step.row.key)
                waiting.append(step)
    return found


def living_units(entry: Entry) -> tuple[Entry, ...]:
    """What the unit has become today; more than one when it was divided, none when nobody has recorded it."""
    if entry.row.valid_to is None:
        return (entry,)
    found: dict[str, Entry] = {}
    waiting, seen = [entry], {entry.row.key}
    while waiting:
        for step, kind in waiting.pop().successors:
            if step.row.key in seen or kind == "separated":
                continue
            seen.add(step.row.key)
            if step.row.valid_to is None:
                found[step.row.key] = step
            else:
                waiting.append(step)
    return tuple(found.values())


@dataclass(frozen=True, slots=True, eq=False)
class LocalChanges:
    """What was decided here: units that are new or differ from the committed tables, and changes between units.

    `mark` is another one after every change; "" for none.
    """

    mark: str = ""
    units: tuple[UnitRow, ...] = ()
    changes: tuple[ChangeRow, ...] = ()


_LEVELS = ("province", "district", "commune")
_local = LocalChanges()


def state_of_units() -> str:
    """The mark of the local changes that are in use in this process; a key for whoever caches what depends on them."""
    return _local.mark


def use_local_changes(changes: LocalChanges) -> None:
    """From now on places are read with these changes. The same mark again does nothing."""
    global _local
    if changes.mark != _local.mark:
        _local = changes


def gazetteer() -> Gazetteer:
    """The present one (about half a second the first time, and after a change)."""
    return _built(_local)


@lru_cache(maxsize=2)
def _built(local: LocalChanges) -> Gazetteer:
    rows = {row.id: row for row in unit_rows()} | {row.id: row for row in local.units}
    ordered = sorted(rows.values(), key=lambda row: _LEVELS.index(row.level))  # parents come first
    known = {row.key for row in ordered}
    changes = [*change_rows(), *local.changes]
    return Gazetteer(ordered, (step for step in changes if step.predecessor in known and step.successor in known))
