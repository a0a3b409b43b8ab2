"""Reads: a stored file of one's offices and its content."""

from __future__ import annotations

from uuid import UUID

from hotich.files import adapters
from hotich.files.models import StoredFile
from hotich.kernel.problems import RuleBroken


def stored_file(file_id: UUID) -> StoredFile:
    """The file of this id within the present offices. Raises RuleBroken file_unknown."""
    found = StoredFile.objects.filter(id=file_id).first()
    if found is None:
        raise RuleBroken("file_unknown")
    return found


def read_file(stored: StoredFile) -> bytes:
    """The content as it was delivered. Raises RuleBroken file_content_missing, file_damaged."""
    return adapters.get(stored.sha256)
