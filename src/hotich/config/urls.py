"""Every address of the product. Each app owns its part."""

from __future__ import annotations

from django.urls import include, path

APPS = ("web", "accounts", "registers", "records", "persons", "intake", "digitisation")

urlpatterns = [
    *(path("", include(f"hotich.{app}.urls")) for app in APPS),
    path("", include("hotich.config.operation.urls")),
]
