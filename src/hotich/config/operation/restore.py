"""Putting a backup back: into an empty state folder, or instead of a state that is moved aside and never deleted.

Everything that can be refused is refused before the first file is touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection

from hotich.config.operation import (
    checks,
    manifest,
    places,
    retention,
    sealed_base,
    sealed_log,
    secrets_box,
    serving,
    versions,
)
from hotich.config.operation.backup import backups_in
from hotich.config.operation.manifest import Manifest, fingerprint
from hotich.database import base_backup, launcher, wal_archive
from hotich.database.launcher import LauncherError
from hotich.database.state import former_secrets, secret, secrets_folder, state_folder

Say = Callable[[str], None]
PARTS = ("postgresql", "files", "secrets", "anchors")


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted. `source`: one backup, or the folder of several. `until`: the last moment to come back (with zone)."""

    source: Path
    until: datetime | None = None
    latest: bool = False
    replace: bool = False
    recovery_key: str = ""
    secrets: Path | None = None
    log: Path | None = None  # the archive of the write-ahead log
    files: Path | None = None  # one more folder with sealed contents, for what came after the backup
    every_file: bool = False
    accept_loss: str = ""  # why entries the anchors know may be lost


@dataclass(slots=True)
class Restored:
    """What came of it: empty `faults` means that everything the manifest promised is there."""

    manifest: Manifest
    aside: Path | None = None
    faults: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def restore(wanted: Request, *, at: datetime, say: Say) -> Restored:
    """Restore and check. Raises LauncherError, ManifestError, RecoveryKeyError; then nothing of the state was changed,
    or (when the database does not come up) its former parts have been put back."""
    base_backup.refuse_server("restore it", "pgBackRest restore, or pg_restore; files: copy them back into the storage")
    if serving.is_served():
        raise LauncherError("hotich serve is running on this state: stop it first")
    source, told = _chosen(wanted)
    say(f"backup {told.name} of hotich {told.program}, PostgreSQL {told.postgresql}")
    secrets = _secrets(wanted, source, told)
    known = sealed_base.keys(secrets)
    _check_source(source, told, known)
    # secrets alone are no installation: every command makes some
    occupied = [name for name in ("postgresql/data", "files") if _is_filled(state_folder() / name)]
    same_place = _is_ours(told)
    if launcher.data_folder().exists() and not wanted.replace:
        raise LauncherError(
            f"there is a database in {launcher.home()}. Restore into an empty HOTICH_STATE, or give --replace: what is "
            "there is then moved aside (not deleted)"
        )
    if occupied and not same_place and not wanted.replace:
        raise LauncherError(f"{state_folder()} belongs to another installation ({', '.join(occupied)}): give --replace")
    base_backup.refuse_without_room(sealed_base.size_of(source, told))
    done = Restored(told)
    _archive_what_waits(say)
    moved = ["postgresql"] if same_place else list(PARTS)
    done.aside = _move_aside(moved, at) if any((state_folder() / name).exists() for name in moved) else None
    try:
        if secrets:
            secrets_box.lay_down(secrets)
        say("database: putting it back …")
        _bring_database(wanted, source, told, known)
    except BaseException:
        _put_back(done.aside)
        raise
    _reconnect()
    say("files: putting them back …")
    _bring_files(wanted, source, done)
    _bring_anchors(source)
    say("checking …")
    checks.after_restore(done, wanted, at=at)
    return done


def _bring_database(wanted: Request, source: Path, told: Manifest, known: list[bytes]) -> None:
    launcher.make_home()
    log = _log(wanted, source)
    base_backup.put_back(
        lambda folder: sealed_base.lay_out(source, told, known, folder), version=told.postgresql,
        until=wanted.until, latest=wanted.latest, goes_on=log == wal_archive.folder(),
        log=sealed_log.lay_out(log, known, told.first_segment) if log else None,
    )  # fmt: skip


def _chosen(wanted: Request) -> tuple[Path, Manifest]:
    """The backup itself, or the newest of a folder that was finished before the moment wanted."""
    source = wanted.source.resolve()
    if (source / manifest.NAME).exists():
        told = manifest.read(source)
        if wanted.until and datetime.fromisoformat(told.finished_at) > wanted.until:
            raise LauncherError(f"backup {told.name} was finished after {wanted.until}: give an earlier one")
        candidates = [source]
    else:
        candidates = [
            path
            for path in backups_in(source)
            if not wanted.until or datetime.fromisoformat(manifest.read(path).finished_at) <= wanted.until
        ]
    if not candidates:
        raise LauncherError(f"no whole backup in {source}" + (f" from before {wanted.until}" if wanted.until else ""))
    told = manifest.read(candidates[-1])
    if told.kind != "whole":
        raise LauncherError(f"backup {told.name} holds files only: restore the database with the server's own tools")
    return candidates[-1], told


def _archive_what_waits(say: Say) -> None:
    """The last segments of what is here, so that `--latest` has them; they are not lost otherwise, only moved aside."""
    try:
        sealed_log.move()
    except (OSError, wal_archive.ArchiveError) as error:
        say(f"NOTE: the last segments of the log stay in {wal_archive.waiting_folder()}: {error}")


def _check_source(source: Path, told: Manifest, known: list[bytes]) -> None:
    if refused := versions.refusal((app, name) for app, name in told.migrations):
        raise LauncherError(refused)
    sealed_base.check(source, told, known)
    if manifest.hash_of(source / "contents.txt") != told.list_sha256:
        raise LauncherError(f"the list of files of backup {told.name} was changed")


def _secrets(wanted: Request, source: Path, told: Manifest) -> dict[str, str]:
    """The secrets to lay down; {} when the right ones are here already. Raises LauncherError when there are none."""
    if wanted.recovery_key:
        found = secrets_box.open_box(source, wanted.recovery_key)
    elif wanted.secrets:
        found = {
            path.name: path.read_text()
            for path in wanted.secrets.iterdir()
            if path.is_file() and not path.name.startswith(".") and path.name not in secrets_box.OF_DATABASE
        }
    elif _is_ours(told):
        return {}
    else:
        raise LauncherError(
            "the secrets this backup was made with are not here. Give --recovery-key FILE (the sealed secrets of the "
            "backup are opened with it), or --secrets FOLDER (a copy of the folder secrets/). Without them neither "
            "the database nor the scans of this backup can be read, by anybody: there is no other key"
        )
    wrong = [
        name for name in secrets_box.OF_DATA if fingerprint(name, found.get(name, "")) != told.fingerprints.get(name)
    ]
    if wrong:
        raise LauncherError(f"these are not the secrets of this backup: {', '.join(wrong)}")
    return {} if _is_ours(told) else found


def _is_ours(told: Manifest) -> bool:
    """Whether the secrets here can read what this backup holds. Asked without making any."""
    return all((secrets_folder() / name).exists() and name in _known(name, told) for name in secrets_box.OF_DATA)


def _known(name: str, told: Manifest) -> set[str]:
    keys = [secret(name), *former_secrets(name)]
    return {name} if told.fingerprints.get(name) in {fingerprint(name, key) for key in keys} else set()


def _is_filled(path: Path) -> bool:
    return path.is_dir() and any(path.iterdir())


def _move_aside(names: list[str], at: datetime) -> Path:
    launcher.down()
    aside = state_folder() / f"replaced-{retention.name_of(at)}"
    aside.mkdir(mode=0o700)
    for name in names:
        if (state_folder() / name).exists():
            (state_folder() / name).rename(aside / name)
    return aside


def _put_back(aside: Path | None) -> None:
    """The restore failed: the former state comes back, what was begun is moved away."""
    if aside is None:
        return
    for path in aside.iterdir():
        place = state_folder() / path.name
        if place.exists():
            shutil.rmtree(place)
        path.rename(place)
    aside.rmdir()


def _log(wanted: Request, source: Path) -> Path | None:
    for place in (wanted.log, wal_archive.folder(), source.parent.parent / "wal-archive"):
        if place and place.is_dir():
            return place.resolve()
    return None


def _reconnect() -> None:
    connection.close()
    connection.settings_dict.update(launcher.connection_parameters())


def _bring_files(wanted: Request, source: Path, done: Restored) -> None:
    """Contents from the backup; what came later, from later backups, the state moved aside, and the folder named."""
    places_of_files = [
        wanted.files,
        source / "files",
        *(path / "files" for path in reversed(backups_in(source.parent))),
    ]
    if done.aside:
        places_of_files.append(done.aside / "files")
    wanted_contents = checks.contents()
    checks.bring(wanted_contents, [place for place in places_of_files if place and place.is_dir()])


def _bring_anchors(source: Path) -> None:
    """Those of the backup, unless this installation has its own: these know what was lost."""
    if (source / "anchors").is_dir() and not _is_filled(places.anchors_folder()):
        shutil.copytree(source / "anchors", places.anchors_folder(), dirs_exist_ok=True)
