"""The race: the candidates of a case, each judged by the gate; the best within the budget is the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hotich.scans import pdfa
from hotich.scans.encode.contone import Candidate, contone, smallest
from hotich.scans.encode.layered import layered
from hotich.scans.encode.source import Source
from hotich.scans.gate import GateReport, Originals, judge
from hotich.scans.pages import Finding, Pixels, Verdict
from hotich.scans.settings import ScanSettings

__all__ = ["EncodedCase", "encode_case"]

_OBJECTS, _OBJECTS_A_SHEET, _OBJECTS_A_LAYER = 2_300, 260, 330  # bytes of a PDF beside its pictures, at most


@dataclass(frozen=True, slots=True)
class EncodedCase:
    """The PDF of a case. `method`: colour, gray or layered; `dpi`: of its writing; `reason`: a code, "" when it passes.

    A refused one still has its PDF, within the budget where that can be done, so that an officer can look at it.
    """

    pdf: bytes
    size: int
    dpi: int
    method: str
    gate: GateReport
    verdict: Verdict
    reason: str


def encode_case(sheets: Sequence[Pixels], dpi: float, settings: ScanSettings, *, title: str) -> EncodedCase:
    """One PDF/A-2b of a case: `sheets` are its rectified pictures in reading order, all of `dpi`; they share the budget.

    Same input, same bytes. Never raises for a picture that cannot be made to fit: the verdict is refuse then.
    """
    sources = [Source(sheet, dpi, settings) for sheet in sheets]
    originals = Originals(sheets, dpi, settings)
    gray = not any(source.has_colour() for source in sources)
    room = settings.budget - _OBJECTS - len(title.encode()) * 2 - len(sheets) * _OBJECTS_A_SHEET
    best: EncodedCase | None = None
    first = contone(sources, room, settings, gray=gray)
    if first is not None:
        best = _judged(first, originals, title)
        if best.verdict == "pass" and first.dpi >= min(settings.contone_enough_dpi, dpi):
            return best
    second = layered(sources, room - len(sheets) * _OBJECTS_A_LAYER, settings, gray=gray)
    if second is not None:
        other = _judged(second, originals, title)
        best = other if best is None or other.gate.score > best.gate.score else best
    if best is not None:
        return best
    return _refused(_judged(smallest(sources, room, settings, gray=gray), originals, title))


def _judged(candidate: Candidate, originals: Originals, title: str) -> EncodedCase:
    pdf = pdfa.write_pdf(candidate.sheets, title)
    gate = judge(pdf, originals.sheets, originals.dpi, originals.settings, originals=originals)
    dpi = round(candidate.dpi)
    return EncodedCase(pdf, len(pdf), dpi, candidate.method, gate, gate.verdict, gate.reason)


def _refused(case: EncodedCase) -> EncodedCase:
    """Nothing legal fits: said first, whatever else the gate found."""
    finding = Finding("encode_nothing_fits", "refuse", {"bytes": case.size, "dpi": case.dpi})
    gate = replace(case.gate, verdict="refuse", findings=(finding, *case.gate.findings))
    return replace(case, gate=gate, verdict="refuse", reason=finding.code)
