"""What `serve` looks after once in a while: the log on its way to the archive, the backup of the day, full volumes."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime
from typing import Any

import structlog
from django.utils.timezone import get_default_timezone

from hotich.config.operation import disks, places, sealed_log
from hotich.config.rules import alarms
from hotich.config.rules.schedule import is_due
from hotich.database import launcher
from hotich.database.wal_archive import ArchiveError
from hotich.kernel import clock

log = structlog.get_logger("hotich.operation")
EVERY_SECONDS = 20


class Caretaker:
    """Called often, does something seldom, never waits and never fails for long: serving goes on."""

    def __init__(self) -> None:
        self.backup: subprocess.Popen[bytes] | None = None
        self.looked_at = 0.0
        self.known: set[tuple[str, str]] = set()

    def tick(self) -> None:
        """Look whether something is to be done."""
        if time.monotonic() - self.looked_at < EVERY_SECONDS:
            return
        self.looked_at = time.monotonic()
        try:
            self._disks()
            self._backup(clock.now())
            sealed_log.move()
        except (OSError, ArchiveError) as error:
            log.error("caretaker_failed", kind=type(error).__name__.lower())

    def stop(self) -> None:
        """An unfinished backup is given up: what it had copied is used by the next one."""
        if self.backup and self.backup.poll() is None:
            self.backup.terminate()
            self.backup.wait()

    def _disks(self) -> None:
        found = {(alarm.code, str(alarm.params["name"])): alarm for alarm in alarms.of_disks(disks.disks())}
        for key in found.keys() - self.known:
            log.error("disk_alarm", code=key[0], volume=key[1], percent=found[key].params["percent"])
        self.known = set(found)

    def _backup(self, now: datetime) -> None:
        if self.backup is not None:
            if (code := self.backup.poll()) is None:
                return
            if code:
                log.error("backup_failed", returncode=code)
            else:
                log.info("backup_made")
            self.backup = None
        at = places.backup_time()
        told: dict[str, Any] = places.noted("backup")
        if at is None or not is_due(
            now.astimezone(get_default_timezone()), at, _moment(told.get("tried_at")), _moment(told.get("ok_at"))
        ):
            return
        command = [sys.executable, "-m", "hotich", "db", "backup"]
        if launcher.uses_server():
            command.append("--files-only")
        self.backup = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
