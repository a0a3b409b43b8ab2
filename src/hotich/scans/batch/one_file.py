"""One file of a batch, in a worker: its pages made flat and encoded as one case, or cut into the cases they show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy

from hotich.kernel.problems import RuleBroken
from hotich.scans.batch.order import CaseResult, FileOrder, FileResult
from hotich.scans.cut import cut_case
from hotich.scans.early import fingerprint, look_over
from hotich.scans.encode import EncodedCase, encode_case
from hotich.scans.ingest import page_total, read_page
from hotich.scans.pages import Finding, FlatPage, PageImage, Pixels, Verdict
from hotich.scans.rectify import rectify
from hotich.scans.rectify.size import scan_dpi
from hotich.scans.settings import ScanSettings
from hotich.scans.split import propose_cases
from hotich.scans.workers import step_done

SAME_DPI = 0.02  # sheets of a case that differ by less are of one resolution


def encode_file(order: FileOrder) -> FileResult:
    """The PDFs of one file. Raises RuleBroken for what refuses the file as a whole."""
    try:
        content = Path(order.path).read_bytes()
    except OSError as error:
        raise RuleBroken("scan_not_readable") from error
    if hashlib.sha256(content).hexdigest() != order.sha256:
        raise RuleBroken("scan_changed_meanwhile")
    pages = page_total(content, order.name, order.settings)
    if order.split == "none":
        return _as_one_case(content, pages, order)
    return _as_many_cases(content, pages, order)


def _as_one_case(content: bytes, pages: int, order: FileOrder) -> FileResult:
    if pages > order.settings.most_sheets:
        raise RuleBroken("scan_too_many_sheets", pages=pages, most=order.settings.most_sheets)
    flats: list[FlatPage] = []
    findings: list[tuple[int, Finding]] = []
    marks: list[tuple[int, str]] = []
    for index in range(pages):
        flat, found, mark = _flat_page(content, index, order)
        findings += [(index + 1, finding) for finding in found]
        marks += [(index + 1, mark)] if mark else []
        if flat is not None:
            flats.append(flat)
        step_done()
    worst = next((finding for _, finding in findings if finding.severity == "refuse"), None)
    if worst is not None:
        return FileResult((_not_begun(0, findings),), tuple(marks))
    case = _encoded(0, _of_one_dpi(flats), flats[0].dpi, order.title, findings, order.settings)
    return FileResult((case,), tuple(marks))


def _as_many_cases(content: bytes, pages: int, order: FileOrder) -> FileResult:
    cases: list[CaseResult] = []
    marks: list[tuple[int, str]] = []
    for index in range(pages):
        try:
            flat, found, mark = _flat_page(content, index, order)
        except RuleBroken as error:  # this page is lost, those behind it are not
            lost = Finding(error.code, "refuse", error.params)
            cases.append(_on_page(index + 1, _not_begun(len(cases) + 1, [(index + 1, lost)])))
            continue
        marks += [(index + 1, mark)] if mark else []
        of_page = [(index + 1, finding) for finding in found]
        cases += [_on_page(index + 1, case) for case in _cases_of(flat, of_page, len(cases), order)]
        step_done()
    return FileResult(tuple(cases), tuple(marks))


def _cases_of(
    flat: FlatPage | None, findings: list[tuple[int, Finding]], before: int, order: FileOrder
) -> Iterator[CaseResult]:
    if flat is None:
        yield _not_begun(before + 1, findings)
        return
    pictures = [cut_case([(flat, box)]) for box in propose_cases(flat, order.settings)]
    for number, sheets in enumerate(pictures, start=before + 1):
        yield _encoded(number, sheets, flat.dpi, f"{order.title}--{number:02d}", findings, order.settings)
        step_done()


def _on_page(page: int, case: CaseResult) -> CaseResult:
    return replace(case, gate=case.gate | {"page": page})


def _flat_page(content: bytes, index: int, order: FileOrder) -> tuple[FlatPage | None, list[Finding], str]:
    """One page made flat (None when it is refused before), what was found, and its fingerprint ("" of an empty one)."""
    page = read_page(content, order.name, index, order.settings)
    if page.dpi is None and order.dpi is not None:
        page = replace(page, dpi=order.dpi)
    if order.is_cropped:
        flat, findings = _as_it_is(page, order.settings)
    else:
        flat, findings = None, look_over(page, order.settings, paper=order.paper)
    if any(finding.severity == "refuse" for finding in findings):
        return None, findings, fingerprint(page.pixels)
    if flat is None:
        flat = rectify(page, order.settings, paper=order.paper)
    is_empty = any(finding.code == "page_blank" for finding in findings)
    return flat, [*findings, *flat.findings], "" if is_empty else fingerprint(flat.pixels)


def _as_it_is(page: PageImage, settings: ScanSettings) -> tuple[FlatPage, list[Finding]]:
    """A case that was cut out already: its size tells nothing about the paper, its rules run to the edge."""
    height, width = page.pixels.shape[:2]
    dpi, is_known = (page.dpi, True) if page.dpi is not None else scan_dpi(width, height, None, "", settings)
    found = look_over(replace(page, dpi=dpi), settings)
    findings = [finding for finding in found if finding.code != "page_cut_off"]
    if not is_known:
        findings.append(Finding("dpi_assumed", "review", {"dpi": round(dpi)}))
    return FlatPage(page.pixels, dpi, numpy.eye(3)), findings


def _of_one_dpi(flats: Sequence[FlatPage]) -> list[Pixels]:
    """The sheets of a case in the resolution of the first."""
    first = flats[0].dpi
    sheets: list[Pixels] = []
    for flat in flats:
        factor = first / flat.dpi
        if abs(factor - 1) <= SAME_DPI:
            sheets.append(flat.pixels)
            continue
        way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        sheets.append(cv2.resize(flat.pixels, None, fx=factor, fy=factor, interpolation=way).astype(numpy.uint8))
    return sheets


def _encoded(
    number: int,
    sheets: Sequence[Pixels],
    dpi: float,
    title: str,
    findings: list[tuple[int, Finding]],
    settings: ScanSettings,
) -> CaseResult:
    case = encode_case(sheets, dpi, settings, title=title)
    verdict, reason = _with_findings(case, findings)
    gate = case.gate.as_json() | {"case": number, "sheets": len(sheets), "page_findings": _told(findings)}
    return CaseResult(number, case.pdf, case.dpi, case.method, gate, verdict, reason)


def _with_findings(case: EncodedCase, findings: list[tuple[int, Finding]]) -> tuple[Verdict, str]:
    """What the pages were like counts as much as what the gate says; the gate is named first."""
    if case.verdict != "pass" or not findings:
        return case.verdict, case.reason
    return "review", findings[0][1].code


def _not_begun(number: int, findings: list[tuple[int, Finding]]) -> CaseResult:
    worst = next(finding for _, finding in findings if finding.severity == "refuse")
    gate = {"case": number, "sheets": 0, "page_findings": _told(findings)}
    return CaseResult(number, b"", 0, "", gate, "refuse", worst.code)


def _told(findings: list[tuple[int, Finding]]) -> list[dict[str, Any]]:
    return [
        {"page": page, "code": finding.code, "severity": finding.severity, "params": dict(finding.params)}
        for page, finding in findings
    ]
