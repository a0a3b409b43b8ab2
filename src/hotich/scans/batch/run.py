"""A folder of pages → one PDF a case and a report; goes on where it was stopped."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.scans.batch.folder import KEPT_APART, SourceFile, files_of, stems_of
from hotich.scans.batch.journal import Journal, hash_of_file
from hotich.scans.batch.order import CaseResult, FileOrder, FileResult, Splitting, settings_key
from hotich.scans.batch.report import Entry, finished, write_report
from hotich.scans.settings import ScanSettings
from hotich.scans.workers import Outcome, WorkersBroken, run_isolated

IN_A_WORKER = "hotich.scans.batch.one_file:encode_file"
# depends on what else the machine does: worth another try next time
PASSING = {"worker_crashed", "worker_timeout", "worker_memory", "worker_failed", "scan_changed_meanwhile"}
PDF_NAME = re.compile(rf"(?:{KEPT_APART}/)?(?P<stem>.*?)(?:--\d+)?\.pdf")


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """`source`: a folder with all below it, or one file. `report`: else OUT/bao-cao.json. `dpi`: where none is stated.

    `is_cropped`: the pages are cases cut out and straight already. `keeps_refused`: best tries go to OUT/khong-dat.
    """

    source: Path
    target: Path
    settings: ScanSettings
    jobs: int = 1
    report: Path | None = None
    paper: str = ""
    dpi: float | None = None
    split: Splitting = "none"
    is_cropped: bool = False
    keeps_refused: bool = False
    overwrites: bool = False

    @property
    def report_path(self) -> Path:
        return self.report or self.target / "bao-cao.json"


@dataclass(frozen=True, slots=True)
class Progress:
    """One file is done: how many of how many, and what became of it. `is_known`: it was done by an earlier run."""

    done: int
    total: int
    entries: tuple[Entry, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    is_known: bool = False


def encode_folder(order: BatchOrder, tell: Callable[[Progress], None]) -> dict[str, Any]:
    """Encode every file of IN into OUT; the report, which is on the disk then.

    Raises RuleBroken scan_in_missing | scan_out_inside_in | scan_out_not_writable | scan_out_in_use |
    scan_out_has_files | scan_no_space | scan_report_not_writable | scan_workers_broken. Whatever stops it, by force
    too, the same order goes on from there.
    """
    _check(order)
    batch = _Batch(order, tell)
    with Journal(order.target) as journal:
        batch.work(journal)
        path = order.report_path
        by_way_of = path.parent if order.report else journal.folder  # a file is only renamed within one disk
        return write_report(path, batch.report(), by_way_of)


def _check(order: BatchOrder) -> None:
    source, target, report = (Path(os.path.realpath(path)) for path in (order.source, order.target, order.report_path))
    if not source.exists():
        raise RuleBroken("scan_in_missing", file=str(order.source))
    if not os.access(source, os.R_OK | (os.X_OK if source.is_dir() else 0)):
        raise RuleBroken("scan_in_not_readable", file=str(order.source))
    if target.is_relative_to(source) or report.is_relative_to(source):
        raise RuleBroken("scan_out_inside_in", folder=str(order.target if target.is_relative_to(source) else report))
    if target.exists() and not target.is_dir():
        raise RuleBroken("scan_out_not_writable", folder=str(order.target), why="ENOTDIR")
    if order.report is not None and (
        report.is_dir() or not report.parent.is_dir() or not os.access(report.parent, os.W_OK)
    ):
        raise RuleBroken("scan_report_not_writable", file=str(order.report))


class _Batch:
    """One run: draws the files, takes what comes back, and knows every entry at the end."""

    def __init__(self, order: BatchOrder, tell: Callable[[Progress], None]) -> None:
        self.order, self.tell = order, tell
        self.files, self.closed = files_of(order.source)
        self.stems = stems_of(file.name for file in self.files if not file.reason)
        self.taken = set(self.stems.values())
        self.entries: dict[str, tuple[Entry, ...]] = {}
        self.marks: dict[str, tuple[tuple[int, str], ...]] = {}
        self.keys: dict[str, str] = {}
        self.peak = 0

    def work(self, journal: Journal) -> None:
        self.journal = journal
        self._spare_what_is_not_ours()
        settings = self.order.settings
        outcomes = run_isolated(
            IN_A_WORKER,
            self._orders(),
            jobs=self.order.jobs,
            seconds=settings.page_seconds,
            memory=settings.worker_memory,
        )
        try:
            with closing(outcomes):  # type: ignore[type-var]
                for outcome in outcomes:
                    self._take(outcome)
        except WorkersBroken as error:
            raise RuleBroken("scan_workers_broken", why=str(error).strip().splitlines()[-1]) from error

    def _spare_what_is_not_ours(self) -> None:
        """PDFs of the names we are going to write that no batch has written. Raises RuleBroken scan_out_has_files."""
        if self.order.overwrites:
            return
        target, own = self.order.target, self.journal.own
        for path in sorted(target.rglob("*.pdf")):
            name = path.relative_to(target).as_posix()
            if name not in own and _stem_of(name) in self.taken:
                raise RuleBroken("scan_out_has_files", folder=str(target), file=name)

    def _orders(self) -> Iterator[tuple[str, FileOrder]]:
        """What has to be done in a worker; the rest is done on the way."""
        for file in self.files:
            if file.reason:
                self._finish(file.name, (_refused(file.name, file.reason),))
                continue
            try:
                order = self._order_of(file)
            except OSError:
                self._finish(file.name, (_refused(file.name, "scan_not_readable"),))
                continue
            key = settings_key(order) + ("+" if self.order.keeps_refused else "")
            self.keys[file.name] = key
            line = self.journal.find(key)
            if line is None:
                yield file.name, order
                continue
            self.marks[file.name] = tuple((page, mark) for page, mark in line["marks"])
            self.peak = max(self.peak, line["peak"])
            self._finish(file.name, tuple(line["entries"]), is_known=True)

    def _order_of(self, file: SourceFile) -> FileOrder:
        order = self.order
        return FileOrder(
            path=str(file.path),
            name=file.name,
            title=self.stems[file.name].rsplit("/", 1)[-1],
            sha256=hash_of_file(file.path),
            settings=order.settings,
            paper=order.paper,
            dpi=order.dpi,
            split=order.split,
            is_cropped=order.is_cropped,
        )

    def _take(self, outcome: Outcome) -> None:
        name = str(outcome.id)
        pdfs: dict[str, bytes] = {}
        seconds = round(outcome.seconds, 3)
        if outcome.is_done:
            result: FileResult = outcome.value
            share = round(seconds / max(len(result.cases), 1), 3)
            entries = tuple(self._entry(name, case, share, pdfs) for case in result.cases)
            self.marks[name] = result.fingerprints
        else:
            entries = (_refused(name, outcome.code, outcome.params, outcome.detail, seconds),)
        self.peak = max(self.peak, outcome.peak)
        facts = {"entries": entries, "marks": self.marks.get(name, ()), "peak": outcome.peak}
        key = "" if outcome.code in PASSING else self.keys[name]
        self.journal.write(name, key, pdfs, facts, self._is_of_others(name))
        self._finish(name, entries, outcome.params)

    def _is_of_others(self, name: str) -> Callable[[str], bool]:
        mine = self.stems[name]
        return lambda pdf: _stem_of(pdf) != mine and _stem_of(pdf) in self.taken

    def _entry(self, name: str, case: CaseResult, seconds: float, pdfs: dict[str, bytes]) -> Entry:
        """The entry of a case; its PDF joins `pdfs` unless it must not look like a good one."""
        stem = self.stems[name] + (f"--{case.number:02d}" if case.number else "")
        gate = dict(case.gate)
        written: str | None = None
        if case.verdict != "refuse":
            written = f"{stem}.pdf"
            pdfs[written] = case.pdf
        elif self.order.keeps_refused and case.pdf:
            gate["best_try"] = f"{KEPT_APART}/{stem}.pdf"
            pdfs[gate["best_try"]] = case.pdf
        return {
            "file": name, "pdf": written, "bytes": len(case.pdf) if written else 0, "dpi": case.dpi,
            "method": case.method, "gate": gate, "verdict": case.verdict, "reason": case.reason, "seconds": seconds,
        }  # fmt: skip

    def _finish(
        self, name: str, entries: tuple[Entry, ...], params: Mapping[str, Any] | None = None, *, is_known: bool = False
    ) -> None:
        self.entries[name] = entries
        self.tell(Progress(len(self.entries), len(self.files), entries, params or {}, is_known))

    def report(self) -> dict[str, Any]:
        order = self.order
        options = {"paper": order.paper, "dpi": order.dpi, "split": order.split, "cropped": order.is_cropped}
        report = finished(self.entries, self.marks)
        return report | {
            "settings": asdict(order.settings) | options,
            "peak_bytes_of_a_worker": self.peak,
            "folders_not_read": self.closed,
        }


def _stem_of(pdf: str) -> str:
    found = PDF_NAME.fullmatch(pdf)
    return found["stem"] if found else pdf


def _refused(
    name: str, code: str, params: Mapping[str, Any] | None = None, detail: str = "", seconds: float = 0.0
) -> Entry:
    gate: dict[str, Any] = {"findings": [{"code": code, "severity": "refuse", "params": dict(params or {})}]}
    if detail:
        gate["detail"] = detail
    return {
        "file": name, "pdf": None, "bytes": 0, "dpi": 0, "method": "", "gate": gate, "verdict": "refuse",
        "reason": code, "seconds": seconds,
    }  # fmt: skip
