"""What may be asked for beyond one's offices: a coded list, each purpose with its legal basis.

The bases are from memory and from decree 87/2020, articles 8 and 13; `verified` False is shown as "chưa kiểm chứng".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

OTHER = "other"
OTHER_WORDS_MIN = 10  # letters of an own purpose, so that it says something
DOSSIER = re.compile(r"[0-9A-Za-zĐđ][0-9A-Za-zĐđ./_-]{2,39}")


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose: its code, the code of its words in the messages, its legal basis."""

    code: str
    basis: str
    verified: bool = False

    @property
    def words(self) -> str:
        """The code of its name in the messages."""
        return f"purpose_{self.code}"


_TABLE = (
    Purpose("extract_copy", "Luật Hộ tịch 2014 Đ62–64"),
    Purpose("confirm_information", "NĐ 87/2020 Đ13"),
    Purpose("marital_status", "NĐ 123/2015 Đ21–23"),
    Purpose("registration", "Luật Hộ tịch 2014 Đ5; NĐ 87/2020 Đ8"),
    Purpose("change_note", "Luật Hộ tịch 2014 Đ28, Đ30"),
    Purpose("verification", "NĐ 87/2020 Đ8"),
    Purpose("digitisation", "TT 01/2022 Đ11"),
    Purpose(OTHER, ""),
)
PURPOSES: Mapping[str, Purpose] = MappingProxyType({purpose.code: purpose for purpose in _TABLE})


def fault_of(purpose: str, words: str, dossier: str) -> tuple[str, str] | None:
    """(code of the refusal, field) when purpose and case do not suffice; None when they do.

    The case number is a number, not words: letters without blanks, with a figure in it, so that no name gets in.
    """
    if purpose not in PURPOSES:
        return "purpose_missing", "purpose"
    if purpose == OTHER and sum(map(str.isalpha, words)) < OTHER_WORDS_MIN:
        return "purpose_words_missing", "purpose_words"
    if not DOSSIER.fullmatch(dossier.strip()) or not any(map(str.isdigit, dossier)):
        return "dossier_missing", "dossier"
    return None
