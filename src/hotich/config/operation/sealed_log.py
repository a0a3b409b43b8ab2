"""The log between two backups on its way to the archive: sealed there, laid out again for a restore."""

from __future__ import annotations

import fcntl
import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from hotich.config.operation import sealed_base
from hotich.database import base_backup, launcher, wal_archive
from hotich.database.state import sync_path
from hotich.database.wal_archive import PLAIN, SEALED, ArchiveError
from hotich.files.rules.sealed_stream import BLOCK, Unsealed, seal_stream
from hotich.files.rules.sealing import SealBroken


def move() -> int:
    """Seal what waits into the archive; how many segments. One process at a time: another finds nothing to do.

    Raises OSError (the archive's disk), ArchiveError (another segment of that name is there already).
    """
    if launcher.uses_server() or not wal_archive.is_on() or not wal_archive.waiting():
        return 0
    moved = 0
    with _alone() as mine:
        for path in wal_archive.waiting() if mine else ():
            _move(path)
            moved += 1
    return moved


@contextmanager
def _alone() -> Iterator[bool]:
    with (launcher.home() / "log-waiting.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _move(path: Path) -> None:
    wal_archive.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    target = wal_archive.folder() / f"{path.name}{SEALED}"
    if target.exists():  # the server hands a segment over again after a crash
        if not _is_same(path, target):
            raise ArchiveError(f"the log archive holds another segment called {path.name}: two installations use it")
        path.unlink(missing_ok=True)
        return
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with path.open("rb") as plain, fresh.open("wb") as sealed:
            for block in seal_stream(sealed_base.present_key(), plain.read, _called(path.name)):
                sealed.write(block)
            sealed.flush()
            os.fsync(sealed.fileno())
        fresh.replace(target)
        sync_path(target.parent)
    finally:
        fresh.unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _is_same(path: Path, target: Path) -> bool:
    """Whether both hold the same segment; what the archive holds under a lost key is not."""
    try:
        with target.open("rb") as sealed, gzip.open(path) as left:
            there = Unsealed(sealed_base.keys(), sealed.read, _called(path.name))
            with gzip.GzipFile(fileobj=cast("IO[bytes]", there)) as right:
                while (block := left.read(BLOCK)) == right.read(BLOCK):
                    if not block:
                        return True
    except (SealBroken, EOFError, gzip.BadGzipFile):
        pass
    return False


def lay_out(log: Path, known: list[bytes], since: str) -> Path:
    """Segments from `since` on, plain, where the server can read them; the archive itself where none is sealed.

    Raises ArchiveError: a segment cannot be opened.
    """
    names = {path.name for path in log.iterdir()}
    if not any(name.endswith(SEALED) for name in names):
        return log
    folder = base_backup.copied_log()
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in sorted(names):
        plain = name.removesuffix(SEALED)
        if PLAIN.fullmatch(plain) and (".history" in plain or plain[8:24] >= since[8:]):
            _lay_out(log / name, folder / plain, known)
    launcher.give_to_server(folder)
    return folder


def _lay_out(source: Path, target: Path, known: list[bytes]) -> None:
    with source.open("rb") as stream, target.open("wb") as plain:
        reader = Unsealed(known, stream.read, _called(target.name)) if source.name.endswith(SEALED) else stream
        try:
            while block := reader.read(BLOCK):
                plain.write(block)
        except SealBroken as error:
            raise ArchiveError(
                f"segment {target.name} of the log cannot be opened: {error}. Restore to a moment before it, or give the "
                "secrets it was sealed with"
            ) from error


def _called(name: str) -> str:
    return f"log {name}"
