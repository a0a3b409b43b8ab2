"""Every address of the product. Each app owns its part."""

from __future__ import annotations

import importlib.util

from django.urls import include, path

APPS = ("web", "accounts", "registers", "records", "persons", "intake")

urlpatterns = [path("i18n/", include("django.conf.urls.i18n"))]
urlpatterns += [path("", include(f"hotich.{app}.urls")) for app in APPS if importlib.util.find_spec(f"hotich.{app}.urls")]
