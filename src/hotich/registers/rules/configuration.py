"""From what is shipped and what offices decided to the configuration in force.

A local change is one row: kind, key, value and the days it is about. The value in force on a day is that of the latest
decided change that covers the day, else what is shipped; so the order of `changes` is the order of the decisions.
Values travel as JSON: `Configuration` is small and can be handed to another process, which makes the same snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from hotich.kernel.working_day_changes import DAY_CHANGES, DayChange
from hotich.registers.codes import SHIPPED_LISTS
from hotich.registers.codes.local import CodeAction, CodeChange, changed
from hotich.registers.rules import parameters as table
from hotich.registers.rules.parameters import Parameter
from hotich.registers.rules.snapshot import SHIPPED, Snapshot, active
from hotich.registers.types.declaration import Era, Label
from hotich.registers.types.eras import ERA_PERIODS, EraPeriod


class Kind(StrEnum):
    """What can be configured."""

    PARAMETER = "parameter"
    CODE = "code"
    CALENDAR = "calendar"
    ERA = "era"


@dataclass(frozen=True, slots=True)
class LocalChange:
    """One decided change. `key`: a threshold, "list/code", a year, an era; `value`: canonical JSON, see `read_value`.

    PARAMETER {"value": 18} · CODE {"action": "add", "vi": …, "en": …, "words": […], "target": …} · CALENDAR
    {"days": [[ISO day, worked, reason], …]} · ERA {"first": ISO day or null, "last": …, "law": …}.
    """

    kind: str
    key: str
    value: str
    valid_from: date | None
    valid_to: date | None
    source: str
    verified: bool
    province: str = ""  # the code of its unit; "" is the whole country

    @property
    def content(self) -> dict[str, Any]:
        """The value as data."""
        found: dict[str, Any] = json.loads(self.value)
        return found


@dataclass(frozen=True, slots=True)
class Configuration:
    """All local changes at one version, in the order of the decisions, and the day they are looked at."""

    stamp: str = SHIPPED
    day: date = date.max
    changes: tuple[LocalChange, ...] = ()


def canonical(value: Mapping[str, Any]) -> str:
    """A value as text: equal values have equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=1)
def shipped() -> Snapshot:
    """The configuration without a local change."""
    return _made(Configuration())


@lru_cache(maxsize=16)
def snapshot_of(configuration: Configuration) -> Snapshot:
    """The snapshot of a configuration; the same one for equal configurations, so that nothing is learnt twice."""
    return _made(configuration)


def _made(configuration: Configuration) -> Snapshot:
    by_kind: dict[str, list[LocalChange]] = {}
    for change in configuration.changes:
        by_kind.setdefault(change.kind, []).append(change)
    thresholds = _parameters(by_kind.get(Kind.PARAMETER, []))
    return Snapshot(
        configuration.stamp,
        configuration.day,
        thresholds,
        _lists(by_kind.get(Kind.CODE, []), configuration.day),
        _eras(by_kind.get(Kind.ERA, [])),
        _days(by_kind.get(Kind.CALENDAR, [])),
        {code: rows[0].value for code, rows in thresholds.items() if _is_always(rows[0])},
        _provincial(by_kind.get(Kind.PARAMETER, [])),
    )


def _is_always(row: Parameter) -> bool:
    return row.valid_from is None and row.valid_to is None


def _parameters(changes: Sequence[LocalChange]) -> Mapping[str, tuple[Parameter, ...]]:
    made = dict(table.BY_CODE)
    for change in changes:
        if change.key in made and not change.province:
            made[change.key] = (parameter_of(change), *made[change.key])
    return MappingProxyType(made)


def _provincial(changes: Sequence[LocalChange]) -> Mapping[tuple[str, str], tuple[Parameter, ...]]:
    made: dict[tuple[str, str], tuple[Parameter, ...]] = {}
    for change in changes:
        if change.province and change.key in table.DEFINITIONS:
            key = change.key, change.province
            made[key] = (parameter_of(change), *made.get(key, ()))
    return MappingProxyType(made)


def may_differ(kind: str, key: str) -> bool:
    """Whether a province may have a value of its own."""
    return kind == Kind.PARAMETER and key in table.DEFINITIONS and table.DEFINITIONS[key].by_province


def parameter_of(change: LocalChange) -> Parameter:
    """The row of a changed threshold."""
    return Parameter(
        change.key, int(change.content["value"]), table.DEFINITIONS[change.key].unit, change.valid_from, change.valid_to,
        change.source, change.verified,
    )  # fmt: skip


def _lists(changes: Sequence[LocalChange], day: date) -> Mapping[str, Any]:
    by_list: dict[str, list[CodeChange]] = {}
    for change in changes:
        by_list.setdefault(change.key.partition("/")[0], []).append(code_change_of(change))
    made = dict(SHIPPED_LISTS)
    for name, found in by_list.items():
        if name in made:
            made[name] = changed(made[name], found, day)
    return MappingProxyType(made)


def code_change_of(change: LocalChange) -> CodeChange:
    """What a change does to a code."""
    content = change.content
    label = Label(content["vi"], content.get("en") or content["vi"]) if content.get("vi") else None
    return CodeChange(
        change.key.partition("/")[2], CodeAction(content["action"]), label, tuple(content.get("words", ())),
        content.get("target", ""), change.valid_from, change.valid_to, change.source, change.verified,
    )  # fmt: skip


def _eras(changes: Sequence[LocalChange]) -> Mapping[Era, EraPeriod]:
    made = dict(ERA_PERIODS)
    for change in changes:
        if change.key in Era.__members__:
            era, content = Era(change.key), change.content
            made[era] = replace(
                made[era], valid_from=_day(content.get("first")), valid_to=_day(content.get("last")),
                law=content.get("law") or made[era].law, verified=change.verified,
            )  # fmt: skip
    return MappingProxyType(made)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _days(changes: Sequence[LocalChange]) -> tuple[DayChange, ...]:
    made = {item.day: item for item in DAY_CHANGES}
    for change in changes:
        for item in day_changes_of(change):
            made[item.day] = item
    return tuple(made[day] for day in sorted(made))


def day_changes_of(change: LocalChange) -> list[DayChange]:
    """The days of a year that a change decides on."""
    return [
        DayChange(date.fromisoformat(day), bool(worked), reason, change.source, change.verified)
        for day, worked, reason in change.content["days"]
    ]


def is_legal(kind: str, key: str) -> bool:
    """Whether a change needs a second person: what the law sets does, what practice sets does not. Raises KeyError."""
    if kind == Kind.PARAMETER:
        return table.DEFINITIONS[key].legal
    if kind == Kind.CODE:
        return SHIPPED_LISTS[key.partition("/")[0]].legal
    return True


def default_era(registered_on: date) -> Era:
    """The era a paper book most likely belongs to when nobody said which, as the eras in force say."""
    eras = active().eras
    for era in (Era.PRE1999, Era.ND83, Era.ND158):
        end = eras[era].valid_to
        if end is not None and registered_on <= end:
            return era
    return Era.L2014
