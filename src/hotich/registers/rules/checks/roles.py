"""Statements about who holds which role: nobody is two people, names and descent fit (C21, C23, C25, C27, C33)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from hotich.kernel.names import match_key, split_name
from hotich.registers.rules.case import NOTHING, Case, Found, Span, least_years
from hotich.registers.rules.checks.lists import FOREIGN_ETHNICITIES, KINH, NO_COUNTRY, PARENT_RELATIONS, VIETNAM
from hotich.registers.rules.parameters import threshold

INFORMANT = "informant"


@lru_cache(maxsize=131072)
def name_key(name: str) -> str:
    """The name for comparing, tone placement and hyphens folded."""
    return match_key(name)


@lru_cache(maxsize=131072)
def surname_key(name: str) -> str:
    """The first word of the surname for comparing; "" for names that carry none."""
    surname = split_name(name).surname
    return match_key(surname.split()[0]) if surname else ""


def _number_key(number: str) -> str:
    if number.isdecimal():
        return number
    return "".join(char for char in number if char.isalnum()).upper()


def _shared_numbers(case: Case, roles: Iterable[tuple[str, str]]) -> tuple[Found, ...]:
    """Identity numbers that stand under two of these roles; each is found at the second place."""
    seen: dict[str, str] = {}
    found = NOTHING
    for role, name in roles:
        written = case.text.get(name)
        if written is None:
            continue
        first = seen.setdefault(_number_key(written), role)
        if first != role:
            found += (Found(name, {"number": written}),)
    return found


def _without_informant(case: Case) -> list[tuple[str, str]]:
    return [(role, name) for role, name in case.layout.identities if role != INFORMANT]


def id_numbers_pairwise_different(case: Case) -> Iterable[Found]:
    """The people of an entry have different identity numbers; an informant who is the father or mother is skipped."""
    roles = _without_informant(case)
    if case.letters == "KS" and case.code.get("informant_relationship") not in PARENT_RELATIONS:
        roles = list(case.layout.identities)
    return _shared_numbers(case, roles)


def spouses_have_different_id_numbers(case: Case) -> Iterable[Found]:
    """Husband and wife are two people (registers.md 1.4.2)."""
    return _shared_numbers(case, _without_informant(case))


def guardian_is_not_ward(case: Case) -> Iterable[Found]:
    """Nobody is his or her own guardian (C25): neither by identity number nor by name and date of birth."""
    found = _shared_numbers(case, _without_informant(case))
    ward = case.text.get("ward_full_name"), case.dates.get("ward_birth_date")
    if found or ward[0] is None or ward[1] is None or ward[1].precision != "day":
        return found
    for suffix in ("", "_2"):
        name, birth = case.text.get(f"guardian_full_name{suffix}"), case.span.get(f"guardian_birth_date{suffix}")
        if name and birth == case.span["ward_birth_date"] and name_key(name) == name_key(ward[0]):
            found += (Found(f"guardian_full_name{suffix}", {"number": name}),)
    return found


def deceased_is_not_informant(case: Case) -> Iterable[Found]:
    """The dead do not come to register: the identity numbers differ."""
    return _shared_numbers(case, case.layout.identities)


def informant_is_not_deceased_by_name(case: Case) -> Iterable[Found]:
    """The informant of a death bears another name than the deceased; namesakes happen."""
    return _same_name(case, "informant_full_name", "deceased_full_name")


def _same_name(case: Case, first: str, second: str) -> tuple[Found, ...]:
    a, b = case.text.get(first), case.text.get(second)
    if a is None or b is None or name_key(a) != name_key(b):
        return NOTHING
    return (Found(first, {"name": a}),)


def informant_is_not_the_child(case: Case) -> Iterable[Found]:
    """A minor does not register his or her own birth; grown-ups do, when it is registered late or again."""
    found = _same_name(case, "informant_full_name", "child_full_name")
    birth, registered = case.span.get("child_birth_date"), case.registered
    if not found or birth is None or registered is None:
        return NOTHING
    return found if least_years(birth, registered) < threshold("adult_age", registered.latest) else NOTHING


def roles_are_held_by_different_people(case: Case) -> Iterable[Found]:
    """Two roles of an entry are not held by people with one name and one full date of birth."""
    seen: dict[Span, str] = {}
    found = NOTHING
    for _, name, birth in case.layout.names:
        when = case.span.get(birth)
        if when is None or name not in case.text or not when.is_one_day:
            continue
        written = case.text[name]
        if when not in seen:
            seen[when] = written
        elif name_key(seen[when]) == name_key(written):
            found += (Found(name, {"name": written, "date": case.text.get(birth, "")}),)
    return found


def signatory_is_not_a_party(case: Case) -> Iterable[Found]:
    """Nobody signs an entry about himself or herself (C33); the register has only names to tell by."""
    signatory = case.text.get("signatory_name")
    if signatory is None:
        return NOTHING
    key = name_key(signatory)
    for _, name, _ in case.layout.names:
        written = case.text.get(name)
        if written is not None and name_key(written) == key:
            return (Found("signatory_name", {"name": signatory}),)
    return NOTHING


# ---- descent, birth register


def child_surname_is_a_parents(case: Case) -> Iterable[Found]:
    """A Kinh child bears the surname of the father or the mother (C21); other peoples have other customs."""
    child = case.text.get("child_full_name")
    if child is None or case.code.get("child_ethnicity", KINH) != KINH:
        return NOTHING
    parents = [case.text[name] for name in ("father_full_name", "mother_full_name") if name in case.text]
    surname = surname_key(child)
    if not surname or not parents or any(surname_key(parent) in (surname, "") for parent in parents):
        return NOTHING
    return (Found("child_full_name", {"name": child}),)


def _of_neither_parent(case: Case, what: str) -> tuple[Found, ...]:
    child, mother, father = (case.code.get(f"{who}_{what}") for who in ("child", "mother", "father"))
    if child is None or child in (mother, father):
        return NOTHING
    # a parent who is named but whose own value is not known may be the source
    for who, value in (("mother", mother), ("father", father)):
        if value is None and (f"{who}_full_name" in case.text or f"{who}_full_name" in case.reason):
            return NOTHING
    if mother is None and father is None:
        return NOTHING
    return (Found(f"child_{what}", {"value": case.text.get(f"child_{what}", "")}),)


def child_ethnicity_is_a_parents(case: Case) -> Iterable[Found]:
    """A child is of the ethnicity of the father or the mother (C23, BLDS 2015 Đ29)."""
    return _of_neither_parent(case, "ethnicity")


def child_nationality_is_a_parents(case: Case) -> Iterable[Found]:
    """A child is of the nationality of the father or the mother (C27)."""
    return _of_neither_parent(case, "nationality")


def parents_of_one_nationality(case: Case) -> Iterable[Found]:
    """A child of a Vietnamese and a foreign parent needs their written agreement on its nationality (C27)."""
    mother, father = case.code.get("mother_nationality"), case.code.get("father_nationality")
    if mother is None or father is None or (mother == VIETNAM) == (father == VIETNAM):
        return NOTHING
    return (Found("child_nationality", {"value": case.text.get("child_nationality", "")}),)


def foreigners_have_no_ethnicity_of_vietnam(case: Case) -> Iterable[Found]:
    """Whoever is not Vietnamese has the ethnicity "người nước ngoài", "khác" or none (registers.md 1.4.1)."""
    code, found = case.code, NOTHING
    for nationality, ethnicity in case.layout.nationals:
        held = code.get(nationality)
        if held is None or held == VIETNAM or held in NO_COUNTRY or code.get(ethnicity) in FOREIGN_ETHNICITIES:
            continue
        found += (Found(ethnicity, {"value": case.text.get(ethnicity, "")}),)
    return found
