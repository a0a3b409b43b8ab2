"""Weights learnt from the data themselves, without a single pair anybody has judged.

Every pair shows a pattern of levels; a few thousand patterns stand for millions of pairs, so counting them is all the data
training needs. Expectation and maximisation (EM) then finds the hidden classes of `model`: it starts from a rough guess of
which pattern belongs where, and repeats "weigh the classes by the patterns, the patterns by the classes" until nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotich.kernel.problems import RuleBroken
from hotich.matching.model import LEAST, MATCH, SIBLING, Comparison, HiddenClass, Model

CLASSES = (MATCH, SIBLING, "namesake", "same_day", "same_day_other_year", "same_given", "neighbour", "other")
FAMILY = ("father", "mother", "place")  # a sibling agrees in these as the person does: one chance for both classes
# Parents hardly ever give two children one name, and twins are few. Without these bounds records of one person whose name or
# day is written badly pass for siblings, and then siblings for likelier than they are.
SIBLING_AT_MOST = (
    ("name", "exact marks_lost marks_differ sounds_alike slip part_missing", 0.01),
    ("birth", "exact", 0.02),
)
# Two records of one person that agree in no name or no day of birth: chances no training can find, since the rules hardly
# look at such pairs. They bring the likeliest of them before a clerk; no link is made of them (the gate).
BEYOND = {"name": 0.002, "birth": 0.005}
# Two slips in one name are seldom, never unheard of: a chance that small data, or data without them, would not show.
TWO_SLIPS = {"name": ("slip", "given_slip"), "father": ("slip",), "mother": ("slip",)}
TWO_SLIPS_AT_LEAST = 0.002
MOST_ROUNDS = 40
STILL = 1e-4  # of all pairs together no more move between two rounds: the end
SMALL_PRODUCT = 200_000  # multiplications: a product of matrices one processor does by itself
SMOOTHING = 0.5  # pairs added to every level of every class: no level is impossible
FEWEST_PAIRS = 200
FEWEST_MATCHES = 20
LEAST_ABSENT, MOST_ABSENT = 0.02, 0.95  # shares of absent records a model believes in

Floats = NDArray[np.float64]
Numbers = Sequence[int] | NDArray[Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """Patterns that occur among the pairs, and how many pairs show each."""

    patterns: Numbers
    numbers: Numbers


def train(model: Model, counts: Counts, records: int, persons: int) -> Model:
    """The model with classes learnt from the counted patterns of so many records among so many persons, and the share of
    records that is absent.

    Raises RuleBroken matching_too_little_data (params pairs): from so few pairs nothing can be learnt.
    """
    total = int(np.sum(counts.numbers))
    if total < FEWEST_PAIRS:
        raise RuleBroken("matching_too_little_data", pairs=total)
    levels, numbers = levels_of(model, counts.patterns), np.asarray(counts.numbers, dtype=np.float64)
    matches, shares, chances, rounds = _learn(model, levels, numbers)
    if matches < FEWEST_MATCHES:
        raise RuleBroken("matching_too_little_data", pairs=total)
    starts = np.cumsum([0, *model.sizes])
    learnt = tuple(
        HiddenClass(
            code,
            float(shares[place]),
            {
                each.field: tuple(float(chance) for chance in chances[place, start : start + len(each.levels)])
                for each, start in zip(model.comparisons, starts, strict=False)
            },
        )
        for place, code in enumerate(CLASSES)
    )
    told = {
        "pairs": total,
        "patterns": len(counts.patterns),
        "records": records,
        "persons": persons,
        "rounds": rounds,
    }
    absent = min(max(1.0 - matches / records, LEAST_ABSENT), MOST_ABSENT)
    return replace(model, classes=learnt, absent=absent, trained=told)


def levels_of(model: Model, patterns: Numbers) -> NDArray[np.int64]:
    """The levels of all patterns, a row each (as `Model.levels_of`)."""
    return levels_in(model.comparisons, np.asarray(patterns, dtype=np.int64))


def levels_in(comparisons: Sequence[Comparison], patterns: NDArray[Any]) -> NDArray[np.int64]:
    """The levels of patterns of these comparisons, a row each."""
    rest = patterns.astype(np.int64)
    made = np.zeros((len(rest), len(comparisons)), dtype=np.int64)
    for place in range(len(comparisons) - 1, -1, -1):
        rest, made[:, place] = np.divmod(rest, len(comparisons[place].levels))
    return made


def scores_of(model: Model, patterns: Numbers) -> Floats:
    """The scores of all patterns (as `Model.score`). Raises RuleBroken matching_model_untrained."""
    if not model.classes:
        raise RuleBroken("matching_model_untrained")
    ordered = sorted(model.classes, key=lambda each: each.code != MATCH)
    table = np.array(
        [[chance for each in model.comparisons for chance in kind.chances[each.field]] for kind in ordered]
    )
    shares = np.array([kind.share for kind in ordered])
    logs = _likelihoods(_places(model, levels_of(model, patterns)), np.log2(np.maximum(table, LEAST)))
    logs += np.log2(np.maximum(shares, LEAST))
    others: Floats = np.logaddexp2.reduce(logs[:, 1:], axis=1)
    made: Floats = logs[:, 0] - others
    return made


def are_evident(model: Model, levels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows of levels agree on the person (as `Model.is_evident`)."""
    made = np.zeros(len(levels), dtype=np.bool_)
    for way in model.gate:
        made |= np.logical_and.reduce([_one_of(model, levels, name, " ".join(wanted)) for name, wanted in way])
    return made


def _places(model: Model, levels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The levels as places in one row of the levels of all comparisons."""
    starts: NDArray[np.int64] = np.cumsum([0, *model.sizes[:-1]])
    made: NDArray[np.int64] = levels + starts
    return made


def _likelihoods(places: NDArray[np.int64], logs: NDArray[Any]) -> NDArray[Any]:
    """Of each pattern and class the sum of the logarithms of its levels."""
    by_level = np.ascontiguousarray(logs.T)
    made = by_level[places[:, 0]]
    for column in places.T[1:]:
        made += by_level[column]
    return made


def _learn(model: Model, levels: NDArray[np.int64], numbers: Floats) -> tuple[float, Floats, Floats, int]:
    """How many pairs are of one person, the shares of the classes, their chances (class, level), rounds."""
    known = are_evident(model, levels)
    hot = _one_hot(model, levels)
    evident, weights = _in_blocks(hot, known), _in_blocks(hot, numbers.astype(np.float32))
    belonging = np.stack([_in_blocks(hot, column) for column in _first_guess(model, levels, known).T], axis=1)
    belonging = belonging.astype(np.float32)
    shares, chances, rounds = np.zeros(len(CLASSES)), np.zeros((len(CLASSES), sum(model.sizes))), 0
    for rounds in range(1, MOST_ROUNDS + 1):  # noqa: B007 – the number of the last round is told
        heavy = belonging * weights[:, None]
        shares = heavy.sum(axis=(0, 2), dtype=np.float64) / heavy.sum(dtype=np.float64)
        chances = _chances(model, hot, heavy)
        _bound_siblings(model, chances, shares)
        moved = _belonging(hot, evident, chances, shares)
        change = float((_over_classes(np.add, np.abs(moved - belonging)) * weights).sum() / numbers.sum())
        belonging = moved
        if change < STILL:
            break
    _with_beyond(model, chances, shares)
    _with_two_slips(model, chances)
    return float((belonging[:, 0] * weights).sum(dtype=np.float64)), shares, chances, rounds


def _one_hot(model: Model, levels: NDArray[np.int64]) -> NDArray[np.float32]:
    """Blocks of patterns, in each a column a pattern, a row a level of all comparisons: 1 where the pattern has the level.

    A round is then two products of matrices; half the width is twice the speed, and nothing there needs more than its seven
    figures. Blocks are so small that no library shares one among threads, which costs more than it saves.
    """
    size = sum(model.sizes)
    columns = max(SMALL_PRODUCT // (size * len(CLASSES)), 1)
    made = np.zeros((-(-len(levels) // columns), size, columns), dtype=np.float32)
    block, column = np.divmod(np.arange(len(levels)), columns)
    made[block[:, None], _places(model, levels), column[:, None]] = 1.0
    return made


def _in_blocks(hot: NDArray[np.float32], values: NDArray[Any]) -> NDArray[Any]:
    """A value a pattern, in the blocks of `_one_hot`; nothing where the last block has no pattern."""
    blocks, _, columns = hot.shape
    made = np.zeros(blocks * columns, dtype=values.dtype)
    made[: len(values)] = values
    return made.reshape(blocks, columns)


def _belonging(
    hot: NDArray[np.float32], evident: NDArray[np.bool_], chances: Floats, shares: Floats
) -> NDArray[np.float32]:
    """How much each pattern belongs to each class (block, class, pattern), by these chances and shares."""
    by_level, by_class = np.log(chances).astype(np.float32), np.log(shares + 1e-12).astype(np.float32)
    made: NDArray[np.float32] = by_level @ hot
    made += by_class[:, None]
    made -= _over_classes(np.maximum, made)[:, None]
    np.exp(made, out=made)
    made[:, 0] *= evident
    made /= _over_classes(np.add, made)[:, None]
    return made


def _over_classes(ufunc: np.ufunc, table: NDArray[np.float32]) -> NDArray[np.float32]:
    """What `ufunc` makes of all eight classes, two by two: sums of few figures stay as exact as they can be."""
    while table.shape[1] > 1:
        table = ufunc(table[:, ::2], table[:, 1::2])
    return table[:, 0]


def _chances(model: Model, hot: NDArray[np.float32], heavy: NDArray[np.float32]) -> Floats:
    """Of each class the chance of each level, from the weights of the patterns in it."""
    table: Floats = SMOOTHING + (hot @ heavy.transpose(0, 2, 1)).sum(axis=0, dtype=np.float64).T
    start = 0
    for levels in model.sizes:
        table[:, start : start + levels] /= table[:, start : start + levels].sum(axis=1, keepdims=True)
        start += levels
    return table


def _bound_siblings(model: Model, chances: Floats, shares: Floats) -> None:
    """Parents and home: the same chances for the person and for siblings. Name and day: siblings differ in them."""
    starts = dict(zip((each.field for each in model.comparisons), np.cumsum([0, *model.sizes]), strict=False))
    by_field = {each.field: each for each in model.comparisons}
    for field in FAMILY:
        part = slice(starts[field], starts[field] + len(by_field[field].levels))
        chances[:2, part] = np.average(chances[:2, part], axis=0, weights=shares[:2] + 1e-12)
    for field, codes, most in SIBLING_AT_MOST:
        part = slice(starts[field], starts[field] + len(by_field[field].levels))
        seldom = [starts[field] + place for code in codes.split() for place in by_field[field].places(code)]
        total = chances[1, seldom].sum()
        if total > most:
            rest = chances[1, part].sum() - total
            kept = chances[1, seldom] * (most / total)
            chances[1, part] *= (1.0 - most) / max(rest, 1e-12)
            chances[1, seldom] = kept


def _with_beyond(model: Model, chances: Floats, shares: Floats) -> None:
    """Leave the person some chance to be beyond recognition in one field; what is not known says nothing of anybody."""
    start = 0
    for each in model.comparisons:
        if each.field in BEYOND:
            known = {level for way in model.gate for name, levels in way if name == each.field for level in levels}
            unseen = {start + place: level.told for place, level in enumerate(each.levels) if level.told not in known}
            lost = [place for place, told in unseen.items() if told != "unknown"]
            for place in unseen.keys() - set(lost):
                chances[0, place] = np.average(chances[1:, place], weights=shares[1:] + 1e-12)
            if lost:
                chances[0, lost] = np.maximum(chances[0, lost], BEYOND[each.field] / len(lost))
            part = slice(start, start + len(each.levels))
            chances[0, part] /= chances[0, part].sum()
        start += len(each.levels)


def _with_two_slips(model: Model, chances: Floats) -> None:
    """Leave the person (and in the parents' names his siblings) some chance of two slips in a name."""
    start = 0
    for each in model.comparisons:
        seldom = [start + n for n, level in enumerate(each.levels) if level.code in TWO_SLIPS.get(each.field, ())]
        kinds, part = slice(0, 2 if each.field in FAMILY else 1), slice(start, start + len(each.levels))
        for place in seldom:
            chances[kinds, place] = np.maximum(chances[kinds, place], TWO_SLIPS_AT_LEAST / len(seldom))
        chances[kinds, part] /= chances[kinds, part].sum(axis=1, keepdims=True)
        start += len(each.levels)


def _first_guess(model: Model, levels: NDArray[np.int64], evident: NDArray[np.bool_]) -> Floats:
    """Which class a pattern looks like: by the name, the birth, the parents. EM needs a direction, not the truth."""
    close_name = _one_of(model, levels, "name", "exact marks_lost marks_differ sounds_alike")
    same_day = _one_of(model, levels, "birth", "exact")
    other_year = _one_of(model, levels, "birth", "year_slip other_year")
    near = "exact marks sounds_alike slip"
    father, mother = _one_of(model, levels, "father", near), _one_of(model, levels, "mother", near)
    commune = _one_of(model, levels, "place", "commune")
    match = (evident & (father | mother | commune)) | _one_of(model, levels, "personal_id", "equal")
    family = father & mother & ~match
    rest = ~match & ~family
    guesses = (
        match,
        family,
        rest & close_name & ~same_day & ~other_year,
        rest & same_day,
        rest & other_year,
        rest & ~close_name & (father | mother),
        rest & ~close_name & commune,
        rest,
    )
    guess = np.full((len(levels), len(CLASSES)), 0.02)
    guess[~evident, 0] = 0.0
    for place, chosen in enumerate(guesses):
        guess[:, place] += chosen * (0.2 if place == len(guesses) - 1 else 1.0) * (evident if place == 0 else 1.0)
    made: Floats = guess / guess.sum(axis=1, keepdims=True)
    return made


def _one_of(model: Model, levels: NDArray[np.int64], field: str, codes: str) -> NDArray[np.bool_]:
    place = [each.field for each in model.comparisons].index(field)
    wanted = [number for code in codes.split() for number in model.comparisons[place].places(code)]
    found: NDArray[np.bool_] = np.isin(levels[:, place], wanted)
    return found


def expected_wrong(bins: Iterable[tuple[int, int, float]]) -> list[dict[str, Any]]:
    """What the model expects of each whole bit of certainty: links from there on, and how many of them are wrong.

    `bins`: (bits, records whose best person is evident and has that certainty, wrong ones expected among them). Rows
    {"score", "links", "wrong"}, from the highest certainty down.
    """
    made, links, wrong = [], 0, 0.0
    for bits, number, expected in sorted(bins, reverse=True):
        links, wrong = links + number, wrong + expected
        made.append({"score": bits, "links": links, "wrong": round(wrong, 3)})
    return made


def threshold_for(rows: Sequence[Mapping[str, Any]], most_wrong: float, lowest: float) -> float:
    """The lowest score (in whole bits, `lowest` at least) from which on the expected share of wrong links stays within
    `most_wrong`; `rows` as of `expected_wrong`."""
    best = float(rows[0]["score"]) if rows else lowest
    for row in rows:
        if row["links"] and row["wrong"] / row["links"] > most_wrong:
            break
        best = float(row["score"])
    return max(best, lowest)
