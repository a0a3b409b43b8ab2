"""Reads for pages: units and offices searched at a date, the tree, lines of descent, operations of a unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Q, QuerySet

from hotich.kernel.text import strip_marks
from hotich.units.models import AdministrativeUnit, Office, OfficeVersion, UnitOperation
from hotich.units.queries.gazetteer import mark_of_local_changes
from hotich.units.queries.places import search_text

NO_DAY = date(1, 1, 1)


@lru_cache(maxsize=2)
def _texts(mark: str, number: int) -> tuple[tuple[int, str, str], ...]:
    """Of every unit: id, name with its marks and without them."""
    rows = AdministrativeUnit.objects.values_list("id", "code", "name")
    return tuple((id_, _marked(f"{code} {name}"), search_text(f"{code} {name}")) for id_, code, name in rows)


def _marked(text: str) -> str:
    return "".join(f" {word}" for word in text.lower().split())


def units_matching(text: str = "", *, on: date | None = None, level: str = "") -> QuerySet[AdministrativeUnit]:
    """Units whose code and name contain words that begin so, valid on that day (any day).

    A text with Vietnamese marks is compared with them; one without finds every spelling.
    """
    units = AdministrativeUnit.objects.select_related("parent__parent")
    if level:
        units = units.filter(level=level)
    if on is not None:
        units = units.filter(valid_on(on))
    words = text.lower().split()
    if words:
        marked = strip_marks(text.lower()) != text.lower()
        wanted = words if marked else search_text(text).split()
        number = AdministrativeUnit.objects.count()
        found = [
            id_
            for id_, with_marks, without in _texts(mark_of_local_changes(), number)
            if all(f" {word}" in (with_marks if marked else without) for word in wanted)
        ]
        units = units.filter(id__in=found)
    return units.order_by("level", "code", "valid_to")


def valid_on(day: date) -> Q:
    """Valid, as far as is known, on that day."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def children_on(unit: AdministrativeUnit, on: date) -> QuerySet[AdministrativeUnit]:
    """The units directly below, on that day. The parent's code decides: its own row may be an earlier period."""
    return (
        AdministrativeUnit.objects.filter(valid_on(on), parent__code=unit.code, parent__level=unit.level)
        .filter(Q(parent_id=unit.id) | Q(parent__in=_periods_of(unit)))
        .order_by("code")
    )


def _periods_of(unit: AdministrativeUnit) -> list[int]:
    """Periods of the same code that meet: a child is hung up at the one of its own beginning."""
    same = AdministrativeUnit.objects.filter(level=unit.level, code=unit.code).values_list("id", flat=True)
    return list(same)


def periods_of_code(unit: AdministrativeUnit) -> QuerySet[AdministrativeUnit]:
    """Every unit that ever carried this code at this level, the earliest first."""
    return AdministrativeUnit.objects.filter(level=unit.level, code=unit.code).order_by("valid_to", "valid_from")


def line_of(unit_ids: Collection[int], *, earlier: bool) -> frozenset[int]:
    """All units these came from (`earlier`) or became, over every step; separated parts included, themselves not."""
    near, far = ("successor_id", "predecessor_id") if earlier else ("predecessor_id", "successor_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"with recursive line(id) as (select unnest(%s::int[]) union "
            f"select c.{far} from units_unitchange c join line on line.id = c.{near}) select id from line",
            [sorted(unit_ids)],
        )
        return frozenset(row[0] for row in cursor.fetchall()) - frozenset(unit_ids)


def units_of_province(province_id: int) -> frozenset[int]:
    """A province, all it came from, and every unit that ever lay in one of them."""
    roots = {province_id, *line_of([province_id], earlier=True)}
    with connection.cursor() as cursor:
        cursor.execute(
            "with recursive inside(id) as (select unnest(%s::int[]) union "
            "select u.id from units_administrativeunit u join inside on u.parent_id = inside.id) select id from inside",
            [sorted(roots)],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def office_of_place(unit_id: int) -> int | None:
    """The office that registered, or registers, for a unit: also where it has gone on as the office of a later one."""
    office = Office.objects.filter(unit_id=unit_id).values_list("id", flat=True).first()
    if office is not None:
        return office
    return OfficeVersion.objects.filter(unit_id=unit_id).values_list("office_id", flat=True).first()


def operations_by_ids(ids: Iterable[object]) -> dict[object, UnitOperation]:
    """Operations that units and changes name."""
    return {each.id: each for each in UnitOperation.objects.filter(id__in=[each for each in ids if each])}
