"""The participants of a comparison, read from the records in force into a file. A record that cannot be read is put aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import duckdb
import orjson

from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.matching.batch.pieces import put
from hotich.reconciliation.models import MatchRun
from hotich.reconciliation.queries.book_facts import facts_of_record
from hotich.reconciliation.queries.faulty_items import roles_put_aside
from hotich.reconciliation.queries.match_runs import numbers_to_compare, offices_of_run, records_to_compare
from hotich.reconciliation.rules.comparison import row_of
from hotich.reconciliation.rules.faulty_items import MOST_IN_A_ROW, Fault, fault_of
from hotich.reconciliation.services.faulty_items import Subject, forget_all, keep_only, now_read, put_aside
from hotich.reconciliation.services.match_runs import bound
from hotich.records.models import Record
from hotich.records.rules.participants import participant_id

Tell = Callable[[str, int, int], None]
CHUNK = 1_000  # records read in one transaction
OFFICES = 100  # looked at together when records are counted


def collect(run: MatchRun, target: Path, tell: Tell, now: Callable[[], datetime]) -> bool:
    """Every participant of the records in force, as a row of `hotich match` with what finds it again; of a run that is
    tried again only those put aside. False when of these nobody is left. Raises RuleBroken match_nothing_to_compare."""
    wanted = _wanted(run)
    numbers = _numbers(run, offices_of_run(run, clock.in_vietnam(now()).date()))
    lines, done = target.with_suffix(".jsonl"), 0
    total = sum(numbers.values()) if wanted is None else len(wanted)
    read: set[UUID] = set()
    tell("collecting", 0, total)
    with lines.open("wb") as out:
        for office in numbers:
            for chunk in _chunks(run, office, wanted):
                _keep_faults(run, office, chunk, now())
                read |= {record.id for record in chunk.records}
                out.writelines(chunk.lines)
                done += len(chunk.records)
                tell("collecting", min(done, total), total)
    if wanted is not None:
        with office_scope([run.origin_office_id]):
            keep_only(run, read)
    if not lines.stat().st_size:
        if wanted is not None:
            return False
        raise RuleBroken("match_nothing_to_compare")
    _as_parquet(lines, target)
    lines.unlink()
    return True


def _wanted(run: MatchRun) -> dict[UUID, set[str]] | None:
    """Whom a run that is tried again still has to do; None when it is everybody, and nobody is put aside yet."""
    with office_scope([run.origin_office_id]):
        if run.is_retry:
            return roles_put_aside(run)
        forget_all(run)
    return None


def _numbers(run: MatchRun, offices: Sequence[int]) -> dict[int, int]:
    """How many records each office has that are taken in; offices without any left out."""
    numbers: dict[int, int] = {}
    for start in range(0, len(offices), OFFICES):
        with office_scope(offices[start : start + OFFICES]):
            numbers |= numbers_to_compare(run, offices[start : start + OFFICES])
    return numbers


@dataclass(slots=True)
class _Chunk:
    """Some records, the lines of their participants, and what could not be read."""

    records: list[Record]
    lines: list[bytes] = field(default_factory=list)
    roles: dict[UUID, dict[str, UUID]] = field(default_factory=dict)  # record -> role -> participant
    faults: list[tuple[Record, Fault]] = field(default_factory=list)


def _chunks(run: MatchRun, office: int, wanted: Mapping[UUID, set[str]] | None) -> Iterator[_Chunk]:
    """The records of an office, a chunk at a time."""
    last: UUID | None = None
    in_a_row = 0  # records that could not be read, none between them that could: not they are at fault then
    while True:
        with office_scope([office]):
            records = records_to_compare(run, office).prefetch_related("annotations")
            if wanted is not None:
                records = records.filter(id__in=wanted)
            chunk = _Chunk(list((records.filter(id__gt=last) if last else records)[:CHUNK]))
            for record in chunk.records:
                try:
                    _take_in(chunk, record, office, None if wanted is None else wanted[record.id])
                    in_a_row = 0
                except Exception as error:
                    in_a_row, fault = in_a_row + 1, fault_of(error)
                    if fault is None or in_a_row >= MOST_IN_A_ROW:
                        raise
                    chunk.faults.append((record, fault))
        if not chunk.records:
            return
        last = chunk.records[-1].id
        yield chunk


def _take_in(chunk: _Chunk, record: Record, office: int, roles: set[str] | None) -> None:
    """The lines of a record's participants: of all, or of these roles ("" among them: all)."""
    lines, found = [], {}
    for facts in facts_of_record(record).values():
        if not facts.full_name.strip() or (roles is not None and not roles & {"", facts.role}):
            continue
        found[facts.role] = participant_id(record.id, facts.role)
        row = row_of(facts) | {
            "id": str(found[facts.role]), "office": office, "record": str(record.id), "version": record.version,
            "role": facts.role,
        }  # fmt: skip
        lines.append(orjson.dumps(row) + b"\n")
    chunk.lines += lines
    chunk.roles[record.id] = found


def _keep_faults(run: MatchRun, office: int, chunk: _Chunk, at: datetime) -> None:
    """What could not be read is put aside; what was put aside and could be read now becomes its participants."""
    if not chunk.faults and not run.is_retry:
        return
    with office_scope([run.origin_office_id, office]):
        if run.is_retry:
            for record_id, roles in chunk.roles.items():
                now_read(run, record_id, roles)
        subjects = [Subject(record.id, office) for record, _fault in chunk.faults]
        put_aside(run, subjects, [fault for _record, fault in chunk.faults], at=at)


_COLUMNS = {
    "id": "varchar", "office": "integer", "record": "varchar", "version": "integer", "role": "varchar",
    "full_name": "varchar", "birth_date": "varchar", "sex": "varchar", "father_name": "varchar",
    "mother_name": "varchar", "personal_id": "varchar", "province_code": "varchar", "commune_code": "varchar",
}  # fmt: skip
_BLANK_IS_NULL = [name for name, kind in _COLUMNS.items() if kind == "varchar" and name not in ("id", "record", "role")]


def _as_parquet(lines: Path, target: Path) -> None:
    named = ", ".join(f"{name}: '{kind}'" for name, kind in _COLUMNS.items())
    nulled = ", ".join(f"nullif(trim({name}), '') as {name}" for name in _BLANK_IS_NULL)
    half = target.with_suffix(".half")
    with duckdb.connect() as db:
        bound(db, target.parent)
        db.execute(
            f"copy (select * replace ({nulled}) from read_json('{lines}', format = 'newline_delimited', "
            f"columns = {{{named}}})) to '{half}' (format parquet)"
        )
    put(half, target)
