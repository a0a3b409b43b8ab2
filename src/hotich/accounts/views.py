"""Pages of signing in that are ours: the second factor's audit, the own account, choosing a post, the shut door."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts import services
from hotich.accounts.forms import PostForm
from hotich.accounts.middleware import POST_IN_USE
from hotich.accounts.queries import current_post, posts_of
from hotich.accounts.rules.roles import RIGHTS, ROLES
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


class RenewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """The library's page; the act is audited."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        services.record_second_factor(officer=self.request.user, at=clock.now(), act="recovery_codes_renewed")
        return response


@login_required
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """The own account: who one is, the posts held and their rights, password and second factor."""
    held = [post for post in posts_of(request.user) if post.role in ROLES]  # type: ignore[arg-type]
    in_use = current_post(request.user, request.session.get(POST_IN_USE))  # type: ignore[arg-type]
    office = in_use.office_id if in_use else None
    posts = [
        {
            "id": post.id,
            "role": gettext(ROLES[post.role].name),
            "office": post.office.name,
            "in_use": post.office_id == office,
            "rights": [gettext(RIGHTS[right]) for right in RIGHTS if right in ROLES[post.role].rights],
        }
        for post in held
    ]
    return render(request, "accounts/profile.html", {"posts": posts})


@login_required
@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Work at another of the own posts from now on."""
    posts = posts_of(request.user)  # type: ignore[arg-type]
    form = PostForm(request.POST, choices=[(post.id, str(post.id)) for post in posts])
    if form.is_valid():
        request.session[POST_IN_USE] = form.cleaned_data["post"]
    else:
        messages.error(request, gettext("Không tìm thấy vị trí công tác đã chọn."))
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "/")


@require_GET
def to_profile(request: HttpRequest) -> HttpResponse:
    """Pages of the library we do not have (list of factors, switching one off) end at the own account."""
    return redirect("account_profile")


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Too many wrong passwords or codes (called by django-axes)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "accounts/locked.html", {"minutes": minutes}, status=429)
