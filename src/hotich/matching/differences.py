"""Field by field, in what a record and a person differ: facts that count, equal after normalisation, and of which kind.

Basic facts are the name, the date of birth, sex and the personal identification number; parents are other facts; where
somebody lives never counts (the plan for cleaning civil-status data, step 02 b: "trừ nơi cư trú"). The book is never
changed by what is found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hotich.matching.conditions import Condition, to_test
from hotich.matching.model import Comparison, Level

BASIC = frozenset({"full_name", "birth_date", "sex", "personal_id"})

# Kinds of difference, the first that holds; a field without a kind here is equal. Placing a tone on the other vowel (hoà,
# hòa) differs in nothing but spelling; it is told as a difference of tone, the mildest.
_NAME = (
    ("accents", ("all", ("eq", "{}_key"), ("is", "{}_bare", True))),
    ("tone", ("eq", "{}_key")),
    ("slip", ("any", ("edits", "{}_key", 2), ("eq", "{}_folded"))),
    ("different", ("unlike", "{}_clean")),
)


def _named(kinds: tuple[tuple[str, Condition], ...], prefix: str) -> tuple[tuple[str, Condition], ...]:
    def put(condition: Any) -> Any:
        if isinstance(condition, tuple):
            return tuple(put(each) for each in condition)
        return condition.format(prefix) if isinstance(condition, str) else condition

    return tuple((code, put(condition)) for code, condition in kinds)


FIELDS: Mapping[str, tuple[Condition, tuple[tuple[str, Condition], ...]]] = {
    "full_name": (("eq", "own_clean"), _named(_NAME, "own")),
    "birth_date": (
        ("all", ("eq", "year"), ("same", "month"), ("same", "day")),
        (
            ("year_only", ("all", ("eq", "year"), ("any", ("unknown", "month"),
                                                  ("all", ("eq", "month"), ("unknown", "day"))))),
            ("swapped", ("all", ("eq", "year"), ("cross", "month", "day"))),
            ("different", ("any", ("unlike", "year"), ("unlike", "month"), ("unlike", "day"))),
        ),
    ),
    "sex": (("eq", "sex"), (("different", ("unlike", "sex")),)),
    "father_name": (("eq", "father_clean"), _named(_NAME, "father")),
    "mother_name": (("eq", "mother_clean"), _named(_NAME, "mother")),
    "personal_id": (
        ("eq", "personal_id"),
        (("slip", ("edits", "personal_id", 1)), ("different", ("unlike", "personal_id"))),
    ),
}  # fmt: skip
"""Field -> (when it is equal, its kinds of difference). A field one side does not know differs in nothing."""


class Difference(NamedTuple):
    """One field that differs. `basic`: one of the basic facts."""

    field: str
    kind: str
    basic: bool


def differences(record: Mapping[str, Any], person: Mapping[str, Any]) -> list[Difference]:
    """In what two sides (see `keys.sides`) differ, in the order of FIELDS."""
    return list(_found(record, person))


def _found(record: Mapping[str, Any], person: Mapping[str, Any]) -> Iterator[Difference]:
    for field, (equal, kinds) in _TESTS.items():
        if equal(record, person):
            continue
        for kind, test in kinds:
            if test(record, person):
                yield Difference(field, kind, field in BASIC)
                break


_TESTS = {
    field: (to_test(equal), tuple((kind, to_test(condition)) for kind, condition in kinds))
    for field, (equal, kinds) in FIELDS.items()
}

DIFFERS_IN_NOTHING = ("equal", "unknown")
COMPARISONS = tuple(
    Comparison(
        field, (Level("equal", tuple(equal)), *(Level(kind, tuple(when)) for kind, when in kinds), Level("unknown"))
    )
    for field, (equal, kinds) in FIELDS.items()
)
"""The same as comparisons, for many pairs at once (`many`): the level of a field is its kind of difference."""
