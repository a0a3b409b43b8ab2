"""Whole books, communes and provinces compared in the background: the list, a new one, one run with what it found."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation import tasks
from hotich.reconciliation.forms.batches import MatchRunForm
from hotich.reconciliation.models import CheckOutcome, MatchRun, RunState
from hotich.reconciliation.queries.faulty_items import numbers_faulty
from hotich.reconciliation.queries.match_runs import MAY_SEE, RIGHT, match_run, match_runs, names_of_scopes
from hotich.reconciliation.rules.match_runs import STEPS, UNDER_WAY, place_among_steps, time_left
from hotich.reconciliation.services import match_runs as services
from hotich.reconciliation.views.batch_choices import source_choices, what_choices
from hotich.reconciliation.views.batch_results import results_context
from hotich.reconciliation.views.faulty_items import faulty_context, faulty_words
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found, short_name, telling
from hotich.web.rules.formats import number_text, time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

PAGE_SIZE = 50
TONES = {RunState.DONE: "ok", RunState.FAILED: "error", RunState.STOPPED: "warning", RunState.WAITING: "muted"}
STEP_TEXTS: Mapping[str, str] = {
    "collecting": gettext_noop("Đọc các bản ghi"),
    "extract": gettext_noop("Lấy dữ liệu dân cư"),
    "reading": gettext_noop("Đọc hai phía"),
    "keys": gettext_noop("Lập khóa so sánh"),
    "pairs": gettext_noop("Tìm và so các cặp"),
    "training": gettext_noop("Tính trọng số"),
    "best": gettext_noop("Chọn người giống nhất"),
    "answers": gettext_noop("Kết luận từng người"),
    "writing": gettext_noop("Ghi kết quả đối chiếu"),
}


def scope_text(name: tuple[str, str]) -> str:
    """What a run compares, in words."""
    letters, text = name
    return f"{short_name(letters)} {text}" if letters else text


@needs(*MAY_SEE)
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """The runs of one's offices, the latest first."""
    actor = actor_of(request)
    page = Paginator(match_runs(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    scopes, officers = names_of_scopes(shown), names_of_officers(run.asked_by for run in shown)
    faulty = numbers_faulty(shown)
    context = {
        "columns": [
            Column(_("Phạm vi đối chiếu")), Column(_("Trạng thái")), Column(_("Số người"), "number"),
            *(Column(_(outcome.label), "number") for outcome in _outcomes()), Column(_("Người lập")),
            Column(_("Lúc"), "date"),
        ],
        "rows": [_row(run, scope_text(scopes[run.id]), officers, faulty.get(run.id, 0)) for run in shown],
        "list_page": page,
        "may_start": actor.may(RIGHT),
    }  # fmt: skip
    return render(request, "reconciliation/match_runs.html", context)


def _outcomes() -> list[CheckOutcome]:
    return [CheckOutcome.EQUAL, CheckOutcome.DIFFERENT, CheckOutcome.ABSENT, CheckOutcome.CLERK]


def _row(run: MatchRun, name: str, officers: dict[int, str], faulty: int) -> Row:
    state = RunState(run.state)
    return Row(
        str(run.id),
        [
            Cell(name, reverse("reconciliation:match_run", args=[run.id])),
            Cell(_(state.label), tone=TONES.get(state, "accent"), note=faulty_words(faulty)), run.participants,
            *(run.counts.get(outcome.value, 0) for outcome in _outcomes()),
            officers.get(run.asked_by, "–"), time_text(run.asked_at),
        ],
    )  # fmt: skip


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def run_new(request: HttpRequest) -> HttpResponse:
    """Choose what is compared with whom; the work then goes on in the background."""
    actor = actor_of(request)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = MatchRunForm(*given, what=what_choices(actor), source=source_choices(actor))
    if request.method == "POST" and form.is_valid():
        try:
            run = _start(actor, form)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("reconciliation:match_run", run.id)
    return render(request, "reconciliation/match_run_new.html", {"form": form})


def _start(actor: Actor, form: MatchRunForm) -> MatchRun:
    wanted, given = form.wanted(), form.cleaned_data.get("file")
    extract_id = UUID(wanted["extract_id"]) if wanted["extract_id"] else None
    more: dict[str, Any] = {"scope": wanted["scope"], "scope_id": wanted["scope_id"], "area": wanted["area"]}
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        if form.cleaned_data["source"] == "upload" and given is not None:
            more["upload"] = given.name or "", _kept(given, Path(folder))
        before = clock.now()
        run = services.start_match_run(actor=actor, at=before, extract_id=extract_id, **more)
    if run.asked_at == before:  # else it is one that is under way already
        tasks.match_later(actor, run)
    return run


def _kept(given: UploadedFile, folder: Path) -> Path:
    target = folder / "upload.parquet"
    with target.open("wb") as out:
        for chunk in given.chunks():
            out.write(chunk)
    return target


@needs(*MAY_SEE)
@require_GET
def run(request: HttpRequest, match_run_id: UUID) -> HttpResponse:
    """One run: how far it is, what it found, and the checks by outcome."""
    actor = actor_of(request)
    with or_not_found():
        found = match_run(actor, match_run_id)
    name = scope_text(names_of_scopes([found])[found.id])
    context = {
        **run_context(actor, found, request.LANGUAGE_CODE),
        **results_context(request, actor, found),
        **faulty_context(actor, found),
        "may_retry": actor.may(RIGHT) and found.state == RunState.DONE,
        "title": name,
        "breadcrumb": [
            {"label": _("Đối chiếu hàng loạt"), "url": reverse("reconciliation:match_runs")}, {"label": name, "url": ""},
        ],
    }  # fmt: skip
    return render(request, "reconciliation/match_run.html", context)


def _facts(found: MatchRun) -> list[dict[str, Any]]:
    officers, extract = names_of_officers([found.asked_by]), found.extract
    persons = _("%(number)s công dân, lấy lúc %(at)s") % {
        "number": number_text(extract.persons, lang()), "at": time_text(extract.fetched_at),
    } if extract else ""  # fmt: skip
    return [
        {"label": _("Người lập"), "value": officers.get(found.asked_by, "–"), "note": time_text(found.asked_at)},
        {"label": _("Dữ liệu dân cư"), "value": persons, "absent": _("sẽ xin khi chạy")},
        {"label": _("Số người được đối chiếu"), "absent": "–",
         "value": number_text(found.participants, lang()) if found.participants else ""},
        {"label": _("Kết thúc lúc"), "value": time_text(found.finished_at), "absent": "–"},
    ]  # fmt: skip


def run_context(actor: Actor, found: MatchRun, lang: str) -> dict[str, Any]:
    """What `reconciliation/parts/match_run_progress.html` shows."""
    left = time_left(found.step_began_at, clock.now(), found.steps_done, found.steps_total)
    return {
        "run": found,
        "is_under_way": found.state in UNDER_WAY,
        "state_label": _(RunState(found.state).label),
        "state_tone": TONES.get(RunState(found.state), "accent"),
        "failure": text_of(found.failure, {}) if found.failure else "",
        "step_text": _("Bước %(place)d/%(all)d: %(step)s") % {
            "place": place_among_steps(found.step), "all": len(STEPS), "step": _(STEP_TEXTS[found.step]).lower(),
        } if found.step in STEPS else "",
        "left_text": _minutes(left.total_seconds()) if left is not None and found.steps_total > 1 else "",
        "may_stop": actor.may(RIGHT) and found.state in UNDER_WAY,
        "may_resume": actor.may(RIGHT) and found.state in (RunState.STOPPED, RunState.FAILED),
        "facts": _facts(found),
        "figures": f"{number_text(found.steps_done, lang)} / {number_text(found.steps_total, lang)}",
    }  # fmt: skip


def _minutes(seconds: float) -> str:
    if seconds < 60:
        return _("bước này còn chưa đến một phút")
    return _("bước này còn khoảng %(minutes)s phút") % {"minutes": number_text(round(seconds / 60), lang())}


@needs(*MAY_SEE)
@require_GET
def run_progress(request: HttpRequest, match_run_id: UUID) -> HttpResponse:
    """The part that changes while a run goes on; when it has ended the page is loaded anew."""
    actor = actor_of(request)
    with or_not_found():
        found = match_run(actor, match_run_id)
    answer = render(
        request, "reconciliation/parts/match_run_progress.html", run_context(actor, found, request.LANGUAGE_CODE)
    )
    if found.state not in UNDER_WAY:
        answer["HX-Refresh"] = "true"
    return answer


@needs(RIGHT)
@require_POST
def run_stop(request: HttpRequest, match_run_id: UUID) -> HttpResponse:
    """Stop after the piece that is being worked on; what is written stays."""
    with telling(
        request, _("Đã dừng. Kết quả đã ghi vẫn giữ nguyên; có thể tiếp tục trong vòng một ngày mà không làm lại.")
    ):
        services.stop_match_run(actor=actor_of(request), at=clock.now(), run_id=match_run_id)
    return redirect("reconciliation:match_run", match_run_id)


@needs(RIGHT)
@require_POST
def run_resume(request: HttpRequest, match_run_id: UUID) -> HttpResponse:
    """Go on where it was stopped."""
    return _go_on(request, match_run_id, services.resume_match_run, _("Đã cho chạy tiếp."))


@needs(RIGHT)
@require_POST
def run_retry(request: HttpRequest, match_run_id: UUID) -> HttpResponse:
    """Do again whom it could not work on."""
    return _go_on(request, match_run_id, services.retry_match_run, _("Đang làm lại các mục gặp lỗi."))


def _go_on(request: HttpRequest, match_run_id: UUID, act: Callable[..., MatchRun], words: str) -> HttpResponse:
    actor = actor_of(request)
    with telling(request), transaction.atomic():
        tasks.match_later(actor, act(actor=actor, at=clock.now(), run_id=match_run_id))
        messages.success(request, words)
    return redirect("reconciliation:match_run", match_run_id)
