"""The same model for one record and a handful of candidates: ranked, with what each field says, and the outcome."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hotich.matching.differences import Difference, differences
from hotich.matching.keys import sides
from hotich.matching.model import Model

Outcome = Literal["equal", "different", "absent", "clerk"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says: the level that holds, and how much it weighs by itself (bits)."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person with the score of the pair (bits), whether it points to the person, its evidence and differences."""

    person: Hashable
    score: float
    is_evident: bool
    evidence: tuple[Evidence, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """`person`: whom a link names, or the likeliest for a clerk; None when absent. `margin`: None without a second one."""

    outcome: Outcome
    person: Hashable | None
    score: float | None
    margin: float | None
    candidates: tuple[Candidate, ...]


class Scorer:
    """A trained model, made ready. Raises RuleBroken matching_model_untrained when it is asked without weights."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._tests = [(each, each.tests()) for each in model.comparisons]

    def levels(self, record: Mapping[str, Any], person: Mapping[str, Any]) -> tuple[int, ...]:
        """The level of each comparison for two sides (`keys.sides`)."""
        return tuple(
            next((place for place, test in enumerate(tests) if test(record, person)), len(tests))
            for _, tests in self._tests
        )

    def answer(
        self, facts: Mapping[str, Any], persons: Iterable[tuple[Hashable, Mapping[str, Any]]], most: int = 20
    ) -> Answer:
        """Rank candidates (identity, facts as in a file's row) for the facts of a record, and say the outcome.

        Ties keep the order given; the outcome is as the batch decides: equal and different are links.
        """
        record = sides(facts)
        ranked = sorted(
            (self._candidate(record, name, sides(person)) for name, person in persons), key=lambda c: -c.score
        )
        return self._judged(ranked[:most]) if ranked else Answer("absent", None, None, None, ())

    def _candidate(self, record: Mapping[str, Any], name: Hashable, person: Mapping[str, Any]) -> Candidate:
        levels = self.levels(record, person)
        evidence = tuple(
            Evidence(each.field, each.levels[level].code, self.model.bits(each.field, level))
            for each, level in zip(self.model.comparisons, levels, strict=True)
        )
        return Candidate(
            name, self.model.score(levels), self.model.is_evident(levels), evidence, tuple(differences(record, person))
        )

    def _judged(self, ranked: Sequence[Candidate]) -> Answer:
        best = ranked[0]
        margin = best.score - ranked[1].score if len(ranked) > 1 else None
        shown = tuple(ranked)
        if best.score < self.model.doubt_at:
            return Answer("absent", None, best.score, margin, shown)
        ahead = margin is None or margin >= self.model.margin
        if best.score < self.model.link_at or not best.is_evident or not ahead:
            return Answer("clerk", best.person, best.score, margin, shown)
        return Answer("different" if best.differences else "equal", best.person, best.score, margin, shown)
