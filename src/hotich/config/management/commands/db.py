import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.timezone import get_default_timezone

from hotich.config.operation import backup, manifest, places, restore, sealed_log, secrets_box
from hotich.database import base_backup, launcher, roles, wal_archive
from hotich.kernel import clock

ACTIONS = [
    "up",
    "down",
    "status",
    "psql",
    "check-roles",
    "roles-script",
    "backup",
    "backups",
    "archive-log",
    "restore",
    "dump",
    "load",
]
ERRORS = (
    launcher.LauncherError, wal_archive.ArchiveError, manifest.ManifestError, secrets_box.RecoveryKeyError,
    places.SettingError, OSError,
)  # fmt: skip


class Command(BaseCommand):
    help = (
        "The database and its backups: up, down, status, psql, check-roles, roles-script, "
        "backup [FOLDER], backups [FOLDER], archive-log, restore SOURCE, dump FILE, load FILE"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument("rest", nargs="*", help="a folder or file; for psql its arguments")
        parser.add_argument("--files-only", action="store_true", help="backup: files and anchors, not the database")
        parser.add_argument("--until", help='restore: the last moment to come back, e.g. "2026-11-25 14:05"')
        parser.add_argument("--latest", action="store_true", help="restore: everything the log archive holds")
        parser.add_argument("--replace", action="store_true", help="restore: move the state that is there aside")
        parser.add_argument("--recovery-key", type=Path, help="restore: a file with the recovery key")
        parser.add_argument("--secrets", type=Path, help="restore: a copy of the folder of secrets")
        parser.add_argument("--log", type=Path, help="restore: the archive of the write-ahead log")
        parser.add_argument("--files", type=Path, help="restore: one more folder with sealed files")
        parser.add_argument("--accept-loss", default="", metavar="REASON", help="restore: why later acts are given up")
        parser.add_argument("--all", action="store_true", help="restore: open every file, not a sample")

    def handle(self, *args: Any, action: str, rest: list[str], **options: Any) -> None:
        self.options = options
        try:
            getattr(self, action.replace("-", "_"))(rest)
        except ERRORS as error:
            raise CommandError(str(error)) from error

    def say(self, text: str) -> None:
        """A line of progress, seen at once."""
        self.stdout.write(text)
        self.stdout.flush()

    def backup(self, rest: list[str]) -> None:
        """Database and files together; exit 1 also when contents of files were missing."""
        files_only = self.options["files_only"]
        if not files_only:
            base_backup.refuse_server(
                "back its database up", "pgBackRest or pg_basebackup; the files: hotich db backup --files-only"
            )
        if not launcher.uses_server():
            launcher.up()
            connection.settings_dict.update(launcher.connection_parameters())
        taken = backup.take_backup(
            folder=Path(rest[0]).resolve() if rest else places.backup_folder(), at=clock.now(), now=clock.now,
            files_only=files_only, say=self.say, shown=sys.stderr.isatty(),
        )  # fmt: skip
        told = taken.manifest
        self.say(f"backup: {taken.folder}")
        self.say(f"{told.files} files ({taken.copied} bytes new), {len(told.rows)} tables, verified")
        if taken.removed:
            self.say(f"removed by HOTICH_BACKUP_KEEP: {', '.join(taken.removed)}")
        if not told.holds_secrets:
            self.say(
                "NOTE: it holds no secrets, since there is no recovery key (hotich secrets recovery-key). Keep a copy of "
                f"{secrets_box.secrets_folder()} elsewhere: the backup is sealed with it, and without it NOTHING of it, "
                "neither the database nor a scan, can be read again by anybody"
            )
        if told.missing:
            raise CommandError(
                f"{len(told.missing)} file(s) have a row and no content in the storage; see the manifest"
            )

    def backups(self, rest: list[str]) -> None:
        """The finished backups of a folder."""
        for folder in backup.backups_in(Path(rest[0]).resolve() if rest else places.backup_folder()):
            told = manifest.read(folder)
            self.stdout.write(f"{told.name}  {told.kind}  hotich {told.program}  {told.files} files  {folder}")

    def archive_log(self, rest: list[str]) -> None:
        """Seal into the archive what the server has handed over; `hotich serve` does so by itself."""
        self.stdout.write(f"{sealed_log.move()} segment(s) of the log sealed into {wal_archive.folder()}")

    def restore(self, rest: list[str]) -> None:
        """Into an empty state folder, or with --replace; exit 1 when something the manifest promised is not there."""
        if len(rest) != 1:
            raise CommandError("hotich db restore SOURCE: a backup, or a folder of backups")
        options = self.options
        if options["until"] and options["latest"]:
            raise CommandError("--until or --latest, not both")
        key = options["recovery_key"]
        wanted = restore.Request(
            source=Path(rest[0]), until=_moment(options["until"]), latest=options["latest"], replace=options["replace"],
            recovery_key=key.read_text() if key else "", secrets=options["secrets"], log=options["log"],
            files=options["files"], every_file=options["all"],
            accept_loss=options["accept_loss"],
        )  # fmt: skip
        done = restore.restore(wanted, at=clock.now(), say=self.say)
        for line in done.told:
            self.say(line)
        if done.aside:
            self.say(f"what was there before lies in {done.aside}")
        for fault in done.faults:
            self.stderr.write(fault)
        if done.faults:
            raise CommandError(f"restored, with {len(done.faults)} fault(s)")
        self.say("restored; run `hotich setup`, then take a new backup")

    def dump(self, rest: list[str]) -> None:
        """A logical dump for another major version of PostgreSQL."""
        if len(rest) != 1:
            raise CommandError("hotich db dump FILE")
        launcher.up()
        base_backup.dump(Path(rest[0]).resolve())
        self.say(f"dumped into {rest[0]}; the files, secrets and anchors stay where they are")

    def load(self, rest: list[str]) -> None:
        """Load a logical dump into an empty database."""
        if len(rest) != 1:
            raise CommandError("hotich db load FILE")
        launcher.up()
        base_backup.load(Path(rest[0]).resolve())
        self.say("loaded")

    def up(self, rest: list[str]) -> None:
        self.stdout.write(f"PostgreSQL is up on 127.0.0.1:{launcher.up()}")

    def down(self, rest: list[str]) -> None:
        self.stdout.write("PostgreSQL is stopped" if launcher.down() else "PostgreSQL was not running")

    def status(self, rest: list[str]) -> None:
        if launcher.uses_server():
            self.stdout.write("DATABASE_URL names a server; nothing is launched here")
            return
        port = launcher.running_port()
        self.stdout.write(f"PostgreSQL is up on 127.0.0.1:{port}" if port else "PostgreSQL is down")
        self.stdout.write(f"data folder: {launcher.data_folder()}")
        if not port:
            sys.exit(3)

    def psql(self, rest: list[str]) -> None:
        """Open psql as the serving role: row-level security holds there too."""
        parameters = roles.app_parameters()
        names = {"HOST": "PGHOST", "PORT": "PGPORT", "NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
        environment = {**os.environ, **{names[key]: str(value) for key, value in parameters.items() if key in names}}
        program = str(launcher.programs() / "psql")
        sys.stdout.flush()
        os.execve(program, ["psql", *rest], environment)

    def check_roles(self, rest: list[str]) -> None:
        faults = roles.role_faults()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} fault(s) in roles and row-level security")
        self.stdout.write("roles and row-level security are as they must be")

    def roles_script(self, rest: list[str]) -> None:
        self.stdout.write(launcher.ROLES_SQL.read_text())


def _moment(text: str | None) -> datetime | None:
    """A moment in Vietnam's time unless it names a zone."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError('--until must look like "2026-11-25 14:05"') from error
    return moment if moment.tzinfo else moment.replace(tzinfo=get_default_timezone())
