"""Notes in the margin of two keyings of one case, laid side by side note by note. Pure; shape: rules.annotations.

A note is known by what it says, not by its place: the list changes while it is decided about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapidfuzz.distance import Levenshtein

from hotich.keying.rules.annotations import TEXTS
from hotich.keying.rules.comparison import Errors, normal

Note = Mapping[str, Any]
FIELD = "note."
"""A difference about a note has the field note.1, note.2 …: its place in the second keying, which never changes; after
those come the notes only the first keying has."""

PARTS = ("kind", "field", "new_value", *(name for name in TEXTS if name != "field"))
"""What of a note is compared, in the order of the keying screen."""

_CODES = frozenset({"kind", "field"})
_ALIKE = 0.45  # below it two notes are two notes, not one note keyed in two ways


def is_note(field: str) -> bool:
    """Whether a difference is about a note in the margin."""
    return field.startswith(FIELD)


def part(note: Note | None, name: str) -> tuple[str, str]:
    """What a part of a note says: its text, and "illegible" where nobody can read it."""
    return normal(note.get(name)) if note is not None else ("", "")


def differing_parts(first: Note | None, second: Note | None) -> list[str]:
    """The parts in which two notes differ."""
    return [name for name in PARTS if part(first, name) != part(second, name)]


def same_note(first: Note | None, second: Note | None) -> bool:
    """Whether two notes say the same in every part; None is no note."""
    if first is None or second is None:
        return first is second
    return not differing_parts(first, second)


def has_note(notes: Iterable[Note], note: Note) -> bool:
    """Whether one of the notes says this."""
    return any(same_note(each, note) for each in notes)


def differing_notes(
    first: Sequence[Note], second: Sequence[Note], decided: Iterable[tuple[Note | None, Note | None]] = ()
) -> list[tuple[str, Note | None, Note | None]]:
    """(field, note of the first keying, note of the second) for every note that is not alike in both; None: not there.

    `decided`: pairs (what was decided, what the second keying says) that nobody need decide again.
    """
    here, there = dict(enumerate(first, start=1)), dict(enumerate(second, start=1))
    for value, other in decided:
        ours, theirs = _place(here, value), _place(there, other)
        if (value is None or ours) and (other is None or theirs):
            here.pop(ours, None)
            there.pop(theirs, None)
    for place, note in list(here.items()):
        if theirs := _place(there, note):
            del here[place], there[theirs]
    found: list[tuple[int, Note | None, Note | None]] = [
        (other, here.pop(place), there.pop(other)) for place, other in _alike(here, there)
    ]
    found += [(place, None, note) for place, note in there.items()]
    found += [(len(second) + place, note, None) for place, note in here.items()]
    return [(f"{FIELD}{place}", ours, theirs) for place, ours, theirs in sorted(found, key=lambda row: row[0])]


def _place(notes: Mapping[int, Note], note: Note | None) -> int:
    """Where a note stands that says this; 0: nowhere."""
    return next((place for place, each in notes.items() if note is not None and same_note(each, note)), 0)


def _alike(here: Mapping[int, Note], there: Mapping[int, Note]) -> list[tuple[int, int]]:
    """Places of notes that are one note keyed in two ways, the most alike first; each stands in one pair at most."""
    ranked = sorted(
        ((_likeness(ours, theirs), -place, -other) for place, ours in here.items() for other, theirs in there.items()),
        reverse=True,
    )
    pairs: list[tuple[int, int]] = []
    taken: set[tuple[str, int]] = set()
    for likeness, place, other in ranked:
        if likeness >= _ALIKE and not taken & {("here", place), ("there", other)}:
            taken |= {("here", place), ("there", other)}
            pairs.append((-place, -other))
    return pairs


def _likeness(first: Note, second: Note) -> float:
    """From 0 to 1: half by the words, half by kind and field."""
    words = ["\n".join(part(note, name)[0] for name in PARTS if name not in _CODES) for note in (first, second)]
    codes = sum(part(first, name) == part(second, name) for name in ("kind", "field")) / 2
    return float(Levenshtein.normalized_similarity(*words)) / 2 + codes / 2


def with_decided(notes: Sequence[Note], before: Note | None, value: Note | None) -> list[dict[str, Any]]:
    """The notes with `value` in the place of the one that says `before` (None: added at the end, or taken out)."""
    kept = [dict(note) for note in notes]
    place = next((at for at, note in enumerate(kept) if before is not None and same_note(note, before)), None)
    if place is None:
        return [*kept, dict(value)] if value is not None and not has_note(kept, value) else kept
    return [*kept[:place], *([dict(value)] if value is not None else []), *kept[place + 1 :]]


def errors_of_notes(first: Note | None, second: Note | None, decided: Note | None) -> Errors:
    """Wrong characters of both keyings of a note once it is decided what the margin says; a wrong code is one."""
    length = sum(len(part(decided, name)[0]) for name in PARTS if name not in _CODES)
    return Errors(_wrong(first, decided), _wrong(second, decided), length)


def _wrong(note: Note | None, decided: Note | None) -> int:
    total = 0
    for name in differing_parts(note, decided):
        said, wanted = part(note, name), part(decided, name)
        total += 1 if name in _CODES else Levenshtein.distance(said[0], wanted[0]) or 1
    return total
