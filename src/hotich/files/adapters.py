"""Where the content of files lies: Django's default storage (a folder, or S3), sealed under the hash of the content."""

from __future__ import annotations

from django.core.files.storage import default_storage

from hotich.database.state import secret
from hotich.files.rules.names import storage_path
from hotich.files.rules.sealing import SealBroken, key_of, unseal
from hotich.kernel.problems import RuleBroken


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
