"""What may be wrong with a name (R-NAME): codes only; severity and text are decided above."""

from __future__ import annotations

import re
from functools import lru_cache

from hotich.kernel.names.split import is_minority_form
from hotich.kernel.text import clean_text

NAME_SINGLE_TOKEN = "name_single_token"
NAME_HAS_DIGIT = "name_has_digit"
NAME_HAS_SYMBOL = "name_has_symbol"
NAME_NO_DIACRITICS = "name_no_diacritics"
NAME_MIXED_ENCODING = "name_mixed_encoding"
NAME_PROBLEM_CODES = (
    NAME_SINGLE_TOKEN,
    NAME_HAS_DIGIT,
    NAME_HAS_SYMBOL,
    NAME_NO_DIACRITICS,
    NAME_MIXED_ENCODING,
)

_ALLOWED = frozenset(" -.'’‘ʼ‑‐")

# Latin-1 signs that TCVN3 fonts used for letters, and traces of UTF-8 read as Latin-1 or of a lost character.
_SIGNS = re.compile("[\u00a1-\u00bf\u00d7\u00f7\u2020-\u2026\u2030\u2039-\u203a\u20ac\u2122\ufffdÞþ]")
# A capital Latin-1 letter right after a small one inside a word: "NguyÔn", "thÞ".
_CAPITAL_INSIDE = re.compile("[a-zà-ÿ][À-ÖØ-ß]")
# VNI writes a vowel and its mark as two letters; pairs that no language of names uses, and pairs that a few do.
_VNI_SURE = re.compile(
    "[aA][âÂêÊùÙøØûÛõÕåÅäÄéÉèÈúÚüÜàÀãÃ]|[eE][ùÙøØûÛõÕâÂáÁåÅãÃäÄ]|[oO][ùÙøØûÛõÕâÂåÅäÄ]|[uU][ùÙøØûÛõÕ]|[öÖ][ùÙøØûÛõÕïÏ]"
)
_VNI_MAYBE = re.compile(
    "[aA][ïÏëËáÁ]|[eE][ïÏàÀ]|[uU][ïÏ]|[oO][ïÏ]|[yY][ùÙøØûÛõÕ]|[æÆ]|[ôÔ][ùøûïÙØÛÏ]|[ñÑ](?=[aeouöôy])"
)

# Syllables that stand in correctly written names without any mark ("Mai Lan Anh", "Phan Thanh Nam").
_RIGHT_WITHOUT_MARK_TEXT = (
    "an anh ba ban bang chi chinh chung cao cam dan danh dung du duy giang giao gia hao hanh hoa hoan huy in kha khai"
    " khang khanh khoa khoan kim la lai lam lan lang lanh linh loan long ly ma mai mi minh my na nam nga ngan ngoan nhi"
    " nhung ni ninh oanh ong phan phi phong quang quy san sang sao sen sinh song sung tam tang thanh thao than thoa"
    " thoan thu thy trang trinh trung tuy uy vi vinh vui vy xinh y"
)
_RIGHT_WITHOUT_MARK = frozenset(_RIGHT_WITHOUT_MARK_TEXT.split())
_BARE_SYLLABLE = re.compile(
    "(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu?|r|s|th?|tr|v|x)?"
    "(?:a(?:ch|ng|nh|[cimnoptuy])?|e(?:ch|ng|nh|[cmnoptu])?|i(?:a|ch|nh|ng|[mnptu]|e(?:ng|[cmnptu]))?"
    "|oa(?:ch|ng|nh|[cimnopty])?|oe[not]?|o(?:ng|[cimnpt])?|u(?:ng|[acimnptu])?|ua(?:n|ng|t|y)|ue(?:ch|nh)?"
    "|uo(?:ng|[cimnptu])?|uy(?:a|ch|nh|e[nt]|[tu])?|y(?:e[mntu])?)"
)


def name_problems(name: str) -> list[str]:
    """Codes of what may be wrong with a full name, in a fixed order; [] for a good or an empty one.

    name_single_token: one word only (not for forms such as K'Brêu or Y-Bih); name_has_digit; name_has_symbol: anything
    but letters, spaces, hyphens, dots and apostrophes; name_no_diacritics: several Vietnamese syllables, not one mark
    (never for minority or foreign names, nor when every word may stand without); name_mixed_encoding: remnants of
    TCVN3, VNI or of UTF-8 read wrongly, which then explain the symbols and missing marks.
    """
    return list(_problems(name))


@lru_cache(maxsize=65536)
def _problems(name: str) -> tuple[str, ...]:
    text = clean_text(name)
    if not text:
        return ()
    words = text.split()
    found = []
    if len(words) == 1 and not is_minority_form(text):
        found.append(NAME_SINGLE_TOKEN)
    if any(char.isnumeric() for char in text):
        found.append(NAME_HAS_DIGIT)
    if has_encoding_remnants(name):
        return (*found, NAME_MIXED_ENCODING)
    if any(not (char.isalpha() or char.isnumeric() or char in _ALLOWED or _is_mark(char)) for char in text):
        found.append(NAME_HAS_SYMBOL)
    if _lacks_marks(text, words):
        found.append(NAME_NO_DIACRITICS)
    return tuple(found)


def _is_mark(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


def _lacks_marks(text: str, words: list[str]) -> bool:
    if len(words) < 2 or not text.isascii() or is_minority_form(text):
        return False
    syllables = [word for word in re.split(r"[^a-z]+", text.lower()) if word]
    foreign = any(not _BARE_SYLLABLE.fullmatch(word) for word in syllables)
    return not foreign and not all(word in _RIGHT_WITHOUT_MARK for word in syllables)


def has_encoding_remnants(text: str) -> bool:
    """Whether letters of an old encoding shine through: "NguyÔn thÞ h­êng" (TCVN3), "Ñaëng Vaên Ñöùc" (VNI).

    One doubtful pair is not enough ("Michaël", "Saïd" are names); two are.
    """
    if text.isascii():
        return False
    if _SIGNS.search(text) or _CAPITAL_INSIDE.search(text) or _VNI_SURE.search(text):
        return True
    return len(_VNI_MAYBE.findall(text)) > 1
