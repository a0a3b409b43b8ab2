"""The configuration as one JSON file, so that a province or the Ministry can hand it on. Reading trusts nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.configuration import LocalChange, canonical

FORMAT = "hotich-configuration"
EDITIONS = (1, 2)  # 2: holds values of provinces, which a program of before would take for national ones
LARGEST = 1_000_000  # bytes
MOST_CHANGES = 2_000
_TEXTS = ("kind", "key", "source")


def write_file(changes: Sequence[LocalChange], *, at: datetime, office: str) -> bytes:
    """All local changes in the order of the decisions, with where and when the file was made and its checksum."""
    lines = [_line(change) for change in changes]
    edition = EDITIONS[any(change.province for change in changes)]
    return json.dumps(
        {"format": FORMAT, "edition": edition, "made_at": at.isoformat(timespec="seconds"), "made_by": office,
         "sha256": _sum(lines), "changes": lines},
        ensure_ascii=False, indent=2,
    ).encode()  # fmt: skip


def _line(change: LocalChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "key": change.key,
        "value": change.content,
        "valid_from": change.valid_from.isoformat() if change.valid_from else None,
        "valid_to": change.valid_to.isoformat() if change.valid_to else None,
        "source": change.source,
        "verified": change.verified,
        **({"province": change.province} if change.province else {}),
    }


def _sum(lines: Sequence[dict[str, Any]]) -> str:
    return hashlib.sha256(canonical({"changes": list(lines)}).encode()).hexdigest()


def read_file(content: bytes) -> list[LocalChange]:
    """The changes of a file; whether they make sense is seen when they are proposed.

    Raises RuleBroken configuration_file_too_large, configuration_file_unreadable, configuration_file_of_other_format,
    configuration_file_damaged, configuration_file_empty, configuration_file_line (with its number).
    """
    if len(content) > LARGEST:
        raise RuleBroken("configuration_file_too_large", field="file", most=LARGEST // 1000)
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RuleBroken("configuration_file_unreadable", field="file") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT or data.get("edition") not in EDITIONS:
        raise RuleBroken("configuration_file_of_other_format", field="file")
    lines = data.get("changes")
    if not isinstance(lines, list) or not 0 < len(lines) <= MOST_CHANGES:
        raise RuleBroken("configuration_file_empty", field="file", most=MOST_CHANGES)
    found = [_change(line, number) for number, line in enumerate(lines, start=1)]
    if data.get("sha256") != _sum(lines):
        raise RuleBroken("configuration_file_damaged", field="file")
    return found


def _change(line: Any, number: int) -> LocalChange:
    try:
        texts = [*(line[name] for name in _TEXTS), line.get("province", "")]
        value, verified = line["value"], line["verified"]
        if not all(type(text) is str for text in texts) or type(value) is not dict or type(verified) is not bool:
            raise TypeError
        days = [date.fromisoformat(line[name]) if line[name] else None for name in ("valid_from", "valid_to")]
        return LocalChange(texts[0], texts[1], canonical(value), days[0], days[1], texts[2], verified, texts[3])
    except (KeyError, TypeError, ValueError) as error:
        raise RuleBroken("configuration_file_line", field="file", number=number) from error
