"""What differs between two moments of what is concluded: pure comparison, for the page that asks before an act."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


class PersonLike(Protocol):
    """What is compared of a person."""

    @property
    def participants(self) -> frozenset[UUID]: ...
    @property
    def records(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def birth(self) -> str: ...
    @property
    def life(self) -> str: ...
    @property
    def marital(self) -> str: ...


class EdgeLike(Protocol):
    """What is compared of an edge."""

    @property
    def kind(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def relative(self) -> str: ...
    @property
    def ended_by(self) -> str: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def record_id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person before and after. `how`: added (nobody was there), removed, changed; `now` are several when split."""

    how: str
    before: PersonLike | None
    now: tuple[PersonLike, ...]

    @property
    def name(self) -> str:
        """Who it is about; "" for somebody who may not be seen."""
        known = self.before or next(iter(self.now), None)
        return known.name if known else ""


@dataclass(frozen=True, slots=True)
class EdgeChange:
    """An edge before and after."""

    how: str
    before: EdgeLike | None
    now: EdgeLike | None


def persons_changed(
    before: Mapping[UUID, PersonLike],
    after: Mapping[UUID, PersonLike],
    now_of: Mapping[UUID, UUID],
) -> list[PersonChange]:
    """Persons that vanish, are split or joined, or of whom something else is said. `now_of`: participant → person.

    The id of a person may change with its first entry: persons are followed by their participants.
    """
    found: list[PersonChange] = []
    reached: set[UUID] = set()
    for person in sorted(before):
        was = before[person]
        successors = sorted({now_of[each] for each in was.participants if each in now_of})
        reached |= set(successors)
        now = tuple(after[each] for each in successors if each in after)
        if not now:
            found.append(PersonChange(REMOVED, was, ()))
        elif len(now) > 1 or _told(was) != _told(now[0]):
            found.append(PersonChange(CHANGED, was, now))
    found += [PersonChange(ADDED, None, (after[each],)) for each in sorted(set(after) - reached)]
    return sorted(found, key=lambda item: (item.name == "", item.name, item.how))


def _told(person: PersonLike) -> tuple[object, ...]:
    return person.name, person.birth, person.life, person.marital, person.records


def edges_changed(before: Mapping[UUID, EdgeLike], after: Mapping[UUID, EdgeLike]) -> list[EdgeChange]:
    """Edges that come, go, or end otherwise than before; that somebody is called otherwise is told of the person."""
    found = [EdgeChange(REMOVED, before[each], None) for each in sorted(set(before) - set(after))]
    found += [EdgeChange(ADDED, None, after[each]) for each in sorted(set(after) - set(before))]
    found += [
        EdgeChange(CHANGED, before[each], after[each])
        for each in sorted(set(before) & set(after))
        if _ends(before[each]) != _ends(after[each])
    ]
    return found


def _ends(edge: EdgeLike) -> tuple[object, ...]:
    return edge.ended_by, edge.valid_to


def hidden_changes(before: Collection[UUID], after: Collection[UUID]) -> bool:
    """Whether something changes that may not be shown."""
    return set(before) != set(after)
