"""Scans: processor time, share of cases within the budget, and legibility, against OCRmyPDF's optimiser without OCR.

`python -m benchmarks scans [--seeds A B …] [--layouts A B …] [--real FOLDER] [--line-model FILE] [--quick]`.
One core, one thread, same pages.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SEEDS = ["bench-1", "bench-2"]
TIMED = 5
COMPARED_OF_A_LAYOUT = 2  # cases that OCRmyPDF and the reading engines get too: they take most of the time
THREADS = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS")


@dataclass(slots=True)
class Tally:
    """One layout's cases."""

    ours: list[Any] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    theirs: list[tuple[int, str]] = field(default_factory=list)
    losses: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


def run(arguments: list[str]) -> None:
    """Draw, encode, judge, compare, print."""
    cli = argparse.ArgumentParser(prog="python -m benchmarks scans")
    cli.add_argument("--seeds", nargs="+", default=SEEDS, help="pages drawn with seeds that were not tuned on")
    cli.add_argument("--layouts", nargs="+", help="only these layouts of scans_pages.py")
    cli.add_argument("--real", type=Path, help="a folder of real pages, each taken as one case")
    cli.add_argument("--line-model", type=Path, help="configuration of an ONNX line engine, to compare readings with")
    cli.add_argument("--quick", action="store_true", help="without OCRmyPDF and reading engines")
    args = cli.parse_args(arguments)
    _one_core()
    import cv2

    cv2.setNumThreads(1)
    from benchmarks import scans_pages

    readers: dict[str, Any] = {}
    if not args.quick:
        from benchmarks import scans_reading

        readers = scans_reading.engines(args.line_model)
    tallies: dict[str, Tally] = {}
    ones, many = (
        [layout for layout in layouts if layout in (args.layouts or layouts)]
        for layouts in (scans_pages.ONE_CASE, scans_pages.MANY_CASES)
    )
    works = _all_cases(ones, args.seeds, tallies, readers, quick=args.quick)
    if works and not args.quick:
        _print_times([work for work, is_whole in works if not is_whole][:TIMED])
    works = _all_cases(many, args.seeds, tallies, readers, quick=args.quick)
    _print_cases(tallies)
    _print_wholes([_encoded(work) for work, is_whole in works if is_whole])
    if args.real:
        _print_wholes([_encoded(work) for work in scans_pages.real_pages(args.real)])


def _all_cases(
    layouts: Sequence[str], seeds: Sequence[str], tallies: dict[str, Tally], readers: dict[str, Any], *, quick: bool
) -> list[tuple[Any, bool]]:
    """Encode and compare the cases of these layouts; pages of one case, and with True pages of many as a whole."""
    from benchmarks import scans_pages

    pages: list[tuple[Any, bool]] = []
    for name, pixels, truth in scans_pages.drawn_pages(layouts, seeds):
        works = list(scans_pages.cases_of(name, pixels, truth))
        for work in works:
            _case(work, tallies.setdefault(work.layout, Tally()), readers, quick=quick)
        pages.append((scans_pages.Work(name, "whole", [pixels]), True) if len(works) > 1 else (works[0], False))
        print(f"  {name}", flush=True)
    return pages


def _one_core() -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ |= dict.fromkeys(THREADS, "1")


def _busy() -> float:
    """Processor seconds of this process and its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _encoded(work: Any) -> tuple[Any, Any, float]:
    from hotich.scans.encode import encode_case
    from hotich.scans.settings import ScanSettings

    start = _busy()
    made = encode_case(work.sheets, work.dpi, ScanSettings(), title=work.name)
    return work, made, _busy() - start


def _case(work: Any, tally: Tally, readers: dict[str, Any], *, quick: bool) -> None:
    _, made, seconds = _encoded(work)
    tally.ours.append(made)
    tally.seconds.append(seconds)
    if made.verdict != "pass":
        print(f"  {made.verdict}: {work.name}: {made.method} {made.dpi} dpi {made.gate.as_json()['findings']}")
    if quick or len(tally.theirs) >= COMPARED_OF_A_LAYOUT:
        return
    from benchmarks import scans_reading

    for name, rates in scans_reading.losses(work, made.pdf, readers).items():
        tally.losses.setdefault(name, []).append(rates)
        print(f"    {work.name}, {name}: error rate {rates[0]:.4f} before, {rates[1]:.4f} after")
    with tempfile.TemporaryDirectory() as scratch:
        pdf = _ocrmypdf([_as_jpeg(work, index, scratch) for index in range(len(work.sheets))], work.dpi, Path(scratch))
        tally.theirs.append((len(pdf), _gate_of_theirs(pdf, work)))
        print(
            f"    {work.name}: ours {made.size} bytes, {made.verdict}; OCRmyPDF {len(pdf)}, {tally.theirs[-1][1]}",
            flush=True,
        )


def _gate_of_theirs(pdf: bytes, work: Any) -> str:
    """The same gate, asking neither for PDF/A nor for the budget: only legibility."""
    from dataclasses import replace

    from hotich.scans.gate import judge
    from hotich.scans.settings import ScanSettings

    free = replace(ScanSettings(), budget=10**9)
    return judge(pdf, work.sheets, work.dpi, free, archival=False).verdict


def _as_jpeg(work: Any, index: int, folder: str) -> Path:
    """A sheet as a scanner delivers it."""
    from PIL import Image

    path = Path(folder) / f"{index:03d}.jpg"
    Image.fromarray(work.sheets[index]).save(path, quality=90, subsampling=1, dpi=(work.dpi, work.dpi))
    return path


def _ocrmypdf(pictures: list[Path], dpi: float, folder: Path) -> bytes:
    """`ocrmypdf -O3 --ocr-engine none`, one job, no Ghostscript; several pictures go in as one PDF of pages."""
    source, target = pictures[0], folder / "theirs.pdf"
    if len(pictures) > 1:
        import img2pdf

        source = folder / "pages.pdf"
        source.write_bytes(img2pdf.convert([str(path) for path in pictures]))
    options = ["-O3", "--ocr-engine", "none", "--jobs", "1", "--quiet", "--rasterizer", "pypdfium"]
    options += ["--output-type", "auto", "--pdfa-backend", "internal"]
    if source.suffix == ".jpg":
        options += ["--image-dpi", str(round(dpi))]
    subprocess.run([sys.executable, "-m", "ocrmypdf", *options, source, target], check=True, capture_output=True)
    return target.read_bytes()


def _print_cases(tallies: dict[str, Tally]) -> None:
    from hotich.scans.settings import ScanSettings

    budget = ScanSettings().budget
    everything = Tally()
    for tally in tallies.values():
        everything.ours += tally.ours
        everything.seconds += tally.seconds
        everything.theirs += tally.theirs
        for name, rates in tally.losses.items():
            everything.losses.setdefault(name, []).extend(rates)
    print(
        "\n| layout | cases | <= budget | pass | review | refuse | bytes median/max | dpi min | SSIM median/min | ",
        end="",
    )
    print("CPU s median/max | theirs <= budget | theirs also legible |\n|---|" + "--:|" * 11)
    for name, tally in {**tallies, "all": everything}.items():
        sizes, verdicts = [made.size for made in tally.ours], [made.verdict for made in tally.ours]
        alike = [made.gate.ssim for made in tally.ours if made.gate.ssim is not None]
        fit = [size <= budget for size, _ in tally.theirs]
        both = [size <= budget and verdict == "pass" for size, verdict in tally.theirs]
        print(
            f"| {name} | {len(sizes)} | {sum(size <= budget for size in sizes)} | {verdicts.count('pass')} | "
            f"{verdicts.count('review')} | {verdicts.count('refuse')} | {statistics.median(sizes):.0f}/{max(sizes)} | "
            f"{min(made.dpi for made in tally.ours)} | {statistics.median(alike):.3f}/{min(alike):.3f} | "
            f"{statistics.median(tally.seconds):.2f}/{max(tally.seconds):.2f} | {sum(fit)} of {len(fit)} | {sum(both)} |"
        )
    print("\n| reading engine | cases | error rate before | after | loss median | loss worst |\n|---|" + "--:|" * 5)
    for name, rates in everything.losses.items():
        lost = [after - before for before, after in rates]
        before, after = (statistics.mean(values) for values in zip(*rates, strict=True))
        print(
            f"| {name} | {len(rates)} | {before:.4f} | {after:.4f} | {statistics.median(lost):.4f} | {max(lost):.4f} |"
        )


def _print_wholes(rows: list[tuple[Any, Any, float]]) -> None:
    print("\n| page, not split | verdict | bytes | method | dpi | CPU s | why |\n|---|---|--:|---|--:|--:|---|")
    for work, made, seconds in rows:
        print(
            f"| {work.name} | {made.verdict} | {made.size} | {made.method} | {made.dpi} | {seconds:.2f} | {made.reason} |"
        )


def _print_times(works: list[Any]) -> None:
    """The same whole pages from JPEG to PDF, the gate included; theirs a file each, and as one file of many pages."""
    import numpy
    from PIL import Image

    from hotich.scans.encode import encode_case
    from hotich.scans.gate import judge
    from hotich.scans.settings import ScanSettings

    settings = ScanSettings()
    with tempfile.TemporaryDirectory() as scratch:
        paths = []
        for index, work in enumerate(works):
            path = Path(scratch) / f"page{index:03d}.jpg"
            _as_jpeg(work, 0, scratch).replace(path)
            paths.append(path)
        ours, gates = [], []
        for path in paths:
            start = _busy()
            sheet = numpy.asarray(Image.open(path).convert("RGB"))
            made = encode_case([sheet], 300, settings, title="page")
            ours.append(_busy() - start)
            start = _busy()
            judge(made.pdf, [sheet], 300, settings)
            gates.append(_busy() - start)
        each = []
        for path in paths:
            start = _busy()
            _ocrmypdf([path], 300, Path(scratch))
            each.append(_busy() - start)
        start = _busy()
        _ocrmypdf(paths, 300, Path(scratch))
        batched = (_busy() - start) / len(paths)
    mine = statistics.median(ours)
    print(f"\n{len(works)} A4 pages of 300 dpi, CPU s a page, median: ours {mine:.2f} (max {max(ours):.2f}), ", end="")
    print(
        f"of it the gate {statistics.median(gates):.2f}; OCRmyPDF a file each {statistics.median(each):.2f}, ", end=""
    )
    print(f"in one file {batched:.2f}; ratio {mine / statistics.median(each):.2f} and {mine / batched:.2f}")
    print(time.strftime("%Y-%m-%d"), "load", os.getloadavg(), "cores", os.cpu_count())
