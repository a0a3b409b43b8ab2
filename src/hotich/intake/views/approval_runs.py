"""A whole batch approved in the background: its progress on the page of the batch, and the button that stops it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.intake import services, tasks
from hotich.intake.models import ApprovalRun, ApprovalRunState, Batch
from hotich.intake.queries.work import last_approval_run
from hotich.intake.views.parts import actor_of, batch_of, needs, tell_refusal
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.web.rules.formats import number_text
from hotich.web.texts import text_of

TOLD = 20  # refusals on the page


def begin_run(request: HttpRequest, actor: Actor, batch: Batch, expected: int) -> None:
    """Plan the approval of the whole batch; the page shows how it goes on."""
    try:
        run = services.start_approval_run(actor=actor, at=clock.now(), batch_id=batch.id, expected=expected)
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
        return
    if not run.looked_at:
        # in the transaction that made the run: no job without its run, no run without its job
        tasks.approve_batch_job.defer(run_id=str(run.id), login=actor.login, office_id=run.origin_office_id)


def run_context(batch_id: UUID, lang: str) -> dict[str, Any]:
    """What `intake/parts/approval_run.html` shows of the last run of a batch; `run` None when there was none."""
    run = last_approval_run(batch_id)
    if run is None:
        return {"run": None}
    refused = [(item["row"], text_of(item["code"], item["params"])) for item in run.refused[:TOLD]]
    return {
        "run": run,
        "is_running": run.state == ApprovalRunState.RUNNING,
        "tone": _tone(run),
        "failure": text_of(run.failure, {}) if run.failure else "",
        "started_by": names_of_officers([run.started_by]).get(run.started_by, ""),
        "refused": refused,
        "more_refused": max(run.looked_at - run.approved - len(refused), 0),
        "figures": _("%(done)s / %(total)s")
        % {"done": number_text(run.looked_at, lang), "total": number_text(run.total, lang)},
    }


def _tone(run: ApprovalRun) -> str:
    if run.state == ApprovalRunState.RUNNING:
        return ""
    return "warning" if run.refused or run.state == ApprovalRunState.STOPPED else "ok"


@needs("case.approve")
@require_GET
def run_progress(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The part that changes while a run goes on; when it has ended the page is loaded anew."""
    batch = batch_of(actor_of(request), batch_id)
    context = run_context(batch.id, request.LANGUAGE_CODE) | {"batch": batch}
    answer = render(request, "intake/parts/approval_run.html", context)
    if not context.get("is_running"):
        answer["HX-Refresh"] = "true"
    return answer


@needs("case.approve")
@require_POST
def run_stop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop after the piece that is being approved; what is approved stays."""
    try:
        run = services.stop_approval_run(actor=actor_of(request), at=clock.now(), run_id=run_id)
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
        return redirect("intake:approvals")
    messages.info(request, _("Đã dừng lượt duyệt. Các dòng đã duyệt vẫn giữ nguyên."))
    return redirect("intake:approval_batch", batch_id=run.batch_id)
