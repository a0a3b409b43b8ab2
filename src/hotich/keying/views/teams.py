"""The teams of an office in a list; a team is opened and changed here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.teams import TeamForm
from hotich.keying.models import KeyingTeam
from hotich.keying.queries import teams as queries
from hotich.keying.services import teams as services
from hotich.keying.services.access import LEAD
from hotich.keying.views.team_parts import shift_words, team_crumbs
from hotich.registers.views.parts import actor_of, needs, or_not_found
from hotich.web.rules.tables import Cell, Column, Row


@needs(*queries.WATCH)
@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """Every team: those at work first, then those that were closed."""
    actor, today = actor_of(request), clock.today()
    found = list(queries.teams_of_offices(actor))
    counts, names = queries.member_counts(found, today), names_of_officers(team.leader for team in found)
    several = len({team.origin_office_id for team in found}) > 1
    context = {
        "may_lead": actor.may(LEAD),
        "columns": [
            Column(_("Tổ")), *([Column(_("Cơ quan"))] if several else []), Column(_("Ca")), Column(_("Tổ trưởng")),
            Column(_("Thành viên hôm nay"), "number"), Column(_("Số liệu")),
        ],
        "rows": [_row(team, counts.get(team.id, 0), names, several=several) for team in found],
    }  # fmt: skip
    return render(request, "keying/teams.html", context)


def _row(team: KeyingTeam, members: int, names: dict[int, str], *, several: bool) -> Row:
    closed = _("giải thể ngày %(day)s") % {"day": f"{team.closed_on:%d/%m/%Y}"} if team.closed_on else ""
    figures = f"{reverse('keying:board')}?ky=7&to={team.id}"
    return Row(
        str(team.id),
        [
            Cell(team.name, reverse("keying:team", args=[team.id]), note=closed),
            *([team.origin_office.name] if several else []),
            shift_words(team) or "–", names.get(team.leader, "–"), members, Cell(_("7 ngày qua"), figures),
        ],
    )  # fmt: skip


@needs(LEAD)
@require_http_methods(["GET", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """Opens a team of one's office; then its page, where its members are put in."""
    actor = actor_of(request)
    form = TeamForm(request.POST or None, leaders=_leaders(actor.office_id), initial={"leader": actor.officer_id})
    if form.is_valid():
        try:
            made = services.open_team(
                actor=actor, at=clock.now(), request_key=form.cleaned_data["request_key"], facts=_facts(form)
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã lập tổ. Hãy chọn người vào tổ."))
            return redirect("keying:team", made.id)
    context = {"form": form, "breadcrumb": team_crumbs((_("Lập tổ"), ""))}
    return render(request, "keying/team_form.html", context, status=422 if form.is_bound else 200)


@needs(LEAD)
@require_http_methods(["GET", "POST"])
def team_edit(request: HttpRequest, keying_team_id: UUID) -> HttpResponse:
    """Another name, shift or leader."""
    actor = actor_of(request)
    with or_not_found():
        team = queries.team_of(keying_team_id, actor)
    shown = {"name": team.name, "shift": team.shift, "leader": team.leader, "version": team.version}
    form = TeamForm(request.POST or None, leaders=_leaders(team.origin_office_id, team.leader), initial=shown)
    if form.is_valid():
        try:
            services.change_team(
                actor=actor, at=clock.now(), team_id=team.id, version=form.cleaned_data["version"] or 0,
                facts=_facts(form),
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("keying:team", team.id)
    way = team_crumbs((team.name, reverse("keying:team", args=[team.id])), (_("Sửa"), ""))
    context = {"form": form, "team": team, "breadcrumb": way}
    return render(request, "keying/team_form.html", context, status=422 if form.is_bound else 200)


def _leaders(office_id: int, *present: int) -> list[tuple[int, str]]:
    """Who may lead, and whoever leads now, should he have no such post any more."""
    able = [(each.id, each.full_name) for each in queries.who_may_lead(office_id)]
    gone = set(present) - {officer for officer, _name in able}
    return able + list(names_of_officers(gone).items())


def _facts(form: TeamForm) -> services.TeamFacts:
    said: dict[str, Any] = form.cleaned_data
    return services.TeamFacts(name=said["name"], leader=said["leader"], shift=said["shift"])
