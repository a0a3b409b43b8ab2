"""What an operation on units and offices will do, as data, and its JSON. Pure.

A unit that begins has a key of the plan ("n1"); a unit that exists has its id. A target is either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Target = int | str


@dataclass(frozen=True, slots=True)
class Beginning:
    """A unit that begins. `parent`: id of a unit, key of another one that begins, or None (provinces)."""

    key: str
    level: str
    code: str
    short_name: str
    kind: str
    parent: Target | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A unit, or a part of it, goes over to a target. `words` as in the legal act: villages, hectares, streets.

    `is_default`: of several successors the one whose office keeps the books and answers for the closed office.
    """

    source: int
    target: Target
    words: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class OfficeStep:
    """A change of an office that follows no change of a unit (missions, archives): open, change or close."""

    action: Literal["open", "change", "close"]
    office: int | None = None
    code: str = ""
    name: str = ""
    kind: str = ""
    country: str = ""
    unit: int | None = None
    successor: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole operation. `children`: unit → target, where the units below a divided unit go; `books` and `posts`:
    id → target, where they do not go to the default successor."""

    ends: tuple[int, ...] = ()
    begins: tuple[Beginning, ...] = ()
    shares: tuple[Share, ...] = ()
    offices: tuple[OfficeStep, ...] = ()
    children: Mapping[int, Target] = field(default_factory=dict)
    books: Mapping[str, Target] = field(default_factory=dict)
    posts: Mapping[int, Target] = field(default_factory=dict)

    @property
    def touched_units(self) -> frozenset[int]:
        """Ids of all existing units that end, give or receive."""
        targets = (share.target for share in self.shares if isinstance(share.target, int))
        return frozenset((*self.ends, *(share.source for share in self.shares), *targets))

    def shares_from(self, unit: int) -> tuple[Share, ...]:
        """What becomes of a unit."""
        return tuple(share for share in self.shares if share.source == unit)

    def shares_to(self, target: Target) -> tuple[Share, ...]:
        """What a target is made of."""
        return tuple(share for share in self.shares if share.target == target)

    def default_target(self, unit: int) -> Target | None:
        """Who follows a unit that ends: its only successor or the default one; None when nobody is named."""
        found = self.shares_from(unit)
        if len(found) == 1:
            return found[0].target
        return next((share.target for share in found if share.is_default), None)

    def beginning(self, key: Target) -> Beginning | None:
        """The unit with this key."""
        return next((each for each in self.begins if each.key == key), None)


def to_json(plan: Plan) -> dict[str, Any]:
    """The plan as it is stored."""
    return {
        "ends": list(plan.ends),
        "begins": [asdict(each) for each in plan.begins],
        "shares": [asdict(each) for each in plan.shares],
        "offices": [asdict(each) for each in plan.offices],
        "children": {str(key): target for key, target in plan.children.items()},
        "books": dict(plan.books),
        "posts": {str(key): target for key, target in plan.posts.items()},
    }


def from_json(stored: Mapping[str, Any]) -> Plan:
    """The plan as it was stored; {} is the empty one."""
    return Plan(
        ends=tuple(stored.get("ends", ())),
        begins=tuple(Beginning(**each) for each in stored.get("begins", ())),
        shares=tuple(Share(**each) for each in stored.get("shares", ())),
        offices=tuple(OfficeStep(**each) for each in stored.get("offices", ())),
        children={int(key): target for key, target in stored.get("children", {}).items()},
        books=dict(stored.get("books", {})),
        posts={int(key): target for key, target in stored.get("posts", {}).items()},
    )


def completed(plan: Plan) -> Plan:
    """The plan with the shares nobody needs to type: all that ends goes to the only target there is."""
    targets: list[Target] = [each.key for each in plan.begins]
    targets += [share.target for share in plan.shares if share.target not in targets]
    if len(targets) != 1:
        return plan
    without = [unit for unit in plan.ends if not plan.shares_from(unit)]
    return replace(plan, shares=(*plan.shares, *(Share(unit, targets[0], is_default=True) for unit in without)))


def next_key(plan: Plan) -> str:
    """A key no unit of the plan has."""
    used = {each.key for each in plan.begins}
    return next(key for number in range(1, len(used) + 2) if (key := f"n{number}") not in used)


def without_unit(plan: Plan, target: Target) -> Plan:
    """The plan without a unit that was to begin or to end, and without all that hung on it."""

    def kept(choices: Mapping[Any, Target]) -> dict[Any, Target]:
        return {key: chosen for key, chosen in choices.items() if chosen != target}

    return replace(
        plan,
        ends=tuple(unit for unit in plan.ends if unit != target),
        begins=tuple(each for each in plan.begins if each.key != target),
        shares=tuple(share for share in plan.shares if target not in (share.source, share.target)),
        children=kept({unit: to for unit, to in plan.children.items() if unit != target}),
        books=kept(plan.books),
        posts=kept(plan.posts),
    )


def with_share(plan: Plan, share: Share) -> Plan:
    """The plan with this share, in the place of an earlier one between the same two; one default a unit."""
    others = [each for each in plan.shares if (each.source, each.target) != (share.source, share.target)]
    if share.is_default:
        others = [replace(each, is_default=False) if each.source == share.source else each for each in others]
    return replace(plan, shares=(*others, share))


def merger(sources: Iterable[int], into: Beginning | int) -> Plan:
    """Several units become one: a new one, or one that exists and goes on."""
    target: Target = into if isinstance(into, int) else into.key
    ends = tuple(unit for unit in sources if unit != target)
    return Plan(
        ends=ends,
        begins=() if isinstance(into, int) else (into,),
        shares=tuple(Share(unit, target, is_default=True) for unit in ends),
    )
