"""Every address of the product. Each app owns its part."""

from __future__ import annotations

from django.urls import include, path

APPS = ("web", "accounts", "registers", "records", "persons", "reconciliation", "intake", "digitisation", "keying")

urlpatterns = [
    # first: the desk of a technical administrator stands at the same address as everybody's
    path("", include("hotich.config.operation.urls")),
    *(path("", include(f"hotich.{app}.urls")) for app in APPS),
]
