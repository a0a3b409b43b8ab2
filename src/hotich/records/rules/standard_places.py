"""The standard code of a place, beside the words of the book and never over them (procedures.md 6.3).

Worked out when a record is made or repaired, from the units that were valid on the day of registration.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hotich.registers.rules.values import AsRecorded, text_of
from hotich.registers.types.declaration import Kind, RegisterVersion
from hotich.units.rules.places import resolve_place

RULE = "place"
SURE_ENOUGH = 0.75  # words that do not name the province stay below it: many units bear the same name


def with_places(
    version: RegisterVersion, values: AsRecorded, standard: Mapping[str, Any], registered_on: date | None
) -> dict[str, Any]:
    """The standard values of an entry and, for each place it is sure enough of, the unit.

    A place becomes {"value": code of the unit, "rule": "place:<reasons for doubt, or exact>", "unit": its name with
    what it lay in, "level": commune | district | province, "certainty": 0.75 … 1.0}. Words that mean no unit, or
    several equally, get none.
    """
    made = dict(standard)
    for field in version.fields:
        if field.kind is not Kind.PLACE:
            continue
        found = resolve_place(text_of(values, field.code), registered_on)
        if found.unit_id is None or found.certainty < SURE_ENOUGH:
            made.pop(field.code, None)
            continue
        made[field.code] = {
            "value": found.code,
            "rule": f"{RULE}:{found.how}",
            "unit": found.name,
            "level": found.level,
            "certainty": round(found.certainty, 2),
        }
    return made
