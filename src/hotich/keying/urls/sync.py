from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import sync

urlpatterns: list[URLPattern] = [
    path("nhap-lieu/dong-bo/", sync.receive, name="sync"),
]
