import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from hotich.config.operation import backup, places, versions
from hotich.database import launcher
from hotich.database.wal_archive import ArchiveError
from hotich.kernel import clock


class Command(BaseCommand):
    help = "Bring this installation up to date: message catalogues, tables, reference data, static files"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo data too, unless it is there")
        parser.add_argument("--no-backup", action="store_true", help="do not make a backup before tables are changed")

    def handle(self, *args: Any, demo: bool, no_backup: bool, **options: Any) -> None:
        call_command("compile_messages", stdout=self.stdout)
        applied = versions.applied_migrations()
        if refused := versions.refusal(applied):
            raise CommandError(refused)
        if pending := versions.pending_migrations(applied):
            if applied and not no_backup and self._backs_up():
                self._backup(len(pending))
            call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if demo:
            call_command("load_demo", stdout=self.stdout)
        self.stdout.write("set up")

    def _backs_up(self) -> bool:
        """Not a demo, which can be made anew; not a server, which has tools of its own; not where it is switched off."""
        return not (
            settings.DEMO or launcher.uses_server() or os.environ.get("HOTICH_BACKUP_BEFORE_UPGRADE", "1") == "0"
        )

    def _backup(self, pending: int) -> None:
        self.stdout.write(f"{pending} migration(s) wait; first a backup …")
        connection.close()
        try:
            taken = backup.take_backup(
                folder=places.backup_folder(), at=clock.now(), now=clock.now, files_only=False, say=self.stdout.write
            )
        except (launcher.LauncherError, ArchiveError, OSError) as error:
            raise CommandError(
                f"no backup, so nothing was changed: {error}. With --no-backup it goes on without one"
            ) from error
        self.stdout.write(f"backup: {taken.folder}")
