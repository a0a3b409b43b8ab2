"""The gate: judges the finished PDF as one sees it against the original, never by what the encoder says of itself.

Hard rules (bytes, pages, PDF/A, it renders, page size), resolution, then likeness: for contone pictures structural
similarity on the text, for layered ones F1 of the ink, and for both the share of ink that is gone – with a threshold
more sensitive than the encoder's, because with the same one nothing would ever be missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import pikepdf
import pypdfium2

from hotich.scans import pdfa
from hotich.scans.gate.likeness import Likeness, Reference, likeness, reference_of
from hotich.scans.gate.reading import PageFacts, facts_of, render, rendered_size
from hotich.scans.gate.report import GateReport
from hotich.scans.gate.rules import verdict_of
from hotich.scans.pages import Finding, Pixels
from hotich.scans.settings import ScanSettings

__all__ = ["GateReport", "Originals", "judge"]


class Originals:
    """The sheets a PDF is judged against: what is measured of them is measured once for all candidates."""

    def __init__(self, sheets: Sequence[Pixels], dpi: float, settings: ScanSettings) -> None:
        self.sheets, self.dpi, self.settings = sheets, dpi, settings
        self._references: dict[int, Reference] = {}

    @property
    def gate_dpi(self) -> float:
        """Nothing is gained by looking closer than the original was scanned."""
        return min(float(self.settings.gate_dpi), self.dpi)

    def points(self, index: int) -> tuple[float, float]:
        """Width and height of a sheet in points."""
        height, width = self.sheets[index].shape[:2]
        return width * 72 / self.dpi, height * 72 / self.dpi

    def reference(self, index: int) -> Reference:
        """The sheet at the gate's resolution."""
        if index not in self._references:
            size = rendered_size(*self.points(index), self.gate_dpi)
            self._references[index] = reference_of(self.sheets[index], size, self.gate_dpi, self.settings)
        return self._references[index]


def judge(
    pdf: bytes,
    sheets: Sequence[Pixels],
    dpi: float,
    settings: ScanSettings,
    *,
    originals: Originals | None = None,
    archival: bool = True,
) -> GateReport:
    """Judge `pdf` against the rectified `sheets` it was made of (`dpi`: theirs).

    `originals`: the same sheets when several PDFs of them are judged. `archival`: whether it has to be PDF/A-2b.
    Never raises for a bad PDF: what is wrong with it is in the findings.
    """
    originals = originals or Originals(sheets, dpi, settings)
    hard = _hard_faults(pdf, settings, archival=archival)
    try:
        facts = facts_of(pdf)
        hard += _size_faults(facts, originals)
        if any(finding.code in ("gate_pages_differ", "gate_page_size_differs") for finding in hard):
            return verdict_of(hard, facts, [], len(pdf), settings)
        seen = [_compared(pdf, index, page, originals) for index, page in enumerate(facts)]
    except (pikepdf.PdfError, pypdfium2.PdfiumError, OSError, ValueError) as error:
        hard.append(Finding("gate_not_rendered", "refuse", {"error": type(error).__name__}))
        return verdict_of(hard, [], [], len(pdf), settings)
    return verdict_of(hard, facts, seen, len(pdf), settings)


def _hard_faults(pdf: bytes, settings: ScanSettings, *, archival: bool) -> list[Finding]:
    found = []
    if len(pdf) > settings.budget:
        found.append(Finding("gate_over_budget", "refuse", {"bytes": len(pdf), "budget": settings.budget}))
    if archival and (faults := pdfa.faults_of(pdf)):
        found.append(Finding("gate_not_archival", "refuse", {"faults": len(faults), "first": faults[0][:200]}))
    return found


def _size_faults(facts: Sequence[PageFacts], originals: Originals) -> list[Finding]:
    if len(facts) != len(originals.sheets):
        return [Finding("gate_pages_differ", "refuse", {"pages": len(facts), "expected": len(originals.sheets)})]
    allowed = originals.settings.size_tolerance
    for index, page in enumerate(facts):
        width, height = originals.points(index)
        if abs(page.width / width - 1) > allowed or abs(page.height / height - 1) > allowed:
            return [Finding("gate_page_size_differs", "refuse", {"page": index + 1})]
    return []


def _compared(pdf: bytes, index: int, page: PageFacts, originals: Originals) -> Likeness:
    """The page is drawn at its own resolution where that is near the gate's, so that only one thing resamples it."""
    wanted = originals.gate_dpi
    own = page.mask_dpi or page.dpi
    seen = render(pdf, index, own if wanted * 0.4 < own < wanted * 1.2 else wanted)
    reference = originals.reference(index)
    if seen.shape != reference.flat.shape:
        size = reference.flat.shape[::-1]
        way = cv2.INTER_AREA if seen.shape[0] > size[1] else cv2.INTER_CUBIC
        seen = cv2.resize(seen, size, interpolation=way)  # type: ignore[assignment]
    return likeness(reference, seen, originals.settings)
