"""Pages that are in a batch twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def pages_twice(marks: Mapping[str, Sequence[tuple[int, str]]]) -> dict[str, dict[int, str]]:
    """File → page → where the same page stands before it: in order of the names, whatever was finished first.

    `marks`: fingerprints of the pages of each file. Each page is compared with all before it at once.
    """
    from hotich.scans.early import Marks  # loads the imaging libraries

    known, places = Marks(), list[str]()  # the first page that has each mark
    twice: dict[str, dict[int, str]] = {}
    for name in sorted(marks):
        for page, mark in marks[name]:
            like = known.like(mark)
            if like:
                twice.setdefault(name, {})[page] = places[like[0]]
            else:
                known.add(mark)
                places.append(name if len(marks[name]) == 1 else f"{name} ({page})")
    return twice
