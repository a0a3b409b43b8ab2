"""Addresses of checking: the queue, a package, an entry, its differences."""

from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import checking, checking_entry, original_notes, originals

urlpatterns: list[URLPattern] = [
    path("kiem-tra/", checking.queue, name="checking"),
    path("kiem-tra/goi/<uuid:package_id>/", checking.package, name="check_package"),
    path("kiem-tra/goi/<uuid:package_id>/du-lieu.json", checking.data, name="check_data"),
    path("kiem-tra/goi/<uuid:package_id>/nhan/", checking.start, name="check_start"),
    path("kiem-tra/goi/<uuid:package_id>/thoi/", checking.give_up, name="check_give_up"),
    path("kiem-tra/goi/<uuid:package_id>/xong/", checking.finish, name="check_finish"),
    path("kiem-tra/truong-hop/<uuid:keyed_entry_id>/", checking_entry.entry, name="check_entry"),
    path("kiem-tra/truong-hop/<uuid:keyed_entry_id>/quyet-dinh/", checking_entry.decide, name="check_decide"),
    path("kiem-tra/truong-hop/<uuid:keyed_entry_id>/tra-lai/", checking_entry.give_back, name="check_return"),
    path("kiem-tra/truong-hop/<uuid:keyed_entry_id>/hoan-tac/", checking_entry.undo, name="check_undo"),
    path("kiem-tra/ban-luu/<uuid:book_id>/", originals.originals, name="originals"),
    path("kiem-tra/ban-luu/<uuid:book_id>/nhu-nhau/", originals.equal, name="originals_equal"),
    path("kiem-tra/ban-luu/truong-hop/<uuid:keyed_entry_id>/", originals.original, name="original"),
    path("kiem-tra/ban-luu/truong-hop/<uuid:keyed_entry_id>/rieng/", originals.alone, name="original_alone"),
    path("kiem-tra/ban-luu/truong-hop/<uuid:keyed_entry_id>/hoan-tac/", originals.undo, name="original_undo"),
    path(
        "kiem-tra/ban-luu/truong-hop/<uuid:keyed_entry_id>/ghi-chu/", original_notes.original_note, name="original_note"
    ),
    path("kiem-tra/ban-luu/ban-ghi/<uuid:record_id>/", originals.of_record, name="original_of_record"),
    path("kiem-tra/khac-biet/<uuid:difference_id>/hoan-tac/", checking_entry.undo_one, name="difference_undo"),
]
