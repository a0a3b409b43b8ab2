"""Which texts are near each other: worked out once for two texts, however many pairs of people have them.

Most pairs are of strangers, and most texts of a pair are equal or nothing alike; `many` asks for likeness only where all that
is asked before it holds, and here the same two texts are compared once, and only where their lengths and letters allow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from rapidfuzz.process import cpdist

from hotich.matching.keys import is_text
from hotich.matching.many import Numbers


class TextsNear:
    """Likeness of the texts of `known_text` and, of columns that have no codes there, of those of the two sides."""

    def __init__(self, db: duckdb.DuckDBPyConnection, columns: Iterable[Numbers]) -> None:
        """`columns`: the codes of all texts that will be compared."""
        self.db = db
        codes, self.texts = _known_texts(db, columns)
        self.place = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.int32)
        self.place[codes] = np.arange(len(codes), dtype=np.int32)
        self.length, self.letters = _letters(self.texts.tolist())

    def measured(self, kind: str, column: str, a: Numbers, b: Numbers, most: int) -> Numbers:
        """See `many.Likeness`."""
        if kind == "edits" and is_text(column):
            return self._edits_of_own_texts(column, a, b, most)
        ours, theirs = self.place.take(a), self.place.take(b)
        if kind == "edits":
            made = np.full(len(a), most + 1, dtype=np.int32)
            may = np.flatnonzero(self._may_be_near(ours, theirs, most))
            made[may] = self._compared(kind, ours.take(may), theirs.take(may), most)
            return made
        return self._compared(kind, ours, theirs, most)

    def _may_be_near(self, a: Numbers, b: Numbers, most: int) -> NDArray[np.bool_]:
        """True wherever so few edits make one text the other: an edit takes away one kind of letter and brings another at
        most, and changes the length by one."""
        letters = np.bitwise_count(self.letters.take(a) ^ self.letters.take(b)) <= 2 * most
        made: NDArray[np.bool_] = letters & (np.abs(self.length.take(a) - self.length.take(b)) <= most)
        return made

    def _compared(self, kind: str, a: Numbers, b: Numbers, most: int) -> Numbers:
        pairs, place = np.unique(a.astype(np.int64) << 32 | b, return_inverse=True)
        one, other = (self.texts.take(side).tolist() for side in (pairs >> 32, pairs & 0xFFFFFFFF))
        if kind == "edits":
            found = cpdist(one, other, scorer=DamerauLevenshtein.distance, score_cutoff=most, dtype=np.int32)
        else:
            found = cpdist(one, other, scorer=JaroWinkler.similarity, dtype=np.float32)
        near: Numbers = found.take(place)
        return near

    def _edits_of_own_texts(self, column: str, a: Numbers, b: Numbers, most: int) -> Numbers:
        """Of texts hardly two people share (`keys.is_text`): nearly all differ in nearly all letters, place by place."""
        made = np.full(len(a), most + 1, dtype=np.int32)
        with self.db.cursor() as db:
            db.register("asked_pair", {"a": a, "b": b, "place": np.arange(len(a), dtype=np.int32)})
            found = db.execute(
                f"select place, damerau_levenshtein(one.text, other.text) as edits from asked_pair "
                f"join known_{column} one on one.code = a join (select code, text from known_{column} union all "
                f"select {own_code_sql(column, 'row')}, {column} from person_side) other on other.code = b "
                f"where {_may_be_near_sql('one.text', 'other.text', most)}"
            ).fetchnumpy()
        made[np.asarray(found["place"])] = found["edits"]
        return made


def own_code_sql(column: str, row: str) -> str:
    """The code of a person's text that no record of the piece has: after those the records have, by the person's row."""
    return f"{row} + (select count(*) from known_{column})"


def _may_be_near_sql(a: str, b: str, most: int) -> str:
    """Cheap to ask, and true wherever so few edits make one text the other: lengths, and letters place by place, of which
    an edit changes two at most unless it shifts the others."""
    return (
        f"case when length({a}) = length({b}) then hamming({a}, {b}) <= {2 * most} or {most} > 1 "
        f"else abs(length({a}) - length({b})) <= {most} end"
    )


def _known_texts(db: duckdb.DuckDBPyConnection, columns: Iterable[Numbers]) -> tuple[Numbers, Numbers]:
    """The codes in these columns that stand for a text, each once, and their texts."""
    given = list(columns)
    seen = np.zeros(max((int(column.max(initial=0)) for column in given), default=0) + 1, dtype=np.bool_)
    for column in given:
        seen[column[column >= 0]] = True
    db.register("asked_code", {"code": np.flatnonzero(seen)})
    found: Any = db.execute("select code, text from asked_code join known_text using (code)").fetchnumpy()
    db.unregister("asked_code")
    return np.asarray(found["code"]), np.asarray(found["text"], dtype=object)


def _letters(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Of each text its length and its letters as a set of bits: the same letter the same bit, whatever bit that is."""
    length = np.array([len(text) for text in texts], dtype=np.int32)
    made = np.zeros(len(texts), dtype=np.uint64)
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    if len(letters):
        some = np.flatnonzero(length)  # reduceat knows no empty part
        starts = (np.cumsum(length) - length)[some]
        made[some] = np.bitwise_or.reduceat(np.uint64(1) << (letters & np.uint32(63)).astype(np.uint64), starts)
    return length, made
