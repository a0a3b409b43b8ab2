"""The comparisons, blocking rules and gate this project declares. Their weights are learnt from the data (`training`)."""

from __future__ import annotations

from hotich.matching.keys import MOST_COMMON
from hotich.matching.model import COMMONNESS, Comparison, Level, Model

# fmt: off
OWN_NAME = Comparison("name", (
    Level("exact", ("eq", "own_clean")),
    Level("marks_lost", ("all", ("eq", "own_key"), ("is", "own_bare", True))),  # one side carries no mark at all
    Level("marks_differ", ("eq", "own_key")),
    Level("sounds_alike", ("eq", "own_folded")),
    # slips are letters, one or two; syllables are compared apart, since there are few of them and many pairs of people
    Level("slip:letter", ("all", ("eq", "own_given"), ("edits", "own_rest", 1))),
    Level("part_missing", ("all", ("eq", "own_given"), ("eq", "own_family"), ("unlike", "own_parts"))),
    Level("slip", ("all", ("eq", "own_given"), ("edits", "own_rest", 2))),
    Level("given_slip:letter", ("all", ("eq", "own_rest"), ("edits", "own_given", 1))),
    Level("given_slip", ("all", ("edits", "own_given", 1), ("edits", "own_rest", 1))),
    Level("given_only", ("any", ("eq", "own_given"), ("eq", "own_given_folded"))),
    Level("other"),
))

BIRTH = Comparison("birth", (
    Level("exact", ("all", ("eq", "year"), ("eq", "month"), ("eq", "day"))),
    Level("part_unknown", ("any",
        ("all", ("eq", "year"), ("unknown", "month")),
        ("all", ("eq", "year"), ("eq", "month"), ("unknown", "day")))),
    Level("swapped", ("all", ("eq", "year"), ("cross", "month", "day"))),
    Level("first_of_january", ("all", ("eq", "year"), ("is", "month", 1), ("is", "day", 1))),
    Level("month_or_day", ("all", ("eq", "year"), ("any", ("eq", "month"), ("eq", "day")))),
    Level("year_slip", ("all", ("eq", "month"), ("eq", "day"), ("any", ("near", "year", 1), ("apart", "year", 10)))),
    Level("other_year", ("all", ("eq", "month"), ("eq", "day"))),
    Level("year_only", ("eq", "year")),
    Level("near_year", ("all", ("near", "year", 1), ("any", ("unknown", "month"), ("unknown", "day")))),
    Level("unknown", ("unknown", "year")),
    Level("other"),
))


# How common the name is, by its grade (`keys.grade_sql`): namesakes are so many more.
HOW_COMMON = Comparison(COMMONNESS, (
    *(Level(f"{grade}", ("person_at_most", "own_grade", grade)) for grade in range(MOST_COMMON)),
    Level("most"),
))
PARENT_GRADES = (0, 2, 4)  # a parent's name says the more, the rarer it is: levels for the grades up to each of these


def _parent(prefix: str) -> Comparison:
    def graded(code: str, agrees: tuple[str, str]) -> tuple[Level, ...]:
        rare = (("all", agrees, ("person_at_most", f"{prefix}_grade", grade)) for grade in PARENT_GRADES)
        return *(Level(f"{code}:{grade}", way) for grade, way in zip(PARENT_GRADES, rare, strict=True)), Level(code, agrees)

    return Comparison(prefix, (
        Level("unknown", ("unknown", f"{prefix}_key")),
        *graded("exact", ("eq", f"{prefix}_clean")),
        *graded("marks", ("eq", f"{prefix}_key")),
        Level("sounds_alike", ("eq", f"{prefix}_folded")),
        Level("slip:letter", ("any",
            ("all", ("eq", f"{prefix}_given"), ("edits", f"{prefix}_rest", 1)),
            ("all", ("eq", f"{prefix}_rest"), ("edits", f"{prefix}_given", 1)))),
        Level("part_missing", ("all",
            ("eq", f"{prefix}_given"), ("eq", f"{prefix}_family"), ("unlike", f"{prefix}_parts"))),
        Level("slip", ("all", ("eq", f"{prefix}_given"), ("edits", f"{prefix}_rest", 2))),
        Level("alike", ("all", ("eq", f"{prefix}_given"), ("eq", f"{prefix}_family"))),
        Level("other"),
    ))


SAME_KEY = ("exact", "marks_lost", "marks_differ")
SAME_PARENT = ("exact", "marks")
SOME_NAME = (*SAME_KEY, "sounds_alike", "slip", "part_missing", "given_slip", "given_only")
SOME_BIRTH = (
    "exact", "part_unknown", "swapped", "first_of_january", "month_or_day", "year_slip", "other_year",
)

# Nearly all who share a name and a year are strangers; where both parents have other names, too, nothing speaks for the
# person any more, unless another rule finds the two.
CROWDED = (("own_folded", "year"),)

DECLARED = Model(
    blocking=(
        ("personal_id",),
        ("year", "month", "day", "own_given"),
        ("year", "month", "day", "sex", "province"),
        *CROWDED,
        ("own_key", "month", "day"),
        ("father_key", "mother_key", "own_given_folded"),
        ("father_key", "mother_key", "month", "day"),
        ("father_key", "mother_key", "year"),
        ("year", "own_given_folded", "father_given", "mother_given"),
        ("mother_key", "own_given", "father_given"),
        ("year", "own_given_folded", "mother_key"),
        ("year", "own_given_folded", "father_key"),
        ("year", "own_given_folded", "commune"),
        ("year", "month", "day", "mother_given"),
        ("year", "month", "day", "father_given"),
        ("month", "day", "own_given_folded", "mother_key"),
        ("month", "day", "own_given_folded", "father_key"),
        ("year", "own_rest", "commune"),
        ("year", "own_rest", "father_given", "mother_given"),
    ),
    comparisons=(
        OWN_NAME,
        HOW_COMMON,
        BIRTH,
        _parent("father"),
        _parent("mother"),
        Comparison("place", (
            Level("commune", ("eq", "commune")),
            Level("province", ("eq", "province")),
            Level("unknown", ("unknown", "province")),
            Level("other"),
        )),
        Comparison("sex", (Level("equal", ("eq", "sex")), Level("unknown", ("unknown", "sex")), Level("other"))),
        Comparison("personal_id", (
            Level("unknown", ("unknown", "personal_id")),
            Level("equal", ("eq", "personal_id")),
            Level("slip", ("edits", "personal_id", 1)),
            Level("other"),
        )),
    ),
    # The name and the day of birth must point to the person; parents and home alone point to every sibling.
    gate=(
        (("name", SOME_NAME), ("birth", SOME_BIRTH)),
        (("name", SAME_KEY), ("birth", ("year_only", "near_year")), ("father", SAME_PARENT), ("mother", SAME_PARENT)),
        (("personal_id", ("equal",)), ("name", SOME_NAME)),
        (("personal_id", ("equal",)), ("birth", SOME_BIRTH)),
    ),
    crowded=CROWDED,
)
# fmt: on
