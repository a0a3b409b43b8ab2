"""Files in an S3 service, tried against a real one: as in a folder, and when the network breaks."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.storage import default_storage
from records_support import AT, acting, offices
from s3_parts import BUCKET, S3Service

from hotich.config.settings.file_storage import file_storage
from hotich.database import state
from hotich.files import adapters
from hotich.files.adapters import bucket
from hotich.files.models import StoredFile
from hotich.files.queries import read_file
from hotich.files.rules.names import storage_path
from hotich.files.rules.sealing import is_under, seal, seal_blocks
from hotich.files.services import NewFile, store_file, store_files
from hotich.files.services.content import seal_again
from hotich.kernel.problems import RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
CONTENT = b"%PDF-1.4 a scan with a name in it: Nguyen Van"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Service]:
    made = S3Service(tmp_path_factory.mktemp("s3"))
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def _in_the_bucket(settings: Any, service: S3Service, tmp_path: Any, request: pytest.FixtureRequest) -> None:
    """Every test has a part of the bucket of its own."""
    prefix = hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    settings.STORAGES = settings.STORAGES | {
        "default": file_storage(service.settings | {"HOTICH_S3_PREFIX": f"thu/{prefix}"}, tmp_path)
    }
    settings.TEST_PREFIX = f"thu/{prefix}"


def put(content: bytes = CONTENT, name: str = "a.pdf") -> StoredFile:
    (office,) = offices(1)
    with acting(office) as actor:
        return store_file(office_id=office.id, name=name, content=content, media_type="x/y", actor=actor, at=AT)


def place_of(stored: StoredFile, settings: Any) -> str:
    return f"{settings.TEST_PREFIX}/{storage_path(stored.sha256)}"


def test_a_file_comes_back_and_lies_sealed_in_the_bucket(service: S3Service, settings: Any) -> None:
    stored = put()
    assert read_file(stored) == CONTENT
    answer = service.client().get_object(Bucket=BUCKET, Key=place_of(stored, settings))
    sealed = answer["Body"].read()
    assert b"Nguyen" not in sealed
    assert is_under(adapters.present_key(), sealed)
    with pytest.raises(NotImplementedError):
        default_storage.url(storage_path(stored.sha256))


def test_the_same_content_is_put_once(service: S3Service, settings: Any) -> None:
    stored = put()
    before = service.client().head_object(Bucket=BUCKET, Key=place_of(stored, settings))
    put(name="b.pdf")
    after = service.client().head_object(Bucket=BUCKET, Key=place_of(stored, settings))
    assert (before["ETag"], before["LastModified"]) == (after["ETag"], after["LastModified"])
    assert list(adapters.every_hash()) == [stored.sha256]


def test_content_changed_in_the_bucket_is_refused_and_cut_content_is_written_anew(
    service: S3Service, settings: Any
) -> None:
    stored, client = put(), service.client()
    place = {"Bucket": BUCKET, "Key": place_of(stored, settings)}
    sealed = bytearray(client.get_object(**place)["Body"].read())
    sealed[-1] ^= 1
    client.put_object(**place, Body=bytes(sealed))
    with pytest.raises(RuleBroken) as refused:
        read_file(stored)
    assert refused.value.code == "file_damaged"
    assert not adapters.can_be_read(stored.sha256)
    client.put_object(**place, Body=bytes(sealed[:30]))
    assert not adapters.holds(stored.sha256, stored.size)
    put()
    assert read_file(stored) == CONTENT
    client.put_object(**place, Body=b"")
    assert not adapters.holds(stored.sha256, stored.size)


def test_an_object_that_is_gone_is_told_as_missing(service: S3Service, settings: Any) -> None:
    stored = put()
    service.client().delete_object(Bucket=BUCKET, Key=place_of(stored, settings))
    with pytest.raises(RuleBroken) as refused:
        read_file(stored)
    assert refused.value.code == "file_content_missing"
    assert adapters.look(stored.sha256) == (b"", 0)


def test_everything_in_the_bucket_is_listed_also_beyond_one_answer(service: S3Service, settings: Any) -> None:
    client, names = service.client(), [hashlib.sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(1050)]
    with ThreadPoolExecutor(8) as pool:
        for each in pool.map(
            lambda name: client.put_object(
                Bucket=BUCKET, Key=f"{settings.TEST_PREFIX}/{storage_path(name)}", Body=b"x"
            ),
            names,
        ):
            assert each["ResponseMetadata"]["HTTPStatusCode"] == 200
    client.put_object(Bucket=BUCKET, Key=f"{settings.TEST_PREFIX}/read-me", Body=b"not ours")
    assert list(adapters.every_hash()) == sorted(names)


def test_content_moves_to_a_new_key_in_the_bucket(service: S3Service, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = put()
    before = state.secret("files")
    monkeypatch.setenv("HOTICH_FILES_KEY", "another-key-" + "x" * 40)
    monkeypatch.setenv("HOTICH_FILES_FORMER_KEYS", before)
    assert read_file(stored) == CONTENT  # still under the former one
    assert adapters.is_ours(adapters.head(stored.sha256))
    assert seal_again(stored.sha256)
    assert not seal_again(stored.sha256)
    monkeypatch.setenv("HOTICH_FILES_FORMER_KEYS", "")
    assert read_file(stored) == CONTENT
    monkeypatch.setenv("HOTICH_FILES_KEY", before)
    assert not adapters.is_ours(adapters.head(stored.sha256))


def test_a_master_of_16_megabytes_comes_back() -> None:
    large = os.urandom(16 * 1024 * 1024)
    assert read_file(put(large)) == large


def seal_again_in_blocks(sha256: str) -> bytes:
    """What is read after the content was read and written anew without ever being held whole."""
    content = adapters.get_blocks(sha256)
    adapters.write_blocks(sha256, seal_blocks(adapters.present_key(), content, sha256))
    return adapters.get(sha256)


def test_what_is_larger_goes_in_parts_and_leaves_none_behind(
    service: S3Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "ONE_REQUEST", 5 * 1024 * 1024)
    in_parts = os.urandom(12 * 1024 * 1024)
    stored = put(in_parts)
    assert read_file(stored) == in_parts
    assert b"".join(adapters.get_blocks(stored.sha256)) == in_parts
    assert seal_again_in_blocks(stored.sha256) == in_parts
    assert default_storage.size(storage_path(stored.sha256)) > 12 * 1024 * 1024
    assert service.unfinished() == 0


def test_many_at_once_write_and_read_the_same_and_other_contents() -> None:
    contents = [f"scan {number % 12}".encode() * 3000 for number in range(48)]
    gate = threading.Barrier(8)

    def one(piece: list[bytes]) -> list[bytes]:
        gate.wait(30)
        for content in piece:
            adapters.write(digest(content), seal(adapters.present_key(), content, digest(content)))
        return [adapters.get(digest(content)) for content in piece]

    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(one, [contents[start::8] for start in range(8)]))
    assert read == [contents[start::8] for start in range(8)]
    assert len(list(adapters.every_hash())) == 12


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_when_the_network_breaks_nothing_is_half_written_and_the_same_act_works_later(
    service: S3Service, settings: Any
) -> None:
    stored = put()
    (office,) = offices(1)
    files = [NewFile(f"{n}.pdf", f"page {n}".encode() * 1000, "x/y") for n in range(3)]
    service.stop()
    try:
        with acting(office) as actor:
            for act in (
                lambda: store_files(office_id=office.id, files=files, actor=actor, at=AT),
                lambda: read_file(stored),
                lambda: adapters.can_be_read(stored.sha256),
                lambda: list(adapters.every_hash()),
            ):
                with pytest.raises(RuleBroken) as refused:
                    act()
                assert refused.value.code == "file_storage_away"
            assert StoredFile.objects.count() == 1
    finally:
        service.start()
    assert list(service.objects()).count(place_of(stored, settings)) == 1
    assert list(adapters.every_hash()) == [stored.sha256]
    with acting(office) as actor:
        rows = store_files(office_id=office.id, files=files, actor=actor, at=AT)
        assert [read_file(row) for row in rows] == [file.content for file in files]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"HOTICH_S3_BUCKET": "khong-co-gi"}, "NoSuchBucket"),
        ({"HOTICH_S3_ACCESS_ID": "nguoi-la"}, "InvalidAccessKeyId"),
    ],
)
def test_a_service_that_refuses_is_told_from_one_that_is_away(
    service: S3Service, settings: Any, tmp_path: Any, wrong: dict[str, str], reason: str
) -> None:
    settings.STORAGES = settings.STORAGES | {"default": file_storage(service.settings | wrong, tmp_path)}
    with pytest.raises(RuleBroken) as refused:
        put()
    assert (refused.value.code, refused.value.params["reason"]) == ("file_storage_refused", reason)


def test_what_the_service_encrypts_of_its_own_is_asked_for(service: S3Service, settings: Any, tmp_path: Any) -> None:
    wanted = service.settings | {"HOTICH_S3_ENCRYPTION": "AES256", "HOTICH_S3_PREFIX": settings.TEST_PREFIX}
    settings.STORAGES = settings.STORAGES | {"default": file_storage(wanted, tmp_path)}
    stored = put()
    told = service.client().head_object(Bucket=BUCKET, Key=place_of(stored, settings))
    assert told["ServerSideEncryption"] == "AES256"
    assert read_file(stored) == CONTENT


def test_a_service_behind_tls_is_trusted_by_its_own_authority_only(
    settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    service = S3Service(tmp_path_factory.mktemp("s3-tls"), tls=True)
    try:
        folder = tmp_path_factory.mktemp("none")
        settings.STORAGES = settings.STORAGES | {"default": file_storage(service.settings, folder)}
        assert read_file(put()) == CONTENT
        strange = service.settings | {"HOTICH_S3_CA": ""}
        settings.STORAGES = settings.STORAGES | {"default": file_storage(strange, folder)}
        with pytest.raises(RuleBroken) as refused:
            put(b"another")
        assert (refused.value.code, refused.value.params["reason"]) == ("file_storage_away", "SSLError")
    finally:
        service.stop()
