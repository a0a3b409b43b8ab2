"""Which texts are near each other: worked out once for two texts, however many pairs of people have them.

Most pairs are of strangers, and most texts of a pair are equal or nothing alike; `many` asks for likeness only where all that
is asked before it holds, and here the same two texts are compared once.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from rapidfuzz.process import cpdist

from hotich.matching.keys import is_text
from hotich.matching.many import Numbers


class TextsNear:
    """Likeness of the texts of `known_text` and, of columns that have no codes there, of those of the two sides."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self.db = db

    def measured(self, kind: str, column: str, a: Numbers, b: Numbers, most: int) -> Numbers:
        """See `many.Likeness`."""
        if kind == "edits" and is_text(column):
            return self._edits_of_own_texts(column, a, b, most)
        pairs, place = np.unique(a.astype(np.int64) << 32 | b.astype(np.int64), return_inverse=True)
        ours, theirs = pairs >> 32, pairs & 0xFFFFFFFF
        codes = np.unique(np.concatenate([ours, theirs]))
        texts = self._texts(column, codes)
        one, other = (texts[np.searchsorted(codes, side)].tolist() for side in (ours, theirs))
        if kind == "edits":
            found = cpdist(one, other, scorer=DamerauLevenshtein.distance, score_cutoff=most, dtype=np.int32)
        else:
            found = cpdist(one, other, scorer=JaroWinkler.similarity, dtype=np.float32)
        near: Numbers = found.take(place)
        return near

    def _texts(self, column: str, codes: Numbers) -> Numbers:
        """The texts of these codes, which are sorted."""
        with self.db.cursor() as db:  # several threads ask
            db.register("asked_code", {"code": codes})
            texts: Any = db.execute(
                "select text from asked_code join known_text using (code) order by code"
            ).fetchnumpy()["text"]
        return np.asarray(texts, dtype=object)

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
