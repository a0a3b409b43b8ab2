"""Which scan goes to which stored row, and what the report says of scans."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from hotich.intake.queries.known_cases import has_scan_of
from hotich.intake.rules.import_decisions import Decision, Fate
from hotich.intake.rules.import_plan import ScanPlan
from hotich.intake.rules.row_examination import Finding
from hotich.intake.rules.scan_matching import SCAN_MISSING, SCAN_TOO_LARGE, SCAN_UNREADABLE, largest_scan
from hotich.intake.services.scans import LARGEST_FILE, ScanSource, fault_of_pdf
from hotich.kernel.problems import RuleBroken


class ScanDesk:
    """Goes through the rows in order; `report` grows with them: {"linked", "missing", "unmatched", "too_large"}."""

    def __init__(self, plan: ScanPlan, source: ScanSource | None) -> None:
        self.plan = plan
        self._source = source
        self._seen: set[str] = set()
        self.report: dict[str, Any] = {"linked": 0, "missing": [], "unmatched": [], "too_large": []}

    def replay(self, row: int) -> None:
        """A row that was stored before the import was interrupted."""
        if name := self.plan.by_row.get(row):
            self._seen.add(name)

    def take(self, decision: Decision) -> tuple[str, bytes | None, list[Finding]]:
        """The path and content of the scan to link to this row (None for none), and what is to be said about it."""
        if not self.plan.given:
            return "", None, []
        name = self.plan.by_row.get(decision.result.row, "")
        if decision.fate is Fate.REJECTED:
            self._leave(name)
            return "", None, []
        known = decision.known
        if known is not None and decision.fate is Fate.UNCHANGED:
            if not name or (known.has_scan and not self._is_other(name, known.id)):
                self._seen.add(name)
                return "", None, []
        if not name and known is not None and decision.fate is Fate.REPLACES and known.has_scan:
            return "", None, []  # it keeps the scan it has
        return self._taken(name, decision)

    def _is_other(self, name: str, case_id: UUID) -> bool:
        """Whether a case that has a scan gets another one: a page scanned anew, or made smaller."""
        content, fault = self._content(name)
        if fault:
            self._leave(name)
            return False
        return not has_scan_of(case_id, hashlib.sha256(content).hexdigest())

    def _taken(self, name: str, decision: Decision) -> tuple[str, bytes | None, list[Finding]]:
        keys = decision.result.keys
        label = keys.number_text or f"dòng {decision.result.row}"
        content, fault = self._content(name) if name else (b"", "")
        if fault or not name:
            self.report["missing"].append(label)
            if name:
                self._leave(name)
                return "", None, [(fault, "", "warning", {"file": _bare(name)})]
            return "", None, [(SCAN_MISSING, "", "warning", {"number": label})]
        fresh = name not in self._seen
        self._seen.add(name)
        self.report["linked"] += 1 if fresh else 0
        if len(content) <= largest_scan():
            return name, content, []
        if fresh:
            self.report["too_large"].append(name)
        return name, content, [too_large(len(content))]

    def _content(self, name: str) -> tuple[bytes, str]:
        """The content of a file, and what is wrong with it ("" for nothing)."""
        if self._source is None or self._source.sizes[name] > LARGEST_FILE:
            return b"", SCAN_UNREADABLE
        try:
            content = self._source.read(name)
        except RuleBroken as refusal:
            return b"", refusal.code
        return content, fault_of_pdf(content)

    def _leave(self, name: str) -> None:
        if name and name not in self._seen:
            self._seen.add(name)
            self.report["unmatched"].append(name)

    def finish(self) -> dict[str, Any]:
        """The whole report: files whose names belong to no row come to those that could not be linked."""
        unmatched = sorted({*self.report["unmatched"], *self.plan.unmatched})
        return {**self.report, "unmatched": unmatched}


def too_large(size: int) -> Finding:
    """The finding about a scan that is larger than the Ministry takes."""
    return SCAN_TOO_LARGE, "", "error", {"size": size // 1000, "limit": largest_scan() // 1000}


def _bare(name: str) -> str:
    return name.rpartition("/")[2]
