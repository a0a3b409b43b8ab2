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
from collections.abc import Iterable, Mapping, Sequence
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
CODED = ("clean", "key", "folded", "given", "given_folded", "family", "rest")  # texts that are numbers in SQL
KINDS = (*CODED, "place")
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


def columns() -> list[str]:
    """The columns of a side."""
    return [
        *_OWN_COLUMNS,
        *(f"{prefix}_{ending}" for prefix in NAMES.values() for ending in (*_endings(prefix), "grade")),
    ]


def is_text(column: str) -> bool:
    """Whether a column of a side is a text in SQL, too: one that hardly two people share."""
    return column == "personal_id"


# ---- SQL: a table


def facts_statements(records: str, persons: str) -> list[str]:
    """Statements that make the tables `known_date` and `known_place` (and `text_place`) of what both tables have."""
    places = " union ".join(
        f"select {place}_code as code from {table}" for place in PLACES for table in (records, persons)
    )
    return [
        f"create or replace table written_place as select code as written, nullif(trim(code), '') as text from ({places})",
        _distinct_texts("place", "text", "written_place"),
        f"create or replace table known_place as select written, {_code('place')} as code "
        "from written_place w join text_place t_place on t_place.text = w.text",
        "drop table written_place",
        "create or replace table written_date as "
        f"select birth_date from {records} union select birth_date from {persons}",
        f"create or replace table known_date as {_dates_sql('written_date')}",
        "drop table written_date",
    ]


def codes_statements(grades: str | None = None) -> tuple[list[str], list[str], list[str]]:
    """Statements that make the tables `known_name` (code, every distinct name, its columns, texts as codes) and `known_text`
    (code, text) from those of `names_statements` and `facts_statements`: two lists that do not wait for each other, and one
    that follows both.

    `grades`: a table (prefix, key, grade) to take the grades from; without one they are counted among the persons.
    """
    one, other = CODED[:2], CODED[2:]
    grade = ", ".join(f"cast(coalesce(g_{prefix}.grade, 0) as tinyint) as {prefix}_grade" for prefix in NAMES.values())
    graded = " ".join(
        f"left join known_grade g_{prefix} on g_{prefix}.prefix = '{prefix}' and g_{prefix}.key = n.key"
        for prefix in NAMES.values()
    )
    texts = " union all ".join(f"select {_code(kind)} as code, text from text_{kind} t_{kind}" for kind in KINDS)
    return (
        [
            *(_distinct_texts(kind, kind, "name_row") for kind in one),
            f"create or replace table coded_one as {_coded_names(one)}",
        ],
        [
            f"create or replace table known_grade as {grades or _counted_grades('name_row')}",
            *(_distinct_texts(kind, kind, "name_row") for kind in other),
            f"create or replace table coded_other as {_coded_names(other, grade, graded)}",
        ],
        [
            "create or replace table known_name as select cast(name_row.rowid + 1 as integer) as code, name, "
            "coded_one.* exclude (place), coded_other.* exclude (place), cast(parts as tinyint) as parts, bare "
            "from name_row join coded_one on coded_one.place = name_row.rowid "
            "join coded_other on coded_other.place = name_row.rowid",
            f"create or replace table known_text as {texts}",
            *(f"drop table {table}" for table in ("name_row", "coded_one", "coded_other")),
            *(f"drop table text_{kind}" for kind in KINDS),
        ],
    )


def _distinct_texts(kind: str, column: str, table: str) -> str:
    return (
        f"create or replace table text_{kind} as "
        f"select distinct {column} as text from {table} where {column} is not null"
    )


def _code(kind: str) -> str:
    """The code of a text, a number no text of another kind has: nobody compares a given name with a family name, and most
    kinds have few texts."""
    return f"cast(t_{kind}.rowid * {len(KINDS)} + {KINDS.index(kind)} as integer)"


def _coded_names(kinds: Sequence[str], more: str = "", joins: str = "") -> str:
    """The places of all names in their table, and these of their texts as codes."""
    coded = ", ".join(f"{_code(kind)} as {kind}" for kind in kinds)
    texts = " ".join(f"join text_{kind} t_{kind} on t_{kind}.text = n.{kind}" for kind in kinds)
    return f"select n.rowid as place, {coded}{', ' if more else ''}{more} from name_row n {texts} {joins}"


def names_statements(records: str, persons: str) -> list[str]:
    """Statements that make the table `name_row` of every distinct name in both tables, with its columns as texts and how many
    persons bear it; the first reads the tables. Step by step, each a table: as one query DuckDB works the inner expressions
    out again for every outer one.

    A name is worked on in two halves, its last word and all before it: a tenth as many texts as names. Each step takes
    the spaces between words as they are, so what it makes of a name is what it makes of the halves, put together again.
    """
    # the same letters first: nfc_normalize before lower, since a combined letter has one lower case
    steps = (
        "select text, lower(nfc_normalize(text)) as lowered from half_text",
        f"select text, trim(case when regexp_matches(lowered, '{_sql_class(_ODD)}') "
        f"then regexp_replace(lowered, '{_sql_class(_JOINERS)}', ' ', 'g') else lowered end) as clean from half_0",
        "select *, strip_accents(replace(clean, 'đ', 'd')) as key from half_1 where clean <> ''",
        "select *, string_split(key, ' ') as syllables from half_2",
        "select * exclude (syllables), syllables[-1] as given, syllables[1] as family, len(syllables) as parts, "
        "array_to_string(syllables[:-2], ' ') as rest from half_3",
        f"select *, {_fold_sql('key')} as folded, {_fold_sql('given')} as given_folded, key = clean as bare from half_4",
    )
    names = f"(select *, string_split(name, ' ') as words from ({_counted_names(records, persons)}))"
    return [
        "create or replace table halved_name as select * exclude (words), "
        f"array_to_string(words[:-2], ' ') as first, words[-1] as last from {names}",
        "create or replace table half_text as select first as text from halved_name union select last from halved_name",
        *(f"create or replace table half_{number} as {step}" for number, step in enumerate(steps)),
        f"create or replace table name_row as {_whole_names('halved_name', f'half_{len(steps) - 1}')}",
        *(f"drop table half_{number}" for number in range(len(steps))),
        "drop table half_text",
        "drop table halved_name",
    ]


def _whole_names(names: str, halves: str) -> str:
    """The columns of names from those of their halves; a half without letters counts for nothing, a name of two such is
    none."""
    joined = ", ".join(f"concat_ws(' ', a.{ending}, b.{ending}) as {ending}" for ending in ("clean", "key", "folded"))
    return (
        f"select name, {', '.join(NAMES.values())}, {joined}, coalesce(a.family, b.family) as family, "
        "coalesce(b.given, a.given) as given, coalesce(b.given_folded, a.given_folded) as given_folded, "
        "case when b.text is null then a.rest else concat_ws(' ', a.key, case when b.parts > 1 then b.rest end) end as rest, "
        "coalesce(a.parts, 0) + coalesce(b.parts, 0) as parts, coalesce(a.bare, true) and coalesce(b.bare, true) as bare "
        f"from {names} left join {halves} a on a.text = first left join {halves} b on b.text = last "
        "where a.text is not null or b.text is not null"
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


def side_sql(rows: str, columns: Iterable[str]) -> str:
    """A query of the rows of a table, from the tables of `codes_statements` and `facts_statements`: row, `own`, `father`,
    `mother` (codes of `known_name`), all columns that are not of a name, and these of the columns of names: those rows are
    found by."""
    names = ", ".join(f"n_{prefix}.code as {prefix}" for prefix in NAMES.values())
    joins = [f"left join known_name n_{prefix} on n_{prefix}.name = s.{column}" for column, prefix in NAMES.items()]
    joins += [f"left join known_place in_{place} on in_{place}.written = s.{place}_code" for place in PLACES]
    return f"""
        select s.row, {names}, born.year, born.month, born.day,
               cast(case lower(trim(s.sex)) when 'male' then 1 when 'female' then 2 end as tinyint) as sex,
               nullif(case when regexp_full_match(s.personal_id, '[0-9A-Z]*') then s.personal_id
                           else regexp_replace(upper(s.personal_id), '[^0-9A-Z]', '', 'g') end, '') as personal_id,
               {", ".join(f"in_{place}.code as {place}" for place in PLACES)}{_columns_of_names(columns)}
        from {rows} s left join known_date born on born.birth_date = s.birth_date {" ".join(joins)}"""


def _columns_of_names(columns: Iterable[str]) -> str:
    """Those of these columns that are of a name, from `known_name` as it is joined for each prefix."""
    keys = [(column, *of) for column in columns if (of := name_column(column)) is not None]
    return "".join(f", n_{prefix}.{ending} as {column}" for column, prefix, ending in keys)


def name_column(column: str) -> tuple[str, str] | None:
    """Of a column of a name whose name it is (`own`, `father`, `mother`) and the column of `known_name`; None of others."""
    prefix, _, ending = column.partition("_")
    if prefix not in NAMES.values() or not ending:
        return None
    return prefix, f"{prefix}_grade" if ending == "grade" else ending


def texts_sql(source: str) -> str:
    """A query of all columns of the rows of `source`, as `sides` makes them: texts in place of their codes."""
    names = " ".join(f"left join known_name n_{prefix} on n_{prefix}.code = s.{prefix}" for prefix in NAMES.values())
    own = ", ".join(f"s.{column}" for column in ("row", *_OWN_COLUMNS))
    made = f"select {own}{_columns_of_names(columns())} from {source} s {names}"
    coded = [column for column in columns() if is_coded(column)]
    texts = ", ".join(f"t_{column}.text as {column}" for column in coded)
    joins = " ".join(f"left join known_text t_{column} on t_{column}.code = s.{column}" for column in coded)
    return f"select s.* replace ({texts}) from ({made}) s {joins}"


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
