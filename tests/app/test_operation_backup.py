"""The restore drill, with real processes and a real server: what was saved comes back, whole and proved."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from operation_parts import Installation, new_folder, path_in, prepared

pytestmark = pytest.mark.timeout(400)


OPEN_UP = """
import json, sys, django
django.setup()
from pathlib import Path
from hotich.config.operation import manifest, sealed_base
backup = Path(sys.argv[1])
told = manifest.read(backup)
sealed_base.lay_out(backup, told, sealed_base.keys(), backup / "database")
(backup / "database.sealed").unlink()
content = json.loads((backup / "manifest.json").read_text())
del content["database_bytes"], content["hash"]
content["form"] = 1
(backup / "manifest.json").write_text(json.dumps(content | {"hash": manifest._hash(content)}))
"""


def _archive_the_log(place: Installation) -> None:
    """As `hotich serve` does, once the server has handed over the segment that was closed."""
    waiting = place.state / "postgresql" / "log-waiting"
    deadline = time.monotonic() + 60
    while not list(waiting.glob("*.gz")) and time.monotonic() < deadline:
        time.sleep(0.05)
    place.works("db", "archive-log")


@pytest.fixture(scope="module")
def drilled() -> Iterator[Installation]:
    """An installation with three records and files, backed up, then two more, then one of the first three destroyed."""
    place = prepared("drill")
    try:
        (place.state / "recovery.txt").write_text(place.works("secrets", "recovery-key").split("\n")[0])
        place.write("Trước", 3)
        place.backup = path_in(place.works("db", "backup"))
        place.write("Sau", 2)
        place.before_mistake = datetime.now(UTC)
        place.sql("set session_replication_role = replica; delete from participant where full_name = 'Trước 0'")
        place.sql("select pg_switch_wal()")
        _archive_the_log(place)
        yield place
    finally:
        place.close()


@pytest.fixture
def elsewhere() -> Iterator[Installation]:
    """Another machine: an empty state folder."""
    place = Installation(new_folder("elsewhere"))
    yield place
    place.close()


def test_a_backup_is_whole_and_says_what_it_holds(drilled: Installation) -> None:
    backup = drilled.backup
    told = json.loads((backup / "manifest.json").read_text())
    assert (told["files"], told["missing"], told["holds_secrets"]) == (3, [], True)
    assert told["rows"]["stored_file"] == 3
    assert [name for name in told["fingerprints"] if name in ("superuser", "hotich_app")] == []
    assert not [path for path in backup.parent.iterdir() if path.name.endswith(".unfinished")]
    assert backup.parent.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in backup.iterdir()) == [
        "contents.txt", "database.sealed", "files", "manifest.json", "secrets.sealed"]  # fmt: skip
    assert told["database_bytes"] > 10_000_000
    database = (backup / "database.sealed").read_bytes()
    assert "Trước 0".encode() not in database
    assert b"PG_VERSION" not in database
    log = [path.name for path in (drilled.state / "wal-archive").iterdir()]
    assert log
    assert [name for name in log if not name.endswith(".gz.sealed")] == []
    sealed = (backup / "secrets.sealed").read_bytes()
    assert (drilled.state / "secrets" / "files").read_bytes() not in sealed


def test_moving_house_the_backup_becomes_the_same_installation_elsewhere(
    drilled: Installation, elsewhere: Installation
) -> None:
    backup = drilled.backup
    assert "recovery-key" in elsewhere.refuses("db", "restore", str(backup))
    assert not (elsewhere.state / "postgresql" / "data").exists()
    key = str(drilled.state / "recovery.txt")
    told = elsewhere.works("db", "restore", str(backup), "--recovery-key", key, "--all")
    assert "3 files, 3 of them opened and hashed" in told
    assert {"Trước 0", "Trước 1", "Trước 2"} <= elsewhere.names()
    assert "Sau 0" not in elsewhere.names()
    assert elsewhere.contents_open() == 3
    assert elsewhere.hotich("audit", "verify").returncode == 0
    assert elsewhere.hotich("db", "check-roles").returncode == 0
    assert elsewhere.write("Nơi mới", 1)["records"] == 4
    assert elsewhere.sql("select count(*) from audit_entry where verb = 'installation.restored'") == [(1,)]
    assert "--replace" in elsewhere.refuses("db", "restore", str(backup))


def test_a_mistaken_delete_is_undone_by_going_back_to_the_second_before(
    drilled: Installation, elsewhere: Installation
) -> None:
    shutil.copytree(drilled.state / "secrets", new := elsewhere.state.with_name(elsewhere.state.name + "-secrets"))
    told = elsewhere.works(
        "db", "restore", str(drilled.backup.parent), "--secrets", str(new),
        "--until", drilled.before_mistake.isoformat(), "--log", str(drilled.state / "wal-archive"),
        "--files", str(drilled.state / "files"), "--all",
    )  # fmt: skip
    shutil.rmtree(new)
    assert "5 files" in told
    assert {"Trước 0", "Sau 0", "Sau 1"} <= elsewhere.names()
    assert elsewhere.contents_open() == 5
    assert elsewhere.hotich("audit", "verify").returncode == 0


def test_a_moment_the_log_does_not_reach_is_refused_and_what_was_there_stays(drilled: Installation) -> None:
    before = drilled.names()
    assert "Sau 0" in before
    backup = str(drilled.backup)
    refused = drilled.refuses("db", "restore", backup, "--replace", "--until", "2031-01-01 10:00")
    assert "does not reach" in refused
    drilled.works("db", "up")
    assert drilled.names() == before
    assert not list(drilled.state.glob("replaced-*"))


def test_a_changed_backup_is_refused(drilled: Installation, elsewhere: Installation, tmp_path: Path) -> None:
    copy = tmp_path / drilled.backup.name
    shutil.copytree(drilled.backup, copy)
    key = ("--recovery-key", str(drilled.state / "recovery.txt"))
    with (copy / "database.sealed").open("r+b") as stream:
        stream.seek(3_000_000)
        stream.write(b"\x00changed")
    assert "the seal does not fit" in elsewhere.refuses("db", "restore", str(copy), *key)
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"stored_file": 3', '"stored_file": 2'))
    assert "was changed" in elsewhere.refuses("db", "restore", str(copy), *key)
    assert not (elsewhere.state / "postgresql" / "data").exists()


def test_a_backup_from_before_databases_were_sealed_comes_back_and_is_proved(
    drilled: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    old = tmp_path / drilled.backup.name
    shutil.copytree(drilled.backup, old)
    drilled.run(OPEN_UP, str(old))
    table = max((old / "database" / "base").rglob("*"), key=lambda path: path.stat().st_size)
    content = table.read_bytes()
    table.write_bytes(content[:4096] + b"\x00changed" + content[4104:])
    key = ("--recovery-key", str(drilled.state / "recovery.txt"))
    assert "pg_verifybackup" in elsewhere.refuses("db", "restore", str(old), *key)
    table.write_bytes(content)
    elsewhere.works("db", "restore", str(old), *key)
    assert "Trước 0" in elsewhere.names()


def test_a_wrong_recovery_key_is_told_apart_from_a_slip_of_the_pen(
    drilled: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    right = (drilled.state / "recovery.txt").read_text()
    slip = tmp_path / "slip"
    slip.write_text(("B" if right[0] == "A" else "A") + right[1:])
    backup = str(drilled.backup)
    assert "mistake" in elsewhere.refuses("db", "restore", backup, "--recovery-key", str(slip))
    other = tmp_path / "other"
    other.write_text(elsewhere.works("secrets", "recovery-key").split("\n")[0])
    assert "does not open" in elsewhere.refuses("db", "restore", backup, "--recovery-key", str(other))


def test_the_next_backup_links_what_has_not_changed_and_the_old_state_is_kept_on_replace(drilled: Installation) -> None:
    second = path_in(drilled.works("db", "backup"))
    files = [path for path in (second / "files").rglob("*") if path.is_file()]
    assert len(files) == 5
    assert sum(path.stat().st_nlink > 1 for path in files) == 3  # the other two are new
    drilled.write("Cuối", 1)
    told = drilled.works("db", "restore", str(second), "--replace")
    aside = path_in(told, r"what was there before lies in (\S+)")
    assert (aside / "postgresql" / "data" / "PG_VERSION").exists()
    assert "Cuối 0" not in drilled.names()
    assert "Sau 1" in drilled.names()
    again = drilled.works(
        "db", "restore", str(second), "--replace", "--latest"
    )  # all the log, from the old timeline on
    assert "fault" not in again
    subprocess.run(["rm", "-rf", *map(str, drilled.state.glob("replaced-*"))], check=True)
