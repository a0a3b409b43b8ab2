"""All packages of an office, for whoever leads: the list, one package, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.packages import PackageFilter
from hotich.keying.models import KeyingPackage
from hotich.keying.queries import packages as queries
from hotich.keying.queries.packages import LEADS, Figures
from hotich.keying.queries.teams import WATCH, teams_with_packages
from hotich.keying.services import packages as services
from hotich.keying.services.access import ACCEPT, CHECK, KEY, LEAD
from hotich.keying.views.package_page import context_of
from hotich.keying.views.package_parts import package_title, package_tone, package_words, returned_words
from hotich.keying.views.team_parts import team_title
from hotich.registers.views.parts import actor_of, needs, or_not_found, telling
from hotich.web.rules.formats import date_text
from hotich.web.rules.tables import Cell, Column, Row

LIST_SIZE = 50
TEAM_MARK = "to-"  # before a team in the list of those a package may be given to


@needs(*LEADS)
@require_GET
def packages(request: HttpRequest) -> HttpResponse:
    """All packages of the offices: what somebody waits for first, then in the order of the work."""
    actor = actor_of(request)
    every = queries.packages_of_offices(actor)
    names = names_of_officers(queries.keyers_at_work(actor))
    teams = [(team.id, team_title(team)) for team in teams_with_packages(actor)]
    known: dict[str, Any] = {"officers": names.items(), "teams": teams}
    narrowed = PackageFilter(request.GET or None, **known)
    wanted = narrowed.cleaned_data if narrowed.is_bound and narrowed.is_valid() else {}
    page = Paginator(queries.in_order_of_work(queries.narrowed(every, wanted)), LIST_SIZE).get_page(
        request.GET.get("page")
    )
    found = list(page.object_list)
    figures, day = queries.figures_of(found), clock.today()
    context = {
        "filter": narrowed if request.GET else PackageFilter(**known),
        "nothing_yet": not found and not any(wanted.values()),
        "may_cut": actor.may(LEAD),
        "sees_teams": any(map(actor.may, WATCH)),
        "columns": [
            Column(_("Gói")), Column(_("Trạng thái")), Column(_("Người nhập")), Column(_("Đã nhập"), "number"),
            Column(_("Cần sửa"), "number"), Column(_("Đã kiểm tra"), "number"), Column(_("Số ngày"), "number"),
        ],
        "rows": [_row(package, figures[package.id], names, day) for package in found],
        "list_page": page,
    }  # fmt: skip
    return render(request, "keying/packages.html", context)


def _row(package: KeyingPackage, figures: Figures, names: Mapping[int, str], day: Any) -> Row:
    holder = package.keyer if package.state != "ready" else package.assigned_to
    given = [_("được giao") if package.state == "ready" and holder else "", package.team.name if package.team else ""]
    since = package.checked_out_at or package.created_at
    notes = [_("có người đang chờ")] if package.is_on_demand else []
    notes += [_("trả lại: %(reason)s") % {"reason": returned_words(package)}] if package.returned_reason else []
    return Row(
        str(package.id),
        [
            Cell(package_title(package), reverse("keying:package", args=[package.id]), note=" · ".join(notes)),
            Cell(package_words(package), tone=package_tone(package)),
            Cell(names.get(holder or 0, "–"), note=" · ".join(filter(None, given))),
            f"{figures.done}/{figures.total}", figures.to_mend, figures.passed,
            Cell((day - clock.in_vietnam(since).date()).days, note=date_text(clock.in_vietnam(since).date())),
        ],
        tone="warning" if package.is_on_demand and package.state in ("ready", "out") else "",
    )  # fmt: skip


@needs(KEY, *LEADS)
@require_GET
def package(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """One package: its places, what became of it, and what may be done. A keyer sees his own while he has it."""
    with or_not_found():
        found = queries.package_of(package_id, actor_of(request))
    return render(request, "keying/package.html", context_of(request, found))


@needs(LEAD)
@require_POST
def assign(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Give a package to one officer, to a team, or to whoever comes first."""
    chosen = request.POST.get("officer", "")
    with telling(request, _("Đã giao gói.") if chosen else _("Ai cũng có thể nhận gói này.")):
        officer, team = _given_to(chosen)
        services.assign_package(
            actor=actor_of(request), at=clock.now(), package_id=package_id, officer_id=officer, team_id=team
        )
    return redirect("keying:package", package_id=package_id)


def _given_to(chosen: str) -> tuple[int | None, UUID | None]:
    """An officer ("7") or a team ("to-…"), as it stands in the list. Raises RuleBroken officer_cannot_key."""
    try:
        if chosen.startswith(TEAM_MARK):
            return None, UUID(chosen.removeprefix(TEAM_MARK))
        if chosen and not (chosen.isdecimal() and len(chosen) < 10):
            raise ValueError(chosen)
    except ValueError as error:
        raise RuleBroken("officer_cannot_key", field="officer") from error
    return int(chosen) if chosen else None, None


@needs(LEAD)
@require_POST
def take_back(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Take a package away from its keyer."""
    with telling(request, _("Đã thu hồi gói. Những gì đã gửi vẫn còn nguyên.")):
        services.take_back_package(**_asked(request, package_id))
    return redirect("keying:package", package_id=package_id)


@needs(LEAD)
@require_POST
def withdraw(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Give up a package in which nothing was keyed."""
    with telling(request, _("Đã rút gói.")):
        services.withdraw_package(**_asked(request, package_id))
    return redirect("keying:package", package_id=package_id)


@needs(LEAD, CHECK, ACCEPT)
@require_POST
def send_back(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Return a package to its keyer."""
    with telling(request, _("Đã trả gói lại cho người nhập.")):
        services.return_package(**_asked(request, package_id))
    return redirect("keying:package", package_id=package_id)


def _asked(request: HttpRequest, package_id: UUID) -> dict[str, Any]:
    return {
        "actor": actor_of(request), "at": clock.now(), "package_id": package_id, "reason": request.POST.get("reason", ""),
    }  # fmt: skip
