from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register


class ReconciliationConfig(AppConfig):
    name = "hotich.reconciliation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(memory_of_matching)


def memory_of_matching(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An error when HOTICH_MATCH_MEMORY is no size: told at the start, not by the first comparison at night."""
    from django.conf import settings

    from hotich.matching.memory import shares

    try:
        shares(settings.HOTICH_MATCH_MEMORY)
    except ValueError:
        message = f"HOTICH_MATCH_MEMORY {settings.HOTICH_MATCH_MEMORY!r} is no size of memory"
        return [Error(message, hint="4GB, 800MB …: docs/how-to/match-files.md", id="reconciliation.E001")]
    return []
