"""The models of comparison, open to view."""

from __future__ import annotations

from django.urls import URLPattern, path

from hotich.reconciliation.views import models

urlpatterns: list[URLPattern] = [
    path("doi-chieu/mo-hinh/", models.model, name="model"),
    path("doi-chieu/mo-hinh/<uuid:match_run_id>/", models.run_model, name="run_model"),
]
