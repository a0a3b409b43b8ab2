"""Where the contents of files lie: a folder of the state, or a bucket of an S3 service named by HOTICH_S3_… .

What is wrong with these settings is said before anything starts, in one sentence that names the variable.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

START = "HOTICH_S3_"
KNOWN = (
    "BUCKET",
    "ENDPOINT",
    "ACCESS_ID",
    "SECRET_FILE",
    "REGION",
    "ADDRESSING",
    "ENCRYPTION",
    "KMS_ID",
    "CA",
    "PREFIX",
)
ADDRESSING = ("path", "virtual", "auto")
ENCRYPTION = ("", "AES256", "aws:kms")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*")


def file_storage(environment: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """The entry "default" of STORAGES. Raises ImproperlyConfigured."""
    given = {name[len(START) :]: text.strip() for name, text in environment.items() if name.startswith(START)}
    given = {name: text for name, text in given.items() if text}
    if not given:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    if strange := sorted(set(given) - set(KNOWN)):
        raise _wrong(strange[0], f"is no setting; there are {', '.join(START + name for name in KNOWN)}")
    if not _BUCKET.fullmatch(bucket := given.get("BUCKET", "")):
        raise _wrong("BUCKET", "must name the bucket: 3 to 63 small letters, digits, dots and hyphens")
    endpoint = _endpoint(given.get("ENDPOINT", ""))
    return {
        "BACKEND": "hotich.files.adapters.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint,
            "access_key": given.get("ACCESS_ID") or _missing("ACCESS_ID", "the id of the access key"),
            "secret_key": _secret(given.get("SECRET_FILE", "")),
            "region_name": given.get("REGION", "us-east-1"),
            # services of one's own have no name a bucket
            "addressing": _one_of("ADDRESSING", given.get("ADDRESSING", "path" if endpoint else "auto"), ADDRESSING),
            "object_parameters": _encryption(given),
            "verify": _authorities(given.get("CA", "")),
            "location": _prefix(given.get("PREFIX", "")),
        },
    }


def _wrong(name: str, text: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{START}{name} {text}")


def _missing(name: str, what: str) -> str:
    raise _wrong(name, f"is missing: {what}")


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise _wrong(name, f"is “{text}”, must be one of {', '.join(filter(None, allowed))}")
    return text


def _endpoint(text: str) -> str | None:
    """The address of the service; none for that of Amazon. Plain http only within this machine."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise _wrong("ENDPOINT", f"is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/") or parts.query or parts.username:
        raise _wrong("ENDPOINT", "must be https://host or https://host:port, nothing behind it")
    if parts.scheme == "http" and not _is_here(host):
        raise _wrong("ENDPOINT", "must begin with https:// (plain http only for this machine)")
    return text.rstrip("/")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(name: str) -> str:
    """The secret access key stands in a file, so that no list of processes or environment shows it."""
    if not name:
        _missing("SECRET_FILE", "the file with the secret access key, readable by this program only")
    path = Path(name)
    try:
        text, mode = path.read_text(encoding="utf-8").strip(), path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong("SECRET_FILE", f"cannot be read: {name} ({type(error).__name__})") from error
    if not text or len(text.split()) != 1:
        raise _wrong("SECRET_FILE", f"must hold the secret access key and nothing else: {name}")
    if mode & 0o007:
        raise _wrong("SECRET_FILE", f"can be read by everybody on this machine: chmod 600 {name}")
    return text


def _encryption(given: Mapping[str, str]) -> dict[str, str]:
    """What the service adds of its own; contents come to it sealed already."""
    wanted = _one_of("ENCRYPTION", given.get("ENCRYPTION", ""), ENCRYPTION)
    if given.get("KMS_ID") and wanted != "aws:kms":
        raise _wrong("KMS_ID", f"goes with {START}ENCRYPTION=aws:kms only")
    found = {"ServerSideEncryption": wanted} if wanted else {}
    return found | ({"SSEKMSKeyId": given["KMS_ID"]} if given.get("KMS_ID") else {})


def _authorities(name: str) -> str | None:
    """The certificates of the authority that signed the service's own; none: those the library knows."""
    if not name:
        return None
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong("CA", f"cannot be read: {name} ({type(error).__name__})") from error
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise _wrong("CA", f"holds no certificate in PEM form: {name}")
    return name


def _prefix(text: str) -> str:
    if text and (not _PREFIX.fullmatch(text) or ".." in text):
        raise _wrong("PREFIX", "must be a plain path such as scans/commune, without a slash at its ends")
    return text
