"""The pieces of a batch made on many machines by Apache Spark: each executor runs the same code in its own DuckDB.

The driver reads, makes the keys and learns the weights; the tables pieces need lie as files in the work folder, which all
machines see under the same path. The results are the same as on one machine, since the same statements make each piece.
The package `pyspark` is optional (extra `spark`); it needs Java 17 or 21.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from hotich.kernel.problems import RuleBroken
from hotich.matching.batch.order import Order
from hotich.matching.batch.pieces import Engine, make_piece, piece_path, put
from hotich.matching.batch.tables import text
from hotich.matching.memory import limit_sql
from hotich.matching.model import Model, from_json, to_json

JAVA = (17, 21)
LOOK_EVERY = 0.2  # seconds between two looks at how far the executors are
SOURCE = Path(__file__).resolve().parents[2]

# table → the steps that need it
_TABLES = {
    "known_text": ("pairs", "answers"), "known_name": ("pairs", "answers"), "record_side": ("pairs", "answers"),
    "person_side": ("pairs", "answers"), "weight": ("best", "answers"),
}  # fmt: skip

# the rows themselves stay in the files of the order: the views of `tables.read_rows`, as the driver made them
_VIEWS = "select sql from duckdb_views() where view_name in ('record_row', 'person_row') and not internal"


def java_version(command: str) -> int | None:
    """The major version of a Java program; None when it is none."""
    try:
        told = subprocess.run([command, "-version"], capture_output=True, text=True, check=False, timeout=60).stderr
    except OSError:
        return None
    found = re.search(r'version "(\d+)(?:\.(\d+))?', told)
    if found is None:
        return None
    return int(found[2] or 0) if found[1] == "1" else int(found[1])


def must_have_spark() -> None:
    """Raises RuleBroken: spark_package_missing, spark_java_missing, spark_java_version."""
    if find_spec("pyspark") is None:
        raise RuleBroken("spark_package_missing")
    home = os.environ.get("JAVA_HOME")
    command = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    found = java_version(command) if command else None
    if found is None:
        raise RuleBroken("spark_java_missing")
    if found not in JAVA:
        raise RuleBroken("spark_java_version", found=found)


@contextmanager
def spark_engine(master: str) -> Iterator[Engine]:
    """An engine for `match_files` on this Spark master, e.g. "spark://host:7077", "local[*]", "local-cluster[2,1,1024]".

    Settings of an installation (memory, cores, queues) come from its `spark-defaults.conf`. Raises RuleBroken as
    `must_have_spark`, and spark_unreachable.
    """
    must_have_spark()
    from pyspark import SparkConf, SparkContext

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = SparkConf().setAppName("hotich match").setMaster(master)
    settings.setIfMissing("spark.ui.enabled", "false")
    settings.setIfMissing("spark.ui.showConsoleProgress", "false")
    settings.setIfMissing("spark.speculation", "false")  # a piece is heavy: nobody makes it twice without need
    settings.setIfMissing(
        "spark.executorEnv.PYTHONPATH", os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])
    )
    try:
        context = SparkContext(conf=settings)
    except Exception as error:  # whatever Java says: no master, no memory, a port in use
        raise RuleBroken("spark_unreachable", master=master) from error
    context.setLogLevel("ERROR")
    try:
        yield _Spark(context)
    finally:
        context.stop()


@dataclass(frozen=True, slots=True)
class _Task:
    """What an executor is told: plain values, the same for all pieces of a step."""

    work: str
    views: tuple[str, ...]
    step: str
    model: str
    threads: int
    memory: str
    duckdb: str
    most_in_block: int

    def __call__(self, piece: int) -> int:
        """Make one piece, on the machine of an executor."""
        if duckdb.__version__ != self.duckdb:
            raise RuntimeError(f"DuckDB {duckdb.__version__} here, {self.duckdb} where the run was started")
        work = Path(self.work)
        if piece_path(work, self.step, piece).exists():
            return piece  # an executor that was lost had made it
        spill = work / f"spill-{self.step}-{piece}-{os.getpid()}"
        with duckdb.connect() as db:
            db.execute(f"set threads = {int(self.threads)}")
            db.execute(limit_sql(self.memory))
            db.execute("set temp_directory = ?", [str(spill)])
            db.execute("set preserve_insertion_order = false")
            for table, steps in _TABLES.items():
                if self.step in steps:
                    db.execute(
                        f"create view {table} as select * from read_parquet({text(str(work / f'{table}.parquet'))})"
                    )
            for statement in self.views:
                db.execute(statement)
            make_piece(db, self.step, from_json(self.model), piece, work, self.most_in_block, self.memory)
        shutil.rmtree(spill, ignore_errors=True)
        return piece


class _Spark:
    def __init__(self, context: Any) -> None:
        self.context = context
        self.shared: set[Path] = set()

    def executors(self) -> int:
        """How many executors there are now."""
        return int(self.context._jsc.sc().getExecutorMemoryStatus().size()) - 1  # the driver counts itself

    def make(
        self,
        db: duckdb.DuckDBPyConnection,
        order: Order,
        step: str,
        model: Model,
        pieces: Sequence[int],
        one_more: Callable[[], None],
    ) -> None:
        """See `Engine.make`. A piece whose executor is lost is made by another one."""
        work = order.work.resolve()
        for table, steps in _TABLES.items():
            path = work / f"{table}.parquet"
            if step in steps and path not in self.shared:
                _share(db, table, path)
                self.shared.add(path)
        views = tuple(row[0] for row in db.execute(_VIEWS).fetchall()) if step == "answers" else ()
        task = _Task(
            str(work), views, step, to_json(model), order.threads, order.memory, duckdb.__version__, order.most_in_block
        )
        job = self.context.parallelize(list(pieces), len(pieces)).map(task)
        self._follow(job, [piece_path(work, step, piece) for piece in pieces], one_more)

    def _follow(self, job: Any, paths: Sequence[Path], one_more: Callable[[], None]) -> None:
        """Wait for a job, telling of the files as they come. What stops us stops the executors."""
        failed: list[BaseException] = []

        def collect() -> None:
            try:
                job.count()
            except BaseException as error:  # handed on to the thread that waits
                failed.append(error)

        thread, told = threading.Thread(target=collect, daemon=True), 0
        thread.start()
        try:
            while told < len(paths) and not failed:
                thread.join(LOOK_EVERY)
                for _ in range(sum(path.exists() for path in paths) - told):
                    told += 1
                    one_more()
        except BaseException:
            self.context.cancelAllJobs()
            raise
        thread.join()
        if failed:
            raise failed[0]


def _share(db: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    """A table of the driver as a file that every machine reads. One that a killed run left may have other codes of names:
    each run writes its own."""
    half = path.with_suffix(".half")
    order = " order by piece, row" if table == "record_side" else ""
    db.execute(f"copy (select * from {table}{order}) to {text(str(half))} (format parquet)")
    put(half, path)
