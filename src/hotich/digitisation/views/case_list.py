"""What the page of a batch's cases shows: cut-outs, numbers, what is odd about them, how far the PDFs are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotich.digitisation import queries
from hotich.digitisation.forms import StartNumberForm
from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScannedCaseState, ScanPage
from hotich.digitisation.rules.charts import number_strip
from hotich.digitisation.rules.machine_reading import NumberRead
from hotich.digitisation.views.parts import (
    CASE_TONES,
    CASES_AT_ONCE,
    PREPARE,
    REVIEW,
    actor_of,
    batch_title,
    crumbs,
    places_of,
    shown,
    state_words,
    tabs,
)
from hotich.digitisation.views.pictures import NARROW
from hotich.web.texts import text_of

STATES = ScannedCaseState
TALLEST = 0.3  # of its width: of a whole page only the head is shown, where the number stands
TONES = {"error": "error", "warning": "warning", "info": "accent"}


def context(request: HttpRequest, batch: ScanBatch) -> dict[str, Any]:
    """Everything the page of cases shows."""
    actor, far = actor_of(request), queries.progress(batch)
    found = queries.cases_of(batch)
    findings = _findings(batch, found)
    by_case: dict[Any, list[Any]] = defaultdict(list)
    for finding in findings:
        by_case[finding.case_id].append(finding)
    page = shown(request, found, CASES_AT_ONCE)
    pages = {str(each.id): each for each in queries.pages_of(batch)}
    read = queries.numbers_read(list(page.object_list), pages)
    is_open = batch.state == ScanBatchState.OPEN
    done = sum(count for state, count in far.cases.items() if state not in (STATES.PENDING, STATES.SET_ASIDE))
    standing = sum(count for state, count in far.cases.items() if state != STATES.SET_ASIDE)
    return {
        "batch": batch,
        "title": batch_title(batch),
        "breadcrumb": crumbs(batch, (_("Trường hợp và số"), "")),
        "steps": tabs(batch, far, "cases"),
        "may_prepare": actor.may(PREPARE) and is_open,
        "may_decide": (actor.may(PREPARE) or actor.may(REVIEW)) and is_open,
        "far": far,
        "total": len(found),
        "standing": standing,
        "done": done,
        "pages_left": far.pages.get("prepared", 0) + far.pages.get("received", 0),
        "confirmed": far.pages.get("confirmed", 0),
        "stats": _stats(far, standing),
        **_numbers(found, findings),
        "start_form": StartNumberForm(initial=_start(batch)),
        "rows": [
            row(each, pages, _own(by_case[each.id]), at, read.get(each.id))
            for at, each in enumerate(page.object_list, page.start_index())
        ],
        "last_id": found[-1].id if found else None,
        "list_page": page,
        "here": request.path.removesuffix("cap-nhat/"),
    }  # fmt: skip


def _findings(batch: ScanBatch, cases: Sequence[ScannedCase]) -> list[Any]:
    """What is odd about the numbers; before any number is given, every case lacks one, which is said once elsewhere."""
    is_numbered = any(case.number is not None for case in cases)
    return [each for each in queries.number_findings(batch) if is_numbered or each.code != "number_missing"]


def _numbers(cases: Sequence[ScannedCase], findings: Sequence[Any]) -> dict[str, Any]:
    """The sequence of numbers as a strip and as a list of what is odd about it."""
    numbers = [case.number for case in cases if case.number is not None and case.state != STATES.SET_ASIDE]
    general = [line(each) for each in findings if each.case_id is None]
    return {
        "strip": mark_safe(number_strip(numbers, _("Dãy số của các trường hợp"))),  # nosec B308 - charts.py escapes
        "numbers": ",".join(map(str, numbers)),
        "range": f"{min(numbers)}–{max(numbers)}" if numbers else "",
        "general": [*general, *_unknown(findings)],
        "odd": sum(1 for each in findings if each.case_id is not None and each.severity != "info"),
    }


def _own(findings: Sequence[Any]) -> list[Any]:
    """What is said at a case itself: that nothing with its number is keyed yet is no fault of the case."""
    return [each for each in findings if each.severity != "info"]


def _unknown(findings: Sequence[Any]) -> list[dict[str, str]]:
    count = sum(1 for each in findings if each.code == "number_unknown")
    text = ngettext(
        "%d trường hợp chưa có dữ liệu nhập mang số ấy.", "%d trường hợp chưa có dữ liệu nhập mang số ấy.", count
    )
    return [{"text": text % count, "tone": "accent"}] if count else []


def _start(batch: ScanBatch) -> dict[str, Any]:
    return {
        "number": batch.first_number,
        "registration_year": batch.registration_year or batch.book.opening_year,
        "version": batch.version,
    }


def _stats(far: queries.Progress, standing: int) -> list[dict[str, Any]]:
    good, doubtful = far.passed, far.to_review
    return [
        {"label": _("Trường hợp"), "value": standing, "tone": "", "note": ""},
        {"label": _("Chưa có số"), "value": far.without_number, "tone": "warning" if far.without_number else "", "note": ""},
        {"label": _("PDF đạt"), "value": good, "tone": "ok" if good else "", "note": ""},
        {"label": _("Cần xem lại"), "value": doubtful, "tone": "warning" if doubtful else "", "note": ""},
        {"label": _("Đã gắn"), "value": far.linked, "tone": "", "note": _("với trường hợp đã nhập")},
    ]  # fmt: skip


def row(
    case: ScannedCase,
    pages: Mapping[str, ScanPage],
    findings: Sequence[Any],
    place: int,
    read: NumberRead | None = None,
) -> dict[str, Any]:
    """One case in the list. `read`: what a machine read in its number cell."""
    state, lines = STATES(case.state), [line(each) for each in findings]
    return {
        "case": case,
        "place": place,
        "number": number_words(case),
        "by": _by(case, read),
        "suggested": read.number if read is not None and not read.agrees else None,
        "where": where(case, pages),
        "crops": [crop for part in case.parts if (crop := crop_of(part, pages))],
        "parts": len(case.parts),
        "day": day_words(case.registered_on),
        "state_text": state_words(case.state, STATES),
        "state_tone": CASE_TONES[state],
        "reason": reason_words(case) if state in (STATES.REVIEW, STATES.REFUSED) else "",
        "findings": lines,
        # of a case that is to be made again the PDF shows what it was before
        "url": reverse("digitisation:case", args=[case.id]) if case.pdf_id and state != STATES.PENDING else "",
        "is_aside": state == STATES.SET_ASIDE,
        "is_linked": case.case_id is not None,
        "tone": "error" if any(each["tone"] == "error" for each in lines) else "",
        "key": "-".join(
            str(part)
            for part in (case.version, case.state, case.position, place, case.number, read, *(each["text"] for each in lines))
        ),
    }  # fmt: skip


def reason_words(case: ScannedCase) -> str:
    """Why somebody has to look at a case, with the figures the gate found; "" without a reason."""
    found: Sequence[Mapping[str, Any]] = case.gate.get("findings", []) if case.gate else []
    params: Mapping[str, Any] = next((each.get("params", {}) for each in found if each.get("code") == case.reason), {})
    return text_of(case.reason, dict(params)) if case.reason else ""


def _by(case: ScannedCase, read: NumberRead | None) -> str:
    """Where the number of a case comes from."""
    if read is not None and read.agrees:
        return _("theo thứ tự, máy đọc khớp")
    words = {"sequence": _("theo thứ tự"), "reader": _("máy đọc, cán bộ nhận"), "officer": _("cán bộ ghi")}
    return words.get(case.number_by, "")


def numbers_from(case: ScannedCase) -> dict[str, dict[str, str]]:
    """Number and version of a case and of those after it on the screen: what one number changes for the others."""
    found = queries.cases_of(case.batch)
    at = next((place for place, each in enumerate(found) if each.id == case.id), 0)
    return {
        str(each.id): {"version": str(each.version), "number": number_words(each)}
        for each in found[at : at + CASES_AT_ONCE]
    }


def number_words(case: ScannedCase) -> str:
    """The number of a case as it is written, without its year; "" without one."""
    return f"{case.number}{case.number_suffix}" if case.number is not None else ""


def line(finding: Any) -> dict[str, str]:
    """Something odd about a number, in words."""
    return {"text": text_of(finding.code, dict(finding.params)), "tone": TONES.get(finding.severity, "warning")}


def where(case: ScannedCase, pages: Mapping[str, ScanPage]) -> str:
    """On which pages a case stands: "trang 3", "trang 3, 4"."""
    order = {str(page_id): place for page_id, place in places_of(pages.values()).items()}
    places = sorted({order[str(part["page"])] for part in case.parts if str(part["page"]) in order})
    listed = ", ".join(map(str, places))
    return ngettext("trang %(places)s", "trang %(places)s", len(places)) % {"places": listed} if places else ""


def crop_of(part: Mapping[str, Any], pages: Mapping[str, ScanPage]) -> dict[str, Any] | None:
    """A part as a window on its page: the browser loads the page once and shows every case of it."""
    page = pages.get(str(part["page"]))
    if page is None or not page.width or not page.height or page.flat_id is None:
        return None
    left, top, right, bottom = part["box"]
    wide, high = right - left, min(bottom - top, (right - left) * TALLEST)
    return {
        "view": f"{left:.0f} {top:.0f} {wide:.0f} {high:.0f}",
        "wide": f"{wide:.0f}",
        "high": f"{high:.0f}",
        "picture": f"{reverse('digitisation:page_picture', args=[page.id])}?rong={NARROW}",
        "width": page.width,
        "height": page.height,
    }


def day_words(stored: str) -> str:
    """A stored day as it is written: "2006-12-00" → "12/2006"."""
    if not stored:
        return ""
    year, month, day = stored.split("-")
    return "/".join(part for part in (day, month, year) if part != "00")


def title_of(case: ScannedCase) -> str:
    """A case by its number, or by its place in the batch while it has none."""
    label = queries.case_label(case)
    return (
        _("Số %(number)s") % {"number": label} if label else _("Trường hợp thứ %(place)d") % {"place": place_of(case)}
    )


def place_of(case: ScannedCase) -> int:
    """Where a case stands in its batch, from 1."""
    return next((place for place, each in enumerate(queries.cases_of(case.batch), 1) if each.id == case.id), 1)


def address_of(case: ScannedCase) -> str:
    """The list of cases, at this case."""
    page = (place_of(case) - 1) // CASES_AT_ONCE + 1
    query = f"?page={page}" if page > 1 else ""
    return f"{reverse('digitisation:cases', args=[case.batch_id])}{query}#row-{case.id}"
