"""The volumes this installation writes to: state, backups, log archive."""

from __future__ import annotations

import shutil
from pathlib import Path

from hotich.config.operation import places
from hotich.config.rules.alarms import Disk
from hotich.database import launcher, wal_archive
from hotich.database.state import state_folder


def disks() -> list[Disk]:
    """Each volume once, under the name of the first that lies on it."""
    wanted = [("state", state_folder()), ("backup", places.backup_folder())]
    if not launcher.uses_server():
        wanted.append(("wal", wal_archive.folder()))
    found: dict[int, Disk] = {}
    for name, path in wanted:
        place = next(part for part in (path, *path.parents) if part.exists())
        found.setdefault(place.stat().st_dev, _disk(name, place))
    return list(found.values())


def _disk(name: str, place: Path) -> Disk:
    usage = shutil.disk_usage(place)
    # what only root may use does not count as free
    return Disk(name, usage.used + usage.free, usage.free)
