"""The database of a backup: one sealed file. Former backups, where it is a plain folder, are read as they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hotich.config.operation.manifest import Manifest, hash_of
from hotich.database import base_backup, base_tar
from hotich.database.base_tar import Proved
from hotich.database.launcher import LauncherError
from hotich.database.state import former_secrets, secret
from hotich.files.rules.sealed_stream import Unsealed, backup_key_of, seal_stream
from hotich.files.rules.sealing import SealBroken

NAME = "database.sealed"
PLAIN = "database"


def present_key() -> bytes:
    """The key that backups and segments of the log are sealed with: of the secret that seals files."""
    return backup_key_of(secret("files"))


def keys(secrets: Mapping[str, str] | None = None) -> list[bytes]:
    """Every key a backup may be sealed with: by the secrets given (names and texts), else by those of this installation."""
    if secrets:
        texts = [secrets.get("files", ""), *secrets.get("files.former", "").split()]
    else:
        texts = [secret("files"), *former_secrets("files")]
    return [backup_key_of(text) for text in texts if text]


def take(work: Path, name: str, *, shown: bool) -> None:
    """The base backup goes from the server into the sealed file; nothing of it is written plain. Raises LauncherError."""
    with base_tar.taken(label=f"hotich {name}", shown=shown) as stream, (work / NAME).open("wb") as sealed:
        for block in seal_stream(present_key(), stream.read, _called(name)):
            sealed.write(block)
        sealed.flush()
        os.fsync(sealed.fileno())


def prove(source: Path, name: str, known: list[bytes]) -> Proved:
    """The sealed file opened and read through. Raises LauncherError."""
    with _opened(source, name, known) as stream:
        proved = base_tar.prove(stream)
        stream.finish()
    return proved


def check(source: Path, told: Manifest, known: list[bytes]) -> None:
    """The database part of a backup against its manifest. Raises LauncherError."""
    if (source / PLAIN).is_dir():
        found = hash_of(source / PLAIN / "backup_manifest")
        base_backup.verify(source / PLAIN)
    else:
        found = prove(source, told.name, known).manifest_sha256
    if found != told.database_sha256:
        raise LauncherError(f"the database part of backup {told.name} was changed")


def size_of(source: Path, told: Manifest) -> int:
    """Bytes the database takes laid out."""
    return told.database_bytes or base_backup.room_needed(source / PLAIN)


def lay_out(source: Path, told: Manifest, known: list[bytes], folder: Path) -> None:
    """The database of a backup as a data folder. Raises LauncherError."""
    if (source / PLAIN).is_dir():
        shutil.copytree(source / PLAIN, folder, symlinks=True)
        return
    with _opened(source, told.name, known) as stream:
        base_tar.lay_out(stream, folder)
        stream.finish()


@contextmanager
def _opened(source: Path, name: str, known: list[bytes]) -> Iterator[Unsealed]:
    try:
        with (source / NAME).open("rb") as sealed:
            yield Unsealed(known, sealed.read, _called(name))
    except FileNotFoundError as error:
        raise LauncherError(f"backup {name} has no database part") from error
    except SealBroken as error:
        raise LauncherError(
            f"the database part of backup {name} cannot be opened: {error}. Either it was changed or damaged on its way, "
            "or its key (secret `files` of that day) is not the one given. Without the key nobody can read it"
        ) from error


def _called(name: str) -> str:
    return f"base {name}"
