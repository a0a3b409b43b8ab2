"""The columns that are compared, made from a person's facts: in SQL for a whole table, in Python for one person.

Of each name (fewer of a parent's): `…_clean` (lower case, joiners as spaces, marks kept), `…_key` (no marks), `…_folded`
(letters that sound alike merged), `…_given` (last syllable of the key), `…_given_folded`, `…_family` (the first),
`…_parts` (how many syllables), `…_bare` (the name carries no mark at all). Of the birth date: `year`, `month`, `day` as
numbers, unknown parts null. `sex` 1 or 2; `personal_id` its letters and figures; places as text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
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
_JOINERS = "[\\s'’‘ʼ`´.·_‐‑‒–—-]+"
ENDINGS = ("clean", "key", "folded", "given", "given_folded", "family", "parts", "bare")
PARENT_ENDINGS = ("clean", "key", "folded", "given", "bare")  # what is asked of a parent's name
_BOUNDS = {"year": (1800, 2200), "month": (1, 12), "day": (1, 31)}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?")


# ---- Python: one person


def sides(facts: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of one person, from the facts in the form of a file's row (see `batch`); unknown ones are None."""
    made: dict[str, Any] = {}
    for column, prefix in NAMES.items():
        made |= _name_columns(prefix, facts.get(column))
    made |= dict(zip(("year", "month", "day"), date_parts(facts.get("birth_date")), strict=True))
    made["sex"] = {"male": 1, "female": 2}.get(str(facts.get("sex") or "").strip().lower())
    made["personal_id"] = re.sub("[^0-9A-Z]", "", str(facts.get("personal_id") or "").upper()) or None
    for place in ("province", "commune"):
        made[place] = str(facts.get(f"{place}_code") or "").strip() or None
    return made


@lru_cache(maxsize=65536)
def _keys_of(name: str) -> tuple[str, str, str]:
    clean = re.sub(_JOINERS, " ", unicodedata.normalize("NFC", name).lower()).strip()
    letters = unicodedata.normalize("NFD", clean.replace("đ", "d"))
    key = unicodedata.normalize("NFC", "".join(char for char in letters if not unicodedata.combining(char)))
    return clean, key, folded(key)


def _name_columns(prefix: str, name: Any) -> dict[str, Any]:
    clean, key, sound = _keys_of(str(name)) if name is not None else ("", "", "")
    parts = key.split(" ")
    values = (clean, key, sound, parts[-1], folded(parts[-1]), parts[0], len(parts), key == clean)
    kept = _endings(prefix)
    return {
        f"{prefix}_{ending}": value if clean else None
        for ending, value in zip(ENDINGS, values, strict=True)
        if ending in kept
    }


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


# ---- SQL: a table


def names_statements(source: str, names: str) -> list[str]:
    """Statements that make the table `names`: every distinct name of `source` with its keys (name and `ENDINGS`).

    Step by step, each a table: as one query DuckDB works the inner expressions out again for every outer one.
    """
    every = " union all ".join(f"select {column} as name from {source}" for column in NAMES)
    # the same letters first: nfc_normalize before lower, since a combined letter has one lower case
    steps = (
        f"select distinct name from ({every}) where name is not null",
        "select name, lower(nfc_normalize(name)) as clean from {}",
        f"select name, trim(regexp_replace(clean, '{_sql_class()}', ' ', 'g')) as clean from {{}}",
        "select name, clean, strip_accents(replace(clean, 'đ', 'd')) as key from {} where clean <> ''",
        "select *, string_split(key, ' ') as syllables from {}",
        "select *, syllables[-1] as given, syllables[1] as family, len(syllables) as parts from {}",
        f"select name, clean, key, {_fold_sql('key')} as folded, given, {_fold_sql('given')} as given_folded, "
        "family, parts, key = clean as bare from {}",
    )
    made: list[str] = []
    for number, step in enumerate(steps, start=1):
        table = names if number == len(steps) else f"{names}_{number}"
        made.append(f"create or replace table {table} as {step.format(f'{names}_{number - 1}')}")
        if number > 1:
            made.append(f"drop table {names}_{number - 1}")
    return made


def _sql_class() -> str:
    return _JOINERS.replace("'", "''")


def _fold_sql(column: str) -> str:
    for letters, sound in FOLDS:
        column = f"replace({column}, '{letters}', '{sound}')"
    return column


def sides_sql(source: str, names: str) -> str:
    """A query of all columns for every row of `source`; `names` is the table made by `names_sql`."""
    keys, joins = [], []
    for column, prefix in NAMES.items():
        for ending in _endings(prefix):
            keys.append(f"n_{prefix}.{ending} as {prefix}_{ending}")
        joins.append(f"left join {names} n_{prefix} on n_{prefix}.name = s.{column}")
    return f"""
        select s.row, {", ".join(keys)}, year, month, day,
               case lower(trim(s.sex)) when 'male' then 1 when 'female' then 2 end as sex,
               nullif(regexp_replace(upper(s.personal_id), '[^0-9A-Z]', '', 'g'), '') as personal_id,
               nullif(trim(s.province_code), '') as province, nullif(trim(s.commune_code), '') as commune
        from (select *, try_cast(parts[1] as integer) as year,
                     try_cast(parts[2] as tinyint) as month, try_cast(parts[3] as tinyint) as day
              from (select *, {_DATE_SQL} as parts from {source})) s
        {" ".join(joins)}"""


# [year, month, day] as texts, ["", "", ""] for what is no date
_WHOLE = "trim(birth_date)"
_DATE_SQL = f"""
    case when regexp_full_match({_WHOLE}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ].*)?')
              and try_cast(left({_WHOLE}, 10) as date) is not null
              and cast(left({_WHOLE}, 4) as integer) between 1800 and 2200
         then [left({_WHOLE}, 4), substr({_WHOLE}, 6, 2), substr({_WHOLE}, 9, 2)]
         when regexp_full_match({_WHOLE}, '[0-9]{{4}}-[0-9]{{2}}([T ].*)?')
              and cast(substr({_WHOLE}, 6, 2) as integer) between 1 and 12
              and cast(left({_WHOLE}, 4) as integer) between 1800 and 2200
         then [left({_WHOLE}, 4), substr({_WHOLE}, 6, 2), '']
         when regexp_full_match({_WHOLE}, '[0-9]{{4}}([T ].*)?') and cast(left({_WHOLE}, 4) as integer) between 1800 and 2200
         then [left({_WHOLE}, 4), '', ''] else ['', '', ''] end"""
