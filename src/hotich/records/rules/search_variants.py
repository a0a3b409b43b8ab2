"""Which names a typing may have meant: the keys of all known names one slip away, for one probe of an index.

No index of letters is kept: the letters are tried on the question, not on the millions of rows. Only syllables that
occur in some name are kept as variants, so a name of four syllables has about a hundred of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set
from functools import lru_cache
from itertools import pairwise, product

from rapidfuzz.distance import OSA

from hotich.kernel.names import search_key

MOST = 600  # keys a probe asks for; the likeliest slips come first
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_VOWELS = frozenset("aeiouy")
# beginnings that sound alike in some part of the country, or are two spellings of one sound
_ALIKE = (("tr", "ch"), ("s", "x"), ("gi", "d", "r", "v"), ("l", "n"), ("ngh", "ng"), ("gh", "g"), ("k", "c", "q"))


@lru_cache(maxsize=4096)
def slips(syllable: str) -> tuple[str, ...]:
    """Every text one letter away: one wrong, missing, too many, or two neighbours exchanged. Not the syllable itself."""
    cuts = [(syllable[:at], syllable[at:]) for at in range(len(syllable) + 1)]
    found = {a + b[1] + b[0] + b[2:]: None for a, b in cuts if len(b) > 1}
    found |= {a + b[1:]: None for a, b in cuts if b}
    found |= {a + letter + b[1:]: None for a, b in cuts if b for letter in _ALPHABET}
    found |= {a + letter + b: None for a, b in cuts for letter in _ALPHABET}
    found |= dict.fromkeys(sounding_alike(syllable))
    found.pop(syllable, None)
    found.pop("", None)
    return tuple(found)


def sounding_alike(syllable: str) -> Iterator[str]:
    """The syllable with another beginning that sounds alike (tr/ch, s/x, d/gi/r, l/n), or y for i at its end."""
    for group in _ALIKE:
        mine = next((start for start in group if syllable.startswith(start)), None)
        rest = syllable[len(mine) :] if mine else ""
        if rest and rest[0] in _VOWELS:
            yield from (start + rest for start in group if start != mine)
    if len(syllable) > 1 and syllable[-1] in "iy":
        yield syllable[:-1] + ("y" if syllable[-1] == "i" else "i")


def asked_syllables(name: str) -> list[str]:
    """The texts of which one must know whether any name has them, before `keysets` can be made."""
    parts = search_key(name).split()
    found = [asked for part in parts for asked in _asked_of(part)]
    return [*found, *(first + second for first, second in pairwise(parts))]


@lru_cache(maxsize=4096)
def _asked_of(part: str) -> tuple[str, ...]:
    return (*slips(part), *(half for at in range(1, len(part)) for half in (part[:at], part[at:])))


def keysets(name: str, known: Collection[str], *, most: int = MOST) -> list[str]:
    """The keyset of the name, then those of all names one slip away, at most `most`. [] for no name.

    A slip is a letter wrong, missing, too many or exchanged with its neighbour, a blank forgotten or put in by
    mistake, or a beginning that sounds alike; `known` are the syllables that names have.
    """
    parts = search_key(name).split()
    if not parts:
        return []
    found = {_key(parts): None}
    for other in _others(parts, known if isinstance(known, Set) else frozenset(known)):
        if len(found) >= most:
            break
        found[_key(other)] = None
    return list(found)


def is_likely(asked: str, other: str) -> bool:
    """Whether the slip from the keyset `other` to `asked` is one of few: a letter left out, two exchanged, or sounds alike.

    A wrong letter may be any of 25, so that each of the names it may come from is less likely.
    """
    if len(other) > len(asked) or sorted(other) == sorted(asked):
        return True
    mine, theirs = asked.split(), other.split()
    left = [part for part in mine if part not in theirs]
    return len(left) == 1 and any(part in _alike(left[0]) for part in theirs if part not in mine)


@lru_cache(maxsize=4096)
def _alike(syllable: str) -> frozenset[str]:
    return frozenset(sounding_alike(syllable))


@lru_cache(maxsize=512)
def plausible_days(md: int) -> tuple[int, ...]:
    """The days (month * 100 + day) that may have been meant by this one: exchanged with the month, or one figure off."""
    month, day = divmod(md, 100)
    asked = f"{day:02}{month:02}"
    found = {md} | ({day * 100 + month} if day <= 12 else set())
    for month_, day_ in product(range(1, 13), range(1, 32)):
        if OSA.distance(asked, f"{day_:02}{month_:02}", score_cutoff=1) <= 1:
            found.add(month_ * 100 + day_)
    return tuple(sorted(found))


def _key(parts: list[str]) -> str:
    return " ".join(sorted(parts))


@lru_cache(maxsize=4096)
def _places(syllable: str) -> dict[str, int]:
    return {slip: place for place, slip in enumerate(slips(syllable))}


def _others(parts: list[str], known: Set[str]) -> Iterator[list[str]]:
    """The syllables with one slip undone; the given name first, because slips in the surname are the rarest."""
    for place in reversed(range(len(parts))):
        before, part, after = parts[:place], parts[place], parts[place + 1 :]
        place_of = _places(part)  # few syllables are known of the many that are a slip away
        for other in sorted((each for each in known if each in place_of), key=place_of.__getitem__):
            yield [*before, other, *after]
        for at in range(1, len(part)):
            if part[:at] in known and part[at:] in known:
                yield [*before, part[:at], part[at:], *after]
        if after and part + after[0] in known:
            yield [*before, part + after[0], *after[1:]]
