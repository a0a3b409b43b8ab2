"""One team: who is in it, since when, and the acts on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.teams import JoinForm
from hotich.keying.models import KeyingTeam, PackageState, TeamMember
from hotich.keying.queries import teams as queries
from hotich.keying.services import teams as services
from hotich.keying.services.access import LEAD
from hotich.keying.views.team_parts import shift_words, team_crumbs
from hotich.registers.views.parts import actor_of, needs, or_not_found, posted_version, telling


@needs(*queries.WATCH)
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, keying_team_id: UUID) -> HttpResponse:
    """The team with its members; who leads puts more in (POST)."""
    actor, today = actor_of(request), clock.today()
    with or_not_found():
        found = queries.team_of(keying_team_id, actor)
    members = queries.members_of(found)
    may_change = actor.may(LEAD) and found.closed_on is None
    form = _join_form(request, found, members, today) if may_change else None
    if form is not None and form.is_valid() and _joined(request, actor, found, form):
        return redirect("keying:team", found.id)
    names = names_of_officers({found.leader, *(each.officer for each in members)})
    context = {
        "team": found,
        "breadcrumb": team_crumbs((found.name, "")),
        "facts": _facts(found, names, actor),
        "members": [_line(each, names, today, may_change=may_change) for each in members],
        "may_change": may_change,
        "form": form,
        "figures_url": f"{reverse('keying:board')}?ky=7&to={found.id}",
        "packages_url": f"{reverse('keying:packages')}?to={found.id}",
    }
    return render(request, "keying/team.html", context, status=422 if form is not None and form.errors else 200)


def _join_form(request: HttpRequest, team: KeyingTeam, members: list[TeamMember], today: date) -> JoinForm | None:
    """Asks for those who may key at the office and are not in the team for good; None when there is nobody."""
    staying = {each.officer for each in members if each.valid_to is None and each.valid_from <= today}
    others = queries.team_names_of(team.origin_office_id, today)
    choices = [
        (each.id, f"{each.full_name} ({others[each.id]})" if each.id in others else each.full_name)
        for each in queries.who_may_join(team.origin_office_id).exclude(id__in=staying)
    ]
    if not choices:
        return None
    return JoinForm(request.POST or None, officers=choices, initial={"since": today})


def _joined(request: HttpRequest, actor: Actor, team: KeyingTeam, form: JoinForm) -> bool:
    try:
        made = services.add_members(
            actor=actor, at=clock.now(), team_id=team.id, officers=form.cleaned_data["officers"],
            since=form.cleaned_data["since"],
        )  # fmt: skip
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    text = ngettext("Đã đưa %(count)d người vào tổ.", "Đã đưa %(count)d người vào tổ.", len(made))
    messages.success(request, text % {"count": len(made)})
    return True


def _facts(team: KeyingTeam, names: dict[int, str], actor: Actor) -> list[dict[str, Any]]:
    given = queries.packages_given_to(team, actor)
    lines = (
        (_("Cơ quan"), team.origin_office.name),
        (_("Ca"), shift_words(team) or _("không chia ca")),
        (_("Tổ trưởng"), names.get(team.leader, "–")),
        (_("Lập ngày"), f"{team.opened_on:%d/%m/%Y}"),
        (_("Giải thể ngày"), f"{team.closed_on:%d/%m/%Y}" if team.closed_on else ""),
        (_("Gói giao cho tổ, chờ nhận"), str(given.get(PackageState.READY, 0))),
        (_("Gói giao cho tổ, đang nhập"), str(given.get(PackageState.OUT, 0))),
    )
    return [{"label": label, "value": value} for label, value in lines if value]


def _line(row: TeamMember, names: dict[int, str], today: date, *, may_change: bool) -> dict[str, Any]:
    is_over = row.valid_to is not None and row.valid_to < today
    return {
        "id": row.id,
        "officer": row.officer,
        "name": names.get(row.officer, str(row.officer)),
        "first": row.valid_from,
        "last": row.valid_to,
        "is_over": is_over,
        "is_coming": row.valid_from > today,
        "may_leave": may_change and not is_over,
    }


@needs(LEAD)
@require_POST
def team_leave(request: HttpRequest, team_member_id: UUID) -> HttpResponse:
    """Somebody leaves his team: yesterday was his last day, or today is (`hom-nay`)."""
    actor, today = actor_of(request), clock.today()
    team_id = queries.team_of_member(team_member_id, actor)
    last = today if request.POST.get("last") == "today" else today - timedelta(days=1)
    with telling(request, _("Đã cho rời tổ. Số liệu của những ngày ở trong tổ vẫn là của tổ.")):
        services.end_membership(actor=actor, at=clock.now(), member_id=team_member_id, last=last)
    return redirect("keying:team", team_id) if team_id is not None else redirect("keying:teams")


@needs(LEAD)
@require_POST
def team_close(request: HttpRequest, keying_team_id: UUID) -> HttpResponse:
    """The team keys no more."""
    with telling(request, _("Đã giải thể tổ. Số liệu của tổ vẫn còn nguyên.")):
        services.close_team(
            actor=actor_of(request), at=clock.now(), team_id=keying_team_id,
            version=posted_version(request),
        )  # fmt: skip
    return redirect("keying:teams")
