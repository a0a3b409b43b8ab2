"""How old the secrets of this installation are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from hotich.database.state import comes_from_environment, former_secrets, secrets_folder

DAYS = 365


@dataclass(frozen=True, slots=True)
class Age:
    """A secret: days since it was made (None: given by the environment), former ones kept, whether it is time."""

    name: str
    days: int | None
    former: int
    due: bool


def ages(now: datetime) -> list[Age]:
    """Every secret, by name; due after `HOTICH_SECRET_DAYS` days (365)."""
    limit = int(os.environ.get("HOTICH_SECRET_DAYS", str(DAYS)))
    found = []
    for path in sorted(secrets_folder().iterdir()) if secrets_folder().is_dir() else ():
        if not path.is_file() or path.name.startswith(".") or path.suffix == ".former":
            continue
        given = comes_from_environment(path.name)
        days = None if given else (now - datetime.fromtimestamp(path.stat().st_mtime, UTC)).days
        found.append(Age(path.name, days, len(former_secrets(path.name)), bool(days is not None and days >= limit)))
    return found
