"""Where the content of files lies: Django's default storage (a folder, or S3), sealed under the hash of the content."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from hotich.database.state import secret
from hotich.files.rules.names import storage_path
from hotich.files.rules.sealing import OVERHEAD, SealBroken, key_of, seal, unseal
from hotich.kernel.problems import RuleBroken


def put(content: bytes, sha256: str) -> None:
    """Store the content once; the same content again writes nothing.

    A file cut short by a crash has another length and is written anew.
    """
    path = storage_path(sha256)
    if default_storage.exists(path):
        if default_storage.size(path) == len(content) + OVERHEAD:
            return
        default_storage.delete(path)
    saved = default_storage.save(path, ContentFile(seal(key_of(secret("files")), content, sha256)))
    if saved != path:  # another process stored the same content in this moment
        default_storage.delete(saved)


def get(sha256: str) -> bytes:
    """The content of this hash. Raises RuleBroken file_content_missing, file_damaged."""
    try:
        with default_storage.open(storage_path(sha256)) as stream:
            sealed = stream.read()
    except FileNotFoundError as error:
        raise RuleBroken("file_content_missing") from error
    try:
        return unseal(key_of(secret("files")), sealed, sha256)
    except SealBroken as error:
        raise RuleBroken("file_damaged") from error
