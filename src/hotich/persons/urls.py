"""Addresses of persons, and of acts on records that change conclusions. Identifiers only, never a name."""

from __future__ import annotations

from django.urls import path

from hotich.persons import views

app_name = "persons"

urlpatterns = [
    path("nguoi/<uuid:person_id>/", views.person, name="person"),
    path("nguoi/<uuid:person_id>/in/", views.print_person, name="print_person"),
    path("nguoi/<uuid:person_id>/xac-dinh/", views.decide_link, name="decide_link"),
    path("nguoi/<uuid:person_id>/tach/", views.split_off, name="split_off"),
    path("nguoi/<uuid:person_id>/xac-dinh/<uuid:decision_id>/bo/", views.withdraw_decision, name="withdraw_decision"),
    path("so-dinh-danh-tiep-nhan/", views.taken_over, name="taken_over"),
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
    path("ban-ghi/<uuid:record_id>/khoi-phuc/", views.restore, name="restore"),
    path("thong-bao/<uuid:notice_id>/xac-nhan/", views.confirm_notice, name="confirm_notice"),
    path("ban-ghi/<uuid:record_id>/ghi-chu/<uuid:annotation_id>/niem-phong/", views.seal, name="seal"),
    path("tra-cuu-ngoai/", views.foreign_look_up, name="foreign_look_up"),
    path("tra-cuu-ngoai/<uuid:look_up_id>/<uuid:record_id>/", views.foreign_record, name="foreign_record"),
    path("ban-ghi/<uuid:record_id>/mo-khan-cap/", views.open_glass, name="break_glass"),
    path("mo-khan-cap/<uuid:glass_id>/", views.behind_glass, name="behind_glass"),
    path("mo-khan-cap/<uuid:glass_id>/ban-chup/<uuid:attachment_id>.pdf", views.glass_scan, name="glass_scan"),
    path("ly-do-xem/", views.reading_reason, name="reading_reason"),
    path("ra-soat-xem/", views.oversight, name="oversight"),
    path("ra-soat-xem/mo-khan-cap/", views.glasses, name="glasses"),
    path("ra-soat-xem/mo-khan-cap/<uuid:glass_id>/", views.judge_glass, name="judge_glass"),
    path("ra-soat-xem/dinh-muc/", views.budgets, name="budgets"),
    path("ra-soat-xem/toan-tinh/", views.overview, name="overview"),
    path("ra-soat-xem/giai-trinh/", views.reading_questions, name="reading_questions"),
    path("ra-soat-xem/giai-trinh/moi/", views.ask_leader, name="ask_leader"),
    path("ra-soat-xem/giai-trinh/<uuid:question_id>/", views.answer_question, name="answer_question"),
    path("nguoi/<uuid:person_id>/ai-da-xem/", views.person_readings, name="person_readings"),
    path("ban-ghi/<uuid:record_id>/ai-da-xem/", views.record_readings, name="record_readings"),
    path("nhat-ky/", views.audit_entries, name="audit_entries"),
    path("nhat-ky/<uuid:entry_id>/", views.audit_entry, name="audit_entry"),
    path("nhat-ky/toan-ven/", views.audit_integrity, name="audit_integrity"),
    path("nhat-ky/toan-ven/kiem-tra/", views.audit_verify, name="audit_verify"),
    path("nhat-ky/toan-ven/<uuid:verification_id>/", views.audit_verification, name="audit_verification"),
    path("nhat-ky/xuat/", views.audit_export, name="audit_export"),
]
