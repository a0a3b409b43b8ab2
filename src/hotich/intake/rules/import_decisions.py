"""What becomes of a row: stored, put in the place of a held one, unchanged, or not stored at all. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from hotich.intake.rules.row_examination import Finding, RowResult
from hotich.registers.rules.examine import CaseKeys
from hotich.registers.rules.values import AsRecorded, text_of

NUMBER_UNIQUE = "registration_number_unique"
ROW_REPEATED = "row_repeated"
REPLACEABLE = frozenset({"held", "returned"})

NumberKey = tuple[str, int, int, int, str]
"""Book number, year of the book, year of registration, number, suffix."""


class Fate(StrEnum):
    """What is done with a row."""

    NEW = "new"
    REPLACES = "replaces"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class Known(NamedTuple):
    """A case that is there already."""

    id: UUID
    source: str | None  # the file or package it came by
    row: int
    state: str
    digest: str
    has_scan: bool
    part: str = ""  # of a case with several rows: which


class Decision(NamedTuple):
    """What becomes of a row, with all findings about it."""

    result: RowResult
    fate: Fate
    problems: list[Finding]
    known: Known | None = None

    @property
    def is_held(self) -> bool:
        """Whether a stored row must be corrected before approval."""
        return any(problem[2] == "error" for problem in self.problems)


def source_words(name: str | None) -> str:
    """The file or package of a row, as it is told behind the number of the row."""
    return f" · {name}" if name else ""


def number_key(keys: CaseKeys) -> NumberKey | None:
    """What must be unique at an office and in a register; None when a part of it is not known."""
    if keys.number is None or keys.book_year is None or keys.registration_year is None or not keys.book_number:
        return None
    return keys.book_number, keys.book_year, keys.registration_year, keys.number, keys.number_suffix.lower()


def part_of(as_recorded: AsRecorded, row_fields: Sequence[str]) -> str:
    """Which row of a case with several rows this is; "" where a case has one row only."""
    return "\x1f".join(text_of(as_recorded, code).strip().casefold() for code in row_fields)


@dataclass(slots=True)
class Decider:
    """Decides row after row of one workbook, remembering what came before."""

    row_fields: Sequence[str] = ()
    _rows: dict[str, int] = field(default_factory=dict)  # digest -> first row
    _numbers: dict[NumberKey, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))  # part -> row
    _claimed: set[UUID] = field(default_factory=set)

    def replay(self, result: RowResult) -> None:
        """A row that was stored before the import was interrupted."""
        if not result.is_rejected:
            self._remember(result)

    def decide(
        self,
        result: RowResult,
        by_digest: Mapping[str, Known],
        by_number: Mapping[NumberKey, Sequence[Known]],
        digests: Collection[str] = (),
    ) -> Decision:
        """`by_digest`, `by_number`: cases of this office and register from other batches; `digests`: of the rows near."""
        if result.is_rejected:
            return Decision(result, Fate.REJECTED, result.problems)
        if (first := self._rows.get(result.digest)) is not None:
            return Decision(result, Fate.REJECTED, [(ROW_REPEATED, "", "error", {"row": first})])
        if (same := by_digest.get(result.digest)) is not None:
            self._remember(result)
            self._claimed.add(same.id)
            return Decision(result, Fate.UNCHANGED, [], same)
        replaced, clash = self._neighbours(result, by_number, digests)
        self._remember(result)
        problems = [clash, *result.problems] if clash else result.problems
        if replaced is not None:
            self._claimed.add(replaced.id)
            return Decision(result, Fate.REPLACES, problems, replaced)
        return Decision(result, Fate.NEW, problems)

    def _remember(self, result: RowResult) -> None:
        self._rows.setdefault(result.digest, result.row)
        key = number_key(result.keys)
        if key is not None:
            self._numbers[key].setdefault(self._part(result), result.row)

    def _part(self, result: RowResult) -> str:
        return part_of(result.as_recorded, self.row_fields) if self.row_fields else ""

    def _neighbours(
        self,
        result: RowResult,
        by_number: Mapping[NumberKey, Sequence[Known]],
        digests: Collection[str],
    ) -> tuple[Known | None, Finding | None]:
        """The held case this row corrects, and the finding that its number is another row's."""
        key = number_key(result.keys)
        if key is None:
            return None, None
        part = self._part(result)
        others = [known for known in by_number.get(key, ()) if known.id not in self._claimed]
        replaced = self._corrected(result.row, part, others, digests)
        params: dict[str, object] = {"number": result.keys.number_text}
        earlier = self._numbers[key].get(part) if key in self._numbers else None
        if earlier is not None:
            return replaced, (NUMBER_UNIQUE, "registration_number", "error", {**params, "row": earlier, "batch": ""})
        for known in by_number.get(key, ()):
            is_other = replaced is None or known.id != replaced.id
            if is_other and known.part == part and known.state not in REPLACEABLE:
                params |= {"row": known.row, "batch": source_words(known.source)}
                return replaced, (NUMBER_UNIQUE, "registration_number", "error", params)
        return replaced, None

    def _corrected(self, row: int, part: str, others: Sequence[Known], digests: Collection[str]) -> Known | None:
        free = [known for known in others if known.state in REPLACEABLE and known.digest not in digests]
        if self.row_fields:  # of several rows of a case: the same change, else the same line of the sheet
            change = part.partition("\x1f")[0]
            free = [
                known
                for known in free
                if known.part == part or known.row == row or known.part.partition("\x1f")[0] == change
            ]
            free.sort(key=lambda known: (known.part != part, known.row != row))
        else:
            free.sort(key=lambda known: known.row != row)
        return free[0] if free else None
