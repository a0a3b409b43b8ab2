"""The words of a place taken apart: "X. An Nhơn - H. Đạ Tẻh - Lâm Đồng" becomes three parts with their kinds. Pure.

Old books write places in every way: kinds spelled out, shortened (X. H. T. TP TX TT P Q), left out, in capitals, with
commas, dashes or nothing between, with or without accents. Source: registers.md 5.5, 5.6, R-ADDR.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from hotich.kernel.text import TONES, clean_text, strip_marks

DETAIL = "detail"  # hamlets, streets, hospitals: below the commune
ANY = ""

# kind: how it is written, with accents; the accent-less forms are made from these
_WORDS = {
    "township": ("thị trấn", "t.trấn", "t.t.", "t.t", "tt"),
    "town": ("thị xã", "t.xã", "t.x.", "t.x", "tx"),
    "city": ("thành phố", "t.phố", "t.p.", "t.p", "tp"),
    "special_zone": ("đặc khu", "đk"),
    "ward": ("phường", "p", "f"),
    "commune": ("xã", "x"),
    "rural_district": ("huyện", "h"),
    "urban_district": ("quận", "q"),
    "province": ("tỉnh", "t"),
    DETAIL: (
        "thôn", "xóm", "ấp", "bản", "buôn", "bon", "làng", "khu phố", "kp", "khóm", "khối", "khu", "cụm", "đội", "tổ",
        "tổ dân phố", "tdp", "số nhà", "số", "đường", "phố", "ngõ", "ngách", "hẻm", "sóc", "phum", "plei", "chung cư",
        "tiểu khu", "bệnh viện", "bv", "trạm y tế", "nhà hộ sinh", "trung tâm", "nông trường", "lâm trường",
    ),
}  # fmt: skip
_KIND_OF = {strip_marks(word): kind for kind, words in _WORDS.items() for word in words}
_FULL = [form for words in _WORDS.values() for word in words for form in (word, strip_marks(word))]


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


# a kind at the beginning, with accents or without: a dot, a space or a digit follows it
_PREFIX = re.compile(rf"({_alternatives(_FULL)})(?:\.\s*|\s+|(?=\d))(?=\S)")
_LONG = ["thị trấn", "thị xã", "thành phố", "đặc khu", "phường", "xã", "huyện", "quận", "tỉnh"]
_SHORT = r"(?:tt|tx|tp|p|x|h|q|t|f)\.\s*\S|[pqf]\d{1,2}\b|tphcm\b"
_INSIDE = re.compile(rf"(?<=\S)(?<!\bthị)\s+(?=(?:{_alternatives(_LONG)})\s+\S|{_SHORT})")
_BARE_LONG = [strip_marks(word) for word in _LONG]
_INSIDE_BARE = re.compile(rf"(?<=\S)(?<!\bthi)\s+(?=(?:{_alternatives(_BARE_LONG)})\s+\S|{_SHORT})")
_HARD = re.compile(r"[,;\n|/()]+")
_DASH = re.compile(
    r"\s+[-–—]+\s+|\s*[–—]+\s*|-(?=(?:tt|tx|tp|p|x|h|q|t)\.)|-(?=(?:xã|huyện|tỉnh|quận|phường|thị|thành)\s)"
)
# a test holds that every name with a dash in the tables is here
DASHED_NAMES = frozenset(
    {"ba ria vung tau", "gia lai kon tum", "quang nam da nang", "vung tau con dao", "thua thien hue", "gia lai kontum",
     "phan rang thap cham", "van mieu quoc tu giam", "chan mai lang co"}
)  # fmt: skip
# wards of 2025 only: "xã Xuân Trường - Đà Lạt" was a commune of the city
DASHED_WARDS = frozenset(
    {"lam vien da lat", "xuan huong da lat", "cam li da lat", "xuan truong da lat", "lang biang da lat"}
)
_ROMAN_WORDS = (
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
    "xviii", "xix", "xx", "xxi", "xxii", "xxiii", "xxiv", "xxv",
)  # fmt: skip
_ROMAN = {word: str(number) for number, word in enumerate(_ROMAN_WORDS, start=1)}
_NOT_WORD = re.compile(r"[^\w]+")
_ALIASES = {
    "hcm": "ho chi minh", "tphcm": "ho chi minh", "sai gon": "ho chi minh", "saigon": "ho chi minh", "hn": "ha noi",
    "brvt": "ba ria vung tau", "br vt": "ba ria vung tau", "kontum": "kon tum", "con tum": "kon tum",
    "dac lac": "dak lak", "dac lak": "dak lak", "dak lac": "dak lak", "daklak": "dak lak", "daclac": "dak lak",
    "dac nong": "dak nong", "daknong": "dak nong", "bac can": "bac kan", "backan": "bac kan", "plai cu": "pleiku",
    "gia lai kontum": "gia lai kon tum", "gia lai con tum": "gia lai kon tum", "gialai": "gia lai",
    "tt hue": "thua thien hue", "t t hue": "thua thien hue",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlacePart:
    """One part. `kind` is a unit kind, DETAIL or ANY; `marked` keeps accents (tone placement folded), `bare` does not.

    `whole_marked`, `whole_bare`: the part with the words taken for its kind, since "Xa Dung" is a name.
    """

    kind: str
    marked: str
    bare: str
    whole_marked: str
    whole_bare: str
    is_alias: bool = False

    @property
    def has_accents(self) -> bool:
        """Whether the writer used accents in this part."""
        return self.whole_marked != self.whole_bare


@lru_cache(maxsize=65536)
def marked_key(text: str) -> str:
    """Small letters; the tone at the end of its word, so that hoà = hòa; i = y; punctuation is a space."""
    words = []
    for word in _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text.lower())).split():
        decomposed = unicodedata.normalize("NFD", word.replace("y", "i"))
        tones = "".join(char for char in decomposed if char in TONES)
        words.append("".join(char for char in decomposed if char not in TONES).replace("y", "i") + tones)
    return " ".join(_number(word) for word in words)


@lru_cache(maxsize=65536)
def bare_key(text: str) -> str:
    """Small letters without marks; i = y; punctuation is a space; "01" = "1"."""
    words = _NOT_WORD.sub(" ", strip_marks(text.lower())).replace("y", "i").replace("_", " ").split()
    return " ".join(_number(word) for word in words)


def _number(word: str) -> str:
    return str(int(word)) if word.isascii() and word.isdigit() else word


def name_keys(name: str, kind: str) -> tuple[str, str]:
    """Both keys of a name; "VII" as the name of a ward or urban district is its number."""
    marked, bare = marked_key(name), bare_key(name)
    if kind in ("ward", "urban_district") and bare in _ROMAN:
        marked = bare = _ROMAN[bare]
    return marked, bare


@lru_cache(maxsize=65536)
def split_place(text: str) -> tuple[PlacePart, ...]:
    """The parts of a place, as written, most specific first; "Việt Nam" at the end is dropped."""
    parts = [_part(piece) for piece in _pieces(clean_text(text).lower())]
    parts = [part for part in parts if part.whole_bare]
    if parts and parts[-1].whole_bare in ("viet nam", "vn", "chxhcn viet nam"):
        parts.pop()
    return tuple(parts)


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for hard in _HARD.split(text):
        dashed = [piece for piece in _DASH.split(hard) if piece.strip()]
        for piece in _rejoined(dashed):
            pieces += _split_inside(piece.strip())
    return pieces


def _split_inside(piece: str) -> list[str]:
    """Thus "xã An Nhơn huyện Đạ Tẻh" has two parts; "huyen Quan Son" one, though "quan" is also a kind."""
    parts: list[str] = []
    for part in (_INSIDE_BARE if piece.isascii() else _INSIDE).split(piece):
        part = part.strip(" .:-")
        if parts and strip_marks(parts[-1]) in _KIND_OF:
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return parts


def _rejoined(pieces: list[str]) -> list[str]:
    """Names that have a dash of their own are put together again: Bà Rịa - Vũng Tàu."""
    joined: list[str] = []
    for piece in pieces:
        if joined:
            candidate = f"{joined[-1]} {piece}"
            kind, name = _kind_and_name(candidate.strip())
            key = bare_key(name)
            if (key in DASHED_NAMES and kind != DETAIL) or (key in DASHED_WARDS and kind == "ward"):
                joined[-1] = candidate
                continue
        joined.append(piece)
    return joined


def _kind_and_name(piece: str) -> tuple[str, str]:
    found = _PREFIX.match(piece)
    if not found:
        return ANY, piece
    return _KIND_OF[strip_marks(found.group(1))], piece[found.end() :]


@lru_cache(maxsize=65536)
def _part(piece: str) -> PlacePart:
    kind, name = _kind_and_name(piece)
    marked, bare = name_keys(name, kind)
    whole = bare_key(piece)
    alias = _ALIASES.get(bare) or _ALIASES.get(whole)
    if alias and kind != "ward":  # Phường Sài Gòn is a ward of 2025
        kind = kind if kind in ("city", "province") else ANY
        return PlacePart(kind, alias, bare_key(alias), alias, bare_key(alias), is_alias=True)
    return PlacePart(kind, marked, bare, marked_key(piece), whole)
