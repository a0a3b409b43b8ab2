"""Where backups go and how long they stay: from the environment, as everything that differs by place."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from hotich.database.state import state_folder

KEEP = "7,5,12"


class SettingError(ValueError):
    """A setting cannot be understood; the text names it."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How many backups stay: the newest of so many days, weeks and months."""

    daily: int
    weekly: int
    monthly: int


def backup_folder() -> Path:
    """`HOTICH_BACKUP` (best another disk or machine), else `backups` in the state folder."""
    given = os.environ.get("HOTICH_BACKUP")
    return Path(given).resolve() if given else state_folder() / "backups"


def backup_time() -> time | None:
    """`HOTICH_BACKUP_AT`, e.g. "01:30" in Vietnam's time: when `serve` makes a backup each day; None for never."""
    given = os.environ.get("HOTICH_BACKUP_AT", "").strip()
    if not given:
        return None
    try:
        return time.fromisoformat(given)
    except ValueError as error:
        raise SettingError(f"HOTICH_BACKUP_AT must look like 01:30, not {given!r}") from error


def keep() -> Keep:
    """`HOTICH_BACKUP_KEEP`: days, weeks, months, e.g. "7,5,12"."""
    given = os.environ.get("HOTICH_BACKUP_KEEP", KEEP)
    if not re.fullmatch(r"\d+,\d+,\d+", given) or given.startswith("0,"):
        raise SettingError(f"HOTICH_BACKUP_KEEP must look like {KEEP} (days, weeks, months; at least one day)")
    return Keep(*(int(part) for part in given.split(",")))


def anchors_folder() -> Path:
    """`HOTICH_ANCHORS`, else `anchors` in the state folder: where signed heads of the audit trail are kept."""
    given = os.environ.get("HOTICH_ANCHORS")
    return Path(given).resolve() if given else state_folder() / "anchors"


def recovery_public_key() -> Path:
    """The public half of the recovery key; the private half is on paper."""
    return state_folder() / "recovery.pub"


def note(name: str, /, **facts: Any) -> None:
    """Keep what the last run of something did, whole or not at all; facts given before and not now stay."""
    folder = state_folder() / "operation"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".{name}.{os.getpid()}"
    fresh.write_text(json.dumps(noted(name) | facts, ensure_ascii=False))
    fresh.replace(folder / f"{name}.json")


def noted(name: str) -> dict[str, Any]:
    """What `note` kept; {} when there was nothing yet."""
    path = state_folder() / "operation" / f"{name}.json"
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
