"""The people of the demo books as the stand-in of the population database takes them: facts of today, places of today."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from hotich.config.demo.model import Demo, Person
from hotich.config.demo.places import MERGER, community
from hotich.units.data import unit_rows

COLLECTED = date(2016, 1, 1)  # who died or left before was never collected (our choice; the true day is not known)


def write_people(demos: Iterable[Demo], file: Path) -> int:
    """JSON lines, one a person, with the columns of a citizen of partners/population; how many.

    `absent` names why somebody is not in the population: dead_before, abroad, foreign. Of two people that happen to have
    one number the first is written.
    """
    taken, written = set[str](), 0
    with file.open("w", encoding="utf-8") as stream:
        for demo in demos:
            for person in demo.people:
                if person.personal_id in taken:
                    continue
                if person.personal_id:
                    taken.add(person.personal_id)
                stream.write(json.dumps(_citizen(demo, person), ensure_ascii=False) + "\n")
                written += 1
    return written


def write_places(file: Path) -> int:
    """CSV of the communes of today with their provinces; how many."""
    units = [unit for unit in unit_rows() if unit.valid_to is None]
    provinces = {unit.code: unit.name for unit in units if unit.level == "province"}
    communes = [unit for unit in units if unit.level == "commune" and unit.parent_code in provinces]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("commune_code", "commune", "province_code", "province"))
        for unit in communes:
            writer.writerow((unit.code, unit.name, unit.parent_code, provinces[unit.parent_code]))
    return len(communes)


def _citizen(demo: Demo, person: Person) -> dict[str, str]:
    place = community(person.community)
    father, mother, spouse = (
        demo.people[key] if key is not None else None for key in (person.father, person.mother, person.spouse)
    )
    here = place.place_at(MERGER)
    return {
        "personal_id": person.personal_id,
        "old_id": person.old_id if person.old_id_issued else "",
        "full_name": person.name,
        "birth": person.birth.isoformat(),
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "nationality": person.nationality,
        "native_place": person.native_place,
        "registration_place": place.office_text(person.birth) if mother else "",
        "residence": f"{person.village}, {here}",
        "province_code": place.province_code[1:],
        "commune_code": place.office,
        "father_name": father.name if father else "",
        "father_id": father.personal_id if father else "",
        "mother_name": mother.name if mother else "",
        "mother_id": mother.personal_id if mother else "",
        "spouse_name": spouse.name if spouse else "",
        "life": "chet" if person.death else "song",
        "absent": _absence(person),
    }


def _absence(person: Person) -> str:
    if person.nationality != "Việt Nam":
        return "foreign"
    if person.death is not None and person.death < COLLECTED:
        return "dead_before"
    if person.abroad_since is not None and person.abroad_since < COLLECTED:
        return "abroad"
    return ""
