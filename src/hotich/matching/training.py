"""Weights learnt from the data themselves, without a single pair anybody has judged.

Every pair shows a pattern of levels; a few thousand patterns stand for millions of pairs, so counting them is all the data
training needs. Expectation and maximisation (EM) then finds the hidden classes of `model`: it starts from a rough guess of
which pattern belongs where, and repeats "weigh the classes by the patterns, the patterns by the classes" until nothing moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotich.kernel.problems import RuleBroken
from hotich.matching.model import MATCH, HiddenClass, Model

CLASSES = (MATCH, "sibling", "namesake", "same_day", "same_day_other_year", "other")
MOST_ROUNDS = 150
STILL = 1e-6  # of all pairs together no more move between two rounds: the end
SMOOTHING = 0.5  # pairs added to every level of every class: no level is impossible
FEWEST_PAIRS = 200
FEWEST_MATCHES = 20

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Patterns that occur among the pairs, and how many pairs show each."""

    patterns: Sequence[int]
    numbers: Sequence[int]


def train(model: Model, counts: Counts) -> Model:
    """The model with classes and thresholds learnt from the counted patterns.

    Raises RuleBroken matching_too_little_data (params pairs): from so few pairs nothing can be learnt.
    """
    total = sum(counts.numbers)
    if total < FEWEST_PAIRS:
        raise RuleBroken("matching_too_little_data", pairs=total)
    levels = np.array([model.levels_of(pattern) for pattern in counts.patterns], dtype=np.int64)
    weights = np.asarray(counts.numbers, dtype=np.float64)
    belonging, shares, chances, rounds = _learn(model, levels, weights)
    if float((belonging[:, 0] * weights).sum()) < FEWEST_MATCHES:
        raise RuleBroken("matching_too_little_data", pairs=total)
    learnt = replace(
        model,
        classes=tuple(
            HiddenClass(
                code,
                float(shares[place]),
                {
                    each.field: tuple(float(chance) for chance in table[place])
                    for each, table in zip(model.comparisons, chances, strict=True)
                },
            )
            for place, code in enumerate(CLASSES)
        ),
    )
    told = {"pairs": int(total), "patterns": len(counts.patterns), "rounds": rounds}
    return replace(learnt, trained=told)


def _learn(model: Model, levels: NDArray[np.int64], weights: Floats) -> tuple[Floats, Floats, list[Floats], int]:
    """How much each pattern belongs to each class, the shares of the classes, their chances per comparison, rounds."""
    belonging = _first_guess(model, levels)
    shares = np.zeros(len(CLASSES))
    chances: list[Floats] = []
    rounds = 0
    for rounds in range(1, MOST_ROUNDS + 1):  # noqa: B007 – the number of the last round is told
        heavy = belonging * weights[:, None]
        shares = heavy.sum(axis=0) / heavy.sum()
        chances = [_chances(levels[:, place], heavy, size) for place, size in enumerate(model.sizes)]
        logs = np.log(np.maximum(shares, 1e-12))[None, :].repeat(len(weights), axis=0)
        for place, table in enumerate(chances):
            logs += np.log(table[:, levels[:, place]]).T
        moved: Floats = np.exp(logs - logs.max(axis=1, keepdims=True))
        moved /= moved.sum(axis=1, keepdims=True)
        change = float((np.abs(moved - belonging).sum(axis=1) * weights).sum() / weights.sum())
        belonging = moved
        if change < STILL:
            break
    return belonging, shares, chances, rounds


def _chances(levels: NDArray[np.int64], heavy: Floats, size: int) -> Floats:
    table = np.stack([np.bincount(levels, weights=column, minlength=size) for column in heavy.T]) + SMOOTHING
    made: Floats = table / table.sum(axis=1, keepdims=True)
    return made


def _first_guess(model: Model, levels: NDArray[np.int64]) -> Floats:
    """Which class a pattern looks like: by the name, the birth, the parents. EM needs a direction, not the truth."""
    close_name = _one_of(model, levels, "name", "exact marks_lost marks_differ sounds_alike")
    some_name = close_name | _one_of(model, levels, "name", "slip part_missing given_slip given_only")
    same_day = _one_of(model, levels, "birth", "exact")
    other_year = _one_of(model, levels, "birth", "year_slip other_year")
    some_birth = (
        same_day | other_year | _one_of(model, levels, "birth", "part_unknown swapped first_of_january month_or_day")
    )
    near = "exact marks sounds_alike"
    father = _one_of(model, levels, "father", f"{near} slip")
    mother = _one_of(model, levels, "mother", f"{near} slip")
    family = _one_of(model, levels, "father", near) & _one_of(model, levels, "mother", near)
    match = (some_name & some_birth & (father | mother)) | _one_of(model, levels, "personal_id", "equal")
    rest = ~match & ~family
    guesses = (
        match,
        family & ~match,
        rest & close_name & ~same_day & ~other_year,
        rest & same_day,
        rest & other_year,
        rest,
    )
    guess = np.full((len(levels), len(CLASSES)), 0.02)
    for place, chosen in enumerate(guesses):
        guess[:, place] += chosen * (0.2 if place == len(guesses) - 1 else 1.0)
    made: Floats = guess / guess.sum(axis=1, keepdims=True)
    return made


def _one_of(model: Model, levels: NDArray[np.int64], field: str, codes: str) -> NDArray[np.bool_]:
    place = [each.field for each in model.comparisons].index(field)
    wanted = [model.comparisons[place].place(code) for code in codes.split()]
    found: NDArray[np.bool_] = np.isin(levels[:, place], wanted)
    return found


def expected_wrong(model: Model, counts: Counts) -> list[dict[str, Any]]:
    """What the model expects of each whole bit of score: pairs from there on, and how many of them are wrong links.

    Only evident pairs count. Rows {"score", "pairs", "wrong"}, from the highest score down; for the diagnostics page.
    """
    bins: dict[int, list[float]] = {}
    for pattern, number in zip(counts.patterns, counts.numbers, strict=True):
        levels = model.levels_of(pattern)
        if not model.is_evident(levels):
            continue
        score = model.score(levels)
        row = bins.setdefault(int(np.floor(score)), [0.0, 0.0])
        row[0] += number
        row[1] += number / (1.0 + 2.0 ** min(score, 500.0))
    made, pairs, wrong = [], 0.0, 0.0
    for score in sorted(bins, reverse=True):
        pairs, wrong = pairs + bins[score][0], wrong + bins[score][1]
        made.append({"score": score, "pairs": int(pairs), "wrong": round(wrong, 3)})
    return made


def threshold_for(rows: Sequence[Mapping[str, Any]], most_wrong: float, lowest: float) -> float:
    """The lowest score (in whole bits, `lowest` at least) from which on the expected share of wrong links stays within
    `most_wrong`; `rows` as of `expected_wrong`."""
    best = float(rows[0]["score"]) if rows else lowest
    for row in rows:
        if row["pairs"] and row["wrong"] / row["pairs"] > most_wrong:
            break
        best = float(row["score"])
    return max(best, lowest)
