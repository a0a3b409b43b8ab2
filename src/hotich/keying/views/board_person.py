"""The figures of one officer: for whoever watches the team, and for himself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.keying.queries import figures as queries
from hotich.keying.queries.alarms import alarms
from hotich.keying.queries.figures import Period
from hotich.keying.queries.teams import roster, team_names
from hotich.keying.rules.figures import Errors, Work
from hotich.keying.views.board_parts import alarm_lines, days_chart, rates_of, speed_of
from hotich.registers.queries.configuration import constant_at
from hotich.registers.views.parts import actor_of, needs

SELF = ("keying.key", "keying.check")
DAYS, SHORT = 30, 14


@needs(*queries.WATCH, *SELF)
@require_GET
def person(request: HttpRequest, officer_id: int) -> HttpResponse:
    """Thirty days of one officer. Somebody without the right to watch sees his own only."""
    actor = actor_of(request)
    watches = any(map(actor.may, queries.WATCH))
    if not watches and officer_id not in actor.hands:
        raise PermissionDenied
    period = _period(actor, officer_id, DAYS)
    office = queries.offices_of_keyers([officer_id], period.last).get(officer_id)
    shown = _shown(period)
    if officer_id not in actor.hands and office not in actor.office_ids and not shown["has_work"]:
        raise Http404("officer")
    name = names_of_officers([officer_id]).get(officer_id, str(officer_id))
    crumbs = [{"label": _("Tiến độ nhập liệu"), "url": reverse("keying:board")}] if watches else [
        {"label": _("Nhập liệu"), "url": reverse("keying:home")}
    ]  # fmt: skip
    context = {
        "breadcrumb": [*crumbs, {"label": name, "url": ""}],
        "name": name,
        "is_self": officer_id in actor.hands,
        "teams": _teams(period, officer_id),
        "alarms": alarm_lines(alarms(period), {officer_id: name}),
        **shown,
    }
    return render(request, "keying/person_figures.html", context)


@needs(*SELF)
@require_GET
def my_figures(request: HttpRequest) -> HttpResponse:
    """A part of a page, asked for by htmx: one's own last days and error rates."""
    actor = actor_of(request)
    if actor.officer_id is None:
        raise PermissionDenied
    context = {**_shown(_period(actor, actor.officer_id, SHORT)), "officer": actor.officer_id}
    return render(request, "keying/parts/my_figures.html", context)


def _teams(period: Period, officer: int) -> str:
    """The teams the officer was in during the period, the last one first."""
    found = roster(period.offices, period.first, period.last, officer).teams_of(officer)[::-1]
    names = team_names(found)
    return ", ".join(names[each] for each in found if each in names)


def _period(actor: Actor, officer: int, days: int) -> Period:
    today = clock.today()
    return queries.period_of(actor, today - timedelta(days=days - 1), today, officer=officer)


def _shown(period: Period) -> dict[str, Any]:
    done, again, ended = queries.keyed(period), queries.keyed_again(period), queries.checked(period)
    errors = sum((each.errors for each in queries.measured(period)), Errors())
    counts = queries.cases_by_day(done, period)
    work = sum((each.work for each in done), Work())
    today = sum((each.work for each in done if each.day == period.last), Work())
    return {
        "period": period,
        "has_work": bool(done or again or ended),
        "work": work,
        "today": today,
        "counts": counts,
        "speed": speed_of(work),
        "today_speed": speed_of(today),
        "rates": rates_of(errors),
        "undecided": errors.undecided,
        "again": sum(each.work.cases for each in again),
        "checked": sum(each.work.cases for each in ended),
        "chart": days_chart(period, counts),
        "norm": constant_at("keying_norm_machine_day", min(period.offices, default=0)),
    }
