"""Reads: finding a record by its number, a name or a date of birth, within one's offices."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.dates import DateError, PartialDate, parse_date
from hotich.kernel.names import match_key, search_key
from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import strip_marks
from hotich.records.models import Participant, Record
from hotich.records.rules.keys import personal_id_key, plain_number
from hotich.records.rules.restricted import rows_shown, sees_restricted
from hotich.registers.rules.reading import read_number

MOST = 200  # nobody reads further; the page says so
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record, and the participants the search hit (none when it was found by its number)."""

    record: Record
    participants: list[Participant]


def search_records(actor: Actor, text: str, *, register_type: str = "", secret: str = "") -> list[FoundRecord]:
    """Records by registration number ("12/2006"), personal identification number, or names and date of birth.

    A name is found from its beginning, without accents ("nguyen thi h"); typed with accents, they count. A date of
    birth may follow it. Restricted participants are found only by those who may see them. At most 200, newest first.
    Raises RuleBroken not_allowed.
    """
    if not actor.may("record.read"):
        raise RuleBroken("not_allowed")
    text = " ".join(text.split())
    records = Record.objects.filter(origin_office_id__in=actor.office_ids)
    if register_type:
        records = records.filter(register_type=register_type)
    number = read_number(text)
    if number is not None and (number.year is not None or len(text) < 9):
        found = records.filter(number=number.number)
        found = found.filter(number_suffix=number.suffix) if number.suffix else found
        found = found.filter(registration_year=number.year) if number.year else found
        return [FoundRecord(record, []) for record in _ordered(found)]
    people = _people(actor, text, secret)
    if people is None:
        return []
    hits: dict[object, list[Participant]] = {}
    for person in rows_shown(people[: MOST * 3], sees=sees_restricted(actor)):
        hits.setdefault(person.record_id, []).append(person)
    return [FoundRecord(record, hits[record.id]) for record in _ordered(records.filter(id__in=list(hits)))]


def _ordered(records: QuerySet[Record]) -> QuerySet[Record]:
    ordered = records.select_related("book", "origin_office").prefetch_related("participants")
    return ordered.order_by("-registration_year", "register_type", "number", "id")[:MOST]


def _people(actor: Actor, text: str, secret: str) -> QuerySet[Participant] | None:
    people = Participant.objects.filter(origin_office_id__in=actor.office_ids).order_by("sort_key", "id")
    digits = plain_number(text)
    if digits.isdigit() and len(digits) == 12 and secret:
        return people.filter(personal_id_key=personal_id_key(secret, digits))
    if digits.isdigit() and len(digits) >= 8 and not _DATE.search(text):
        return people.filter(id_number=digits)
    born, name = _born(text)
    if born is not None:
        people = people.filter(birth_earliest__lte=born.latest, birth_latest__gte=born.earliest)
    key = search_key(name)
    if not key:
        return people if born is not None else None
    people = people.filter(search_key__begins_with=key)
    # what was typed with accents is meant: Hòa is not Hoa
    if strip_marks(name).lower() != name.lower():
        people = people.filter(Q(match_key__begins_with=match_key(name)))
    return people


def _born(text: str) -> tuple[PartialDate | None, str]:
    hit = _DATE.search(text)
    if hit is None or (not _LETTER.search(text.replace(hit.group(), "")) and hit.group() != text):
        return None, text
    try:
        return parse_date(hit.group()), " ".join(text.replace(hit.group(), " ").split())
    except DateError:
        return None, text
