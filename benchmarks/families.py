"""Invented villages whose truth is known: marriages, births, deaths as clerks wrote them, and who is whom in every entry.

Nobody here is real. Names come from the demonstration's lists; the error rates are of our own choosing, other than those the
matching model was trained on, and real ones are not known.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from hotich.config.demo.names import family_name, full_name

TONES = "\u0300\u0301\u0303\u0309\u0323"
CONFUSED = (("s", "x"), ("tr", "ch"), ("l", "n"), ("i", "y"), ("d", "gi"), ("v", "d"))
NAME_WRONG = (("marks", 0.05), ("tone", 0.05), ("slip", 0.04), ("middle", 0.01))
LAST_YEAR = 2015


@dataclass(frozen=True, slots=True)
class Villager:
    """One true person."""

    key: int
    name: str
    sex: str
    born: date
    parents: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """One entry of a book: the register, its year, what stands there, and role → true person."""

    office: int
    letters: str
    year: int
    values: dict[str, Any]
    who: dict[str, int]


@dataclass(slots=True)
class Village:
    """Families of two or three generations in some offices (`offices`: how many).

    `ethnicity`: whose names they bear. `first_of_january`: share of the people of whom everybody only knows the year, and
    every entry that tells a day tells the 1st of January.
    """

    rng: Random
    offices: int
    ethnicity: str = "Kinh"
    first_of_january: float = 0.0
    people: dict[int, Villager] = field(default_factory=dict)

    def entries(self, families: int) -> Iterator[Written]:
        """The entries of so many founding couples and of their children's families, in no order."""
        free: dict[str, list[Villager]] = {"1": [], "2": []}
        for _ in range(families):
            office = self.rng.randrange(self.offices)
            year = self.rng.randrange(1930, 1965)
            husband, wife = self._new("1", year), self._new("2", year + self.rng.randrange(-2, 6))
            children = yield from self._family(husband, wife, office)
            for child in children:
                free[child.sex].append(child)
        self.rng.shuffle(free["1"])
        brides = sorted(free["2"], key=lambda each: each.born)
        for husband in free["1"]:
            place = next((at for at, each in enumerate(brides) if self._suit(husband, each)), None)
            if place is not None and self.rng.random() < 0.6 and husband.born.year < LAST_YEAR - 24:
                yield from self._family(husband, brides.pop(place), self.rng.randrange(self.offices))

    def _suit(self, husband: Villager, wife: Villager) -> bool:
        return husband.parents != wife.parents and abs(husband.born.year - wife.born.year) <= 4

    def _is_year_only(self) -> bool:
        return bool(self.first_of_january) and self.rng.random() < self.first_of_january

    def _new(self, sex: str, year: int, family: str = "", parents: tuple[int, int] | None = None) -> Villager:
        born = date(year, 1, 1) + timedelta(days=self.rng.randrange(365))
        if self._is_year_only():
            born = date(year, 1, 1)
        name = full_name(self.rng, self.ethnicity, family or family_name(self.rng, self.ethnicity), sex, year)
        made = Villager(len(self.people), name, sex, born, parents)
        self.people[made.key] = made
        return made

    def _family(self, husband: Villager, wife: Villager, office: int) -> Generator[Written, None, list[Villager]]:
        """Marriage, children, deaths; gives the children back."""
        rng, start = self.rng, max(husband.born.year, wife.born.year) + self.rng.randrange(19, 26)
        if rng.random() < 0.75:
            yield self._marriage(husband, wife, office, start)
        children: list[Villager] = []
        born = date(start + 1, 1, 1) + timedelta(days=rng.randrange(365))
        for _ in range(rng.choices([1, 2, 3, 4, 5], [15, 35, 25, 15, 10])[0]):
            if born.year > LAST_YEAR or born.year > wife.born.year + 44:
                break
            child = self._new(rng.choice("12"), born.year, husband.name.split()[0], (husband.key, wife.key))
            child = self.people[child.key] = replace(
                child, born=date(born.year, 1, 1) if self._is_year_only() else born
            )
            children.append(child)
            yield self._birth(child, husband, wife, office, born.year)
            if rng.random() < 0.03:  # again: for school, in another book, years later
                yield self._birth(child, husband, wife, rng.randrange(self.offices), born.year + rng.randrange(1, 9))
            if rng.random() > 0.012:  # else twins
                born += timedelta(days=rng.randrange(380, 1700))
        for each in (husband, wife, *children):
            if rng.random() < (0.35 if each.born.year < 1960 else 0.02):
                yield self._death(each, office)
        return children

    def _marriage(self, husband: Villager, wife: Villager, office: int, year: int) -> Written:
        values = self._person("husband", husband, 0.8, 0.15) | self._person("wife", wife, 0.8, 0.15)
        return Written(office, "KH", year, values, {"husband": husband.key, "wife": wife.key})

    def _birth(self, child: Villager, father: Villager, mother: Villager, office: int, year: int) -> Written:
        values = self._person("child", child, 0.97, 0.02) | {"child_sex": child.sex}
        who = {"child": child.key}
        if self.rng.random() < 0.95:
            values |= self._person("father", father, 0.35, 0.4)
            who["father"] = father.key
        values |= self._person("mother", mother, 0.35, 0.4)
        return Written(office, "KS", year, values, who | {"mother": mother.key})

    def _death(self, person: Villager, office: int) -> Written:
        # after every child he or she could have
        died = date(max(person.born.year + 46, 1975), 1, 1) + timedelta(days=self.rng.randrange(365 * 25))
        died = min(died, date(LAST_YEAR + 8, 12, 31))
        values = self._person("deceased", person, 0.6, 0.35) | {
            "deceased_sex": person.sex, "death_date": f"{died:%d/%m/%Y}"
        }  # fmt: skip
        return Written(office, "KT", died.year, values, {"deceased": person.key})

    def _person(self, role: str, person: Villager, exact: float, year_only: float) -> dict[str, str]:
        values, at = {f"{role}_full_name": self._name(person.name)}, self.rng.random()
        if at < exact:
            values[f"{role}_birth_date"] = f"{self._day(person.born):%d/%m/%Y}"
        elif at < exact + year_only:
            values[f"{role}_birth_date"] = str(person.born.year)
        return values

    def _day(self, day: date) -> date:
        at = self.rng.random()
        if at < 0.015 and day.day <= 12:
            return date(day.year, day.day, day.month)
        return day + timedelta(days=self.rng.randrange(-9, 10)) if at < 0.03 else day

    def _name(self, name: str) -> str:
        at = self.rng.random()
        for kind, share in NAME_WRONG:
            if at < share:
                return self._changed(name, kind)
            at -= share
        return name

    def _changed(self, name: str, kind: str) -> str:
        letters = list(unicodedata.normalize("NFD", name))
        if kind == "marks":
            return (
                "".join(each for each in letters if not unicodedata.combining(each)).replace("đ", "d").replace("Đ", "D")
            )
        if kind == "tone" and (places := [at for at, each in enumerate(letters) if each in TONES]):
            letters[self.rng.choice(places)] = self.rng.choice(TONES)
            return unicodedata.normalize("NFC", "".join(letters))
        if kind == "middle" and len(name.split()) > 2:
            return " ".join([name.split()[0], *name.split()[2:]])
        pairs = [(a, b) for pair in CONFUSED for a, b in (pair, pair[::-1]) if f"{a}" in name[1:]]
        if kind == "slip" and pairs:
            a, b = self.rng.choice(pairs)
            return name[0] + name[1:].replace(a, b, 1)
        return name
