"""The archive of the embedded server's write-ahead log: what lies between two backups, so that any second comes back.

Off until the first backup: without one the log is of no use, and nobody would clear it away. The server hands a segment
to a folder beside the database, where everything is as plain as the database itself; from there it goes, sealed, to the
archive (`config.operation.sealed_log`). Segments from before they were sealed are read as they are.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from hotich.database.state import readable_by_server, server_user, state_folder

SEGMENT = re.compile(r"([0-9A-F]{24})(?:\.[0-9A-F]{8}\.backup|\.partial)?\.gz(?:\.sealed)?")
PLAIN = re.compile(r"(?:[0-9A-F]{24}(?:\.[0-9A-F]{8}\.backup|\.partial)?|[0-9A-F]{8}\.history)\.gz")
SEALED = ".sealed"
SECONDS = 300  # at most this much is lost with the machine: a segment is closed even when it is not full
_UNSAFE = re.compile(r"[^\w./+,:@=-]")


class ArchiveError(Exception):
    """The archive cannot be used; the text says why."""


def folder() -> Path:
    """Where the segments go: `HOTICH_WAL_ARCHIVE` (best another disk than the state), else `wal-archive` in the state."""
    given = os.environ.get("HOTICH_WAL_ARCHIVE")
    return Path(given).resolve() if given else state_folder() / "wal-archive"


def waiting_folder() -> Path:
    """Where the server puts segments, plain, beside its data; whoever seals them takes them from there."""
    place = state_folder() / "postgresql" / "log-waiting"
    if _UNSAFE.search(str(place)):
        raise ArchiveError(f"the path of the state may hold letters, digits and ./+,:@=_- only: {place}")
    return place


def waiting() -> list[Path]:
    """Segments that are not in the archive yet, and those lying there from before segments were sealed; oldest first."""
    found = [path for place in (waiting_folder(), folder()) if place.is_dir() for path in place.iterdir()]
    return sorted((path for path in found if PLAIN.fullmatch(path.name)), key=lambda path: path.name)


def longest_wait(now: float) -> float:
    """Seconds since the oldest waiting segment was handed over; 0 when none waits."""
    return max((now - path.stat().st_mtime for path in waiting()), default=0.0)


def _marker() -> Path:
    return state_folder() / "postgresql" / "archiving"


def is_on() -> bool:
    """Whether segments are kept."""
    return _marker().exists()


def switch_on() -> None:
    """Make the folders, that of waiting segments owned by the server's user; from the server's next start or reload on."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    place = _make_waiting_folder()
    if not readable_by_server(place):
        raise ArchiveError(f"the database user cannot enter {place}: a parent folder is closed to it")
    _marker().touch()


def _make_waiting_folder() -> Path:
    place = waiting_folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if user := server_user():
        os.chown(place, user.uid, user.gid)
    return place


def settings() -> dict[str, str]:
    """The server's settings for archiving. A segment is written under another name, synced, then renamed."""
    if not is_on():
        return {"archive_mode": "on", "archive_command": "/bin/true", "archive_timeout": "0"}
    to = f"{_make_waiting_folder()}/%f.gz"
    command = (
        f"if test -f {to}; then gunzip -c {to} | cmp -s - %p; "
        f"else gzip -1 -c %p > {to}.new && sync {to}.new && mv {to}.new {to}; fi"
    )
    return {"archive_mode": "on", "archive_command": command, "archive_timeout": str(SECONDS)}


def restore_command(source: Path) -> str:
    """How the server fetches a segment from an archive."""
    if _UNSAFE.search(str(source)):
        raise ArchiveError(f"the path of the log archive may hold letters, digits and ./+,:@=_- only: {source}")
    return f"test -f {source}/%f.gz && gunzip -c {source}/%f.gz > %p"


def prune(keep_from: str) -> int:
    """Remove segments older than the one named (the first the oldest kept backup needs); how many went."""
    removed = 0
    for path in folder().iterdir() if folder().is_dir() else ():
        found = SEGMENT.fullmatch(path.name)
        # the first eight digits are the timeline; the position in the log is what follows
        if found and found.group(1)[8:] < keep_from[8:]:
            path.unlink()
            removed += 1
    return removed
