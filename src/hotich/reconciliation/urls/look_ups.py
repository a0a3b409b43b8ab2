"""Look-ups and what came of them."""

from __future__ import annotations

from django.urls import URLPattern, path

from hotich.reconciliation.views import look_up_json, look_up_start, record_checks

LIST = "doi-chieu/tra-cuu-trang/"
RECORD = f"{LIST}ban-ghi/<uuid:record_id>/"  # below the list, whose line of the menu it lights

urlpatterns: list[URLPattern] = [
    path("doi-chieu/", look_up_start.start, name="start"),
    path("doi-chieu/tra-cuu/", look_up_json.look_up, name="look_up"),
    path(LIST, look_up_start.look_up_list, name="look_up_list"),
    path(RECORD, record_checks.of_record, name="checks_of_record"),
    path(f"{RECORD}<slug:role>/", record_checks.look_up_record, name="look_up_record"),
    path("doi-chieu/ket-qua/<uuid:check_id>/bo/", record_checks.undo, name="undo_check"),
    path("doi-chieu/ket-qua/<uuid:check_id>/xac-nhan/", record_checks.confirm, name="confirm_check"),
]
