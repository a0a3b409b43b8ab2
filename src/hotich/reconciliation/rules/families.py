"""What may be one person among records, and what a family forbids: pure constraints over what two entries say.

Likeness alone links nobody. It proposes; these constraints take away what cannot be, and say which of the rest is
the same entry twice, the same person, or a parent found in another book. What is not known forbids nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from hotich.kernel.names import keyset, match_key
from hotich.matching.scorer import Evidence

Kind = Literal["duplicate_record", "same_person", "parent"]
FATHERS, MOTHERS = frozenset({"father"}), frozenset({"mother"})
PARENTS = FATHERS | MOTHERS | {"parent"}
SUBJECTS = {"KS": frozenset({"child"}), "KT": frozenset({"deceased"}), "KH": frozenset({"husband", "wife"})}
"""Whose entry a register makes once in a life, or once for a couple: two of them may be one event entered twice."""
SPOUSE_OF = {"father": "mother", "mother": "father", "husband": "wife", "wife": "husband"}

RULE_VERSION = 1
"""Counted on when something here, or the model, weighs evidence otherwise: open proposals are then weighed anew."""

PREGNANCY = timedelta(
    days=300
)  # a child may be born that long after the father's death (Law on marriage 2014, art. 88)
BETWEEN_BIRTHS = timedelta(days=200)  # nobody bears two children nearer to each other, twins apart
TWINS = timedelta(days=3)
DAYS_A_YEAR = 365.2425
JANUARY = "january"

# How much the name of the spouse in the entry says, in bits: declared, not learnt; the model knows no spouses. Of a
# thousand couples hardly one shares a given spouse's whole name; one entry in ten writes it so differently that nothing
# is left of it.
SPOUSE_BITS = {"exact": 9.0, "marks": 8.0, "unknown": 0.0, "other": -3.0}


@dataclass(frozen=True, slots=True)
class Span:
    """Days between which something happened; None where nothing is known."""

    earliest: date | None = None
    latest: date | None = None

    @property
    def known(self) -> bool:
        """Whether both ends are known."""
        return self.earliest is not None and self.latest is not None

    @property
    def is_first_of_january(self) -> bool:
        """Whether it is told as the 1st of January: that is written where only the year is known, for many in one village."""
        day = self.earliest
        return day is not None and day == self.latest and (day.month, day.day) == (1, 1)


@dataclass(frozen=True, slots=True)
class Member:
    """One participant as its entry has it. `person` is who it is concluded to be.

    `child` is the birth of the child whose parent it is in this entry; `died` when the person died, from any record;
    `mother` and `father` are the parents the entry names, `spouse` the other parent or the other one of a couple.
    """

    id: UUID
    person: UUID
    record_id: UUID
    register: str
    role: str
    sex: str = ""
    born: Span = Span()
    child: Span = Span()
    died: Span = Span()
    spouse: str = ""
    mother: str = ""
    father: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Years between a parent and a child, at least and at most (parameters of the office)."""

    least: int
    most: int


def kind_of(a: Member, b: Member) -> Kind:
    """What it would mean if both were one person."""
    subjects = SUBJECTS.get(a.register, frozenset())
    if a.register == b.register and a.role == b.role and a.role in subjects:
        if a.register != "KH" or (a.spouse and keyset(a.spouse) == keyset(b.spouse)):
            return "duplicate_record"
    if (a.role in PARENTS) != (b.role in PARENTS):
        return "parent"
    return "same_person"


def faults_of(a: Member, b: Member, limits: Limits) -> tuple[str, ...]:
    """Why both cannot be one person; () when nothing known forbids it."""
    found = [
        ("same_record", a.record_id == b.record_id),
        ("sex", a.sex in ("1", "2") and b.sex in ("1", "2") and a.sex != b.sex),
        ("birth", _apart(a.born, b.born)),
        ("parent_age", any(parent_age_fault(x.born, y.child, limits) for x in (a, b) for y in (a, b))),
        ("died_before", any(_died_before(x, y) for x in (a, b) for y in (a, b))),
        ("two_mothers", _two_mothers(a, b)),
        ("births_too_close", _births_too_close(a, b)),
    ]
    return tuple(code for code, holds in found if holds)


def parent_age_fault(parent: Span, child: Span, limits: Limits) -> bool:
    """Whether no day of both spans leaves the years between that a parent and a child must have."""
    if not (parent.known and child.known):
        return False
    assert parent.earliest and parent.latest and child.earliest and child.latest
    widest = (child.latest - parent.earliest).days / DAYS_A_YEAR
    narrowest = (child.earliest - parent.latest).days / DAYS_A_YEAR
    return widest < limits.least or narrowest >= limits.most + 1


def spouse_evidence(a: Member, b: Member) -> Evidence | None:
    """What the names of the spouses say; None where an entry has no place for one."""
    if a.role not in SPOUSE_OF or b.role not in SPOUSE_OF:
        return None
    level = "other"
    if not a.spouse or not b.spouse:
        level = "unknown"
    elif match_key(a.spouse) == match_key(b.spouse):
        level = "exact"
    elif keyset(a.spouse) == keyset(b.spouse):
        level = "marks"
    return Evidence("spouse", level, SPOUSE_BITS[level])


def points_to_person(is_evident: bool, evidence: Sequence[Evidence]) -> bool:
    """Whether a pair may be proposed: the model says it points to the person, or the whole name and the spouse agree.

    The second is for entries that do not tell when the parents were born.
    """
    levels = {each.field: each.level for each in evidence}
    same_name = levels.get("name") in ("exact", "marks_lost", "marks_differ")
    return is_evident or (same_name and levels.get("spouse") in ("exact", "marks"))


def told_birth(evidence: Sequence[Evidence], a: Member, b: Member) -> tuple[Evidence, ...]:
    """The evidence with its own level where both are told as the 1st of January, which says no more than the year does."""
    if not (a.born.is_first_of_january and b.born.is_first_of_january):
        return tuple(evidence)
    return tuple(replace(each, level=JANUARY) if each.field == "birth" else each for each in evidence)


def sure_by_rule(kind: Kind, score: float, margin: float | None, evidence: Sequence[Evidence], bits: int) -> bool:
    """Whether a rule may join both without a human: only where an office allows it at all.

    Name with all marks, the whole birth date, both parents or the spouse exactly the same, enough bits, and nobody else
    who comes near. Never two entries of one event: which of them stands is decided by an officer.
    """
    levels = {each.field: each.level for each in evidence}
    family = levels.get("spouse") == "exact" or (levels.get("father") == "exact" and levels.get("mother") == "exact")
    return (
        kind != "duplicate_record"
        and levels.get("name") == "exact"
        and levels.get("birth") == "exact"
        and family
        and score >= bits
        and (margin is None or margin >= bits / 2)
    )


def _apart(one: Span, other: Span) -> bool:
    if not (one.known and other.known):
        return False
    assert one.earliest and one.latest and other.earliest and other.latest
    return one.earliest > other.latest or other.earliest > one.latest


def _died_before(parent: Member, of_child: Member) -> bool:
    if parent.died.latest is None or of_child.child.earliest is None:
        return False
    late = PREGNANCY if of_child.role in FATHERS else timedelta()
    return parent.died.latest + late < of_child.child.earliest


def _two_mothers(a: Member, b: Member) -> bool:
    """A child has one mother: two births whose mothers have nothing in common are two children."""
    if a.role != "child" or b.role != "child" or not a.mother or not b.mother:
        return False
    one, other = set(keyset(a.mother).split()), set(keyset(b.mother).split())
    return not len(one & other) * 2 >= max(len(one), len(other))


def _births_too_close(a: Member, b: Member) -> bool:
    if a.role not in MOTHERS or b.role not in MOTHERS or not (a.child.known and b.child.known):
        return False
    assert a.child.earliest and a.child.latest and b.child.earliest and b.child.latest
    nearest = max(a.child.earliest - b.child.latest, b.child.earliest - a.child.latest)
    farthest = max(a.child.latest - b.child.earliest, b.child.latest - a.child.earliest)
    return nearest > TWINS and farthest < BETWEEN_BIRTHS
