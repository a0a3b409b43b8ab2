"""Writes: files come in, are sealed and stored once by hash, and belong to the office that delivered them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hotich.audit.services import unit_of_work
from hotich.files.models import StoredFile
from hotich.files.rules.names import plain_name
from hotich.files.services import content as storage
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

PDF = "application/pdf"
LONG = 64 * 1024 * 1024
"""A file on the disk larger than this is read in blocks: an extract of a province has gigabytes."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be stored. `content` is the bytes, or where to read them."""

    name: str
    content: bytes | Path
    media_type: str


def store_file(
    *, office_id: int, name: str, content: bytes | Path, media_type: str, actor: Actor, at: datetime
) -> StoredFile:
    """Store one file for an office; the same content under the same name again gives the same row.

    Raises RuleBroken office_not_in_scope, file_empty.
    """
    return store_files(office_id=office_id, files=[NewFile(name, content, media_type)], actor=actor, at=at)[0]


def store_files(*, office_id: int, files: Iterable[NewFile], actor: Actor, at: datetime) -> list[StoredFile]:
    """Store several files for an office, in one transaction; the rows come back in the order given.

    Each content is read, sealed and let go in turn, so that a whole scan folder needs the memory of one file, and a long
    file that of a block. What
    a rolled-back transaction leaves in the storage is sealed content without a row, reused when it comes again.
    """
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")
    with unit_of_work(actor=actor, at=at) as work:
        rows = [_row(office_id, file, at) for file in files]
        found = {
            (row.sha256, row.name): row
            for row in StoredFile.objects.filter(origin_office_id=office_id, sha256__in={row.sha256 for row in rows})
        }
        fresh: dict[tuple[str, str], StoredFile] = {}
        for row in rows:
            if (row.sha256, row.name) not in found:
                fresh.setdefault((row.sha256, row.name), row)
        StoredFile.objects.bulk_create(fresh.values(), ignore_conflicts=True, batch_size=1000)
        if fresh:
            # another process may have stored one of them in between: the rows that stand are read back
            for row in StoredFile.objects.filter(origin_office_id=office_id, sha256__in={key[0] for key in fresh}):
                found[row.sha256, row.name] = row
        for key in fresh:
            stored = found[key]
            work.record(
                "file.stored",
                subject_kind="file",
                subject_id=stored.id,
                subject_office=office_id,
                facts={"sha256": stored.sha256, "size": stored.size, "media_type": stored.media_type},
            )
        return [found[row.sha256, row.name] for row in rows]


def _row(office_id: int, file: NewFile, at: datetime) -> StoredFile:
    name = plain_name(file.name)
    is_long = isinstance(file.content, Path) and file.content.stat().st_size > LONG
    sha256, size, pages = (_kept_in_blocks if is_long else _kept_whole)(file)
    if not size:
        raise RuleBroken("file_empty", field="file", name=name)
    return StoredFile(
        origin_office_id=office_id,
        sha256=sha256,
        size=size,
        media_type=file.media_type,
        name=name,
        page_count=pages,
        created_at=at,
    )


def _kept_whole(file: NewFile) -> tuple[str, int, int | None]:
    """Hash, size and pages of a content that is in the storage now; size 0 where there is nothing to store."""
    content = file.content if isinstance(file.content, bytes) else file.content.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    if content:
        storage.put(content, sha256)
    return sha256, len(content), _page_count(io.BytesIO(content)) if content and file.media_type == PDF else None


def _kept_in_blocks(file: NewFile) -> tuple[str, int, int | None]:
    """The same for a file too long for the memory: read once for its hash, once to be sealed."""
    path, seen = file.content, hashlib.sha256()
    assert isinstance(path, Path)  # asked by `_row`
    for block in storage.blocks_of(path):
        seen.update(block)
    size = path.stat().st_size
    storage.put_file(path, seen.hexdigest(), size)
    return seen.hexdigest(), size, _page_count(path) if file.media_type == PDF else None


def _page_count(content: io.BytesIO | Path) -> int | None:
    """How many pages a PDF has; None when it cannot be opened (damaged or locked scans are stored as they are)."""
    import pikepdf  # loaded with the first PDF: no start of a process has to wait for it

    try:
        with pikepdf.open(content) as document:
            return len(document.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError):
        return None
