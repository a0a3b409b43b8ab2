"""The result of a book: its scanned cases, their PDFs, what is linked, and the way to start a case out of its scan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.digitisation import queries
from hotich.digitisation.models import ScannedCase, ScannedCaseState
from hotich.digitisation.rules.charts import number_strip, size_histogram
from hotich.digitisation.views import case_list
from hotich.digitisation.views.parts import (
    CASE_TONES,
    CASES_AT_ONCE,
    PREPARE,
    SEES,
    actor_of,
    lang,
    needs,
    or_not_found,
    register_name,
    short_name,
    shown,
    state_words,
)
from hotich.kernel import clock
from hotich.registers.queries import book_by_id
from hotich.web.rules.formats import number_text, time_text
from hotich.web.rules.svg import Part

STATES = ScannedCaseState
GOOD = (STATES.PASSED, STATES.ACCEPTED)
Chooses = Callable[[ScannedCase], bool]
FILTERS: tuple[tuple[str, str, Chooses], ...] = (
    ("", "Tất cả", lambda case: case.state != STATES.SET_ASIDE),
    ("da-gan", "Đã gắn", lambda case: case.case_id is not None),
    ("chua-gan", "Đạt, chưa gắn", lambda case: case.case_id is None and case.state in GOOD),
    ("chua-dat", "Chưa đạt", lambda case: case.state not in (*GOOD, STATES.SET_ASIDE)),
)


@needs(*SEES)
@require_GET
def book(request: HttpRequest, book_id: UUID) -> HttpResponse:
    """The scanned cases of a book in the order of their numbers, with totals."""
    actor = actor_of(request)
    with or_not_found():
        found = book_by_id(book_id, office_ids=actor.office_ids)
    cases = _cases(found.id, actor.office_ids)
    wanted = request.GET.get("loc", "")
    chooses = next((chooses for name, _label, chooses in FILTERS if name == wanted), FILTERS[0][2])
    page = shown(request, [case for case in cases if chooses(case)], CASES_AT_ONCE)
    numbers = [case.number for case in cases if case.number is not None and case.state != STATES.SET_ASIDE]
    settings = queries.scan_settings(clock.today())
    sizes = [case.size for case in cases if case.size and case.state != STATES.SET_ASIDE]
    may_prepare = actor.may(PREPARE) and found.origin_office_id in actor.office_ids
    title = f"{short_name(found.register_type)} {found.label}"
    context = {
        "book": found,
        "title": title,
        "register_name": register_name(found.register_type),
        "office_name": found.origin_office.name,
        "breadcrumb": [{"label": _("Quét sổ"), "url": reverse("digitisation:batches")}, {"label": title, "url": ""}],
        "batches": _batches(found.id, request),
        "new_url": f"{reverse('digitisation:batch_new')}?so={found.id}" if may_prepare else "",
        "demand_url": f"{reverse('digitisation:batch_new')}?so={found.id}&theo-yeu-cau=1" if may_prepare else "",
        "stats": _stats(cases),
        "parts": _parts(cases),
        "strip": mark_safe(number_strip(numbers, _("Dãy số của các trường hợp"))),  # nosec B308 - charts.py escapes
        "range": f"{min(numbers)}–{max(numbers)}" if numbers else "",
        "histogram": mark_safe(size_histogram(sizes, settings.budget, _("Số tệp PDF theo cỡ"))),  # nosec B308
        "median": sorted(sizes)[len(sizes) // 2] // 1000 if sizes else None,
        "largest": max(sizes) // 1000 if sizes else None,
        "filters": [
            {"label": _(label), "url": f"?loc={name}" if name else request.path, "count": sum(map(test, cases)),
             "active": name == wanted}
            for name, label, test in FILTERS
        ],
        "rows": [_row(case, may_start=actor.may("case.edit")) for case in page.object_list],
        "total": len(cases),
        "list_page": page,
    }  # fmt: skip
    return render(request, "digitisation/book.html", context)


def _cases(book_id: UUID, office_ids: Any) -> list[ScannedCase]:
    cases = ScannedCase.objects.filter(book_id=book_id, origin_office_id__in=list(office_ids))
    found = cases.exclude(batch__state="withdrawn").select_related("batch__book", "pdf")
    return sorted(found, key=lambda case: (case.number is None, case.registration_year or 0, case.number or 0,
                                           case.number_suffix, case.batch.created_at, case.position))  # fmt: skip


def _batches(book_id: UUID, request: HttpRequest) -> list[dict[str, str]]:
    found = queries.scan_batches(actor_of(request), book_id=book_id).annotate(
        page_total=Count("pages", distinct=True, filter=~Q(pages__state="set_aside"))
    )
    return [
        {
            "url": reverse("digitisation:batch", args=[batch.id]),
            "label": time_text(batch.created_at),
            "note": _("%(pages)d trang") % {"pages": batch.page_total},
            "state": _(batch.get_state_display()),
        }
        for batch in found
    ]


def _stats(cases: Sequence[ScannedCase]) -> list[dict[str, Any]]:
    standing = [case for case in cases if case.state != STATES.SET_ASIDE]
    good = [case for case in standing if case.state in GOOD]
    linked = sum(1 for case in standing if case.case_id is not None)
    total = sum(case.size or 0 for case in good)
    return [
        {"label": _("Trường hợp đã quét"), "value": len(standing), "tone": "", "note": ""},
        {"label": _("PDF đạt"), "value": len(good), "tone": "ok" if good else "", "note": ""},
        {"label": _("Chưa đạt"), "value": len(standing) - len(good),
         "tone": "warning" if len(standing) > len(good) else "", "note": ""},
        {"label": _("Đã gắn"), "value": linked, "tone": "", "note": _("với trường hợp đã nhập")},
        {"label": _("Tổng dung lượng"), "value": f"{number_text(total / 1_000_000, lang(), 1)} MB", "tone": "", "note": ""},
    ]  # fmt: skip


def _parts(cases: Sequence[ScannedCase]) -> list[Part]:
    order = ((GOOD, _("Đạt"), "ok"), ((STATES.REVIEW,), _("Cần xem lại"), "warning"),
             ((STATES.REFUSED, STATES.RESCAN), _("Không đạt, chờ quét lại"), "error"),
             ((STATES.PENDING,), _("Chờ tạo PDF"), "muted"))  # fmt: skip
    parts = [Part(label, sum(1 for case in cases if case.state in states), tone) for states, label, tone in order]
    return [part for part in parts if part.value]


def _row(case: ScannedCase, *, may_start: bool) -> dict[str, Any]:
    state = STATES(case.state)
    return {
        "case": case,
        "number": queries.case_label(case) or _("chưa có số"),
        "url": reverse("digitisation:case", args=[case.id]) if case.pdf_id else case_list.address_of(case),
        "day": case_list.day_words(case.registered_on),
        "state_text": state_words(case.state, STATES),
        "state_tone": CASE_TONES[state],
        "size": round(case.size / 1000) if case.size else None,
        "name": case.pdf.name if case.pdf else "",
        "linked_url": reverse("intake:case", args=[case.case_id]) if case.case_id else "",
        "may_start": may_start and case.case_id is None and case.number is not None and state in GOOD,
    }
