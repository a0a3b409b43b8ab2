"""Putting content into Django's default storage (a folder, or S3), sealed under its hash; see `adapters.get`."""

from __future__ import annotations

from hotich.files import adapters
from hotich.files.rules.sealing import is_under, seal, unseal


def put(content: bytes, sha256: str) -> None:
    """Store the content once; the same content again writes nothing.

    A file cut short by a crash has another length and is written anew.
    """
    if not adapters.holds(sha256, len(content)):
        adapters.write(sha256, seal(adapters.present_key(), content, sha256))


def seal_again(sha256: str) -> bool:
    """Seal content of a former key with the present one; False when it is already. May be repeated at any time.

    Raises RuleBroken file_content_missing, SealBroken.
    """
    key = adapters.present_key()
    if is_under(key, adapters.head(sha256)):
        return False
    adapters.write(sha256, seal(key, unseal(adapters.keys(), adapters.sealed(sha256), sha256), sha256))
    return True
