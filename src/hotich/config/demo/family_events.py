"""Later events of the families: recognition, adoption, guardianship and its end, marital status certificates."""

from __future__ import annotations

from datetime import date, timedelta

from hotich.config.demo.cases import Case, Couple
from hotich.config.demo.model import Person
from hotich.config.demo.places import LAST_DAY, Community, community
from hotich.config.demo.population import Population
from hotich.config.demo.wording import working_day, years_later

BOOKS_SINCE = date(1999, 2, 1)  # these registers are kept since the decree of 1998
END_BOOK_SINCE = date(2016, 1, 4)  # the register of ended guardianships came with the forms of 2015


# Events are spread over the times of the four forms, so that every register has books of each.
PERIODS = (
    (BOOKS_SINCE, date(2006, 3, 31)),
    (date(2006, 4, 1), date(2015, 12, 31)),
    (date(2016, 1, 1), date(2018, 9, 30)),
    (date(2019, 4, 1), LAST_DAY),
)


def between(population: Population, first: date, last: date) -> date | None:
    """A working day in an interval, None if the interval is empty."""
    last = min(last, LAST_DAY - timedelta(days=3))
    if first >= last:
        return None
    return working_day(first + timedelta(days=population.rng.randrange((last - first).days)))


def add_recognitions(population: Population) -> list[Case]:
    """Fathers recognise children born outside marriage; grown children recognise fathers."""
    found: list[Case] = []
    for child_key, father_key in population.unrecognised:
        child, father = population.people[child_key], population.people[father_key]
        first = max(BOOKS_SINCE, child.birth + timedelta(days=200))
        day = between(population, first, years_later(child.birth, 9 if population.rng.random() < 0.8 else 30))
        birth = population.birth_case.get(child_key)
        if day is None or birth is None or birth.day >= day or not (child.alive_at(day) and father.alive_at(day)):
            continue
        direction = "1" if child.age_at(day) < 18 else "3"
        found.append(
            Case(
                "CMC",
                day,
                community(child.community),
                {"parent": father_key, "child": child_key, "mother": child.mother or 0},
                {"direction": direction},
                children={"birth": birth},
            )
        )
    return found


def _guardian_for(population: Population, ward: Person, day: date, unlike: int = -1) -> Person | None:
    people = population.people
    parents = [people[key] for key in (ward.mother, ward.father) if key is not None]
    grand = [people[key] for parent in parents for key in (parent.mother, parent.father) if key is not None]
    kin = grand + [child for one in grand for child in population.children_of[one.key] if child not in parents]
    return next(
        (other for other in kin if other.alive_at(day) and other.age_at(day) >= 20 and other.key != unlike), None
    )


def add_guardianships(population: Population, wanted: int) -> list[Case]:
    """Guardians for orphans first, then for children whose parents ask for it."""
    people = population.people
    found: list[Case] = []
    children = [
        person
        for person in people
        if person.mother is not None and person.birth > date(1985, 1, 1) and person.key in population.birth_case
    ]
    population.rng.shuffle(children)
    children.sort(key=lambda child: not any(people[key].death for key in (child.mother, child.father) if key))
    for ward in children:
        first = max(BOOKS_SINCE, years_later(ward.birth, 1), population.birth_case[ward.key].day)
        day = between(population, first, years_later(ward.birth, 16))
        if len(found) >= wanted:
            break
        guardian = _guardian_for(population, ward, day) if day and ward.alive_at(day) else None
        if day is None or guardian is None:
            continue
        living = [people[key] for key in (ward.mother, ward.father) if key is not None and people[key].alive_at(day)]
        if len(living) == 2 and population.rng.random() < 0.5:
            continue
        roles = {"guardian": guardian.key, "ward": ward.key}
        if guardian.spouse is not None and people[guardian.spouse].alive_at(day) and population.rng.random() < 0.4:
            roles["guardian_2"] = guardian.spouse
        found.append(Case("GH", day, community(ward.community), roles, {"kind": "1" if living else "2"}))
    return found


def add_guardianship_ends(population: Population, guardianships: list[Case]) -> list[Case]:
    """Guardianships end at majority, at the guardian's death, or by a change that starts a new one."""
    found: list[Case] = []
    for start in guardianships:
        ward, guardian = population.people[start.roles["ward"]], population.people[start.roles["guardian"]]
        of_age = years_later(ward.birth, 18)
        day = between(population, max(END_BOOK_SINCE, start.day + timedelta(days=60)), of_age)
        follower = _guardian_for(population, ward, day, guardian.key) if day else None
        roles, data = dict(start.roles), {"kind": start.data["kind"]}
        if day and follower and ward.alive_at(day) and population.rng.random() < 0.5:
            data["reason"] = "Thay đổi người giám hộ" if guardian.alive_at(day) else "Người giám hộ chết"
            roles["new_guardian"] = follower.key
            change = Case("CDGH", day, start.place, roles, data, children={"start": start})
            found += [
                change,
                Case(
                    "GH",
                    day,
                    start.place,
                    {"guardian": follower.key, "ward": ward.key},
                    {"kind": start.data["kind"], "change": True},
                ),
            ]
        elif of_age >= END_BOOK_SINCE and ward.alive_at(of_age):
            day = working_day(of_age + timedelta(days=population.rng.randrange(5, 60)))
            data["reason"] = "Người được giám hộ đã có năng lực hành vi dân sự đầy đủ"
            if day <= LAST_DAY and day > start.day and guardian.alive_at(day):
                found.append(Case("CDGH", day, start.place, roles, data, children={"start": start}))
    return found


def _adopters(population: Population, couples: list[Couple], child: Person, day: date) -> Couple | None:
    for couple in couples:
        both = (couple.man, couple.woman)
        if (
            couple.together_at(day)
            and couple.man.community == child.community
            and child.mother != couple.woman.key
            and child.father != couple.man.key
            and all(one.alive_at(day) and 20 <= child.birth.year - one.birth.year - 1 <= 40 for one in both)
        ):
            return couple
    return None


def add_adoptions(population: Population, wanted: int, foundlings: int) -> list[Case]:
    """Children of single mothers or of large families, and foundlings, are adopted by couples of the commune."""
    rng, people = population.rng, population.people
    found: list[Case] = []
    couples = list(population.couples)
    rng.shuffle(couples)
    lone = [people[child] for child, _ in population.unrecognised if people[child].birth > date(1996, 1, 1)]
    others = [
        person
        for person in people
        if person.mother is not None and person.father is not None and person.birth > date(1990, 1, 1)
    ]
    rng.shuffle(others)
    for child in _foundlings(population, foundlings) + lone[::3] + others:
        birth = population.birth_case.get(child.key)
        if len(found) >= wanted:
            break
        if birth is None:
            continue
        start, end = PERIODS[len(found) % len(PERIODS)] if child.mother else (BOOKS_SINCE, LAST_DAY)
        first = max(start, birth.day + timedelta(days=40))
        day = between(population, first, min(years_later(child.birth, 12), first + timedelta(days=2600), end))
        couple = _adopters(population, couples, child, day) if day and child.alive_at(day) else None
        giving = [people[key] for key in (child.mother, child.father) if key is not None]
        if day is None or couple is None or not all(parent.alive_at(day) for parent in giving):
            continue
        roles = {"adoptee": child.key, "adoptive_father": couple.man.key, "adoptive_mother": couple.woman.key}
        if "mother" in birth.roles:
            roles["giving_mother"] = birth.roles["mother"]
        if "father" in birth.roles:
            roles["giving_father"] = birth.roles["father"]
        couples.append(couples.pop(couples.index(couple)))  # no couple adopts everybody
        found.append(Case("CN", day, community(child.community), roles, children={"birth": birth}))
    return found


def _foundlings(population: Population, wanted: int) -> list[Person]:
    """Children left at a door: born to nobody, registered with neither parent."""
    rng = population.rng
    found: list[Person] = []
    for index in range(wanted):
        place: Community = community("ABC"[index % 3])
        found_on = date(2000 + 3 * index % 25, 1 + rng.randrange(9), 1 + rng.randrange(27))
        child = population.add_person(place, rng.choice("12"), found_on, "Kinh")
        child.death = None
        case = Case(
            "KS",
            working_day(found_on + timedelta(days=rng.randrange(10, 40))),
            place,
            {"child": child.key},
            {"kind": "1"},
        )
        population.birth_case[child.key] = case
        population.cases.append(case)
        found.append(child)
    return found


def add_certificates(population: Population, wanted: int) -> list[Case]:
    """Certificates of marital status: before a marriage, or for a sale of land or a loan."""
    rng = population.rng
    found: list[Case] = []
    couples = [couple for couple in population.couples if couple.start > date(1999, 8, 1)]
    rng.shuffle(couples)
    for couple in couples[: round(wanted * 0.75)]:
        person = rng.choice((couple.man, couple.woman))
        day = between(
            population, max(BOOKS_SINCE, couple.start - timedelta(days=150)), couple.start - timedelta(days=10)
        )
        if day is not None and person.mother is not None and person.age_at(day) >= 18:
            found.append(
                Case(
                    "HN",
                    day,
                    community(person.community),
                    {"subject": person.key},
                    {"purpose": "1", "other": couple.woman if person is couple.man else couple.man},
                )
            )
    adults = [person for person in population.people if person.birth < date(1995, 1, 1)]
    rng.shuffle(adults)
    for person in adults:
        day = between(population, max(BOOKS_SINCE, years_later(person.birth, 22)), years_later(person.birth, 60))
        if len(found) >= wanted:
            break
        if day is not None and person.alive_at(day):
            found.append(Case("HN", day, community(person.community), {"subject": person.key}, {"purpose": "5"}))
    return found
