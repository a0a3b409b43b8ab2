"""When an installation needs somebody: thresholds in, codes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

DISK_WARNING, DISK_ERROR = 80, 90  # percent used
BACKUP_AGE = timedelta(hours=26)  # a daily one, and two hours of grace
LOG_WAITS = timedelta(minutes=15)  # between the server and the sealed archive
ANCHOR_AGE = timedelta(hours=26)
WORKER_SILENCE = timedelta(seconds=60)
JOB_WAITS = timedelta(minutes=15)
WARNING, ERROR = "warning", "error"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something is wrong: a code of `rules/messages.py`, how bad ("warning", "error"), and the words' parameters."""

    code: str
    level: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disk:
    """A volume that this installation writes to."""

    name: str
    total: int
    free: int

    @property
    def percent(self) -> int:
        """How much is used, in percent, rounded up: 79.01 must not pass for 79."""
        return -(-(self.total - self.free) * 100 // self.total) if self.total else 100


@dataclass(frozen=True, slots=True)
class Saved:
    """What the last backup left as a note. `expected`: backups are this installation's business and no demo's."""

    expected: bool
    ok_at: datetime | None = None
    failed_at: datetime | None = None
    missing: int = 0
    holds_secrets: bool = True


@dataclass(frozen=True, slots=True)
class Work:
    """The queue of background work. `silence`: since the last sign of life of any worker; None when there is none."""

    waiting: int = 0
    oldest_wait: timedelta | None = None
    failed: int = 0
    silence: timedelta | None = None


def of_disks(disks: Sequence[Disk]) -> list[Alarm]:
    """Volumes from 80 % (warning) and 90 % (error) on."""
    return [
        Alarm(
            "disk_nearly_full" if disk.percent >= DISK_ERROR else "disk_filling",
            ERROR if disk.percent >= DISK_ERROR else WARNING,
            {"name": disk.name, "percent": disk.percent},
        )
        for disk in disks
        if disk.percent >= DISK_WARNING
    ]


def of_backups(saved: Saved, now: datetime) -> list[Alarm]:
    """Failed, too old, never made, without secrets, with contents missing."""
    found = []
    if saved.failed_at and (saved.ok_at is None or saved.failed_at > saved.ok_at):
        found.append(Alarm("backup_failed", ERROR, {}))
    if saved.expected and saved.ok_at is None:
        found.append(Alarm("backup_never", WARNING, {}))
    elif saved.expected and saved.ok_at and now - saved.ok_at > BACKUP_AGE:
        found.append(Alarm("backup_old", ERROR, {"hours": int((now - saved.ok_at).total_seconds() // 3600)}))
    if saved.missing:
        found.append(Alarm("backup_files_missing", ERROR, {"number": saved.missing}))
    if saved.expected and saved.ok_at and not saved.holds_secrets:
        found.append(Alarm("backup_without_secrets", ERROR, {}))
    return found


def of_work(work: Work) -> list[Alarm]:
    """A silent worker, jobs that failed, jobs that wait too long."""
    found = []
    if work.silence is None or work.silence > WORKER_SILENCE:
        found.append(Alarm("worker_silent", ERROR, {}))
    if work.oldest_wait and work.oldest_wait > JOB_WAITS:
        found.append(Alarm("jobs_waiting", WARNING, {"minutes": int(work.oldest_wait.total_seconds() // 60)}))
    if work.failed:
        found.append(Alarm("jobs_failed", WARNING, {"number": work.failed}))
    return found
