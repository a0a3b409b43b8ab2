"""Which cases are keyed a second time, by whom, and which are drawn for the sample of every keyer.

The sample is drawn when the check of a package begins, by chance the keyer cannot know of, and in the long run exactly
in the share the campaign set: of 40 cases and 30 per mille one is drawn always, a second one time in five.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")

CRITICAL, DOUBLE, SAMPLE, STRAY = "critical", "double", "sample", "stray"
_BY_MODE = {"review": "", "blind_critical": CRITICAL, "double": DOUBLE}
_SETTLED_BY_THIRD = frozenset({DOUBLE, STRAY})


@dataclass(frozen=True, slots=True)
class Drawable(Generic[Key]):
    """An entry that may be drawn, and whose it is."""

    key: Key
    keyer: int


def second_kind(mode: str, *, is_sample: bool, is_case: bool) -> str:
    """The second keying an entry needs: critical | double | sample, or "" when it is looked at beside the scan.

    A number noted as void, a page noted as missing has no values: it is always looked at.
    """
    if not is_case:
        return ""
    kind = _BY_MODE[mode]
    return SAMPLE if is_sample and kind != DOUBLE else kind


def needs_third(kinds: Collection[str]) -> bool:
    """Whether differences of second keyings of these kinds are settled only by somebody who keyed neither."""
    return bool(_SETTLED_BY_THIRD & set(kinds))


def draw(entries: Iterable[Drawable[Key]], per_mille: int, chance: random.Random) -> list[Key]:
    """The entries to key again whole: of each keyer the share asked for, the rest of the division by chance."""
    by_keyer: dict[int, list[Key]] = defaultdict(list)
    for entry in entries:
        by_keyer[entry.keyer].append(entry.key)
    return [key for keys in by_keyer.values() for key in _drawn(keys, per_mille, chance)]


def _drawn(keys: Sequence[Key], per_mille: int, chance: random.Random) -> list[Key]:
    whole, rest = divmod(len(keys) * per_mille, 1000)
    size = min(len(keys), whole + (chance.randrange(1000) < rest))
    return chance.sample(keys, size)
