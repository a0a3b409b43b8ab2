"""Reads: finding records and the people in them within one's offices: by number, document, or name and one more fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.names import search_key
from hotich.kernel.problems import Problem, RuleBroken, Severity
from hotich.records.models import Participant, Record
from hotich.records.queries import search_probes as probes
from hotich.records.queries import search_relatives as relatives
from hotich.records.queries.search_probes import Scope, name_keysets
from hotich.records.rules.keys import document_key, personal_id_key
from hotich.records.rules.restricted import sees_restricted
from hotich.records.rules.search_numbers import meant_numbers, near_numbers
from hotich.records.rules.search_question import Question, understand_text
from hotich.records.rules.search_ranking import NAME_FITS, Candidate, Hit, rank_candidates
from hotich.units.models import Office
from hotich.units.queries import search_text

MOST = 50  # records shown: nobody reads further, the page asks for one more fact
MOST_OF_NAME_ALONE = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search without finding anything by itself."""

    register_type: str = ""
    year_from: int | None = None
    year_to: int | None = None
    office_id: int | None = None


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record and the people in it who answer, the best first (none when it was found by its number)."""

    record: Record
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. `problem` says why it was not tried, or what is missing; `is_cut`: there are more."""

    question: Question
    records: tuple[FoundRecord, ...] = ()
    is_cut: bool = False
    problem: Problem | None = None


def understand(text: str) -> Question:
    """One line of typing as a question (see rules/search_question)."""
    return understand_text(text)


def rank(question: Question, rows: Iterable[Candidate]) -> list[Hit]:
    """The rows that answer the question, the best first, each with its reasons (see rules/search_ranking)."""
    return rank_candidates(question, rows)


def find_records(actor: Actor, question: Question, *, filters: Filters | None = None, secret: str = "") -> Found:
    """The records of one's offices that answer, best first, at most 50.

    `secret` keys the hashes of identity numbers. Restricted participants are found, and count as relatives, only for
    those who may see them. A name alone answers only while at most 20 people bear it. Raises RuleBroken not_allowed.
    """
    question, scope, problem = _prepared(actor, question, filters or Filters())
    if problem:
        return Found(question, problem=problem)
    if question.number is not None:
        return _by_number(question, scope)
    return _found(question, *_people(question, scope, filters or Filters(), secret))


def find_people(actor: Actor, question: Question, *, filters: Filters | None = None, secret: str = "") -> list[Hit]:
    """The people of one's offices who answer, best first, without their entries: what `find_records` shows them by.

    Empty where `find_records` would say what is missing, and for a registration number, which finds entries, not people.
    Raises RuleBroken not_allowed.
    """
    question, scope, problem = _prepared(actor, question, filters or Filters())
    if problem or question.number is not None:
        return []
    return _people(question, scope, filters or Filters(), secret)[0]


def _prepared(actor: Actor, question: Question, filters: Filters) -> tuple[Question, Scope, Problem | None]:
    """The question as it is looked for, where to look, and what keeps one from looking."""
    if not actor.may("record.read"):
        raise RuleBroken("not_allowed")
    question = _with_a_name(question, filters)
    if question.is_empty:
        code = "search_empty" if not question.birth else "search_needs_name"
        return question, Scope(frozenset()), _problem(code)
    scope, problem = _scope(actor, question, filters)
    return question, scope, problem


def _people(question: Question, scope: Scope, filters: Filters, secret: str) -> tuple[list[Hit], Problem | None]:
    """Who answers; or nobody, and what is to be added to the question."""
    if question.document:
        return _document_hits(question, scope, secret), None
    if question.is_name_alone and filters.office_id is None:
        return _name_alone(question, scope)
    return _name_hits(question, scope)


def _with_a_name(question: Question, filters: Filters) -> Question:
    """A relative without anybody to be related to is looked for as a person; the register filter is in one place."""
    if not question.name and question.relatives and not (question.number or question.document):
        first, *others = question.relatives
        question = replace(question, name=first.name, relatives=tuple(others))
    return replace(question, register_type=filters.register_type or question.register_type)


def _problem(code: str, **params: Any) -> Problem:
    return Problem(code, severity=Severity.WARNING, params=params)


def _scope(actor: Actor, question: Question, filters: Filters) -> tuple[Scope, Problem | None]:
    offices, problem = actor.office_ids, None
    if filters.office_id is not None:
        offices = offices & {filters.office_id}
    if question.place:
        offices = _offices_at(question.place, offices)
        if not offices:
            problem = _problem("search_place_unknown", place=question.place)
    scope = Scope(offices, sees_restricted(actor), question.register_type, filters.year_from, filters.year_to)
    return scope, problem


def _offices_at(place: str, office_ids: frozenset[int]) -> frozenset[int]:
    """Those of these offices whose name has all words of the place."""
    found = Office.objects.filter(id__in=office_ids)
    for word in search_text(place).split():
        found = found.filter(search_name__contains=f" {word}")
    return frozenset(found.values_list("id", flat=True))


# ---- people


def _name_hits(question: Question, scope: Scope) -> tuple[list[Hit], Problem | None]:
    keys = name_keysets(question.name) if question.name else []
    if question.birth_year is not None:
        return _born(question, keys, scope), None
    if question.relatives:
        rows = _with_relative(question, keys, scope)
        if rows is None:
            return [], _problem("search_names_too_common", most=relatives.DRIVEN)
    else:
        rows = probes.by_name(keys, scope)
    return _ranked(question, rows, scope), None


def _born(question: Question, keys: Sequence[str], scope: Scope) -> list[Hit]:
    hits = _ranked(question, probes.by_name_and_birth(question, keys, scope), scope)
    # a name some letters away on the very day is an answer, too
    good = NAME_FITS + (12 if question.birth_md else 20)
    if question.name and not any(hit.score >= good for hit in hits):
        known = {hit.candidate.id for hit in hits}
        rows = probes.by_given_name(question, scope)
        if question.birth_md:  # every syllable with a slip, or a former name some letters away
            rows = [*probes.by_day(question, scope), *rows]
        others = _ranked(question, list({row.id: row for row in rows}.values()), scope)
        hits = sorted([*hits, *(hit for hit in others if hit.candidate.id not in known)], key=lambda hit: -hit.score)
    return hits


def _with_relative(question: Question, keys: Sequence[str], scope: Scope) -> list[Candidate] | None:
    """Slips are forgiven in both names, or in one of them where both are common, and in none where that is too much."""
    relative = question.relatives[0].name
    alone = search_key(relative)
    if " " not in alone:
        return relatives.by_name_and_relative(keys, [], alone, scope)
    others = name_keysets(relative)
    every, exact = (tuple(keys), tuple(others)), (tuple(keys[:1]), tuple(others[:1]))
    found: list[Candidate] | None = None
    # slips forgiven in fewer names where all are too common; names without one ask nothing twice
    for mine, theirs in dict.fromkeys((every, (every[0], exact[1]), (exact[0], every[1]), exact)):
        rows = relatives.by_name_and_relative(mine, theirs, "", scope)
        if rows or (rows is not None and (mine, theirs) == every):
            return rows
        found = found if rows is None else rows
    return found


def _ranked(question: Question, rows: Sequence[Candidate], scope: Scope) -> list[Hit]:
    if question.place:
        rows = [replace(row, in_place=True) for row in rows]
    if not question.relatives:
        return rank(question, rows)
    # who fits without regard to the relatives; only their entries are read
    fitting = [hit.candidate for hit in rank(replace(question, relatives=()), rows)]
    return rank(question, _with_others(fitting, scope))


def _with_others(rows: Sequence[Candidate], scope: Scope) -> list[Candidate]:
    others: dict[UUID, list[Candidate]] = {}
    for other in probes.of_records(
        {row.record_id for row in rows}, replace(scope, register_type="", year_from=None, year_to=None)
    ):
        others.setdefault(other.record_id, []).append(other)
    return [
        replace(
            row,
            relatives=tuple(
                (other.role, other.full_name) for other in others.get(row.record_id, []) if other.id != row.id
            ),
            former_relatives=tuple(
                (other.role, name)
                for other in others.get(row.record_id, [])
                if other.id != row.id
                for name in other.former
            ),
        )
        for row in rows
    ]


def _name_alone(question: Question, scope: Scope) -> tuple[list[Hit], Problem | None]:
    """A name that few bear needs nothing beside it; of a common one no list is shown, but what to add.

    Not the size of the office decides, but whether the list can be read: a rare name is found in a province too.
    """
    keys = name_keysets(question.name)
    for tried in (keys[:1], keys[1:]):
        rows = probes.by_name(tried, scope, MOST_OF_NAME_ALONE + 1)  # who has the name, and who had it before a change
        if len(rows) > MOST_OF_NAME_ALONE:
            return [], _problem("search_name_too_common", most=MOST_OF_NAME_ALONE)
        if rows:
            return _ranked(question, rows, scope), None
    return [], None


def _document_hits(question: Question, scope: Scope, secret: str) -> list[Hit]:
    for numbers, suffix in ((meant_numbers(question.document), ""), (near_numbers(question.document), "_near")):
        personal = [personal_id_key(secret, number) for number in numbers if len(number) == 12 and number.isdigit()]
        rows = probes.by_document(personal, [document_key(secret, number) for number in numbers], scope)
        if rows:
            rows = [replace(row, by_document=f"{row.by_document}{suffix}") for row in rows]
            return rank(question, _with_others(rows, scope) if question.relatives else rows)
    return []


# ---- records


def _by_number(question: Question, scope: Scope) -> Found:
    number, book = question.number, question.book
    assert number is not None
    # not the column itself, see search_probes
    found = Record.objects.alias(office=F("origin_office_id") + 0).filter(
        number=number.number, office__in=scope.office_ids
    )
    for name, value in (
        ("number_suffix", number.suffix),
        ("registration_year", number.year),
        ("book__number", book.number if book else ""),
        ("book__opening_year", book.year if book else None),
        ("register_type", scope.register_type),
        ("registration_year__gte", scope.year_from),
        ("registration_year__lte", scope.year_to),
    ):
        if value:
            found = found.filter(**{name: value})
    records = list(_whole(found).order_by("-registration_year", "register_type", "id")[: MOST + 1])
    hits: dict[UUID, list[Hit]] = {}
    if question.name:
        rows = probes.of_records([record.id for record in records], scope)
        for hit in rank(replace(question, number=None), _with_others(rows, scope) if question.relatives else rows):
            hits.setdefault(hit.candidate.record_id, []).append(hit)
        records.sort(key=lambda record: -max((hit.score for hit in hits.get(record.id, [])), default=0))
    shown = tuple(FoundRecord(record, tuple(hits.get(record.id, ()))) for record in records[:MOST])
    return Found(question, shown, is_cut=len(records) > MOST)


def _found(question: Question, hits: Sequence[Hit], problem: Problem | None) -> Found:
    """The entries of the hits, in the order of their best one."""
    if problem:
        return Found(question, problem=problem)
    by_record: dict[UUID, list[Hit]] = {}
    for hit in hits:
        by_record.setdefault(hit.candidate.record_id, []).append(hit)
    wanted = list(by_record)[: MOST + 1]
    records = {record.id: record for record in _whole(Record.objects.filter(id__in=wanted[:MOST]))}
    shown = tuple(FoundRecord(records[key], tuple(by_record[key])) for key in wanted[:MOST] if key in records)
    return Found(question, shown, is_cut=len(wanted) > MOST)


def _whole(records: QuerySet[Record]) -> QuerySet[Record]:
    return records.select_related("book", "origin_office").prefetch_related("participants")


def participants_by_id(ids: Iterable[UUID]) -> dict[UUID, Participant]:
    """Several participants of one's offices at once."""
    return Participant.objects.in_bulk(list(ids))
