"""Addresses of persons, and of acts on records that change conclusions. Identifiers only, never a name."""

from __future__ import annotations

from django.urls import path

from hotich.persons import views

app_name = "persons"

urlpatterns = [
    path("nguoi/<uuid:person_id>/", views.person, name="person"),
    path("nguoi/<uuid:person_id>/xac-dinh/", views.decide_link, name="decide_link"),
    path("nguoi/<uuid:person_id>/tach/", views.split_off, name="split_off"),
    path("nguoi/<uuid:person_id>/xac-dinh/<uuid:decision_id>/bo/", views.withdraw_decision, name="withdraw_decision"),
    path("ban-ghi/<uuid:record_id>/nguoi/", views.of_record, name="of_record"),
    path("ban-ghi/<uuid:record_id>/ghi-chu/", views.annotate, name="annotate"),
    path(
        "ban-ghi/<uuid:record_id>/ghi-chu/<uuid:annotation_id>/rut/",
        views.withdraw_annotation,
        name="withdraw_annotation",
    ),
    path("ban-ghi/<uuid:record_id>/sua-loi/<uuid:repair_id>/", views.decide_repair, name="decide_repair"),
    path("ban-ghi/<uuid:record_id>/thay-the/", views.supersede, name="supersede"),
    path("ban-ghi/<uuid:record_id>/huy/", views.annul, name="annul"),
    path("thong-bao/<uuid:notice_id>/xac-nhan/", views.confirm_notice, name="confirm_notice"),
]
