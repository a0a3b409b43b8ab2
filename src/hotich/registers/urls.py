"""Addresses of the data dictionary."""

from __future__ import annotations

from django.urls import path

from hotich.registers import views

app_name = "registers"

urlpatterns = [
    path("tu-dien/", views.dictionary, name="dictionary"),
    path("tu-dien/tham-so/", views.parameters, name="parameters"),
    path("tu-dien/danh-muc/<slug:name>/", views.code_list_page, name="code_list"),
    path("tu-dien/so/<slug:version_id>/", views.version_page, name="version"),
]
