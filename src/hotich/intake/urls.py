"""Addresses of intake. They carry identifiers only, never a name or a number of a person."""

from __future__ import annotations

from django.urls import path

from hotich.intake import views

app_name = "intake"

urlpatterns = [
    path("", views.home, name="home"),
    path("nhap-so/", views.batches, name="batches"),
    path("nhap-so/moi/", views.upload, name="upload"),
    path("nhap-so/<uuid:batch_id>/", views.batch, name="batch"),
    path("nhap-so/<uuid:batch_id>/tien-do/", views.batch_progress, name="batch_progress"),
    path("nhap-so/<uuid:batch_id>/bao-cao.json", views.batch_report_file, name="batch_report"),
    path("nhap-so/<uuid:batch_id>/xuat.xlsx", views.batch_export, name="batch_export"),
    path("nhap-so/<uuid:batch_id>/rut/", views.batch_withdraw, name="batch_withdraw"),
    path("can-sua/", views.held, name="held"),
    path("truong-hop/<uuid:case_id>/", views.case, name="case"),
    path("truong-hop/<uuid:case_id>/ban-chup.pdf", views.case_scan, name="case_scan"),
    path("truong-hop/<uuid:case_id>/thay-ban-chup/", views.case_replace_scan, name="case_replace_scan"),
    path("truong-hop/<uuid:case_id>/trinh-lai/", views.case_resubmit, name="case_resubmit"),
    path("truong-hop/<uuid:case_id>/hoan-tac/", views.case_undo, name="case_undo"),
    path("doi-chieu/truong-hop/<uuid:case_id>/", views.case_population, name="case_population"),
    path("doi-chieu/truong-hop/<uuid:case_id>/<slug:role>/", views.case_look_up, name="case_look_up"),
    path("phe-duyet/", views.approvals, name="approvals"),
    path("phe-duyet/<uuid:batch_id>/", views.approval_batch, name="approval_batch"),
    path("phe-duyet/<uuid:batch_id>/duyet/", views.approve_chosen, name="approve_chosen"),
    path("phe-duyet/<uuid:batch_id>/duyet-het/", views.approve_all, name="approve_all"),
    path("phe-duyet/<uuid:batch_id>/tien-do/", views.run_progress, name="run_progress"),
    path("phe-duyet/luot/<uuid:run_id>/dung/", views.run_stop, name="run_stop"),
    path("phe-duyet/truong-hop/<uuid:case_id>/duyet/", views.approve_one, name="approve_one"),
    path("phe-duyet/truong-hop/<uuid:case_id>/tra-lai/", views.return_one, name="return_one"),
    path("ban-ghi/<uuid:record_id>/noi-nhan/", views.recipients, name="recipients"),
    path("so/<uuid:book_id>/nghiem-thu/", views.acceptance, name="acceptance"),
    path("xuat-du-lieu/", views.exports, name="exports"),
    path("xuat-du-lieu/moi/", views.export_new, name="export_new"),
    path("xuat-du-lieu/da-sua/", views.export_corrections, name="export_corrections"),
    path("xuat-du-lieu/<uuid:request_id>/", views.export, name="export"),
    path("xuat-du-lieu/<uuid:request_id>/quyet-dinh/", views.export_decide, name="export_decide"),
    path("xuat-du-lieu/<uuid:request_id>/huy/", views.export_cancel, name="export_cancel"),
    path("xuat-du-lieu/<uuid:request_id>/tao-lai/", views.export_retry, name="export_retry"),
    path("xuat-du-lieu/<uuid:request_id>/tai-ve/", views.export_download, name="export_download"),
    path("gui-bo/", views.dispatch, name="dispatch"),
    path("gui-bo/tao-tep/", views.dispatch_make, name="dispatch_make"),
    path("gui-bo/tep/<uuid:file_id>.xlsx", views.dispatch_file, name="dispatch_file"),
    path("gui-bo/tep/<uuid:file_id>/ket-qua/", views.dispatch_response, name="dispatch_response"),
    path("gui-bo/<uuid:row_id>/ket-qua/", views.dispatch_row, name="dispatch_row"),
    path("gui-bo/<uuid:row_id>/gui-lai/", views.dispatch_retry, name="dispatch_retry"),
    path("cau-hinh/de-nghi/<uuid:proposal_id>/xem-truoc/", views.configuration_preview, name="configuration_preview"),
]
