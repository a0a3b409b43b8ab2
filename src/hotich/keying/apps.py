from __future__ import annotations

from django.apps import AppConfig


class KeyingConfig(AppConfig):
    name = "hotich.keying"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # accounts counts what is still open before it locks an account, without knowing this app
        from hotich.accounts.queries import declare_open_work
        from hotich.keying.queries.open_work import open_packages

        declare_open_work("keying", open_packages)
