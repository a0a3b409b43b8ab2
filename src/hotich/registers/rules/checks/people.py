"""Statements about the people in an entry: ages and gaps between them (C02, C10, C14, C24, C25, C35)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hotich.registers.rules.case import NOTHING, Case, Found, Span, least_years, most_years
from hotich.registers.rules.parameters import parameter, threshold


def _limit(case: Case, code: str) -> int:
    """A threshold of practice as it was on the day of registration; as it is today where the day is not known."""
    return threshold(code, case.registered.latest if case.registered else None)


PARENTS = (("mother_birth_date", "child_birth_date"), ("father_birth_date", "child_birth_date"))


def _gap_params(case: Case, parent: str, child: str, limit: int) -> dict[str, object]:
    return {"parent": case.text.get(parent, ""), "child": case.text.get(child, ""), "limit": limit}


def _not_older(case: Case, parent: str, child: str) -> tuple[Found, ...]:
    a, b = case.span.get(parent), case.span.get(child)
    if a is None or b is None or a.earliest < b.latest:
        return NOTHING
    return (Found(parent, _gap_params(case, parent, child, 0)),)


def _gap_below(case: Case, parent: str, child: str, limit: int, floor: int | None = None) -> tuple[Found, ...]:
    """The finding if the gap is certainly below `limit` full years, unless a sterner statement reports it.

    A sterner statement reports a parent who is not older, and gaps below `floor`.
    """
    a, b = case.span.get(parent), case.span.get(child)
    if a is None or b is None or a.earliest >= b.latest:
        return NOTHING
    gap = most_years(a, b)
    if gap >= limit or (floor is not None and gap < floor):
        return NOTHING
    return (Found(parent, _gap_params(case, parent, child, limit)),)


def _gap_above(case: Case, parent: str, child: str, limit: int) -> tuple[Found, ...]:
    a, b = case.span.get(parent), case.span.get(child)
    if a is None or b is None or least_years(a, b) <= limit:
        return NOTHING
    return (Found(parent, _gap_params(case, parent, child, limit)),)


def mother_older_than_child(case: Case) -> Iterable[Found]:
    """The mother was born before the child."""
    return _not_older(case, "mother_birth_date", "child_birth_date")


def father_older_than_child(case: Case) -> Iterable[Found]:
    """The father was born before the child."""
    return _not_older(case, "father_birth_date", "child_birth_date")


def mother_at_least_ten_years_older(case: Case) -> Iterable[Found]:
    """No mother is less than ten years older than her child (C10, blocking)."""
    return _gap_below(case, "mother_birth_date", "child_birth_date", _limit(case, "mother_gap_impossible"))


def mother_of_usual_age(case: Case) -> Iterable[Found]:
    """Mothers are 12 to 55 years older than their children (C10)."""
    low, high = _limit(case, "mother_gap_min"), _limit(case, "mother_gap_max")
    floor = _limit(case, "mother_gap_impossible")
    return _gap_below(case, "mother_birth_date", "child_birth_date", low, floor) or _gap_above(
        case, "mother_birth_date", "child_birth_date", high
    )


def father_of_usual_age(case: Case) -> Iterable[Found]:
    """Fathers are 12 to 80 years older than their children (C10)."""
    return _gap_below(case, "father_birth_date", "child_birth_date", _limit(case, "father_gap_min")) or _gap_above(
        case, "father_birth_date", "child_birth_date", _limit(case, "father_gap_max")
    )


def recognised_parent_older_than_child(case: Case) -> Iterable[Found]:
    """Whoever is recognised as father or mother was born before the child."""
    return _not_older(case, "parent_birth_date", "child_birth_date")


def recognised_parent_of_usual_age(case: Case) -> Iterable[Found]:
    """Whoever is recognised as father or mother is at least 12 years older than the child (C14)."""
    return _gap_below(case, "parent_birth_date", "child_birth_date", _limit(case, "recognition_gap_min"))


# ---- marriage


def first_day_of_marriage_age(birth: date, sex: str, on: date) -> date | None:
    """The first day on which someone born on `birth` may marry under the law in force on `on`; None if unknown.

    `sex` is "1" or "2". Luật HNGĐ Đ8 (C02) and the laws before it (R-MARAGE). Whoever is born on 29 February turns a
    year older on 1 March of a common year.
    """
    years = parameter("marriage_age_man" if sex == "1" else "marriage_age_woman", on)
    if years is None:
        return None
    extra = parameter("marriage_age_extra_days", on) or 0
    try:
        birthday = birth.replace(year=birth.year + years)
    except ValueError:
        birthday = date(birth.year + years, 3, 1)
    return birthday + timedelta(days=extra)


def _under_age(case: Case, birth_field: str, sex: str, married: Span) -> tuple[Found, ...]:
    birth = case.dates.get(birth_field)
    # of a birth date known in part the law takes the first day; an estimated year proves nothing
    born = birth.for_minimum_age() if birth is not None else None
    if born is None:
        return NOTHING
    allowed = first_day_of_marriage_age(born, sex, married.latest)
    if allowed is None or married.latest >= allowed:
        return NOTHING
    return (Found(birth_field, {"date": case.text.get(birth_field, ""), "allowed": f"{allowed:%d.%m.%Y}"}),)


def husband_of_marriage_age(case: Case) -> Iterable[Found]:
    """The husband had reached the age at which the law of the day let men marry (C02, R-MARAGE)."""
    married = case.span_of_event("marriage_effective_date", "registration_date")
    return _under_age(case, "husband_birth_date", "1", married) if married else NOTHING


def wife_of_marriage_age(case: Case) -> Iterable[Found]:
    """The wife had reached the age at which the law of the day let women marry (C02, R-MARAGE)."""
    married = case.span_of_event("marriage_effective_date", "registration_date")
    return _under_age(case, "wife_birth_date", "2", married) if married else NOTHING


# ---- guardianship, adoption, death


def guardian_is_adult(case: Case) -> Iterable[Found]:
    """A guardian was at least 18 years old when appointed (C25)."""
    registered, found = case.registered, NOTHING
    if registered is None:
        return NOTHING
    limit = _limit(case, "guardian_age_min")
    for name in ("guardian_birth_date", "guardian_birth_date_2"):
        birth = case.span.get(name)
        if birth is not None and most_years(birth, registered) < limit:
            found += (Found(name, {"date": case.text.get(name, ""), "limit": limit}),)
    return found


ADOPTERS = ("adoptive_father_birth_date", "adoptive_mother_birth_date")
GIVERS = ("giving_father_birth_date", "giving_mother_birth_date")


def adopter_twenty_years_older(case: Case) -> Iterable[Found]:
    """Adopters are at least 20 years older than the child; step-parents, aunts and uncles excepted (C24)."""
    limit = parameter("adopter_gap_min", case.registered.latest) if case.registered else None
    if limit is None:
        return NOTHING
    return tuple(f for name in ADOPTERS for f in _gap_below(case, name, "adoptee_birth_date", limit))


def adopter_older_than_child(case: Case) -> Iterable[Found]:
    """Adopters and parents who give a child were born before it."""
    return tuple(f for name in (*ADOPTERS, *GIVERS) for f in _not_older(case, name, "adoptee_birth_date"))


def _adoptee_age(case: Case, low_code: str, high_code: str | None) -> tuple[Found, ...]:
    birth, registered = case.span.get("adoptee_birth_date"), case.registered
    if birth is None or registered is None:
        return NOTHING
    low = parameter(low_code, registered.latest)
    high = parameter(high_code, registered.latest) if high_code else None
    age = least_years(birth, registered)
    if low is None or age < low or (high is not None and age >= high):
        return NOTHING
    return (Found("adoptee_birth_date", {"date": case.text.get("adoptee_birth_date", ""), "limit": low}),)


def adoptee_under_sixteen(case: Case) -> Iterable[Found]:
    """An adopted child is under 16; under 18 if adopted by a step-parent, aunt or uncle (C24)."""
    return _adoptee_age(case, "adoptee_age_below", "adoptee_age_limit")


def adoptee_under_eighteen(case: Case) -> Iterable[Found]:
    """Nobody of 18 or more is adopted (C24)."""
    return _adoptee_age(case, "adoptee_age_limit", None)


def age_at_death_is_plausible(case: Case) -> Iterable[Found]:
    """Nobody is older than 120 at death (C35)."""
    birth, death = case.span.get("deceased_birth_date"), case.span.get("death_date")
    limit = _limit(case, "death_age_max")
    if birth is None or death is None or least_years(birth, death) <= limit:
        return NOTHING
    params = {"birth": case.text.get("deceased_birth_date", ""), "limit": limit}
    return (Found("death_date", {"date": case.text.get("death_date", ""), **params}),)
