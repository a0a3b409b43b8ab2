"""What the views of this app share: who may open a page, answers for scripts, words for states, findings and figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.digitisation import queries
from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScannedCaseState, ScanPage, ScanPageState
from hotich.digitisation.queries.batches import SEEING as SEES
from hotich.digitisation.services.access import PREPARE, REVIEW
from hotich.kernel.problems import RuleBroken
from hotich.registers.views.parts import (
    actor_of,
    lang,
    needs,
    not_found_if_unknown,
    or_not_found,
    register_name,
    short_name,
    telling,
)
from hotich.units.queries import offices_by_id
from hotich.web.texts import text_of, text_of_problem

__all__ = [
    "PREPARE",
    "REVIEW",
    "SEES",
    "actor_of",
    "lang",
    "needs",
    "or_not_found",
    "register_name",
    "short_name",
    "telling",
]  # handed on; fmt: skip

PAGES_AT_ONCE, CASES_AT_ONCE = 60, 50

BATCH_TONES = {ScanBatchState.OPEN: "accent", ScanBatchState.FINISHED: "ok", ScanBatchState.WITHDRAWN: "muted"}
PAGE_TONES = {
    ScanPageState.RECEIVED: "muted",
    ScanPageState.PREPARED: "accent",
    ScanPageState.CONFIRMED: "ok",
    ScanPageState.REFUSED: "error",
    ScanPageState.SET_ASIDE: "muted",
}
CASE_TONES = {
    ScannedCaseState.PENDING: "muted",
    ScannedCaseState.PASSED: "ok",
    ScannedCaseState.REVIEW: "warning",
    ScannedCaseState.REFUSED: "error",
    ScannedCaseState.ACCEPTED: "ok",
    ScannedCaseState.RESCAN: "error",
    ScannedCaseState.SET_ASIDE: "muted",
}
# shorter than in the lists of choices: they stand on small cards
PAGE_WORDS = {
    ScanPageState.RECEIVED: "Chờ xử lý",
    ScanPageState.PREPARED: "Chờ xác nhận vùng",
    ScanPageState.CONFIRMED: "Đã xác nhận",
    ScanPageState.REFUSED: "Cần quét lại",
    ScanPageState.SET_ASIDE: "Bỏ qua",
}
View = Callable[..., HttpResponseBase]


def answering(view: View) -> View:
    """For addresses that scripts call: a refusal is `{"code", "text"}` with status 409 (changed meanwhile) or 422."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except RuleBroken as refusal:
            return refused(refusal)

    return answered


def refused(refusal: RuleBroken) -> JsonResponse:
    """A refusal as JSON; what is not there answers 404."""
    not_found_if_unknown(refusal)
    status = 409 if refusal.code.endswith("_meanwhile") else 422
    return JsonResponse({"code": refusal.code, "text": text_of_problem(refusal)}, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks: it says so in `Accept`."""
    return "application/json" in request.headers.get("Accept", "")


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON a script sent. Raises RuleBroken request_malformed."""
    try:
        found = json.loads(request.body)
    except (ValueError, UnicodeDecodeError) as error:
        raise RuleBroken("request_malformed") from error
    if not isinstance(found, dict):
        raise RuleBroken("request_malformed")
    return found


def whole_number(value: Any) -> int:
    """A number out of JSON. Raises RuleBroken request_malformed."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise RuleBroken("request_malformed")
    return value


def batch_of(request: HttpRequest, batch_id: UUID) -> ScanBatch:
    """The batch of a page; one of another office answers 404."""
    with or_not_found():
        return queries.scan_batch(batch_id, actor_of(request))


def page_of(request: HttpRequest, page_id: UUID) -> ScanPage:
    """A scanned page; one of another office answers 404."""
    with or_not_found():
        return queries.scan_page(page_id, actor_of(request))


def case_of(request: HttpRequest, case_id: UUID) -> ScannedCase:
    """A scanned case; one of another office answers 404."""
    with or_not_found():
        return queries.scanned_case(case_id, actor_of(request))


def shown(request: HttpRequest, rows: Any, size: int) -> Page[Any]:
    """The page of a list that the address asks for."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def office_names(office_ids: Iterable[int]) -> dict[int, str]:
    """Names of offices by id."""
    return {office_id: office.name for office_id, office in offices_by_id(list(office_ids)).items()}


def batch_title(batch: ScanBatch) -> str:
    """A batch by its book: "Khai sinh 01/2006"."""
    return f"{short_name(batch.book.register_type)} {batch.book.label}"


def crumbs(batch: ScanBatch, *steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of a batch; the last step is where one is."""
    way = [
        (_("Quét sổ"), reverse("digitisation:batches")),
        (batch_title(batch), reverse("digitisation:batch", args=[batch.id])),
    ]
    return [{"label": label, "url": url} for label, url in (*way, *steps)]


def tabs(batch: ScanBatch, far: queries.Progress, present: str) -> list[dict[str, Any]]:
    """The steps of a batch: pages, cases, review, result."""
    review = f"{reverse('digitisation:review')}?dot={batch.id}"
    steps = [
        ("batch", _("Các trang"), reverse("digitisation:batch", args=[batch.id]), sum(far.pages.values())),
        ("cases", _("Trường hợp và số"), reverse("digitisation:cases", args=[batch.id]), sum(far.cases.values())),
        ("review", _("Cần xem lại"), review, far.to_review),
        ("book", _("Kết quả của quyển"), reverse("digitisation:book", args=[batch.book_id]), None),
    ]
    return [
        {"label": label, "url": url, "count": count, "active": name == present} for name, label, url, count in steps
    ]


def finding_texts(page: ScanPage, places: Mapping[UUID, int]) -> list[dict[str, str]]:
    """The findings of a page as words, each with its tone. `places`: where the pages of the batch stand now."""
    codes = {found["code"] for found in page.findings}
    return [
        {"text": _finding_text(page, found, places),
         "tone": "error" if found.get("severity") == "refuse" else "warning"}
        for found in page.findings
        # that the resolution is not known is said once: with what was assumed for it
        if found["code"] != "resolution_unknown" or "dpi_assumed" not in codes
    ]  # fmt: skip


def places_of(pages: Iterable[ScanPage]) -> dict[UUID, int]:
    """Where pages stand among those that are used, from 1; one that is passed over has no place."""
    used = (page.id for page in pages if page.state != ScanPageState.SET_ASIDE)
    return {page_id: place for place, page_id in enumerate(used, start=1)}


def _finding_text(page: ScanPage, found: Mapping[str, Any], places: Mapping[UUID, int]) -> str:
    """Pages are named by their place in the batch: not by that in their file, nor by where they once stood."""
    code, params = found["code"], dict(found.get("params", {}))
    if code == "page_twice":
        if params.get("batch") != str(page.batch_id):
            return text_of("page_twice_elsewhere")
        twin = next((place for each, place in places.items() if str(each) == params.get("twin")), None)
        params["page"] = twin or params.get("page", "")
    elif "page" in params:
        params["page"] = places.get(page.id, params["page"])
    return text_of(code, params)


def page_url(page: ScanPage | None) -> str:
    """Where a page is opened; "" for none."""
    return reverse("digitisation:page", args=[page.id]) if page else ""


def state_words(state: str, kind: type[ScanBatchState] | type[ScannedCaseState] | type[ScanPageState]) -> str:
    """A state in the language of the page."""
    return _(str(kind(state).label))


def page_words(state: str) -> str:
    """The state of a page on a card."""
    return _(PAGE_WORDS[ScanPageState(state)])


def back_to(request: HttpRequest, fallback: str) -> str:
    """The address a form names as the one to come back to, if it is one of ours; else another."""
    wanted = request.POST.get("next", "")
    return wanted if wanted.startswith("/quet-so/") else fallback


def no_content() -> HttpResponse:
    """Done, and nothing to say."""
    return HttpResponse(status=204)
