"""A bucket of an S3 service as the storage of sealed files, beside the folder every installation begins with.

One object a content, under the same name as in a folder (ab/cd/hash). A PUT replaces an object whole or not at all,
so nothing is ever half-written. Whatever the service answers becomes a refusal with a stable code: the caller's
transaction is rolled back, and the same act may be tried again later.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import IO, Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from hotich.kernel.problems import RuleBroken

CONNECT_SECONDS, READ_SECONDS = 5, 60
TRIES = 3  # with a growing pause between: a short break of the network is not seen by anybody
ONE_REQUEST = 64 * 1024 * 1024  # what is larger goes in parts, which become an object only when all are there
_NOT_THERE = frozenset({"404", "NoSuchKey", "NotFound", "416", "InvalidRange"})  # an empty object is as good as none
_BUSY = frozenset({"500", "502", "503", "504", "InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout"})


class Bucket(S3Storage):  # type: ignore[misc]  # the package has no types
    """`addressing`, `region` … come from the settings (`config/settings/file_storage.py`)."""

    def __init__(self, *, addressing: str = "path", **options: Any) -> None:
        super().__init__(
            client_config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": TRIES},
                signature_version="s3v4",
                s3={"addressing_style": addressing},
                # not every service knows the newer checksums; our seal and hash prove more than they do
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            transfer_config=TransferConfig(multipart_threshold=ONE_REQUEST, use_threads=False),
            file_overwrite=True,
            **options,
        )

    def read_whole(self, name: str) -> bytes:
        """An object. Raises FileNotFoundError, RuleBroken file_storage_away, file_storage_refused."""
        with _refusals():
            return bytes(self.bucket.Object(self._key(name)).get()["Body"].read())

    def look(self, name: str, first: int) -> tuple[bytes, int]:
        """The first bytes of an object and its size, in one request. Raises as `read_whole`."""
        with _refusals():
            answer = self.bucket.Object(self._key(name)).get(Range=f"bytes=0-{first - 1}")
            start = bytes(answer["Body"].read())
        told = str(answer.get("ContentRange", ""))
        return start[:first], int(told.rpartition("/")[2]) if told else int(answer["ContentLength"])

    def put_whole(self, name: str, content: bytes) -> None:
        """Put an object in the place of what was there. Raises RuleBroken as `read_whole`."""
        self._put(name, io.BytesIO(content))

    def read_blocks(self, name: str, size: int) -> Iterator[bytes]:
        """An object in blocks, fetched as they are taken. Raises as `read_whole`."""
        with _refusals(), closing(self.bucket.Object(self._key(name)).get()["Body"]) as body:
            while block := body.read(size):
                yield block

    def put_blocks(self, name: str, blocks: Iterable[bytes]) -> None:
        """`put_whole` of what comes in blocks: in parts where it is large, an object only when all are there."""
        self._put(name, io.BufferedReader(_Blocks(blocks)))

    def _put(self, name: str, content: IO[bytes]) -> None:
        with _refusals():
            self.bucket.Object(self._key(name)).upload_fileobj(
                content,
                ExtraArgs={"ContentType": self.default_content_type, **self.object_parameters},
                Config=self.transfer_config,
            )

    def every_name(self) -> Iterator[str]:
        """The names of all objects, in order. Raises RuleBroken as `read_whole`."""
        start = f"{self.location}/" if self.location else ""
        with _refusals():
            for found in self.bucket.objects.filter(Prefix=start):
                yield found.key[len(start) :]

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """There is none: a file is handed out by the views that know who may see it, never by an address."""
        raise NotImplementedError("stored files have no address of their own")

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """An object as a file to read from; it is fetched whole."""
        return ContentFile(self.read_whole(name), name)

    def _save(self, name: str, content: File[bytes]) -> str:
        self.put_whole(name, content.read())
        return name

    def _key(self, name: str) -> str:
        return str(self._normalize_name(name))


class _Blocks(io.RawIOBase):
    """Blocks as a stream to read from."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks, self._rest = iter(blocks), memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, target: Any) -> int:
        """As a file does."""
        if not self._rest:
            self._rest = memoryview(next(self._blocks, b""))
        size = min(len(target), len(self._rest))
        target[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


@contextmanager
def _refusals() -> Iterator[None]:
    """What the service or the network says, in our words; names of objects and keys stay out of them."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _NOT_THERE:
            raise FileNotFoundError(code) from error
        if code in _BUSY:
            raise RuleBroken("file_storage_away", reason=code) from error
        raise RuleBroken("file_storage_refused", reason=code or "?") from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise RuleBroken("file_storage_refused", reason=type(error).__name__) from error
    except (BotoCoreError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise RuleBroken("file_storage_away", reason=type(error).__name__) from error
