"""A base backup as one stream (tar): taken without touching a disk, proved against its own manifest, laid out again.

`pg_verifybackup` needs plain files. What is kept sealed is proved here by the same rules while it passes: every file of
`backup_manifest` is there with its size and hash, nothing else is, and the log it needs reads through (`pg_waldump`).
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

from hotich.database import launcher, wal_archive
from hotich.database.base_backup import environment, refuse_server
from hotich.database.launcher import LauncherError
from hotich.database.state import state_folder

MANIFEST, LABEL, LOG = "backup_manifest", "backup_label", "pg_wal/"
CHUNK = 2**20
# as in pg_verifybackup: the server writes these itself
NOT_LISTED = frozenset({MANIFEST, "postgresql.auto.conf", "standby.signal", "recovery.signal"})


class Readable(Protocol):
    """Something to read from."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Proved:
    """What a base backup that was proved says about itself. `size`: bytes it takes laid out."""

    postgresql: str
    manifest_sha256: str
    first_segment: str
    size: int


@contextmanager
def taken(*, label: str, shown: bool = False) -> Iterator[IO[bytes]]:
    """A base backup with the log it needs, to be read to its end; the archive of the log is switched on.

    `shown`: progress goes to the terminal. Raises LauncherError, also at the end when the server broke it off.
    """
    refuse_server("back it up", "pgBackRest, or pg_basebackup with an archive")
    if not wal_archive.is_on():
        wal_archive.switch_on()
    launcher.read_settings_again()
    with launcher.connect_as_superuser() as connection, tempfile.TemporaryFile() as told:
        if connection.execute("show archive_mode").fetchone() != ("on",):
            raise LauncherError(
                "the running database was started by an older program and keeps no log: stop hotich, start it again"
            )
        # the log is fetched at the end: until then the server must not remove any; the slot goes with this connection
        connection.execute("select pg_create_physical_replication_slot('hotich_backup', true, true)")
        arguments = ["-D", "-", "-Ft", "-X", "fetch", "-c", "fast", "-l", label, "--manifest-checksums=SHA256"]
        process = subprocess.Popen(
            [str(launcher.programs() / "pg_basebackup"), *arguments, *(["--progress"] if shown else [])],
            env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=None if shown else told,
        )  # fmt: skip
        try:
            yield cast("IO[bytes]", process.stdout)
            failed = process.wait()
        finally:
            process.kill()
            process.communicate()
        if failed:
            told.seek(0)
            said = told.read().decode(errors="replace").strip()[-600:] or "see above"
            raise LauncherError(f"pg_basebackup failed: {said}")


def prove(stream: Readable) -> Proved:
    """Read a base backup through. Raises LauncherError: a file is missing, changed, too much, or the log is broken."""
    found: dict[str, tuple[int, str]] = {}
    kept: dict[str, bytes] = {}
    log = Path(tempfile.mkdtemp(prefix=".log-", dir=state_folder()))
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as tar:
            for member in tar:
                if not member.isfile():
                    continue
                name = member.name.removeprefix("./")
                content = cast("IO[bytes]", tar.extractfile(member))
                if name in (MANIFEST, LABEL, "PG_VERSION"):
                    kept[name] = content.read()
                    found[name] = member.size, hashlib.sha256(kept[name]).hexdigest()
                elif name.startswith(LOG) and name.count("/") == 1:
                    with (log / Path(name).name).open("wb") as copy:
                        shutil.copyfileobj(content, copy, CHUNK)
                elif not name.startswith(LOG):
                    found[name] = member.size, _hash_of(content)
        return _proved(found, kept, log)
    except tarfile.TarError as error:
        raise LauncherError("the base backup is cut short or is none") from error
    finally:
        shutil.rmtree(log, ignore_errors=True)


def lay_out(stream: Readable, folder: Path) -> None:
    """Write a base backup into a folder that does not exist yet. Raises LauncherError."""
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as tar:
            tar.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise LauncherError("the base backup is cut short or is none") from error


def _hash_of(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(CHUNK):
        digest.update(block)
    return digest.hexdigest()


def _proved(found: dict[str, tuple[int, str]], kept: dict[str, bytes], log: Path) -> Proved:
    if missing := [name for name in (MANIFEST, LABEL, "PG_VERSION") if name not in kept]:
        raise LauncherError(f"the base backup is not whole: it has no {', '.join(missing)}")
    told = _read_manifest(kept[MANIFEST])
    listed = {entry["Path"]: (entry["Size"], entry["Checksum"].lower()) for entry in told["Files"] if "Path" in entry}
    for name, is_as in found.items():
        if name not in NOT_LISTED and listed.get(name) != is_as:
            raise LauncherError(f"the base backup was changed: {name} is not what its manifest says")
    lost = [name for name in listed if name not in found and name not in NOT_LISTED and not name.startswith(LOG)]
    if lost:
        raise LauncherError(f"the base backup is not whole: {lost[0]} is missing")
    for part in told["WAL-Ranges"]:
        _read_log(log, part)
    label = re.search(r"START WAL LOCATION: .*\(file ([0-9A-F]{24})\)", kept[LABEL].decode(errors="replace"))
    if label is None:
        raise LauncherError("this is no base backup: its backup_label cannot be read")
    size = sum(size for size, _ in found.values()) + sum(path.stat().st_size for path in log.iterdir())
    return Proved(kept["PG_VERSION"].decode().strip(), hashlib.sha256(kept[MANIFEST]).hexdigest(), label.group(1), size)


def _read_manifest(text: bytes) -> dict[str, Any]:
    """With its own hash, which is of everything before the last line."""
    try:
        told: dict[str, Any] = json.loads(text)
        before = text[: text.rindex(b'"Manifest-Checksum"')]
        if hashlib.sha256(before).hexdigest() != told["Manifest-Checksum"] or not told["Files"]:
            raise LauncherError("the manifest of the base backup was changed")
    except (ValueError, KeyError, TypeError) as error:
        raise LauncherError("the manifest of the base backup cannot be read") from error
    return told


def _read_log(log: Path, part: dict[str, Any]) -> None:
    arguments = ["--quiet", f"--path={log}", f"--timeline={part['Timeline']}"]
    done = subprocess.run(
        [str(launcher.programs() / "pg_waldump"), *arguments, f"--start={part['Start-LSN']}", f"--end={part['End-LSN']}"],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise LauncherError(f"the log in the base backup does not read through: {done.stderr.strip()[-300:]}")
