"""Settings of the embedded server, written anew before each start: paths move when an installation does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hotich.database import wal_archive

NAME = "hotich.conf"
INCLUDE = f"include_if_exists = '{NAME}'"
# the second line lets the launcher's superuser, and nobody else, take a base backup
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\nhost replication hotich_super 127.0.0.1/32 scram-sha-256\n"
FIXED = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "256MB",
    "max_connections": "120",
    "wal_level": "replica",
    # nothing of a statement or a failing row reaches the server's log: errors are the application's to tell
    "log_statement": "none",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def write(data: Path, more: Mapping[str, str] | None = None) -> list[Path]:
    """Write settings and access rules into a data folder; `more` for a recovery. The files that were written."""
    settings = {**FIXED, **wal_archive.settings(), **(more or {})}
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    own, access, main = data / NAME, data / "pg_hba.conf", data / "postgresql.conf"
    own.write_text("# written by hotich before each start; changes here are lost\n" + "\n".join(lines) + "\n")
    access.write_text(ACCESS)
    if INCLUDE not in main.read_text():
        with main.open("a") as stream:
            stream.write(f"\n{INCLUDE}\n")
    return [own, access, main]
