"""Addresses of signing in. Of django-allauth only what officers need: no sign-up, no e-mail, no reset by e-mail."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import path

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
]
