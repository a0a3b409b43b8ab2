"""Base backups of the embedded server, and putting one back, by the server's own programs. No Django.

What belongs beside a base backup (files, secrets, anchors) is the business of `config.operation`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from hotich.database import launcher, wal_archive
from hotich.database.launcher import LauncherError
from hotich.database.state import readable_by_server, run_as_server_user, secret, state_folder

RECOVERY_SECONDS = 24 * 3600


def refuse_server(what: str, instead: str) -> None:
    """Raises LauncherError when `DATABASE_URL` names a server: that has tools of its own."""
    if launcher.uses_server():
        raise LauncherError(f"DATABASE_URL names a server: {what} with its own tools ({instead})")


def environment() -> dict[str, str]:
    """What the server's programs are told by: the running server, as its superuser."""
    return {
        "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PGHOST": "127.0.0.1", "PGPORT": str(launcher.running_port()),
        "PGUSER": launcher.SUPERUSER, "PGPASSWORD": secret("superuser"), "PGDATABASE": launcher.DATABASE,
    }  # fmt: skip


def _run(program: str, arguments: list[str]) -> None:
    done = subprocess.run(
        [str(launcher.programs() / program), *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise LauncherError(f"{program} failed: {(done.stderr or '').strip()[-600:] or 'see above'}")


def verify(backup: Path) -> None:
    """Every file of a base backup against its manifest, and its log read through. Raises LauncherError."""
    _run("pg_verifybackup", ["--quiet", "--exit-on-error", str(backup)])


def put_back(
    lay_out: Callable[[Path], None],
    *,
    version: str,
    until: datetime | None = None,
    latest: bool = False,
    log: Path | None = None,
    goes_on: bool = False,
) -> None:
    """Make a base backup the data folder and start it, as of its own end, `until` a moment, or with all of the log.

    `lay_out` writes the base backup, of PostgreSQL `version`, into the folder it is given. `log`: plain segments the
    server can read, or can after a copy; `goes_on`: this installation's archive goes on from it. The place must be
    empty. Passwords become those of this installation. Afterwards the server is up, on a new timeline.
    Raises LauncherError: other major version, moment not in the log, no room.
    """
    refuse_server("restore it", "pgBackRest restore, or pg_restore")
    launcher.make_home()
    if launcher.data_folder().exists():
        raise LauncherError(f"there is a database in {launcher.data_folder()}")
    with launcher.alone():
        folder = launcher.programs()
        if version != launcher.major_of(folder):
            raise LauncherError(
                f"the backup is of PostgreSQL {version}, the programs are of {launcher.major_of(folder)}: set "
                f"HOTICH_POSTGRESQL to programs of version {version}, restore, then `hotich db dump` and `db load`"
            )
        fresh = launcher.home() / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            lay_out(fresh)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        (fresh / "recovery.signal").touch()
        fresh.chmod(0o700)
        launcher.give_to_server(fresh)
        fresh.rename(launcher.data_folder())
        try:
            _recover(folder, until=until, latest=latest, log=log, goes_on=goes_on)
        except BaseException:
            run_as_server_user([str(folder / "pg_ctl"), "-D", str(launcher.data_folder()), "-m", "immediate", "stop"],
                               capture_output=True)  # fmt: skip
            shutil.rmtree(launcher.data_folder(), ignore_errors=True)  # a copy: the backup itself is untouched
            raise
    launcher.up()


def _recover(folder: Path, *, until: datetime | None, latest: bool, log: Path | None, goes_on: bool) -> None:
    settings = {"restore_command": "/bin/false", "recovery_target_action": "promote", "max_connections": "120"}
    if log is not None and log.is_dir():
        if goes_on:
            wal_archive.switch_on()  # the new timeline must be known there, or a later one would take its name
        settings["restore_command"] = wal_archive.restore_command(_readable(log))
    if until is not None:
        settings["recovery_target_time"] = until.astimezone(UTC).isoformat(sep=" ")
    elif not latest:
        settings["recovery_target"] = "immediate"
    # the end of a backup lies on its own timeline; a later moment on the newest that goes on from it
    timelines = ["latest", "current"] if until or latest else ["current"]
    for timeline in timelines:
        try:
            launcher.start(folder, recovery=settings | {"recovery_target_timeline": timeline}, seconds=RECOVERY_SECONDS)
            _wait_until_writable(folder)
            break
        except LauncherError as error:
            if "not a child of this server's history" in str(error) and timeline != timelines[-1]:
                continue
            if "before configured recovery target" in str(error):
                raise LauncherError(f"the archive of the log does not reach {until}") from error
            raise
    data = ["-D", str(launcher.data_folder())]
    run_as_server_user([str(folder / "pg_ctl"), *data, "-m", "fast", "-w", "stop"], capture_output=True)
    (launcher.home() / "ready").unlink(missing_ok=True)
    done = run_as_server_user(  # nobody needs to know the password the backup was made under
        [str(folder / "postgres"), "--single", *data, "postgres"],
        input=f"alter role {launcher.SUPERUSER} password '{secret('superuser')}'\n",
        capture_output=True,
    )
    if done.returncode:
        raise LauncherError(f"the password of the restored database cannot be set: {done.stderr.strip()[-300:]}")
    shutil.rmtree(copied_log(), ignore_errors=True)


def copied_log() -> Path:
    """Where segments of the log are laid out for the server to read; gone after the restore."""
    return launcher.home() / "log-read"


def _readable(log: Path) -> Path:
    """The archive itself, or a copy the server's user can read."""
    if readable_by_server(log) and all(readable_by_server(path) for path in list(log.iterdir())[:1]):
        return log
    copy = copied_log()
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(log, copy)
    launcher.give_to_server(copy)
    return copy


def _wait_until_writable(folder: Path) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < deadline:
        told = run_as_server_user([str(folder / "pg_controldata"), str(launcher.data_folder())], capture_output=True)
        if re.search(r"cluster state:\s+in production", told.stdout):
            return
        if launcher.running_port() is None:
            tail = (launcher.home() / "server.log").read_text(errors="replace")[-1500:]
            raise LauncherError(f"the database stopped while it recovered:\n{tail}")
        time.sleep(0.1)
    raise LauncherError("the database does not come out of recovery")


def dump(target: Path) -> None:
    """A logical dump, which another major version can load. Raises LauncherError."""
    refuse_server("dump it", "pg_dump --format=custom")
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    try:
        _run("pg_dump", ["--format=custom", f"--file={fresh}"])
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def load(source: Path) -> None:
    """Load a logical dump into the empty database. Raises LauncherError, also when something is there already."""
    refuse_server("load it", "pg_restore --exit-on-error")
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        row = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        if row and row[0]:
            raise LauncherError(
                f"the database holds {row[0]} tables; load into an empty one: move {launcher.home()} aside"
            )
    _run("pg_restore", ["--exit-on-error", "--single-transaction", f"--dbname={launcher.DATABASE}", str(source)])
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        connection.execute("analyze")


def row_counts() -> dict[str, int]:
    """How many rows each table of the embedded database has."""
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        tables = [row[0] for row in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
        return {table: _count(connection, table) for table in sorted(tables)}


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f'select count(*) from "{table}"'.encode()).fetchone()
    return int(row[0]) if row else 0


def room_needed(backup: Path) -> int:
    """Bytes a restore of this base backup takes."""
    return sum(path.stat().st_size for path in backup.rglob("*") if path.is_file())


def refuse_without_room(size: int) -> None:
    """Raises LauncherError unless the state's volume has room for a base backup of this size and a tenth more."""
    place = next(path for path in (state_folder(), *state_folder().parents) if path.exists())
    free, needed = shutil.disk_usage(place).free, size * 11 // 10
    if free < needed:
        raise LauncherError(f"{place} has {free // 2**20} MB free, the restore needs {needed // 2**20} MB")
