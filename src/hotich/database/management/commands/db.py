import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.database import launcher, roles


class Command(BaseCommand):
    help = "The database: up, down, status, psql, check-roles, roles-script"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["up", "down", "status", "psql", "check-roles", "roles-script"])
        parser.add_argument("rest", nargs="*", help="arguments for psql")

    def handle(self, *args: Any, action: str, rest: list[str], **options: Any) -> None:
        try:
            getattr(self, action.replace("-", "_"))(rest)
        except launcher.LauncherError as error:
            raise CommandError(str(error)) from error

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
