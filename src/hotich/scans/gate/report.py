"""What the gate says of a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hotich.scans.pages import Finding, Verdict


@dataclass(frozen=True, slots=True)
class GateReport:
    """Measured on the finished file. Shares and likenesses are of the worst sheet; None: not measured.

    `score`: how far within the thresholds, 1 and more passes, below 0 is refused; comparable between methods.
    `findings`: whatever is below a threshold, worst first.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    bytes: int
    pages: int = 0
    method: str = ""
    dpi: int | None = None
    quality: int | None = None
    ssim: float | None = None
    worst_ssim: float | None = None
    ink_f1: float | None = None
    missed_ink: float | None = None
    worst_missed: float | None = None
    score: float = -1.0

    @property
    def reason(self) -> str:
        """Code of the worst finding; empty when it passes."""
        return self.findings[0].code if self.findings else ""

    def as_json(self) -> dict[str, Any]:
        """For the report of a batch and the database: plain values only, figures with four decimals."""
        figures = ("ssim", "worst_ssim", "ink_f1", "missed_ink", "worst_missed", "score")
        return {
            "verdict": self.verdict,
            "findings": [
                {"code": finding.code, "severity": finding.severity, "params": dict(finding.params)}
                for finding in self.findings
            ],
            "bytes": self.bytes,
            "pages": self.pages,
            "method": self.method,
            "dpi": self.dpi,
            "quality": self.quality,
            **{name: _rounded(getattr(self, name)) for name in figures},
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
