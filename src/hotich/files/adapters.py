"""Where the content of files lies: Django's default storage (a folder, or S3), sealed under the hash of the content."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from hotich.database.state import former_secrets, secret
from hotich.files.rules.names import storage_path
from hotich.files.rules.sealing import HEAD, SealBroken, is_whole, key_of, unseal
from hotich.kernel.problems import RuleBroken


def present_key() -> bytes:
    """The key new content is sealed with."""
    return key_of(secret("files"))


def keys() -> list[bytes]:
    """Every key content may be sealed with, the present one first."""
    return [key_of(text) for text in (secret("files"), *former_secrets("files"))]


def get(sha256: str) -> bytes:
    """The content of this hash. Raises RuleBroken file_content_missing, file_damaged."""
    try:
        return unseal(keys(), sealed(sha256), sha256)
    except SealBroken as error:
        raise RuleBroken("file_damaged") from error


def sealed(sha256: str) -> bytes:
    """The content of this hash as it lies in the storage. Raises RuleBroken file_content_missing."""
    try:
        with default_storage.open(storage_path(sha256)) as stream:
            return bytes(stream.read())
    except FileNotFoundError as error:
        raise RuleBroken("file_content_missing") from error


def head(sha256: str) -> bytes:
    """The first bytes, which tell one sealing from another; b"" when there is no such content."""
    try:
        with default_storage.open(storage_path(sha256)) as stream:
            return bytes(stream.read(HEAD))
    except FileNotFoundError:
        return b""


def holds(sha256: str, size: int) -> bool:
    """Whether the storage has the whole content of this hash and size (its seal is not opened)."""
    first = head(sha256)
    return bool(first) and is_whole(first, default_storage.size(storage_path(sha256)), size)


def every_hash() -> Iterator[str]:
    """The hash of everything in the storage, also of content whose row was rolled back."""
    for first in sorted(_folders("")):
        for second in sorted(_folders(first)):
            names = default_storage.listdir(f"{first}/{second}")[1]
            yield from sorted(name for name in names if len(name) == 64)


def _folders(place: str) -> list[str]:
    try:
        return [name for name in default_storage.listdir(place)[0] if len(name) == 2]
    except FileNotFoundError:
        return []


def write(sha256: str, content: bytes) -> None:
    """Put sealed content into the storage, whole or not at all, instead of what was there; on the disk when it returns."""
    path = storage_path(sha256)
    with contextlib.suppress(NotImplementedError):  # a storage that is no folder
        write_whole(Path(default_storage.path(path)), content)
        return
    if not getattr(default_storage, "file_overwrite", False):
        default_storage.delete(path)
    default_storage.save(path, ContentFile(content))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, sync, rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def copy_content(sha256: str, target: Path, earlier: list[Path]) -> int:
    """Copy sealed content to `target`/ab/cd/hash; bytes written.

    The same sealing in an earlier copy is linked, not copied: 0. Raises RuleBroken file_content_missing.
    """
    place = target / storage_path(sha256)
    first = head(sha256)
    if not first:
        raise RuleBroken("file_content_missing")
    size = default_storage.size(storage_path(sha256))
    for former in (place, *(folder / storage_path(sha256) for folder in earlier)):
        if former.is_file() and former.stat().st_size == size and _head_of(former) == first:
            if former != place:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.unlink(missing_ok=True)
                try:
                    os.link(former, place)
                except OSError:  # another volume, or one without links
                    break
            return 0
    content = sealed(sha256)
    write_whole(place, content)
    return len(content)


def is_copied(sha256: str, size: int, folder: Path) -> bool:
    """Whether a copy of the storage has the whole content of this hash and size."""
    path = folder / storage_path(sha256)
    return path.is_file() and is_whole(_head_of(path), path.stat().st_size, size)


def raw(sha256: str, folder: Path) -> bytes:
    """The sealed content as it lies in a copy of the storage."""
    return (folder / storage_path(sha256)).read_bytes()


def can_be_read(sha256: str) -> bool:
    """Whether the content is there, opens with a key of ours, and has its hash."""
    try:
        get(sha256)
    except RuleBroken:
        return False
    return True


def _head_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD)
