"""People that are handed over get into the population with faults planted, so that every outcome can be met."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from partners.population.numbers import Numbers

TONES = "\u0300\u0301\u0303\u0309\u0323"
# kind -> share of the people; what is left is entered as handed over
SHARES = {
    "tone": 0.02, "slip": 0.02, "swapped_day_month": 0.04, "year_only": 0.02, "other_ethnicity": 0.015,
    "parent_differs": 0.01, "number_differs": 0.005, "never_collected": 0.03, "entered_twice": 0.01,
}  # fmt: skip
NEIGHBOURING = {"n": "l", "l": "n", "s": "x", "x": "s", "d": "r", "i": "y", "y": "i", "t": "c", "c": "t"}


@dataclass(frozen=True, slots=True)
class Entered:
    """What becomes of one person: the rows of the population (none, one or two), and the kind planted, "" for none."""

    rows: tuple[dict[str, Any], ...]
    kind: str


def read_people(file: Path | None) -> list[dict[str, Any]]:
    """JSON lines with the columns of a citizen, and `absent` with a word where he was never collected."""
    if file is None:
        return []
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def plant(people: Iterable[dict[str, Any]], numbers: Numbers, seed: int) -> Iterator[Entered]:
    """Each person by himself: what is planted does not hang on who else is handed over."""
    for person in people:
        if person.get("absent"):
            yield Entered((), str(person["absent"]))
            continue
        chance = Random(f"{seed} {person['personal_id']}")
        kind = chance.choices((*SHARES, ""), (*SHARES.values(), 1 - sum(SHARES.values())))[0]
        rows = _rows(chance, kind, dict(person), numbers)
        yield Entered(rows, kind if rows != (person,) else "")


def _rows(
    chance: Random, kind: str, person: dict[str, Any], numbers: Numbers
) -> tuple[dict[str, Any], ...]:  # fmt: skip
    birth = person["birth"]
    if kind == "never_collected":
        return ()
    if kind == "entered_twice":
        again = numbers.personal(person["personal_id"][:3], person["sex"], birth)
        return person, person | {"personal_id": again, "birth": birth[:4], "old_id": ""}
    if kind in ("tone", "slip"):
        change = _with_other_tone if kind == "tone" else _with_slip
        return (person | {"full_name": change(chance, person["full_name"])},)
    if kind == "parent_differs":
        column = "father_name" if person.get("father_name") else "mother_name"
        return (person | {column: _with_slip(chance, person.get(column) or "")},)
    if kind == "number_differs":
        return (person | {"personal_id": numbers.personal(person["personal_id"][:3], person["sex"], birth)},)
    if kind == "swapped_day_month":
        return (person | {"birth": f"{birth[:4]}-{birth[8:]}-{birth[5:7]}" if int(birth[8:]) < 13 else birth},)
    if kind == "year_only":
        return (person | {"birth": birth[:4]},)
    if kind == "other_ethnicity":
        return (person | {"ethnicity": "Kinh" if person["ethnicity"] != "Kinh" else "Tày"},)
    return (person,)


def _with_other_tone(chance: Random, name: str) -> str:
    letters = list(unicodedata.normalize("NFD", name))
    places = [place for place, char in enumerate(letters) if char in TONES]
    if places:
        place = chance.choice(places)
        tone = chance.choice(TONES.replace(letters.pop(place), ""))
        while place < len(letters) and unicodedata.combining(letters[place]):  # behind the other marks, else no letter
            place += 1
        letters.insert(place, tone)
    return unicodedata.normalize("NFC", "".join(letters))


def _with_slip(chance: Random, name: str) -> str:
    places = [place for place, char in enumerate(name) if char.lower() in NEIGHBOURING]
    if not places:
        return name
    place = chance.choice(places)
    other = NEIGHBOURING[name[place].lower()]
    return name[:place] + (other.upper() if name[place].isupper() else other) + name[place + 1 :]
