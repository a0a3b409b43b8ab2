"""`--memory` covers DuckDB and the columns of numbers beside it."""

from pathlib import Path

import duckdb
import pytest

from hotich.kernel.problems import RuleBroken
from hotich.matching import memory
from hotich.matching.batch.tables import must_have_ids
from hotich.matching.memory import (
    BYTES_A_PAIR,
    BYTES_A_PERSON,
    BYTES_AN_ID,
    LEAST_AT_ONCE,
    MOST_AT_ONCE,
    limit_sql,
    shares,
)


@pytest.mark.parametrize(
    ("told", "size"),
    [("4GB", 4 * 10**9), ("800MB", 8 * 10**8), ("1.5 GiB", 3 * 2**29), ("512 mib", 2**29), ("900000000", 9 * 10**8)],
)
def test_both_parts_together_are_the_size_that_was_told(told: str, size: int) -> None:
    made = shares(told)
    assert made.database + made.numbers == size
    assert made.database > made.numbers > 0


@pytest.mark.parametrize("told", ["", "much", "-1GB", "4 GG", "80%"])
def test_what_is_no_size_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match="no size"):
        shares(told)


@pytest.mark.parametrize("persons", [1_000, 1_000_000, 20_000_000])
@pytest.mark.parametrize("told", ["500MB", "1GB", "2GB", "4GB", "64GB"])
def test_pairs_judged_at_once_fit_their_part_or_are_as_few_as_make_sense(told: str, persons: int) -> None:
    made = shares(told)
    pairs = made.pairs_at_once(persons)
    assert LEAST_AT_ONCE <= pairs <= MOST_AT_ONCE
    if pairs > LEAST_AT_ONCE:
        assert pairs * BYTES_A_PAIR + persons * BYTES_A_PERSON <= made.numbers


def test_less_memory_never_means_more_pairs_at_once() -> None:
    many = [shares(told).pairs_at_once(1_000_000) for told in ("300MB", "1GB", "2GB", "4GB", "16GB")]
    assert many == sorted(many)
    assert many[0] < many[2] < many[-1]


@pytest.mark.parametrize("told", ["500MB", "4GB"])
def test_ids_held_against_each_other_at_once_fit_their_part(told: str) -> None:
    made = shares(told)
    assert LEAST_AT_ONCE < made.ids_at_once() <= made.numbers / BYTES_AN_ID


@pytest.mark.parametrize("kind", ["varchar", "integer"])
def test_an_id_that_is_there_twice_is_found_in_whatever_part_it_falls(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(memory, "LEAST_AT_ONCE", 3)
    path, few = Path("r.parquet"), memory.Shares(0, 0)
    with duckdb.connect() as db:
        db.execute(f"create table record_row as select cast(range as {kind}) as id from range(20)")
        must_have_ids(db, path, "record_row", few)
        for number in range(20):
            db.execute(
                f"create or replace table twice_row as from record_row union all select cast({number} as {kind})"
            )
            with pytest.raises(RuleBroken) as refusal:
                must_have_ids(db, path, "twice_row", few)
            assert refusal.value.params == {"name": "r.parquet", "id": str(number)}


def test_duckdb_is_kept_within_its_part() -> None:
    with duckdb.connect() as db:
        db.execute(limit_sql("1GiB"))
        assert db.execute("select current_setting('memory_limit')").fetchall() == [("768.0 MiB",)]
