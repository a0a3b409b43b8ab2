"""The model: what is compared, how much each agreement weighs, what a link needs. One JSON file.

Every pair of a record and a person falls into one of several hidden classes: the same person; a sibling; a namesake of the
same year; somebody born the same day …; each with its own chances for every level. The score is the logarithm (base 2) of
how much likelier "the same person" is than all other classes together. A sibling shares parents and home with the person
by nature, so these agreements say nothing against the class "sibling": that is what keeps siblings apart.

A record is about one person at most, so its candidates compete: `certainty` weighs the best of them against all others and
against nobody at all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.matching.conditions import Condition, Test, to_test
from hotich.matching.keys import Common, columns

FORMAT = 2
MATCH, SIBLING = "match", "sibling"
LEAST = 1e-7  # no level is impossible in a class: data not seen in training
FAINT = -16.0  # bits: pairs below are no candidates
COMMONNESS = "commonness"  # a comparison that says how common the name is, not how far it agrees


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement. `when` is a condition; () holds for whatever no level before it took.

    A code may tell levels apart that people are told as one: of "exact:2" they are told "exact".
    """

    code: str
    when: tuple[Any, ...] = ()

    @property
    def told(self) -> str:
        """The code without what only the weights need."""
        return self.code.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one field says: its levels, the first that holds counts. The place of a level is its number in a pattern."""

    field: str
    levels: tuple[Level, ...]

    def places(self, told: str) -> list[int]:
        """The numbers of the levels told by this code. Raises RuleBroken matching_model_malformed when there is none."""
        found = [number for number, level in enumerate(self.levels) if level.told == told]
        if not found:
            raise RuleBroken("matching_model_malformed", field=f"{self.field}.{told}")
        return found

    def tests(self) -> tuple[Test, ...]:
        """The conditions of all levels but the last, in Python."""
        return tuple(to_test(level.when) for level in self.levels if level.when)


@dataclass(frozen=True, slots=True)
class HiddenClass:
    """One kind of pair: its share of the pairs looked at, and for each field the chance of each level."""

    code: str
    share: float
    chances: Mapping[str, tuple[float, ...]]


Gate = tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]
"""Ways to be evident as a person: one of them must hold; each is (field, levels) that must all hold."""


@dataclass(frozen=True, slots=True)
class Model:
    """`blocking`: rows that share all columns of a rule are looked at. `crowded`: those of the rules that find namesakes by
    the dozen (`batch.pairs`). `link_at`: certainty in bits from which the best person of a record is a link. `doubt_at`: from
    these bits on for all candidates together a clerk looks, below the person is absent. `absent`: share of the records about
    nobody of the population. `common`: how common names are."""

    blocking: tuple[tuple[str, ...], ...]
    comparisons: tuple[Comparison, ...]
    gate: Gate
    classes: tuple[HiddenClass, ...] = ()
    link_at: float = 0.0
    doubt_at: float = -3.0
    absent: float = 0.2
    common: Common = field(default_factory=dict)
    trained: Mapping[str, Any] = field(default_factory=dict)
    crowded: tuple[tuple[str, ...], ...] = ()

    def among(self, persons: int) -> Model:
        """The model for a population of another size than it was learnt from: of whoever is like somebody by chance there
        are so many more, of himself and of his siblings there are not."""
        learnt_from = self.trained.get("persons")
        if not self.classes or not learnt_from:
            return self
        by = persons / learnt_from
        shares = [kind.share * (1.0 if kind.code in (MATCH, SIBLING) else by) for kind in self.classes]
        total = sum(shares)
        return replace(
            self,
            classes=tuple(replace(k, share=share / total) for k, share in zip(self.classes, shares, strict=True)),
            trained={**self.trained, "persons": persons},
        )

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many levels each comparison has."""
        return tuple(len(each.levels) for each in self.comparisons)

    def levels_of(self, pattern: int) -> tuple[int, ...]:
        """The number of the level of each comparison, from a pattern: all levels of a pair as one number (mixed radix, the
        first comparison slowest)."""
        levels = []
        for size in reversed(self.sizes):
            pattern, level = divmod(pattern, size)
            levels.append(level)
        return tuple(reversed(levels))

    def score(self, levels: Sequence[int]) -> float:
        """Bits by which "the same person" is likelier than everything else. Raises RuleBroken matching_model_untrained."""
        match, *others = self._logs(levels)
        return match - _log2_sum(others)

    def certainty(self, best: float, others: Iterable[float]) -> float:
        """Bits by which the person with the best score is likelier than all other candidates and nobody together."""
        return best - math.log2(self.absent + sum(2.0**score for score in others))

    def presence(self, scores: Iterable[float]) -> float:
        """Bits by which it is likelier that the record is about one of the candidates than about nobody of them."""
        return math.log2(max(sum(2.0 ** min(score, 500.0) for score in scores), LEAST)) - math.log2(self.absent)

    def _logs(self, levels: Sequence[int]) -> list[float]:
        if not self.classes:
            raise RuleBroken("matching_model_untrained")
        ordered = sorted(self.classes, key=lambda each: each.code != MATCH)
        return [
            math.log2(max(kind.share, LEAST))
            + sum(
                math.log2(max(kind.chances[each.field][level], LEAST))
                for each, level in zip(self.comparisons, levels, strict=True)
            )
            for kind in ordered
        ]

    def bits(self, field: str, level: int) -> float:
        """What one level says by itself: its chance among matches against that among all other pairs, in bits.

        An explanation, not a summand: other pairs are of several kinds, and the score tells them apart.
        """
        match = next(kind for kind in self.classes if kind.code == MATCH)
        others = [kind for kind in self.classes if kind.code != MATCH]
        total = sum(kind.share for kind in others) or 1.0
        beside = sum(kind.share * kind.chances[field][level] for kind in others) / total
        return math.log2(max(match.chances[field][level], LEAST) / max(beside, LEAST))

    def told(self) -> list[tuple[str, list[tuple[str, float]]]]:
        """Of every field its levels as they are told and their bits, ready for `evidence`."""
        return [
            (each.field, [(level.told, self.bits(each.field, place)) for place, level in enumerate(each.levels)])
            for each in self.comparisons
        ]

    def evidence(
        self, levels: Sequence[int], told: list[tuple[str, list[tuple[str, float]]]]
    ) -> list[tuple[str, str, float]]:
        """(field, level as it is told, bits) of every field, with what `told` gave. How common the name is belongs to
        what the name says."""
        made = {field: each[level] for (field, each), level in zip(told, levels, strict=True)}
        _, common = made.pop(COMMONNESS, ("", 0.0))
        return [(field, code, bits + (common if field == "name" else 0.0)) for field, (code, bits) in made.items()]

    def is_evident(self, levels: Sequence[int]) -> bool:
        """Whether the pair agrees on the person and not on the family alone."""
        codes = {each.field: each.levels[level].told for each, level in zip(self.comparisons, levels, strict=True)}
        return any(all(codes[name] in wanted for name, wanted in way) for way in self.gate)


def _log2_sum(logs: Sequence[float]) -> float:
    top = max(logs)
    return top + math.log2(sum(2.0 ** (each - top) for each in logs))


# ---- the file


def to_json(model: Model) -> str:
    """The model as the text of a file."""
    made = {
        "format": FORMAT,
        "blocking": model.blocking,
        "crowded": model.crowded,
        "comparisons": [
            {"field": each.field, "levels": [{"code": level.code, "when": level.when} for level in each.levels]}
            for each in model.comparisons
        ],
        "gate": [[[name, list(levels)] for name, levels in way] for way in model.gate],
        "classes": [
            {"code": kind.code, "share": kind.share, "chances": {name: list(c) for name, c in kind.chances.items()}}
            for kind in model.classes
        ],
        "link_at": model.link_at,
        "doubt_at": model.doubt_at,
        "absent": model.absent,
        "common": {prefix: _by_grade(grades) for prefix, grades in model.common.items()},
        "trained": dict(model.trained),
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def _by_grade(grades: Mapping[str, int]) -> list[list[str]]:
    """The keys of grade 1, of grade 2 …"""
    return [
        sorted(key for key, grade in grades.items() if grade == wanted)
        for wanted in range(1, max(grades.values(), default=0) + 1)
    ]


def from_json(text: str) -> Model:
    """The model of a file. Raises RuleBroken matching_model_malformed, matching_model_format."""
    try:
        given = json.loads(text)
        if given["format"] != FORMAT:
            raise RuleBroken("matching_model_format", field=str(given["format"]))
        model = Model(
            blocking=_rules(given["blocking"]),
            crowded=_rules(given.get("crowded", ())),
            comparisons=tuple(
                Comparison(each["field"], tuple(Level(lev["code"], _frozen(lev["when"])) for lev in each["levels"]))
                for each in given["comparisons"]
            ),
            gate=tuple(tuple((name, tuple(levels)) for name, levels in way) for way in given["gate"]),
            classes=tuple(
                HiddenClass(
                    kind["code"], float(kind["share"]), {n: tuple(map(float, c)) for n, c in kind["chances"].items()}
                )
                for kind in given["classes"]
            ),
            link_at=float(given["link_at"]),
            doubt_at=float(given["doubt_at"]),
            absent=float(given["absent"]),
            common={
                prefix: {str(key): grade for grade, keys in enumerate(grades, start=1) for key in keys}
                for prefix, grades in given["common"].items()
            },
            trained=given.get("trained", {}),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RuleBroken("matching_model_malformed", field=type(error).__name__) from error
    _must_be_whole(model)
    return model


def _rules(given: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(str, rule)) for rule in given)


def _frozen(condition: Condition) -> tuple[Any, ...]:
    return tuple(_frozen(each) if isinstance(each, list) else each for each in condition)


def _must_be_whole(model: Model) -> None:
    """Every rule names columns there are; every level can be asked, every class knows every level, every gate names levels
    there are."""
    known = set(columns())
    odd = [rule for rule in model.blocking if not rule or not known.issuperset(rule)]
    odd += [rule for rule in model.crowded if rule not in model.blocking]
    if odd:
        raise RuleBroken("matching_model_malformed", field=" ".join(odd[0]))
    by_field = {each.field: each for each in model.comparisons}
    for each in model.comparisons:
        if not each.levels or each.levels[-1].when or not all(level.when for level in each.levels[:-1]):
            raise RuleBroken("matching_model_malformed", field=each.field)
        each.tests()
    for kind in model.classes:
        if any(len(kind.chances.get(each.field, ())) != len(each.levels) for each in model.comparisons):
            raise RuleBroken("matching_model_malformed", field=kind.code)
    if not 0 < model.absent < 1:
        raise RuleBroken("matching_model_malformed", field="absent")
    if model.classes and all(kind.code != MATCH for kind in model.classes):
        raise RuleBroken("matching_model_malformed", field=MATCH)
    for way in model.gate:
        for name, levels in way:
            if name not in by_field:
                raise RuleBroken("matching_model_malformed", field=name)
            for code in levels:
                by_field[name].places(code)


def read_model(path: Path) -> Model:
    """The model in a file. Raises RuleBroken matching_file_unreadable and those of `from_json`."""
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RuleBroken("matching_file_unreadable", name=path.name) from error
