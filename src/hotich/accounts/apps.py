from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hotich.accounts"
    label = "accounts"

    def ready(self) -> None:
        # framework plumbing: signing in is done by libraries, which tell of it by signals only
        from allauth.mfa.signals import authentication_failed, authenticator_used
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

        from hotich.accounts import adapters

        user_logged_in.connect(adapters.on_signed_in, dispatch_uid="accounts.signed_in")
        user_logged_out.connect(adapters.on_signed_out, dispatch_uid="accounts.signed_out")
        user_login_failed.connect(adapters.on_sign_in_failed, dispatch_uid="accounts.sign_in_failed")
        user_locked_out.connect(adapters.on_locked_out, dispatch_uid="accounts.locked_out")
        authentication_failed.connect(adapters.on_wrong_code, dispatch_uid="accounts.wrong_code")
        authenticator_used.connect(adapters.on_factor_used, dispatch_uid="accounts.factor_used")
