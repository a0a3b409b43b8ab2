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
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    drop = {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"},
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
    path = secrets_folder() / name
    if not path.exists():
        _make_secrets_folder()
        fresh = _written(path, secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # only the first of two processes wins
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text()


def secrets_folder() -> Path:
    """Where the secrets of this installation lie (its own, mode 0700)."""
    return state_folder() / "secrets"


def former_secrets(name: str) -> list[str]:
    """What `secret(name)` was before it was rotated, newest first: still good for reading until it is forgotten.

    `HOTICH_FILES_FORMER_KEYS`, `HOTICH_LOOKUP_FORMER_KEYS` (several with blanks between them) go before, as for `secret`.
    """
    if (given := os.environ.get(f"HOTICH_{name.upper()}_FORMER_KEYS")) is not None:
        return given.split()
    path = secrets_folder() / f"{name}.former"
    return path.read_text().split() if path.exists() else []


def comes_from_environment(name: str) -> bool:
    """Whether whoever runs this installation gives this secret; then only they can change it."""
    return bool(os.environ.get(f"HOTICH_{name.upper()}_KEY"))


def replace_secret(name: str) -> str:
    """A new secret of this name; the present one goes to the former ones first, so that a crash loses none."""
    before = secret(name)
    keep = [before, *(key for key in former_secrets(name) if key != before)]
    _replace(secrets_folder() / f"{name}.former", "\n".join(keep) + "\n")
    fresh = secrets.token_urlsafe(48)
    _replace(secrets_folder() / name, fresh)
    return fresh


def forget_former_secrets(name: str) -> None:
    """Nothing is kept under a former secret any more."""
    (secrets_folder() / f"{name}.former").unlink(missing_ok=True)


def write_secret_file(name: str, text: str) -> None:
    """Put a file into the folder of secrets, whole or not at all."""
    _make_secrets_folder()
    _replace(secrets_folder() / name, text)


def _make_secrets_folder() -> None:
    secrets_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(secrets_folder(), 0o700)


def _written(path: Path, text: str) -> Path:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    with fresh.open("w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return fresh


def _replace(path: Path, text: str) -> None:
    _written(path, text).replace(path)


def sync_path(path: Path) -> None:
    """See a file, or the names in a folder, on the disk, so that they stay when the power goes. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
