"""When a book is accepted: how large the sample, which cases, and what the errors found in it mean (requirement H5).

The error rate the State tolerates is not known to us; size and limits are parameters (`acceptance_*`), shown with their
source and as not verified.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Generic, TypeVar

from hotich.keying.rules.intervals import Interval, clopper_pearson

Key = TypeVar("Key", bound=Hashable)

SEED_LIMIT = 2**62
"""Seeds are below it: they fit a bigint."""


def sample_size(population: int, *, least: int, per_mille: int) -> int:
    """max(least, share of the population rounded up), never more than there is."""
    return min(population, max(least, -(-population * per_mille // 1000)))


@dataclass(frozen=True, slots=True)
class Unit(Generic[Key]):
    """One case that may be drawn: its key, and the layer it belongs to (its package and keyer)."""

    key: Key
    layer: Hashable


def draw(units: Iterable[Unit[Key]], size: int, seed: int) -> list[Key]:
    """A random sample that takes from every layer as much as its share, each layer at least once where there is room.

    The same units in the same order, size and seed give the same sample; within a layer each case is as likely as any
    other. The keys come in the order of the units.
    """
    ordered = list(units)
    layers: dict[Hashable, list[int]] = defaultdict(list)
    for place, unit in enumerate(ordered):
        layers[unit.layer].append(place)
    random = Random(seed)  # nosec B311 - it must be drawn again alike; nothing secret hangs on it
    quotas = allocate([len(places) for places in layers.values()], size)
    chosen: set[int] = set()
    for places, quota in zip(layers.values(), quotas, strict=True):
        chosen.update(random.sample(places, quota))
    return [unit.key for place, unit in enumerate(ordered) if place in chosen]


def allocate(sizes: Sequence[int], wanted: int) -> list[int]:
    """Shares of `wanted` in proportion to the sizes (largest remainders), each not empty one at least 1 where there is
    room. Together they are min(wanted, all there is)."""
    whole = sum(sizes)
    wanted = min(wanted, whole)
    if not wanted:
        return [0] * len(sizes)
    least = [1 if size and sum(1 for each in sizes if each) <= wanted else 0 for size in sizes]
    exact = [size * wanted / whole for size in sizes]
    given = [max(low, int(share)) for low, share in zip(least, exact, strict=True)]
    while sum(given) > wanted:  # the ones given for nothing come from those that have most above their share
        place = max(
            (place for place, count in enumerate(given) if count > least[place]),
            key=lambda place: (given[place] - exact[place], -place),
        )
        given[place] -= 1
    while sum(given) < wanted:
        place = max(
            (place for place, count in enumerate(given) if count < sizes[place]),
            key=lambda place: (exact[place] - given[place], -place),
        )
        given[place] += 1
    return given


@dataclass(frozen=True, slots=True)
class Judged:
    """Fields that were looked at in one case or many, and how many of them are wrong; `key_…`: of the key fields."""

    fields: int = 0
    wrong: int = 0
    key_fields: int = 0
    key_wrong: int = 0

    def __add__(self, other: Judged) -> Judged:
        return Judged(
            self.fields + other.fields,
            self.wrong + other.wrong,
            self.key_fields + other.key_fields,
            self.key_wrong + other.key_wrong,
        )


def judged(fields: int, key_fields: int, wrong: Iterable[Mapping[str, Any]]) -> Judged:
    """The counts of one case: `wrong` as `AcceptanceItem.wrong` holds it."""
    marks = list(wrong)
    return Judged(fields, len(marks), key_fields, sum(bool(mark["is_key"]) for mark in marks))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the limits say. The intervals tell how far the book may be from its sample (95 %, exact)."""

    passes: bool
    key_passes: bool
    all_passes: bool
    key: Interval
    all: Interval


def verdict(found: Judged, *, key_per_mille: int, all_per_mille: int, is_whole: bool = False) -> Verdict:
    """Accepted unless more than the limit is wrong, of the key fields or of all. The limit itself still passes.

    `is_whole`: every case of the book was in the sample, so that what was found is what the book is.
    """
    key_passes = found.key_wrong * 1000 <= key_per_mille * found.key_fields
    all_passes = found.wrong * 1000 <= all_per_mille * found.fields
    return Verdict(
        key_passes and all_passes,
        key_passes,
        all_passes,
        _interval(found.key_wrong, found.key_fields, is_whole),
        _interval(found.wrong, found.fields, is_whole),
    )


def _interval(wrong: int, fields: int, is_whole: bool) -> Interval:
    if is_whole and fields:
        return Interval(wrong / fields, wrong / fields, wrong / fields)
    return clopper_pearson(wrong, fields)
