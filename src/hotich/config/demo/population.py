"""Families over generations: a clock of births, marriages, deaths and divorces, each leaving its case."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from hotich.config.demo import identity, names
from hotich.config.demo.cases import Case, Couple
from hotich.config.demo.model import Person
from hotich.config.demo.places import COMMUNITIES, LAST_DAY, MATRILINEAL, NATIVE_HERE, ORIGINS, Community, community
from hotich.config.demo.wording import working_day, years_later

FIRST_COUPLES = 130  # at scale 1; gives some 2,400 cases
FIRST_BOOK = date(1976, 3, 1)  # no older book is left in these communes
CLOSE_KIN_STEPS = 2  # marriage within three generations is unlawful


class Population:
    """Runs the clock from 1950 to the last day of the demo.

    `people` and `cases` (KS, KH, KT) fill up; `families` keeps the surname each person hands on.
    """

    def __init__(self, rng: Random, scale: float) -> None:
        self.rng = rng
        self.people: list[Person] = []
        self.cases: list[Case] = []
        self.families: list[str] = []
        self.numbers = identity.Numbers(rng)
        self.birth_case: dict[int, Case] = {}
        self._couple_of: dict[int, Couple] = {}
        self.unrecognised: list[tuple[int, int]] = []  # (child, father not named at the registration)
        self.couples: list[Couple] = []
        self.children_of: dict[int, list[Person]] = defaultdict(list)  # with the true father, named or not
        self.marriages_of: dict[int, list[Couple]] = defaultdict(list)
        self._singles: dict[tuple[str, str], list[int]] = {}
        self._heap: list[tuple[date, int, Callable[..., None], tuple[object, ...]]] = []
        self._sequence = 0
        for place in COMMUNITIES:
            for _ in range(max(4, round(FIRST_COUPLES * scale * place.weight))):
                self._first_couple(place)

    def run(self) -> None:
        """Let everything happen in order of date."""
        while self._heap:
            day, _, happen, arguments = heapq.heappop(self._heap)
            if day <= LAST_DAY:
                happen(day, *arguments)

    # ---- people ---------------------------------------------------------------------------------------------------
    def add_person(
        self,
        place: Community,
        sex: str,
        birth: date,
        ethnicity: str,
        *,
        mother: Person | None = None,
        father: Person | None = None,
        family: str = "",
        origin: tuple[str, str] | None = None,
    ) -> Person:
        """Make a person and plan the death. `origin` is the native place and its province for newcomers."""
        rng = self.rng
        family = family or names.family_name(rng, ethnicity)
        here = (place.place_at(birth), place.province_code)
        kin = [one for one in (mother, father) if one] + (self.children_of[mother.key] if mother else [])
        parent = mother if father is None else father
        origin = origin or here
        native = parent.native_place if parent is not None else origin[0]
        old_quarter = ethnicity in NATIVE_HERE and rng.random() < 0.9
        villages = place.minority_villages if old_quarter else place.villages
        old_issued, card_issued = identity.issue_dates(rng, birth)
        person = Person(
            key=len(self.people),
            name=self._name(ethnicity, family, sex, birth.year, kin),
            sex=sex,
            birth=birth,
            ethnicity=ethnicity,
            community=place.key,
            native_place=native,
            birth_place=origin[0],
            village=mother.village if mother else rng.choice(villages),
            personal_id=self.numbers.personal_id(origin[1], sex, birth),
            old_id=self.numbers.old_id(place.province_code),
            old_id_issued=old_issued,
            card_issued=card_issued,
            issuer_province=place.province_code,
            mother=mother.key if mother else None,
            father=father.key if father else None,
        )
        self._enter(person, family)
        return person

    def _enter(self, person: Person, family: str) -> None:
        for parent in (person.mother, person.father):
            if parent is not None:
                self.children_of[parent].append(person)
        self.people.append(person)
        self.families.append(family)
        self._plan_death(person)

    def _name(self, ethnicity: str, family: str, sex: str, year: int, kin: list[Person]) -> str:
        """A name that no parent, brother or sister bears."""
        taken = {one.name for one in kin}
        while True:
            name = names.full_name(self.rng, ethnicity, family, sex, year)
            if name not in taken:
                return name

    def push(self, day: date, happen: Callable[..., None], *arguments: object) -> None:
        """Plan something for a day."""
        self._sequence += 1
        heapq.heappush(self._heap, (day, self._sequence, happen, arguments))

    def _plan_death(self, person: Person) -> None:
        rng, draw = self.rng, self.rng.random()
        if draw < (0.035 if person.birth.year < 1990 else 0.012):
            age = rng.random() ** 3
        elif draw < 0.05:
            age = rng.uniform(1, 15)
        elif draw < 0.12:
            age = rng.uniform(16, 52)
        else:
            age = min(max(rng.gauss(71, 12), 40), 101)
        death = person.birth + timedelta(days=int(age * 365.25))
        if person.mother is None and death < date(1976, 1, 1):  # first families live to see their children
            death = death + timedelta(days=9000)
        if death <= LAST_DAY:
            person.death = death
            self.push(death, self._death, person)

    def newcomer(self, place: Community, sex: str, birth: date, like: str = "") -> Person:
        """Somebody who comes from elsewhere, mostly of the people `like`."""
        rng = self.rng
        mix = place.mix
        ethnicity = like if like and rng.random() < 0.8 else rng.choices(tuple(mix), tuple(mix.values()))[0]
        origin = None if ethnicity in NATIVE_HERE else rng.choice(ORIGINS[ethnicity])
        return self.add_person(place, sex, birth, ethnicity, origin=origin)

    def add_couple(self, couple: Couple) -> None:
        """Remember a marriage."""
        self.couples.append(couple)
        for person in (couple.man, couple.woman):
            self.marriages_of[person.key].append(couple)

    def _first_couple(self, place: Community) -> None:
        rng = self.rng
        man = self.newcomer(place, "1", date(1930, 1, 1) + timedelta(days=rng.randrange(28 * 365)))
        gap = timedelta(days=rng.randrange(5 * 365))
        woman = self.newcomer(place, "2", man.birth + gap, man.ethnicity)
        day = years_later(man.birth, rng.randrange(21, 27)) + timedelta(days=rng.randrange(360))
        self.push(max(day, years_later(woman.birth, 18) + timedelta(days=20)), self._marriage, man, woman)

    # ---- marriage and children --------------------------------------------------------------------------------------
    def _adult(self, day: date, person: Person, tries: int) -> None:
        if person.spouse is not None or not person.alive_at(day):
            return
        partner = self._partner_for(person, day)
        if partner is not None:
            man, woman = (person, partner) if person.sex == "1" else (partner, person)
            self._marriage(day, man, woman)
        elif tries:
            pool = self._pool(person)
            if person.key not in pool:
                pool.append(person.key)
            self.push(day + timedelta(days=self.rng.randrange(200, 800)), self._adult, person, tries - 1)

    def _pool(self, person: Person) -> list[int]:
        return self._singles.setdefault((person.community, person.sex), [])

    def _partner_for(self, person: Person, day: date) -> Person | None:
        rng, place = self.rng, community(person.community)
        pool = self._singles.setdefault((person.community, "2" if person.sex == "1" else "1"), [])
        for key in reversed(pool):
            other = self.people[key]
            man, woman = (person, other) if person.sex == "1" else (other, person)
            gap = (woman.birth - man.birth).days / 365
            if (
                other.spouse is None
                and other.alive_at(day)
                and -4 < gap < 11
                and not self._kin(person, other)
                and (other.ethnicity == person.ethnicity or rng.random() < 0.4)
            ):
                pool.remove(key)
                return other
        if rng.random() < 0.45:
            shift = timedelta(days=rng.randrange(0, 4 * 365))
            birth = person.birth + shift if person.sex == "1" else person.birth - shift
            of_age = years_later(day, -18 if person.sex == "1" else -20) - timedelta(days=40)
            return self.newcomer(place, "2" if person.sex == "1" else "1", min(birth, of_age), person.ethnicity)
        return None

    def _kin(self, one: Person, other: Person) -> bool:
        return bool(self._forebears(one) & self._forebears(other))

    def _forebears(self, person: Person) -> set[int]:
        found, row = {person.key}, [person.key]
        for _ in range(CLOSE_KIN_STEPS):
            row = [
                key for item in row for key in (self.people[item].father, self.people[item].mother) if key is not None
            ]
            found.update(row)
        return found

    def _marriage(self, day: date, man: Person, woman: Person) -> None:
        if man.spouse is not None or woman.spouse is not None or not (man.alive_at(day) and woman.alive_at(day)):
            return
        rng = self.rng
        day = working_day(day)
        if not (man.alive_at(day) and woman.alive_at(day)):
            return
        man.spouse, woman.spouse = woman.key, man.key
        place = community(man.community)
        for person in (man, woman):
            if person.key in self._pool(person):
                self._pool(person).remove(person.key)
            if person.village != man.village:
                person.village = man.village
        couple = Couple(man, woman, day)
        self.add_couple(couple)
        self._couple_of[man.key] = self._couple_of[woman.key] = couple
        if day >= FIRST_BOOK and rng.random() < (0.35 if day.year < 1976 else 0.7 if day.year < 1999 else 0.98):
            couple.case = Case("KH", day, place, {"husband": man.key, "wife": woman.key})
            self.cases.append(couple.case)
        wanted = rng.choice((3, 4, 4, 5) if day.year < 1976 else (2, 3, 3, 4) if day.year < 1995 else (1, 2, 2, 3))
        self.push(day + timedelta(days=rng.randrange(290, 900)), self._child, man, woman, wanted)
        if day.year > 1988 and rng.random() < 0.13:
            self.push(day + timedelta(days=rng.randrange(900, 6000)), self._divorce, man, woman)

    def _child(self, day: date, man: Person, woman: Person, wanted: int) -> None:
        rng = self.rng
        conceived = day - timedelta(days=270)
        together = man.spouse == woman.key and woman.spouse == man.key
        if not together or not woman.alive_at(day) or not man.alive_at(conceived) or woman.age_at(day) > 44:
            return
        for _ in range(2 if rng.random() < 0.012 else 1):
            self.born(day, woman, man)
        if wanted > 1:
            self.push(day + timedelta(days=rng.randrange(520, 1700)), self._child, man, woman, wanted - 1)

    def born(self, day: date, mother: Person, father: Person | None, *, unnamed_father: Person | None = None) -> Person:
        """A child is born; it takes the people and name of the mother where descent goes through mothers."""
        rng, leader = self.rng, father or mother
        if father and mother.ethnicity in MATRILINEAL:
            leader = mother
        place = community(mother.community)
        sex = "1" if rng.random() < 0.52 else "2"
        child = self.add_person(
            place,
            sex,
            day,
            leader.ethnicity,
            mother=mother,
            father=father,
            family=self.families[leader.key] if leader.ethnicity == mother.ethnicity or leader is father else "",
        )
        if unnamed_father is not None:
            self.unrecognised.append((child.key, unnamed_father.key))
        self._register_birth(child, place)
        if unnamed_father is not None:  # the truth is kept for kinship; the book did not learn it
            child.father = unnamed_father.key
            self.children_of[unnamed_father.key].append(child)
        if rng.random() < 0.86:
            years = rng.gauss(25.5 if sex == "1" else 22.5, 2.6)
            years = max(years, 20.1 if sex == "1" else 18.1)
            self.push(day + timedelta(days=int(years * 365.25)), self._adult, child, 3)
        if sex == "2" and rng.random() < 0.3:
            self.push(day + timedelta(days=int(rng.uniform(18.2, 25) * 365.25)), self._lone_birth, child)
        return child

    def _lone_birth(self, day: date, woman: Person) -> None:
        men = [self.people[key] for key in self._singles.get((woman.community, "1"), ())]
        men = [
            man
            for man in men
            if man.spouse is None and man.alive_at(day) and man.age_at(day) >= 20 and not self._kin(man, woman)
        ]
        if woman.spouse is not None or not woman.alive_at(day):
            return
        place = community(woman.community)
        man = (
            self.rng.choice(men)
            if men
            else self.newcomer(
                place, "1", years_later(day, -20) - timedelta(days=self.rng.randrange(60, 4000)), woman.ethnicity
            )
        )
        self.born(day, woman, None, unnamed_father=man)

    def _register_birth(self, child: Person, place: Community) -> None:
        rng, birth, draw = self.rng, child.birth, self.rng.random()
        share = 0.12 if birth.year < 1976 else 0.66 if birth.year < 1999 else 0.9
        delay = rng.randrange(3, 55) if birth.year >= 2016 else rng.randrange(2, 30)
        kind = "1"
        if draw > share:  # late, or lost and registered again
            kind, delay = ("4", rng.randrange(70, 1500)) if rng.random() < 0.6 else ("2", rng.randrange(5500, 13000))
            if kind == "2" and birth + timedelta(days=delay) < date(1999, 1, 1):
                return
        day = working_day(birth + timedelta(days=delay))
        first_new_again = kind == "2" and birth >= date(2016, 1, 1)  # only older births may be registered again
        if day < FIRST_BOOK or day > LAST_DAY or first_new_again:
            return
        if child.death is not None and day > child.death + timedelta(days=20):
            return
        roles = {"child": child.key, "mother": child.mother or 0}
        if child.father is not None:
            roles["father"] = child.father
        case = Case("KS", day, place, roles, {"kind": kind})
        self.cases.append(case)
        self.birth_case[child.key] = case

    # ---- ends -------------------------------------------------------------------------------------------------------
    def _divorce(self, day: date, man: Person, woman: Person) -> None:
        if man.spouse != woman.key or not (man.alive_at(day) and woman.alive_at(day)):
            return
        man.spouse = woman.spouse = None
        couple = self._couple_of[man.key]
        couple.end, couple.end_reason = day, "divorce"
        if couple.case is not None:
            couple.case.data["divorce"] = day
        for person in (man, woman):
            if person.age_at(day) < 45 and self.rng.random() < 0.4:
                self.push(day + timedelta(days=self.rng.randrange(400, 2000)), self._adult, person, 1)

    def _death(self, day: date, person: Person) -> None:
        rng = self.rng
        if person.spouse is not None:
            partner = self.people[person.spouse]
            partner.spouse = None
            couple = self._couple_of[person.key]
            couple.end, couple.end_reason = day, "death"
            if partner.age_at(day) < 45 and rng.random() < 0.35:
                self.push(day + timedelta(days=rng.randrange(500, 2500)), self._adult, partner, 1)
        share = 0.2 if day.year < 1976 else 0.55 if day.year < 1999 else 0.95
        if day < FIRST_BOOK or rng.random() > share:
            return
        late = rng.random() < 0.09
        registered = working_day(day + timedelta(days=rng.randrange(20, 700) if late else rng.randrange(1, 13)))
        if registered <= LAST_DAY:
            place = community(person.community)
            roles = {"deceased": person.key, "informant": self._mourner(person)}
            kind = "4" if (registered - day).days > 15 else "1"
            self.cases.append(Case("KT", registered, place, roles, {"kind": kind}))

    def _mourner(self, person: Person) -> int:
        """Who reports a death: a grown child, the parent, anybody of the village."""
        day = person.death or LAST_DAY
        kin = [child.key for child in self.children_of[person.key] if child.alive_at(day) and child.age_at(day) >= 18]
        kin += [key for key in (person.father, person.mother) if key is not None and self.people[key].alive_at(day)]
        neighbours = [
            other.key
            for other in self.people[-400:]
            if other.community == person.community and other.alive_at(day) and other.age_at(day) >= 18
        ]
        return (kin or neighbours or [person.key])[0]
