"""Files: stored once by content, sealed on the disk, read back only as they were."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from records_support import AT, acting, actor_at, offices

from hotich.audit.models import Entry
from hotich.files import services
from hotich.files.models import StoredFile
from hotich.files.queries import read_file, read_to
from hotich.files.rules.names import plain_name, storage_path
from hotich.files.rules.sealing import BLOCK, SealBroken
from hotich.files.services import NewFile, store_file, store_files
from hotich.files.services.content import put_file
from hotich.kernel.problems import RuleBroken

CONTENT = b"%PDF-1.4 a scan with a name in it: Nguyen Van"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def test_a_file_comes_back_as_it_was_and_lies_sealed_under_its_hash(tmp_path: Path) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        stored = store_file(
            office_id=office.id, name="KS/2018/1.pdf", content=CONTENT, media_type="application/pdf", actor=actor, at=AT
        )
        assert stored.name == "1.pdf"
        assert read_file(stored) == CONTENT
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    on_disk = (tmp_path / sha256[:2] / sha256[2:4] / sha256).read_bytes()
    assert b"Nguyen" not in on_disk
    assert b"PDF" not in on_disk


def test_the_same_content_is_stored_once_and_the_same_name_gives_the_same_row() -> None:
    first_office, other_office = offices(2)
    with acting(first_office, other_office) as actor:
        files = [NewFile("a.pdf", CONTENT, "application/pdf"), NewFile("b.pdf", CONTENT, "application/pdf")]
        a, b = store_files(office_id=first_office.id, files=files, actor=actor, at=AT)
        again = store_files(office_id=first_office.id, files=files[:1], actor=actor, at=AT)
        elsewhere = store_files(office_id=other_office.id, files=files[:1], actor=actor, at=AT)
        assert again == [a]
        assert len({a.id, b.id, elsewhere[0].id}) == 3
        assert {a.sha256} == {b.sha256, elsewhere[0].sha256}
        assert Entry.objects.filter(verb="file.stored").count() == 3
    assert len(default_storage.listdir(f"{a.sha256[:2]}/{a.sha256[2:4]}")[1]) == 1


def test_content_changed_in_the_storage_is_refused() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        stored = store_file(office_id=office.id, name="a", content=CONTENT, media_type="x/y", actor=actor, at=AT)
        path = storage_path(stored.sha256)
        sealed = bytearray(default_storage.open(path).read())
        sealed[-1] ^= 1
        default_storage.delete(path)
        default_storage.save(path, ContentFile(bytes(sealed)))
        with pytest.raises(RuleBroken) as refused:
            read_file(stored)
    assert refused.value.code == "file_damaged"


def test_a_file_cut_short_by_a_crash_is_written_anew() -> None:
    (office,) = offices(1)
    path = storage_path(hashlib.sha256(CONTENT).hexdigest())
    default_storage.save(path, ContentFile(b"HTF1"))
    with acting(office) as actor:
        stored = store_file(office_id=office.id, name="a", content=CONTENT, media_type="x/y", actor=actor, at=AT)
        assert read_file(stored) == CONTENT


def test_a_long_file_goes_in_and_out_in_blocks_and_is_the_same_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "LONG", 1)
    content = os.urandom(2 * BLOCK + 5)
    given, taken = tmp_path / "given", tmp_path / "taken"
    given.write_bytes(content)
    (office,) = offices(1)
    with acting(office) as actor:
        stored = store_file(office_id=office.id, name="a", content=given, media_type="x/y", actor=actor, at=AT)
        assert (stored.size, read_file(stored)) == (len(content), content)  # the same sealing
        read_to(stored, taken)
        assert taken.read_bytes() == content
        assert taken.stat().st_mode & 0o077 == 0
        path = tmp_path / storage_path(stored.sha256)
        sealed = path.read_bytes()
        for damaged in (sealed[:-1], sealed[:BLOCK] + b"x" + sealed[BLOCK + 1 :], sealed + b"x", sealed[:20]):
            path.write_bytes(damaged)
            with pytest.raises(RuleBroken, match="file_damaged"):
                read_to(stored, taken)
            assert not taken.exists()


def test_a_file_that_changes_while_it_is_stored_is_not_kept(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(CONTENT)
    sha256 = hashlib.sha256(b"something else").hexdigest()
    with pytest.raises(SealBroken):
        put_file(given, sha256, len(CONTENT))
    assert not default_storage.exists(storage_path(sha256))


def test_an_office_outside_the_scope_gets_no_file() -> None:
    mine, other = offices(2)
    with acting(mine) as actor, pytest.raises(RuleBroken) as refused:
        store_file(office_id=other.id, name="a", content=CONTENT, media_type="x/y", actor=actor, at=AT)
    assert refused.value.code == "office_not_in_scope"


def test_files_of_other_offices_are_not_seen() -> None:
    mine, other = offices(2)
    with acting(other) as actor:
        store_file(office_id=other.id, name="a", content=CONTENT, media_type="x/y", actor=actor, at=AT)
        assert StoredFile.objects.count() == 1
    with acting(mine):
        assert StoredFile.objects.count() == 0
    assert StoredFile.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\scan\\a.pdf", "a.pdf"), ("..", "tep"), ("a\x00b\n.pdf", "ab.pdf"),
     ("x" * 300 + ".pdf", "x" * 251 + ".pdf")],
)  # fmt: skip
def test_a_name_is_never_a_path(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_an_empty_file_is_refused() -> None:
    (office,) = offices(1)
    with pytest.raises(RuleBroken) as refused:
        store_file(office_id=office.id, name="a", content=b"", media_type="x/y", actor=actor_at(office), at=AT)
    assert refused.value.code == "file_empty"
