"""Two officers saved one case: what each changed is kept, and only where both changed one field is anybody asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Merged:
    """`values` to show in the form; `taken` fields that only the other one changed; `conflicts` field -> their text."""

    values: dict[str, str]
    taken: tuple[str, ...]
    conflicts: dict[str, str]


def merge(base: Texts, mine: Texts, theirs: Texts) -> Merged:
    """Merge by field, given the texts both started from. In a conflict mine stays, theirs is told."""
    values, taken, conflicts = dict(mine), [], {}
    for code in mine:
        own, other, start = mine.get(code, ""), theirs.get(code, ""), base.get(code, "")
        if own == other or other == start:
            continue
        if own == start:
            values[code] = other
            taken.append(code)
        else:
            conflicts[code] = other
    return Merged(values, tuple(taken), conflicts)
