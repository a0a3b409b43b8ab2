"""Pages that are in a batch twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def pages_twice(marks: Mapping[str, Sequence[tuple[int, str]]]) -> dict[str, dict[int, str]]:
    """File → page → where the same page stands before it: in order of the names, whatever was finished first.

    `marks`: fingerprints of the pages of each file. Equal ones are found at once; near ones by looking at every page
    before, which for 5,000 pages takes seconds beside the hour of their encoding.
    """
    from hotich.scans.early import is_same_page  # loads the imaging libraries

    places: dict[str, str] = {}  # fingerprint → the first page that has it
    twice: dict[str, dict[int, str]] = {}
    for name in sorted(marks):
        for page, mark in marks[name]:
            first = places.get(mark) or next((places[other] for other in places if is_same_page(mark, other)), None)
            if first is None:
                places[mark] = name if len(marks[name]) == 1 else f"{name} ({page})"
            else:
                twice.setdefault(name, {})[page] = first
    return twice
