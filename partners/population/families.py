"""Invented families: two parents and their children, with the names of grandparents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from partners.population.names import FEMALE, KINH, LOCAL, MALE, Chance, full_name, surname
from partners.population.numbers import Numbers
from partners.population.places import Place, weights_of

TODAY = date(2026, 1, 1)  # the drawn population does not grow with the clock
LAST_OLD_CARD = 2003  # who was born later never got a nine-digit number
_DAY = timedelta(days=1)
CHILDREN = (1,) * 5 + (2,) * 9 + (3,) * 6 + (4,) * 3 + (5,) * 2  # how many of a family


def draw_families(chance: Chance, places: tuple[Place, ...], numbers: Numbers) -> Iterator[list[dict[str, Any]]]:
    """One family after the other, without end."""
    edges = list(accumulate(weights_of(places)))
    while True:
        yield _Family(chance, chance.choices(places, cum_weights=edges)[0], places, numbers).members


class _Family:
    def __init__(self, chance: Chance, place: Place, places: tuple[Place, ...], numbers: Numbers) -> None:
        self.chance, self.place, self.numbers = chance, place, numbers
        local = LOCAL.get(place.province_code)
        self.people = chance.pick(local) if local and chance.random() < 0.3 else KINH
        self.origin = place if chance.random() < 0.6 else chance.pick(places)
        first = date(1925, 1, 1) + _DAY * chance.below(75 * 365)
        family = surname(chance, self.people)
        father = self._parent(MALE, family, first)
        mother = self._parent(FEMALE, surname(chance, self.people), first + _DAY * chance.below(2600, -800))
        father["spouse_name"], mother["spouse_name"] = mother["full_name"], father["full_name"]
        self.members = [father, mother, *self._children(father, mother, family)]

    def _parent(self, sex: str, family: str, birth: date) -> dict[str, Any]:
        chance, year = self.chance, birth.year
        made = self._person(sex, family, birth)
        made["father_name"] = full_name(chance, self.people, family, MALE, year - 27)
        made["mother_name"] = full_name(chance, self.people, surname(chance, self.people), FEMALE, year - 25)
        return made

    def _children(self, father: dict[str, Any], mother: dict[str, Any], family: str) -> Iterator[dict[str, Any]]:
        chance = self.chance
        born = date(int(mother["birth"][:4]), 6, 15) + _DAY * chance.below(30 * 365, 19 * 365)
        for _ in range(chance.pick(CHILDREN)):
            if born >= TODAY:
                return
            made = self._person(MALE if chance.random() < 0.515 else FEMALE, family, born)
            if chance.random() < 0.96:
                made |= {"father_name": father["full_name"], "father_id": father["personal_id"]}
            made |= {"mother_name": mother["full_name"], "mother_id": mother["personal_id"]}
            if born.year < 1998 and chance.random() < 0.6:
                other = FEMALE if made["sex"] == MALE else MALE
                made["spouse_name"] = full_name(chance, self.people, surname(chance, self.people), other, born.year)
            yield made
            if chance.random() > 0.012:  # else a twin comes next
                born += _DAY * chance.below(1700, 380)

    def _person(self, sex: str, family: str, birth: date) -> dict[str, Any]:
        chance, year = self.chance, birth.year
        day = birth.isoformat()
        is_vague = chance.random() < (0.2 if year < 1965 else 0.04 if year < 1985 else 0.0)
        province = self.origin.province_code
        age = TODAY.year - year
        is_dead = chance.random() < (0.004 if age < 50 else ((age - 45) / 75) ** 2)
        return {
            "personal_id": self.numbers.personal(province, sex, day),
            "old_id": self.numbers.old(province) if year < LAST_OLD_CARD and chance.random() < 0.85 else "",
            "full_name": full_name(chance, self.people, family, sex, year),
            "birth": day[:4] if is_vague else day,
            "sex": sex,
            "ethnicity": self.people.name,
            "nationality": "Việt Nam",
            "native_place": self.origin.text,
            "registration_place": f"UBND {self.place.text}",
            "residence": f"Thôn {chance.below(15, 1)}, {self.place.text}",
            "province_code": self.place.province_code,
            "commune_code": self.place.commune_code,
            "life": "chet" if is_dead else "mat_tich" if chance.random() < 0.0005 else "song",
        }
