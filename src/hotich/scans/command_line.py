"""`hotich scans encode`: the batch on the command line. No Django, no database, no state folder."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.scans.batch import BatchOrder, Progress, encode_folder
from hotich.scans.messages import MESSAGES
from hotich.scans.settings import ScanSettings

PAPERS = ("A4", "A3", "A2")
WORDS = {"pass": "đạt", "review": "cần xem", "refuse": "từ chối"}
CANNOT, STOPPED = 2, 130


def add_encode_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `hotich scans encode`; the management command shares them."""
    settings = ScanSettings()
    parser.add_argument("source", type=Path, nargs="?", metavar="IN", help="a folder of pages, or one file")
    parser.add_argument("target", type=Path, nargs="?", metavar="OUT", help="where the PDFs go; made if missing")
    parser.add_argument("--jobs", type=_at_least_one, metavar="N", help="pages at a time (default: one a core)")
    parser.add_argument("--budget", type=_at_least_one, default=settings.budget, metavar="BYTES", help="of one PDF")
    parser.add_argument("--report", type=Path, metavar="OUT.json", help="default: OUT/bao-cao.json")
    parser.add_argument(
        "--split", choices=("none", "grid"), default="none", help="grid: one PDF a row or form of a page"
    )
    parser.add_argument("--cropped", action="store_true", help="cases cut out and straight already: rectify nothing")
    parser.add_argument("--paper", choices=PAPERS, default="", help="size of the sheets, where it is the same for all")
    parser.add_argument("--dpi", type=_at_least_one, metavar="N", help="of files that state no resolution")
    parser.add_argument("--memory", type=_at_least_one, metavar="MB", help="a worker may take")
    parser.add_argument("--keep-refused", action="store_true", help="best tries of what is refused go to OUT/khong-dat")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace PDFs in OUT that this command has not written"
    )
    parser.add_argument("--lang", choices=("vi", "en"), default="vi", help=argparse.SUPPRESS)


def main(arguments: list[str]) -> int:
    """The exit code: 0 when every file was dealt with, whatever the verdicts; 2 when that cannot be; 130 when stopped."""
    parser = argparse.ArgumentParser(
        prog="hotich scans encode", description="Pages or cases in, one legible PDF a case out."
    )
    add_encode_arguments(parser)
    return encode(vars(parser.parse_args(arguments)))


def encode(options: Mapping[str, Any]) -> int:
    """As `main`, with the options parsed."""
    if options["source"] is None or options["target"] is None:
        return _cannot("hotich scans encode IN OUT")
    order = _order(options)
    again = "Đã dừng. Chạy lại đúng lệnh này để làm tiếp từ chỗ đã dừng."
    try:
        with _stopping_tidily(), _display() as tell:
            report = encode_folder(order, tell)
    except RuleBroken as refusal:
        return _cannot(told(refusal.code, refusal.params))
    except KeyboardInterrupt:
        sys.stderr.write(f"\nhotich: {again}\n")
        return STOPPED
    counts = report["counts"]
    _say(
        f"{counts['files']} tệp: {counts['pass']} đạt, {counts['review']} cần xem, {counts['refuse']} từ chối; "
        f"{counts['pdfs']} PDF trong {order.target}\nBáo cáo: {order.report_path}\n"
    )
    for folder in report["folders_not_read"]:
        sys.stderr.write(f"hotich: {told('scan_folder_not_readable', {'folder': folder})}\n")
    return 0


def _order(options: Mapping[str, Any]) -> BatchOrder:
    settings = replace(ScanSettings(), budget=options["budget"])
    if options["memory"]:
        settings = replace(settings, worker_memory=options["memory"] * 10**6)
    return BatchOrder(
        source=options["source"],
        target=options["target"],
        settings=settings,
        jobs=options["jobs"] or usual_jobs(settings.worker_memory),
        report=options["report"],
        paper=options["paper"],
        dpi=options["dpi"],
        split=options["split"],
        is_cropped=options["cropped"],
        keeps_refused=options["keep_refused"],
        overwrites=options["overwrite"],
    )


def usual_jobs(memory: int) -> int:
    """One a core, as long as the machine's free memory holds half of what each may take."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return cores
    return max(1, min(cores, free // (memory // 2)))


def told(code: str, params: Mapping[str, Any]) -> str:
    """The Vietnamese text of a code; the code itself where it has none."""
    try:
        return MESSAGES[code].format(**params)
    except (KeyError, IndexError):
        return code


def _say(text: str) -> None:
    """At once; a reader that went away (`| head`) does not end the batch."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _cannot(text: str) -> int:
    sys.stderr.write(f"hotich: {' '.join(text.split())}\n")
    return CANNOT


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} < 1")
    return number


@contextmanager
def _stopping_tidily() -> Iterator[None]:
    """A request to end is treated as Ctrl-C: the workers are ended, then we are."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _display() -> Iterator[Any]:
    """How progress is told: a bar on a terminal with the doubtful files above it, else a line for each file."""
    if not sys.stderr.isatty():
        yield lambda progress: _say("".join(f"{line}\n" for line in _lines(progress)))
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Bar(*columns, console=console) as bar:
        task = bar.add_task("", total=None)

        def tell(progress: Progress) -> None:
            bar.update(task, completed=progress.done, total=progress.total)
            if any(entry["verdict"] != "pass" for entry in progress.entries) and not progress.is_known:
                for line in _lines(progress):
                    console.print(line, markup=False, highlight=False, soft_wrap=True)

        yield tell


def _lines(progress: Progress) -> Iterator[str]:
    for entry in progress.entries:
        case = entry["gate"].get("case")
        name = f"{entry['file']} ({case})" if case else entry["file"]
        size = f" {entry['bytes']} byte" if entry["pdf"] else ""
        why = f": {told(entry['reason'], _params(entry))}" if entry["reason"] else ""
        yield f"[{progress.done}/{progress.total}] {_plain(name)}: {WORDS[entry['verdict']]}{size}{why}"


def _params(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    gate = entry["gate"]
    found = [*gate.get("findings", ()), *gate.get("page_findings", ())]
    return next((one["params"] for one in found if one["code"] == entry["reason"]), {})


def _plain(name: str) -> str:
    """A file name without what would command the terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name)
