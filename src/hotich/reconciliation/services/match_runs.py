"""Comparing a whole book, commune or province: asked for, stopped, gone on with. The work itself is in `match_run_work`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
from django.conf import settings

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.files.services import store_file
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import MatchRun, PopulationExtract, RunState
from hotich.reconciliation.queries.faulty_items import faulty_items
from hotich.reconciliation.queries.match_runs import RIGHT, areas_of, extracts_of, scope_in_reach
from hotich.reconciliation.rules.match_runs import UNDER_WAY, next_state
from hotich.reconciliation.services.access import must_have

PARQUET = "application/vnd.apache.parquet"
NEEDED = ("id", "full_name", "personal_id")
SUBJECT = "match_run"


def start_match_run(
    *,
    actor: Actor,
    at: datetime,
    scope: str,
    scope_id: str,
    area: str = "",
    extract_id: UUID | None = None,
    upload: tuple[str, Path] | None = None,
) -> MatchRun:
    """Plan a comparison; the caller enqueues it in this transaction.

    Compared with the citizens of `area` (asked of the population database when it runs), with data there is already
    (`extract_id`), or with a file handed in (`upload`: its name and where it lies). One that is under way for the same
    is given back. Raises RuleBroken: not_allowed, match_scope_unknown, match_area_unknown, match_extract_unknown,
    match_extract_missing, and those of `count_citizens`.
    """
    officer = must_have(actor, RIGHT)
    today = clock.in_vietnam(at).date()
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        offices = scope_in_reach(actor, scope, scope_id, today)
        running = MatchRun.objects.filter(
            origin_office_id=actor.office_id, scope=scope, scope_id=scope_id, state__in=UNDER_WAY
        ).first()
        if running is not None:
            return running
        extract = _extract_wanted(actor, at, area, extract_id, upload)
        if extract is None and area not in {each.code for each in areas_of(actor.office_id, today)}:
            raise RuleBroken("match_area_unknown" if area else "match_extract_missing", field="source")
        run = MatchRun.objects.create(
            origin_office_id=actor.office_id, scope=scope, scope_id=scope_id, extract=extract,
            area=extract.area if extract else area, asked_by=officer, asked_at=at,
        )  # fmt: skip
        note(work, run, "match_run.started", facts={"scope": scope, "offices": len(offices)})
    return run


def _extract_wanted(
    actor: Actor, at: datetime, area: str, extract_id: UUID | None, upload: tuple[str, Path] | None
) -> PopulationExtract | None:
    if upload is not None:
        name, path = upload
        return keep_extract(actor=actor, at=at, area=area, path=path, name=name)
    if extract_id is None:
        return None
    found = next((each for each in extracts_of(actor) if each.id == extract_id), None)
    if found is None:
        raise RuleBroken("match_extract_unknown", field="source")
    return found


def keep_extract(*, actor: Actor, at: datetime, area: str, path: Path, name: str) -> PopulationExtract:
    """Keep a file of citizens, encrypted; the same content again is the same file. Raises RuleBroken as `count_citizens`."""
    officer, persons = must_have(actor, RIGHT), count_citizens(path)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        stored = store_file(office_id=actor.office_id, name=name, content=path, media_type=PARQUET, actor=actor, at=at)
        made = PopulationExtract.objects.create(
            origin_office_id=actor.office_id, area=area, file=stored, persons=persons, fetched_at=at, fetched_by=officer
        )
        work.record(
            "population_extract.kept", subject_kind="population_extract", subject_id=made.id,
            subject_office=made.origin_office_id, facts={"area": area, "persons": persons},
        )  # fmt: skip
    return made


def count_citizens(path: Path) -> int:
    """How many citizens a file holds. Raises RuleBroken: match_extract_unreadable, match_extract_column_missing,
    match_extract_empty, match_extract_id_twice."""
    with duckdb.connect() as db:
        bound(db, path.parent)
        try:
            present = {row[0] for row in db.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()}
            missing = [column for column in NEEDED if column not in present]
            if missing:
                raise RuleBroken("match_extract_column_missing", field="file", columns=", ".join(missing))
            rows, ids = db.execute("select count(*), count(distinct id) from read_parquet(?)", [str(path)]).fetchall()[
                0
            ]
        except duckdb.Error as error:
            raise RuleBroken("match_extract_unreadable", field="file") from error
    if not rows:
        raise RuleBroken("match_extract_empty", field="file")
    if ids != rows:
        raise RuleBroken("match_extract_id_twice", field="file")
    return int(rows)


def bound(db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """As much memory and as many processors as a comparison may take; the rest goes to the disk, into this folder."""
    db.execute("set enable_progress_bar = false")  # nobody looks at what a worker draws
    db.execute("set memory_limit = ?", [settings.HOTICH_MATCH_MEMORY])
    db.execute("set threads = ?", [settings.HOTICH_MATCH_THREADS])
    db.execute("set temp_directory = ?", [str(folder / "spill")])


def stop_match_run(*, actor: Actor, at: datetime, run_id: UUID) -> MatchRun:
    """Let a run end after the piece it is at; what is written stays. Raises RuleBroken: not_allowed,
    match_run_unknown, match_run_not_in_state."""
    must_have(actor, RIGHT)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        run = locked_run(actor, run_id)
        change_state(run, "stop", at=at)
        note(work, run, "match_run.stopped", facts={"written": run.written})
    return run


def resume_match_run(*, actor: Actor, at: datetime, run_id: UUID) -> MatchRun:
    """Let a run that was stopped, or could not go on, go on; the caller enqueues it in this transaction.

    Raises RuleBroken: not_allowed, match_run_unknown, match_run_not_in_state.
    """
    officer = must_have(actor, RIGHT)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        run = locked_run(actor, run_id)
        run.failure, run.finished_at, run.asked_by = "", None, officer
        change_state(run, "resume", "failure", "finished_at", "asked_by")
        note(work, run, "match_run.resumed", facts={"written": run.written})
    return run


def retry_match_run(*, actor: Actor, at: datetime, run_id: UUID) -> MatchRun:
    """Do again whom a run that has ended could not work on, as their records are now; the caller enqueues it in this
    transaction. Raises RuleBroken: not_allowed, match_run_unknown, match_run_not_in_state, match_nothing_to_retry."""
    officer = must_have(actor, RIGHT)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        run = locked_run(actor, run_id)
        number = faulty_items(run).count()
        run.is_retry, run.written, run.asked_by, run.finished_at = True, 0, officer, None
        change_state(run, "retry", "is_retry", "written", "asked_by")
        if not number:
            raise RuleBroken("match_nothing_to_retry")
        note(work, run, "match_run.retried", facts={"faulty_items": number})
    return run


def fail_match_run(*, actor: Actor, at: datetime, run_id: UUID, code: str) -> None:
    """The system ends a run that cannot go on; `code` of the messages says why."""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        run = MatchRun.objects.select_for_update().filter(id=run_id, state__in=UNDER_WAY).first()
        if run is not None:
            run.failure = code[:60]
            change_state(run, "fail", "failure", at=at)
            note(work, run, "match_run.failed", facts={"code": run.failure})


# ---- what the other services of runs ask


def locked_run(actor: Actor, run_id: UUID) -> MatchRun:
    """A run of one's offices, locked. Raises RuleBroken match_run_unknown."""
    runs = MatchRun.objects.select_for_update(of=("self",)).select_related("extract")
    run = runs.filter(id=run_id, origin_office_id__in=actor.office_ids).first()
    if run is None:
        raise RuleBroken("match_run_unknown")
    return run


def change_state(run: MatchRun, act: str, *also: str, at: datetime | None = None) -> None:
    """Where an act leads, saved with the columns `also`; `at`: it has ended. Raises RuleBroken match_run_not_in_state."""
    run.state = RunState(next_state(run.state, act))
    if at is not None:
        run.finished_at = at
    run.save(update_fields=["state", "finished_at", *also])


def note(work: UnitOfWork, run: MatchRun, verb: str, *, facts: dict[str, Any], office: int | None = None) -> None:
    """Write an act of a run into the trail; `office`: whose records it is about."""
    work.record(
        verb, subject_kind=SUBJECT, subject_id=run.id, subject_office=office or run.origin_office_id, facts=facts
    )
