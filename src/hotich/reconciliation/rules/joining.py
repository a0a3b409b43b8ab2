"""Whether persons may become one, all their entries taken together: what two entries allow, a third may forbid. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from hotich.reconciliation.rules.families import Limits, Member, faults_of


class Joining:
    """Persons with all their entries; whoever was joined here counts as one from then on.

    `parted`: pairs of participants a human said are two people. `below`: person → children and grandchildren.
    """

    def __init__(
        self,
        members: Iterable[Member],
        allowed: Limits,
        parted: Collection[frozenset[UUID]] = (),
        below: Mapping[UUID, Collection[UUID]] | None = None,
    ) -> None:
        self._allowed, self._parted = allowed, parted
        self._entries: dict[UUID, list[Member]] = defaultdict(list)
        self._person_of: dict[UUID, UUID] = {}
        for each in members:
            self._entries[each.person].append(each)
            self._person_of[each.id] = each.person
        self._were = {person: {person} for person in self._entries}
        self._below = {person: set((below or {}).get(person, ())) for person in self._entries}

    def may_join(self, first: UUID, second: UUID) -> bool:
        """Whether two participants are two persons that nothing keeps apart."""
        one, other = self._person_of.get(first), self._person_of.get(second)
        if one is None or other is None or one == other:
            return False
        if self._were[one] & self._below[other] or self._were[other] & self._below[one]:
            return False
        return not any(
            frozenset((a.id, b.id)) in self._parted or faults_of(a, b, self._allowed)
            for a in self._entries[one]
            for b in self._entries[other]
        )

    def join(self, first: UUID, second: UUID) -> bool:
        """Join two participants' persons if they may be; whether they were."""
        if not self.may_join(first, second):
            return False
        one, other = self._person_of[first], self._person_of[second]
        for each in self._entries[other]:
            self._person_of[each.id] = one
        self._entries[one] += self._entries.pop(other)
        self._were[one] |= self._were.pop(other)
        self._below[one] |= self._below.pop(other)
        return True
