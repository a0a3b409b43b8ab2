"""Addresses of running an installation."""

from __future__ import annotations

from django.urls import path

from hotich.config.operation import views

app_name = "operation"

urlpatterns = [
    path("", views.home, name="home"),
    path("he-thong/", views.state, name="state"),
    path("he-thong/cong-viec/<int:job_id>/chay-lai/", views.job_retry, name="job_retry"),
    path("he-thong/cong-viec/<int:job_id>/bo-qua/", views.job_set_aside, name="job_set_aside"),
]
