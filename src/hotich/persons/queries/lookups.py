"""Asking beyond one's own offices, through the functions that write down who asked (see `rules.look_up_functions`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from hotich.kernel.actor import Actor
from hotich.persons.rules.look_up_functions import LIMIT


class DecisionRow(NamedTuple):
    """A human decision and the offices of its two participants."""

    id: UUID
    first: UUID
    second: UUID
    same: bool
    first_office: int
    second_office: int


class FactRow(NamedTuple):
    """A fact of another office about a person: no more than the status needs."""

    id: UUID
    person: UUID
    spouse: UUID | None
    kind: str
    earliest: date | None
    latest: date | None
    record: UUID
    office: int


def offices_with(
    keys: Mapping[str, UUID], *, known: Collection[int], actor: Actor, at: datetime, purpose: str
) -> set[int]:
    """Other offices that have participants with one of these identity keys (key → record it is asked for)."""
    offices: set[int] = set()
    names, records = list(keys), [str(record) for record in keys.values()]
    after: UUID | None = None
    while names:
        rows = _rows(
            "select * from look_up_participants(%s, %s::uuid[], %s, %s, %s, %s, %s, %s)",
            [names, records, sorted(known), after, actor.office_id, actor.officer_id, at, purpose],
        )
        offices |= {row[1] for row in rows}
        if len(rows) < LIMIT:
            break
        after = rows[-1][0]
    return offices


def decisions_about(participants: Collection[UUID]) -> list[DecisionRow]:
    """Every human decision about these participants, of whatever office."""
    found: list[DecisionRow] = []
    after: UUID | None = None
    while participants:
        rows = [
            DecisionRow(*row) for row in _rows("select * from look_up_decisions(%s, %s)", [list(participants), after])
        ]
        found += rows
        if len(rows) < LIMIT:
            break
        after = rows[-1].id
    return found


def facts_elsewhere(
    persons: Collection[UUID], *, known: Collection[int], actor: Actor, at: datetime, purpose: str
) -> list[FactRow]:
    """Facts that other offices hold about these persons."""
    found: list[FactRow] = []
    after: UUID | None = None
    while persons:
        rows = [
            FactRow(*row)
            for row in _rows(
                "select * from look_up_status_facts(%s, %s, %s, %s, %s, %s, %s)",
                [list(persons), sorted(known), after, actor.office_id, actor.officer_id, at, purpose],
            )
        ]
        found += rows
        if len(rows) < LIMIT:
            break
        after = rows[-1].id
    return found


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
