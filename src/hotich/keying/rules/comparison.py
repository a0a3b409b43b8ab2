"""Two keyings of one case, field by field: in what they differ, and how many characters are wrong.

Compared is what was typed, after NFC and spaces only: a checker's question is what the book says, so a tone or a
capital is a difference like any other. A field left blank and one noted as "not written" say the same of the book; a
surrogate of ours (`assigned`) is not in the book and counts as blank.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from rapidfuzz.distance import Levenshtein

from hotich.kernel.text import clean_text
from hotich.registers.rules.values import AsRecorded, Reason, Recorded, decode
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import Kind, RegisterVersion

WHOLE_CASE = ""
"""The field of a difference about the case itself: one keyed it, the other said that the number is void."""

_BESIDE = frozenset({"informant"})
"""Roles that are no party of the entry: whoever came to the office."""

_MAIN_DATES = frozenset({"registration_date", "death_date"})


@dataclass(frozen=True, slots=True)
class Differing:
    """A field in which two keyings differ, with both values as recorded (None: nothing)."""

    field: str
    first: Recorded | None
    second: Recorded | None
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Errors:
    """Wrong characters of both keyings against the value decided, and its length in characters."""

    first: int
    second: int
    length: int


def critical_fields(version: RegisterVersion) -> tuple[str, ...]:
    """The fields that tell who and when, in the order of the book: number and date of the registration, names, birth
    dates and identity numbers of the parties, the day of a death. Fields the book of this era has not are left out.
    """
    return _critical(version.id)


@lru_cache(maxsize=256)
def _critical(version_id: str) -> tuple[str, ...]:
    version = version_by_id(version_id)
    wanted = set(_MAIN_DATES)
    for party in version.participants:
        if party.role not in _BESIDE:
            wanted |= {party.name, party.birth, party.personal_id, party.id_number}
    return tuple(
        field.code
        for field in version.fields
        if field.on_form and (field.code in wanted or field.kind is Kind.REGISTRATION_NUMBER)
    )


def all_fields(version: RegisterVersion) -> tuple[str, ...]:
    """Every field that is keyed of a book of this version, in its order."""
    return tuple(field.code for field in version.fields if field.on_form)


def fields_asked(version: RegisterVersion, kind: str) -> tuple[str, ...]:
    """The fields a second keying of this kind (critical | double | sample | stray) is asked for."""
    return critical_fields(version) if kind == "critical" else all_fields(version)


def asks_notes(kind: str) -> bool:
    """Whether a second keying of this kind is asked for the notes in the margin too."""
    return kind != "critical"


def normal(raw: Recorded | None) -> tuple[str, str]:
    """What is compared: the text in NFC with single spaces, and "illegible" where nobody can read it."""
    value = decode(raw)
    if value.reason is Reason.ASSIGNED:
        return "", ""
    return clean_text(value.text), value.reason.value if value.reason is Reason.ILLEGIBLE else ""


def same(first: Recorded | None, second: Recorded | None) -> bool:
    """Whether two values say the same."""
    return normal(first) == normal(second)


def differing(
    version: RegisterVersion, first: AsRecorded, second: AsRecorded, fields: Iterable[str]
) -> list[Differing]:
    """The fields among these in which the two keyings differ, in the order given."""
    critical = frozenset(critical_fields(version))
    return [
        Differing(code, first.get(code), second.get(code), code in critical)
        for code in fields
        if not same(first.get(code), second.get(code))
    ]


def wrong_characters(value: Recorded | None, decided: Recorded | None) -> int:
    """How many characters were typed wrong, by edit distance in NFC; 1 where only the reason was wrong."""
    (text, reason), (wanted, wanted_reason) = normal(value), normal(decided)
    return Levenshtein.distance(text, wanted) or int(reason != wanted_reason)


def errors_of(first: Recorded | None, second: Recorded | None, decided: Recorded | None) -> Errors:
    """The wrong characters of both keyings of a field, once it is decided what the book says."""
    return Errors(wrong_characters(first, decided), wrong_characters(second, decided), len(normal(decided)[0]))


def kept_fields(values: Mapping[str, Recorded], fields: Collection[str]) -> dict[str, Recorded]:
    """Of what was sent only the fields that were asked, and only what says something."""
    return {code: raw for code, raw in values.items() if code in fields and raw}


def first_is_a(difference: UUID) -> bool:
    """Whether the first keying of a difference is shown as A: by chance, but always the same for one difference."""
    return hashlib.sha256(difference.bytes).digest()[0] % 2 == 0
