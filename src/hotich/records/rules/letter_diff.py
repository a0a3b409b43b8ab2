"""Two texts letter by letter, for an eye that looks for a slip of the finger: what goes, what comes, what stays."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

LONG = 300  # longer texts are compared by words: quicker, and nobody reads single letters there
ALIKE = 0.35  # less in common than this: the whole text is another, marks on single letters would only confuse


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that stands in the other one too, or does not."""

    text: str
    changed: bool


def letters_apart(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """The old text and the new one in pieces. A letter with its accents is one letter ("ế" ≠ "ê").

    Joined again, the pieces are the texts; the unchanged pieces of both are the same.
    """
    a, b = _parts(old), _parts(new)
    if len(a) > LONG or len(b) > LONG:
        a, b = _words(old), _words(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if a and b and matcher.ratio() < ALIKE:
        return [Piece("".join(a), True)], [Piece("".join(b), True)]
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        same = tag == "equal"
        if a2 > a1:
            before.append(Piece("".join(a[a1:a2]), not same))
        if b2 > b1:
            after.append(Piece("".join(b[b1:b2]), not same))
    return before, after


def _parts(text: str) -> Sequence[str]:
    return list(unicodedata.normalize("NFC", text))


def _words(text: str) -> Sequence[str]:
    return ["".join(letters) for _space, letters in groupby(unicodedata.normalize("NFC", text), key=str.isspace)]
