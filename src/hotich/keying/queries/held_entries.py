"""Reads: an entry with all that decides who may see it and who may settle it: its case, second keyings, deciders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from hotich.intake.models import Case
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    Difference,
    Entry,
    EntryKind,
    KeyingPackage,
    OriginalDecision,
    OriginalOutcome,
    SecondKeying,
)
from hotich.keying.rules.sampling import STRAY, needs_third, second_kind


@dataclass(slots=True)
class Held:
    """An entry with what belongs to it. `case` is None for a void number or a missing page."""

    package: KeyingPackage
    entry: Entry
    case: Case | None
    seconds: list[SecondKeying]
    deciders: frozenset[int]  # whoever decided a difference: a hand in the case that is no keyer's
    is_original_decided: bool = False  # of a second original: closed by a decision, nobody keys it again

    @property
    def keyers(self) -> frozenset[int]:
        """Everyone who keyed or mended the first entry; a checker's correction makes nobody a keyer."""
        touched = frozenset(self.case.touched_by) if self.case is not None else frozenset()
        checkers = self.deciders | ({self.entry.checker} if self.entry.checker is not None else frozenset())
        return frozenset({self.entry.keyer}) | (touched - checkers)

    def is_of(self, actor: Actor) -> bool:
        """Whether the actor keyed or mended the first entry."""
        return bool(actor.hands & self.keyers)

    @property
    def needs_third(self) -> bool:
        """Whether a whole second keying stands against the first: then only somebody who keyed neither decides."""
        return needs_third([second.kind for second in self.seconds])

    @property
    def second_keyers(self) -> frozenset[int]:
        """Everyone who keyed the case a second time."""
        return frozenset(second.keyer for second in self.seconds)

    @property
    def outstanding(self) -> str:
        """The second keying the entry waits for: critical | double | sample, or "" when nothing is hidden any more."""
        if self.is_original_decided:
            return ""
        keyers = self.keyers  # whoever keyed a place twice, on two PCs, is no second person
        given = [second.kind for second in self.seconds if second.keyer not in keyers]
        return outstanding(self.package.mode, self.entry, given)


def outstanding(mode: str, entry: Entry, given: Iterable[str]) -> str:
    """As `Held.outstanding`. A stray entry of somebody else is a whole keying made blind: it counts for any kind."""
    kind = second_kind(mode, is_sample=entry.is_sample, is_case=entry.kind == EntryKind.CASE)
    return "" if {kind, STRAY} & set(given) else kind


def held_with(entries: Sequence[Entry]) -> list[Held]:
    """Entries with what belongs to them, in the order given; `package` of each is set already."""
    ids = [entry.id for entry in entries]
    cases = Case.objects.in_bulk([entry.case_id for entry in entries if entry.case_id is not None])
    seconds: dict[UUID, list[SecondKeying]] = {each: [] for each in ids}
    for second in SecondKeying.objects.filter(entry_id__in=ids).order_by("received_at", "id"):
        seconds[second.entry_id].append(second)
    deciders: dict[UUID, set[int]] = {each: set() for each in ids}
    decided = Difference.objects.filter(entry_id__in=ids, decided_by__isnull=False)
    for entry_id, officer in decided.values_list("entry_id", "decided_by"):
        deciders[entry_id].add(officer or 0)
    closed = set()
    for entry_id, officer, outcome in OriginalDecision.objects.filter(entry_id__in=ids).values_list(
        "entry_id", "decided_by", "outcome"
    ):
        deciders[entry_id].add(officer)
        if outcome != OriginalOutcome.OWN:
            closed.add(entry_id)
    return [
        Held(
            each.package, each, cases.get(each.case_id), seconds[each.id], frozenset(deciders[each.id]),
            each.id in closed,
        )
        for each in entries
    ]  # fmt: skip


def read_entry(actor: Actor, entry_id: UUID) -> Held:
    """An entry of the actor's offices. Raises RuleBroken entry_unknown."""
    entries = Entry.objects.filter(id=entry_id, origin_office_id__in=actor.office_ids)
    found = entries.select_related("package__book", "package__origin_office", "item").first()
    if found is None:
        raise RuleBroken("entry_unknown")
    return held_with([found])[0]
