"""Where the content of files lies: Django's default storage (a folder, or S3), sealed under the hash of the content."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.core.files.storage import default_storage

from hotich.database.state import former_secrets, secret
from hotich.files.rules.names import storage_path
from hotich.files.rules.sealing import (
    BLOCK,
    FIRST_MARK,
    HEAD,
    SealBroken,
    is_under,
    is_whole,
    key_of,
    unseal,
    unseal_blocks,
)
from hotich.kernel.problems import RuleBroken

if TYPE_CHECKING:
    from hotich.files.adapters.bucket import Bucket


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


def get_blocks(sha256: str) -> Iterator[bytes]:
    """The content of this hash a block at a time: it is the content only when the end has come without a refusal.

    Raises RuleBroken file_content_missing, file_damaged.
    """
    try:
        yield from unseal_blocks(keys(), sealed_blocks(sha256), sha256)
    except SealBroken as error:
        raise RuleBroken("file_damaged") from error


def sealed_blocks(sha256: str) -> Iterator[bytes]:
    """The content of this hash as it lies in the storage, in blocks. Raises RuleBroken file_content_missing."""
    try:
        if bucket := _bucket():
            yield from bucket.read_blocks(storage_path(sha256), BLOCK)
            return
        with default_storage.open(storage_path(sha256)) as stream:
            while block := stream.read(BLOCK):
                yield block
    except FileNotFoundError as error:
        raise RuleBroken("file_content_missing") from error


def sealed(sha256: str) -> bytes:
    """The content of this hash as it lies in the storage. Raises RuleBroken file_content_missing."""
    try:
        if bucket := _bucket():
            return bucket.read_whole(storage_path(sha256))
        with default_storage.open(storage_path(sha256)) as stream:
            return bytes(stream.read())
    except FileNotFoundError as error:
        raise RuleBroken("file_content_missing") from error


def look(sha256: str) -> tuple[bytes, int]:
    """The first bytes, which tell one sealing from another, and the size; (b"", 0) when there is no such content."""
    path = storage_path(sha256)
    try:
        if bucket := _bucket():
            return bucket.look(path, HEAD)
        with default_storage.open(path) as stream:
            return bytes(stream.read(HEAD)), default_storage.size(path)
    except FileNotFoundError:
        return b"", 0


def head(sha256: str) -> bytes:
    """The first bytes; b"" when there is no such content."""
    return look(sha256)[0]


def holds(sha256: str, size: int) -> bool:
    """Whether the storage has the whole content of this hash and size (its seal is not opened)."""
    first, there = look(sha256)
    return bool(first) and is_whole(first, there, size)


def is_ours(first: bytes) -> bool:
    """Whether what begins with these bytes names a key of this installation, present or former, or names none."""
    return first.startswith(FIRST_MARK) or any(is_under(key, first) for key in keys())


def every_hash() -> Iterator[str]:
    """The hash of everything in the storage, also of content whose row was rolled back."""
    if bucket := _bucket():
        yield from (name[6:] for name in bucket.every_name() if name[6:].isalnum() and len(name) == 70)
        return
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
    """Put sealed content into the storage, whole or not at all, instead of what was there; kept safe when it returns."""
    path = storage_path(sha256)
    if bucket := _bucket():
        bucket.put_whole(path, content)
    else:
        write_whole(Path(default_storage.path(path)), content)


def write_blocks(sha256: str, blocks: Iterable[bytes]) -> None:
    """`write` for what is too long for the memory; where the blocks break off nothing is written."""
    path = storage_path(sha256)
    if bucket := _bucket():
        bucket.put_blocks(path, blocks)
    else:
        write_whole(Path(default_storage.path(path)), blocks)


def _bucket() -> Bucket | None:
    """The storage where it is an S3 service, None where it is a folder. Its library is loaded only where it is used."""
    return cast("Bucket", default_storage) if hasattr(default_storage, "put_whole") else None


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file under another name, sync, rename; `content` whole or in blocks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as stream:
            stream.writelines([content] if isinstance(content, bytes) else content)
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
    first, size = look(sha256)
    if not first:
        raise RuleBroken("file_content_missing")
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
    write_whole(place, sealed_blocks(sha256))
    return place.stat().st_size


def is_copied(sha256: str, size: int, folder: Path) -> bool:
    """Whether a copy of the storage has the whole content of this hash and size."""
    path = folder / storage_path(sha256)
    return path.is_file() and is_whole(_head_of(path), path.stat().st_size, size)


def raw(sha256: str, folder: Path) -> bytes:
    """The sealed content as it lies in a copy of the storage."""
    return (folder / storage_path(sha256)).read_bytes()


def is_copied_under_ours(sha256: str, size: int, folder: Path) -> bool:
    """The same, and it is sealed with a key of this installation."""
    return is_copied(sha256, size, folder) and is_ours(_head_of(folder / storage_path(sha256)))


def can_be_read(sha256: str) -> bool:
    """Whether the content is there, opens with a key of ours, and has its hash.

    Raises RuleBroken file_storage_away, file_storage_refused: then nothing is known of it.
    """
    try:
        for _ in get_blocks(sha256):
            pass
    except RuleBroken as refusal:
        if refusal.code.startswith("file_storage"):
            raise
        return False
    return True


def _head_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD)
