"""Every address of the product. Each app owns its part."""

from __future__ import annotations

from django.urls import include

from hotich.config.addresses import ByFirstWord

APPS = ("web", "accounts", "registers", "records", "persons", "reconciliation", "intake", "digitisation", "keying")

urlpatterns = [
    # first: the desk of a technical administrator stands at the same address as everybody's
    ByFirstWord(include("hotich.config.operation.urls")),
    *(ByFirstWord(include(f"hotich.{app}.urls")) for app in APPS),
]
