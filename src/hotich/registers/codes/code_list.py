"""What a code list is, and how the words of a book find their code in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from hotich.kernel.text import clean_text, strip_marks
from hotich.registers.types.declaration import Label

_SEPARATORS = re.compile(r"[\s\-–'’`.,_/]+")
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Code:
    """One entry. `code` is what we store; `aliases` are other words for it, old names and other spellings."""

    code: str
    label: Label
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    verified: bool = True  # False: from memory or our proposal, shown as "chưa kiểm chứng"
    read_as: str = ""  # the code that its words are read as: an unverified code that gave way to a verified one
    source: str = ""  # where one entry comes from, if not from where the list does

    def holds_on(self, day: date | None) -> bool:
        """Whether the entry may be used on a day; without a day, always."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word that may mean several codes, or one that a person must confirm. `valid_to`: only until that day."""

    text: str
    candidates: tuple[str, ...]
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The word was recognised, but a person must say what it means. One candidate: confirm it."""

    candidates: tuple[str, ...]


Found = str | Ambiguous | None


@dataclass(frozen=True, eq=False)
class CodeList:
    """A code list. `exchange`: whether workbooks carry its "number" (the code) or its "name" (the Vietnamese label).

    A code whose name changed has an entry for each period. `day` is the day whose names are shown.
    """

    name: str
    label: Label
    entries: tuple[Code, ...]
    exchange: str = "number"
    source: str = ""
    verified: bool = True
    doubts: tuple[Doubt, ...] = ()
    prefixes: tuple[str, ...] = ()  # words that may stand before a name: "dân tộc", "tỉnh"
    confirm_numbers: bool = False  # numbers of several systems are about: never take one without asking
    legal: bool = True  # set by law or by the Ministry, so a second person decides on a change; else operational
    day: date | None = None

    @cached_property
    def by_code(self) -> dict[str, Code]:
        """Code -> its entry of `day`, else its latest one."""
        found = {entry.code: entry for entry in self.entries}
        if self.day is not None:
            found |= {entry.code: entry for entry in self.entries if entry.holds_on(self.day)}
        return found

    @cached_property
    def in_use(self) -> tuple[Code, ...]:
        """The entries to choose from, one a code in the order of the list: those that gave way to others are left out.

        A code that ended stays among them: old books are keyed to this day.
        """
        return tuple(entry for entry in self.by_code.values() if not entry.read_as)

    def on(self, code: str, day: date | None) -> Code | None:
        """The entry of a code on a day; as it is shown today where it had none then; None for an unknown code."""
        if day is not None:
            for entry in self.entries:
                if entry.code == code and entry.holds_on(day):
                    return entry
        return self.by_code.get(code)

    @cached_property
    def is_dated(self) -> bool:
        """Whether an answer may depend on the day."""
        return any(entry.valid_from or entry.valid_to for entry in self.entries) or any(d.valid_to for d in self.doubts)

    @cached_property
    def _words(self) -> tuple[dict[str, tuple[Code, ...]], dict[str, tuple[Code, ...]]]:
        return self._index(marked_key), self._index(bare_key)

    @cached_property
    def _doubts(self) -> tuple[dict[str, Doubt], dict[str, Doubt]]:
        return {marked_key(d.text): d for d in self.doubts}, {bare_key(d.text): d for d in self.doubts}

    def _index(self, key: Callable[[str], str]) -> dict[str, tuple[Code, ...]]:
        made: dict[str, tuple[Code, ...]] = {}
        for entry in self.entries:
            # a code of letters counts only as it stands: "my" is Mỹ without its accent, not the code MY
            own = (entry.code,) if entry.code.isdigit() else ()
            for word in (*own, entry.label.vi, entry.label.en, *entry.aliases):
                known = made.get(key(word), ())
                if entry not in known:
                    made[key(word)] = (*known, entry)
        return made

    def lookup(self, text: str, on: date | None = None) -> Found:
        """The code of a text; None if the list does not know it. Use `find`, which remembers."""
        marked = marked_key(text)
        if not marked:
            return None
        if marked.isdigit():
            return self._by_number(marked, on)
        without = marked_key(_IN_BRACKETS.sub("", text))
        tries = [marked, without, *(k.removeprefix(f"{p} ") for p in self.prefixes for k in (marked, without))]
        for words, doubts, key in zip(self._words, self._doubts, (marked_key, bare_key), strict=True):
            for word in map(key, tries):
                found = self._settle(words.get(word, ()), doubts.get(word), on)
                if found is not None:
                    return found
            code = self.by_code.get(text.strip())
            if code and code.holds_on(on):
                return code.read_as or code.code
        return None

    def _by_number(self, key: str, on: date | None) -> Found:
        found = self._settle(self._words[0].get(key, ()), None, on)
        return Ambiguous((found,)) if self.confirm_numbers and isinstance(found, str) else found

    @staticmethod
    def _settle(entries: tuple[Code, ...], doubt: Doubt | None, on: date | None) -> Found:
        # without a day, a word that was doubtful only in the past has its meaning of today
        if doubt and (doubt.valid_to is None or (on is not None and on <= doubt.valid_to)):
            return Ambiguous(doubt.candidates)
        codes = tuple(dict.fromkeys(entry.read_as or entry.code for entry in entries if entry.holds_on(on)))
        if len(codes) > 1:
            return Ambiguous(codes)
        return codes[0] if codes else None


def marked_key(text: str) -> str:
    """The key under which words are equal but for case, spaces and hyphens. Numbers lose leading zeros."""
    key = _SEPARATORS.sub(" ", clean_text(text).casefold()).strip()
    return (key.lstrip("0") or "0") if key.isdigit() else key


def bare_key(text: str) -> str:
    """The key without marks and separators, for words typed without accents. Numbers as in marked_key."""
    key = _NOT_WORD.sub("", strip_marks(clean_text(text).casefold()))
    return (key.lstrip("0") or "0") if key.isdigit() else key


@lru_cache(maxsize=65536)
def cached_lookup(code_list: CodeList, text: str, on: date | None) -> Found:
    """`lookup`, remembered: a book says the same few words in every row."""
    return code_list.lookup(text, on)
