"""What is wrong with a plan, and what it means for units and offices. Pure: the facts come in `Facts`.

Codes of units: decision 19/2025/QĐ-TTg (two digits for provinces, five for communes; the unit where the seat is keeps
its code, a closed code is never given to another unit).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from hotich.kernel.problems import Problem, Severity
from hotich.units.rules.plans import Beginning, Plan, Share, Target

KINDS_OF_LEVEL = {
    "province": ("province", "municipality"),
    "district": ("rural_district", "urban_district", "town", "city"),
    "commune": ("commune", "ward", "township", "special_zone"),
}
SHAPE_OF_CODE = {"province": r"\d{2}", "district": r"\d{3}", "commune": r"\d{5}"}
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit in one period, as the rules need it."""

    id: int
    level: str
    code: str
    name: str
    short_name: str
    kind: str
    parent: int | None
    valid_from: date | None
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        """Whether the unit may have been valid on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the plan. `units`: all the plan names, by id, and their parents; `same_code`: every period
    of the codes that begin; `children`: living units below those that end; `pending`: units other open operations
    touch; `office_codes`: codes of all offices that could collide."""

    units: Mapping[int, UnitFact] = field(default_factory=dict)
    same_code: Sequence[UnitFact] = ()
    children: Mapping[int, Sequence[UnitFact]] = field(default_factory=dict)
    pending: frozenset[int] = frozenset()
    today: date | None = None


def kind_of_share(plan: Plan, share: Share, facts: Facts) -> str:
    """What the law calls it: separated, divided, merged, renamed, type_changed or continued (codes of ChangeKind)."""
    if share.source not in plan.ends:
        return "separated"
    if len(plan.shares_from(share.source)) > 1:
        return "divided"
    new, old = plan.beginning(share.target), facts.units[share.source]
    if new is None or len([each for each in plan.shares_to(share.target) if each.source in plan.ends]) > 1:
        return "merged"
    if new.short_name != old.short_name:
        return "renamed"
    return "type_changed" if new.kind != old.kind else "continued"


def same_body(plan: Plan) -> dict[int, str]:
    """Units whose office lives on under a new name or code: exactly one unit becomes exactly one new one."""
    found = {}
    for unit in plan.ends:
        shares = plan.shares_from(unit)
        if len(shares) == 1 and plan.beginning(shares[0].target) and len(plan.shares_to(shares[0].target)) == 1:
            found[unit] = str(shares[0].target)
    return found


def target_of_child(plan: Plan, child: UnitFact) -> Target | None:
    """Under whom a unit goes on whose parent ends; None when that is not said."""
    assert child.parent is not None
    return plan.children.get(child.id, plan.default_target(child.parent))


def problems_of(plan: Plan, on: date, facts: Facts) -> list[Problem]:
    """All that is wrong with the plan, errors first. `on`: the first day of the new state of things."""
    found = [
        *_whole(plan, on, facts),
        *(problem for unit in plan.ends for problem in _ending(plan, facts.units.get(unit), on)),
        *(problem for new in plan.begins for problem in _beginning(plan, new, on, facts)),
        *(problem for share in plan.shares for problem in _share(plan, share, on, facts)),
        *_children(plan, facts),
    ]
    return sorted(found, key=lambda problem: problem.severity is not Severity.ERROR)


def _warning(code: str, /, **params: object) -> Problem:
    return Problem(code, severity=Severity.WARNING, params=params)


def _error(code: str, /, **params: object) -> Problem:
    return Problem(code, params=params)


def _whole(plan: Plan, on: date, facts: Facts) -> Iterator[Problem]:
    if not (plan.ends or plan.begins or plan.shares or plan.offices):
        yield _error("operation_is_empty")
    if facts.today is not None and on < facts.today:
        yield _warning("operation_begins_in_the_past")
    for unit in sorted(plan.touched_units & facts.pending):
        yield _error("unit_in_another_operation", unit=facts.units[unit].name)
    codes = Counter((new.level, new.code) for new in plan.begins)
    for (_level, code), times in codes.items():
        if times > 1:
            yield _error("code_begins_twice", code=code)


def _ending(plan: Plan, unit: UnitFact | None, on: date) -> Iterator[Problem]:
    if unit is None:
        yield _error("unit_unknown")
        return
    if unit.valid_from is not None and unit.valid_from >= on:
        yield _error("unit_ends_before_it_begins", unit=unit.name)
    elif unit.valid_to is not None:
        yield _error("unit_ended_already", unit=unit.name)
    shares = plan.shares_from(unit.id)
    if not shares:
        yield _warning("unit_ends_without_successor", unit=unit.name)
    elif len(shares) > 1:
        if sum(share.is_default for share in shares) != 1:
            yield _error("default_successor_missing", unit=unit.name)
        if not all(share.words.strip() for share in shares):
            yield _error("share_words_missing", unit=unit.name)


def _beginning(plan: Plan, new: Beginning, on: date, facts: Facts) -> Iterator[Problem]:
    if new.level not in SHAPE_OF_CODE or not re.fullmatch(SHAPE_OF_CODE[new.level], new.code):
        yield _error("unit_code_malformed", code=new.code)
    if new.kind not in KINDS_OF_LEVEL.get(new.level, ()):
        yield _error("kind_of_other_level", unit=new.short_name)
    if not new.short_name.strip() or len(new.short_name) > LONGEST_NAME:
        yield _error("unit_name_missing")
    yield from _parent(plan, new, on, facts)
    if not plan.shares_to(new.key):
        yield _warning("unit_without_predecessor", unit=new.short_name)
    for other in facts.same_code:
        if (other.level, other.code) == (new.level, new.code):
            yield from _other_period(plan, new, other, on, facts)


def _parent(plan: Plan, new: Beginning, on: date, facts: Facts) -> Iterator[Problem]:
    if new.level == "province":
        if new.parent is not None:
            yield _error("province_has_no_parent")
        return
    if isinstance(new.parent, str):
        above = plan.beginning(new.parent)
        level = above.level if above else ""
        valid = above is not None
    else:
        found = facts.units.get(new.parent) if new.parent is not None else None
        level = found.level if found else ""
        valid = found is not None and found.is_valid_on(on) and found.id not in plan.ends
    if not valid:
        yield _error("parent_not_valid_then", unit=new.short_name)
    elif level not in (("province", "district") if new.level == "commune" else ("province",)):
        yield _error("parent_of_wrong_level", unit=new.short_name)


def _other_period(plan: Plan, new: Beginning, other: UnitFact, on: date, facts: Facts) -> Iterator[Problem]:
    """The same code in another period: taken, planned for later, or used by a unit this one does not come from."""
    if other.valid_from is not None and other.valid_from >= on:
        yield _error("code_begins_later_too", code=new.code, unit=other.name)
    elif other.id in plan.ends:
        if not any(share.target == new.key for share in plan.shares_from(other.id)):
            yield _warning("code_of_unit_elsewhere", code=new.code, unit=other.name)
    elif other.is_valid_on(on):
        yield _error("code_taken_then", code=new.code, unit=other.name)
    elif not _keeps_a_code(plan, new, facts):
        yield _warning("code_used_before", code=new.code, unit=other.name)


def _keeps_a_code(plan: Plan, new: Beginning, facts: Facts) -> bool:
    """Whether one of the units it is made of carries the code until then."""
    sources = (facts.units.get(share.source) for share in plan.shares_to(new.key))
    return any(source is not None and source.code == new.code and source.id in plan.ends for source in sources)


def _share(plan: Plan, share: Share, on: date, facts: Facts) -> Iterator[Problem]:
    source = facts.units.get(share.source)
    if source is None:
        yield _error("unit_unknown")
        return
    if share.target == share.source:
        yield _error("unit_becomes_itself", unit=source.name)
    if share.source not in plan.ends:
        if not source.is_valid_on(on):
            yield _error("unit_ended_already", unit=source.name)
        elif not share.words.strip():
            yield _error("share_words_missing", unit=source.name)
    level, valid = _of_target(plan, share.target, on, facts)
    if not valid:
        yield _error("successor_not_valid_then", unit=source.name)
    elif level != source.level:
        yield _error("successor_of_other_level", unit=source.name)


def _of_target(plan: Plan, target: Target, on: date, facts: Facts) -> tuple[str, bool]:
    new = plan.beginning(target)
    if new is not None:
        return new.level, True
    unit = facts.units.get(target) if isinstance(target, int) else None
    if unit is None:
        return "", False
    return unit.level, unit.is_valid_on(on) and unit.id not in plan.ends


def _children(plan: Plan, facts: Facts) -> Iterator[Problem]:
    """Units below one that ends go on below its successor; where it is divided each has to be told."""
    for unit in plan.ends:
        shares = plan.shares_from(unit)
        targets = {share.target for share in shares}
        for child in facts.children.get(unit, ()):
            if child.id in plan.ends:
                continue
            told = plan.children.get(child.id)
            if (told is None and len(targets) != 1) or (told is not None and told not in targets):
                yield _error("child_goes_nowhere", unit=child.name)


def closing_code(code: str, year: int, taken: frozenset[str]) -> str:
    """The code of an office that closes: code-YYYY; with a number where the same code closed twice in a year."""
    first = f"{code}-{year}"
    if first not in taken:
        return first
    return next(name for number in range(2, len(taken) + 3) if (name := f"{first}-{number}") not in taken)


def last_day_before(on: date) -> date:
    """The last day of the old state of things."""
    return on - timedelta(days=1)
