"""Addresses of acceptance: books that wait for it, one sample, one case of it, the papers."""

from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import acceptance, acceptance_judge, acceptance_print, acceptance_sample, acceptance_volume

BOOK, SAMPLE = "nghiem-thu/quyen/<uuid:book_id>/", "nghiem-thu/<uuid:acceptance_id>/"

urlpatterns: list[URLPattern] = [
    path("nghiem-thu/", acceptance.acceptances, name="acceptances"),
    path(BOOK, acceptance.acceptance_book, name="acceptance_book"),
    path(f"{BOOK}so-truong-hop/", acceptance.freeze, name="acceptance_freeze"),
    path(f"{BOOK}rut-mau/", acceptance.draw, name="acceptance_draw"),
    path(f"{BOOK}khoi-luong/", acceptance_volume.volume_print, name="volume_print"),
    path(f"{BOOK}khoi-luong.xlsx", acceptance_volume.volume_workbook, name="volume_workbook"),
    path(SAMPLE, acceptance_sample.acceptance, name="acceptance"),
    path(f"{SAMPLE}bien-ban/", acceptance_print.acceptance_print, name="acceptance_print"),
    path(f"{SAMPLE}ket-luan/", acceptance_sample.decide, name="acceptance_decide"),
    path(f"{SAMPLE}huy/", acceptance_sample.cancel, name="acceptance_cancel"),
    path("nghiem-thu/truong-hop/<uuid:acceptance_item_id>/", acceptance_judge.acceptance_item, name="acceptance_item"),
]
