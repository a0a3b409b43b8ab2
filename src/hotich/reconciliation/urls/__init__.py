"""Addresses of reconciliation. They carry identifiers only, never a name or a number of a person."""

from __future__ import annotations

from hotich.reconciliation.urls import batches, exchange, look_ups, models, proposals, tracking

app_name = "reconciliation"

urlpatterns = [
    *look_ups.urlpatterns,
    *tracking.urlpatterns,
    *exchange.urlpatterns,
    *batches.urlpatterns,
    *models.urlpatterns,
    *proposals.urlpatterns,
]
