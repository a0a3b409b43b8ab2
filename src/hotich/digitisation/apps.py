from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register


class DigitisationConfig(AppConfig):
    name = "hotich.digitisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # a delivery of a book asks for PDFs that belong to no entry, without knowing this app
        from hotich.digitisation.queries.strays import unlinked_pdfs
        from hotich.intake.queries.delivery import declare_stray_scans

        register(reader_runs)
        declare_stray_scans("digitisation", unlinked_pdfs)


def reader_runs(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A warning when the engine this installation names to read scans cannot run; nothing is looked at without one."""
    from hotich.digitisation.queries.settings import reader_settings

    settings = reader_settings()
    if not settings.reader:
        return []
    from hotich.scans.reading import reader_problem  # loads the imaging libraries: only where an engine is named
    from hotich.web.texts import text_of_problem

    problem = reader_problem(settings)
    if problem is None:
        return []
    hint = "HOTICH_SCAN_READER, HOTICH_SCAN_READER_CONFIG: docs/how-to/read-scans-by-machine.md"
    return [Warning(text_of_problem(problem), hint=hint, id="digitisation.W001")]
