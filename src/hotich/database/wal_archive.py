"""The archive of the embedded server's write-ahead log: what lies between two backups, so that any second comes back.

Off until the first backup: without one the log is of no use, and nobody would clear it away.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from hotich.database.state import readable_by_server, server_user, state_folder

SEGMENT = re.compile(r"([0-9A-F]{24})(?:\.[0-9A-F]{8}\.backup|\.partial)?\.gz")
SECONDS = 300  # at most this much is lost with the machine: a segment is closed even when it is not full
_UNSAFE = re.compile(r"[^\w./+,:@=-]")


class ArchiveError(Exception):
    """The archive cannot be used; the text says why."""


def folder() -> Path:
    """Where the segments go: `HOTICH_WAL_ARCHIVE` (best another disk than the state), else `wal-archive` in the state."""
    given = os.environ.get("HOTICH_WAL_ARCHIVE")
    place = Path(given).resolve() if given else state_folder() / "wal-archive"
    if _UNSAFE.search(str(place)):
        raise ArchiveError(f"the path of the log archive may hold letters, digits and ./+,:@=_- only: {place}")
    return place


def _marker() -> Path:
    return state_folder() / "postgresql" / "archiving"


def is_on() -> bool:
    """Whether segments are kept."""
    return _marker().exists()


def switch_on() -> None:
    """Make the folder, owned by the server's user; takes effect with the server's next start or reload."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if user := server_user():
        os.chown(place, user.uid, user.gid)
    if not readable_by_server(place):
        raise ArchiveError(f"the database user cannot enter {place}: a parent folder is closed to it")
    _marker().touch()


def settings() -> dict[str, str]:
    """The server's settings for archiving. A segment is written under another name, synced, then renamed."""
    if not is_on():
        return {"archive_mode": "on", "archive_command": "/bin/true", "archive_timeout": "0"}
    to = f"{folder()}/%f.gz"
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


def newest() -> float | None:
    """When the last segment came (seconds of the epoch); None when there is none."""
    if not folder().is_dir():
        return None
    return max((path.stat().st_mtime for path in folder().iterdir() if SEGMENT.fullmatch(path.name)), default=None)
