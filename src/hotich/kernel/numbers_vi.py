"""Numbers in Vietnamese words, as register books write dates and ages out; both directions.

Read: "hai nghìn không trăm linh tám" 2008, "mười sáu" 16, "hăm mốt" 21, "một chín bảy tám" 1978.
Capitals, missing accents and spelling variants (ngàn, lẻ, nhăm, bẩy) do not matter, because no two number words differ
only by their marks. Anything that could be two numbers ("một nghìn chín trăm bảy": 1907 or 1970) is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hotich.kernel.text import clean_text, strip_marks

_DIGITS = {
    "khong": 0,
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "lam": 5,
    "nham": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
}
_TEN = "muoi"
_SHORT_TENS = {"ham": 20, "bam": 30}
_HUNDRED = "tram"
_THOUSAND = frozenset({"nghin", "ngan"})
_MILLION = "trieu"
_ZERO_TENS = frozenset({"linh", "le", "khong"})
NUMBER_WORDS = frozenset({*_DIGITS, *_SHORT_TENS, _TEN, _HUNDRED, *_THOUSAND, _MILLION, "linh", "le"})

# Names of months that belong to the lunar calendar. "tháng một" is January today and was the eleventh lunar month.
LUNAR_MONTH_NAMES = {"gieng": 1, "chap": 12}

_NOT_A_LETTER = re.compile(r"[^0-9a-z]+")
_MOST_WORDS = 30
_WORDS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def fold_words(text: str) -> list[str]:
    """The words of a text in lower case without marks and punctuation: "Hai nghìn, lẻ tám." -> hai nghin le tam."""
    return _NOT_A_LETTER.sub(" ", strip_marks(clean_text(text)).lower()).split()


def parse_number(text: str) -> int | None:
    """The number that words (or figures) say, 0 to 999,999,999; None when they say none or more than one."""
    words = tuple(fold_words(text))
    return number_of(words) if len(words) <= _MOST_WORDS else None


@lru_cache(maxsize=16384)
def number_of(words: tuple[str, ...]) -> int | None:
    """Like `parse_number`, for words already folded by `fold_words`."""
    if not words:
        return None
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) <= 9:
        return int(words[0])
    if not all(word in NUMBER_WORDS for word in words):
        return None
    if _MILLION in words:
        at = words.index(_MILLION)
        head, tail = _below_thousand(words[:at]), _below_million(words[at + 1 :], after_million=True)
        return None if head is None or tail is None else head * 1_000_000 + tail
    return _below_million(words)


def _below_million(words: tuple[str, ...], *, after_million: bool = False) -> int | None:
    if not words:
        return 0 if after_million else None
    for at, word in enumerate(words):
        if word in _THOUSAND:
            head = _below_thousand(words[:at]) if at else None
            tail = _after_thousand(words[at + 1 :])
            return None if head is None or tail is None else head * 1000 + tail
    if after_million:
        return _after_thousand(words)
    plain = _below_thousand(words)
    return _spelled_year(words) if plain is None else plain


def _after_thousand(words: tuple[str, ...]) -> int | None:
    """What follows "nghìn": nothing, hundreds, "lẻ tám", "không tám", "mười sáu", or three figures one by one."""
    if not words:
        return 0
    if _HUNDRED in words:
        return _below_thousand(words)
    if words[0] in _ZERO_TENS and len(words) == 2:
        return _DIGITS.get(words[1])
    if len(words) == 3 and all(word in _DIGITS for word in words):
        return int("".join(str(_DIGITS[word]) for word in words))
    # a single figure could be hundreds ("hai nghìn tám") or units, so only tens may follow
    return _below_hundred(words) if len(words) > 1 or words[0] == _TEN else None


def _below_thousand(words: tuple[str, ...]) -> int | None:
    if _HUNDRED not in words:
        return _below_hundred(words)
    at = words.index(_HUNDRED)
    if at != 1 or words[0] not in _DIGITS:
        return None
    hundreds, rest = _DIGITS[words[0]] * 100, words[at + 1 :]
    if not rest:
        return hundreds
    if rest[0] in _ZERO_TENS:
        return hundreds + _DIGITS[rest[1]] if len(rest) == 2 and rest[1] in _DIGITS else None
    if len(rest) == 1 and rest[0] != _TEN:
        return None  # "chín trăm bảy" is 907 to some and 970 to others
    below = _below_hundred(rest)
    return None if below is None else hundreds + below


def _below_hundred(words: tuple[str, ...]) -> int | None:
    """One figure, "mười …", "hai mươi …", "hăm …", or two figures ("hai lăm")."""
    first, *rest = words
    if first in _SHORT_TENS:
        return _with_unit(_SHORT_TENS[first], rest)
    if first == _TEN:
        return _with_unit(10, rest)
    if first not in _DIGITS:
        return None
    digit = _DIGITS[first]
    if not rest:
        return digit
    if rest[0] == _TEN:
        return _with_unit(digit * 10, rest[1:]) if digit > 1 else None
    return _with_unit(digit * 10, rest) if digit else None


def _with_unit(tens: int, rest: list[str]) -> int | None:
    if not rest:
        return tens
    unit = _DIGITS.get(rest[0]) if len(rest) == 1 else None
    return tens + unit if unit else (tens if unit == 0 and tens > 10 else None)


def _spelled_year(words: tuple[str, ...]) -> int | None:
    """A year told figure by figure ("một chín bảy tám") or as two halves ("mười chín bảy tám", "một chín tám mươi")."""
    if len(words) >= 3 and all(word in _DIGITS for word in words):
        return int("".join(str(_DIGITS[word]) for word in words)) if len(words) <= 9 else None
    found = {
        head * 100 + tail
        for at in range(1, len(words))
        if (head := _below_hundred(words[:at])) is not None and 18 <= head <= 20
        if (tail := _below_hundred(words[at:])) is not None and tail >= 10
    }
    return found.pop() if len(found) == 1 else None


def month_of(words: tuple[str, ...]) -> int | None:
    """The month 1 to 12 that folded words or figures say, "gieng" and "chap" included; None when they say none."""
    if len(words) == 1 and words[0] in LUNAR_MONTH_NAMES:
        return LUNAR_MONTH_NAMES[words[0]]
    number = number_of(words)
    return number if number is not None and 1 <= number <= 12 else None


def parse_month(text: str) -> int | None:
    """The month that a text says: "tháng Giêng" 1, "tháng tư" 4, "Chạp" 12, "07" 7; None when it says none."""
    words = tuple(fold_words(text))
    return month_of(words[1:] if words[:1] == ("thang",) else words)


def number_to_words(number: int) -> str:
    """A number from 0 to 999,999 in words: 2008 "hai nghìn không trăm linh tám". Raises ValueError outside."""
    if not 0 <= number <= 999_999:
        raise ValueError(number)
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _hundreds_to_words(rest)
    head = f"{_hundreds_to_words(thousands)} nghìn"
    return f"{head} {_hundreds_to_words(rest, full=True)}" if rest else head


def _hundreds_to_words(number: int, *, full: bool = False) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds and not full:
        return _tens_to_words(rest)
    head = f"{_WORDS[hundreds]} trăm"
    if not rest:
        return head
    return f"{head} linh {_WORDS[rest]}" if rest < 10 else f"{head} {_tens_to_words(rest)}"


def _tens_to_words(number: int) -> str:
    tens, unit = divmod(number, 10)
    if not tens:
        return _WORDS[unit]
    head = "mười" if tens == 1 else f"{_WORDS[tens]} mươi"
    if not unit:
        return head
    last = {5: "lăm"} | ({1: "mốt", 4: "tư"} if tens > 1 else {})
    return f"{head} {last.get(unit, _WORDS[unit])}"
