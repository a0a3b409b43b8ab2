"""Reads: offices, who keeps whose books, units by date and what became of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from hotich.database.plain import ask
from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import strip_marks
from hotich.units.models import AdministrativeUnit, Office, OfficeSuccession, UnitChange

_NOT_WORD = re.compile(r"[^\w-]+")


def search_text(text: str) -> str:
    """How names of offices are compared: small letters without marks, every word after one space."""
    return "".join(f" {word}" for word in _NOT_WORD.sub(" ", strip_marks(text.lower())).split())


def office_by_code(code: str) -> Office:
    """The office with this code. Raises RuleBroken `office_unknown`."""
    office = Office.objects.filter(code=code.strip().upper()).select_related("unit").first()
    if office is None:
        raise RuleBroken("office_unknown", field="office", office=code)
    return office


def offices_matching(text: str = "") -> QuerySet[Office]:
    """Offices whose code and name contain words that begin so, accents ignored; demo offices first, then by code."""
    offices = Office.objects.all()
    for word in search_text(text).split():
        offices = offices.filter(search_name__contains=f" {word}")
    return offices.order_by("-is_demo", "code")


def offices_open_on(day: date) -> QuerySet[Office]:
    """Offices that worked, as far as is known, on that day."""
    return Office.objects.filter(_valid_on(day))


def demo_offices() -> QuerySet[Office]:
    """The offices of the demo."""
    return Office.objects.filter(is_demo=True)


def offices_kept_by(office_ids: Iterable[int]) -> frozenset[int]:
    """These offices and all closed ones whose books they keep, however many mergers ago: the scope of an officer."""
    found = ask(_KEPT, [sorted(set(office_ids))])
    return frozenset(office for (office,) in found)


def kept_offices(keepers: str) -> str:
    """For a `with recursive`: the table `kept` (keeper, id), these offices and those whose books they keep.

    `keepers`: a query for ids of offices, a fixed text of the program.
    """
    return (
        f"kept(keeper, id) as (select k.*, k.* from ({keepers}) k union "  # nosec B608 - fixed texts only
        "select kept.keeper, s.predecessor_id from units_officesuccession s join kept on kept.id = s.successor_id "
        "where s.is_default)"
    )


_KEPT = f"with recursive {kept_offices('select unnest(%s::int[])')} select distinct id from kept"


def keeping_office(office: Office, on: date) -> Office | None:
    """Who keeps the books of this office on that day; None where nobody has said (district offices of before 2025)."""
    seen = {office.id}
    while office.valid_to is not None and office.valid_to < on:
        step = (
            OfficeSuccession.objects.filter(predecessor=office, is_default=True, at__lte=on)
            .select_related("successor")
            .first()
        )
        if step is None or step.successor_id in seen:
            return None
        office = step.successor
        seen.add(office.id)
    return office


def successor_offices(office: Office) -> QuerySet[Office]:
    """The offices that followed this one directly, the keeper of its books first."""
    return Office.objects.filter(successions_before__predecessor=office).order_by(
        "-successions_before__is_default", "code"
    )


def office_of_unit(unit: AdministrativeUnit) -> Office | None:
    """The office that registered for this unit."""
    return Office.objects.filter(unit=unit).first()


def _valid_on(day: date) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def unit_valid_at(code: str, level: str, on: date) -> AdministrativeUnit | None:
    """The unit that carried this code on that day; where a boundary is known by year only, the later unit."""
    units = AdministrativeUnit.objects.filter(_valid_on(on), code=code, level=level)
    return max(units, key=lambda unit: unit.valid_from or date.min, default=None)


def units_valid_at(level: str, on: date) -> QuerySet[AdministrativeUnit]:
    """All units of a level on that day."""
    return AdministrativeUnit.objects.filter(_valid_on(on), level=level)


def successors(unit: AdministrativeUnit) -> QuerySet[UnitChange]:
    """What became of this unit directly: changes with their successor, the default one first."""
    return (
        UnitChange.objects.filter(predecessor=unit)
        .select_related("successor")
        .order_by("-is_default", "successor__code")
    )


def predecessors(unit: AdministrativeUnit) -> QuerySet[UnitChange]:
    """What this unit was made of directly."""
    return UnitChange.objects.filter(successor=unit).select_related("predecessor").order_by("predecessor__code")


def current_unit(unit: AdministrativeUnit) -> AdministrativeUnit | None:
    """The living unit this one has become; None when it was divided (undetermined without street or hamlet)."""
    seen: set[int] = set()
    while unit.valid_to is not None and unit.id not in seen:
        seen.add(unit.id)
        steps = [step for step in successors(unit) if step.kind != "separated"]
        if len(steps) != 1:
            return None
        unit = steps[0].successor
    return unit


def unit_chain(unit: AdministrativeUnit) -> tuple[AdministrativeUnit, ...]:
    """The unit, then what it belonged to, up to the province."""
    chain = [unit]
    while chain[-1].parent is not None:
        chain.append(chain[-1].parent)
    return tuple(chain)


def office_in_short(office_id: int) -> tuple[str, str, date | None, date | None]:
    """Code, name, first and last day of an office: what is asked at every save of a keyer."""
    [found] = ask("select code, name, valid_from, valid_to from units_office where id = %s", [office_id])
    return found


def offices_by_id(ids: Collection[int]) -> dict[int, Office]:
    """Several offices at once."""
    return Office.objects.in_bulk(ids)
