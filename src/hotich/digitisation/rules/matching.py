"""Cutting pages into cases again: which case of before is which of now. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotich.digitisation.rules.boxes import Part, part_key, share_in_common

ENOUGH = 0.3  # of two boxes in common: the same entry, cropped anew


@dataclass(slots=True)
class Recut:
    """`kept`: cases of before whose parts all stand. `changed`: those with other parts now. `fresh`: parts of new cases.
    `gone`: cases of before whose place is no longer there."""

    kept: list[Hashable] = field(default_factory=list)
    changed: dict[Hashable, list[Part]] = field(default_factory=dict)
    fresh: list[list[Part]] = field(default_factory=list)
    gone: list[Hashable] = field(default_factory=list)


def recut(before: Sequence[tuple[Hashable, Sequence[Part]]], now: Sequence[Part]) -> Recut:
    """Match cases of before (id, parts) with the confirmed boxes of now, in order.

    A case keeps its identity when its parts stand; when only boxes moved it is the one that stands at the same place:
    by overlap, else by order where a page has as many boxes as before (a page scanned anew lies otherwise).
    """
    made = Recut()
    free = {part_key(part): part for part in now}
    loose: list[tuple[Hashable, Sequence[Part]]] = []
    for identity, parts in before:
        keys = [part_key(part) for part in parts]
        if parts and all(key in free for key in keys):
            made.kept.append(identity)
            for key in keys:
                del free[key]
        else:
            loose.append((identity, parts))
    by_page: dict[str, list[Part]] = defaultdict(list)
    for part in free.values():
        by_page[str(part["page"])].append(part)
    by_order = _pages_in_order(loose, by_page)
    for identity, parts in loose:
        found = [_heir(part, by_page, by_order) for part in parts]
        heirs = [part for part in found if part is not None]
        if heirs:
            made.changed[identity] = heirs
        else:
            made.gone.append(identity)
    left = {part_key(part) for parts in by_page.values() for part in parts}
    made.fresh = [[part] for part in now if part_key(part) in left]
    return made


def _pages_in_order(loose: Sequence[tuple[Hashable, Sequence[Part]]], by_page: Mapping[str, list[Part]]) -> set[str]:
    """Pages on which no old box overlaps a new one, and which have as many as before: matched by their order."""
    old: dict[str, list[Any]] = defaultdict(list)
    for _, parts in loose:
        for part in parts:
            old[str(part["page"])].append(part["box"])
    return {
        page
        for page, boxes in old.items()
        if len(boxes) == len(by_page.get(page, ()))
        and not all(any(share_in_common(box, new["box"]) >= ENOUGH for new in by_page[page]) for box in boxes)
    }


def _heir(part: Part, by_page: dict[str, list[Part]], by_order: set[str]) -> Part | None:
    page = str(part["page"])
    candidates = by_page.get(page, [])
    if not candidates:
        return None
    if page in by_order:
        return candidates.pop(0)
    best = max(candidates, key=lambda new: share_in_common(part["box"], new["box"]))
    if share_in_common(part["box"], best["box"]) < ENOUGH:
        return None
    candidates.remove(best)
    return best
