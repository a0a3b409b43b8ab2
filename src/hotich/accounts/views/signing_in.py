"""Pages of signing in that are ours: the second factor and security keys with their audit, the shut door."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_GET

from hotich.accounts import services
from hotich.kernel import clock


class SetUpSecondFactor(ActivateTOTPView):  # type: ignore[misc]
    """The library's page; the act is audited, and its code is spent, in the same transaction."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user, now = self.request.user, clock.now()
        authenticator = Authenticator.objects.get(user_id=user.pk, type=Authenticator.Type.TOTP)
        services.spend_totp_code(authenticator_id=authenticator.pk, code=form.cleaned_data["code"], at=now)
        services.record_second_factor(officer=user, at=now, act="set_up")
        # the code just given is proof enough to see the recovery codes that were made with it
        proof = {"id": authenticator.pk, "type": authenticator.type, "reauthenticated": True}
        record_authentication(self.request, user, "mfa", **proof)
        return response


class AddKey(AddWebAuthnView):  # type: ignore[misc]
    """A security key beside the application: the library's page; the act is audited."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        services.record_second_factor(officer=self.request.user, at=clock.now(), act="key_added")
        return response


class RemoveKey(RemoveWebAuthnView):  # type: ignore[misc]
    """The library's page; the act is audited."""

    success_url = reverse_lazy("account_profile")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        services.record_second_factor(officer=self.request.user, at=clock.now(), act="key_removed")
        return response


class RenameKey(EditWebAuthnView):  # type: ignore[misc]
    """The library's page; the act is audited."""

    success_url = reverse_lazy("account_profile")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        services.record_second_factor(officer=self.request.user, at=clock.now(), act="key_renamed")
        return response


class RenewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """The library's page; the act is audited."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        services.record_second_factor(officer=self.request.user, at=clock.now(), act="recovery_codes_renewed")
        return response


@require_GET
def to_profile(request: HttpRequest) -> HttpResponse:
    """Pages of the library we do not have (list of factors, switching one off) end at the own account."""
    return redirect("account_profile")


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Too many wrong passwords or codes (called by django-axes)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "accounts/locked.html", {"minutes": minutes}, status=429)
