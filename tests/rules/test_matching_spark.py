"""Matching on several machines: the same answers as on one, from two real local workers; what is missing is said clearly."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from hotich.kernel.problems import RuleBroken
from hotich.matching.batch import Order, Progress, match_files
from hotich.matching.command_line import main
from hotich.matching.declared import DECLARED
from hotich.matching.messages import MESSAGES
from hotich.matching.spark import java_version, must_have_spark, spark_engine
from tests.population.files import write_parquet
from tests.population.people import draw

needs_spark = pytest.mark.skipif(
    not (find_spec("pyspark") and shutil.which("java")) and not os.environ.get("HOTICH_REQUIRE_ALL"),
    reason="pyspark or Java is not installed",
)
SAME = "select count(*) from ((from a except all from b) union all (from b except all from a))"


@needs_spark
def test_two_workers_give_the_answers_one_machine_gives(tmp_path: Path) -> None:
    drawn = draw(persons=3_000, records=1_200, seed=11, close_siblings=True)
    files = write_parquet(drawn.records, tmp_path / "r.parquet"), write_parquet(drawn.persons, tmp_path / "p.parquet")
    size = {"threads": 1, "memory": "400MB", "piece": 600}
    here = Order(*files, tmp_path / "here.parquet", DECLARED, candidates=tmp_path / "here-c.parquet", **size)  # type: ignore[arg-type]
    there = Order(*files, tmp_path / "there.parquet", DECLARED, candidates=tmp_path / "there-c.parquet", **size)  # type: ignore[arg-type]
    alone = match_files(here)
    told: list[Progress] = []
    with spark_engine("local-cluster[2,1,1024]") as engine:
        spread = match_files(there, told.append, engine)
        assert engine.executors() == 2  # type: ignore[attr-defined]
    with duckdb.connect() as db:
        for one, other in ((here.out, there.out), (tmp_path / "here-c.parquet", tmp_path / "there-c.parquet")):
            db.execute(f"create or replace view a as from '{one}'")
            db.execute(f"create or replace view b as from '{other}'")
            assert db.execute(SAME).fetchall() == [(0,)]
    assert spread == alone
    assert [(each.done, each.total) for each in told if each.step == "pairs"] == [(0, 2), (1, 2), (2, 2)]
    assert not there.work.exists()


def _java(folder: Path, version: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2020-01-01' >&2\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(("told", "version"), [("17.0.15", 17), ("21", 21), ("1.8.0_392", 8), ("25-ea", 25)])
def test_the_version_of_java_is_read_old_style_and_new(tmp_path: Path, told: str, version: int) -> None:
    assert java_version(str(_java(tmp_path, told))) == version
    assert java_version(str(tmp_path / "none")) is None


@pytest.mark.skipif(
    not find_spec("pyspark") and not os.environ.get("HOTICH_REQUIRE_ALL"), reason="pyspark is not installed"
)
def test_without_a_java_it_can_use_spark_is_refused_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused() -> RuleBroken:
        with pytest.raises(RuleBroken) as told:
            must_have_spark()
        return told.value

    _java(tmp_path / "old", "11.0.2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    assert (refused().code, refused().params) == ("spark_java_version", {"found": 11})
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "none"))
    assert refused().code == "spark_java_missing"
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused().code == "spark_java_missing"
    given = [f"--{name}={tmp_path / name}" for name in ("records", "population", "out")]
    assert main([*given, "--engine", "spark"]) == 2
    assert MESSAGES["spark_java_missing"] in capsys.readouterr().err
    assert list(tmp_path.glob("out*")) == []
