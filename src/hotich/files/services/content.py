"""Putting content into Django's default storage (a folder, or S3), sealed under its hash; see `adapters.get`."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from hotich.database.state import secret
from hotich.files.rules.names import storage_path
from hotich.files.rules.sealing import OVERHEAD, key_of, seal


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
