"""Putting content into Django's default storage (a folder, or S3), sealed under its hash; see `adapters.get`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hotich.files import adapters
from hotich.files.rules.sealing import BLOCK, is_under, seal, seal_blocks, unseal_blocks


def put(content: bytes, sha256: str) -> None:
    """Store the content once; the same content again writes nothing.

    A file cut short by a crash has another length and is written anew.
    """
    if not adapters.holds(sha256, len(content)):
        adapters.write(sha256, seal(adapters.present_key(), content, sha256))


def put_file(path: Path, sha256: str, size: int) -> None:
    """`put` of a file too long for the memory. Raises SealBroken where it was changed since it was hashed."""
    if not adapters.holds(sha256, size):
        adapters.write_blocks(sha256, seal_blocks(adapters.present_key(), blocks_of(path), sha256))


def blocks_of(path: Path) -> Iterator[bytes]:
    """A file, a block at a time."""
    with path.open("rb") as stream:
        yield from iter(lambda: stream.read(BLOCK), b"")


def seal_again(sha256: str) -> bool:
    """Seal content of a former key with the present one; False when it is already. May be repeated at any time.

    Raises RuleBroken file_content_missing, SealBroken.
    """
    key = adapters.present_key()
    if is_under(key, adapters.head(sha256)):
        return False
    content = unseal_blocks(adapters.keys(), adapters.sealed_blocks(sha256), sha256)
    adapters.write_blocks(sha256, seal_blocks(key, content, sha256))
    return True
