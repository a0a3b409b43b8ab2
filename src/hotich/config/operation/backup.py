"""Taking a backup: database and files together, whole or not at all, proved before it counts.

Order matters. Files are written before their row is committed and never changed, so every row of the base backup has
its content in the storage when the base backup has ended: files are copied after it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotich.audit.models import ChainHead
from hotich.config.operation import manifest, places, retention, sealed_base, sealed_log, secrets_box, versions
from hotich.config.operation.manifest import Manifest
from hotich.database import base_backup, launcher, wal_archive
from hotich.database.launcher import LauncherError
from hotich.database.state import sync_path
from hotich.files import adapters
from hotich.files.queries import contents_of
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office

Say = Callable[[str], None]
LIST = "contents.txt"
UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished backup. `copied` bytes are new; the other files are links to the backup before."""

    folder: Path
    manifest: Manifest
    copied: int
    removed: list[str]


def office_ids() -> list[int]:
    """Every office there ever was: whose rows a backup or a change of keys goes through."""
    return list(Office.objects.order_by("id").values_list("id", flat=True))


def backups_in(folder: Path) -> list[Path]:
    """The finished backups of a folder, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(
        path for path in folder.iterdir() if retention.moment_of(path.name) and (path / manifest.NAME).exists()
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise LauncherError(f"a backup into {folder} is under way already") from error
        yield


def take_backup(*, folder: Path, at: datetime, now: Callable[[], datetime], files_only: bool, say: Say,
                shown: bool = False) -> Taken:  # fmt: skip
    """A backup in a folder of its own below `folder`; old ones go by the setting. Notes success and failure.

    Raises LauncherError (database), OSError (disk).
    """
    places.note("backup", tried_at=at.isoformat())
    try:
        with _alone(folder):
            taken = _take(folder, at, now, files_only, say, shown)
    except Exception as error:
        known = isinstance(error, LauncherError | OSError | wal_archive.ArchiveError)  # texts of others may quote a row
        text = f"{type(error).__name__}: {error}" if known else type(error).__name__
        places.note("backup", failed_at=now().isoformat(), error=text[:500])
        raise
    told = taken.manifest
    places.note(
        "backup", ok_at=told.finished_at, name=told.name, folder=str(folder), error="", missing=len(told.missing),
        holds_secrets=told.holds_secrets, files=told.files, seconds=(now() - at).total_seconds(),
    )  # fmt: skip
    return taken


def _take(folder: Path, at: datetime, now: Callable[[], datetime], files_only: bool, say: Say, shown: bool) -> Taken:
    earlier = backups_in(folder)
    left_over = sorted(
        path for path in folder.iterdir() if path.name.startswith(".") and path.name.endswith(UNFINISHED)
    )
    name = retention.name_of(at)
    if (folder / name).exists():
        raise LauncherError(f"there is a backup {name} already; wait a second")
    work = folder / f".{name}{UNFINISHED}"
    work.mkdir(mode=0o700)
    facts = {} if files_only else _database(work, name, say, shown)
    contents, copied, missing = _files(work, [path / "files" for path in [*reversed(earlier[-3:]), *left_over]], say)
    anchors = _anchors(work)
    holds = secrets_box.seal_into(work)
    listed = "".join(f"{sha256} {size}\n" for sha256, size in contents)
    (work / LIST).write_text(listed)
    told = Manifest(
        name=name, kind="files" if files_only else "whole", started_at=at.isoformat(), finished_at=now().isoformat(),
        program=versions.program_version(), migrations=[list(pair) for pair in versions.applied_migrations()],
        files=len(contents), files_bytes=sum(size for _, size in contents), missing=missing,
        list_sha256=hashlib.sha256(listed.encode()).hexdigest(), fingerprints=secrets_box.fingerprints(),
        holds_secrets=holds, anchors=anchors, **facts,
    )  # fmt: skip
    os.sync()  # all of it on the disk before it is called a backup
    manifest.write(work, told)
    work.rename(folder / name)
    sync_path(folder)
    for path in left_over:
        shutil.rmtree(path, ignore_errors=True)
    return Taken(folder / name, told, copied, _clear(folder))


def _database(work: Path, name: str, say: Say, shown: bool) -> dict[str, Any]:
    say("database: base backup …")
    rows = base_backup.row_counts()
    heads = {str(head.office_id): [head.sequence, head.hash] for head in ChainHead.objects.order_by("office_id")}
    sealed_base.take(work, name, shown=shown)
    say("database: verifying …")
    proved = sealed_base.prove(work, name, [sealed_base.present_key()])
    return {
        "rows": rows,
        "heads": heads,
        "postgresql": proved.postgresql,
        "database_sha256": proved.manifest_sha256,
        "first_segment": proved.first_segment,
        "database_bytes": proved.size,
    }


def _files(work: Path, earlier: list[Path], say: Say) -> tuple[list[tuple[str, int]], int, list[str]]:
    contents = sorted(set(contents_of(office_ids())))
    target = work / "files"
    target.mkdir()
    copied, missing, told = 0, [], time.monotonic()
    for number, (sha256, _) in enumerate(contents, start=1):
        try:
            copied += adapters.copy_content(sha256, target, earlier)
        except RuleBroken as refusal:
            if refusal.code != "file_content_missing":  # the storage does not answer: that is no missing file
                raise LauncherError(
                    f"the storage of files does not answer: {refusal.code} {refusal.params}"
                ) from refusal
            missing.append(sha256)
        if time.monotonic() - told > 2:
            told = time.monotonic()
            say(f"files: {number} of {len(contents)} …")
    for sha256, size in contents:
        if sha256 not in missing and not adapters.is_copied(sha256, size, target):
            missing.append(sha256)
    return contents, copied, missing


def _anchors(work: Path) -> dict[str, str]:
    source = places.anchors_folder()
    if not source.is_dir():
        return {}
    shutil.copytree(source, work / "anchors")
    found = (path for path in (work / "anchors").rglob("*") if path.is_file())
    return {str(path.relative_to(work / "anchors")): manifest.hash_of(path) for path in sorted(found)}


def _clear(folder: Path) -> list[str]:
    """Remove what has served its time, and the log no kept backup needs."""
    names = [path.name for path in backups_in(folder)]
    gone = retention.expired(names, places.keep())
    for name in gone:
        doomed = folder / f".{name}{UNFINISHED}"
        (folder / name).rename(doomed)  # half-removed it must not look like a backup
        shutil.rmtree(doomed)
    try:
        kept = [manifest.read(folder / name) for name in names if name not in gone]
    except manifest.ManifestError:
        return gone  # nobody knows what a damaged backup needs: the log stays
    segments = [told.first_segment for told in kept if told.first_segment]
    if segments and not launcher.uses_server() and folder == places.backup_folder():
        sealed_log.move()
        wal_archive.prune(min(segments, key=lambda segment: segment[8:]))
    return gone
