"""One row of a workbook, from its cells to a case with its findings. Pure, so that other processes can do it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import orjson

from hotich.intake.rules.workbook_repair import NUMBER_COMPOSED, Raw, compose_number, mend
from hotich.intake.rules.workbook_rows import RawRow
from hotich.kernel.problems import Problem, Severity
from hotich.registers.rules.cells import from_cell, to_cell, to_cells
from hotich.registers.rules.configuration import Configuration, default_era
from hotich.registers.rules.examine import CaseKeys, OfficeFacts, examine, with_surrogates
from hotich.registers.rules.reading import read_date, registration_year
from hotich.registers.rules.values import AsRecorded, Reason, Recorded, text_of
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.types.declaration import Channel, Era, Field, RegisterVersion

CELL_IS_FORMULA = "cell_is_formula"
CELL_HAS_ERROR_VALUE = "cell_has_error_value"
ERA_WITHOUT_REGISTER = "era_without_register"
MOST_REMEMBERED = 50_000  # texts a column whose repair is remembered

Finding = tuple[str, str, str, dict[str, Any]]
"""Code, field, severity, params: a Problem that travels between processes cheaply."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all rows of a workbook."""

    letters: str
    columns: tuple[tuple[int, Field], ...]
    formulas: frozenset[tuple[int, int]] = frozenset()
    faulty: frozenset[tuple[int, int]] = frozenset()
    era: str = ""  # of the book, where the officer said it
    channel: str = Channel.HISTORICAL.value
    office: OfficeFacts | None = None
    today: date | None = None
    marked: frozenset[int] = field(default_factory=frozenset)  # rows with formulas or error values
    configuration: Configuration | None = None  # in force when the import began; a helping process knows no other


class RowResult(NamedTuple):
    """A row read, repaired and examined."""

    row: int
    digest: str
    schema_version: str
    era: str
    recorded: bytes  # JSON with its keys in order: made once for the fingerprint, the table and the trail
    standard: bytes  # JSON, ready to be stored
    problems: list[Finding]
    repairs: list[Finding]
    keys: CaseKeys
    is_rejected: bool
    has_errors: bool

    @property
    def as_recorded(self) -> dict[str, Recorded]:
        """The values, read again from `recorded`."""
        values: dict[str, Recorded] = orjson.loads(self.recorded)
        return values


def cells_of(version: RegisterVersion, as_recorded: AsRecorded) -> dict[str, str]:
    """The cells a case has in a workbook: surrogates of ours are no cells, they stay blank."""
    return to_cells(version, {code: raw for code, raw in as_recorded.items() if not _is_ours(raw)})


def _is_ours(raw: Recorded) -> bool:
    return not isinstance(raw, str) and raw.get("reason") == Reason.ASSIGNED.value


def digest_of(letters: str, as_recorded: AsRecorded) -> str:
    """The fingerprint of a row, or of a case when it is exported and comes back: register and cells, in any order."""
    cells = {}
    for code, raw in as_recorded.items():
        text = raw if type(raw) is str else "" if _is_ours(raw) else to_cell(raw)
        if text:
            cells[code] = text
    return hashlib.sha256(orjson.dumps([letters, cells], option=orjson.OPT_SORT_KEYS)).hexdigest()


def _fingerprint(letters: str, as_recorded: AsRecorded, written: bytes) -> str:
    """`digest_of` for a row whose JSON is there already; texts alone, which nearly all rows are, need no second one."""
    if b":{" in written:
        return digest_of(letters, as_recorded)
    return hashlib.sha256(b'["%b",%b]' % (letters.encode(), written)).hexdigest()


def _json_in_order(as_recorded: AsRecorded) -> bytes:
    return orjson.dumps(as_recorded, option=orjson.OPT_SORT_KEYS)


def era_of(as_recorded: AsRecorded) -> Era:
    """The era of a row nobody gave one: by the date of registration, else by the year of its number or its book."""
    day = _registered_on(as_recorded)
    if day is not None:
        return default_era(day)
    year = registration_year(as_recorded)
    if year is None:
        tail = text_of(as_recorded, "register_book_no")[-4:]
        year = int(tail) if tail.isascii() and tail.isdigit() and tail[:2] in ("18", "19", "20") else None
    return default_era(date(year, 12, 31)) if year else Era.L2014


def _registered_on(as_recorded: AsRecorded) -> date | None:
    span = read_date(text_of(as_recorded, "registration_date"), None).span
    return span.earliest if span is not None else None


def version_in(letters: str, era: Era, as_recorded: AsRecorded) -> tuple[RegisterVersion, bool]:
    """The version of a register in an era at the day of registration, and whether there was one; else the nearest."""
    register = REGISTER_TYPES[letters]
    versions = register.versions
    if era in versions:
        return (register.version_on(era, _registered_on(as_recorded)) if register.earlier else versions[era]), True
    eras = list(Era)
    later = [found for found in eras[eras.index(era) :] if found in versions]
    return versions[later[0] if later else list(versions)[-1]], False


class RowExaminer:
    """Examines the rows of one workbook. Remembers how texts were repaired: books repeat theirs."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._channel = Channel(setting.channel)
        memories: list[dict[str, tuple[Recorded | None, str, str]]] = [{} for _ in setting.columns]
        self._columns = [
            (position, item, memory) for (position, item), memory in zip(setting.columns, memories, strict=True)
        ]

    def examine_all(self, rows: Iterable[RawRow]) -> list[RowResult]:
        """The rows, in order."""
        return [self.examine_row(number, cells) for number, cells in rows]

    def examine_row(self, number: int, raw: Sequence[Raw]) -> RowResult:
        """One row. Never raises for bad data."""
        recorded, repairs = self._mended(raw)
        setting = self.setting
        repairs += self._compose(recorded)
        era = Era(setting.era) if setting.era else era_of(recorded)
        version, existed = version_in(setting.letters, era, recorded)
        written = _json_in_order(recorded)
        recorded_then = with_surrogates(version, recorded)
        found = examine(version, recorded_then, channel=self._channel, office=setting.office, today=setting.today)
        problems = [finding_of(problem) for problem in found.problems] if found.problems else []
        if number in setting.marked:
            problems = self._marks(number) + problems
        if not existed:
            problems.insert(0, (ERA_WITHOUT_REGISTER, "registration_date", "error", {"era": era.value}))
        return RowResult(
            number,
            _fingerprint(setting.letters, recorded, written),
            version.id,
            version.era.value,
            written if recorded_then is recorded else _json_in_order(recorded_then),
            orjson.dumps(found.standard),
            problems,
            repairs,
            found.keys,
            bool(problems) and found.is_rejected,
            any(problem[2] == "error" for problem in problems),
        )

    def _mended(self, raw: Sequence[Raw]) -> tuple[dict[str, Recorded], list[Finding]]:
        recorded: dict[str, Recorded] = {}
        repairs: list[Finding] = []
        width = len(raw)
        for position, item, memory in self._columns:
            value = raw[position] if position < width else ""
            if type(value) is str:
                if not value:
                    continue
                known = memory.get(value)
                if known is None:
                    known = _kept(item, value)
                    if len(memory) < MOST_REMEMBERED:
                        memory[value] = known
            else:
                known = _kept(item, value)
            kept, text, code = known
            if kept is not None:
                recorded[item.code] = kept
            if code:
                repairs.append((code, item.code, "warning", _told(item, value, text)))
        return recorded, repairs

    def _compose(self, recorded: dict[str, Recorded]) -> list[Finding]:
        text = recorded.get("registration_number")
        if not isinstance(text, str) or "/" in text:
            return []
        when = read_date(text_of(recorded, "registration_date"), None).date
        whole = compose_number(text, when.year if when else None)
        if not whole:
            return []
        recorded["registration_number"] = whole
        return [(NUMBER_COMPOSED, "registration_number", "warning", {"before": text, "after": whole})]

    def _marks(self, number: int) -> list[Finding]:
        found: list[Finding] = []
        for position, item in self.setting.columns:
            if (number, position) in self.setting.formulas:
                found.append((CELL_IS_FORMULA, item.code, "error", {}))
            elif (number, position) in self.setting.faulty:
                found.append((CELL_HAS_ERROR_VALUE, item.code, "error", {}))
        return found


def _kept(item: Field, value: Raw) -> tuple[Recorded | None, str, str]:
    """What is stored of a cell, its text after mending, and the code of what was mended."""
    text, code = mend(item, value)
    return from_cell(text), text, code


def _told(item: Field, before: Raw, after: str) -> dict[str, Any]:
    if item.restricted:
        return {"before": "…", "after": "…"}
    return {"before": before if isinstance(before, str) else str(before), "after": after}


def finding_of(problem: Problem) -> Finding:
    """A problem as it travels and as it is stored."""
    return problem.code, problem.field, problem.severity.value, dict(problem.params)


def problem_of(finding: Finding | Sequence[Any]) -> Problem:
    """The problem of a finding."""
    code, name, severity, params = finding
    return Problem(code, name, Severity(severity), params)
