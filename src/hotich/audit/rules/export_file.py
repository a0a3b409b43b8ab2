"""The trail as a file of lines (JSON), and its verification with nothing but Python.

First line {"hotich_audit_export": 1, …}; then for each chain {"chain": office, "start": [sequence, hash]}, its entries
{"e": content, "p": previous, "h": hash} (with "d": [salt, before, after] where details were asked for), and
{"head": [office, sequence, hash]}; last line {"end": number of entries}.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotich.audit.rules.anchors import AnchorHistory
from hotich.audit.rules.chain import ChainCheck, ChainFault, Link, Point

VERSION = 1


@dataclass(slots=True)
class ExportReport:
    """What verifying an export found."""

    header: Mapping[str, Any] = field(default_factory=dict)
    chains: int = 0
    entries: int = 0
    faults: list[ChainFault] = field(default_factory=list)


def entry_line(link: Link) -> dict[str, Any]:
    """An entry as it stands in the file."""
    line: dict[str, Any] = {"e": dict(link.content), "p": link.previous, "h": link.hash}
    if link.detail is not None:
        line["d"] = list(link.detail)
    return line


def verify_export(lines: Iterable[str | bytes], history: AnchorHistory | None = None) -> ExportReport:
    """Check every chain of an export, against anchors if given. Codes as of chain and anchors, and
    audit_export_unreadable, audit_export_incomplete, audit_archive_unsigned.
    """
    report, check, ended = ExportReport(), None, False
    seen: set[int] = set()
    for place, line in enumerate(lines):
        try:
            found = json.loads(line)
            if place == 0:
                if found["hotich_audit_export"] != VERSION:
                    raise ValueError("version")
                report.header = found
            elif "chain" in found:
                check = _begin(found, history, report)
                seen.add(check.office)
            elif "e" in found and check is not None:
                check.see(_link(found))
                report.entries += 1
            elif "head" in found and check is not None:
                report.faults += check.finish(int(found["head"][1]), str(found["head"][2]))
                check = None
            elif "end" in found:
                ended = int(found["end"]) == report.entries
            else:
                raise ValueError("line")
        except (ValueError, KeyError, TypeError, IndexError):
            report.faults.append(ChainFault("audit_export_unreadable", place + 1))
            return report
    if not ended or check is not None:
        report.faults.append(ChainFault("audit_export_incomplete"))
    if history is not None:
        report.faults += _missing(report, history, seen)
    return report


def _begin(found: Mapping[str, Any], history: AnchorHistory | None, report: ExportReport) -> ChainCheck:
    office, (sequence, digest) = int(found["chain"]), found["start"]
    report.chains += 1
    if history is None:
        return ChainCheck(office, (int(sequence), str(digest)))
    if sequence and not _is_signed_start(history, office, sequence, digest):
        report.faults.append(ChainFault("audit_archive_unsigned", sequence, office))
    points = history.points.get(office, [])
    if report.header.get("archive"):  # it ends where it was cut, and must meet the signed cut
        points = _points_of_archive(history, office, int(sequence), points)
        if not points:
            report.faults.append(ChainFault("audit_archive_unsigned", sequence, office))
    return ChainCheck(office, (int(sequence), str(digest)), points)


def _points_of_archive(history: AnchorHistory, office: int, start: int, points: list[Point]) -> list[Point]:
    cuts = sorted((cut.sequence, cut.hash) for cut in history.cuts if cut.office == office and cut.sequence > start)
    if not cuts:
        return []
    last, digest = cuts[0]
    return [*(point for point in points if point.sequence <= last), Point(last, digest, history.number)]


def _is_signed_start(history: AnchorHistory, office: int, sequence: int, digest: str) -> bool:
    return any((cut.office, cut.sequence, cut.hash) == (office, sequence, digest) for cut in history.cuts)


def _link(found: Mapping[str, Any]) -> Link:
    detail = tuple(found["d"]) if "d" in found else None
    content = found["e"]
    return Link(int(content["sequence"]), content, found["p"], found["h"], detail)


def _missing(report: ExportReport, history: AnchorHistory, seen: set[int]) -> list[ChainFault]:
    asked = report.header.get("offices")  # None: every chain
    return [
        ChainFault(
            "audit_chain_missing", 0, office, history.points[office][-1].anchor, history.points[office][-1].sequence
        )
        for office in sorted(history.points)
        if office not in seen and (asked is None or office in asked)
    ]
