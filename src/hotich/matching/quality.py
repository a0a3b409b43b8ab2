"""How good the links are, from pairs somebody has settled: precision and recall with their intervals. Pure arithmetic.

Settled pairs are no random sample: what differs is settled, what is equal is not looked at again. So the figures are of the
settled pairs, and the page that shows them says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

SURE = 1.96  # standard deviations on either side: 95 of 100 such intervals hold the true share


class Labelled(NamedTuple):
    """A pair somebody has settled: its certainty in bits, and whether the two are one person."""

    certainty: float
    is_same: bool


class Share(NamedTuple):
    """So many of so many, with the bounds the true share lies between (Wilson, 95 %); None of nothing."""

    part: int
    whole: int
    low: float | None
    high: float | None

    @property
    def value(self) -> float | None:
        """The share itself, 0 to 1."""
        return self.part / self.whole if self.whole else None


class Quality(NamedTuple):
    """Of the pairs linked from a certainty on: how many are right; of all right pairs: how many are linked."""

    link_at: float
    precision: Share
    recall: Share


def share(part: int, whole: int) -> Share:
    """A share with its Wilson interval, which stays within 0 and 1 and is honest for few pairs."""
    if not whole:
        return Share(part, whole, None, None)
    found, square = part / whole, SURE**2
    middle = (found + square / (2 * whole)) / (1 + square / whole)
    half = SURE * math.sqrt(found * (1 - found) / whole + square / (4 * whole**2)) / (1 + square / whole)
    return Share(part, whole, max(middle - half, 0.0), min(middle + half, 1.0))


def quality(pairs: Iterable[Labelled], link_at: float) -> Quality:
    """Precision and recall of linking the settled pairs from this certainty on."""
    known = list(pairs)
    linked = [pair for pair in known if pair.certainty >= link_at]
    right = sum(pair.is_same for pair in linked)
    return Quality(link_at, share(right, len(linked)), share(right, sum(pair.is_same for pair in known)))


def qualities(pairs: Iterable[Labelled], thresholds: Sequence[float]) -> list[Quality]:
    """The same for several certainties, in their order."""
    known = list(pairs)
    return [quality(known, link_at) for link_at in thresholds]
