"""Proving after a restore that everything the manifest promised is there."""

from __future__ import annotations

import random
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management import CommandError, call_command

from hotich.accounts.queries import command_actor
from hotich.audit.models import Entry
from hotich.audit.services import unit_of_work
from hotich.config.operation import versions
from hotich.config.operation.backup import office_ids
from hotich.config.operation.manifest import Manifest
from hotich.database import base_backup
from hotich.files import adapters
from hotich.files.queries import contents_of
from hotich.files.rules.sealing import is_whole

if TYPE_CHECKING:
    from hotich.config.operation.restore import Request, Restored

SAMPLE = 500
# rows of these are never removed: after a restore there are as many or more
GROWING = ("audit_entry", "audit_detail", "event", "stored_file", "civil_status_record", "record_version")


def contents() -> list[tuple[str, int]]:
    """Hash and size of every content that has a row."""
    return sorted(set(contents_of(office_ids())))


def bring(wanted: list[tuple[str, int]], sources: list[Path]) -> None:
    """Copy what the storage lacks, or has under a key nobody here knows, from the first folder that has it whole.

    The latter happens where a bucket outlived the installation whose later keys are lost.
    """
    for sha256, size in wanted:
        first, there = adapters.look(sha256)
        if first and is_whole(first, there, size) and adapters.is_ours(first):
            continue
        for source in sources:
            if adapters.is_copied_under_ours(sha256, size, source):
                adapters.write(sha256, adapters.raw(sha256, source))
                break


def after_restore(done: Restored, wanted: Request, *, at: datetime) -> None:
    """Bring the tables up to date, then compare with the manifest; findings go to `done`."""
    told = done.manifest
    applied = versions.applied_migrations()
    if pending := versions.pending_migrations(applied):
        call_command("migrate", verbosity=0, interactive=False)
        done.told.append(f"{len(pending)} migration(s) of this newer program were applied")
    counts = base_backup.row_counts()
    for table in GROWING:
        before, now = told.rows.get(table, 0), counts.get(table, 0)
        if now < before:
            done.faults.append(f"table {table}: {now} rows, the backup had {before}")
    done.told.append(f"{sum(counts.values())} rows in {len(counts)} tables")
    _chains(done, told, wanted.accept_loss)
    _files(done, wanted.every_file)
    exact = not (wanted.until or wanted.latest)
    with unit_of_work(actor=command_actor(), at=at) as work:
        work.record(
            "installation.restored", subject_kind="installation", subject_id=told.name,
            subject_office=command_actor().office_id, facts={"backup": told.name, "exact": exact},
        )  # fmt: skip


def _chains(done: Restored, told: Manifest, accept_loss: str) -> None:
    """Every chain, against the anchors too: these know what came after the moment that was restored."""
    if accept_loss:
        call_command("audit", "anchor", accept_loss=accept_loss, stdout=StringIO())
    out = StringIO()
    try:
        call_command("audit", "verify", stdout=out)
    except CommandError as error:
        done.faults += [f"audit: {line.strip()}" for line in [*out.getvalue().splitlines(), str(error)] if line.strip()]
    for office, (sequence, digest) in told.heads.items():
        if sequence and not Entry.objects.filter(chain_office_id=int(office), sequence=sequence, hash=digest).exists():
            done.faults.append(f"audit chain of office {office} does not hold entry {sequence} of the backup")
    done.told.append(f"audit chains verified, {len(told.heads)} head(s) of the backup found")


def _files(done: Restored, every_file: bool) -> None:
    wanted = contents()
    missing = [sha256 for sha256, size in wanted if not adapters.holds(sha256, size)]
    there = [sha256 for sha256, _ in wanted if sha256 not in set(missing)]
    opened = there if every_file else random.sample(there, min(SAMPLE, len(there)))
    damaged = [sha256 for sha256 in opened if not adapters.can_be_read(sha256)]
    done.faults += [f"file {sha256}: its content is missing" for sha256 in missing]
    done.faults += [f"file {sha256}: its content cannot be unsealed" for sha256 in damaged]
    done.told.append(f"{len(wanted)} files, {len(opened)} of them opened and hashed")
