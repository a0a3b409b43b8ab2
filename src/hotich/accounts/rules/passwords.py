"""What a password may not contain, and the one-time passwords an administrator hands over."""

from __future__ import annotations

import re
import secrets
import unicodedata
from itertools import pairwise

MIN_LENGTH = 12
# Without the characters that are misread when dictated or copied from paper: 0 O o, 1 l I.
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def _plain(text: str) -> str:
    marks_off = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "d"))
    return "".join(c for c in marks_off if not unicodedata.combining(c)).casefold()


def holds_own_words(password: str, *, login: str, full_name: str) -> bool:
    """Whether the password contains the login name, the whole name, or two parts of the name one after the other.

    Marks, case, spaces and punctuation do not hide it. One part alone ("Anh") is too short to tell anything.
    """
    inside = re.sub(r"[^a-z0-9]", "", _plain(password))
    parts = re.findall(r"[a-z0-9]+", _plain(full_name))
    pairs = ["".join(pair) for pair in pairwise(parts)]
    words = [re.sub(r"[^a-z0-9]", "", _plain(login)), *pairs]
    return any(len(word) >= 4 and word in inside for word in words)


def one_time_password() -> str:
    """A random password to be handed over once: four groups of five characters, about 115 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
