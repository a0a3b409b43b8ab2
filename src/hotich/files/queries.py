"""Reads: a stored file of one's offices and its content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from hotich.database.scope import office_scope
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


def read_to(stored: StoredFile, target: Path) -> None:
    """The content as it was delivered, into a file of the caller's private folder: for what is too long for the memory.

    Only a file that is whole and has its hash is left there. Raises as `read_file`.
    """
    try:
        target.unlink(missing_ok=True)
        target.touch(mode=0o600)
        with target.open("wb") as out:
            out.writelines(adapters.get_blocks(stored.sha256))
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def read_copy(stored: StoredFile) -> bytes:
    """The content as it is handed out: scans without what their files tell of place, device and people.

    A file that cannot be taken apart is handed out as it is: whoever mends it has to see it. Raises as `read_file`.
    """
    content = read_file(stored)
    if stored.media_type != "application/pdf" and not stored.media_type.startswith("image/"):
        return content
    from hotich.scans.metadata import without_metadata  # loads the PDF library, which nothing at the start needs

    try:
        return without_metadata(content)[0]
    except RuleBroken:
        return content


def contents_of(office_ids: Iterable[int]) -> Iterator[tuple[str, int]]:
    """Hash and size of every content these offices have a row for; one that several delivered comes once an office
    batch, so possibly more than once. For backups and for exchanging keys: no names, no office."""
    offices = sorted(office_ids)
    for start in range(0, len(offices), 500):
        with office_scope(offices[start : start + 500]):
            yield from StoredFile.objects.values_list("sha256", "size").distinct().order_by("sha256").iterator()
