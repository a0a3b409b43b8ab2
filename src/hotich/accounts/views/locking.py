"""Many accounts locked or opened again in one act: choose, see what is still open, decide (A9)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hotich.accounts import services
from hotich.accounts.forms.managing import LockFilter, LockForm
from hotich.accounts.models import Officer
from hotich.accounts.queries import LockPreview, lock_preview, officers_to_lock
from hotich.accounts.queries.managing import posts_by_officer
from hotich.accounts.rules.locking import Finding
from hotich.accounts.views.parts import actor_of, crumbs, needs, refusing, role_name
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from hotich.units.queries import office_by_code

MOST = 500


@needs("officer.manage")
@require_http_methods(["GET", "POST"])
def lock_many(request: HttpRequest) -> HttpResponse:
    """GET with a filter shows what stands against locking each account found; POST locks the chosen ones."""
    actor, on = actor_of(request), clock.today()
    asked = LockFilter(request.GET or None)
    found = _found(request, asked)
    form = LockForm(request.POST if request.method == "POST" else None, officers=found)
    if request.method == "POST" and form.is_valid():
        chosen = [int(officer) for officer in form.cleaned_data["officers"]]
        with refusing(form):
            number = services.lock_officers(
                actor=actor, at=clock.now(), officer_ids=chosen, reason=form.cleaned_data["reason"],
                urgent=form.cleaned_data["urgent"],
            )  # fmt: skip
            done = ngettext("Đã khóa %(number)d tài khoản.", "Đã khóa %(number)d tài khoản.", number)
            messages.success(request, done % {"number": number})
            return redirect(f"{reverse('account_officers')}?state=locked")
    preview = lock_preview([officer.id for officer in found], on=on)
    context = {
        "filter": asked, "asked": bool(request.GET), "form": form, "lines": _lines(request, found, preview, form),
        "old_offices": preview.old_offices, "too_many": len(found) >= MOST,
        "clean": sum(not preview.findings[officer.id].refusal for officer in found),
        "breadcrumb": crumbs((_("Tài khoản cán bộ"), reverse("account_officers")), (_("Khóa nhiều tài khoản"), "")),
    }  # fmt: skip
    return render(request, "accounts/lock_many.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, asked: LockFilter) -> list[Officer]:
    if not asked.is_bound or not asked.is_valid():
        return []
    try:
        offices: list[Office] = [office_by_code(code) for code in asked.parts("office")]
    except RuleBroken as refusal:
        asked.refuse(refusal)
        return []
    found = officers_to_lock(
        actor_of(request), on=clock.today(), offices=[office.id for office in offices], role=asked.cleaned_data["role"],
        logins=asked.parts("logins"),
    )  # fmt: skip
    return list(found[:MOST])


def _lines(request: HttpRequest, found: list[Officer], preview: LockPreview, form: LockForm) -> list[dict[str, Any]]:
    posts = posts_by_officer([officer.id for officer in found], on=clock.today())
    chosen = set(request.POST.getlist("officers")) if form.is_bound else None
    return [
        {
            "officer": officer,
            "posts": [f"{role_name(post.role)} – {post.office.name}" for post in posts.get(officer.id, [])],
            "finding": preview.findings[officer.id],
            "words": _words(preview.findings[officer.id]),
            "checked": str(officer.id) in chosen if chosen is not None else not preview.findings[officer.id].refusal,
        }
        for officer in found
    ]


def _words(finding: Finding) -> list[str]:
    told = []
    if finding.office_work:
        told.append(_("%(number)d việc của cơ quan chưa xong") % {"number": finding.office_work})
    if finding.own_work:
        told.append(_("%(number)d việc tự tay làm chưa xong") % {"number": finding.own_work})
    if finding.unreviewed:
        told.append(_("%(number)d cơ quan cũ chưa rà soát") % {"number": finding.unreviewed})
    return told
