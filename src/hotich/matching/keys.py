"""The columns that are compared, made from a person's facts: in SQL for a whole table, in Python for one person.

Of each name (fewer of a parent's): `…_clean` (lower case, joiners as spaces, marks kept), `…_key` (no marks), `…_folded`
(letters that sound alike merged), `…_given` (last syllable of the key), `…_given_folded`, `…_family` (the first), `…_rest`
(all but the last), `…_parts` (how many syllables), `…_bare` (the name carries no mark at all), `…_grade` (how common it is,
see `grade_sql`). Of the birth date: `year`, `month`, `day` as numbers, unknown parts null. `sex` 1 or 2; `personal_id` its
letters and figures; places as text.

In SQL the texts of names and places are numbers (`is_coded`), equal when the texts are: a tenth of the room, and joins as
fast as joins of numbers are. The table `known_text` (code, text) turns them back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

NAMES = {"full_name": "own", "father_name": "father", "mother_name": "mother"}
"""Column of a file -> prefix of its keys."""

# Letters that sound alike in some part of the country, or that ears and pens confuse; in this order.
FOLDS = (
    ("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "d"), ("r", "d"), ("y", "i"), ("x", "s"), ("k", "c"), ("q", "c"),
    ("ph", "f"), ("nh", "n"), ("ng", "n"), ("l", "n"), ("h", ""),
)  # fmt: skip
PLACES = ("province", "commune")
"""Columns of a side, of a file with `_code`."""
_JOINERS = "[\\s'’‘ʼ`´.·_‐‑‒–—-]+"
_ODD = "[\\t\\n\\f\\r'’‘ʼ`´.·_‐‑‒–—-]|  "  # a name without these has single spaces for joiners already
PARTS = 2  # of a small table, worked on at once
CODED = ("clean", "key", "folded", "given", "given_folded", "family", "rest")  # texts that are numbers in SQL
ENDINGS = (*CODED, "parts", "bare")
PARENT_ENDINGS = (
    "clean",
    "key",
    "folded",
    "given",
    "family",
    "rest",
    "parts",
    "bare",
)  # what is asked of a parent's name
MOST_COMMON = 7  # the highest grade
_BOUNDS = {"year": (1800, 2200), "month": (1, 12), "day": (1, 31)}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?")

Common = Mapping[str, Mapping[str, int]]
"""Of each prefix the keys that are common, with their grade (1 to MOST_COMMON); every other name has grade 0."""


# ---- Python: one person


def sides(facts: Mapping[str, Any], common: Common | None = None) -> dict[str, Any]:
    """All columns of one person, from the facts in the form of a file's row (see `batch`); unknown ones are None."""
    made: dict[str, Any] = {}
    for column, prefix in NAMES.items():
        made |= _name_columns(prefix, facts.get(column), (common or {}).get(prefix, {}))
    made |= dict(zip(("year", "month", "day"), date_parts(facts.get("birth_date")), strict=True))
    made["sex"] = {"male": 1, "female": 2}.get(str(facts.get("sex") or "").strip().lower())
    made["personal_id"] = re.sub("[^0-9A-Z]", "", str(facts.get("personal_id") or "").upper()) or None
    for place in PLACES:
        made[place] = str(facts.get(f"{place}_code") or "").strip() or None
    return made


@lru_cache(maxsize=65536)
def _keys_of(name: str) -> tuple[str, str, str]:
    clean = re.sub(_JOINERS, " ", unicodedata.normalize("NFC", name).lower()).strip()
    letters = unicodedata.normalize("NFD", clean.replace("đ", "d"))
    key = unicodedata.normalize("NFC", "".join(char for char in letters if not unicodedata.combining(char)))
    return clean, key, folded(key)


def _name_columns(prefix: str, name: Any, common: Mapping[str, int]) -> dict[str, Any]:
    clean, key, sound = _keys_of(str(name)) if name is not None else ("", "", "")
    parts = key.split(" ")
    rest = " ".join(parts[:-1])
    values = (clean, key, sound, parts[-1], folded(parts[-1]), parts[0], rest, len(parts), key == clean)
    kept = _endings(prefix)
    made = {
        f"{prefix}_{ending}": value if clean else None
        for ending, value in zip(ENDINGS, values, strict=True)
        if ending in kept
    }
    return {**made, f"{prefix}_grade": common.get(key, 0) if clean else None}


def _endings(prefix: str) -> tuple[str, ...]:
    return ENDINGS if prefix == "own" else PARENT_ENDINGS


def folded(key: str) -> str:
    """A key with letters merged that sound alike: "tran xuan" and "chan suan" are one."""
    for letters, sound in FOLDS:
        key = key.replace(letters, sound)
    return key


def date_parts(value: Any) -> tuple[int | None, int | None, int | None]:
    """Year, month, day of an ISO date that may end after its year or month; all None for what is no date."""
    found = _DATE.fullmatch(str(value).strip()) if value is not None else None
    if found is None:
        return None, None, None
    year, month, day = (int(part) if part else None for part in found.groups())
    if not _is_within("year", year) or (month is not None and not _is_within("month", month)):
        return None, None, None
    if day is not None:
        try:
            date(year or 0, month or 0, day)
        except ValueError:
            return None, None, None
    return year, month, day


def _is_within(part: str, value: int | None) -> bool:
    first, last = _BOUNDS[part]
    return value is not None and first <= value <= last


def is_coded(column: str) -> bool:
    """Whether a column of a side is a number in SQL that stands for a text of `known_text`."""
    prefix, _, ending = column.partition("_")
    return column in PLACES or (prefix in NAMES.values() and ending in CODED)


def is_text(column: str) -> bool:
    """Whether a column of a side is a text in SQL, too: one that hardly two people share."""
    return column == "personal_id"


# ---- SQL: a table


def names_statements(records: str, persons: str, grades: str | None = None) -> list[str]:
    """Statements that make the tables `known_text` (code, text), `known_name` (code, every distinct name, its columns, texts
    as codes), `known_date` and `known_place` from the rows of both tables.

    `grades`: a table (prefix, key, grade) to take the grades from; without one they are counted among `persons`.
    Step by step, each a table: as one query DuckDB works the inner expressions out again for every outer one.
    """
    made, last = _name_steps(records, persons)
    # each column has codes of its own: nobody compares a given name with a family name, and most of them have few texts
    texts = [f"select distinct '{ending}' as kind, {ending} as text from {last}" for ending in CODED]
    places = " union ".join(
        f"select {place}_code as code from {table}" for place in PLACES for table in (records, persons)
    )
    return [
        *made,
        "create or replace temp table written_place as "
        f"select code as written, nullif(trim(code), '') as text from ({places})",
        "create or replace temp table known_kind as "
        "select cast(row_number() over () as integer) as code, kind, text from "
        f"({' union all '.join([*texts, _PLACE_TEXTS])}) where text is not null",
        "create or replace temp table known_place as "
        "select written, code from written_place join known_kind using (text) where kind = 'place'",
        "drop table written_place",
        f"create or replace temp table known_grade as {grades or _counted_grades(last)}",
        # as written: DuckDB would make a table of all names to find the few common ones in
        "set disabled_optimizers = 'join_order,build_side_probe_side'",
        f"create or replace table known_name as {_coded_names(last)}",
        "reset disabled_optimizers",
        f"drop table {last}",
        "create or replace table known_text as select code, text from known_kind",
        "drop table known_kind",
        "create or replace temp table written_date as "
        f"select birth_date from {records} union select birth_date from {persons}",
        f"create or replace temp table known_date as {_dates_sql('written_date')}",
        "drop table written_date",
    ]


_PLACE_TEXTS = "select distinct 'place' as kind, text from written_place"


def _name_steps(records: str, persons: str) -> tuple[list[str], str]:
    """Statements from the names as written to a table of their columns, and that table's name."""
    # the same letters first: nfc_normalize before lower, since a combined letter has one lower case
    steps = (
        "select *, lower(nfc_normalize(name)) as lowered from {}",
        f"select * exclude (lowered), trim(case when regexp_matches(lowered, '{_sql_class(_ODD)}') "
        f"then regexp_replace(lowered, '{_sql_class(_JOINERS)}', ' ', 'g') else lowered end) as clean from {{}}",
        "select *, strip_accents(replace(clean, 'đ', 'd')) as key from {} where clean <> ''",
        "select *, string_split(key, ' ') as syllables from {}",
        "select * exclude (syllables), syllables[-1] as given, syllables[1] as family, len(syllables) as parts, "
        "array_to_string(syllables[:-2], ' ') as rest from {}",
        f"select *, {_fold_sql('key')} as folded, key = clean as bare from {{}} join known_given using (given)",
    )
    made, last = [f"create or replace temp table names_0 as {_counted_names(records, persons)}"], "names_0"
    for number, step in enumerate(steps, start=1):
        if "known_given" in step:
            givens = f"select given, {_fold_sql('given')} as given_folded from (select distinct given from {last})"
            made.append(f"create or replace temp table known_given as {givens}")
        # in parts, since DuckDB gives a table of so few rows to one thread
        parts = (f"(select * from {last} where rowid % {PARTS} = {part})" for part in range(PARTS))
        made.append(f"create or replace temp table names_{number} as {' union all '.join(map(step.format, parts))}")
        made.append(f"drop table {last}")
        last = f"names_{number}"
    return [*made, "drop table known_given"], last


def _coded_names(names: str) -> str:
    """Every name with its texts as codes, and how common it is in each place it may stand."""
    coded = ", ".join(f"t_{ending}.code as {ending}" for ending in CODED)
    texts = " ".join(
        f"join (select code, text from known_kind where kind = '{ending}') t_{ending} on t_{ending}.text = n.{ending}"
        for ending in CODED
    )
    grades = ", ".join(f"cast(coalesce(g_{prefix}.grade, 0) as tinyint) as {prefix}_grade" for prefix in NAMES.values())
    graded = " ".join(
        f"left join known_grade g_{prefix} on g_{prefix}.prefix = '{prefix}' and g_{prefix}.key = n.key"
        for prefix in NAMES.values()
    )
    return (
        f"select cast(row_number() over () as integer) as code, n.name, {coded}, cast(parts as tinyint) as parts, bare, "
        f"{grades} from {names} n {texts} {graded}"
    )


def _counted_names(records: str, persons: str) -> str:
    """Every name as it is written, and how many persons bear it in each place. Counted place by place first: most persons
    share theirs with somebody."""
    every = [
        f"select {column} as name, "
        + ", ".join(
            f"{'count(*)' if table == persons and other == prefix else '0'} as {other}" for other in NAMES.values()
        )
        + f" from {table} group by {column}"
        for column, prefix in NAMES.items()
        for table in (records, persons)
    ]
    sums = ", ".join(f"sum({prefix}) as {prefix}" for prefix in NAMES.values())
    return f"select name, {sums} from ({' union all '.join(every)}) where name is not null group by name"


def _counted_grades(names: str) -> str:
    """(prefix, key, grade) of the keys that are common."""
    return " union all ".join(
        f"select '{prefix}' as prefix, key, grade from (select key, {grade_sql(prefix)} as grade from {names} group by key) "
        "where grade > 0"
        for prefix in NAMES.values()
    )


def grade_sql(prefix: str) -> str:
    """The grade of a key from the sums of a prefix over all its names: 1 where one of 16,384 others bears it, one more for
    each doubling of that share. Null where nobody else does."""
    share = f"(sum({prefix}) - 1) / sum(sum({prefix})) over ()"
    return f"case when sum({prefix}) > 1 then least({MOST_COMMON}, cast(floor(log2({share})) as integer) + 15) end"


def _sql_class(letters: str) -> str:
    return letters.replace("'", "''")


def _fold_sql(column: str) -> str:
    for letters, sound in FOLDS:
        column = f"replace({column}, '{letters}', '{sound}')"
    return column


def named_sql(records: str, persons: str) -> str:
    """A query of all rows of both tables, from the tables of `names_statements`: `is_person`, row, `own`, `father`, `mother`
    (codes of `known_name`), and all columns that are not of a name. Both at once: a text is looked up in one table."""
    facts = ", ".join([*NAMES, "birth_date", "sex", "personal_id", *(f"{place}_code" for place in PLACES)])
    source = " union all ".join(
        f"select {is_person} as is_person, row, {facts} from {table}"
        for is_person, table in (("false", records), ("true", persons))
    )
    names = ", ".join(f"n_{prefix}.code as {prefix}" for prefix in NAMES.values())
    joins = [f"left join known_name n_{prefix} on n_{prefix}.name = s.{column}" for column, prefix in NAMES.items()]
    joins += [f"left join known_place in_{place} on in_{place}.written = s.{place}_code" for place in PLACES]
    return f"""
        select s.is_person, s.row, {names}, born.year, born.month, born.day,
               cast(case lower(trim(s.sex)) when 'male' then 1 when 'female' then 2 end as tinyint) as sex,
               nullif(case when regexp_full_match(s.personal_id, '[0-9A-Z]*') then s.personal_id
                           else regexp_replace(upper(s.personal_id), '[^0-9A-Z]', '', 'g') end, '') as personal_id,
               {", ".join(f"in_{place}.code as {place}" for place in PLACES)}
        from ({source}) s left join known_date born on born.birth_date = s.birth_date {" ".join(joins)}"""


def sides_sql(named: str, columns: Iterable[str]) -> str:
    """A query of rows as of `named_sql` with these of the columns of names: those rows are found by."""
    keys = [(column, *of) for column in columns if (of := name_column(column)) is not None]
    names = "".join(f", n_{prefix}.{ending} as {column}" for column, prefix, ending in keys)
    joins = " ".join(
        f"left join known_name n_{prefix} on n_{prefix}.code = s.{prefix}"
        for prefix in NAMES.values()
        if any(of == prefix for _, of, _ in keys)
    )
    return f"select s.*{names} from {named} s {joins}"


def name_column(column: str) -> tuple[str, str] | None:
    """Of a column of a name whose name it is (`own`, `father`, `mother`) and the column of `known_name`; None of others."""
    prefix, _, ending = column.partition("_")
    if prefix not in NAMES.values() or not ending:
        return None
    return prefix, f"{prefix}_grade" if ending == "grade" else ending


def texts_sql(source: str) -> str:
    """A query of all columns of the rows of `source`, as `sides` makes them: texts in place of their codes."""
    columns = [f"{prefix}_{ending}" for prefix in NAMES.values() for ending in (*_endings(prefix), "grade")]
    made = sides_sql(f"(select row, {', '.join(NAMES.values())}, {', '.join(_OWN_COLUMNS)} from {source})", columns)
    coded = [column for column in (*columns, *PLACES) if is_coded(column)]
    texts = ", ".join(f"t_{column}.text as {column}" for column in coded)
    joins = " ".join(f"left join known_text t_{column} on t_{column}.code = s.{column}" for column in coded)
    return f"select s.* exclude ({', '.join(NAMES.values())}) replace ({texts}) from ({made}) s {joins}"


_OWN_COLUMNS = ("year", "month", "day", "sex", "personal_id", *PLACES)


def _dates_sql(written: str) -> str:
    """(birth_date, year, month, day) of every date as it is written; no row for what is no date."""
    whole = "trim(birth_date)"
    year = f"cast(left({whole}, 4) as smallint)"
    bounds = f"{year} between {_BOUNDS['year'][0]} and {_BOUNDS['year'][1]}"
    kinds = (
        ("[0-9]{4}-[0-9]{2}-[0-9]{2}", f"try_cast(left({whole}, 10) as date) is not null", 6, 9),
        ("[0-9]{4}-[0-9]{2}", f"cast(substr({whole}, 6, 2) as integer) between 1 and 12", 6, 0),
        ("[0-9]{4}", "true", 0, 0),
    )
    return " union all ".join(
        f"select birth_date, {year} as year, {_part(whole, month)} as month, {_part(whole, day)} as day from {written} "
        f"where case when regexp_full_match({whole}, '{form}([T ].*)?') then {bounds} and {must} else false end"
        for form, must, month, day in kinds
    )


def _part(whole: str, start: int) -> str:
    return f"cast(substr({whole}, {start}, 2) as tinyint)" if start else "cast(null as tinyint)"
