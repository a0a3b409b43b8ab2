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
    """`person`: whom a link names, or the likeliest for a clerk; None when absent. `margin`: None without a second one.
    `certainty`: bits by which the best person is likelier than all others and nobody together."""

    outcome: Outcome
    person: Hashable | None
    score: float | None
    margin: float | None
    candidates: tuple[Candidate, ...]
    certainty: float | None = None


class Scorer:
    """A trained model, made ready. Raises RuleBroken matching_model_untrained when it is asked without weights."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._tests = [(each, each.tests()) for each in model.comparisons]
        self._told = model.told() if model.classes else []

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
        common = self.model.common
        record = sides(facts, common)
        ranked = sorted(
            (self._candidate(record, name, sides(person, common)) for name, person in persons), key=lambda c: -c.score
        )
        return self._judged(ranked, most) if ranked else Answer("absent", None, None, None, ())

    def _candidate(self, record: Mapping[str, Any], name: Hashable, person: Mapping[str, Any]) -> Candidate:
        levels = self.levels(record, person)
        evidence = tuple(Evidence(*each) for each in self.model.evidence(levels, self._told))
        return Candidate(
            name, self.model.score(levels), self.model.is_evident(levels), evidence, tuple(differences(record, person))
        )

    def _judged(self, ranked: Sequence[Candidate], most: int) -> Answer:
        best, scores = ranked[0], [each.score for each in ranked]
        margin = best.score - scores[1] if len(scores) > 1 else None
        certainty = self.model.certainty(best.score, scores[1:])
        told: tuple[Any, ...] = (best.score, margin, tuple(ranked[:most]), certainty)
        if certainty >= self.model.link_at and best.is_evident:
            return Answer("different" if best.differences else "equal", best.person, *told)
        if self.model.presence(scores) >= self.model.doubt_at:
            return Answer("clerk", best.person, *told)
        return Answer("absent", None, *told)
