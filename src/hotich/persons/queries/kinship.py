"""Reads: the family of a person over up to five generations, for the drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from hotich.persons.models import Kinship, PersonLink
from hotich.persons.queries.profile import Relative, names_of_persons

UPWARDS = ("father", "mother", "adoptive_father", "adoptive_mother")
DOWNWARDS = {"father": "child", "mother": "child", "adoptive_father": "adoptive_child",
             "adoptive_mother": "adoptive_child"}  # fmt: skip
DECIDED = PersonLink.Rule.DECISION


@dataclass(frozen=True, slots=True)
class WiderFamily:
    """Parents of the parents and children of the children, by whose they are; persons joined by a human decision."""

    above: dict[UUID, list[Relative]]
    below: dict[UUID, list[Relative]]
    decided: frozenset[UUID]


def wider_family(person_id: UUID, relatives: Collection[Relative], *, sees: bool) -> WiderFamily:
    """The second generation on both sides, in the order of births; edges one may not see are left out."""
    parents = {item.person_id for item in relatives if item.kind in UPWARDS}
    children = {item.person_id for item in relatives if item.kind in ("child", "adoptive_child")}
    found = Kinship.objects.filter(
        Q(person_id__in=parents, kind__in=UPWARDS) | Q(relative_id__in=children, kind__in=UPWARDS)
    ).select_related("record")
    edges = list(
        found.order_by("valid_from", "id") if sees else found.filter(restricted=False).order_by("valid_from", "id")
    )
    above: dict[UUID, dict[tuple[UUID, str], Kinship]] = defaultdict(dict)
    below: dict[UUID, dict[tuple[UUID, str], Kinship]] = defaultdict(dict)
    for edge in edges:
        if edge.person_id in parents:
            _keep(above[edge.person_id], (edge.relative_id, edge.kind), edge)
        if edge.relative_id in children:
            _keep(below[edge.relative_id], (edge.person_id, DOWNWARDS[edge.kind]), edge)
    everybody = {other for group in (*above.values(), *below.values()) for other, _kind in group}
    names = names_of_persons(everybody)
    near = everybody | {item.person_id for item in relatives} | {person_id}
    decided = PersonLink.objects.filter(person_id__in=near, rule=DECIDED).values_list("person_id", flat=True)
    return WiderFamily(
        {one: _relatives(group, names) for one, group in above.items()},
        {one: _relatives(group, names) for one, group in below.items()},
        frozenset(decided),
    )


def _keep(pairs: dict[tuple[UUID, str], Kinship], key: tuple[UUID, str], edge: Kinship) -> None:
    """An edge in force says more than one that has ended; else the first record counts."""
    kept = pairs.get(key)
    if kept is None or (kept.ended_by and not edge.ended_by):
        pairs[key] = edge


def _relatives(pairs: dict[tuple[UUID, str], Kinship], names: dict[UUID, tuple[str, str]]) -> list[Relative]:
    return [Relative(other, kind, *names.get(other, ("", "")), edge) for (other, kind), edge in pairs.items()]
