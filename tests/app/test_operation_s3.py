"""The restore drill with scans in an S3 service: real processes, a real database, a real service."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from operation_parts import Installation, new_folder, path_in, prepared
from s3_parts import BUCKET, S3Service

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Service]:
    made = S3Service(tmp_path_factory.mktemp("s3"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def place(service: S3Service) -> Iterator[Installation]:
    """An installation that keeps its files in the bucket: three of them, and a recovery key."""
    made = prepared("on-s3")
    made.environment |= service.settings
    try:
        (made.state / "recovery.txt").write_text(made.works("secrets", "recovery-key").split("\n")[0])
        made.write("Trong kho", 3)
        yield made
    finally:
        made.close()


@pytest.fixture
def elsewhere(service: S3Service) -> Iterator[Installation]:
    """Another machine, with a part of the bucket of its own."""
    made = Installation(new_folder("elsewhere-s3"))
    made.environment |= service.settings | {"HOTICH_S3_PREFIX": "noi-khac"}
    yield made
    made.close()


def ours(service: S3Service, start: str = "") -> list[str]:
    return [name for name in service.objects() if name.startswith(start) and name.count("/") == 2 + bool(start)]


def test_a_backup_takes_the_files_out_of_the_bucket_and_a_restore_puts_them_into_another(
    place: Installation, elsewhere: Installation, service: S3Service
) -> None:
    assert not (place.state / "files").exists()
    assert len(ours(service)) == 3
    backup = path_in(place.works("db", "backup"))
    told = json.loads((backup / "manifest.json").read_text())
    assert (told["files"], told["missing"]) == (3, [])
    key = str(place.state / "recovery.txt")
    said = elsewhere.works("db", "restore", str(backup), "--recovery-key", key, "--all")
    assert "3 files, 3 of them opened and hashed" in said
    assert len(ours(service, "noi-khac/")) == 3
    assert elsewhere.contents_open() == 3
    again = path_in(place.works("db", "backup"))
    links = [path for path in (again / "files").rglob("*") if path.is_file() and path.stat().st_nlink > 1]
    assert len(links) == 3  # what has not changed is linked, not fetched anew


def test_a_lost_bucket_comes_back_from_the_backup(place: Installation, service: S3Service) -> None:
    backup = path_in(place.works("db", "backup"))
    client, lost = service.client(), ours(service)[:2]
    for name in lost:
        client.delete_object(Bucket=BUCKET, Key=name)
    assert "missing" in place.hotich("files", "check", "--all").stdout
    said = place.works("files", "bring", str(backup / "files"))
    assert "2 brought" in said
    assert place.contents_open() == 3
    assert "3 of 3 files are whole" in place.works("files", "check", "--all")


def test_a_backup_is_refused_while_the_service_is_away_instead_of_holding_no_scans(
    place: Installation, service: S3Service
) -> None:
    folder = place.state / "backups"
    before = sorted(path.parent.name for path in folder.glob("*/manifest.json"))
    service.stop()
    try:
        assert "does not answer" in place.refuses("db", "backup")
        assert "does not answer" in place.refuses("files", "check")
    finally:
        service.start()
    assert sorted(path.parent.name for path in folder.glob("*/manifest.json")) == before
    assert "3 of 3 files are whole" in place.works("files", "check", "--all")


def test_wrong_settings_are_told_in_one_line_before_anything_starts(place: Installation, service: S3Service) -> None:
    assert "HOTICH_S3_BUCKET must name the bucket" in place.refuses("files", "check", HOTICH_S3_BUCKET="A")
    assert "HOTICH_S3_BUKET is no setting" in place.refuses("files", "check", HOTICH_S3_BUKET="so")


def test_a_bucket_sealed_with_keys_lost_later_is_mended_by_the_restore(place: Installation, service: S3Service) -> None:
    backup = path_in(place.works("db", "backup"))
    assert "3 of 3 under the present secret" in place.works("secrets", "rotate", "files")
    place.works("secrets", "forget", "files")
    assert place.contents_open() == 3
    # the machine burns with its newer key; the backup of before and the bucket are left
    place.works("db", "down")
    for name in ("postgresql", "secrets", "anchors"):
        shutil.rmtree(place.state / name, ignore_errors=True)
    key = place.state / "recovery.txt"
    said = place.works("db", "restore", str(backup), "--recovery-key", str(key), "--all")
    assert "3 files, 3 of them opened and hashed" in said
