"""The findings about one page as it was delivered."""

from __future__ import annotations

import cv2
import numpy
import numpy.typing

from ..pages import Finding, PageImage, Severity
from ..settings import ScanSettings
from .ink import Ink, find_ink
from .sharpness import blur_mm
from .sheet import Sheet, border_lines, dpi_by_paper, find_sheet

_SIDES = ("trái", "trên", "phải", "dưới")


def look_over(page: PageImage, settings: ScanSettings, *, paper: str = "") -> list[Finding]:
    """Resolution, sharpness, light, emptiness, edges. `paper`: "A4", "A3", "A2" when known, else ""."""
    sheet = find_sheet(page.pixels)
    dpi, findings = _resolution(page, sheet, paper, settings)
    ink = find_ink(page.pixels, dpi)
    empty = _emptiness(ink, sheet, settings)
    findings += empty
    if not any(finding.code == "page_blank" for finding in empty):
        findings += _blur(page, dpi, settings)
    findings += _light(sheet, settings)
    findings += _cut_off(ink, sheet)
    return findings


def _found(code: str, severity: Severity, **params: object) -> Finding:
    return Finding(code, severity, params)


def effective_dpi(page: PageImage, sheet: Sheet, paper: str) -> tuple[float, bool]:
    """Dots an inch of the paper, and whether that is known. The paper goes before the tag when they disagree.

    Nothing known: as if the sheet were A4, the smallest paper of registers, which is the most it can be.
    """
    measured = dpi_by_paper(sheet, paper)
    if measured is not None:
        if page.dpi is not None and abs(page.dpi / measured - 1) < 0.15:
            return page.dpi, True
        return measured, True
    if page.dpi is not None:
        return page.dpi, True
    return dpi_by_paper(sheet, "A4") or 300.0, False


def _resolution(page: PageImage, sheet: Sheet, paper: str, settings: ScanSettings) -> tuple[float, list[Finding]]:
    dpi, known = effective_dpi(page, sheet, paper)
    figures = {"dpi": round(dpi), "lowest": settings.lowest_dpi, "wanted": settings.review_dpi}
    if dpi < settings.lowest_dpi:
        return dpi, [_found("resolution_low", "refuse", **figures)]
    if not known and dpi < settings.lowest_dpi * 2**0.5:  # too low if it were A3
        return dpi, [_found("resolution_unknown", "review", **figures)]
    if dpi < settings.review_dpi:
        return dpi, [_found("resolution_doubtful", "review", **figures)]
    return dpi, []


def _blur(page: PageImage, dpi: float, settings: ScanSettings) -> list[Finding]:
    measured = blur_mm(page.pixels, dpi)
    if measured is None:
        return []
    blur = round(measured, 2)
    if blur > settings.blur_refuse:
        return [_found("page_blurred", "refuse", blur=blur, most=settings.blur_refuse)]
    if blur > settings.blur_review:
        return [_found("page_soft", "review", blur=blur, most=settings.blur_review)]
    return []


def _light(sheet: Sheet, settings: ScanSettings) -> list[Finding]:
    """Glare and black shadow inside the sheet; an evenly white paper is no glare, strokes and edges are no shadow."""
    inside = cv2.erode(sheet.mask, numpy.ones((15, 15), numpy.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=255)
    here = sheet.small[inside > 0]
    if not len(here):
        return []
    findings = []
    light = float((here.min(axis=1) >= 254).mean())
    if light > settings.clipped_light and float(numpy.median(here.min(axis=1))) < 245:
        findings.append(_found("clipped_light", "review", share=round(100 * light)))
    broad = cv2.morphologyEx(sheet.small.max(axis=2), cv2.MORPH_CLOSE, numpy.ones((7, 7), numpy.uint8))
    dark = float((broad[inside > 0] <= 12).mean())
    if dark > settings.clipped_dark:
        findings.append(_found("clipped_dark", "refuse", share=round(100 * dark)))
    return findings


def _emptiness(ink: Ink, sheet: Sheet, settings: ScanSettings) -> list[Finding]:
    inside = _inside(ink, sheet)
    area = max(1, int((inside > 0).sum()))
    marks = float((ink.marks[inside > 0] > 0).sum()) / area
    rules = float((ink.rules[inside > 0] > 0).sum()) / area
    if marks < settings.blank_ink and rules < settings.blank_ink:
        return [_found("page_blank", "review", ink=round(100 * marks, 3))]
    if marks < settings.unwritten_ink:
        return [_found("form_unwritten", "review", ink=round(100 * marks, 3))]
    return []


def _inside(ink: Ink, sheet: Sheet) -> numpy.typing.NDArray[numpy.uint8]:
    size = (ink.marks.shape[1], ink.marks.shape[0])
    mask = cv2.resize(sheet.mask, size, interpolation=cv2.INTER_NEAREST)
    mask = cv2.erode(mask, numpy.ones((25, 25), numpy.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return numpy.asarray(mask, numpy.uint8)


def _cut_off(ink: Ink, sheet: Sheet) -> list[Finding]:
    """Several strokes that run out of the picture where the paper itself does."""
    dark = cv2.bitwise_or(ink.marks, ink.rules)
    lines = border_lines(numpy.asarray(dark, numpy.uint8))
    sides = []
    for name, reached, line in zip(_SIDES, sheet.edges, lines, strict=True):
        starts = int(((line[1:] > 0) & (line[:-1] == 0)).sum())
        if reached and starts >= 3 and float((line > 0).mean()) < 0.4:
            sides.append(name)
    return [_found("page_cut_off", "review", sides=", ".join(sides))] if sides else []
