"""What a comparison found goes into the database, in pieces: checks, numbers taken over, items of the tracking list.

What a human has decided, or is deciding, is never written over: a check somebody made on a screen, one the police have
confirmed, one that waits for an answer, one that is on the tracking list or from which a request came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import orjson

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.copy import copy_objects, update_objects
from hotich.database.scope import office_scope
from hotich.persons.services.identities import TakenOver, take_over_identities, withdraw_identity
from hotich.reconciliation.models import (
    CheckOutcome,
    CheckWay,
    MatchRun,
    PopulationCheck,
    PopulationRequest,
    RunState,
    TrackingItem,
)
from hotich.reconciliation.queries.book_facts import facts_of_record
from hotich.reconciliation.queries.faulty_items import faulty_items
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.rules.comparison import compare
from hotich.reconciliation.rules.faulty_items import Fault, in_halves
from hotich.reconciliation.rules.match_runs import (
    MOST_CANDIDATES,
    PIECE,
    UNDER_WAY,
    added,
    citizen_of,
    evidence_list,
)
from hotich.reconciliation.services.access import system_at
from hotich.reconciliation.services.faulty_items import Subject, put_aside, take_off
from hotich.reconciliation.services.match_run_reading import ROW_GROUP, rows_after
from hotich.reconciliation.services.match_runs import change_state, note
from hotich.reconciliation.services.tracking import open_items
from hotich.records.models import Participant, Record, RecordState
from hotich.records.rules.keys import personal_id_key
from hotich.records.rules.participants import participant_id
from hotich.records.services.access import lookup_secret

KEPT, CHANGED = "kept", "changed"
"""Counted beside the outcomes: a human's check stands; the record was changed while the run went on."""

CITIZEN_COLUMNS = (
    "id", "full_name", "birth_date", "sex", "father_name", "mother_name", "province_code", "commune_code", "personal_id",
    "old_id", "ethnicity", "nationality", "native_place", "spouse_name", "life", "father_personal_id",
    "mother_personal_id", "birth_registration_place", "residence",
)  # fmt: skip
_WRITTEN = (
    "participant_id", "outcome", "way", "citizen_ref", "citizen", "personal_id", "personal_id_key", "is_taken_over",
    "differences", "score", "margin", "evidence", "candidates", "decided_at", "run_id", "version",
)  # fmt: skip
_OF_THE_RUN = ("run_id", "decided_at")
_EQUAL = "Trùng khớp khi đối chiếu hàng loạt với CSDL dân cư"
_NOT_HIS = "Lần đối chiếu hàng loạt sau không còn trùng khớp"
Key = tuple[UUID, str]


def results_query(db: duckdb.DuckDBPyConnection, place: Any, target: Path) -> str:
    """The statement that joins participants, answers and citizens into one file: `place` from 1, in order of office,
    record and role. Citizens have the columns that the population has."""
    population = f"read_parquet('{place.population}')"
    present = {row[0] for row in db.execute(f"describe select * from {population}").fetchall()}
    citizen = ", ".join(f"{name} := cast(q.{name} as varchar)" for name in CITIZEN_COLUMNS if name in present)
    return f"""
        copy (
            with chosen as (
                select c.record_id, list(struct_pack({citizen}) order by c.place) as candidates
                from read_parquet('{place.candidates}') c join {population} q on q.id = c.person_id
                where c.place <= {MOST_CANDIDATES} group by c.record_id)
            select row_number() over (order by r.office, r.record, r.role) as place,
                   r.id, r.office, r.record, r.version, r.role, o.outcome, o.score, o.margin, o.evidence,
                   case when q.id is not null then struct_pack({citizen}) end as citizen, chosen.candidates
            from read_parquet('{place.records}') r join read_parquet('{place.answers}') o on o.record_id = r.id
            left join {population} q on q.id = o.person_id left join chosen on chosen.record_id = r.id
            order by place
        ) to '{target}' (format parquet, row_group_size {ROW_GROUP})"""


def write_next_piece(*, at: datetime, run_id: UUID, office_id: int, results: Path) -> bool:
    """Write the next checks of a run, at most 1,000, in one transaction with the place in the run; whether there may be
    more. A piece that fails is written in halves, and whoever is the cause is put aside. `office_id`: of the run. The system
    acts, at that office, and sees the rows of those the records are of; each of them has an act of its own in the trail."""
    return in_halves(
        PIECE,
        lambda faults, size: _write_some(at, run_id, office_id, results, faults, size),
    )


def _write_some(at: datetime, run_id: UUID, office_id: int, results: Path, faults: Sequence[Fault], size: int) -> bool:
    """The next rows: as many as there are faults are put aside with them, then so many are written."""
    with office_scope([office_id]):
        # the model, some hundred numbers, is of no use here
        run = MatchRun.objects.filter(id=run_id, state=RunState.WRITING).defer("model").first()
    if run is None:
        return False
    rows = rows_after(results, run.written, len(faults) + size)
    if not rows:
        end_run(at, run)
        return False
    system = system_at(office_id, *{int(row["office"]) for row in rows})
    with office_scope(system.office_ids), unit_of_work(actor=system, at=at) as work:
        locked = (
            MatchRun.objects.select_for_update(of=("self",))
            .filter(id=run_id, state=RunState.WRITING, written=run.written)
            .defer("model")
        )
        if (held := locked.first()) is None:
            return MatchRun.objects.filter(id=run_id, state=RunState.WRITING).exists()
        bad, good = rows[: len(faults)], rows[len(faults) :]
        aside = put_aside(held, [_subject_of(row) for row in bad], faults, at=at)
        for office, counted in _by_office(_Piece(work, held).write(good), aside):
            held.counts = added(held.counts, office, counted)
            note(work, held, "match_run.piece_written", office=office, facts=_facts(counted) | _aside(aside, office))
        if held.is_retry:
            take_off(held, [_subject_of(row) for row in good])
        held.written += len(rows)
        held.save(update_fields=["written", "counts"])
    return True


def _subject_of(row: Mapping[str, Any]) -> Subject:
    return Subject(UUID(row["record"]), int(row["office"]), row["role"], UUID(row["id"]))


def _by_office(written: Mapping[int, Counter[str]], aside: Mapping[int, int]) -> list[tuple[int, Counter[str]]]:
    """What was counted of each office, also of those of which there is nothing but what was put aside."""
    return [*written.items(), *((office, Counter()) for office in aside if office not in written)]


def _aside(aside: Mapping[int, int], office: int) -> dict[str, int]:
    return {"faulty_items": aside[office]} if aside.get(office) else {}


def _facts(counts: Mapping[str, Any]) -> dict[str, int]:
    """The counts as the trail calls them."""
    return {
        "equal": counts.get(CheckOutcome.EQUAL, 0), "different": counts.get(CheckOutcome.DIFFERENT, 0),
        "absent": counts.get(CheckOutcome.ABSENT, 0), "clerk": counts.get(CheckOutcome.CLERK, 0),
        "checks_kept": counts.get(KEPT, 0), "records_changed": counts.get(CHANGED, 0),
    }  # fmt: skip


def end_run(at: datetime, run: MatchRun) -> None:
    """Everything is written. Nothing happens to a run that was stopped meanwhile."""
    system = system_at(run.origin_office_id)
    with office_scope(system.office_ids), unit_of_work(actor=system, at=at) as work:
        held = MatchRun.objects.select_for_update(of=("self",)).filter(id=run.id, state__in=UNDER_WAY).first()
        if held is None:
            return
        if held.is_retry:
            held.is_retry, held.written = False, held.participants
        change_state(held, "end", "is_retry", "written", at=at)
        left = faulty_items(held).count()
        note(work, held, "match_run.done", facts=_facts(held.counts) | ({"faulty_items": left} if left else {}))
        work.announce("match_run.done", subject_kind="match_run", subject_id=held.id, office=held.origin_office_id)


@dataclass(slots=True)
class _Piece:
    """The checks of one piece, of one office or of several."""

    work: UnitOfWork
    run: MatchRun
    counted: dict[int, Counter[str]] = field(default_factory=dict)
    fresh: list[PopulationCheck] = field(default_factory=list)
    again: list[PopulationCheck] = field(default_factory=list)
    same: list[UUID] = field(default_factory=list)
    given_up: list[UUID] = field(default_factory=list)  # participants whose number is another one's after all
    secret: str = field(default_factory=lookup_secret)

    def write(self, rows: Sequence[Mapping[str, Any]]) -> dict[int, Counter[str]]:
        """By office, in the order of the rows: how many of each outcome, of those kept and of those whose record changed."""
        records = self._records({UUID(row["record"]) for row in rows})
        facts = {record.id: facts_of_record(record) for record in records.values()}
        standing = self._standing(records)
        untouchable = self._untouchable(standing.values())
        for row in rows:
            counted = self.counted.setdefault(int(row["office"]), Counter())
            record = records.get(UUID(row["record"]))
            told = facts[record.id].get(row["role"]) if record is not None else None
            is_there = record is not None and record.origin_office_id == row["office"]
            if record is None or told is None or not is_there or record.version != row["version"]:
                counted[CHANGED] += 1
                continue
            check = standing.get((record.id, row["role"]))
            if check is not None and check.id in untouchable:
                counted[KEPT] += 1
                continue
            counted[self._check(record, told, row, check)] += 1
        self._keep(set(Participant.objects.filter(record__in=records).values_list("id", flat=True)))
        return self.counted

    def _records(self, ids: set[UUID]) -> dict[UUID, Record]:
        found = Record.objects.filter(
            id__in=ids, origin_office_id__in=self.work.actor.office_ids, state=RecordState.IN_FORCE
        )
        return {record.id: record for record in found.prefetch_related("annotations")}

    def _standing(self, records: Mapping[UUID, Record]) -> dict[Key, PopulationCheck]:
        found = PopulationCheck.objects.select_for_update().filter(record__in=records).order_by("id")
        return {(check.record_id, check.role): check for check in found if check.record_id is not None}

    def _untouchable(self, checks: Any) -> set[UUID]:
        """Those a human has decided or is deciding."""
        ids = [check.id for check in checks]
        human = {
            check.id
            for check in checks
            if check.decided_by is not None
            or check.confirmed_by is not None
            or check.way != CheckWay.BATCH
            or check.outcome == CheckOutcome.PENDING
        }
        human |= set(TrackingItem.objects.filter(check_of__in=ids).values_list("check_of_id", flat=True))
        return human | set(PopulationRequest.objects.filter(check_of__in=ids).values_list("check_of_id", flat=True))

    def _check(self, record: Record, facts: BookFacts, row: Mapping[str, Any], check: PopulationCheck | None) -> str:
        """Take a row in; its outcome."""
        values = self._values(record, facts, row)
        if check is None:
            made = PopulationCheck(
                origin_office_id=record.origin_office_id, record=record, case_id=record.source_case_id, role=facts.role,
                **values,
            )  # fmt: skip
            self.fresh.append(made)
        elif all(getattr(check, name) == value for name, value in values.items() if name not in _OF_THE_RUN):
            self.same.append(check.id)
        else:
            if check.is_taken_over and not values["is_taken_over"]:
                self.given_up.append(values["participant_id"])
            for name, value in values.items():
                setattr(check, name, value)
            check.version += 1
            self.again.append(check)
        return str(values["outcome"])

    def _values(self, record: Record, facts: BookFacts, row: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {
            "participant_id": participant_id(record.id, facts.role), "outcome": CheckOutcome(row["outcome"]),
            "way": CheckWay.BATCH, "citizen_ref": "", "citizen": {}, "personal_id": "", "personal_id_key": "",
            "is_taken_over": False, "differences": [], "score": row["score"], "margin": row["margin"], "evidence": [],
            "candidates": [], "decided_at": self.work.at, "run_id": self.run.id,
        }  # fmt: skip
        if row["outcome"] in (CheckOutcome.EQUAL, CheckOutcome.DIFFERENT):
            citizen = citizen_of(row["citizen"])
            found = compare(facts, citizen)
            values |= {
                "outcome": CheckOutcome(found.outcome), "citizen_ref": citizen.ref[:40], "citizen": citizen.as_json(),
                "personal_id": citizen.personal_id[:12],
                "personal_id_key": personal_id_key(self.secret, citizen.personal_id),
                "differences": [each.as_json() for each in found.differences],
                "evidence": evidence_list(orjson.loads(row["evidence"] or b"{}")),
                "is_taken_over": found.outcome == "equal" and _is_number(citizen.personal_id),
            }  # fmt: skip
        elif row["outcome"] == CheckOutcome.CLERK:
            values["candidates"] = [citizen_of(each).as_json() for each in row["candidates"] or []]
            values["evidence"] = evidence_list(orjson.loads(row["evidence"] or b"{}"))
        return values

    def _keep(self, participants: set[UUID]) -> None:
        """Into the database: the checks, the list of those who differ, the numbers of those who are equal – these last, since
        from then on until the end of the piece whoever enters one of these numbers waits."""
        copy_objects(self.fresh)
        update_objects(self.again, _WRITTEN)
        PopulationCheck.objects.filter(id__in=self.same).update(run_id=self.run.id)
        written = [*self.fresh, *self.again]
        if differing := [check for check in written if check.outcome == CheckOutcome.DIFFERENT]:
            open_items(self.work, checks=differing)
        for person in self.given_up:
            if person in participants:
                withdraw_identity(actor=self.work.actor, at=self.work.at, participant_id=person, reason=_NOT_HIS)
        taken = [
            TakenOver(check.participant_id, check.personal_id, check.citizen_ref, _EQUAL)
            for check in written
            if check.is_taken_over and check.participant_id in participants
        ]
        if taken:
            take_over_identities(actor=self.work.actor, at=self.work.at, taken=taken)


def _is_number(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdigit()
