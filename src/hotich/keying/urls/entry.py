"""The keying screen. Which package it keys stands behind the # of the address, which no server sees."""

from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import entry

urlpatterns: list[URLPattern] = [path("nhap-lieu/man-hinh/", entry.entry, name="entry")]
