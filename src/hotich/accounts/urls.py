"""Addresses of signing in. Of django-allauth only what officers need: no sign-up, no e-mail, no reset by e-mail."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import path

from hotich.accounts import views

urlpatterns = [
    path("accounts/", views.profile, name="account_profile"),
    path("accounts/post/", views.choose_post, name="account_choose_post"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/again/password/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/again/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("accounts/second-factor/", views.to_profile, name="mfa_index"),
    path("accounts/second-factor/set-up/", views.SetUpSecondFactor.as_view(), name="mfa_activate_totp"),
    path("accounts/second-factor/off/", views.to_profile, name="mfa_deactivate_totp"),
    path("accounts/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/recovery-codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("accounts/recovery-codes/renew/", views.RenewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
