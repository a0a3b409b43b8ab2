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
        _tell_intake()


def _tell_intake() -> None:
    """An import asks who keys a book, a batch of a package is not withdrawn as a file is, and a case corrected while it is
    checked is compared anew, without intake knowing this app."""
    from hotich.intake.queries.claims import declare_batch_holder, declare_book_claims
    from hotich.intake.services.watchers import declare_case_watcher
    from hotich.keying.queries.claims import batch_of_package, claims_of_keying
    from hotich.keying.services.differences import compared_anew

    declare_book_claims("keying", claims_of_keying)
    declare_batch_holder("keying", batch_of_package)
    declare_case_watcher("keying", compared_anew)
