"""Requests to the population database, files, days that were compared."""

from __future__ import annotations

from django.urls import URLPattern, path

from hotich.reconciliation.views import exchange, exchange_acts, exchange_files

LIST, ONE = "doi-chieu/gui-nhan/", "doi-chieu/gui-nhan/<uuid:population_request_id>/"
FILES = f"{LIST}tep/"

urlpatterns: list[URLPattern] = [
    path(LIST, exchange.requests, name="population_requests"),
    path(FILES, exchange_files.files, name="population_files"),
    path(f"{FILES}tao/", exchange_files.file_make, name="population_file_make"),
    path(f"{FILES}<uuid:exchange_file_id>/", exchange_files.file_download, name="population_file"),
    path(f"{FILES}<uuid:exchange_file_id>/tra-loi/", exchange_files.file_answer, name="population_file_answer"),
    path(f"{LIST}doi-soat/", exchange_files.days, name="population_days"),
    path(f"{LIST}de-nghi/<uuid:check_id>/", exchange_acts.creation_new, name="population_creation_new"),
    path(f"{LIST}de-nghi/<uuid:check_id>/xac-minh-so/", exchange_acts.verify_number, name="population_verify_number"),
    path(ONE, exchange.request_page, name="population_request"),
    path(f"{ONE}xac-nhan/", exchange_acts.confirm, name="population_request_confirm"),
    path(f"{ONE}huy/", exchange_acts.cancel, name="population_request_cancel"),
    path(f"{ONE}khong-trung/", exchange_acts.deny_suspects, name="population_request_deny"),
]
