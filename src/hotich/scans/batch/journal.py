"""What a batch has done so far, on disk beside its PDFs: after a crash the same command goes on from there.

OUT/.hotich-scans/journal.jsonl is only ever appended to, a whole line at once. A line counts when the PDFs it names
are still there with the same hash; everything else is done again.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from hotich.kernel.problems import RuleBroken

FOLDER = ".hotich-scans"


def hash_of_file(path: Path) -> str:
    """SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Journal:
    """The folder OUT while a batch works in it; used as a context, one at a time."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.folder = target / FOLDER
        self.done: dict[str, dict[str, Any]] = {}  # by key: the last line about it
        self.pdfs_of: dict[str, set[str]] = {}  # by name of the file: every PDF ever begun for it

    def __enter__(self) -> Journal:
        """Raises RuleBroken scan_out_in_use | scan_out_not_writable | scan_no_space."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / "lock").open("ab")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in self.folder.glob("part-*"):
                left.unlink()
            self._read()
            self._lines = os.open(self.folder / "journal.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
            self._begin_line()
        except BlockingIOError as error:
            self._lock.close()
            raise RuleBroken("scan_out_in_use", folder=str(self.target)) from error
        except OSError as error:
            raise refusal(error, self.target) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._lines)
        self._lock.close()

    def _read(self) -> None:
        path = self.folder / "journal.jsonl"
        if not path.exists():
            return
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
                    self._take(json.loads(line))  # a line that was cut off by a crash is no line

    def _take(self, line: dict[str, Any]) -> None:
        self.pdfs_of.setdefault(line["file"], set()).update(line["pdfs"])
        if "key" in line:
            self.done[line["key"]] = line

    def _begin_line(self) -> None:
        path = self.folder / "journal.jsonl"
        with path.open("rb") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    os.write(self._lines, b"\n")

    @property
    def own(self) -> set[str]:
        """Every PDF below OUT that a batch has written or begun to write."""
        return {pdf for pdfs in self.pdfs_of.values() for pdf in pdfs}

    def find(self, key: str) -> dict[str, Any] | None:
        """The line of a file that is done and whose PDFs are whole on the disk."""
        line = self.done.get(key)
        if line is None:
            return None
        try:
            is_whole = all(hash_of_file(self.target / pdf) == told for pdf, told in line["hashes"].items())
        except OSError:
            is_whole = False
        return line if is_whole else None

    def write(
        self, file: str, key: str, pdfs: dict[str, bytes], facts: dict[str, Any], is_of_others: Callable[[str], bool]
    ) -> None:
        """Put the PDFs of a file into OUT and note it. What an earlier run made of the file and this one does not goes.

        `key`: "" when it shall be tried again next time. `is_of_others`: whether a PDF belongs to another file now.
        Raises RuleBroken scan_no_space | scan_out_not_writable.
        """
        before = [name for name in self.pdfs_of.get(file, set()) - set(pdfs) if not is_of_others(name)]
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in pdfs.items()}
        try:
            if pdfs:
                self._append({"file": file, "pdfs": sorted(pdfs)})
            for name, content in pdfs.items():
                write_whole(self.target / name, content, self.folder)
            for name in before:
                (self.target / name).unlink(missing_ok=True)
            if key:
                self._append({"file": file, "pdfs": sorted(pdfs), "key": key, "hashes": hashes, **facts})
        except OSError as error:
            raise refusal(error, self.target) from error

    def _append(self, line: dict[str, Any]) -> None:
        content = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if os.write(self._lines, content) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(self._lines)
        self._take(line)


def write_whole(path: Path, content: bytes, by_way_of: Path) -> None:
    """Write a file so that nobody ever sees half of it, not even after the power went. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = by_way_of / f"part-{os.getpid()}"
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refusal(error: OSError, place: Path) -> RuleBroken:
    """What a failed write means to the operator."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RuleBroken("scan_no_space", folder=str(place))
    return RuleBroken("scan_out_not_writable", folder=str(place), why=error.strerror or type(error).__name__)
