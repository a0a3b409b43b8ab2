"""What the keying screen asks the population database, and what a keyer found out there about each person of a case.

As recorded is sacred: nothing that the population database says ever stands in a field of the book. What a keyer takes
over is a choice beside the person, by role; the server compares it again with the partner's own answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.keying.rules.client_checks import people
from hotich.registers.types.declaration import RegisterVersion

OUTCOMES = frozenset({"equal", "different", "absent", "clerk", "pending"})
"""Values of reconciliation's CheckOutcome. "pending": asked while nobody could answer; the server asks later."""

ABSENCES = ("dead", "abroad", "foreign", "never_collected", "newborn", "other")
"""Values of reconciliation's AbsenceReason, in the order of the keys that choose them."""

MOST_ROLES = 12
LONGEST_ROLE, LONGEST_REF, LONGEST_WORDS = 30, 40, 300

_PARTS = (
    # fact, part of a person's fields
    ("full_name", "full_name"),
    ("birth", "birth_date"),
    ("personal_id", "personal_id"),
    ("old_id", "id_doc_number"),
    ("ethnicity", "ethnicity"),
    ("nationality", "nationality"),
    ("native_place", "native_place"),
)
_RELATED = (
    # whose, fact, who the other is; the parents of an adopted child stay out: they are its origin
    ("child", "father_name", "father"),
    ("child", "mother_name", "mother"),
    ("husband", "spouse_name", "wife"),
    ("wife", "spouse_name", "husband"),
)


@dataclass(frozen=True, slots=True)
class PopulationChoice:
    """What a keyer chose for one person. `ref`: the partner's own id of the citizen, of the answer to `look_up`."""

    outcome: str
    ref: str = ""
    look_up: UUID | None = None
    absence: str = ""
    absence_words: str = ""


def people_to_look_up(version: RegisterVersion) -> list[dict[str, Any]]:
    """Whom the screen can ask about: [{"role", "facts": {fact of BookFacts: a field, or "=1"/"=2" for the sex}}].

    Everybody of the register but who brought the news: an informant is no subject of it.
    """
    known = {person["role"]: person for person in people(version)}
    found = []
    for role, person in known.items():
        if role == "informant":
            continue
        facts = {fact: person["fields"][part] for fact, part in _PARTS if part in person["fields"]}
        if person["sex"]:
            facts["sex"] = person["sex"]
        for whose, fact, other in _RELATED:
            if role == whose and other in known:
                facts[fact] = known[other]["fields"]["full_name"]
        found.append({"role": role, "facts": facts})
    return found


def read_choices(raw: object) -> dict[str, PopulationChoice]:
    """Read {role: {"outcome", "ref", "look_up", "absence", "absence_words"}}. Raises RuleBroken sync_item_malformed.

    A choice that lacks what it rests on holds up no case: it is asked about again ("pending"), or left open ("clerk").
    """
    if raw is None:
        return {}
    if not isinstance(raw, dict) or len(raw) > MOST_ROLES:
        raise _malformed()
    return {_text(role, LONGEST_ROLE): _choice(each) for role, each in raw.items()}


def _choice(raw: object) -> PopulationChoice:
    if not isinstance(raw, dict) or raw.get("outcome") not in OUTCOMES:
        raise _malformed()
    choice = PopulationChoice(
        raw["outcome"], _text(raw.get("ref"), LONGEST_REF), _look_up(raw.get("look_up")),
        _text(raw.get("absence"), 16), _text(raw.get("absence_words"), LONGEST_WORDS),
    )  # fmt: skip
    if choice.outcome in ("equal", "different") and not (choice.ref and choice.look_up):
        return PopulationChoice("pending")
    if choice.outcome == "absent" and choice.absence not in ABSENCES:
        return replace(choice, outcome="clerk", absence="")
    return choice if choice.outcome == "absent" else replace(choice, absence="", absence_words="")


def _look_up(raw: object) -> UUID | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str) or len(raw) != 36:
        raise _malformed()
    try:
        return UUID(raw)
    except ValueError as error:
        raise _malformed() from error


def _text(raw: object, limit: int) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str) or len(raw) > limit:
        raise _malformed()
    try:
        raw.encode()
    except UnicodeEncodeError as error:
        raise _malformed() from error
    return clean_text(raw)


def _malformed() -> RuleBroken:
    return RuleBroken("sync_item_malformed", field="population")


def as_json(choices: Mapping[str, PopulationChoice]) -> dict[str, dict[str, Any]]:
    """The choices as the browser keeps them."""
    return {
        role: {"outcome": each.outcome, "ref": each.ref, "look_up": str(each.look_up) if each.look_up else None,
               "absence": each.absence, "absence_words": each.absence_words}
        for role, each in choices.items()
    }  # fmt: skip
