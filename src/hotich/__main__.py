"""The `hotich` command: every management command under one name; hyphens in names are accepted."""

import os
import sys

WITHOUT_DATABASE = {"db", "help", "compile_messages", "collectstatic", "makemessages", "version", "--help", "--version"}

AFTER_THE_OLD_ONE = ("serve", "setup")
"""Typed right after Ctrl+C: they wait for the server that is ending."""


def main() -> None:
    """Run `hotich COMMAND …`; the embedded database is started first where the command needs it."""
    if sys.argv[1:3] == ["scans", "encode"]:  # files in, files out: works without an installation
        from hotich.scans import command_line

        sys.exit(command_line.main(sys.argv[3:]))
    if sys.argv[1:2] == ["match"]:
        from hotich.matching import command_line as matching

        sys.exit(matching.main(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotich.config.settings.dev")
    arguments = list(sys.argv)
    if len(arguments) > 1 and not arguments[1].startswith("-"):
        arguments[1] = arguments[1].replace("-", "_")
    command = arguments[1] if len(arguments) > 1 else "help"
    if command not in WITHOUT_DATABASE or arguments[1:3] in (["db", "check-roles"], ["db", "psql"]):
        _database_up(command)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        sys.exit(f"hotich: {error}")
    except OperationalError:
        from hotich.database import launcher

        if launcher.uses_server() or not launcher.is_going():
            raise
        sys.exit(f"hotich: {launcher.STOPPED_MEANWHILE}")


def _database_up(command: str) -> None:
    from hotich.config.operation import serving
    from hotich.database import launcher

    if command in AFTER_THE_OLD_ONE and not serving.wait_for_the_old_one():
        sys.exit(f"hotich: {serving.STILL_STOPPING}")
    if not launcher.uses_server():
        try:
            launcher.up()
        except launcher.LauncherError as error:
            sys.exit(f"hotich: {error}")


if __name__ == "__main__":
    main()
