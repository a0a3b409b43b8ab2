"""Where this installation keeps what it writes, and the secrets it made for itself. No Django."""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user under which the database server's programs run; None where no drop is needed."""

    name: str
    uid: int
    gid: int


@cache
def server_user() -> ServerUser | None:
    """PostgreSQL refuses to run as root: drop to `postgres` if it exists, else to `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name, entry.pw_uid, entry.pw_gid)
    raise RuntimeError("neither a user `postgres` nor `nobody` exists; PostgreSQL cannot run as root")


def run_as_server_user(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs: dropped user, no extra groups, clean environment, working folder `/`."""
    user = server_user()
    drop = {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        text=True,
        **drop,
        **options,
    )


def readable_by_server(path: Path) -> bool:
    """Whether the dropped user can really reach and read this path (parents included)."""
    if server_user() is None:
        return os.access(path, os.R_OK)
    test = "-x" if path.is_dir() else "-r"
    return run_as_server_user(["/usr/bin/test", test, str(path)]).returncode == 0


@cache
def state_folder() -> Path:
    """`$HOTICH_STATE`, else `.state` in the checkout; as root, where the dropped user cannot reach the checkout,
    `/var/lib/hotich/<hash of the checkout>`. Parent folders are never opened to others."""
    if given := os.environ.get("HOTICH_STATE"):
        return Path(given).resolve()
    if server_user() is not None and not readable_by_server(CHECKOUT):
        return Path("/var/lib/hotich") / hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:16]
    return CHECKOUT / ".state"


def secret(name: str) -> str:
    """A random secret of this installation, made at first use and kept in a file only its owner can read.

    `HOTICH_FILES_KEY`, `HOTICH_LOOKUP_KEY` … in the environment go before: several web servers must share them.
    """
    if given := os.environ.get(f"HOTICH_{name.upper()}_KEY"):
        return given
    path = state_folder() / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.chmod(path.parent, 0o700)
        fresh = path.with_name(f"{name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # only the first of two processes wins
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text()
