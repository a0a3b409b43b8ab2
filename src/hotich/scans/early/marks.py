"""Marks of pages compared, one with one or one with all of a book at once.

A mark is two halves of equal length: places that clearly have more ink than beside them, and such that have less.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy
import numpy.typing

Words = numpy.typing.NDArray[numpy.uint64]
PLACES = 1024
DIGITS = 2 * PLACES // 4
_WORDS = PLACES // 64
_LEAST_SHARED = 60  # places clear in both: fewer say nothing
_LEAST_SHARE = 0.6  # of the clear places of the fuller one: a form that was filled in later is another page
_MOST_CONTRADICTING = 0.045  # of the places clear in both


def is_same_page(a: str, b: str) -> bool:
    """Whether two marks are of the same sheet; a page without a mark is like no other."""
    return bool(Marks([a]).like(b))


class Marks:
    """Marks of many pages; each is known by its place in the order they came, a page without a mark included."""

    def __init__(self, marks: Iterable[str] = ()) -> None:
        self._words: Words = numpy.zeros((64, 2, _WORDS), numpy.uint64)
        self._count = 0
        for mark in marks:
            self.add(mark)

    def add(self, mark: str) -> None:
        if self._count == len(self._words):
            self._words = numpy.concatenate([self._words, numpy.zeros_like(self._words)])
        words = _words_of(mark)
        if words is not None:
            self._words[self._count] = words
        self._count += 1

    def like(self, mark: str) -> list[int]:
        """The places of all that are of the same sheet, in their order: 20,000 are looked at in some milliseconds."""
        words = _words_of(mark)
        if words is None or not self._count:
            return []
        more, less = self._words[: self._count, 0], self._words[: self._count, 1]
        clear, wanted = more | less, words[0] | words[1]
        shared = _bits(clear & wanted)
        contradicting = _bits((more & words[1]) | (less & words[0]))
        fuller = numpy.maximum(_bits(clear), int(_bits(wanted)))
        same = (shared >= numpy.maximum(_LEAST_SHARED, _LEAST_SHARE * fuller)) & (
            contradicting <= _MOST_CONTRADICTING * shared
        )
        return [int(place) for place in numpy.flatnonzero(same)]


def _words_of(mark: str) -> Words | None:
    """None for a page without a mark, and for a mark of another kind."""
    if len(mark) != DIGITS:
        return None
    return numpy.frombuffer(bytes.fromhex(mark), numpy.uint64).reshape(2, _WORDS)


def _bits(words: Words) -> numpy.typing.NDArray[numpy.int64]:
    return numpy.asarray(numpy.bitwise_count(words).sum(axis=-1), numpy.int64)
