"""One piece of a workbook at a time: looked up, decided, stored and written into the trail, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.copy import copy_rows
from hotich.database.scope import office_scope
from hotich.files.services import PDF, NewFile, store_files
from hotich.intake.models import Batch, BatchState
from hotich.intake.queries.known_cases import cases_of_register, known_by_digest, known_by_number
from hotich.intake.queries.report import Report, make_report
from hotich.intake.rules.import_decisions import Decider, Decision, Fate, NumberKey, number_key
from hotich.intake.rules.import_plan import ScanPlan
from hotich.intake.rules.row_examination import Finding, RowResult
from hotich.intake.rules.workbook_header import Header
from hotich.intake.services.access import lock_numbers_of, locked_batch
from hotich.intake.services.case_rows import COLUMNS, case_row, rewrite_cases
from hotich.intake.services.late_scans import link_scans
from hotich.intake.services.scan_linking import ScanDesk
from hotich.intake.services.scans import ScanSource
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import offices_by_id

Looked = tuple[Decision, str]
"""A decision with its findings about the scan added, and the path of the scan ("" for none)."""


class _Desk:
    """Looks rows up and decides about them; what is done then is for others."""

    def __init__(
        self, office_id: int, letters: str, row_fields: Sequence[str], plan: ScanPlan, source: ScanSource | None
    ) -> None:
        self.office_id, self.letters, self.row_fields = office_id, letters, row_fields
        self.decider = Decider(row_fields)
        self.scans = ScanDesk(plan, source)
        self.contents: dict[str, bytes] = {}

    def decide(self, piece: Sequence[RowResult], batch: Batch | None) -> list[Looked]:
        """Decide about a piece; the contents of scans to link are left in `contents`."""
        cases = cases_of_register(self.office_id, self.letters, not_batch=batch.id if batch else None)
        digests = {result.digest for result in piece}
        by_digest = known_by_digest(cases, digests)
        keys: set[NumberKey] = {key for result in piece if (key := number_key(result.keys)) is not None}
        by_number = known_by_number(cases, keys, self.row_fields)
        self.contents = {}
        return [self._with_scan(self.decider.decide(each, by_digest, by_number, digests)) for each in piece]

    def _with_scan(self, decision: Decision) -> Looked:
        name, content, findings = self.scans.take(decision)
        if content is not None:
            self.contents[name] = content
        return (decision._replace(problems=[*findings, *decision.problems]) if findings else decision), name


class ChunkWriter:
    """Stores the rows of one batch. Every piece is whole: a killed import goes on with the next one."""

    def __init__(
        self,
        actor: Actor,
        at: datetime,
        batch: Batch,
        row_fields: Sequence[str],
        plan: ScanPlan,
        source: ScanSource | None,
    ) -> None:
        self.actor, self.at, self.batch = actor, at, batch
        self.done = 0
        self._desk = _Desk(batch.origin_office_id, batch.register_type, row_fields, plan, source)
        if batch.scan_report:
            self._desk.scans.report = dict(batch.scan_report)

    def replay(self, piece: Sequence[RowResult]) -> None:
        """Rows that were stored before the interruption."""
        for result in piece:
            self._desk.decider.replay(result)
            self._desk.scans.replay(result.row)
        self.done += len(piece)

    def store(self, piece: Sequence[RowResult]) -> None:
        """Store a piece. Raises RuleBroken import_running_already when another process is ahead of this one."""
        with office_scope(self.actor.office_ids), unit_of_work(actor=self.actor, at=self.at) as work:
            lock_numbers_of(self.batch.origin_office_id)
            batch = locked_batch(self.actor, self.batch.id)
            if batch.state != BatchState.LOADING or batch.rows_done != self.done:
                raise RuleBroken("import_running_already")
            looked = self._desk.decide(piece, batch)
            files = self._stored_scans()
            self._write(work, batch, looked, files)
            self._count(batch, looked)
        self.done += len(piece)

    def _stored_scans(self) -> dict[str, Any]:
        contents = self._desk.contents
        if not contents:
            return {}
        files = [NewFile(name.rpartition("/")[2], content, PDF) for name, content in contents.items()]
        stored = store_files(office_id=self.batch.origin_office_id, files=files, actor=self.actor, at=self.at)
        return {name: file.id for name, file in zip(contents, stored, strict=True)}

    def _write(self, work: UnitOfWork, batch: Batch, looked: Sequence[Looked], files: dict[str, Any]) -> None:
        officer = self.actor.officer_id or 0
        fresh, replaced, linked = [], [], []
        for decision, name in looked:
            scan = files.get(name)
            if decision.fate is Fate.NEW:
                identity = uuid7()
                fresh.append(case_row(identity, batch, decision, scan, officer, self.at))
                work.record(
                    "case.imported",
                    subject_kind="case",
                    subject_id=identity,
                    subject_office=batch.origin_office_id,
                    after={"as_recorded": orjson.Fragment(decision.result.recorded)},
                    facts={"batch": str(batch.id), "row": decision.result.row, "held": decision.is_held},
                )
            elif decision.fate is Fate.REPLACES:
                replaced.append((decision, scan))
            elif decision.fate is Fate.UNCHANGED and scan is not None:
                linked.append((decision, scan))
        if fresh:
            copy_rows("intake_case", COLUMNS, fresh)
        rewrite_cases(work, self.actor, self.at, batch, replaced)
        link_scans(work, self.actor, self.at, linked)

    def _count(self, batch: Batch, looked: Sequence[Looked]) -> None:
        counts = counts_of(decision for decision, _ in looked)
        batch.rows_done += len(looked)
        for name, number in counts.items():
            setattr(batch, name, getattr(batch, name) + number)
        batch.scan_report = self._desk.scans.report if self._desk.scans.plan.given else {}
        batch.save(update_fields=["rows_done", "scan_report", *counts])
        rejections = [
            (decision.result.row, *found)
            for decision, _ in looked
            if decision.fate is Fate.REJECTED
            for found in decision.problems
        ]
        if rejections:
            with connection.cursor() as cursor:
                cursor.execute(
                    "update intake_batch set rejections = rejections || %s::jsonb where id = %s",
                    [orjson.dumps(rejections, default=str).decode(), batch.id],
                )

    def finish(self) -> None:
        """All rows are stored: the batch is loaded. Finishing a loaded batch changes nothing."""
        with office_scope(self.actor.office_ids), unit_of_work(actor=self.actor, at=self.at) as work:
            batch = locked_batch(self.actor, self.batch.id)
            if batch.state != BatchState.LOADING:
                return
            batch.state, batch.finished_at, batch.failure = BatchState.LOADED, self.at, ""
            batch.scan_report = self._desk.scans.finish() if self._desk.scans.plan.given else {}
            batch.save(update_fields=["state", "finished_at", "failure", "scan_report"])
            facts = {name: getattr(batch, name) for name in ("rows", "accepted", "held", "rejected", "unchanged")}
            work.record(
                "batch.loaded",
                subject_kind="batch",
                subject_id=batch.id,
                subject_office=batch.origin_office_id,
                facts=facts,
            )
            work.announce("batch.loaded", subject_kind="batch", subject_id=batch.id, office=batch.origin_office_id)


def counts_of(decisions: Iterable[Decision]) -> dict[str, int]:
    """How many rows were accepted, held, rejected, unchanged."""
    counts = {"accepted": 0, "held": 0, "rejected": 0, "unchanged": 0}
    for decision in decisions:
        if decision.fate in (Fate.REJECTED, Fate.UNCHANGED):
            counts[decision.fate.value] += 1
        else:
            counts["held" if decision.is_held else "accepted"] += 1
    return counts


class Rehearsal:
    """The same decisions with nothing stored: for a dry run, and to see whether a known file brings anything new."""

    def __init__(
        self,
        actor: Actor,
        office_id: int,
        row_fields: Sequence[str],
        plan: ScanPlan,
        source: ScanSource | None,
        header: Header,
    ) -> None:
        self._actor = actor
        self._header = header
        self._desk = _Desk(office_id, header.letters, row_fields, plan, source)
        self._counts = {"rows": 0, "accepted": 0, "held": 0, "rejected": 0, "unchanged": 0}
        self._entries: list[tuple[Any, ...]] = [
            (1, found.code, found.field, found.severity.value, dict(found.params)) for found in header.warnings
        ]
        self.would_store = False

    def look_at(self, piece: Sequence[RowResult]) -> None:
        """Decide about a piece and remember it for the report."""
        with office_scope(self._actor.office_ids):
            looked = self._desk.decide(piece, None)
        self._counts["rows"] += len(piece)
        for name, number in counts_of(decision for decision, _ in looked).items():
            self._counts[name] += number
        for decision, name in looked:
            if decision.fate in (Fate.NEW, Fate.REPLACES) or name:
                self.would_store = True
            if decision.fate is not Fate.UNCHANGED:
                repairs: list[Finding] = [] if decision.fate is Fate.REJECTED else decision.result.repairs
                self._entries += [(decision.result.row, *found) for found in (*repairs, *decision.problems)]

    def report(self, batch: Batch | None) -> Report:
        """The report; `batch` the one these rows came in with before, if any."""
        return make_report(
            batch=batch.id if batch else None,
            letters=self._header.letters,
            office=offices_by_id([self._desk.office_id])[self._desk.office_id].code,
            counts=self._counts,
            entries=self._entries,
            scans=self._desk.scans.finish() if self._desk.scans.plan.given else {},
        )
