"""Addresses of keying. They carry identifiers only, never a name or a number of a person."""

from __future__ import annotations

from hotich.keying.urls import acceptance, board, checking, entry, guide, inventory, offline, packages, sync, teams

app_name = "keying"

urlpatterns = [
    *inventory.urlpatterns,
    *packages.urlpatterns,
    *entry.urlpatterns,
    *sync.urlpatterns,
    *offline.urlpatterns,
    *checking.urlpatterns,
    *acceptance.urlpatterns,
    *board.urlpatterns,
    *guide.urlpatterns,
    *teams.urlpatterns,
]
