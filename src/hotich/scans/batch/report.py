"""The report of a batch: one entry a case, at least one for every file of IN."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.scans.batch.journal import refusal, write_whole
from hotich.scans.batch.twice import pages_twice

Entry = dict[str, Any]
"""file, pdf, bytes, dpi, method, gate, verdict, reason, seconds – of one case.

`pdf` is a path below OUT, None when none was written (then `bytes` is 0). `reason` is a code of scans/messages.py.
"""

Marks = Mapping[str, Sequence[tuple[int, str]]]
"""Fingerprints of the pages of each file, with the number of the page."""


def finished(entries: Mapping[str, Sequence[Entry]], marks: Marks) -> dict[str, Any]:
    """The report, sorted by file and case; pages that are in IN twice are told at the later one."""
    twice = pages_twice(marks)
    files = [
        _with_twice(entry, twice.get(name, {})) for name in sorted(entries) for entry in entries[name]
    ]  # fmt: skip
    verdicts = Counter(entry["verdict"] for entry in files)
    counts = {
        "files": len(entries),
        "cases": len(files),
        "pdfs": sum(entry["pdf"] is not None for entry in files),
        **{verdict: verdicts[verdict] for verdict in ("pass", "review", "refuse")},
    }
    return {"files": files, "counts": counts}


def _with_twice(entry: Entry, twice: Mapping[int, str]) -> Entry:
    page = entry["gate"].get("page", 0)
    found = [
        {"page": number, "code": "page_twice", "severity": "review", "params": {"page": first}}
        for number, first in sorted(twice.items())
        if page in (0, number)
    ]
    if not found:
        return entry
    gate = entry["gate"] | {"page_findings": [*entry["gate"].get("page_findings", ()), *found]}
    stands = {"verdict": "review", "reason": "page_twice"} if entry["verdict"] == "pass" else {}
    return entry | {"gate": gate} | stands


def write_report(path: Path, report: dict[str, Any], by_way_of: Path) -> dict[str, Any]:
    """Write it whole or not at all; as it can be read from there. Raises RuleBroken scan_no_space | scan_out_not_writable."""
    content = json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n"
    try:
        write_whole(path, content, by_way_of)
    except OSError as error:
        told = refusal(error, path.parent)
        if told.code == "scan_no_space":
            raise told from error
        raise RuleBroken("scan_report_not_writable", file=str(path)) from error
    written: dict[str, Any] = json.loads(content)
    return written
