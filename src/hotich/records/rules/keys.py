"""Keys for equality: identity numbers as keyed hashes, so that a table of keys tells nobody a number; births."""

from __future__ import annotations

import hmac
import re
from datetime import date

from hotich.kernel.personal_id import PersonalIdError, parse_personal_id
from hotich.kernel.text import clean_text

_NOT_PART = re.compile(r"[\s.\-/]")
# codes of id_doc_type whose number may be the personal identification number: citizen card, other (the card of 2024
# has no code of its own), not told
_MAY_BE_PERSONAL = frozenset({"4", "8", ""})
_TWELVE = re.compile(r"\d{12}")


def plain_number(text: str) -> str:
    """An identity number as it is compared: no spaces, dots or hyphens, capital letters."""
    return _NOT_PART.sub("", clean_text(text)).upper()


def personal_number(personal_id: str, id_type: str, id_number: str) -> str:
    """The twelve digits of the personal identification number, "" if there is none.

    The number of a citizen identity card is that number (Luật Căn cước công dân 2014, Điều 19). Twelve digits of
    another document count only when they are built like one.
    """
    own = plain_number(personal_id)
    if _TWELVE.fullmatch(own):
        return own
    card = plain_number(id_number)
    if id_type not in _MAY_BE_PERSONAL or not _TWELVE.fullmatch(card):
        return ""
    try:
        parse_personal_id(card)
    except PersonalIdError:
        return ""
    return card


def personal_id_key(secret: str, number: str) -> str:
    """The key of a personal identification number; "" for none."""
    return _keyed(secret, f"personal_id\x1f{number}") if number else ""


def id_number_key(secret: str, id_type: str, id_number: str) -> str:
    """The key of a document: its type and number together; "" when one of them is missing.

    Type "0" means no document, "8" any other one: their numbers say nothing about who holds them.
    """
    number = plain_number(id_number)
    if not number or id_type in ("", "0", "8"):
        return ""
    return _keyed(secret, f"id_number\x1f{id_type}\x1f{number}")


def document_key(secret: str, number: str) -> str:
    """The key of a number whatever the document is, for finding only: nobody is linked by it. "" for none."""
    plain = plain_number(number)
    return _keyed(secret, f"document\x1f{plain}") if plain else ""


def _keyed(secret: str, text: str) -> str:
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()


def birth_year(earliest: date | None, latest: date | None) -> int | None:
    """The year of a birth for finding; of an estimate, which means three years, the one in the middle."""
    return None if earliest is None or latest is None else (earliest.year + latest.year) // 2


def birth_md(earliest: date | None, latest: date | None) -> int | None:
    """Month and day as 1231, where the day is known."""
    return earliest.month * 100 + earliest.day if earliest is not None and earliest == latest else None
