from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "hotich.intake"
    label = "intake"

    def ready(self) -> None:
        # accounts counts what is still open before it locks an account, without knowing this app
        from hotich.accounts.queries import declare_open_work
        from hotich.intake.queries.open_work import open_cases

        declare_open_work("case", open_cases)
        _look_at_scan_names()


def _look_at_scan_names() -> None:
    """A pattern that does not tell the case is found out before anything starts, not at the first delivery."""
    from django.conf import settings

    from hotich.kernel.problems import RuleBroken

    if settings.HOTICH_SCAN_NAMES == "P2":
        return
    from hotich.intake.rules.file_naming import pattern_of

    try:
        pattern_of(settings.HOTICH_SCAN_NAMES)
    except RuleBroken as refusal:
        from django.core.exceptions import ImproperlyConfigured

        told = ", ".join(f"{name} {value}" for name, value in refusal.params.items())
        raise ImproperlyConfigured(f"HOTICH_SCAN_NAMES is no pattern: {refusal.code} ({told})") from refusal
