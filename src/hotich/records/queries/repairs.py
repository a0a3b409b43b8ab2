"""Reads: what the checks say of a keying repair before it is made, and what a record said before each one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotich.kernel.problems import Problem, Severity
from hotich.records.models import KeyingRepair, Record, RecordVersion, RegistrationNumber
from hotich.registers.rules.examine import Examination, examine
from hotich.registers.rules.values import AsRecorded
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import Channel

ITEMS = "change_items"


@dataclass(frozen=True, slots=True)
class RepairCheck:
    """What the checks find in the repaired values and did not find before, and the other way round.

    `number_taken`: another entry of the book has the number; the repair will be refused.
    """

    fresh: tuple[Problem, ...]
    gone: tuple[Problem, ...]
    number_taken: bool
    number_text: str

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Findings for which the repair will be refused."""
        return tuple(problem for problem in self.fresh if problem.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a record: what it said, since which repair, and the repair that ended it."""

    number: int
    values: Mapping[str, Any]
    made_by: KeyingRepair | None


def check_repair(record: Record, changed: Mapping[str, Any]) -> RepairCheck:
    """Run the checks of the register on the record with these values ("" = nothing there)."""
    before = examined(record, record.as_recorded)
    after = examined(record, repaired_values(record, changed))
    old, new = ({(item.code, item.field): item for item in found.problems} for found in (before, after))
    keys = after.keys
    return RepairCheck(
        fresh=tuple(item for key, item in new.items() if key not in old),
        gone=tuple(item for key, item in old.items() if key not in new),
        number_taken=number_taken(record, keys.number, keys.number_suffix, keys.registration_year),
        number_text=keys.number_text,
    )


def repaired_values(record: Record, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the record with these put right; what was emptied is left out."""
    values = {**record.as_recorded, **changed}
    return {code: value for code, value in values.items() if value not in ("", None)}


def examined(record: Record, values: Mapping[str, Any]) -> Examination:
    """The checks on these values of the record."""
    # an entry of several rows is examined with its first one: the checks look at one row at a time
    rows: list[AsRecorded] = values.get(ITEMS) or [{}]
    one = {code: value for code, value in values.items() if code != ITEMS} | dict(rows[0])
    return examine(version_by_id(record.schema_version), one, channel=Channel(record.channel))


def number_taken(record: Record, number: int | None, suffix: str, year: int | None) -> bool:
    """Whether this number of the record's book belongs to another entry, or was declared void or missing."""
    if number is None or (number, suffix, year) == (record.number, record.number_suffix, record.registration_year):
        return False
    found = RegistrationNumber.objects.filter(
        book_id=record.book_id,
        number=number,
        number_suffix=suffix,
        registration_year=year or record.book.opening_year,
    )
    return found.exclude(record=record).exists()


def editions_of(record: Record) -> list[Edition]:
    """Every version of the record, the oldest first, each with the repair that made it."""
    kept = list(RecordVersion.objects.filter(record=record).order_by("version"))
    ended = KeyingRepair.objects.in_bulk([each.repair_id for each in kept if each.repair_id])
    made: list[Edition] = []
    maker: KeyingRepair | None = None
    for each in kept:
        made.append(Edition(each.version, each.as_recorded, maker))
        maker = ended.get(each.repair_id) if each.repair_id else None
    return [*made, Edition(record.version, record.as_recorded, maker)]
