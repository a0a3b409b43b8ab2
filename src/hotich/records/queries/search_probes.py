"""Reads: the few rows that may answer a question, by equality on key columns only.

Every operator on a key is leakproof, so row-level security leaves the indexes in use. Two forms help the planner, and
are worth a hundred times: the offices of the policy are the last column of each index, while the offices of the
question stand as `origin_office_id + 0`, which no index answers (a second list for the same column makes the planner
read all rows of the offices instead); and lists come by a sub-select, so that it does not weigh every element. Each
probe is bounded; what is too common for its bound needs one more fact, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hotich.records.rules.search_question import Question
from hotich.records.rules.search_ranking import Candidate
from hotich.records.rules.search_variants import asked_syllables, keysets

BOUND = 300  # rows of one probe
UNKNOWN_BIRTHS = 50
GIVEN_BOUND = 500
ALL_OF_RECORDS = 10_000
KEYS_AT_ONCE = 8
FORMER = (
    "f.keyset = any ((select %(exact)s::text[])::text[])",
    "f.keyset = any ((select %(near)s::text[])::text[])",
)
COLUMNS = "p.id, p.record_id, p.role, p.full_name, p.birth_earliest, p.birth_latest, p.origin_office_id"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: offices (within those of the transaction), the register and years, and what may be seen."""

    office_ids: frozenset[int]
    sees_restricted: bool = False
    register_type: str = ""
    year_from: int | None = None
    year_to: int | None = None

    def conditions(self, alias: str = "p") -> str:
        """The part of a WHERE clause that every probe has."""
        shown = "" if self.sees_restricted else f" and not {alias}.restricted"
        return f"{alias}.origin_office_id + 0 = any (%(offices)s::int[]){shown}"

    def join(self) -> str:
        """The join that narrows to a register or to years, if any was asked for."""
        parts = [
            part
            for part, asked in (
                ("r.register_type = %(register)s", self.register_type),
                ("r.registration_year >= %(year_from)s", self.year_from),
                ("r.registration_year <= %(year_to)s", self.year_to),
            )
            if asked
        ]
        return f"join civil_status_record r on r.id = p.record_id and {' and '.join(parts)} " if parts else ""

    def values(self) -> dict[str, Any]:
        """What fills `conditions` and `join`."""
        return {
            "offices": sorted(self.office_ids),
            "register": self.register_type,
            "year_from": self.year_from,
            "year_to": self.year_to,
        }


def name_keysets(name: str) -> list[str]:
    """The keyset of a name and those of all names one slip away; the syllables that names have are asked for here."""
    asked = asked_syllables(name)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute("select syllable from name_syllable where syllable = any ((select %s::text[])::text[])", [asked])
        known = {row[0] for row in cursor.fetchall()}
    return keysets(name, known)


def by_name_and_birth(question: Question, keys: Sequence[str], scope: Scope) -> list[Candidate]:
    """Name and year (±1), and everybody born on the very day, however the name is written."""
    year, md = question.birth_year, question.birth_md
    values = scope.values() | {
        "exact": keys[:1], "near": keys[1:], "years": [(year or 0) + by for by in (-1, 0, 1)], "year": year, "md": md,
    }  # fmt: skip
    blocks = []
    if keys:
        blocks += [
            _block(
                "p.keyset = any ((select %(exact)s::text[])::text[]) and p.birth_year = any (%(years)s::int[])", scope
            ),
            _block(
                "p.keyset = any ((select %(near)s::text[])::text[]) and p.birth_year = any (%(years)s::int[])", scope
            ),
            _block(
                "p.keyset = any ((select %(exact)s::text[])::text[]) and p.birth_year is null and p.role <> 'informant'",
                scope,
                UNKNOWN_BIRTHS,
            ),
        ]
        blocks += [_former(f"{condition} and f.birth_year = any (%(years)s::int[])", scope) for condition in FORMER]
    if md is not None:
        blocks.append(_block("p.birth_year = %(year)s and p.birth_md = %(md)s", scope))
    return _candidates(" union all ".join(blocks), values, scope)


def by_given_name(question: Question, scope: Scope) -> list[Candidate]:
    """Born in the year, with this given name: where parts of the name were left out."""
    values = scope.values() | {"given": question.given_key, "year": question.birth_year}
    blocks = [
        _block("p.given_key = %(given)s and p.birth_year = %(year)s", scope, GIVEN_BOUND),
        _former("f.given_key = %(given)s and f.birth_year = %(year)s", scope),
    ]
    return _candidates(" union all ".join(blocks), values, scope)


def by_name(keys: Sequence[str], scope: Scope, bound: int = BOUND) -> list[Candidate]:
    """Everybody who has or had one of these names, at most `bound` of each."""
    values = scope.values() | {"keys": list(keys)}
    blocks = [
        _block("p.keyset = any ((select %(keys)s::text[])::text[])", scope, bound),
        _former("f.keyset = any ((select %(keys)s::text[])::text[])", scope, bound),
    ]
    return _candidates(" union all ".join(blocks), values, scope)


def by_name_and_relative(
    keys: Sequence[str], relative: Sequence[str], relative_given: str, scope: Scope
) -> list[Candidate]:
    """Everybody of these names in whose entry stands another one of those names (or, if given alone, given name).

    Names from before a change count on both sides.
    """
    values = scope.values() | {"keys": list(keys), "relative": list(relative), "given": relative_given}
    named = "keyset = any ((select %(keys)s::text[])::text[])"
    other = "given_key = %(given)s" if relative_given else "keyset = any ((select %(relative)s::text[])::text[])"
    return _candidates(
        f"with p as materialized (select p.* from participant p {scope.join()}"
        f"where p.{named} and {scope.conditions()} "
        f"union select p.* from former_name f join participant p on p.id = f.participant_id {scope.join()}"
        f"where f.{named} and {scope.conditions('f')} and {scope.conditions()}) "
        f"select {COLUMNS} from p where exists (select from participant q where q.record_id = p.record_id "
        f"and q.id <> p.id and q.{other} and {scope.conditions('q')}) "
        f"or exists (select from former_name g where g.record_id = p.record_id "
        f"and g.participant_id <> p.id and g.{other} and {scope.conditions('g')}) limit {BOUND}",
        values,
        scope,
    )


def by_document(personal_keys: Sequence[str], document_keys: Sequence[str], scope: Scope) -> list[Candidate]:
    """Everybody with one of these numbers; the personal identification number first."""
    personal = _by_hash("personal_id_key", personal_keys, scope, "personal_id")
    others = _by_hash("document_key", document_keys, scope, "document")
    known = {candidate.id for candidate in personal}
    return personal + [candidate for candidate in others if candidate.id not in known]


def _by_hash(column: str, keys: Sequence[str], scope: Scope, by_number: str) -> list[Candidate]:
    """A few keys at a time and as they are: for a long list the planner would read all rows of the offices."""
    if not keys:
        return []
    parts = [list(keys[at : at + KEYS_AT_ONCE]) for at in range(0, len(keys), KEYS_AT_ONCE)]
    values = scope.values() | {f"keys_{place}": part for place, part in enumerate(parts)}
    blocks = [_block(f"p.{column} = any (%(keys_{place})s::text[])", scope) for place in range(len(parts))]
    return _candidates(" union all ".join(blocks), values, scope, by_number)


def of_records(record_ids: Iterable[Any], scope: Scope) -> list[Candidate]:
    """All participants of some records."""
    values = scope.values() | {"records": list(record_ids)}
    return _candidates(
        _block("p.record_id = any ((select %(records)s::uuid[])::uuid[])", scope, ALL_OF_RECORDS), values, scope
    )


def _block(condition: str, scope: Scope, bound: int = BOUND) -> str:
    return (
        f"(select {COLUMNS} from participant p {scope.join()}where {condition} and {scope.conditions()} limit {bound})"
    )


def _former(condition: str, scope: Scope, bound: int = BOUND) -> str:
    """The people who had a name before it was changed."""
    return (
        f"(select {COLUMNS} from former_name f join participant p on p.id = f.participant_id {scope.join()}"
        f"where {condition} and {scope.conditions('f')} and {scope.conditions()} limit {bound})"
    )


def _candidates(statement: str, values: dict[str, Any], scope: Scope, by_number: str = "") -> list[Candidate]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = {row[0]: row for row in cursor.fetchall()}
    former = _former_names(rows, scope)
    return [
        Candidate(
            key, record, role, name, earliest, latest, office, by_document=by_number, former=tuple(former.get(key, ()))
        )
        for key, record, role, name, earliest, latest, office in rows.values()
    ]


def _former_names(participants: Iterable[Any], scope: Scope) -> dict[Any, list[str]]:
    """The names these people had before, as far as they may be seen."""
    values = scope.values() | {"participants": list(participants)}
    if not values["participants"]:
        return {}
    found: dict[Any, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select f.participant_id, f.full_name from former_name f where f.participant_id = any "
            f"((select %(participants)s::uuid[])::uuid[]) and {scope.conditions('f')} order by f.full_name",
            values,
        )
        for key, name in cursor.fetchall():
            found.setdefault(key, []).append(name)
    return found
