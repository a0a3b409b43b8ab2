"""What a proposed change of the configuration would do: cases and records of one's own offices, judged both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from hotich.intake.models import Case
from hotich.records.models import Record
from hotich.registers.codes import CodeList
from hotich.registers.models import ConfigurationProposal
from hotich.registers.queries.configuration import configuration_in_force, local_change
from hotich.registers.rules.configuration import Configuration, Kind, snapshot_of
from hotich.registers.rules.examine import examine
from hotich.registers.rules.snapshot import Snapshot, using
from hotich.registers.rules.values import text_of
from hotich.registers.types import UnknownRegister, version_by_id
from hotich.registers.types.declaration import Channel, RegisterVersion

SAMPLE = 400  # of cases, and as many of records: some 0.3 ms each, twice


@dataclass(frozen=True, slots=True)
class Difference:
    """One finding, and in how many cases it would appear and disappear."""

    code: str
    appears: int
    disappears: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What was tried on how many cases and records. `read_otherwise`: words that would be read as another code."""

    cases: int
    records: int
    differences: tuple[Difference, ...]
    read_otherwise: int
    uses: int  # values of the codes that the proposal is about

    @property
    def tried(self) -> int:
        """Cases and records together."""
        return self.cases + self.records

    @property
    def changes_nothing(self) -> bool:
        """Whether the sample is judged as before."""
        return not self.differences and not self.read_otherwise


def preview_of(proposal: ConfigurationProposal, *, today: date, sample: int = SAMPLE) -> Preview:
    """The newest cases and records within the offices of the transaction, under what holds now and what is proposed."""
    now = configuration_in_force(today)
    before, after = snapshot_of(now), snapshot_of(_after(now, proposal))
    cases = list(Case.objects.order_by("-id").values_list(*_COLUMNS)[:sample])
    records = list(Record.objects.order_by("-id").values_list(*_COLUMNS)[:sample])
    appears: Counter[str] = Counter()
    disappears: Counter[str] = Counter()
    read_otherwise = uses = 0
    codes = {item.key for item in proposal.changes.all() if item.kind == Kind.CODE}
    for version, recorded, standard, channel in _known(chain(cases, records)):
        old, new = (_findings(snapshot, version, recorded, channel, today) for snapshot in (before, after))
        appears.update(new - old)
        disappears.update(old - new)
        if codes:
            read_otherwise += _read_otherwise(before, after, version, recorded)
            uses += _uses(version, standard, codes)
    found = sorted({*appears, *disappears})
    differences = tuple(Difference(code, appears[code], disappears[code]) for code in found)
    return Preview(len(cases), len(records), differences, read_otherwise, uses)


_COLUMNS = ("schema_version", "as_recorded", "standard", "channel")
Row = tuple[RegisterVersion, dict[str, Any], dict[str, Any], str]


def _known(rows: Iterator[Sequence[Any]]) -> Iterator[Row]:
    for schema_version, recorded, standard, channel in rows:
        try:
            yield version_by_id(schema_version), recorded, standard, channel
        except UnknownRegister:
            continue


def _after(now: Configuration, proposal: ConfigurationProposal) -> Configuration:
    """What would be in force if the proposal were approved."""
    changes = list(proposal.changes.all())
    gone = [local_change(item.takes_back) for item in changes if item.takes_back is not None]
    kept = list(now.changes)
    for change in gone:
        if change in kept:
            kept.remove(change)
    added = [local_change(item) for item in changes if item.takes_back_id is None]
    return Configuration(f"{now.stamp} {proposal.id}", now.day, (*kept, *added))


def _findings(
    snapshot: Snapshot, version: RegisterVersion, recorded: dict[str, Any], channel: str, today: date
) -> set[str]:
    with using(snapshot):
        found = examine(version, recorded, channel=Channel(channel), today=today)
    return {problem.code for problem in found.problems}


def _read_otherwise(before: Snapshot, after: Snapshot, version: RegisterVersion, recorded: dict[str, Any]) -> int:
    """How many words of a case would be read as another code, or as one at last."""
    count = 0
    for field in version.fields:
        if not field.code_list or field.code not in recorded:
            continue
        lists: tuple[CodeList, CodeList] = before.lists[field.code_list], after.lists[field.code_list]
        if lists[0] is not lists[1]:
            text = text_of(recorded, field.code)
            count += bool(text) and lists[0].lookup(text) != lists[1].lookup(text)
    return count


def _uses(version: RegisterVersion, standard: dict[str, Any], codes: set[str]) -> int:
    """How many values of a case are one of these codes."""
    return sum(
        f"{field.code_list}/{standard[field.code].get('value', '')}" in codes
        for field in version.fields
        if field.code_list and field.code in standard
    )
