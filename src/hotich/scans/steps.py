"""What a worker process does for the batches in the database: bytes in, plain results out. Called by `workers`.

Arguments are dictionaries of bytes, numbers, JSON and `ScanSettings`, so that they travel between processes; refusals
are RuleBroken, which `workers` turns into the code of the outcome. A page of a file of many harms no other: what became
of each stands in its own entry of the result.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy

from hotich.kernel.problems import RuleBroken
from hotich.scans.cut import cut_case
from hotich.scans.early import fingerprint, look_over
from hotich.scans.encode import encode_case
from hotich.scans.ingest import page_total, read_page
from hotich.scans.layouts import draw_layout, lay_layout
from hotich.scans.pages import CaseBox, Finding, FlatPage, PageImage, Pixels, Severity
from hotich.scans.rectify import rectify
from hotich.scans.settings import ScanSettings
from hotich.scans.split import propose_cases, rules_of, strong_rules
from hotich.scans.worker_process import step_done

Plain = dict[str, Any]
REFUSE: Severity = "refuse"
REVIEW: Severity = "review"
PREVIEW_QUALITY = 70
CUT_QUALITY = 88  # of the picture a reviewer compares with


def prepare_pages(argument: Mapping[str, Any]) -> Plain:
    """Pages of one file: looked over, rectified, boxed.

    `content`, `name`, `pages` ({index: {"turned", "corners", "kept"}}), `paper`, `drawing` (of a layout, or None),
    `settings`. Gives {"total": pages of the file, or None unless page 0 is asked for, "pages": {index: result}}; a result
    is {"code", "params"} of a refusal of that page, or what `_prepared` gives. Raises RuleBroken where the file cannot be
    opened at all.
    """
    settings: ScanSettings = argument["settings"]
    wanted: Mapping[int, Mapping[str, Any]] = argument["pages"]
    content, name = argument["content"], argument["name"]
    total = page_total(content, name, settings) if 0 in wanted else None
    made: dict[int, Plain] = {}
    for index in sorted(wanted):
        try:
            page = read_page(content, name, index, settings)
            made[index] = _prepared(page, wanted[index], argument["paper"], argument["drawing"], settings)
        except RuleBroken as refusal:
            made[index] = {"code": refusal.code, "params": dict(refusal.params)}
        step_done()
    return {"total": total, "pages": made}


def _prepared(
    page: PageImage,
    acts: Mapping[str, Any],
    paper: str,
    drawing: Mapping[str, Any] | None,
    settings: ScanSettings,
) -> Plain:
    """{"delivered": JPEG, "delivered_size", "findings", "refused"} and, unless it is refused, what `_flat` gives."""
    height, width = page.pixels.shape[:2]
    findings = look_over(page, settings, paper=paper)
    if acts.get("kept"):  # somebody said why it is used nevertheless
        findings = [dataclasses.replace(found, severity=REVIEW) for found in findings]
    refused = any(found.severity == REFUSE for found in findings)
    made: Plain = {
        "delivered": jpeg(_shrunk(page.pixels, settings.delivered_side), PREVIEW_QUALITY),
        "delivered_size": (width, height),
        "refused": refused,
    }
    if not refused:
        flat = rectify(page, settings, turned=acts.get("turned"), corners=acts.get("corners"), paper=paper)
        findings = [*findings, *flat.findings]
        made |= _flat(flat, drawing, settings)
    return {**made, "findings": [_plain_finding(found) for found in _once(findings)]}


def _flat(flat: FlatPage, drawing: Mapping[str, Any] | None, settings: ScanSettings) -> Plain:
    height, width = flat.pixels.shape[:2]
    edges = numpy.array([[[0, 0], [width, 0], [width, height], [0, height]]], numpy.float64)
    corners = cv2.perspectiveTransform(edges, numpy.linalg.inv(flat.to_flat))[0]
    return {
        "flat": jpeg(flat.pixels, settings.flat_quality),
        "size": (width, height),
        "dpi": float(flat.dpi),
        "turned": flat.turned,
        "corners": [[round(float(x), 1), round(float(y), 1)] for x, y in corners],
        "fingerprint": fingerprint(flat.pixels),
        **_boxes(flat, drawing, settings),
    }


def find_boxes(argument: Mapping[str, Any]) -> Plain:
    """Boxes of a page that is flat already: {"boxes", "by": "layout" | "grid", "fit", "ruling"}. `picture`: JPEG and dpi.

    `ruling`: where its long rules lie, by which a map of regions is moved from one page to another.
    """
    return _boxes(flat_page(*argument["picture"]), argument["drawing"], argument["settings"])


def _boxes(flat: FlatPage, drawing: Mapping[str, Any] | None, settings: ScanSettings) -> Plain:
    fit, page = None, rules_of(flat)
    ruling = {"ruling": strong_rules(page)}
    if drawing:
        boxes, fit = lay_layout(dict(drawing), flat, settings, page=page)
        if boxes and fit >= settings.layout_fit:
            return {"boxes": [_plain_box(box) for box in boxes], "by": "layout", "fit": float(fit), **ruling}
    found = propose_cases(flat, settings, page=page)
    fitted = None if fit is None else float(fit)
    return {"boxes": [_plain_box(box) for box in found], "by": "grid", "fit": fitted, **ruling}


def draw_layout_of(argument: Mapping[str, Any]) -> Plain:
    """The drawing of a layout from the boxes of a page. `picture`, `boxes`, `settings`."""
    flat = flat_page(*argument["picture"])
    return draw_layout(flat, [case_box(box) for box in argument["boxes"]], argument["settings"])


def encode_parts(argument: Mapping[str, Any]) -> Plain:
    """One case to its PDF. `parts`: [(JPEG, dpi, stored box)], `title`, `settings`.

    Gives {"pdf", "size", "dpi", "method", "verdict", "reason", "gate"}; where nothing fits the budget the verdict is
    refuse and `pdf` something to look at, possibly larger.
    """
    parts = _parts(argument["parts"])
    made = encode_case(
        cut_case(parts, argument["settings"]),
        min(flat.dpi for flat, _ in parts),
        argument["settings"],
        title=argument["title"],
    )
    return {
        "pdf": made.pdf,
        "size": made.size,
        "dpi": int(made.dpi),
        "method": made.method,
        "verdict": made.verdict,
        "reason": made.reason,
        "gate": plain(made.gate.as_json()),
    }


def cut_pictures(argument: Mapping[str, Any]) -> list[bytes]:
    """The sheets of a case before they are encoded, as JPEGs. `parts`, `settings`: as of `encode_parts`."""
    return [jpeg(sheet, CUT_QUALITY) for sheet in cut_case(_parts(argument["parts"]), argument["settings"])]


def _parts(parts: Sequence[tuple[bytes, float, Mapping[str, Any]]]) -> list[tuple[FlatPage, CaseBox]]:
    pages: dict[int, FlatPage] = {}  # several boxes of one page: its picture is opened once
    for picture, dpi, _ in parts:
        if id(picture) not in pages:
            pages[id(picture)] = flat_page(picture, dpi)
    return [(pages[id(picture)], case_box(box)) for picture, _, box in parts]


def flat_page(picture: bytes, dpi: float) -> FlatPage:
    """A page as it was stored flat. Raises RuleBroken image_truncated."""
    pixels = cv2.imdecode(numpy.frombuffer(picture, numpy.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise RuleBroken("image_truncated", page=1)
    return FlatPage(numpy.asarray(pixels, numpy.uint8), dpi, numpy.eye(3))


def case_box(stored: Mapping[str, Any]) -> CaseBox:
    """A box as it is stored, as the pipeline takes it."""
    left, top, right, bottom = stored["box"]
    header = stored.get("header")
    return CaseBox((left, top, right, bottom), tuple(header) if header else None)


def jpeg(pixels: Pixels, quality: int) -> bytes:
    """A JPEG without any metadata."""
    done, encoded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RuleBroken("too_many_pixels", page=1)
    return encoded.tobytes()


def _shrunk(pixels: Pixels, longest: int) -> Pixels:
    share = longest / max(pixels.shape[:2])
    if share >= 1:
        return pixels
    return numpy.asarray(cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), numpy.uint8)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    return list({found.code: found for found in findings}.values())


def _plain_finding(found: Finding) -> Plain:
    return {"code": found.code, "severity": found.severity, "params": plain(dict(found.params))}


def _plain_box(box: CaseBox) -> Plain:
    header = box.header
    return {
        "box": [round(float(edge), 1) for edge in box.box],
        "header": None if header is None else [round(float(edge), 1) for edge in header],
    }


def plain(value: Any) -> Any:
    """A value as JSON takes it: numbers of numpy as plain ones."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, numpy.generic):
        return value.item()
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
