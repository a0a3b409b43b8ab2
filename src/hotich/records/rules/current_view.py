"""The current view of a record: as recorded + annotations in force, in the order they were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hotich.registers.rules.values import AsRecorded, Recorded


class Note(Protocol):
    """What the current view needs to know of an annotation."""

    field: str
    new_value: Recorded | None
    in_force: bool
    sequence: int


@dataclass(frozen=True, slots=True)
class Change:
    """A field whose value is no longer that of the book, and the annotation that changed it last."""

    field: str
    recorded: Recorded | None
    current: Recorded | None
    sequence: int


@dataclass(frozen=True, slots=True)
class CurrentView:
    """The values of today, and which of them are not those of the book."""

    values: Mapping[str, Recorded]
    changes: Mapping[str, Change]


def current_view(as_recorded: AsRecorded, annotations: Iterable[Note]) -> CurrentView:
    """Apply the annotations in force that change a field; neither argument is changed.

    An annotation whose new value is None takes the value away. Annotations of no field leave the values alone.
    """
    values: dict[str, Recorded] = dict(as_recorded)
    changes: dict[str, Change] = {}
    for note in sorted(annotations, key=lambda item: item.sequence):
        if not note.in_force or not note.field:
            continue
        if note.new_value is None:
            values.pop(note.field, None)
        else:
            values[note.field] = note.new_value
        changes[note.field] = Change(note.field, as_recorded.get(note.field), values.get(note.field), note.sequence)
    unchanged = [code for code, change in changes.items() if change.current == change.recorded]
    for code in unchanged:
        del changes[code]
    return CurrentView(values, changes)
