"""Restricted facts: one place that says what is hidden without the right (procedures 5.5).

Adoption origin, cause of death, re-determination of sex, sealed notes: hidden from page, tree, search and export.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from hotich.kernel.actor import Actor
from hotich.kernel.names import search_key
from hotich.registers.rules.values import AsRecorded, Recorded, text_of
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.types.declaration import RegisterVersion

RIGHT = "restricted.read"
REMARKS = "remarks"
RESTRICTED_KINDS = frozenset({"adoption", "adoption_end", "sex"})


class Flagged(Protocol):
    """Anything with a flag of its own: participants, annotations, edges of kinship."""

    restricted: bool


T = TypeVar("T", bound=Flagged)


@dataclass(frozen=True, slots=True)
class Shown:
    """The values somebody may see, and the fields that hold something he may not."""

    values: Mapping[str, Recorded]
    hidden: frozenset[str]


def sees_restricted(actor: Actor) -> bool:
    """Whether this officer may see restricted facts."""
    return actor.may(RIGHT)


def restricted_fields(version: RegisterVersion) -> frozenset[str]:
    """The fields of a register that are restricted, those that name a restricted participant among them."""
    roles = [person for person in version.participants if person.restricted]
    named = {
        code for person in roles for code in (person.name, person.birth, person.id_number, person.residence) if code
    }
    return frozenset(field.code for field in version.fields if field.restricted) | named


def fields_closed_elsewhere() -> frozenset[str]:
    """The fields no other office is ever told, whatever the register: what is restricted in any of them, and remarks."""
    every = (version for register in REGISTER_TYPES.values() for version in register.every_version)
    return frozenset[str]().union(*(restricted_fields(version) for version in every)) | {REMARKS}


def values_shown(version: RegisterVersion, values: AsRecorded, *, sees: bool, also: Iterable[str] = ()) -> Shown:
    """The values for a page or an export. `also`: fields that a restricted annotation has changed."""
    if sees:
        return Shown(values, frozenset())
    closed = restricted_fields(version) | set(also)
    if notes_adoption(values):
        closed |= {REMARKS}
    hidden = frozenset(code for code in closed if code in values)
    return Shown({code: value for code, value in values.items() if code not in closed}, hidden)


def notes_adoption(values: AsRecorded) -> bool:
    """Whether the Ghi chú column speaks of an adoption: the note then tells what the adoption entry itself hides."""
    return speaks_of_adoption(text_of(values, REMARKS))


def speaks_of_adoption(text: str) -> bool:
    """Whether words name an adoption, accents or not."""
    return "con nuoi" in search_key(text)


def is_restricted_note(kind: str, text: str) -> bool:
    """Whether a note in the margin tells a restricted fact, by its kind (records.models.AnnotationKind) or its words."""
    return kind in RESTRICTED_KINDS or speaks_of_adoption(text)


def scan_shown(register_type: str, values: AsRecorded, *, sees: bool, hidden: Collection[str] = ()) -> bool:
    """Whether the scan may be shown: it shows whatever the page of the book says, the fields in `hidden` included."""
    return sees or not (hidden or reveals_adoption(register_type) or notes_adoption(values))


def entry_scan_shown(
    register_type: str, version: RegisterVersion, values: AsRecorded, *, sees: bool, also: Iterable[str] = ()
) -> bool:
    """Whether the scan of an entry may be shown: only where nothing on it is closed. `also`: as `values_shown`."""
    return scan_shown(
        register_type, values, sees=sees, hidden=values_shown(version, values, sees=sees, also=also).hidden
    )


def rows_shown(rows: Iterable[T], *, sees: bool) -> list[T]:
    """The rows somebody may see."""
    return [row for row in rows if sees or not row.restricted]


def reveals_adoption(register_type: str) -> bool:
    """Whether the mere fact of having an entry in this register tells that somebody is adopted."""
    return register_type == "CN"
