"""What ties the sign-in libraries (django-allauth, django-axes) to our officers, texts and audit trail.

The receivers at the end listen to signals of these libraries: there is no other way to learn of a sign-in. They only
pass on to services; no domain work hangs on a signal.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_ip_address, get_client_username, get_failure_limit
from axes.models import AccessAttempt
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from hotich.accounts import services
from hotich.accounts.models import Device, Officer
from hotich.accounts.queries import (
    actor_for,
    device_by_secret,
    has_second_factor,
    needs_checked_device,
    why_not_good,
)
from hotich.accounts.rules.sessions import ADDRESS, BROWSER, DEVICE, LAST_SEEN, SIGNED_IN, browser_in_words
from hotich.kernel import clock

DEVICE_COOKIE = "hotich_device"
WRONG_CODE = _("Mã không đúng. Hãy xem mã đang hiện trên ứng dụng và nhập lại.")


class OfficerAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator: no sign-up, no e-mail, no password reset by e-mail."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Tên đăng nhập hoặc mật khẩu không đúng."),
        "too_many_login_attempts": _("Đã nhập sai quá nhiều lần. Hãy thử lại sau."),
        "rate_limited": _("Thao tác quá nhanh. Hãy thử lại sau ít phút."),
        "enter_current_password": _("Mật khẩu hiện tại không đúng."),
        "incorrect_password": _("Mật khẩu không đúng."),
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is ever sent by e-mail: what happens to an account stands in the audit trail."""

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """After the right password, before the second factor: a locked account, a one-time password nobody used in
        time, a machine that was not checked."""
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is not None:
            return refused
        now = clock.now()
        if user.must_change_password and user.password_expires_at and user.password_expires_at <= now:
            services.record_password_expired(officer=user, at=now)
            return refusal_page(request, "password_expired")
        device = device_of(request)
        why = why_not_good(device, at=now)
        if why and needs_checked_device(user, at=now):
            services.record_device_refused(officer=user, at=now, why=why, device_id=device.id if device else None)
            return refusal_page(request, f"device_{why}")
        return None

    def set_password(self, user: Any, password: str) -> None:
        """The officer's own change, audited."""
        changed = services.change_own_password(actor=actor_for(user), at=clock.now(), password=password)
        user.password, user.must_change_password = changed.password, changed.must_change_password

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To work (or to the next step of a first sign-in, see middleware.first_steps)."""
        return str(settings.LOGIN_REDIRECT_URL)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for setting up the first second factor: there is nothing yet to protect, and no other way forward."""
        user = context.request.user
        return bool(user.is_authenticated and has_second_factor(user.pk))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seeds are encrypted at rest; the second factor cannot be switched off by its owner."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "code_used_already": _("Mã này đã được dùng. Hãy đợi mã tiếp theo rồi nhập lại."),
        "cannot_delete_authenticator": _("Xác thực hai lớp là bắt buộc, không tắt được."),
    }

    def encrypt(self, text: str) -> str:
        """Under a key drawn from the secret key of the installation."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Also what was encrypted under a former secret key (SECRET_KEY_FALLBACKS)."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """A security key by its owner, since the application stays; the application only by an administrator."""
        return bool(authenticator.type == authenticator.Type.WEBAUTHN)

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """What a security key shows: login name and full name; no e-mail leaves."""
        return {
            "id": user_pk_to_url_str(user).encode(),
            "name": user.username,
            "display_name": user.full_name,
        }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who asks: the host of the installation, under the product's name."""
        return {"id": context.request.get_host().partition(":")[0], "name": settings.MFA_TOTP_ISSUER}

    def get_totp_label(self, user: Any) -> str:
        """The login name."""
        return str(user.username)


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(hashlib.blake2b(key.encode(), digest_size=32, person=b"hotich-totp").digest())
            )
            for key in keys
        ]
    )


class LockOut(AxesDatabaseHandler):
    """Shut after a few failures of one login from one address, and after more of one login from anywhere."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures of this login from this address; the limit itself once the login has too many from anywhere."""
        here: int = super().get_failures(request, credentials)
        login = get_client_username(request, credentials)
        recent = AccessAttempt.objects.filter(username=login, attempt_time__gte=get_cool_off_threshold(request))
        anywhere = recent.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
        if anywhere >= settings.HOTICH_LOCK_OUT_BY_LOGIN:
            return max(here, get_failure_limit(request, credentials))
        return here


def login_name_of(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """The login name failures are counted under: lower case, so that "A" and "a" are one.

    What is no login name of ours is counted under a keyed hash: people type passwords and identity numbers there.
    """
    typed = (credentials or {}).get("username") or (request.POST.get("login") if request else None)
    if not typed:
        return None
    login = typed.strip().lower()[:255]
    seen: dict[str, str] = request.__dict__.setdefault("_login_names", {}) if request is not None else {}
    if login not in seen:
        known = Officer.objects.filter(username=login).exists()
        seen[login] = login if known else f"?{salted_hmac('hotich.accounts.unknown', login).hexdigest()}"
    return seen[login]


def device_of(request: HttpRequest) -> Device | None:
    """The checked machine this browser proves to be; None without a cookie, or with one that is not ours."""
    secret = request.get_signed_cookie(DEVICE_COOKIE, default=None, salt=DEVICE_COOKIE)
    return device_by_secret(secret) if secret else None


def give_device_cookie(request: HttpRequest, response: HttpResponse, secret: str) -> None:
    """Let this browser be the machine: signed, out of reach of scripts, never sent by another site."""
    response.set_signed_cookie(
        DEVICE_COOKIE, secret, salt=DEVICE_COOKIE, max_age=timedelta(days=400), httponly=True, samesite="Lax",
        secure=request.is_secure() or not settings.DEMO,
    )  # fmt: skip


def refusal_page(request: HttpRequest, code: str) -> HttpResponse:
    """Why nobody signs in here although the password was right; nothing of the attempt is left in the session."""
    request.session.flush()
    return render(request, "accounts/refused.html", {"code": code}, status=403)


def on_signed_in(sender: Any, request: HttpRequest | None, user: Officer, **kwargs: Any) -> None:
    """Every factor given: the session's clock starts, the sign-in is noted."""
    now = clock.now()
    if request is not None:
        request.session[SIGNED_IN] = request.session[LAST_SEEN] = now.timestamp()
        request.session[BROWSER] = browser_in_words(request.headers.get("User-Agent", ""))
        request.session[ADDRESS] = get_client_ip_address(request)
        device = device_of(request)
        if device is not None and not why_not_good(device, at=now):
            request.session[DEVICE] = device.id
            services.note_device_used(device_id=device.id, at=now)
    services.record_sign_in(officer=user, at=now)


def on_signed_out(sender: Any, request: HttpRequest, user: Officer | None, **kwargs: Any) -> None:
    """The reason stands on the request when the session was ended by a limit."""
    if user is not None:
        reason = getattr(request, "session_end", "asked")
        services.record_sign_out(officer=user, at=clock.now(), reason=str(reason))


def on_sign_in_failed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """A wrong password or code. While the login is shut nothing is judged, so nothing is noted either."""
    if not getattr(request, "axes_locked_out", False):
        factor = str(credentials.get("factor", "password"))
        if factor == "device_code":  # typed by whoever sits at the machine, nobody signs in with it
            services.record_code_refused(at=clock.now())
            return
        services.record_failed_sign_in(login=str(credentials.get("username", "")), at=clock.now(), factor=factor)


def on_locked_out(sender: Any, request: HttpRequest, username: str | None, **kwargs: Any) -> None:
    """Noted when the limit is reached, not at each further attempt."""
    if getattr(request, "axes_failures_since_start", None) is not None:
        services.record_lock_out(login=username or "", at=clock.now())


def on_wrong_code(sender: Any, request: HttpRequest, user: Officer, **kwargs: Any) -> None:
    """A wrong one-time code counts like a wrong password."""
    user_login_failed.send(sender=__name__, credentials={"username": user.username, "factor": "code"}, request=request)


def on_factor_used(sender: Any, user: Officer, authenticator: Any, **kwargs: Any) -> None:
    """A recovery code is used once and rarely: worth a line of its own."""
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        services.record_second_factor(officer=user, at=clock.now(), act="recovery_code_used")
