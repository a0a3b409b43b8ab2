"""Addresses of teams of keyers."""

from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import team_page, teams

TEAM = "nhap-lieu/to/<uuid:keying_team_id>/"

urlpatterns: list[URLPattern] = [
    path("nhap-lieu/to/", teams.teams, name="teams"),
    path("nhap-lieu/to/moi/", teams.team_new, name="team_new"),
    path(TEAM, team_page.team, name="team"),
    path(f"{TEAM}sua/", teams.team_edit, name="team_edit"),
    path(f"{TEAM}giai-the/", team_page.team_close, name="team_close"),
    path("nhap-lieu/to/thanh-vien/<uuid:team_member_id>/thoi/", team_page.team_leave, name="team_leave"),
]
