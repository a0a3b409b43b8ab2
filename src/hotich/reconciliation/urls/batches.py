"""Comparing whole books, communes and provinces."""

from __future__ import annotations

from django.urls import path

from hotich.reconciliation.views import batches

urlpatterns = [
    path("doi-chieu/hang-loat/", batches.runs, name="match_runs"),
    path("doi-chieu/hang-loat/moi/", batches.run_new, name="match_run_new"),
    path("doi-chieu/hang-loat/<uuid:match_run_id>/", batches.run, name="match_run"),
    path("doi-chieu/hang-loat/<uuid:match_run_id>/tien-do/", batches.run_progress, name="match_run_progress"),
    path("doi-chieu/hang-loat/<uuid:match_run_id>/dung/", batches.run_stop, name="match_run_stop"),
    path("doi-chieu/hang-loat/<uuid:match_run_id>/tiep-tuc/", batches.run_resume, name="match_run_resume"),
    path("doi-chieu/hang-loat/<uuid:match_run_id>/lam-lai/", batches.run_retry, name="match_run_retry"),
]
