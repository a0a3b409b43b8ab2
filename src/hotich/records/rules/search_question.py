"""What somebody looks for: the parts of a search, and how one line of typing is understood as them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from hotich.kernel.dates import DateError, PartialDate, parse_date
from hotich.kernel.names import given_key, keyset, search_key
from hotich.kernel.text import clean_text, strip_marks
from hotich.registers.rules.case import BookRead, NumberRead
from hotich.registers.rules.reading import read_book, read_number

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody else in the same entry. `kind`: mother, father, spouse, or anybody."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """The parts of a search; what was not said is empty. Names stand as typed, tones may be missing."""

    name: str = ""
    birth: PartialDate | None = None
    relatives: tuple[Relative, ...] = ()
    place: str = ""  # words of a place or an office
    number: NumberRead | None = None
    book: BookRead | None = None
    register_type: str = ""
    document: str = ""  # identity number: capital letters and figures, x for an unknown figure

    @property
    def keyset(self) -> str:
        """The sorted syllables of the name, as rows keep them."""
        return keyset(self.name)

    @property
    def given_key(self) -> str:
        """The last syllable of the name."""
        return given_key(self.name)

    @property
    def birth_year(self) -> int | None:
        """The year of birth, if one was said."""
        return self.birth.year if self.birth else None

    @property
    def birth_md(self) -> int | None:
        """Month and day of birth as 1231, if the whole day was said."""
        if self.birth is None or self.birth.precision != "day":
            return None
        return (self.birth.month or 0) * 100 + (self.birth.day or 0)

    @property
    def is_bare(self) -> bool:
        """Whether the name was typed without any marks."""
        return strip_marks(self.name) == self.name

    @property
    def kinds(self) -> list[str]:
        """What was looked for by, without what it was: fit for the trail."""
        parts = {"name": self.name, "birth": self.birth, "relative": self.relatives, "place": self.place,
                 "number": self.number, "book": self.book, "document": self.document}  # fmt: skip
        return [kind for kind, said in parts.items() if said]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said that finds anything (a register or a year alone does not)."""
        return not (self.name or self.number or self.document or self.relatives or self.birth_md)

    @property
    def is_name_alone(self) -> bool:
        """Whether there is a name and no second fact that makes it few."""
        return bool(self.name) and not (self.birth_year or self.relatives or self.place or self.number or self.document)


# ---- one line of typing

_PARTS = re.compile(r"[^\s,;]+|[,;]")
_NUMBER = re.compile(r"\d{1,5}[A-Za-z]?(?:\(\d{1,3}\))?/(?:18|19|20)\d{2}")
_BOOK = re.compile(
    r"\d{1,3}[A-Za-z]?(?:/(?:18|19|20)\d{2})?|\d{1,3}[A-Za-z]?-TP/HT-(?:18|19|20)\d{2}(?:-[A-Z]{2,4})?", re.I
)
_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])[./-](?:18|19|20)\d{2}")
_YEAR = re.compile(r"(?:18|19|20)\d{2}")
_DOCUMENT = re.compile(r"[A-Z]{0,2}\d[\dX?*]{6,13}", re.I)
_DAY_OR_MONTH = re.compile(r"\d{1,2}")
_SHORT_NUMBER = re.compile(r"\d{1,5}[A-Za-z]?(?:\(\d{1,3}\))?")

PLACE, ANYBODY = "place", "anybody"
# without marks some are syllables of names (Võ, Ba …): these count only between two whole names
_RELATIONS = {"mẹ": "mother", "má": "mother", "cha": "father", "bố": "father", "ba": "father", "vợ": "spouse",
              "chồng": "spouse", "me": "mother", "bo": "father", "vo": "spouse", "chong": "spouse"}  # fmt: skip
_SURE_RELATIONS = frozenset({"mẹ", "bố", "vợ", "chồng"})  # no syllables of names, whatever their case
_TITLES = frozenset({"mẹ", "bố", "bà", "cháu"})
_AFTER_RELATION = frozenset({"la", "ten", "ong", "ba", "cua", "de", "ruot"})
_PLACES = frozenset({"tại", "ở", "xã", "phường", "thị trấn", "đặc khu", "ubnd"})
_BARE_PLACES = frozenset({"xa", "ubnd"})
_REGISTERS = {
    "khai sinh": "KS", "ket hon": "KH", "khai tu": "KT", "giam ho": "GH", "con nuoi": "CN", "ly hon": "LH",
    "cai chinh": "TD", "nhan cha": "CMC",
}  # fmt: skip
_LETTERS = frozenset({"KS", "KH", "KT", "CMC", "HN", "GH", "CDGH", "CN", "LH", "TD"})


@dataclass(slots=True)
class _Reading:
    """The words of the line and what has been taken out of them so far."""

    words: list[str]
    bare: list[str] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.bare = [strip_marks(word).lower() for word in self.words]

    def left(self) -> Iterator[int]:
        return (place for place in range(len(self.words)) if place not in self.taken)

    def letters_before(self, place: int) -> int:
        """How many words of a name stand directly before this one."""
        count = 0
        while place > count and (place - count - 1) not in self.taken and self.bare[place - count - 1][0].isalpha():
            count += 1
        return count

    def letters_after(self, place: int) -> int:
        """How many words of a name stand directly behind this one."""
        count, at = 0, place + 1
        while at < len(self.words) and at not in self.taken and self.bare[at][0].isalpha():
            count, at = count + 1, at + 1
        return count

    def is_name_word(self, place: int) -> bool:
        """Whether the word has a capital that the line gives to names only."""
        word = self.words[place]
        return word[:1].isupper() and not word.isupper() and any(each[:1].islower() for each in self.words)


def understand_text(text: str) -> Question:
    """One line as a question: "nguyen thi lan 1987", "Trần Văn Bảy mẹ Lê Thị Tư", "12/2006 quyển 01", a number.

    With a name beside it, 12/2006 is a month of birth, unless "số" stands before it or a book is named. Nothing is
    refused: what is not understood is part of the name.
    """
    line = clean_text(text[:LONGEST])
    whole = _whole(line)
    if whole is not None:
        return whole
    reading = _Reading(_PARTS.findall(line.replace(":", " ")))
    question = _registers(reading, Question())
    question = _book(reading, question)
    question = _numbers(reading, question)
    question = _birth(reading, question)
    question = _document(reading, question)
    return _names(reading, question)


def _whole(line: str) -> Question | None:
    """A line that is one number only."""
    bare = re.sub(r"[\s.]", "", line)
    if len(bare) >= 7 and _DOCUMENT.fullmatch(bare) and not _DAY.fullmatch(line):
        return Question(document=_document_number(bare))
    number = read_number(line)
    if number is not None and (number.year is not None or len(line) <= 6):
        return Question(number=number)
    return None


def _document_number(text: str) -> str:
    return text.upper().replace("?", "X").replace("*", "X")


def _registers(reading: _Reading, question: Question) -> Question:
    for place in list(reading.left())[:-1]:
        found = _REGISTERS.get(f"{reading.bare[place]} {reading.bare[place + 1]}")
        if found and not reading.is_name_word(place + 1):
            reading.taken |= {place, place + 1}
            if found == "CMC":
                reading.taken |= {at for at in (place + 2, place + 3) if reading.bare[at : at + 1] in (["me"], ["con"])}
            return replace(question, register_type=found)
    for place, word in enumerate(reading.words):
        if word in _LETTERS:
            reading.taken.add(place)
            return replace(question, register_type=word)
    return question


def _book(reading: _Reading, question: Question) -> Question:
    for place in reading.left():
        if reading.bare[place] not in ("quyen", "q", "q."):
            continue
        after = place + 1
        if reading.bare[after : after + 1] == ["so"]:
            after += 1
        if after < len(reading.words) and _BOOK.fullmatch(reading.words[after]):
            reading.taken |= set(range(place, after + 1))
            if reading.bare[place - 1 : place] == ["so"]:
                reading.taken.add(place - 1)
            return replace(question, book=read_book(reading.words[after]))
    return question


def _numbers(reading: _Reading, question: Question) -> Question:
    """The registration number, where the line says or leaves no doubt that it is one."""
    has_name = any(reading.bare[place][0].isalpha() and reading.bare[place] != "so" for place in reading.left())
    for place in reading.left():
        named = place > 0 and reading.bare[place - 1] in ("so", "no", "no.") and place - 1 not in reading.taken
        word = reading.words[place]
        is_short = bool(_SHORT_NUMBER.fullmatch(word)) and (named or question.book is not None) and len(word) <= 6
        if not (_NUMBER.fullmatch(word) or is_short):
            continue
        if has_name and not named and question.book is None and _MONTH.fullmatch(word):
            continue
        if is_short and not named and has_name and _YEAR.fullmatch(word):
            continue
        reading.taken |= {place, place - 1} if named else {place}
        return replace(question, number=read_number(word))
    return question


def _birth(reading: _Reading, question: Question) -> Question:
    """The date, with the words before it that only say that it is one."""
    for first, last, text in _dates(reading):
        try:
            birth = parse_date(text)
        except DateError:
            continue
        reading.taken |= set(range(first, last + 1))
        _take_date_words(reading, first, is_month=birth.precision == "month")
        return replace(question, birth=birth)
    return question


def _dates(reading: _Reading) -> Iterator[tuple[int, int, str]]:
    """Places and text of what may be a date, the most exact kind first."""
    bare, places = reading.bare, list(reading.left())
    for place in places:
        three, five = bare[place : place + 3], bare[place : place + 5]
        if _DAY.fullmatch(bare[place]) or (len(bare[place]) == 8 and bare[place].isdigit()):
            yield place, place, bare[place]
        elif len(five) == 5 and (five[1], five[3]) == ("thang", "nam"):
            yield place, place + 4, "/".join(five[::2])
        elif len(three) == 3 and all(_DAY_OR_MONTH.fullmatch(each) for each in three[:2]) and _YEAR.fullmatch(three[2]):
            yield place, place + 2, "/".join(three)
    for pattern in (_MONTH, _YEAR):
        for place in places:
            if pattern.fullmatch(bare[place]):
                yield place, place, bare[place]


def _take_date_words(reading: _Reading, first: int, *, is_month: bool) -> None:
    """ "sinh năm", "ngày", "sn" before a date; "Sinh", "Năm" and "Nam" stay where they end a short name.

    "thang" is the month only before a month: before a day or a year it is who is called Thắng.
    """
    place = first - 1
    while place >= 0 and place not in reading.taken:
        bare, before = reading.bare[place], reading.bare[place - 1] if place else ""
        is_word_of_month = bare == "thang" and (
            is_month or place + 1 < first or reading.words[place].lower() == "tháng"
        )
        sure = (
            bare in ("ngay", "sn", "ns", "s.n") or is_word_of_month or (bare == "nam" and before in ("sinh", "thang"))
        )
        sure = sure or (bare == "sinh" and place + 1 < first) or (bare == "sinh" and before == "nam")
        likely = bare in ("sinh", "nam") and reading.words[place] != "nam" and reading.letters_before(place) >= 3
        if not (sure or likely) or reading.is_name_word(place):
            return
        reading.taken.add(place)
        place -= 1


def _document(reading: _Reading, question: Question) -> Question:
    for place in reading.left():
        word = re.sub(r"[.\-]", "", reading.words[place])
        if len(word) >= 7 and _DOCUMENT.fullmatch(word):
            reading.taken.add(place)
            before = reading.bare[place - 1] if place else ""
            if before in ("cmnd", "cccd", "cc", "cmt", "hc", "so", "ddcn"):
                reading.taken.add(place - 1)
            return replace(question, document=_document_number(word))
    return question


def _names(reading: _Reading, question: Question) -> Question:
    """The name, the relatives and the place among the words that are left."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for place, word in enumerate(reading.words):
        if place in reading.taken:
            continue
        named = bool(parts[0][1])
        opens_place = word in ",;" or (place > 0 and place - 1 in reading.taken and len(parts[0][1]) > 1)
        if named and opens_place:  # what follows a comma or a date is no longer the name
            parts.append((PLACE, []))
        if word in ",;":
            continue
        kind = _marker(reading, place, opened=parts[-1] == (PLACE, []) or opens_place)
        if kind is not None:
            parts.append((kind, [word] if kind == PLACE and reading.bare[place] not in ("tai", "o") else []))
        elif not place and word.lower() in _TITLES and reading.letters_after(place) > 1:
            continue
        elif parts[-1][1] or parts[-1][0] in ("", PLACE) or not _leads_to_relative(reading, place):
            parts[-1][1].append(word)
    return _put_together(parts, question)


def _leads_to_relative(reading: _Reading, place: int) -> bool:
    """A word between "mẹ" and the name: là, tên, bà …"""
    return reading.bare[place] in _AFTER_RELATION and reading.letters_after(place) >= 1


def _marker(reading: _Reading, place: int, *, opened: bool) -> str | None:
    """What kind of part begins with this word, None for none. `opened`: the name has certainly ended."""
    word, bare = reading.words[place].lower(), reading.bare[place]
    before, after = reading.letters_before(place), reading.letters_after(place)
    if not place or place + 1 >= len(reading.words):
        return None
    following = reading.words[place + 1].lower()
    # "Giàng Thị Ở 1987", "Vàng Thị Ở mẹ …": people are called so, and no place follows
    leads_nowhere = not after or following in _SURE_RELATIONS or following in ("ở", "tại")
    is_name = (reading.is_name_word(place) and not opened) or (word == "ở" and leads_nowhere)
    if not is_name and (
        word in _PLACES
        or f"{word} {following}" in _PLACES
        or (bare in _BARE_PLACES and (opened or before >= 2))
        or (opened and bare in ("tai", "o"))
    ):
        return PLACE
    if bare == "con" and (opened or before >= 2) and after >= 2:
        return {"ông": "father", "ong": "father", "bà": "mother"}.get(following, ANYBODY)
    if bare == "va" and strip_marks(following) in ("ong", "ba") and after >= 2:
        return "father" if strip_marks(following) == "ong" else "mother"
    if word in _SURE_RELATIONS and after:
        return _RELATIONS[word]
    if not is_name and after and (opened or (before >= 2 and after >= 2 and word != "ba")):
        return _RELATIONS.get(word)
    return None


def _put_together(parts: Sequence[tuple[str, list[str]]], question: Question) -> Question:
    name, places, relatives = "", [], list(question.relatives)
    for kind, words in parts:
        text = " ".join(words)
        if not text:
            continue
        if kind == "":
            name = text
        elif kind == PLACE:
            places.append(text)
        elif search_key(text):
            relatives.append(Relative(kind, text))
    return replace(question, name=name if search_key(name) else "", place=" ".join(places), relatives=tuple(relatives))
