"""Addresses of signing in, of accounts and of machines. Of django-allauth only what officers need: no sign-up, no e-mail,
no reset by e-mail."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as keys
from django.urls import path, re_path

from hotich.accounts import views

urlpatterns = [
    path("tai-khoan/", views.profile, name="account_profile"),
    path("tai-khoan/vi-tri/", views.choose_post, name="account_choose_post"),
    path("tai-khoan/dang-nhap/", account.login, name="account_login"),
    path("tai-khoan/dang-xuat/", account.logout, name="account_logout"),
    path("tai-khoan/bi-khoa/", account.account_inactive, name="account_inactive"),
    path("tai-khoan/mat-khau/", account.password_change, name="account_change_password"),
    path("tai-khoan/xac-nhan/mat-khau/", account.reauthenticate, name="account_reauthenticate"),
    path("tai-khoan/xac-nhan/ma/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("tai-khoan/ma-xac-thuc/", second_factor.authenticate, name="mfa_authenticate"),
    path("tai-khoan/hai-lop/", views.to_profile, name="mfa_index"),
    path("tai-khoan/hai-lop/thiet-lap/", views.SetUpSecondFactor.as_view(), name="mfa_activate_totp"),
    path("tai-khoan/hai-lop/tat/", views.to_profile, name="mfa_deactivate_totp"),
    path("tai-khoan/ma-du-phong/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("tai-khoan/ma-du-phong/tep/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("tai-khoan/ma-du-phong/tao-moi/", views.RenewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("tai-khoan/thay-mat/", views.act_on_behalf, name="account_act_on_behalf"),
    path("tai-khoan/phien/ket-thuc/", views.end_sessions, name="account_end_sessions"),
    path("tai-khoan/khoa-bao-mat/", views.to_profile, name="mfa_list_webauthn"),
    path("tai-khoan/khoa-bao-mat/them/", views.AddKey.as_view(), name="mfa_add_webauthn"),
    path("tai-khoan/khoa-bao-mat/<int:pk>/doi-ten/", views.RenameKey.as_view(), name="mfa_edit_webauthn"),
    path("tai-khoan/khoa-bao-mat/<int:pk>/xoa/", views.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("tai-khoan/xac-nhan/khoa-bao-mat/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("uy-quyen/", views.delegations, name="account_delegations"),
    path("uy-quyen/moi/", views.delegate, name="account_delegate"),
    path("uy-quyen/<int:delegation_id>/quyet-dinh/", views.decide, name="account_decide_delegation"),
    path("uy-quyen/<int:delegation_id>/cham-dut/", views.end, name="account_end_delegation"),
    path("can-bo/", views.officers, name="account_officers"),
    path("can-bo/moi/", views.new_officer, name="account_new_officer"),
    path("can-bo/khoa/", views.lock_many, name="account_lock_many"),
    path("can-bo/tu-tep/", views.openings, name="account_openings"),
    path("can-bo/tu-tep/mau.csv", views.template, name="account_opening_template"),
    path("can-bo/tu-tep/<uuid:opening_id>/", views.opening, name="account_opening"),
    path("can-bo/tu-tep/<uuid:opening_id>/tien-do/", views.opening_progress, name="account_opening_progress"),
    path("can-bo/tu-tep/<uuid:opening_id>/mo/", views.start, name="account_opening_start"),
    path("can-bo/tu-tep/<uuid:opening_id>/bo/", views.discard, name="account_opening_discard"),
    path("can-bo/tu-tep/<uuid:opening_id>/mat-khau/", views.passwords, name="account_opening_passwords"),
    path("can-bo/<int:officer_id>/", views.officer, name="account_officer"),
    path("can-bo/<int:officer_id>/mat-khau/", views.reset_password, name="account_reset_officer_password"),
    path("can-bo/<int:officer_id>/vi-tri/", views.give_post, name="account_give_post"),
    path("can-bo/<int:officer_id>/vi-tri/ket-thuc/", views.end_post, name="account_end_post"),
    re_path(r"^can-bo/(?P<officer_id>[0-9]+)/(?P<verb>khoa|mo-khoa|hai-lop|phien)/$", views.act, name="account_act"),
    path("thiet-bi/", views.devices, name="account_devices"),
    path("thiet-bi/moi/", views.new_device, name="account_new_device"),
    path("thiet-bi/quy-dinh/", views.device_rule, name="account_device_rule"),
    path("thiet-bi/dang-ky/", views.enrol, name="account_enrol_device"),
    path("thiet-bi/<int:device_id>/", views.device, name="account_device"),
    path("thiet-bi/<int:device_id>/ma/", views.device_code, name="account_device_code"),
    path("thiet-bi/<int:device_id>/thu-hoi/", views.revoke, name="account_revoke_device"),
]
