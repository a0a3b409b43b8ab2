"""`hotich match`: files of records and of a population in, one answer a record out. No Django, no installation."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.matching.batch import Order, Progress, Summary, match_files
from hotich.matching.batch.order import PIECE
from hotich.matching.batch.pieces import Engine, ThisProcess
from hotich.matching.declared import DECLARED
from hotich.matching.messages import MESSAGES
from hotich.matching.model import read_model, to_json

CANNOT, STOPPED = 2, 130
STEPS = {
    "reading": "đọc tệp",
    "keys": "lập khóa so sánh",
    "pairs": "tìm và so các cặp",
    "training": "trọng số",
    "best": "chọn người giống nhất",
    "answers": "kết luận",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `hotich match`."""
    parser.add_argument("--records", type=Path, required=True, metavar="FILE.parquet", help="persons of the registers")
    parser.add_argument(
        "--population", type=Path, required=True, metavar="FILE.parquet", help="persons to find them among"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="OUT.parquet", help="one row a record")
    parser.add_argument(
        "--model", type=Path, metavar="MODEL.json", help="weights to use; default: learnt from the files"
    )
    parser.add_argument("--save-model", type=Path, metavar="MODEL.json", help="where the weights used are written")
    parser.add_argument("--threads", type=_at_least_one, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument(
        "--piece", type=_at_least_one, default=PIECE, metavar="N", help=f"records at a time; default: {PIECE}"
    )
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="one machine, or several")
    parser.add_argument(
        "--spark-master", default="local[*]", metavar="URL", help="for spark: e.g. spark://HOST:7077; default: local[*]"
    )
    parser.add_argument("--memory", type=_size, default="4GB", metavar="SIZE", help="that may be used, e.g. 4GB, 800MB")


def main(arguments: list[str]) -> int:
    """The exit code: 0 when every record has its answer; 2 when that cannot be; 130 when stopped (run it again to go on)."""
    parser = argparse.ArgumentParser(prog="hotich match", description="Is each person of a register in the population?")
    add_arguments(parser)
    return match(vars(parser.parse_args(arguments)))


def match(options: Mapping[str, Any]) -> int:
    """As `main`, with the options parsed."""
    try:
        model = DECLARED if options["model"] is None else read_model(options["model"])
        order = Order(
            options["records"].resolve(), options["population"].resolve(), options["out"].resolve(), model,
            threads=options["threads"], memory=options["memory"], piece=options["piece"],
        )  # fmt: skip
        with _engine(options) as engine:
            summary = match_files(order, _tell, engine)
    except RuleBroken as refusal:
        return _cannot(refusal.code, field=refusal.field, **refusal.params)
    except FileNotFoundError as missing:
        return _cannot("matching_file_unreadable", name=Path(missing.filename or "").name)
    except KeyboardInterrupt:
        print("hotich match: đã dừng; chạy lại lệnh để làm tiếp.", file=sys.stderr)
        return STOPPED
    if options["save_model"] is not None:
        options["save_model"].write_text(to_json(summary.model), encoding="utf-8")
    report(summary)
    return 0


@contextmanager
def _engine(options: Mapping[str, Any]) -> Iterator[Engine]:
    if options["engine"] != "spark":
        yield ThisProcess()
        return
    from hotich.matching.spark import spark_engine  # what it needs is an extra

    with spark_engine(options["spark_master"]) as engine:
        yield engine


def _cannot(code: str, **params: Any) -> int:
    print(f"hotich match: {MESSAGES[code].format(**params)}", file=sys.stderr)
    return CANNOT


def _tell(progress: Progress) -> None:
    print(f"{STEPS[progress.step]}: {progress.done}/{progress.total}", file=sys.stderr, flush=True)


def report(summary: Summary) -> None:
    """Print what came out; of blocks that were too big the columns and sizes, no names."""
    words = {
        "equal": "trùng khớp",
        "different": "không trùng khớp",
        "absent": "không tìm thấy",
        "clerk": "cần cán bộ xem",
    }
    print(f"{summary.records} dòng, {summary.persons} người, {summary.pairs} cặp đã so")
    for code, label in words.items():
        print(f"  {label} ({code}): {summary.outcomes.get(code, 0)}")
    for cut in summary.cuts:
        key, many = " + ".join(cut.rule), f"{cut.blocks} nhóm, lớn nhất {cut.largest} người, {cut.records} dòng"
        print(f"khóa quá phổ biến ({key}): {many}; chỉ so với người trùng thêm một thông tin")


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1, 2, 3 …")
    return number


def _size(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]*(\.[0-9]+)?\s*(MB|GB|MiB|GiB)", text):
        raise argparse.ArgumentTypeError("4GB, 800MB …")
    return text
