"""The names somebody had before annotations changed them: as recorded, and every one that was in force meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hotich.registers.rules.values import AsRecorded, Recorded, text_of


class NameNote(Protocol):
    """What must be known of an annotation to tell which names it replaced."""

    field: str
    new_value: Recorded | None
    in_force: bool
    restricted: bool
    sequence: int


@dataclass(frozen=True, slots=True)
class Former:
    """A name that is no longer in force. `restricted`: knowing it tells what a restricted annotation hides."""

    full_name: str
    restricted: bool


def former_names(as_recorded: AsRecorded, notes: Iterable[NameNote], field: str) -> list[Former]:
    """The names the field held before its present one, the oldest first, none twice.

    Annotations taken back count for nothing: their name was never in force. A name that stands before a restricted
    annotation (an adoption, a new determination of sex) is restricted, as is the way from it to the present one. Values
    a keying repair replaced are no former names: nobody ever bore them.
    """
    ordered = sorted((note for note in notes if note.in_force and note.field == field), key=lambda note: note.sequence)
    values: list[Recorded | None] = [as_recorded.get(field), *(note.new_value for note in ordered)]
    present = _name(values[-1])
    found: dict[str, bool] = {}
    for place, value in enumerate(values[:-1]):
        name = _name(value)
        if name and name != present:
            found[name] = found.get(name, False) or any(note.restricted for note in ordered[place:])
    return [Former(name, restricted) for name, restricted in found.items()]


def _name(value: Recorded | None) -> str:
    values: Mapping[str, Recorded] = {} if value is None else {"name": value}
    return " ".join(text_of(values, "name").split())
