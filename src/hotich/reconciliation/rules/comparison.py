"""What differs between a book and the population database: which facts count, and of which kind a difference is.

Which facts differ, and how, is said by `matching.differences` for the facts that matching weighs; here the other facts
are added and the kinds told apart as a clerk needs them. Spellings of one name (hoà, hòa; Mỹ, Mĩ; hyphens) are equal.
Basic facts are the name, the birth, sex and the personal identification number. Where somebody lives never counts (the
plan for cleaning civil-status data, step 02 b: "trừ nơi cư trú"). What one side does not tell is no difference; a date
told in part is one, unless the parameter `population_incomplete_date_differs` says otherwise. Nothing here changes
what the book says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from hotich.kernel.names import clean_text, match_key, search_key
from hotich.kernel.text import TONES
from hotich.matching.differences import differences
from hotich.matching.keys import sides
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.registers import codes
from hotich.registers.rules.parameters import constant

TONE, MARKS, SLIP, SWAPPED, YEAR_ONLY, PART_MISSING, DIFFERENT = KINDS = (
    "tone", "marks", "typing_slip", "swapped_day_month", "year_only", "part_missing", "different",
)  # fmt: skip
"""Kinds of difference, the first that holds of a field."""

BASIC = frozenset({"full_name", "birth", "sex", "personal_id"})
FIELDS = (
    "full_name", "birth", "sex", "personal_id", "old_id", "father_name", "mother_name", "spouse_name", "ethnicity",
    "nationality", "native_place",
)  # fmt: skip
"""The facts that are compared, in the order they are told; all are attributes of `BookFacts` and `Citizen`."""

_INCOMPLETE = (YEAR_ONLY, PART_MISSING)  # of a date: what both tell agrees
_KIND_OF = {"accents": MARKS, "tone": MARKS, "slip": SLIP, "swapped": SWAPPED, "year_only": YEAR_ONLY}
_YEAR = 4  # the figures of a year in an ISO date
_NOT_FIGURE = re.compile(r"[\s.\-/]")
_TONE_MARKS = dict.fromkeys(map(ord, TONES))
_RANK = re.compile(
    r"^(thanh pho|thi tran|thi xa|dac khu|tinh|quan|huyen|phuong|xa|tp|tt|tx|p|q|h|x|t|thon|xom|ap|to dan pho|to)\b[. ]*"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs, what either side says, and whether it is one of the basic facts."""

    field: str
    kind: str
    ours: str
    theirs: str
    is_basic: bool

    def as_json(self) -> dict[str, Any]:
        """As `PopulationCheck.differences` keeps it."""
        return {
            "field": self.field,
            "kind": self.kind,
            "ours": self.ours,
            "theirs": self.theirs,
            "is_basic": self.is_basic,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Equal when no fact that both sides tell differs."""

    outcome: Literal["equal", "different"]
    differences: tuple[Difference, ...]

    @property
    def basic(self) -> tuple[Difference, ...]:
        """Those of basic facts."""
        return tuple(each for each in self.differences if each.is_basic)

    @property
    def others(self) -> tuple[Difference, ...]:
        """Those of other facts."""
        return tuple(each for each in self.differences if not each.is_basic)


def compare(facts: BookFacts, citizen: Citizen) -> Comparison:
    """Compare what a book says of somebody with a citizen, whoever the citizen is."""
    found = tuple(_found(facts, citizen))
    return Comparison("different" if found else "equal", found)


def _found(facts: BookFacts, citizen: Citizen) -> Iterator[Difference]:
    for field in FIELDS:
        ours, theirs = getattr(facts, field).strip(), getattr(citizen, field).strip()
        if not ours or not theirs or ours == theirs:
            continue
        if field == "birth" and facts.birth_is_estimated and _may_be(ours, theirs):
            continue
        kind = _KINDS[field](ours, theirs)
        if kind:
            yield Difference(field, kind, ours, theirs, field in BASIC)


def row_of(side: BookFacts | Citizen) -> dict[str, str]:
    """The facts in the form of a row of `hotich match`, which the keys and the scorer of matching read."""
    return {
        "full_name": side.full_name,
        # from an age: no evidence for one of three years
        "birth_date": "" if isinstance(side, BookFacts) and side.birth_is_estimated else side.birth,
        "sex": {"1": "male", "2": "female"}.get(side.sex, ""),
        "father_name": side.father_name,
        "mother_name": side.mother_name,
        "personal_id": side.personal_id,
        "province_code": side.province_code,
        "commune_code": side.commune_code,
    }


# ---- kinds: "" where nothing differs


@lru_cache(maxsize=65536)
def _by_matching(column: str, ours: str, theirs: str) -> str:
    """What matching says of one column, in the words of `KINDS`. In a batch the same pairs come again and again: years
    beside days of birth, names beside the same name with a slip."""
    found = differences(sides({column: ours}), sides({column: theirs}))
    return _KIND_OF.get(found[0].kind, DIFFERENT) if found else ""


def _name(ours: str, theirs: str) -> str:
    spelled = match_key(ours), match_key(theirs)
    if _joined(spelled[0]) == _joined(spelled[1]):
        return ""
    if _without_tones(spelled[0]) == _without_tones(spelled[1]):
        return TONE
    if _is_part(search_key(ours).split(), search_key(theirs).split()):
        return PART_MISSING
    return _by_matching("full_name", ours, theirs) or MARKS


def _joined(name: str) -> str:
    """YBih, Y Bih and Y-Bih are one name."""
    return name.replace(" ", "")


def _without_tones(name: str) -> str:
    letters = unicodedata.normalize("NFD", name).translate(_TONE_MARKS)
    return unicodedata.normalize("NFC", letters)


def _is_part(first: list[str], second: list[str]) -> bool:
    """Whether one name has all syllables of the other, in their order, the family name and given name among them."""
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) == len(longer) or len(shorter) < 2 or shorter[0] != longer[0] or shorter[-1] != longer[-1]:
        return False
    rest = iter(longer)
    return all(syllable in rest for syllable in shorter)


def _birth(ours: str, theirs: str) -> str:
    kind = _by_matching("birth_date", ours, theirs)
    if kind == YEAR_ONLY and min(len(ours), len(theirs)) > len("1961"):
        kind = PART_MISSING  # the month is known, the day is not
    if kind == DIFFERENT and _one_slip(ours, theirs):
        return SLIP
    if kind in _INCOMPLETE and not constant("population_incomplete_date_differs"):
        return ""
    return kind


def _may_be(estimated: str, told: str) -> bool:
    """Whether a year that was worked out from an age may be the one told: it, the one before, the one after."""
    years = estimated[:_YEAR], told[:_YEAR]
    return all(map(str.isdecimal, years)) and abs(int(years[0]) - int(years[1])) <= 1


def _one_slip(ours: str, theirs: str) -> bool:
    """Whether two dates differ in one figure, or in two neighbouring ones that changed places."""
    if len(ours) != len(theirs):
        return False
    at = [place for place, (mine, other) in enumerate(zip(ours, theirs, strict=True)) if mine != other]
    if len(at) != 2:
        return len(at) == 1
    first, last = at
    return last == first + 1 and (ours[first], ours[last]) == (theirs[last], theirs[first])


def _sex(ours: str, theirs: str) -> str:
    told = {"1", "2"}
    return DIFFERENT if {ours, theirs} == told else ""


def _number(ours: str, theirs: str) -> str:
    return _by_matching("personal_id", _plain(ours), _plain(theirs))


def _plain(number: str) -> str:
    return _NOT_FIGURE.sub("", clean_text(number)).upper()


def _listed(code_list: str) -> Callable[[str, str], str]:
    """Of a field with a code list: the same code, or the same words where the list does not know them."""

    def kind(ours: str, theirs: str) -> str:
        found = [codes.find(code_list, side) for side in (ours, theirs)]
        if not all(isinstance(each, str) for each in found):
            found = [search_key(ours), search_key(theirs)]
        return DIFFERENT if found[0] != found[1] else ""

    return kind


def _place(ours: str, theirs: str) -> str:
    """Places differ when no part of them (commune, district, province) bears the same name.

    Units merged and were renamed time and again, and a book names the units of its day: a part that agrees is enough.
    """
    names = [frozenset(_units(side)) for side in (ours, theirs)]
    return DIFFERENT if all(names) and not names[0] & names[1] else ""


def _units(place: str) -> Iterator[str]:
    for part in re.split(r"[,;–]| - ", place):
        name = _RANK.sub("", search_key(part)).strip()
        if name:
            yield name


_KINDS: Mapping[str, Callable[[str, str], str]] = {
    "full_name": _name,
    "birth": _birth,
    "sex": _sex,
    "personal_id": _number,
    "old_id": _number,
    "father_name": _name,
    "mother_name": _name,
    "spouse_name": _name,
    "ethnicity": _listed("ethnicity"),
    "nationality": _listed("nationality"),
    "native_place": _place,
}
