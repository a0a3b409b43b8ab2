"""Forms of signing in: those of django-allauth in official Vietnamese, and the rule of passwords of our own.

`forms.managing` has those of the pages that look after accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as CodeForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hotich.accounts.adapters import OfficerAdapter, SecondFactorAdapter
from hotich.accounts.rules.passwords import holds_own_words
from hotich.accounts.services import spend_totp_code
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.web.forms import ERROR_TEXTS
from hotich.web.texts import text_of

ONE_TIME_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}


class NotOwnWords:
    """Password rule (settings.AUTH_PASSWORD_VALIDATORS): neither the login name nor parts of the own name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError `password_holds_own_words`."""
        login, name = getattr(user, "username", ""), getattr(user, "full_name", "")
        if holds_own_words(password, login=login, full_name=name):
            raise ValidationError(text_of("password_holds_own_words"), code="password_holds_own_words")

    def get_help_text(self) -> str:
        """One line for the form."""
        return text_of("password_holds_own_words")


def _named(form: forms.Form, **labels: Any) -> None:
    """Our labels, no placeholders (they vanish when most needed), our texts of errors."""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.widget.attrs.pop("placeholder", None)
        field.error_messages["required"] = ERROR_TEXTS["required"]


class SignInForm(LoginForm):  # type: ignore[misc]
    """Login name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self, login=_("Tên đăng nhập"), password=_("Mật khẩu"))
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self, password=_("Mật khẩu"))


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """Old password, new password twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(
            self, oldpassword=_("Mật khẩu hiện tại"), password1=_("Mật khẩu mới"), password2=_("Nhập lại mật khẩu mới")
        )
        self.fields["password1"].help_text = _(
            "Ít nhất 12 ký tự, không chỉ gồm chữ số, không phải mật khẩu phổ biến, không chứa tên đăng nhập hay họ tên."
        )

    def clean_password1(self) -> str:
        """A new password is new: handing back the one-time password would leave it known to two people."""
        password: str = self.cleaned_data["password1"]
        if self.user.check_password(password):
            raise ValidationError(_("Mật khẩu mới phải khác mật khẩu hiện tại."), code="password_unchanged")
        return password


class _Code(forms.Form):
    """A code of the authenticator application or a recovery code: counted, and accepted once."""

    user: Any
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self, code=_("Mã xác thực"))
        self.fields["code"].widget.attrs |= ONE_TIME_CODE

    def clean_code(self) -> str:
        """Refused while the login is shut, whether or not it is right."""
        request = context.request
        if not AxesProxyHandler.is_allowed(request, {"username": self.user.username}):
            request.axes_locked_out = True
            raise OfficerAdapter(request).validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            try:
                spend_totp_code(authenticator_id=self.authenticator.pk, code=code, at=clock.now())
            except RuleBroken as refusal:
                raise SecondFactorAdapter().validation_error(refusal.code) from refusal
        return code


class SecondFactorForm(_Code, CodeForm):  # type: ignore[misc]
    """The second factor at sign-in."""


class SecondFactorAgainForm(_Code, CodeAgainForm):  # type: ignore[misc]
    """The second factor once more, before something delicate."""


class _Key(forms.Form):
    """What a security key answered: counted like a password when it is wrong, refused while the login is shut."""

    user: Any

    def clean_credential(self) -> Any:
        """The key that answered, of this officer."""
        request = context.request
        if not AxesProxyHandler.is_allowed(request, {"username": self.user.username}):
            request.axes_locked_out = True
            raise OfficerAdapter(request).validation_error("too_many_login_attempts")
        try:
            if not isinstance(self.cleaned_data["credential"], dict):
                raise SecondFactorAdapter().validation_error("incorrect_code")
            return super().clean_credential()  # type: ignore[misc]
        except (ValidationError, KeyError, AttributeError, TypeError, ValueError) as error:
            # whatever the browser sent that is no answer of a key of this officer
            credentials = {"username": self.user.username, "factor": "key"}
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise ValidationError(text_of("key_refused"), code="incorrect_code") from error


class KeyForm(_Key, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A security key as the second factor at sign-in."""


class KeyAgainForm(_Key, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A security key once more, before something delicate."""


class NewKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new security key with a name of the officer's choice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self, name=_("Tên khóa bảo mật"))
        self.fields["name"].initial = self.initial["name"] = ""
        self.fields["name"].max_length = 60
        self.fields["name"].help_text = _("Để phân biệt các khóa, ví dụ “Khóa USB ở cơ quan”.")
        self.fields["name"].widget.attrs |= {"maxlength": "60", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        """Whatever is no answer of a new key is told as such."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except (ValidationError, KeyError, AttributeError, TypeError, ValueError) as error:
            raise ValidationError(text_of("key_refused"), code="incorrect_code") from error
        cleaned["name"] = str(cleaned.get("name", ""))[:60]
        return cleaned


class KeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self, name=_("Tên khóa bảo mật"))
        self.fields["name"].widget.attrs |= {"maxlength": "60", "autocomplete": "off"}

    def clean_name(self) -> str:
        """Short enough for a list."""
        return " ".join(str(self.cleaned_data["name"]).split())[:60]


class SetUpSecondFactorForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self, code=_("Mã 6 chữ số trên ứng dụng"))
        self.fields["code"].widget.attrs |= ONE_TIME_CODE


class PostForm(forms.Form):
    """Which of the own posts to work at."""

    post = forms.TypedChoiceField(coerce=int, label=_("Làm việc với tư cách"))

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = choices  # type: ignore[attr-defined]
