"""From what an officer types about a plan to the plan: codes become units of their day. No page of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hotich.kernel.problems import RuleBroken
from hotich.units.models import AdministrativeUnit
from hotich.units.queries import unit_valid_at
from hotich.units.rules.operations import KINDS_OF_LEVEL, last_day_before
from hotich.units.rules.plans import Beginning, Plan, Share, Target, next_key, with_share


def codes_in(text: str) -> list[str]:
    """Codes as people write them in a row, each once."""
    return list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", text))))


def level_of_kind(kind: str) -> str:
    """The level a kind of unit belongs to."""
    return next(level for level, kinds in KINDS_OF_LEVEL.items() if kind in kinds)


def units_ending(codes: Iterable[str], level: str, on: date) -> list[AdministrativeUnit]:
    """The units of these codes on the last day of the old state. Raises RuleBroken no_unit_of_code."""
    found = []
    for code in codes:
        unit = unit_valid_at(code, level, last_day_before(on))
        if unit is None:
            raise RuleBroken("no_unit_of_code", field="codes", unit_code=code)
        found.append(unit)
    return found


def with_ending(plan: Plan, codes: Iterable[str], level: str, on: date) -> Plan:
    """The plan in which these units end too."""
    units = [unit.id for unit in units_ending(codes, level, on)]
    return replace(plan, ends=tuple(dict.fromkeys((*plan.ends, *units))))


def with_beginning(plan: Plan, *, kind: str, short_name: str, code: str, parent: str, on: date) -> Plan:
    """The plan in which this unit begins too. Raises RuleBroken no_unit_of_code for the parent."""
    level = level_of_kind(kind)
    above = None if level == "province" or not parent else parent_of_code(plan, parent, on)
    new = Beginning(next_key(plan), level, code.strip(), " ".join(short_name.split()), kind, above)
    return replace(plan, begins=(*plan.begins, new))


def parent_of_code(plan: Plan, code: str, on: date) -> Target:
    """The parent of this code on the day: one that begins with the plan, else a province or district."""
    for new in plan.begins:
        if new.code == code and new.level != "commune":
            return new.key
    level = "district" if len(code) == 3 else "province"
    unit = unit_valid_at(code, level, on)
    if unit is None:
        raise RuleBroken("no_unit_of_code", field="parent", unit_code=code)
    return unit.id


def source_of_code(plan: Plan, code: str, on: date) -> AdministrativeUnit:
    """The unit of this code before the day: one of those that end, else any of that day."""
    ending = AdministrativeUnit.objects.filter(id__in=plan.ends, code=code).first()
    unit = ending or unit_valid_at(code, _level_of_code(code), last_day_before(on))
    if unit is None:
        raise RuleBroken("no_unit_of_code", field="source", unit_code=code)
    return unit


def target_of_code(plan: Plan, code: str, on: date) -> Target:
    """The unit of this code from the day on: one that begins, else one that goes on."""
    for new in plan.begins:
        if new.code == code:
            return new.key
    unit = unit_valid_at(code, _level_of_code(code), on)
    if unit is None or unit.id in plan.ends:
        raise RuleBroken("no_unit_of_code", field="target", unit_code=code)
    return unit.id


def _level_of_code(code: str) -> str:
    return {2: "province", 3: "district"}.get(len(code), "commune")


def with_typed_share(plan: Plan, *, source: str, target: str, words: str, is_default: bool, on: date) -> Plan:
    """The plan with a share between two codes."""
    unit = source_of_code(plan, source, on)
    share = Share(unit.id, target_of_code(plan, target, on), words.strip(), is_default)
    return with_share(plan, share)


def with_children(plan: Plan, codes: Iterable[str], target: str, on: date) -> Plan:
    """The plan in which these communes go below that unit."""
    units = units_ending(codes, "commune", on)
    to = target_of_code(plan, target, on)
    return replace(plan, children={**plan.children, **{unit.id: to for unit in units}})


def target_in(plan: Plan, text: str) -> Target | None:
    """A target of the plan as it stands in a form: a key, or the id of a unit."""
    named = {str(share.target): share.target for share in plan.shares} | {new.key: new.key for new in plan.begins}
    named |= {str(unit): unit for unit in plan.ends}
    return named.get(text)
