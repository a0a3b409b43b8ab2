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

    Each content is read, sealed and let go in turn, so that a whole scan folder needs the memory of one file. What
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
    content = file.content if isinstance(file.content, bytes) else file.content.read_bytes()
    name = plain_name(file.name)
    if not content:
        raise RuleBroken("file_empty", field="file", name=name)
    sha256 = hashlib.sha256(content).hexdigest()
    storage.put(content, sha256)
    return StoredFile(
        origin_office_id=office_id,
        sha256=sha256,
        size=len(content),
        media_type=file.media_type,
        name=name,
        page_count=_page_count(content) if file.media_type == PDF else None,
        created_at=at,
    )


def _page_count(content: bytes) -> int | None:
    """How many pages a PDF has; None when it cannot be opened (damaged or locked scans are stored as they are)."""
    import pikepdf  # loaded with the first PDF: no start of a process has to wait for it

    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            return len(document.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError):
        return None
