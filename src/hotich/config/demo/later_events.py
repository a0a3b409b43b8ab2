"""Changes and corrections of earlier entries, marriages and births noted from abroad, foreign divorces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hotich.config.demo import name_tables
from hotich.config.demo.cases import Case, Couple
from hotich.config.demo.family_events import BOOKS_SINCE, PERIODS, between
from hotich.config.demo.model import Person
from hotich.config.demo.places import community
from hotich.config.demo.population import Population
from hotich.config.demo.wording import day_text, years_later

FOREIGN_NOTES_SINCE = date(2013, 6, 1)  # divorces of foreign courts are noted since the decree of 2013
# field changed (in the words of the book), old text, new text
NAME, BIRTH, PEOPLE = "Họ, chữ đệm, tên", "Ngày, tháng, năm sinh", "Dân tộc"
MOTHER_NAME, MOTHER_BIRTH = f"{NAME} mẹ", f"{BIRTH} mẹ"
Change = tuple[str, str, str]


# ---- changes and corrections --------------------------------------------------------------------------------------
def _correct_birth_date(population: Population, birth: Case, day: date) -> tuple[str, list[Change]]:
    child = population.people[birth.roles["child"]]
    wrong = child.birth + timedelta(days=population.rng.choice((-10, -2, -1, 1, 2, 9)))
    if wrong > birth.day:
        wrong = child.birth - timedelta(days=3)
    birth.data["written_birth"] = wrong
    return "2", [(BIRTH, day_text(wrong), day_text(child.birth))]


def _change_name(population: Population, birth: Case, day: date) -> tuple[str, list[Change]]:
    child, rng = population.people[birth.roles["child"]], population.rng
    words = child.name.split(" ")
    if len(words) < 3 or "'" in child.name or child.ethnicity not in ("Kinh", "Tày", "Nùng"):
        return "", []
    table = name_tables.MEN if child.sex == "1" else name_tables.WOMEN
    given = next(given for until, _, given in table if child.birth.year <= until)
    new = " ".join([*words[:-1], rng.choice([word for word in given if word not in words])])
    child.earlier_names.append((day, child.name))
    old, child.name = child.name, new
    return "1", [(NAME, old, new)]


def _supplement_mother_birth(population: Population, birth: Case, day: date) -> tuple[str, list[Change]]:
    if "mother" not in birth.roles:
        return "", []
    mother = population.people[birth.roles["mother"]]
    birth.overrides["meNgaySinh"] = str(mother.birth.year)
    return "3", [(MOTHER_BIRTH, str(mother.birth.year), day_text(mother.birth))]


def _correct_mother_name(population: Population, birth: Case, day: date) -> tuple[str, list[Change]]:
    if "mother" not in birth.roles:
        return "", []
    right = population.people[birth.roles["mother"]].name_at(birth.day)
    if " Thị " not in right:
        return "", []
    wrong = right.replace(" Thị ", " ")
    birth.overrides["meHoTen"] = wrong
    changes = [(MOTHER_NAME, wrong, right)]
    if (
        birth.day < date(2016, 1, 1) and population.rng.random() < 0.7
    ):  # one decision often corrects two entries: two rows with one number
        mother = population.people[birth.roles["mother"]]
        birth.overrides["meNgaySinh"] = str(mother.birth.year - 1)
        changes.append((MOTHER_BIRTH, str(mother.birth.year - 1), str(mother.birth.year)))
    return "2", changes


def _determine_ethnicity(population: Population, birth: Case, day: date) -> tuple[str, list[Change]]:
    child = population.people[birth.roles["child"]]
    parents = [population.people[birth.roles[role]] for role in ("mother", "father") if role in birth.roles]
    other = next((parent.ethnicity for parent in parents if parent.ethnicity != child.ethnicity), "")
    if not other:
        return "", []
    child.earlier_ethnicities.append((day, child.ethnicity))
    old, child.ethnicity = child.ethnicity, other
    return "4", [(PEOPLE, old, other)]


CHANGES: tuple[Callable[[Population, Case, date], tuple[str, list[Change]]], ...] = (
    _correct_birth_date,
    _change_name,
    _supplement_mother_birth,
    _correct_mother_name,
    _determine_ethnicity,
    _correct_mother_name,
    _supplement_mother_birth,
)


def add_changes(population: Population, wanted: int) -> list[Case]:
    """Change cases aimed at birth entries; the target keeps the old text and gets a note."""
    rng = population.rng
    found: list[Case] = []
    births = [
        case
        for case in population.cases
        if case.letters == "KS" and case.data["kind"] in ("1", "4") and case.day.year > 1985 and "child" in case.roles
    ]
    rng.shuffle(births)
    for birth in births:
        child = population.people[birth.roles["child"]]
        young = rng.random() < 0.7  # the commune decides for those under 14, and supplements for all
        day = between(
            population, max(BOOKS_SINCE, birth.day + timedelta(days=200)), years_later(child.birth, 14 if young else 30)
        )
        if len(found) >= wanted:
            break
        if day is None or not child.alive_at(day):
            continue
        kind, changes = CHANGES[len(found) % len(CHANGES)](population, birth, day)
        if not changes:
            kind, changes = _correct_birth_date(population, birth, day)
        found.append(
            Case(
                "TD",
                day,
                birth.place,
                {"subject": child.key},
                {"kind": kind, "changes": changes},
                children={"target": birth},
            )
        )
    return found


def add_surname_changes(population: Population, recognitions: list[Case]) -> list[Case]:
    """After a recognition half of the young children take the father's surname."""
    found: list[Case] = []
    for recognition in recognitions:
        child, father = (population.people[recognition.roles[role]] for role in ("child", "parent"))
        ready = recognition.day + timedelta(days=20)
        day = between(population, ready, ready + timedelta(days=300))
        simple = all(one.ethnicity in ("Kinh", "Tày", "Nùng") for one in (child, father))
        if (
            day is None
            or not simple
            or child.age_at(day) > 13
            or not child.alive_at(day)
            or child.earlier_names
            or population.rng.random() < 0.5
        ):
            continue
        new = " ".join([father.name.split(" ")[0], *child.name.split(" ")[1:]])
        if new == child.name:
            continue
        child.earlier_names.append((day, child.name))
        changes = [(NAME, child.name, new)]
        child.name = new
        found.append(
            Case(
                "TD",
                day,
                recognition.place,
                {"subject": child.key},
                {"kind": "1", "changes": changes},
                children={"target": recognition.children["birth"]},
            )
        )
    return found


# ---- abroad ---------------------------------------------------------------------------------------------------------
def _foreign_husband(population: Population, index: int, wife: Person, day: date) -> Person:
    name, nationality = name_tables.FOREIGN_MEN[index % len(name_tables.FOREIGN_MEN)]
    birth = wife.birth - timedelta(days=population.rng.randrange(400, 4000))
    man = population.add_person(community(wife.community), "1", birth, "Người nước ngoài", family=name)
    man.name, man.nationality, man.personal_id, man.old_id = name, nationality, "", ""
    man.native_place = man.birth_place = name_tables.FOREIGN_COUNTRY[nationality][0]
    man.passport, man.death = population.numbers.passport(), None
    man.abroad, man.abroad_since = man.native_place, man.birth
    return man


def add_foreign_marriages(population: Population, wanted: int) -> list[Case]:
    """Women of the communes who married abroad have the marriage noted, and some the birth of a child."""
    rng = population.rng
    found: list[Case] = []
    married = {couple.woman.key for couple in population.couples}
    women = [
        person
        for person in population.people
        if person.sex == "2"
        and person.key not in married
        and date(1986, 1, 1) < person.birth < date(2003, 1, 1)
        and person.death is None
    ]
    rng.shuffle(women)
    for wife in women[:wanted]:
        wedding = between(population, max(date(2012, 6, 1), years_later(wife.birth, 20)), years_later(wife.birth, 32))
        day = between(population, wedding + timedelta(days=60), wedding + timedelta(days=500)) if wedding else None
        if wedding is None or day is None or day < FOREIGN_NOTES_SINCE:
            continue
        man = _foreign_husband(population, len(found), wife, day)
        wife.abroad, wife.abroad_since, wife.spouse, man.spouse = man.abroad, wedding, man.key, wife.key
        case = Case(
            "KH",
            day,
            community(wife.community),
            {"husband": man.key, "wife": wife.key},
            {"kind": "3", "wedding": wedding},
        )
        population.add_couple(Couple(man, wife, wedding, case))
        found.append(case)
        certificate = between(population, wedding - timedelta(days=120), wedding - timedelta(days=15))
        if certificate:
            found.append(Case("HN", certificate, case.place, {"subject": wife.key}, {"purpose": "4", "other": man}))
        born = between(population, wedding + timedelta(days=300), wedding + timedelta(days=1500))
        if born and rng.random() < 0.7:
            found += _noted_birth(population, man, wife, born)
    return found


def _noted_birth(population: Population, man: Person, wife: Person, born: date) -> list[Case]:
    day = between(population, born + timedelta(days=90), born + timedelta(days=700))
    if day is None:
        return []
    place = community(wife.community)
    child = population.add_person(
        place,
        population.rng.choice("12"),
        born,
        wife.ethnicity,
        mother=wife,
        father=man,
        family=population.families[wife.key],
    )
    child.death, child.birth_place = None, man.abroad
    child.abroad, child.abroad_since = man.abroad, born
    case = Case(
        "KS",
        day,
        place,
        {"child": child.key, "mother": wife.key, "father": man.key},
        {"kind": "3", "foreign": man.nationality},
    )
    population.birth_case[child.key] = case
    return [case]


def add_foreign_divorces(population: Population, wanted: int) -> list[Case]:
    """Divorces by foreign courts, noted at home; the marriage entry gets the note."""
    found: list[Case] = []
    last_child: dict[int, date] = {}
    for person in population.people:
        if person.mother is not None:
            last_child[person.mother] = max(person.birth, last_child.get(person.mother, person.birth))
    couples = [couple for couple in population.couples if couple.end is None and couple.start > date(1988, 1, 1)]
    population.rng.shuffle(couples)
    couples.sort(key=lambda couple: not couple.man.passport)
    for couple in couples:
        if len(found) >= wanted:
            break
        if couple.case is None:
            continue
        after = max(
            couple.start + timedelta(days=900),
            FOREIGN_NOTES_SINCE,
            couple.case.day,
            last_child.get(couple.woman.key, couple.start) + timedelta(days=60),
        )
        # spread over the times of the forms; the first one kept no such register
        start, end = PERIODS[1 + len(found) % 3]
        judged = between(population, max(after, start - timedelta(days=300)), end - timedelta(days=70))
        noted = max(judged + timedelta(days=60), start) if judged else end
        day = between(population, noted, min(noted + timedelta(days=800), end))
        if judged is not None and day is not None and couple.man.alive_at(day) and couple.woman.alive_at(day):
            found.append(_foreign_divorce(couple, couple.case, judged, day))
    return found


def _foreign_divorce(couple: Couple, marriage: Case, judged: date, day: date) -> Case:
    nationality = couple.man.nationality if couple.man.passport else "Hoa Kỳ (American)"
    couple.end, couple.end_reason, couple.man.spouse, couple.woman.spouse = judged, "divorce", None, None
    roles = {"husband": couple.man.key, "wife": couple.woman.key}
    case = Case("LH", day, marriage.place, roles, {"judged": judged, "foreign": nationality})
    case.children["marriage"], marriage.children["divorce"] = marriage, case
    if not couple.man.passport:  # the husband had gone abroad
        couple.man.abroad = name_tables.FOREIGN_COUNTRY[nationality][0]
        couple.man.abroad_since = judged - timedelta(days=800)
    return case
