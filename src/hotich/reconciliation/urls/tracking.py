from __future__ import annotations

from django.urls import URLPattern, path

from hotich.reconciliation.views import (
    tracking,
    tracking_acts,
    tracking_bulk,
    tracking_export,
    tracking_item,
    tracking_paper,
)

LIST, ITEM = "doi-chieu/theo-doi/", "doi-chieu/theo-doi/<uuid:tracking_item_id>/"

urlpatterns: list[URLPattern] = [
    path(LIST, tracking.tracking, name="tracking"),
    path(f"{LIST}phan-cong/", tracking.assign, name="tracking_assign"),
    path(f"{LIST}thu-hoi/", tracking.take_back, name="tracking_take_back"),
    path(f"{LIST}in/", tracking_paper.tracking_print, name="tracking_print"),
    path(f"{LIST}xuat/", tracking_export.tracking_export, name="tracking_export"),
    path(f"{LIST}xuat/<uuid:tracking_export_id>/quyet-dinh/", tracking_export.decide, name="tracking_export_decide"),
    path(f"{LIST}xuat/<uuid:tracking_export_id>/tai/", tracking_export.fetch, name="tracking_export_fetch"),
    path(f"{LIST}thieu-ngay/", tracking_bulk.part_only, name="tracking_part_only"),
    path(f"{LIST}thieu-ngay/ket-luan/", tracking_bulk.judge, name="tracking_part_only_judge"),
    path(f"{LIST}thieu-ngay/<uuid:tracking_bulk_id>/", tracking_bulk.act, name="tracking_part_only_act"),
    path(f"{LIST}giay-to/<uuid:tracking_evidence_id>/", tracking_item.evidence, name="tracking_evidence"),
    path(ITEM, tracking_item.item, name="tracking_item"),
    path(f"{ITEM}nhan/", tracking_acts.take, name="tracking_take"),
    path(f"{ITEM}tra-lai/", tracking_acts.give_back, name="tracking_give_back"),
    path(f"{ITEM}xac-minh-lai/", tracking_acts.send_back, name="tracking_send_back"),
    path(f"{ITEM}lien-he/", tracking_acts.contact, name="tracking_contact"),
    path(f"{ITEM}kem-giay-to/", tracking_acts.add_evidence, name="tracking_add_evidence"),
    path(f"{ITEM}viec/", tracking_acts.start_task, name="tracking_task"),
    path(f"{ITEM}ket-thuc/", tracking_acts.close, name="tracking_close"),
    path(f"{ITEM}mo-lai/", tracking_acts.reopen, name="tracking_reopen"),
]
