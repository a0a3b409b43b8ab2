"""Accounts opened from a file: bring it, look at what each row leads to, open, fetch the passwords once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts import services, tasks
from hotich.accounts.forms.managing import AccountFileForm
from hotich.accounts.models import OpeningLine, OpeningOutcome, OpeningState
from hotich.accounts.queries import lines_of, openings_of
from hotich.accounts.rules.opening import COLUMNS, HEAD
from hotich.accounts.views.parts import actor_of, crumbs, needs, page_of, refusing, role_name, telling
from hotich.kernel import clock
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

TONES = {
    OpeningOutcome.ACCOUNT: "ok", OpeningOutcome.POST: "accent", OpeningOutcome.UNCHANGED: "muted",
    OpeningOutcome.WRONG: "error",
}  # fmt: skip
STATE_TONES = {
    OpeningState.CHECKED: "accent", OpeningState.OPENING: "warning", OpeningState.OPENED: "ok",
    OpeningState.DISCARDED: "muted",
}  # fmt: skip


@needs("officer.manage")
@require_http_methods(["GET", "POST"])
def openings(request: HttpRequest) -> HttpResponse:
    """Bring a file; those brought before."""
    actor = actor_of(request)
    form = AccountFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusing(form):
            made = services.check_opening(actor=actor, at=clock.now(), file_name=file.name, content=file.read())
            return redirect("account_opening", made.id)
    page = page_of(request, openings_of(actor))
    context = {
        "form": form,
        "columns": [Column(_("Tệp")), Column(_("Ngày")), Column(_("Mở tài khoản"), "number"),
                    Column(_("Thêm vị trí"), "number"), Column(_("Có lỗi"), "number"), Column(_("Tình trạng"))],
        "rows": [_opening_row(found) for found in page.object_list],
        "list_page": page,
        "breadcrumb": crumbs((_("Tài khoản cán bộ"), reverse("account_officers")), (_("Mở từ tệp"), "")),
    }  # fmt: skip
    return render(request, "accounts/openings.html", context, status=422 if form.errors else 200)


def _opening_row(found: Any) -> Row:
    name = Cell(found.file_name, url=reverse("account_opening", args=[found.id]))
    state = Cell(found.get_state_display(), tone=STATE_TONES[OpeningState(found.state)])
    day = Cell(f"{clock.in_vietnam(found.created_at):%H:%M %d/%m/%Y}")
    return Row(str(found.id), [name, day, found.accounts, found.posts, found.wrong, state])


@needs("officer.manage")
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty file with the head."""
    response = HttpResponse(("﻿" + ",".join(HEAD) + "\r\n").encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mau-tai-khoan.csv"'
    return response


@needs("officer.manage")
@require_GET
def opening(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """What each row leads to; once decided, how far it has come."""
    found = _own_or_404(request, opening_id)
    page = page_of(request, lines_of(found, request.GET.get("ket_qua", "")), 100)
    context = {
        "opening": found,
        "live": _live(found),
        "tabs": _tabs(request, found),
        "columns": [Column(_("Dòng"), "number"), Column(_("Họ và tên")), Column(_("Tên đăng nhập"), "code"),
                    Column(_("Cơ quan")), Column(_("Vai trò")), Column(_("Thời gian")), Column(_("Kết quả"))],
        "rows": [_line_row(line) for line in page.object_list],
        "list_page": page,
        "breadcrumb": crumbs(
            (_("Tài khoản cán bộ"), reverse("account_officers")), (_("Mở từ tệp"), reverse("account_openings")),
            (found.file_name, ""),
        ),
    }  # fmt: skip
    return render(request, "accounts/opening.html", context)


def _own_or_404(request: HttpRequest, opening_id: UUID) -> Any:
    found = openings_of(actor_of(request)).filter(id=opening_id).first()
    if found is None:
        raise Http404
    return found


def _live(found: Any) -> dict[str, Any]:
    now = clock.now()
    to_do = found.accounts + found.posts
    return {
        "id": found.id, "state": found.state, "total": to_do, "done": found.done, "wrong": found.wrong,
        "waits": found.sealed if found.passwords_until is None or found.passwords_until > now else 0,
        "until": found.passwords_until, "taken_at": found.passwords_taken_at, "accounts": found.accounts,
        "posts": found.posts, "unchanged": found.unchanged,
    }  # fmt: skip


def _tabs(request: HttpRequest, found: Any) -> list[dict[str, Any]]:
    asked, here = request.GET.get("ket_qua", ""), request.path
    counts = {
        OpeningOutcome.WRONG: found.wrong, OpeningOutcome.ACCOUNT: found.accounts, OpeningOutcome.POST: found.posts,
        OpeningOutcome.UNCHANGED: found.unchanged,
    }  # fmt: skip
    shown = [
        {"label": str(outcome.label), "url": f"{here}?ket_qua={outcome.value}", "active": asked == outcome.value,
         "count": number}
        for outcome, number in counts.items()
        if number
    ]  # fmt: skip
    return [{"label": _("Tất cả"), "url": here, "active": not asked, "count": found.rows}, *shown]


def _line_row(line: OpeningLine) -> Row:
    outcome = OpeningOutcome(line.outcome)
    given = line.given
    office = Cell(line.office.name, note=line.office.code) if line.office else Cell(given.get("office", ""))
    days = " – ".join(f"{day:%d/%m/%Y}" if day else "…" for day in (line.valid_from, line.valid_to))
    wrong = " ".join(_problem(*problem) for problem in line.problems)
    cells = [
        line.number, Cell(line.full_name or given.get("full_name", ""), note=line.email),
        line.login or given.get("login", ""), office, role_name(line.role) or given.get("role", ""),
        days if line.valid_from else given.get("valid_from", ""), Cell(str(outcome.label), tone=TONES[outcome], note=wrong),
    ]  # fmt: skip
    return Row(str(line.number), cells, tone="error" if outcome is OpeningOutcome.WRONG else "")


def _problem(code: str, field: str, params: dict[str, Any]) -> str:
    name = HEAD[list(COLUMNS).index(field)] if field in COLUMNS else ""
    text = text_of(code, params)
    return f"{_(name)}: {text}" if name else text


@needs("officer.manage")
@require_GET
def opening_progress(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """How far it has come (asked by the page itself)."""
    return render(request, "accounts/parts/opening_live.html", {"live": _live(_own_or_404(request, opening_id))})


@needs("officer.manage")
@require_POST
def start(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Open the accounts of a checked file, in the background."""
    actor = actor_of(request)
    with telling(request):
        found = services.start_opening(actor=actor, at=clock.now(), opening_id=opening_id)
        tasks.open_accounts_job.defer(opening_id=str(found.id), login=actor.login, office_id=actor.office_id)
    return redirect("account_opening", opening_id)


@needs("officer.manage")
@require_POST
def discard(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Forget a checked file."""
    with telling(request, _("Đã bỏ tệp; không có tài khoản nào được mở.")):
        services.discard_opening(actor=actor_of(request), at=clock.now(), opening_id=opening_id)
    return redirect("account_openings")


@needs("officer.manage")
@never_cache
@require_POST
def passwords(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """The file of one-time passwords, once."""
    content: bytes | None = None
    with telling(request), transaction.atomic():
        content = services.take_passwords(actor=actor_of(request), at=clock.now(), opening_id=opening_id)
    if content is None:
        return redirect("account_opening", opening_id)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mat-khau-dung-mot-lan.csv"'
    return response
