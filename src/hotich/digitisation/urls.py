"""Addresses of digitisation. They carry identifiers only, never a name or a number of a person."""

from __future__ import annotations

from django.urls import path

from hotich.digitisation import views

app_name = "digitisation"

BATCH, PAGE = "quet-so/dot/<uuid:scan_batch_id>/", "quet-so/trang/<uuid:scan_page_id>/"
CASE = "quet-so/truong-hop/<uuid:scanned_case_id>/"

urlpatterns = [
    path("quet-so/", views.batches, name="batches"),
    path("quet-so/moi/", views.batch_new, name="batch_new"),
    path(BATCH, views.batch, name="batch"),
    path(f"{BATCH}cap-nhat/", views.batch_live, name="batch_live"),
    path(f"{BATCH}da-co/", views.batch_known, name="batch_known"),
    path(f"{BATCH}nhan/", views.batch_receive, name="batch_receive"),
    path(f"{BATCH}mau/", views.batch_layout, name="batch_layout"),
    path(f"{BATCH}xac-nhan/", views.batch_confirm, name="batch_confirm"),
    path(f"{BATCH}thu-tu/", views.batch_order, name="batch_order"),
    path(f"{BATCH}thu-tu-so-trang/", views.batch_order_printed, name="batch_order_printed"),
    path(f"{BATCH}xong/", views.batch_finish, name="batch_finish"),
    path(f"{BATCH}mo-lai/", views.batch_reopen, name="batch_reopen"),
    path(f"{BATCH}rut/", views.batch_withdraw, name="batch_withdraw"),
    path(f"{BATCH}truong-hop/", views.cases, name="cases"),
    path(f"{BATCH}truong-hop/cap-nhat/", views.cases_live, name="cases_live"),
    path(f"{BATCH}truong-hop/lap/", views.cases_make, name="cases_make"),
    path(f"{BATCH}truong-hop/so-dau/", views.cases_start, name="cases_start"),
    path(f"{BATCH}truong-hop/tao-pdf/", views.cases_encode, name="cases_encode"),
    path(f"{BATCH}truong-hop/gan/", views.cases_link, name="cases_link"),
    path(PAGE, views.page, name="page"),
    path(f"{PAGE}cho/", views.page_live, name="page_live"),
    path(f"{PAGE}anh.jpg", views.page_picture, name="page_picture"),
    path(f"{PAGE}nguyen-ban.jpg", views.page_delivered, name="page_delivered"),
    path(f"{PAGE}nho.jpg", views.page_thumb, name="page_thumb"),
    path(f"{PAGE}vung/", views.page_boxes, name="page_boxes"),
    path(f"{PAGE}de-xuat/", views.page_grid, name="page_grid"),
    path(f"{PAGE}ap-mau/", views.page_lay, name="page_lay"),
    path(f"{PAGE}luu-mau/", views.page_layout, name="page_layout"),
    path(f"{PAGE}xoay/", views.page_turn, name="page_turn"),
    path(f"{PAGE}bon-goc/", views.page_corners, name="page_corners"),
    path(f"{PAGE}bo-qua/", views.page_aside, name="page_aside"),
    path(f"{PAGE}dung-lai/", views.page_back, name="page_back"),
    path(f"{PAGE}quet-lai/", views.page_replace, name="page_replace"),
    path("quet-so/xem-lai/", views.review, name="review"),
    path(CASE, views.case, name="case"),
    path(f"{CASE}truoc.jpg", views.case_before, name="case_before"),
    path(f"{CASE}ban-quet.pdf", views.case_pdf, name="case_pdf"),
    path(f"{CASE}so/", views.case_number, name="case_number"),
    path(f"{CASE}so-may-doc/", views.case_read_number, name="case_read_number"),
    path(f"{CASE}may-doc/", views.case_read_again, name="case_read_again"),
    path(f"{CASE}ngay-dang-ky/", views.case_registration, name="case_registration"),
    path(f"{CASE}gop/", views.case_merge, name="case_merge"),
    path(f"{CASE}tach/", views.case_split, name="case_split"),
    path(f"{CASE}cat-lai/", views.case_recrop, name="case_recrop"),
    path(f"{CASE}bo-qua/", views.case_aside, name="case_aside"),
    path(f"{CASE}lay-lai/", views.case_back, name="case_back"),
    path(f"{CASE}chap-nhan/", views.case_accept, name="case_accept"),
    path(f"{CASE}can-quet-lai/", views.case_rescan, name="case_rescan"),
    path(f"{CASE}nhap-lieu/", views.case_start, name="case_start"),
    path("quet-so/quyen/<uuid:book_id>/", views.book, name="book"),
]
