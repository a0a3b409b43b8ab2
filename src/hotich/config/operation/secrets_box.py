"""The secrets of an installation in its backup, sealed for a key that lies on paper (HPKE, RFC 9180).

The installation keeps the public half only: whoever steals machine and backups together still needs the paper to open
secrets that were changed since, and a backup alone opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from hotich.config.operation import places
from hotich.config.operation.manifest import fingerprint
from hotich.database.state import secret, secrets_folder, write_secret_file

NAME = "secrets.sealed"
INFO = b"hotich secrets 1"
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
OF_DATABASE = frozenset({"superuser", "hotich_owner", "hotich_app"})  # a restored database gets new passwords
OF_DATA = ("files", "lookup", "django")  # without these, files, keys of numbers and second factors are lost


class RecoveryKeyError(Exception):
    """The recovery key is none, or not the one of this backup."""


def make_recovery_key() -> str:
    """A new pair: the public half is kept, the private half is returned to be printed, and kept nowhere."""
    key = X25519PrivateKey.generate()
    place = places.recovery_public_key()
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    fresh.write_text(base64.b64encode(key.public_key().public_bytes_raw()).decode() + "\n")
    fresh.replace(place)
    raw = key.private_bytes_raw()
    text = base64.b32encode(raw + hashlib.sha256(raw).digest()[:3]).decode()
    return "-".join(text[start : start + 8] for start in range(0, len(text), 8))


def private_key(text: str) -> X25519PrivateKey:
    """The private half as it was printed; blanks, hyphens and small letters do not matter. Raises RecoveryKeyError."""
    plain = "".join(letter for letter in text.upper() if letter.isalnum())
    try:
        raw = base64.b32decode(plain)
    except ValueError as error:
        raise RecoveryKeyError("this is no recovery key: it has 56 letters and digits") from error
    if len(raw) != 35 or hashlib.sha256(raw[:32]).digest()[:3] != raw[32:]:
        raise RecoveryKeyError("the recovery key has a mistake: one letter or digit is wrong or missing")
    return X25519PrivateKey.from_private_bytes(raw[:32])


def fingerprints() -> dict[str, str]:
    """What the secrets of this installation are recognised by, those of the database left out."""
    return {name: fingerprint(name, secret(name)) for name in sorted(OF_DATA)}


def seal_into(folder: Path) -> bool:
    """Put all secrets into a backup; False when there is no recovery key, so that the backup holds none."""
    place = places.recovery_public_key()
    if not place.exists():
        return False
    key = X25519PublicKey.from_public_bytes(base64.b64decode(place.read_text()))
    found = {
        path.name: path.read_text()
        for path in sorted(secrets_folder().iterdir())
        if path.is_file() and not path.name.startswith(".") and path.name.partition(".")[0] not in OF_DATABASE
    }
    found |= {name: secret(name) for name in OF_DATA}  # also those that come from the environment
    with (folder / NAME).open("wb") as stream:
        stream.write(SUITE.encrypt(json.dumps(found).encode(), key, info=INFO))
        stream.flush()
        os.fsync(stream.fileno())
    return True


def open_box(folder: Path, recovery_key: str) -> dict[str, str]:
    """Name and text of every secret in a backup. Raises RecoveryKeyError."""
    try:
        plain = SUITE.decrypt((folder / NAME).read_bytes(), private_key(recovery_key), info=INFO)
    except FileNotFoundError as error:
        raise RecoveryKeyError(f"{folder} holds no secrets: it was made without a recovery key") from error
    except (InvalidTag, ValueError) as error:
        raise RecoveryKeyError("this recovery key does not open the secrets of this backup") from error
    found: dict[str, str] = json.loads(plain)
    return found


def lay_down(found: dict[str, str]) -> None:
    """Write secrets into the folder of this installation."""
    for name, text in found.items():
        write_secret_file(Path(name).name, text)
