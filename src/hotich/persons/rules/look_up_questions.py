"""What an officer may ask beyond his offices: a number, an entry of a book, or a name with a birth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from hotich.kernel.dates import DateError, parse_date
from hotich.kernel.problems import RuleBroken
from hotich.records.rules.keys import plain_number
from hotich.registers.rules.reading import read_number
from hotich.registers.types import REGISTER_TYPES

NUMBER_MIN, NAME_MIN = 8, 2  # characters of a document's number; syllables of a name


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """The number of an identity document, plain."""

    number: str


@dataclass(frozen=True, slots=True)
class EntryQuestion:
    """An entry by register, number, year and the office that registered."""

    office_id: int
    letters: str
    number: int
    suffix: str
    year: int


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """A full name and a birth of at most a year; a parent's full name may stand beside."""

    name: str
    born_from: date
    born_to: date
    parent: str = ""


Question: TypeAlias = NumberQuestion | EntryQuestion | NameQuestion


def number_question(text: str) -> NumberQuestion:
    """Raises RuleBroken number_unreadable."""
    number = plain_number(text)
    if len(number) < NUMBER_MIN or not any(map(str.isdigit, number)):
        raise RuleBroken("number_unreadable", field="number")
    return NumberQuestion(number)


def entry_question(*, office_id: int, letters: str, number: str, year: int | None) -> EntryQuestion:
    """The year may stand behind the number ("12/2006"). Raises RuleBroken register_missing, entry_unreadable, year_missing.

    Adoptions are never looked up by others: that there is an entry already tells the origin.
    """
    if letters not in REGISTER_TYPES or letters == "CN":
        raise RuleBroken("register_missing", field="register_type")
    read = read_number(number)
    if read is None:
        raise RuleBroken("entry_unreadable", field="entry_number")
    wanted = read.year or year
    if wanted is None:
        raise RuleBroken("year_missing", field="entry_year")
    return EntryQuestion(office_id, letters, read.number, read.suffix, wanted)


def name_question(*, name: str, birth: str, parent: str = "") -> NameQuestion:
    """Raises RuleBroken name_incomplete, birth_missing."""
    name, parent = " ".join(name.split()), " ".join(parent.split())
    if len(name.split()) < NAME_MIN:
        raise RuleBroken("name_incomplete", field="full_name")
    try:
        born = parse_date(birth)
    except DateError as error:
        raise RuleBroken("birth_missing", field="birth") from error
    if born.earliest is None or born.latest is None or (born.latest - born.earliest).days > 366:
        raise RuleBroken("birth_missing", field="birth")
    return NameQuestion(name, born.earliest, born.latest, parent)
