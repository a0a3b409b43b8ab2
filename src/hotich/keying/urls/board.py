"""Addresses of the board: the figures of a team, of one officer, of oneself."""

from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import board, board_person

urlpatterns: list[URLPattern] = [
    path("tien-do-nhap-lieu/", board.board, name="board"),
    path("tien-do-nhap-lieu/cap-nhat/", board.board_live, name="board_live"),
    path("tien-do-nhap-lieu/cua-toi/", board_person.my_figures, name="my_figures"),
    path("tien-do-nhap-lieu/nguoi/<int:officer_id>/", board_person.person, name="person_figures"),
]
