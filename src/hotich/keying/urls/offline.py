from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import offline

urlpatterns: list[URLPattern] = [
    path("sw.js", offline.service_worker, name="worker"),
    path("nhap-lieu/nhip/", offline.beat, name="beat"),
    path("nhap-lieu/ung-dung.webmanifest", offline.manifest, name="manifest"),
]
