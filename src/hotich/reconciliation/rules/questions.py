"""What the population database may be asked: a number, an old number, or a name with one more fact. Pure.

A bare name would show an officer every citizen of that name, so it is refused (requirement C1; decree 87/2020, article 8:
what is looked up is what the procedure needs).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from hotich.kernel.names import match_key
from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.reconciliation.rules.citizen import BookFacts

NUMBER, OLD_NUMBER, NAME = "number", "old_number", "name"
NAME_PARTS = 2  # syllables of a name that may be asked for
MOST_QUESTIONS = 4  # of one look-up for a person, one after the other
_NOT_FIGURE = re.compile(r"[\s.\-/]")
_YEAR = 4
_NAMES = ("full_name", "father_name", "mother_name")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of one of the three ways. "" is not asked for; Dates as in `BookFacts`."""

    personal_id: str = ""
    old_id: str = ""
    full_name: str = ""
    birth: str = ""
    sex: str = ""
    father_name: str = ""
    mother_name: str = ""
    commune_code: str = ""
    province_code: str = ""

    @property
    def way(self) -> str:
        """number, old_number or name."""
        return NUMBER if self.personal_id else OLD_NUMBER if self.old_id else NAME


def asked(given: Mapping[str, str]) -> Question:
    """A question as typed, made uniform; one number suffices, and then nothing else is asked.

    Raises RuleBroken: population_number_unreadable, population_old_number_unreadable, population_name_incomplete,
    population_one_more_fact.
    """
    told = {each.name: clean_text(given.get(each.name) or "") for each in fields(Question)}
    if told["personal_id"]:
        number = _plain(told["personal_id"])
        if not re.fullmatch(r"[0-9]{12}", number):
            raise RuleBroken("population_number_unreadable", field="personal_id")
        return Question(personal_id=number)
    if told["old_id"]:
        number = _plain(told["old_id"])
        if not re.fullmatch(r"[0-9]{9}|[0-9]{12}", number):
            raise RuleBroken("population_old_number_unreadable", field="old_id")
        return Question(old_id=number)
    if len(match_key(told["full_name"]).split()) < NAME_PARTS:
        raise RuleBroken("population_name_incomplete", field="full_name")
    if not any(told[name] for name in ("birth", "father_name", "mother_name", "commune_code")):
        raise RuleBroken("population_one_more_fact", field="birth")
    return Question(**told)


def questions_for(facts: BookFacts) -> list[Question]:
    """What to ask about somebody of a book, the surest first; the next one only where none before found him.

    A number in a book may be odd, a birth may have day and month swapped: so the name is asked with the year alone,
    then with a parent. [] when the book says too little.
    """
    found: list[Question] = []
    for given in _ways(facts):
        try:
            question = asked(given)
        except RuleBroken:
            continue
        if question not in found:
            found.append(question)
    return found[:MOST_QUESTIONS]


def _ways(facts: BookFacts) -> Iterator[dict[str, str]]:
    name = {"full_name": facts.full_name}
    yield {"personal_id": facts.personal_id or "-"}
    yield {"old_id": facts.old_id or "-"}
    for year in _years(facts):
        yield {**name, "birth": year}
    if facts.mother_name:
        yield {**name, "mother_name": facts.mother_name}
    if facts.father_name:
        yield {**name, "father_name": facts.father_name}
    if facts.commune_code:
        yield {**name, "commune_code": facts.commune_code}


def _years(facts: BookFacts) -> list[str]:
    """The year of birth; of an estimate also those it may mean beside it."""
    year = facts.birth[:_YEAR]
    if facts.birth_is_estimated and year.isdecimal():
        return [year, str(int(year) - 1), str(int(year) + 1)]
    return [year] if year else []


def narrower(question: Question, facts: BookFacts) -> Question | None:
    """The same question with more facts, for a partner that knows too many; None when the book has no more to say."""
    if question.way != NAME:
        return None
    more = {
        "birth": question.birth if facts.birth_is_estimated else facts.birth or question.birth,
        "sex": facts.sex if facts.sex in ("1", "2") else "",
        "province_code": facts.province_code,
    }
    made = Question(**{**{each.name: getattr(question, each.name) for each in fields(Question)}, **more})
    return made if made != question else None


def fingerprint(secret: str, question: Question) -> str:
    """Tells that two questions were the same, and to nobody what was asked: a keyed hash, 64 characters."""
    told = (
        match_key(getattr(question, each.name)) if each.name in _NAMES else getattr(question, each.name)
        for each in fields(Question)
    )
    return hmac.new(secret.encode(), "\x1f".join(told).encode(), hashlib.sha256).hexdigest()


def _plain(number: str) -> str:
    return _NOT_FIGURE.sub("", number)
