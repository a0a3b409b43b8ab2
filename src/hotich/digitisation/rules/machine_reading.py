"""What readings by machine are shown as: beside a number, about the order of pages, about keyed values. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotich.digitisation.rules.numbering import OFFICER, READER
from hotich.registers.types.declaration import RegisterVersion

AGREES, DIFFERS, UNSURE = "agrees", "differs", "unsure"
FIELDS = ("number", "name", "birth", "registered")
"""What a second opinion may be about, in the order it is shown."""


def reading_key(*told: Any) -> str:
    """Fingerprint of what was read with what: another picture, box or engine is read anew."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class NumberRead:
    """What a machine read in the number cell of a case: it agrees with the proposed number, or is a suggestion."""

    number: int
    agrees: bool


def number_read(read: Any, number: int | None, suffix: str, by: str) -> NumberRead | None:
    """Nothing where the machine was not sure, or a person has said what the number is."""
    if not isinstance(read, int) or by in (OFFICER, READER):
        return None
    return NumberRead(read, (number, suffix) == (read, ""))


def keyed_values(version: RegisterVersion, recorded: Mapping[str, Any], number: int | None) -> dict[str, str]:
    """What was keyed of a case, as far as an opinion is asked about it; nothing while its main person has no name:
    then nobody has keyed it yet."""
    if not version.participants:
        return {}
    main = version.participants[0]
    values = {
        "name": _text(recorded, main.name),
        "birth": _text(recorded, main.birth),
        "registered": _text(recorded, "registration_date"),
        "number": str(number) if number is not None else "",
    }
    return {field: values[field] for field in FIELDS if values[field]} if values["name"] else {}


def _text(recorded: Mapping[str, Any], code: str) -> str:
    value = recorded.get(code) if code else None
    return value.strip() if isinstance(value, str) else ""


def is_worth_telling(numbers: Sequence[int | None]) -> bool:
    """Whether enough pages have a number for an order by it: two, and half of all."""
    known = sum(number is not None for number in numbers)
    return known >= 2 and 2 * known >= len(numbers)
