"""Addresses of the data dictionary and of the configuration."""

from __future__ import annotations

from django.urls import path, re_path

from hotich.registers import views
from hotich.registers.views import offices, offices_books, units, units_operations

app_name = "registers"

urlpatterns = [
    path("tu-dien/", views.dictionary, name="dictionary"),
    path("tu-dien/tham-so/", views.parameters, name="parameters"),
    path("tu-dien/danh-muc/<slug:name>/", views.code_list_page, name="code_list"),
    path("tu-dien/so/<slug:version_id>/", views.version_page, name="version"),
    path("cau-hinh/", views.configuration_list, name="configuration"),
    path("cau-hinh/xuat-tep/", views.configuration_export, name="configuration_export"),
    path("cau-hinh/nhap-tep/", views.configuration_import, name="configuration_import"),
    path("cau-hinh/de-nghi/", views.configuration_proposals, name="configuration_proposals"),
    path("cau-hinh/de-nghi/<uuid:proposal_id>/", views.configuration_proposal, name="configuration_proposal"),
    path("cau-hinh/de-nghi/<uuid:proposal_id>/gui/", views.configuration_submit, name="configuration_submit"),
    path("cau-hinh/de-nghi/<uuid:proposal_id>/rut/", views.configuration_withdraw, name="configuration_withdraw"),
    re_path(
        r"^cau-hinh/de-nghi/(?P<proposal_id>[0-9a-f-]{36})/(?P<decision>duyet|khong-duyet)/$",
        views.configuration_decide,
        name="configuration_decide",
    ),
    path("cau-hinh/huy/<uuid:change_id>/", views.configuration_take_back, name="configuration_take_back"),
    path("cau-hinh/<slug:slug>/", views.configuration_list, name="configuration_kind"),
    path("cau-hinh/<slug:slug>/<slug:key>/", views.configuration_key, name="configuration_key"),
    path("cau-hinh/<slug:slug>/<slug:key>/thay-doi/", views.configuration_propose, name="configuration_propose"),
    path("don-vi/", units.units_page, name="units"),
    path("don-vi/cay/", units.unit_tree, name="unit_tree"),
    path("don-vi/<int:unit_id>/", units.unit_page, name="unit"),
    path("don-vi/thay-doi/", units_operations.unit_operations, name="unit_operations"),
    path("don-vi/thay-doi/moi/", units_operations.unit_operation_new, name="unit_operation_new"),
    path("don-vi/thay-doi/<uuid:operation_id>/", units_operations.unit_operation, name="unit_operation"),
    path("don-vi/thay-doi/<uuid:operation_id>/sua/", units_operations.unit_operation_edit, name="unit_operation_edit"),
    path(
        "don-vi/thay-doi/<uuid:operation_id>/ke-hoach/",
        units_operations.unit_operation_plan,
        name="unit_operation_plan",
    ),
    path(
        "don-vi/thay-doi/<uuid:operation_id>/buoc/<slug:step>/",
        units_operations.unit_operation_step,
        name="unit_operation_step",
    ),
    path("co-quan/", offices.offices_page, name="offices"),
    path("co-quan/ra-soat/", offices.office_reviews, name="office_reviews"),
    path("co-quan/<int:office_id>/", offices.office_page, name="office"),
    path("co-quan/<int:office_id>/giu-so/", offices.office_custody, name="office_custody"),
    path("co-quan/so/", offices_books.closed_books, name="closed_books"),
    path("co-quan/ban-giao/", offices_books.handovers, name="handovers"),
    path("co-quan/ban-giao/<uuid:handover_id>/", offices_books.handover, name="handover"),
    path("co-quan/ban-giao/<uuid:handover_id>/<slug:step>/", offices_books.handover_step, name="handover_step"),
]
