"""Who is who: participants become persons by identity numbers and human decisions, never by likeness.

The answer depends only on the set of participants and decisions, never on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

PERSONAL_ID, ID_NUMBER, DECISION, ALONE = "personal_id", "id_number", "decision", "alone"
POPULATION = "population"  # the number of at least one of them is from the population database, not from its book
CERTAINTY: Mapping[str, float] = {ALONE: 1.0, DECISION: 1.0, PERSONAL_ID: 1.0, ID_NUMBER: 0.95, POPULATION: 0.95}
_STRENGTH = {DECISION: 0, PERSONAL_ID: 1, ID_NUMBER: 2, POPULATION: 3}


@dataclass(frozen=True, slots=True)
class Somebody:
    """What linking looks at: identity keys ("" = none), sex and birth interval, which may forbid a link.

    `taken_key`: of a personal number taken over from the population database; it counts where the book has none.
    """

    id: UUID
    personal_id_key: str = ""
    id_number_key: str = ""
    sex: str = ""
    earliest: date | None = None
    latest: date | None = None
    record_id: UUID | None = None
    taken_key: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A human decision about two participants."""

    first: UUID
    second: UUID
    same: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Participant → person (the smallest participant id of the cluster), by the strongest rule that holds it there."""

    participant_id: UUID
    person_id: UUID
    rule: str

    @property
    def certainty(self) -> float:
        """How sure the link is."""
        return CERTAINTY[self.rule]


def compatible(a: Somebody, b: Somebody) -> bool:
    """Whether sex, birth and the records allow both to be one person; what is unknown forbids nothing.

    Two roles of one entry are two people: a child is not its own mother, however the number was keyed.
    """
    if a.record_id is not None and a.record_id == b.record_id:
        return False
    if a.sex in ("1", "2") and b.sex in ("1", "2") and a.sex != b.sex:
        return False
    if a.earliest is None or a.latest is None or b.earliest is None or b.latest is None:
        return True
    return a.earliest <= b.latest and b.earliest <= a.latest


def link(people: Iterable[Somebody], decisions: Iterable[Decision] = ()) -> list[Link]:
    """The persons of these participants.

    `people` must be closed: whoever shares a key or a decision with one of them is among them. Pairs are joined in a
    fixed order (decisions, personal identification numbers, other documents, numbers taken over; then by id), and a pair
    is left apart when that would put two people into one person whom sex, birth, their records or a decision keep apart.
    """
    by_id = {person.id: person for person in people}
    decided = [each for each in decisions if each.first in by_id and each.second in by_id]
    apart = {frozenset((each.first, each.second)) for each in decided if not each.same}
    pairs = sorted(_pairs(by_id.values(), decided), key=lambda pair: (_STRENGTH[pair[2]], pair[0], pair[1]))
    clusters = {each: [each] for each in by_id}
    rules: dict[UUID, str] = {}
    for first, second, rule in pairs:
        one, other = clusters[first], clusters[second]
        if one is not other:
            if rule != DECISION and not _may_join(one, other, by_id, apart):
                continue
            if rule == DECISION and any(frozenset((a, b)) in apart for a in one for b in other):
                continue
            one.extend(other)
            for each in other:
                clusters[each] = one
        for each in (first, second):
            rules.setdefault(each, rule)
    return [
        Link(each, min(cluster), rules.get(each, ALONE) if len(cluster) > 1 else ALONE)
        for each, cluster in sorted(clusters.items())
    ]


def _pairs(people: Iterable[Somebody], decisions: Iterable[Decision]) -> Iterable[tuple[UUID, UUID, str]]:
    groups: dict[tuple[str, str], list[UUID]] = {}
    taken: set[UUID] = set()
    for person in people:
        if key := person.personal_id_key or person.taken_key:
            groups.setdefault((PERSONAL_ID, key), []).append(person.id)
            taken |= set() if person.personal_id_key else {person.id}
        if person.id_number_key:
            groups.setdefault((ID_NUMBER, person.id_number_key), []).append(person.id)
    for each in decisions:
        if each.same:
            yield (*sorted((each.first, each.second)), DECISION)  # type: ignore[misc]
    for (rule, _), members in groups.items():
        ordered = sorted(members)
        for place, first in enumerate(ordered):
            for second in ordered[place + 1 :]:
                is_taken = rule == PERSONAL_ID and (first in taken or second in taken)
                yield first, second, POPULATION if is_taken else rule


def _may_join(one: list[UUID], other: list[UUID], by_id: Mapping[UUID, Somebody], apart: set[frozenset[UUID]]) -> bool:
    return all(compatible(by_id[a], by_id[b]) and frozenset((a, b)) not in apart for a in one for b in other)
