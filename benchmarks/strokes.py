"""Strokes a case on the real keying screen, and how fast it answers a key.

A driver (`strokes_keyer`) keys demo cases. Counted are keys pressed, held Shift or Ctrl aside, against the Telex keys of the
text that is stored. Every case that came out of the screen is compared with the book, so a proposal taken wrongly stops the
run. How fast a key is answered: `strokes_latency`.

`python -m benchmarks strokes [--cases N] [--register KS HN …] [--fresh] [--latency]`; needs Chromium and the built front end,
no database. What was counted is kept, run by run, in the state folder for the script and the cases it was counted with: the
next call goes on from there, and tells what there is of every register. `--latency`: only how fast a key is answered.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, sync_playwright

from benchmarks.screen_host import ScreenHost, opened
from benchmarks.strokes_cases import Run, runs
from benchmarks.strokes_keyer import CHROMIUM, Keyer
from benchmarks.strokes_latency import show_latency
from benchmarks.telex import telex_keys
from hotich.registers.types import REGISTER_TYPES

GOAL = 0.6
UNHURRIED = (
    "--disable-frame-rate-limit",
    "--disable-gpu-vsync",
)  # strokes are counted without waiting for the next 1/60 s

# the same for the tenth of a second after which the list comes: whoever is to choose from it lets the hand rest so long
RESTED = """() => {
  const later = window.setTimeout;
  window.setTimeout = (work, after, ...more) => later(work, after <= 100 ? 0 : after, ...more);
  window.rest = () => new Promise((rested) => later(rested, 0));
}"""


def _texts(item: Mapping[str, Any]) -> dict[str, str]:
    return {code: value for code, value in item["values"].items() if isinstance(value, str)}


def run(arguments: Sequence[str], kept: Path) -> None:
    """Key the cases of every register (or those named) and print the shares; then measure how fast a key is answered."""
    asked = _asked(arguments)
    host = ScreenHost()
    with sync_playwright() as running:
        if not asked.latency:
            counts = Counts(kept / f"strokes-{asked.cases}.json", _print_of(host), fresh=asked.fresh)
            for letters in asked.register:
                _count(running, host, counts, letters, asked.cases)
            counts.show()
        if asked.latency or not asked.named:
            show_latency(running, host, {each.letters: each for each in runs(1, ("KS", "HN"))}.values())


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="strokes")
    parser.add_argument("size", nargs="?", type=int, help="cases a register")
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--register", nargs="+", choices=list(REGISTER_TYPES), metavar="LETTERS")
    parser.add_argument("--fresh", action="store_true", help="forget what was counted before")
    parser.add_argument("--latency", action="store_true")
    asked = parser.parse_args(arguments)
    asked.cases, asked.named = asked.size or asked.cases, bool(asked.register)
    asked.register = asked.register or list(REGISTER_TYPES)
    return asked


def _print_of(host: ScreenHost) -> str:
    """What the counts belong to: the screen as built, and the driver."""
    known = hashlib.sha256()
    for script in (Path(__file__), Path(__file__).with_name("strokes_keyer.py")):
        known.update(script.read_bytes())
    for name in ("hotich/keying.js", "hotich/keying-entry.css"):
        known.update(host.file(name) or b"")
    return known.hexdigest()


class Counts:
    """Strokes and Telex keys of every case, by register and run, in a file that is written after each run."""

    def __init__(self, path: Path, built: str, *, fresh: bool) -> None:
        self.path = path
        kept = json.loads(path.read_text()) if path.exists() and not fresh else {}
        self.kept: dict[str, Any] = kept if kept.get("built") == built else {"built": built, "cases": {}, "whole": []}

    def has(self, run_: Run) -> bool:
        """Whether the run was counted."""
        return run_.id in self.kept["cases"].get(run_.letters, {})

    def is_whole(self, letters: str) -> bool:
        """Whether every run of the register was counted."""
        return letters in self.kept["whole"]

    def add(self, run_: Run, counted: Sequence[tuple[int, int]]) -> None:
        """Keep a run."""
        self.kept["cases"].setdefault(run_.letters, {})[run_.id] = counted
        self._write()

    def close(self, letters: str) -> None:
        """All runs of the register are there."""
        self.kept["whole"].append(letters)
        self._write()

    def show(self) -> None:
        """Print what there is of every register."""
        strokes: dict[str, list[int]] = defaultdict(list)
        stored: dict[str, list[int]] = defaultdict(list)
        for letters in (each for each in REGISTER_TYPES if each in self.kept["cases"]):
            for counted in self.kept["cases"][letters].values():
                strokes[letters] += [pressed for pressed, _ in counted]
                stored[letters] += [keys for _, keys in counted]
        _print(strokes, stored)

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(self.kept))
        new.replace(self.path)


def _count(running: Playwright, host: ScreenHost, counts: Counts, letters: str, cases: int) -> None:
    if counts.is_whole(letters):
        return
    for each in runs(cases, (letters,)):
        if not counts.has(each):
            host.packages[each.id] = each.package
            counts.add(each, _key(running, host, each))
    counts.close(letters)
    print(f"  {letters} counted", flush=True)


def _key(running: Playwright, host: ScreenHost, run_: Run) -> list[tuple[int, int]]:
    counted = []
    with opened(host, running, CHROMIUM, run_.id, UNHURRIED) as page:
        page.evaluate(RESTED)
        keyer = Keyer(page, host, run_)
        for book in run_.cases:
            pressed = keyer.case(book)
            counted.append((pressed, sum(map(telex_keys, book.values()))))
        page.wait_for_function("() => /(^|\\D)0/.test(document.querySelector('[data-outbox-counts]').textContent)")
    mine = [item for item in host.sent if item["package"] == run_.id]
    for book, item in zip(run_.cases, mine, strict=True):
        if _texts(item) != dict(book):
            raise AssertionError(f"{run_.letters}: {set(_texts(item).items()) ^ set(book.items())}")
    return counted


def _print(strokes: Mapping[str, list[int]], stored: Mapping[str, list[int]]) -> None:
    print(f"  {'register':10}{'cases':>7}{'Telex keys':>12}{'strokes':>9}{'share':>8}")
    for letters, pressed in strokes.items():
        keys, share = statistics.mean(stored[letters]), sum(pressed) / sum(stored[letters])
        print(f"  {letters:10}{len(pressed):>7}{keys:>12.0f}{statistics.mean(pressed):>9.0f}{share:>8.0%}")
    share = sum(map(sum, strokes.values())) / sum(map(sum, stored.values()))
    count = sum(map(len, strokes.values()))
    print(f"  {'all':10}{count:>7}{'':>21}{share:>8.0%}   goal: at most {GOAL:.0%}", flush=True)
