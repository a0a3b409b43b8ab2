"""Settings of the storage of files: a folder without any, a bucket with good ones, one clear sentence with wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hotich.config.settings.file_storage import file_storage

HERE = Path("/state/files")


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    secret = tmp_path / "secret"
    secret.write_text("a-secret-key\n")
    secret.chmod(0o600)
    return {
        "HOTICH_S3_BUCKET": "so-ho-tich", "HOTICH_S3_ENDPOINT": "https://s3.example.vn:9000/",
        "HOTICH_S3_ACCESS_ID": "hotich",
        "HOTICH_S3_SECRET_FILE": str(secret), "HOTICH_STATE": "/state",
    }  # fmt: skip


def test_without_settings_files_lie_in_the_folder_of_the_state() -> None:
    found = file_storage({"HOTICH_STATE": "/state", "HOTICH_S3_REGION": " "}, HERE)
    assert found == {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HERE}}


def test_with_a_bucket_they_lie_in_the_service(good: dict[str, str]) -> None:
    found = file_storage(good, HERE)["OPTIONS"]
    assert found == {
        "bucket_name": "so-ho-tich", "endpoint_url": "https://s3.example.vn:9000", "access_key": "hotich",
        "secret_key": "a-secret-key", "region_name": "us-east-1", "addressing": "path", "object_parameters": {},
        "verify": None, "location": "",
    }  # fmt: skip
    del good["HOTICH_S3_ENDPOINT"]
    assert file_storage(good, HERE)["OPTIONS"]["addressing"] == "auto"  # Amazon's own


def test_what_the_service_adds_and_whom_it_is_trusted_by_can_be_set(good: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n")
    more = {"HOTICH_S3_ENCRYPTION": "aws:kms", "HOTICH_S3_KMS_ID": "key-1", "HOTICH_S3_CA": str(tmp_path / "ca.pem"),
            "HOTICH_S3_PREFIX": "scans/commune", "HOTICH_S3_ADDRESSING": "virtual"}  # fmt: skip
    found = file_storage(good | more, HERE)["OPTIONS"]
    assert found["object_parameters"] == {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "key-1"}
    assert (found["verify"], found["location"], found["addressing"]) == (
        str(tmp_path / "ca.pem"), "scans/commune", "virtual",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"HOTICH_S3_BUCKET": ""}, "HOTICH_S3_BUCKET must name the bucket"),
        ({"HOTICH_S3_BUCKET": "Sổ Hộ Tịch"}, "HOTICH_S3_BUCKET must name the bucket"),
        ({"HOTICH_S3_BUKET": "a"}, "HOTICH_S3_BUKET is no setting"),
        ({"HOTICH_S3_ENDPOINT": "s3.example.vn"}, "HOTICH_S3_ENDPOINT must be https://host"),
        ({"HOTICH_S3_ENDPOINT": "https://s3.example.vn/bucket"}, "HOTICH_S3_ENDPOINT must be https://host"),
        ({"HOTICH_S3_ENDPOINT": "https://s3.example.vn:port"}, "HOTICH_S3_ENDPOINT is no address"),
        ({"HOTICH_S3_ENDPOINT": "http://s3.example.vn"}, "HOTICH_S3_ENDPOINT must begin with https://"),
        ({"HOTICH_S3_ACCESS_ID": ""}, "HOTICH_S3_ACCESS_ID is missing"),
        ({"HOTICH_S3_SECRET_FILE": ""}, "HOTICH_S3_SECRET_FILE is missing"),
        ({"HOTICH_S3_SECRET_FILE": "/nowhere/secret"}, "HOTICH_S3_SECRET_FILE cannot be read"),
        ({"HOTICH_S3_ADDRESSING": "paths"}, "HOTICH_S3_ADDRESSING is “paths”, must be one of path, virtual, auto"),
        ({"HOTICH_S3_ENCRYPTION": "yes"}, "HOTICH_S3_ENCRYPTION is “yes”"),
        ({"HOTICH_S3_KMS_ID": "key"}, "HOTICH_S3_KMS_ID goes with HOTICH_S3_ENCRYPTION=aws:kms"),
        ({"HOTICH_S3_CA": "/nowhere/ca.pem"}, "HOTICH_S3_CA cannot be read"),
        ({"HOTICH_S3_PREFIX": "/a/"}, "HOTICH_S3_PREFIX must be a plain path"),
        ({"HOTICH_S3_PREFIX": "a/../b"}, "HOTICH_S3_PREFIX must be a plain path"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_that_names_it(
    good: dict[str, str], wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        file_storage(good | wrong, HERE)
    assert str(refused.value).startswith(said)
    assert "a-secret-key" not in str(refused.value)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:8333", "http://localhost:8333", "http://[::1]:8333"])
def test_plain_http_is_for_this_machine_only(good: dict[str, str], endpoint: str) -> None:
    assert file_storage(good | {"HOTICH_S3_ENDPOINT": endpoint}, HERE)["OPTIONS"]["endpoint_url"] == endpoint


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [("", 0o600, "must hold the secret"), ("a b", 0o600, "must hold the secret"), ("a", 0o644, "read by everybody")],
)
def test_a_secret_that_is_empty_or_open_to_all_is_refused(
    good: dict[str, str], tmp_path: Path, text: str, mode: int, said: str
) -> None:
    place = tmp_path / "other"
    place.write_text(text)
    place.chmod(mode)
    with pytest.raises(ImproperlyConfigured) as refused:
        file_storage(good | {"HOTICH_S3_SECRET_FILE": str(place)}, HERE)
    assert said in str(refused.value)
