"""Asking the audited functions of `rules.look_up_foreign`, and reading what was asked before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.names import match_key
from hotich.persons.models import ForeignLookUp
from hotich.persons.rules.look_up_questions import EntryQuestion, NumberQuestion, Question
from hotich.records.queries import name_keysets
from hotich.records.rules.current_view import CurrentView, current_view
from hotich.records.rules.keys import document_key, personal_id_key, personal_number
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import RegisterVersion


class Hit(NamedTuple):
    """A record of another office that a look-up showed: no more than is needed to recognise it."""

    record_id: UUID
    office_id: int
    register_type: str
    number_text: str
    year: int | None
    state: str
    role: str
    full_name: str
    birth_text: str
    birth_earliest: date | None
    birth_latest: date | None
    sex: str


@dataclass(slots=True)
class ForeignNote:
    """An annotation of a foreign record that nothing closes."""

    sequence: int
    kind: str
    field: str
    new_value: Any
    text: str
    in_force: bool
    note_date_text: str
    basis_number: str
    basis_date_text: str
    basis_authority: str


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """The summary of another office's record: without restricted facts, remarks and scan."""

    id: UUID
    office_id: int
    register_type: str
    number_text: str
    page_no: str
    state: str
    era: str
    book: str
    version: RegisterVersion
    recorded: Mapping[str, Any]
    current: CurrentView
    notes: Sequence[ForeignNote]


@dataclass(frozen=True, slots=True)
class Why:
    """Purpose (a code), its words where it is another one, and the number of the case."""

    purpose: str
    dossier: str
    words: str = ""


def ask(question: Question, why: Why, *, actor: Actor, secret: str) -> tuple[UUID, list[Hit]]:
    """The id of the look-up that was written, and what it showed (at most 20 records)."""
    arguments: list[Any]
    who = [actor.office_id, actor.officer_id, why.purpose, why.words, why.dossier]
    if isinstance(question, NumberQuestion):
        personal = personal_id_key(secret, personal_number(question.number, "", ""))
        call, arguments = "look_up_by_number(%s, %s, ", [document_key(secret, question.number), personal]
    elif isinstance(question, EntryQuestion):
        call = "look_up_by_entry(%s, %s, %s, %s, %s, "
        arguments = [question.office_id, question.letters, question.number, question.suffix, question.year]
    else:
        call = "look_up_by_name(%s, %s, %s, %s, %s, "
        arguments = [name_keysets(question.name), match_key(question.name), question.born_from, question.born_to,
                     name_keysets(question.parent)]  # fmt: skip
    rows = _rows(f"select * from {call}%s, %s, %s, %s, %s)", [*arguments, *who])
    return rows[0][0], [Hit(*row[1:]) for row in rows if row[1] is not None]


def open_hit(look_up_id: UUID, record_id: UUID, *, actor: Actor, hours: int) -> ForeignRecord | None:
    """The summary of a record this look-up of this officer showed; None when there is none, or too long ago."""
    rows = _rows(
        "select record, notes from open_foreign_hit(%s, %s, %s, %s, %s)",
        [look_up_id, record_id, actor.office_id, actor.officer_id, hours],
    )
    if not rows:
        return None
    record, notes = (json.loads(part) if isinstance(part, str) else part for part in rows[0])
    listed = [ForeignNote(**note) for note in notes]
    return ForeignRecord(
        id=UUID(record["id"]),
        office_id=record["office_id"],
        register_type=record["register_type"],
        number_text=record["number_text"],
        page_no=record["page_no"],
        state=record["state"],
        era=record["era"],
        book=record["book"],
        version=version_by_id(record["schema_version"]),
        recorded=record["as_recorded"],
        current=current_view(record["as_recorded"], listed),
        notes=listed,
    )


def look_ups_of(actor: Actor, *, since: datetime) -> QuerySet[ForeignLookUp]:
    """What this officer asked since then, the newest first."""
    return ForeignLookUp.objects.filter(
        officer_id=actor.officer_id or 0, office_id=actor.office_id, at__gte=since
    ).order_by("-at", "-id")


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
