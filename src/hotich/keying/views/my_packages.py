"""The home of whoever keys: what he has, what came back to him, what he may take next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.packages import ReasonForm
from hotich.keying.models import KeyingPackage
from hotich.keying.queries.figures import keyed, period_of
from hotich.keying.queries.open_places import open_places
from hotich.keying.queries.packages import (
    Figures,
    cases_to_mend,
    figures_of,
    gate_of,
    packages_of_keyer,
    packages_to_take,
)
from hotich.keying.queries.pledges import must_still_sign
from hotich.keying.rules.figures import Work
from hotich.keying.rules.gate import Step
from hotich.keying.services import packages as services
from hotich.keying.views.offline import SCREEN, works_offline
from hotich.keying.views.package_parts import home_crumbs, package_title, returned_words, step_words
from hotich.keying.views.tour import tour
from hotich.registers.queries.configuration import constant_at
from hotich.registers.views.parts import actor_of, needs, or_not_found, telling

KEY = "keying.key"
STEPS_SHOWN = 6
NEXT_SHOWN = 5  # packages told to somebody who has one
MEASURED = 3 * 60 * 1000  # milliseconds at the form before a speed is told


@needs(KEY)
@ensure_csrf_cookie
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The officer's packages, and the next ones in the order of the work."""
    actor = actor_of(request)
    own, ready = packages_of_keyer(actor), packages_to_take(actor)
    may_take = not any(not package.is_on_demand for package in own)
    ready = ready if may_take else [package for package in ready if package.is_on_demand] + ready[:NEXT_SHOWN]
    ready = list({package.id: package for package in ready}.values())
    figures, gates = figures_of([*own, *ready]), gate_of(ready)
    context = {
        "own": [_own(package, figures[package.id]) for package in own],
        "ready": [_ready(package, figures[package.id], gates.get(package.id, []), actor) for package in ready],
        "may_take": may_take,
        "must_sign": must_still_sign(actor, clock.today()),
        "today": _today(actor),
        "tour": tour(request, "home"),
        **works_offline(request),
    }
    return render(request, "keying/packages_home.html", context)


def _own(package: KeyingPackage, figures: Figures) -> dict[str, Any]:
    return {
        "package": package,
        "returned_words": returned_words(package),
        "title": package_title(package),
        "figures": figures,
        "screen_url": f"{SCREEN}#{package.id}",
        "to_mend": cases_to_mend(package) if figures.to_mend else [],
        "is_done": not figures.open and not figures.to_mend,
        "has_open_places": bool(open_places(package)),
    }


def _ready(package: KeyingPackage, figures: Figures, before: list[Step], actor: Actor) -> dict[str, Any]:
    phase, group = getattr(package, "phase", None), getattr(package, "group", None)
    return {
        "package": package,
        "title": package_title(package),
        "figures": figures,
        "step": step_words(Step(phase, group)) if phase is not None and group is not None else "",
        "is_mine": package.assigned_to in actor.hands,
        "team": package.team.name if package.team else "",
        "waits": bool(before),
    }


def _today(actor: Actor) -> dict[str, Any]:
    """The officer's own figures of today, beside the norm of a machine."""
    day = clock.today()
    work = sum((done.work for done in keyed(period_of(actor, day, day, officer=actor.officer_id))), Work())
    speed = work.cases_an_hour if work.active_ms >= MEASURED else None
    return {
        "cases": work.cases,
        "an_hour": round(speed) if speed is not None else None,
        "norm": constant_at("keying_norm_machine_day", actor.office_id),
    }


@needs(KEY)
@require_POST
def check_out(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Take a package and go to the screen. Where earlier groups are unfinished, a page asks for the reason first."""
    actor, reason = actor_of(request), request.POST.get("reason", "")
    with or_not_found():
        try:
            services.check_out_package(actor=actor, at=clock.now(), package_id=package_id, gate_reason=reason)
        except RuleBroken as refusal:
            if refusal.code == "pledge_missing":
                return redirect("keying:pledge")
            if refusal.code == "earlier_group_unfinished":
                return _gate(request, package_id, asked="reason" in request.POST)
            with telling(request):
                raise
            return redirect("keying:home")
    return redirect(f"{SCREEN}#{package_id}")


def _gate(request: HttpRequest, package_id: UUID, *, asked: bool) -> HttpResponse:
    package = next((each for each in packages_to_take(actor_of(request)) if each.id == package_id), None)
    if package is None:
        return redirect("keying:home")
    steps = gate_of([package]).get(package.id, [])
    context = {
        "form": ReasonForm(request.POST if asked else None),
        "package": package,
        "title": package_title(package),
        "steps": [step_words(step) for step in steps[:STEPS_SHOWN]],
        "more": max(0, len(steps) - STEPS_SHOWN),
        "breadcrumb": home_crumbs((_("Nhận gói trước thứ tự"), "")),
    }
    return render(request, "keying/package_gate.html", context, status=422)
