"""The heading of a workbook: which register it is, which column is which field, what is missing, extra or double."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hotich.intake.rules.workbook_guard import MOST_COLUMNS, column_letters
from hotich.kernel.problems import Problem, RuleBroken, Severity
from hotich.registers.rules.cells import ROW_NUMBER
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.types.declaration import Field, Need, RegisterVersion

_HINT = re.compile(r"\s*i\s*=\s*\[.*", re.DOTALL)  # "loaiDangKy i=[1,2,3]"
LEAST_SHARE = 0.5  # of the named columns that must belong to the register


@dataclass(frozen=True, slots=True)
class Header:
    """The heading read. `columns`: position in the row (from 0) -> field; `keys` are the import keys in order."""

    letters: str
    template: str
    columns: tuple[tuple[int, Field], ...]
    keys: tuple[str, ...]
    warnings: tuple[Problem, ...]


def plain(text: str) -> str:
    """A heading as it is compared: without hint, spaces and difference of case."""
    return "".join(_HINT.sub("", text).split()).casefold()


@cache
def _fields_of(letters: str) -> dict[str, Field]:
    """Heading as compared -> field, over all eras; the newest declaration wins."""
    return {
        plain(field.import_key): field for version in REGISTER_TYPES[letters].every_version for field in version.fields
    }


@cache
def _templates_of(letters: str) -> dict[str, frozenset[str]]:
    return {
        name: frozenset(map(plain, keys))
        for version in REGISTER_TYPES[letters].every_version
        for name, keys in version.column_sets.items()
    }


def newest_version(letters: str) -> RegisterVersion:
    """The version of the youngest era."""
    return list(REGISTER_TYPES[letters].versions.values())[-1]


def read_header(cells: Sequence[str], *, expected: str = "") -> Header:
    """Recognise the register by its headings and give each column its field.

    `expected`: letters of the register the officer said it is, if any. Raises RuleBroken: workbook_too_many_columns,
    workbook_register_unknown, workbook_other_register, workbook_column_twice, workbook_columns_missing.
    """
    if len(cells) > MOST_COLUMNS:
        raise RuleBroken("workbook_too_many_columns", most=MOST_COLUMNS)
    names = [plain(cell) for cell in cells]
    letters = _register_of({name for name in names if name})
    if expected and letters != expected:
        raise RuleBroken("workbook_other_register", found=letters, wanted=expected)
    fields = _fields_of(letters)
    columns, unknown = [], []
    for position, name in enumerate(names):
        if name in fields:
            columns.append((position, fields[name]))
        elif name and name != plain(ROW_NUMBER):
            unknown.append(position)
    _refuse_doubles(columns)
    _refuse_without_keys(letters, columns)
    template = _template_of(letters, set(names))
    warnings = [
        Problem("column_unknown", "", Severity.WARNING, {"column": cells[at].strip(), "place": column_letters(at + 1)})
        for at in unknown
    ]
    warnings += _missing(letters, template, set(names))
    keys = tuple(
        ROW_NUMBER if name == plain(ROW_NUMBER) else fields[name].import_key
        for name in names
        if name == plain(ROW_NUMBER) or name in fields
    )
    return Header(letters, template, tuple(columns), keys, tuple(warnings))


def _register_of(names: set[str]) -> str:
    """The register whose template these headings fit best: as many of its own, as few missing as possible."""
    best, letters = 0.0, ""
    for candidate in REGISTER_TYPES:
        known = len(names & _fields_of(candidate).keys())
        for template in _templates_of(candidate).values():
            score = known / len(template | names)
            if score > best:
                best, letters = score, candidate
    if not letters or len(names & _fields_of(letters).keys()) < LEAST_SHARE * len(names - {plain(ROW_NUMBER)}):
        raise RuleBroken("workbook_register_unknown")
    return letters


def _template_of(letters: str, names: set[str]) -> str:
    templates = _templates_of(letters)
    # the headings that templates differ in decide; on a tie the newest
    return max(templates, key=lambda name: len(templates[name] & names) - len(templates[name] - names))


def _refuse_doubles(columns: list[tuple[int, Field]]) -> None:
    seen: dict[str, int] = {}
    for position, field in columns:
        if field.code in seen:
            raise RuleBroken(
                "workbook_column_twice",
                column=field.import_key,
                places=f"{column_letters(seen[field.code] + 1)}, {column_letters(position + 1)}",
            )
        seen[field.code] = position


def _refuse_without_keys(letters: str, columns: list[tuple[int, Field]]) -> None:
    there = {field.code for _, field in columns}
    missing = [f.import_key for f in newest_version(letters).fields if f.need is Need.KEY and f.code not in there]
    if missing:
        raise RuleBroken("workbook_columns_missing", register_type=letters, columns=", ".join(missing))


def _missing(letters: str, template: str, names: set[str]) -> list[Problem]:
    fields = _fields_of(letters)
    gone = sorted(_templates_of(letters)[template] - names - {plain(ROW_NUMBER)})
    return [
        Problem("column_missing", fields[name].code, Severity.WARNING, {"column": fields[name].import_key})
        for name in gone
        if name in fields
    ]


@cache
def import_keys(letters: str) -> dict[str, str]:
    """Field -> heading, over all eras of a register."""
    return {
        field.code: field.import_key for version in REGISTER_TYPES[letters].every_version for field in version.fields
    }
