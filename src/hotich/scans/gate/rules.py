"""From measurements to a verdict: every threshold in the settings, the worst finding first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hotich.scans.gate.likeness import Likeness
from hotich.scans.gate.reading import PageFacts
from hotich.scans.gate.report import GateReport
from hotich.scans.pages import Finding, Verdict
from hotich.scans.settings import ScanSettings

_FAR = 9.0  # score of a test with nothing to complain about


def verdict_of(
    hard: Sequence[Finding],
    facts: Sequence[PageFacts],
    seen: Sequence[Likeness],
    size: int,
    settings: ScanSettings,
) -> GateReport:
    """The report. `hard`: what refuses whatever the picture is like; `seen`: one a page, none when not compared."""
    is_layered = any(page.mask_dpi for page in facts)
    tests = [*_resolution(facts, settings), *(_likeness(seen, settings, is_layered=is_layered) if seen else [])]
    score = min((test[1] for test in tests), default=-1.0) if seen and not hard else -1.0
    soft = [
        _finding(code, value, params) for code, value, params in sorted(tests, key=lambda test: test[1]) if value < 1
    ]
    findings = (*hard, *soft)
    verdict: Verdict = "pass"
    if findings:
        verdict = "refuse" if any(finding.severity == "refuse" for finding in findings) else "review"
    quality = min((page.quality for page in facts if page.quality), default=None)
    resolutions = [page.mask_dpi or page.dpi for page in facts]
    return GateReport(
        verdict=verdict,
        findings=findings,
        bytes=size,
        pages=len(facts),
        method="layered" if is_layered else "contone" if facts else "",
        dpi=round(min(resolutions)) if resolutions else None,
        quality=quality,
        ssim=_worst(seen, lambda page: page.ssim, min),
        worst_ssim=_worst(seen, lambda page: page.worst_ssim, min),
        ink_f1=_worst(seen, lambda page: page.ink_f1, min),
        missed_ink=_worst(seen, lambda page: page.missed_ink, max),
        worst_missed=_worst(seen, lambda page: page.worst_missed, max),
        score=score,
    )


Test = tuple[str, float, dict[str, float]]


def _resolution(facts: Sequence[PageFacts], settings: ScanSettings) -> list[Test]:
    """Steps below the lowest resolution refuse; there is nothing to look at twice. One dot is rounding."""
    tests: list[Test] = []
    for page in facts:
        lowest = settings.mask_lowest_dpi if page.mask_dpi else settings.contone_lowest_dpi
        dpi = page.mask_dpi or page.dpi
        if dpi < lowest - 1:
            tests.append(("gate_resolution_low", -1.0, {"dpi": round(dpi), "lowest": lowest}))
        if not page.mask_dpi and page.quality is not None and page.quality < settings.contone_lowest_quality - 1:
            tests.append(
                ("gate_quality_low", -1.0, {"quality": page.quality, "lowest": settings.contone_lowest_quality})
            )
    return tests


def _likeness(seen: Sequence[Likeness], settings: ScanSettings, *, is_layered: bool) -> list[Test]:
    tests: list[Test] = []
    for page in seen:
        if not page.ink_points:
            tests.append(("gate_nothing_written", 0.0, {}))
        if is_layered:
            tests.append(_test("gate_ink_differs", page.ink_f1, settings.ink_f1_pass, settings.ink_f1_review))
        else:
            tests.append(_test("gate_likeness_low", page.ssim, settings.ssim_pass, settings.ssim_review))
            if page.worst_ssim < settings.worst_ssim_review:
                tests.append(
                    (
                        "gate_spot_unlike",
                        page.worst_ssim / settings.worst_ssim_review,
                        {"value": _shown(page.worst_ssim)},
                    )
                )
        tests.append(_test("gate_ink_missing", page.missed_ink, settings.missed_ink_pass, settings.missed_ink_review))
        # one spot never refuses: it may be a pale guide line or the writing of the other side; whoever looks sees which
        code, spot, told = _test(
            "gate_spot_missing", page.worst_missed, settings.worst_missed_pass, settings.worst_missed_review
        )
        tests.append((code, max(0.0, spot), told))
    return tests


def _test(code: str, value: float, passes: float, reviews: float) -> Test:
    """1 at the threshold of passing, 0 at that of review, either way round."""
    return code, min(_FAR, (value - reviews) / (passes - reviews)), {"value": _shown(value), "needed": passes}


def _finding(code: str, score: float, params: dict[str, float]) -> Finding:
    return Finding(code, "refuse" if score < 0 else "review", params)


def _shown(value: float) -> float:
    return round(value, 4)


def _worst(
    seen: Sequence[Likeness], value: Callable[[Likeness], float], pick: Callable[[list[float]], float]
) -> float | None:
    return pick([value(page) for page in seen]) if seen else None
