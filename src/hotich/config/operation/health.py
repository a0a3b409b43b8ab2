"""How this installation is: for the page of the administrator, the probes, the metrics and the banner. No citizens' data."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from hotich.audit.queries.safeguards import last_anchor, last_finished_verification
from hotich.config.operation import disks, places, secret_ages, versions
from hotich.config.operation.services import rotation
from hotich.config.rules import alarms
from hotich.config.rules.alarms import Alarm, Disk, Saved, Work
from hotich.database import launcher, wal_archive
from hotich.database.state import state_folder
from hotich.kernel import clock

LOG_TAIL = 4 * 1024 * 1024
FULL = 98  # percent of the state's volume from which on no work should come here


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What the server says about itself. Lag and archive only where it is allowed to tell."""

    version: str
    size: int
    connections: int
    standbys: int
    lag: timedelta | None
    archived_at: datetime | None
    archive_failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A background job that gave up: its arguments are not shown, ids lie in the table."""

    id: int
    task: str
    queue: str
    attempts: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """Everything the page shows."""

    at: datetime
    program: str
    database: DatabaseFacts
    pending: list[str]
    unknown: list[str]
    work: Work
    failed: list[FailedJob]
    disks: list[Disk]
    saved: Saved
    backup: dict[str, Any]
    verified_at: datetime | None
    verified_faults: int
    anchored_at: datetime | None
    secrets: list[secret_ages.Age]
    errors: int
    warnings: int
    alarms: list[Alarm] = field(default_factory=list)


def health(now: datetime) -> Health:
    """Look at everything; some tens of milliseconds."""
    applied = versions.applied_migrations()
    errors, warnings = logged(now - timedelta(days=1))
    facts, verified = database_facts(), last_finished_verification()
    pending, unknown = versions.pending_migrations(applied), versions.unknown_migrations(applied)
    return Health(
        at=now, program=versions.program_version(), database=facts, pending=pending, unknown=unknown, work=work(now),
        failed=failed_jobs(), disks=disks.disks(), saved=saved(), backup=places.noted("backup"),
        verified_at=verified.finished_at if verified else None, verified_faults=verified.fault_count if verified else 0,
        anchored_at=anchored_at(), secrets=secret_ages.ages(now),
        errors=errors, warnings=warnings, alarms=current_alarms(now, facts, pending, unknown),
    )  # fmt: skip


def current_alarms(
    now: datetime,
    facts: DatabaseFacts | None = None,
    pending: list[str] | None = None,
    unknown: list[str] | None = None,
) -> list[Alarm]:
    """What needs somebody, worst first."""
    facts = facts or database_facts()
    found = [*alarms.of_disks(disks.disks()), *alarms.of_backups(saved(), now), *alarms.of_work(work(now))]
    if unknown:
        found.append(Alarm("program_older", alarms.ERROR, {}))
    if pending:
        found.append(Alarm("migrations_pending", alarms.ERROR, {"number": len(pending)}))
    failing = facts.archive_failed_at and (facts.archived_at is None or facts.archive_failed_at > facts.archived_at)
    if failing or _log_waits(now):
        found.append(Alarm("archive_failing", alarms.ERROR, {}))
    anchored = anchored_at()
    if anchored and now - anchored > alarms.ANCHOR_AGE:
        found.append(Alarm("anchor_old", alarms.WARNING, {"hours": int((now - anchored).total_seconds() // 3600)}))
    verified = last_finished_verification()
    if verified and verified.fault_count:
        found.append(Alarm("trail_faulty", alarms.ERROR, {"number": verified.fault_count}))
    if any(age.due for age in secret_ages.ages(now)) and not settings.DEMO:
        found.append(Alarm("secrets_due", alarms.WARNING, {}))
    found += [
        Alarm("rotation_under_way", alarms.ERROR, {"name": n}) for n in rotation.STEPS if rotation.is_under_way(n)
    ]
    return sorted(found, key=lambda alarm: alarm.level != alarms.ERROR)


def _log_waits(now: datetime) -> bool:
    """Whether segments of the log do not get from beside the database into the archive."""
    return wal_archive.is_on() and wal_archive.longest_wait(now.timestamp()) > alarms.LOG_WAITS.total_seconds()


def saved() -> Saved:
    """The notes of the last backup."""
    told = places.noted("backup")
    return Saved(
        # a server's database is backed up by its own tools, out of our sight; a demo has nothing to lose
        expected=not settings.DEMO and (not launcher.uses_server() or bool(told.get("ok_at"))),
        ok_at=_moment(told.get("ok_at")),
        failed_at=_moment(told.get("failed_at")) if told.get("error") else None,
        missing=int(told.get("missing", 0)),
        holds_secrets=bool(told.get("holds_secrets", True)),
    )


def anchored_at() -> datetime | None:
    """When the heads of the audit trail were last sealed outside the database; None when never."""
    found = last_anchor()
    return found.at if found else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def database_facts() -> DatabaseFacts:
    """One question to the server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version'), pg_database_size(current_database()), "
            "(select count(*) from pg_stat_activity where datname = current_database()), "
            "(select count(*) from pg_stat_replication), (select max(replay_lag) from pg_stat_replication), "
            "(select last_archived_time from pg_stat_archiver), (select last_failed_time from pg_stat_archiver)"
        )
        facts = DatabaseFacts(*cursor.fetchone())
    # switched off, the embedded server hands its log to a command that keeps nothing
    kept = launcher.uses_server() or wal_archive.is_on()
    return facts if kept else replace(facts, archived_at=None, archive_failed_at=None)


def work(now: datetime) -> Work:
    """The queue of background work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) filter (where status = 'todo' and coalesce(scheduled_at, %(now)s) <= %(now)s), "
            "%(now)s - min(coalesce(j.scheduled_at, e.at)) filter (where status = 'todo'), "
            "count(*) filter (where status = 'failed'), "
            "%(now)s - (select max(last_heartbeat) from procrastinate_workers) from procrastinate_jobs j "
            "left join lateral (select min(at) as at from procrastinate_events where job_id = j.id) e on j.status = 'todo'",
            {"now": now},
        )
        waiting, oldest, failed, silence = cursor.fetchone()
    return Work(waiting, oldest, failed, silence)


def failed_jobs(limit: int = 200) -> list[FailedJob]:
    """Jobs that gave up, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select j.id, j.task_name, j.queue_name, j.attempts, "
            "(select max(at) from procrastinate_events e where e.job_id = j.id and e.type = 'failed') as at "
            "from procrastinate_jobs j where j.status = 'failed' order by at desc nulls last, j.id desc limit %s",
            [limit],
        )
        return [FailedJob(*row) for row in cursor.fetchall()]


def logged(since: datetime) -> tuple[int, int]:
    """Errors and warnings in the log since then (of its last 4 MB)."""
    path = state_folder() / "logs" / "hotich.log"
    if not path.exists():
        return 0, 0
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - LOG_TAIL))
        lines = stream.read().splitlines()
    counts = {"error": 0, "critical": 0, "warning": 0}
    for line in lines:
        try:
            told = json.loads(line)
            if told.get("level") in counts and datetime.fromisoformat(told["timestamp"]) >= since:
                counts[told["level"]] += 1
        except (ValueError, KeyError, AttributeError):
            continue  # the first line may be cut
    return counts["error"] + counts["critical"], counts["warning"]


class Kept:
    """An answer that is kept for some seconds, so that asking often costs nothing."""

    def __init__(self, seconds: float, ask: Callable[[], Any]) -> None:
        self.seconds, self.ask, self.until, self.answer = seconds, ask, 0.0, None

    def __call__(self) -> Any:
        """The answer, at most so many seconds old."""
        if time.monotonic() >= self.until:
            self.answer = self.ask()
            self.until = time.monotonic() + self.seconds
        return self.answer

    def forget(self) -> None:
        """Ask anew the next time."""
        self.until = 0.0


def _ready() -> bool:
    try:
        applied = versions.applied_migrations()
        now = clock.now()
        silence = work(now).silence
    except DatabaseError:
        return False
    if versions.pending_migrations(applied) or versions.unknown_migrations(applied):
        return False
    if silence is None or silence > alarms.WORKER_SILENCE:
        return False
    return all(disk.percent < FULL for disk in disks.disks() if disk.name == "state")


is_ready = Kept(2, _ready)
banner_alarms = Kept(60, lambda: current_alarms(clock.now()))
