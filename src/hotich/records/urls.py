"""Addresses of books and records. They carry identifiers only, never a name or a number of a person."""

from __future__ import annotations

from django.urls import path

from hotich.records import views

app_name = "records"

urlpatterns = [
    path("so/", views.books, name="books"),
    path("so/do-phu/", views.coverage, name="coverage"),
    path("so/danh-muc/", views.print_books, name="print_books"),
    path("so/ban-giao/", views.print_hand_over, name="print_hand_over"),
    path("so/<uuid:book_id>/trang-khoa-so/", views.print_closing, name="print_closing"),
    path("ban-ghi/<uuid:record_id>/in/", views.print_record, name="print_record"),
    path("so/<uuid:book_id>/", views.book, name="book"),
    path("so/<uuid:book_id>/khoa-so/", views.close_book, name="close_book"),
    path("so/<uuid:book_id>/so-dang-ky/", views.declare_number, name="declare_number"),
    path("ban-ghi/", views.search, name="search"),
    path("ban-ghi/<uuid:record_id>/", views.record, name="record"),
    path("ban-ghi/<uuid:record_id>/sua-loi/", views.propose_repair, name="propose_repair"),
    path("ban-ghi/<uuid:record_id>/sua-loi/<uuid:repair_id>/rut/", views.withdraw_repair, name="withdraw_repair"),
    path("ban-ghi/<uuid:record_id>/bao-lai/", views.note_told, name="note_told"),
    path("thong-bao/<uuid:notice_id>/chon/", views.choose_entry, name="choose_entry"),
    path("sua-loi/", views.waiting_repairs, name="repairs"),
    path("ban-chup/<uuid:attachment_id>.pdf", views.scan, name="scan"),
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/<uuid:notice_id>/tu-choi/", views.refuse_notice, name="refuse_notice"),
    path("thong-bao/<uuid:notice_id>/gui-den/", views.address_notice, name="address_notice"),
]
