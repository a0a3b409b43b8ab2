from pathlib import Path
from typing import Any

import polib
from django.core.management.base import BaseCommand

SOURCE = Path(__file__).resolve().parents[3]


class Command(BaseCommand):
    help = "Compile the message catalogues (no gettext tools needed)"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        catalogues = sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"))
        for catalogue in catalogues:
            compiled = catalogue.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
                polib.pofile(str(catalogue)).save_as_mofile(str(compiled))
        self.stdout.write(f"{len(catalogues)} message catalogues are compiled")
