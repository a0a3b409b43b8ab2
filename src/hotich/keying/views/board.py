"""The board: what is keyed and checked, by whom, how well; it follows by itself, without a reload."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.board import BoardFilter
from hotich.keying.models import CheckState
from hotich.keying.queries import figures as queries
from hotich.keying.queries import team_figures
from hotich.keying.queries.alarms import alarms
from hotich.keying.queries.figures import Done, Measured, Period
from hotich.keying.queries.team_figures import Everything
from hotich.keying.queries.teams import team_names, teams_of_offices
from hotich.keying.rules.figures import Errors, Work
from hotich.keying.views.board_parts import alarm_lines, days_chart, rates_of, speed_of, top_of
from hotich.keying.views.package_parts import package_title, package_tone, package_words
from hotich.keying.views.team_parts import team_lines, team_title, teams_worked_in
from hotich.registers.queries.configuration import constant_at
from hotich.registers.views.parts import actor_of, needs
from hotich.units.queries import offices_by_id

WATCH = queries.WATCH
PIECES = ("totals", "alarms", "teams", "keyers", "checkers", "offices", "waiting", "packages")
EVERY = 10_000  # milliseconds between two looks
ALARM_DAYS = 7  # alarms are of the last days of a longer span


@needs(*WATCH)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The whole page, the figures of today unless other days are asked for."""
    actor = actor_of(request)
    form, period, refusal = _asked(request, actor)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "form": form,
        "refusal": refusal,
        "live_url": reverse("keying:board_live") + query,
        "every": EVERY,
        "pieces": _pieces(request, actor, period),
        "is_today": period.last == clock.today(),
        "clear_url": reverse("keying:board") if request.GET else "",
    }
    return render(request, "keying/board.html", context)


@needs(*WATCH)
@require_GET
def board_live(request: HttpRequest) -> HttpResponse:
    """The pieces of the board as they are now; the page exchanges those that changed."""
    actor = actor_of(request)
    _form, period, _refusal = _asked(request, actor)
    context = {"pieces": _pieces(request, actor, period), "is_today": period.last == clock.today()}
    return render(request, "keying/parts/board_live.html", context)


def _asked(request: HttpRequest, actor: Actor) -> tuple[BoardFilter, Period, RuleBroken | None]:
    """The filter and the period it asks for; what is not sensible is told, and today shown instead."""
    names = {key: office.name for key, office in offices_by_id(actor.office_ids).items()}
    teams = teams_of_offices(actor)
    form = BoardFilter(request.GET or {}, offices=names, teams=[(team.id, team_title(team)) for team in teams])
    today = clock.today()
    first, last = form.span(today)
    try:
        return form, queries.period_of(actor, first, last, office=form.office(), team=form.team()), None
    except RuleBroken as refusal:
        return form, queries.period_of(actor, today, today), refusal


def _pieces(request: HttpRequest, actor: Actor, period: Period) -> list[dict[str, str]]:
    """The pieces, each with a mark of what it says, so that nothing is exchanged that has not changed."""
    context = {**board_context(actor, period, clock.now()), "board_query": _query_for_team(request)}
    made = []
    for name in PIECES:
        html = render_to_string(f"keying/parts/board_{name}.html", context, request)
        made.append({"key": name, "html": html, "state": hashlib.sha256(html.encode()).hexdigest()[:16]})
    return made


def _query_for_team(request: HttpRequest) -> str:
    """The address of the board with its present filter, to which a team is added."""
    asked = request.GET.copy()
    for name in ("to", "page"):
        asked.pop(name, None)
    return f"{reverse('keying:board')}?{asked.urlencode()}{'&' if asked else ''}"


def board_context(actor: Actor, period: Period, now: datetime) -> dict[str, Any]:
    """Everything the board shows, in a dozen bounded questions."""
    every = team_figures.everything(period)
    done, again, ended, found = every.done, every.again, every.ended, every.found
    last_days = replace(period, first=max(period.first, period.last - timedelta(days=ALARM_DAYS - 1)))
    raised = alarms(last_days)
    if period.team is not None:
        members = every.roster.officers_of(period.team)
        raised = [each for each in raised if each.officer in members]
    work, errors = queries.sums_by_officer(done), queries.errors_by_officer(found)
    checkers = {*queries.sums_by_officer(again), *queries.sums_by_officer(ended)}
    names = names_of_officers({*work, *errors, *checkers, *(alarm.officer for alarm in raised)})
    in_work = queries.packages_in_work(period.offices, team_figures.packages_of_team(period, every.roster))
    names |= names_of_officers({line.package.keyer or 0 for line in in_work} - set(names))
    return {
        "period": period,
        "is_one_day": period.first == period.last,
        "totals": _totals(period, every, now),
        "alarms": alarm_lines(raised, names),
        "alarm_days": last_days,
        "teams": team_lines(period, every),
        "keyers": _keyers(period, every, work, errors, names),
        "checkers": _checkers(again, ended, names),
        "offices": _offices(done, found) if len(period.offices) > 1 else [],
        "waiting": _waiting(queries.waiting(period.offices, team_figures.entries_of_team(period, every.roster)), now),
        "packages": [_package(line, names, now) for line in in_work],
    }


def _norm(period: Period) -> int:
    """Cases a machine a day, by the province of the offices looked at (those of several: of the first)."""
    return constant_at("keying_norm_machine_day", min(period.offices, default=0))


def _totals(period: Period, every: Everything, now: datetime) -> dict[str, Any]:
    done = every.done
    work = sum((each.work for each in done), Work())
    errors = sum((each.errors for each in every.found), Errors())
    days = queries.cases_by_day(done, period)
    # shifts share the machines of their office: what a machine should do in a day is no measure of one team
    machines = queries.checked_machines(period.offices, period.last) if period.team is None else 0
    norm = _norm(period)
    keyer_days = len({(each.officer, each.day) for each in done})
    expected = norm * (machines * len(days) if machines else keyer_days)
    return {
        "cases": work.cases,
        "norm": norm,
        "is_of_team": period.team is not None,
        "machines": machines,
        "expected": expected,
        "keyers": len({each.officer for each in done}),
        "speed": speed_of(work),
        "checked": sum(each.work.cases for each in every.ended),
        "again": sum(each.work.cases for each in every.again),
        "rates": rates_of(errors),
        "undecided": errors.undecided,
        "chart": days_chart(period, days, norm=norm * machines or None) if len(days) > 1 else "",
        "last": _ago(queries.last_arrival(period.offices, team_figures.entries_of_team(period, every.roster)), now),
    }


def _keyers(
    period: Period, every: Everything, work: Mapping[int, Work], errors: Mapping[int, Errors], names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """One line a keyer: the most cases first, so that two looks show the same order for the same figures."""
    top = top_of(errors.values())
    posts = queries.offices_of_keyers(work, period.last)
    office_names = {key: office.name for key, office in offices_by_id(set(posts.values())).items()}
    by_officer: dict[int, list[Done]] = defaultdict(list)
    for each in every.done:
        by_officer[each.officer].append(each)
    teams = {officer: teams_worked_in(own, every.roster) for officer, own in by_officer.items()}
    known = team_names({each for found in teams.values() for each in found})
    most = max((each.cases for each in work.values()), default=0)
    lines = []
    for officer in sorted(work, key=lambda each: (-work[each].cases, names.get(each, ""))):
        own = by_officer[officer]
        lines.append(
            {
                "officer": officer,
                "name": names.get(officer, str(officer)),
                "teams": ", ".join(known[each] for each in teams[officer] if each in known),
                "office": office_names.get(posts.get(officer, 0), "") if len(period.offices) > 1 else "",
                "cases": work[officer].cases,
                "share": work[officer].cases / most if most else 0,
                "days": queries.cases_by_day(own, period) if period.first != period.last else [],
                "speed": speed_of(work[officer]),
                "rates": rates_of(errors.get(officer, Errors()), top=top),
                "undecided": errors.get(officer, Errors()).undecided,
            }
        )
    return lines


def _checkers(again: Sequence[Done], ended: Sequence[Done], names: Mapping[int, str]) -> list[dict[str, Any]]:
    second, checked = queries.sums_by_officer(again), queries.sums_by_officer(ended)
    return [
        {
            "officer": officer,
            "name": names.get(officer, str(officer)),
            "again": second.get(officer, Work()).cases,
            "checked": checked.get(officer, Work()).cases,
            "speed": speed_of(second.get(officer, Work())),
        }
        for officer in sorted({*second, *checked}, key=lambda each: names.get(each, ""))
    ]


def _offices(done: Sequence[Done], found: Sequence[Measured]) -> list[dict[str, Any]]:
    work, errors = queries.sums_by_office(done), queries.errors_by_office(found)
    offices, top = offices_by_id({*work, *errors}), top_of(errors.values())
    lines = [
        {
            "name": office.name,
            "cases": work.get(key, Work()).cases,
            "speed": speed_of(work.get(key, Work())),
            "rates": rates_of(errors.get(key, Errors()), top=top),
        }
        for key, office in offices.items()
    ]
    return sorted(lines, key=lambda line: (-line["cases"], line["name"]))


def _waiting(found: Sequence[queries.Waiting], now: datetime) -> list[dict[str, Any]]:
    labels = {
        CheckState.PENDING.value: _("Chờ kiểm tra"),
        CheckState.DIFFERS.value: _("Có khác biệt, chờ quyết định"),
        CheckState.RETURNED.value: _("Trả lại người nhập"),
    }
    return [
        {
            "label": labels[each.state],
            "count": each.count,
            "oldest": _ago(each.oldest, now),
            "is_old": _is_old(each.oldest, now),
        }
        for each in found
    ]


def _package(line: queries.InWork, names: Mapping[int, str], now: datetime) -> dict[str, Any]:
    package = line.package
    return {
        "package": package,
        "title": package_title(package),
        "office": package.origin_office.name,
        "state": package_words(package),
        "tone": package_tone(package),
        "name": names.get(package.keyer or 0, ""),
        "team": package.team.name if package.team else "",
        "done": line.done,
        "total": package.items_total,
        "since": _ago(package.checked_out_at, now),
        "last": _ago(line.last_save, now),
        "is_old": package.state == "out" and _is_old(line.last_save or package.checked_out_at, now),
    }


OLD_DAYS = 3


def _is_old(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now - moment >= timedelta(days=OLD_DAYS)


def _ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in the coarsest unit that still says something; "" for never."""
    if moment is None:
        return ""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 1:
        return _("vừa xong")
    if minutes < 60:
        return ngettext("%(count)d phút", "%(count)d phút", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(count)d giờ", "%(count)d giờ", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d ngày", "%(count)d ngày", days) % {"count": days}
