"""Strokes a case on the real keying screen, and how fast it answers a key.

A driver keys demo cases as a practised keyer does: it reads the "book", types Vietnamese in Telex, looks after every letter
at the proposal behind the text and takes it (→, or ↓ and Enter) when it is what the book says; no mouse. Counted are keys
pressed, held Shift or Ctrl aside, against the Telex keys of the text that is stored. Every case that came out of the screen
is compared with the book, so a proposal taken wrongly stops the run.

The driver looks at the screen when the frame that answers its key is shown, no earlier, as eyes do.

`python -m benchmarks strokes [--cases N] [--register KS HN …] [--fresh] [--latency]`; needs Chromium and the built front end,
no database. What was counted is kept, run by run, in the state folder for the script and the cases it was counted with: the
next call goes on from there, and tells what there is of every register. `--latency`: only how fast a key is answered.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright, sync_playwright

from benchmarks.screen_host import ScreenHost, opened
from benchmarks.strokes_cases import Run, runs, scanned
from benchmarks.telex import telex_keys
from hotich.registers.types import REGISTER_TYPES

CHROMIUM = os.environ.get("HOTICH_CHROMIUM", "/usr/bin/chromium")
GOAL = 0.6
SLOWED = 4  # times
LATENCY_GOAL = 50  # ms
FEW = 8  # keys of a kind: of fewer nothing is told
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
# what somebody at the screen sees of the field with the focus, of the list, and of a question
EYES = """() => { const shown = new MessageChannel(), waiting = [];
shown.port1.onmessage = () => waiting.shift()();
window.look = async () => {
  await new Promise((seen) => requestAnimationFrame(() => {
    waiting.push(seen);
    shown.port2.postMessage(0);
  }));
  await window.rest?.();
  const field = document.activeElement, row = field.closest(".k-row, td");
  const cell = field.closest(".k-cell");
  const ghost = cell ? cell.querySelector(".k-rest") : null;
  const list = document.getElementById("keying-list");
  return {
    code: field.name || "", id: field.id, text: field.value || "", ghost: ghost ? ghost.textContent : "",
    options: list.hidden ? [] : [...list.children].map((option) => option.textContent),
    asked: Boolean(document.querySelector("dialog[open]")),
    place: document.getElementById("keying-place").textContent,
  };
} }"""
FORM = """() => [...document.querySelectorAll(".k-row")].map((row) => {
  const field = row.querySelector(".k-input");
  return { code: field.name, text: field.value, passed: row.classList.contains("is-passed"),
           closed: row.closest(".kp-body").hidden, part: row.closest(".kp").getAttribute("aria-label"),
           must: field.getAttribute("aria-required") === "true", why: row.querySelector(".k-why").textContent };
})"""


class Keyer:
    """Keys the cases of one package and counts."""

    def __init__(self, page: Page, host: ScreenHost, run: Run) -> None:
        self.page, self.host, self.run = page, host, run
        page.evaluate(EYES)
        self.strokes = 0
        sections = run.package["form"]["sections"]
        self.fields = {field["code"]: field for section in sections for field in section["fields"]}
        self.lists = run.package["form"]["lists"]

    def press(self, key: str) -> None:
        """One key, with what is held."""
        self.strokes += 1
        self.page.keyboard.press(key)

    def look(self) -> dict[str, Any]:
        """The field with the focus, its proposal and its list."""
        found: dict[str, Any] = self.page.evaluate("look()")
        return found

    def case(self, book: Mapping[str, str]) -> int:
        """Key one case and keep it; answers the strokes."""
        before, sent = self.strokes, len(self.host.sent)
        for _ in range(250):
            here = self.look()
            form: list[dict[str, Any]] = self.page.evaluate(FORM)
            at = next((place for place, row in enumerate(form) if row["code"] == here["code"]), -1)
            wanted = self._next_wanted(form, book, at)
            if wanted is None:
                break
            if wanted == at:
                self._fill(form[at], book.get(form[at]["code"], ""), here)
            else:
                self._go(form, at, wanted)
        else:
            raise AssertionError(f"no way to what the book says: {self.look()}")
        self._keep(sent)
        return self.strokes - before

    @staticmethod
    def _next_wanted(form: Sequence[Mapping[str, Any]], book: Mapping[str, str], at: int) -> int | None:
        """The field to be dealt with next: one whose text is not the book's, or that must not be blank unsaid."""
        open_ = [
            place
            for place, row in enumerate(form)
            if row["text"].strip() != book.get(row["code"], "")
            # what must be there and is not in the book: said where the keyer comes by
            or (place == at and row["must"] and not row["text"] and not row["why"])
        ]
        return open_[0] if open_ else None

    def _go(self, form: Sequence[Mapping[str, Any]], at: int, wanted: int) -> None:
        if wanted < at or at < 0:
            self.press("Shift+Tab")
            return
        if form[wanted]["closed"]:
            self.press("Control+ArrowDown")
            return
        ahead = next((place for place in range(at + 1, len(form)) if not form[place]["passed"]), len(form))
        self.press("Enter" if ahead <= wanted else "Tab")

    def _fill(self, row: Mapping[str, Any], text: str, here: Mapping[str, Any]) -> None:
        if not text:
            self.press("F8" if row["must"] and not row["text"] else "Delete")
            return
        taken = self._take(text, "", here)
        if taken and (not taken.endswith(" ") or taken.strip() == text):
            return
        field = self.fields[row["code"]]
        if field["list"] == "sex":
            self.press(text)
            return
        if field["kind"] == "date" and _is_day(text):
            self._type(text.replace(".", ""), text)
            self.press("Enter")  # on leaving, the figures get their points
            return
        self._type(text, text, taken)

    def _type(self, keys: str, text: str, typed: str = "") -> None:
        while typed != keys:
            letter = keys[len(typed)]
            self.strokes += telex_keys(typed + letter) - telex_keys(typed)
            typed += letter
            if letter.isascii():
                self.page.keyboard.press("Space" if letter == " " else letter)
            else:
                self.page.keyboard.insert_text(letter)
            here = self.look()
            if keys != text or typed == text:
                continue
            taken = self._take(text, typed, here)
            if taken:
                if not taken.endswith(" ") or taken.strip() == text:
                    return
                typed = taken
        if keys == text and typed == text and self.look()["text"] != text:
            raise AssertionError(f"typed {text!r}, the field says {self.look()['text']!r}")

    def _take(self, text: str, typed: str, here: Mapping[str, Any]) -> str:
        """Take a proposal that says what the book says, if that is fewer keys than typing on; answers what stands then."""
        left = telex_keys(text) - telex_keys(typed)
        ghost = self._meant(here["code"], here["ghost"], typed)
        if ghost == text and left > 1:
            self.press("ArrowRight")
            return text
        if ghost.endswith(" ") and (text + " ").startswith(ghost) and telex_keys(ghost) - telex_keys(typed) > 1:
            self.press("ArrowRight")
            self.look()  # no hand is at the next key before the eye has seen this one
            return ghost
        options = [self._meant(here["code"], option, typed) for option in here["options"][:3]]
        # of a code list the first is chosen already
        down = options.index(text) + (not (typed and self.fields[here["code"]].get("strict"))) if text in options else 9
        if down < 9 and left > down + 1:
            for _ in range(down):
                self.press("ArrowDown")
                self.look()
            self.press("Enter")
            return text
        return ""

    def _meant(self, code: str, shown: str, typed: str) -> str:
        """The text that a proposal stands for: what is shown behind the text goes on from it, or is the whole."""
        if not shown:
            return ""
        field = self.fields.get(code, {})
        whole = shown.removesuffix(" →").strip() if shown.endswith(" →") else typed + shown
        if field.get("strict"):
            shown = shown.removesuffix(" →").strip()
            return next((value for value, label, *_ in self.lists[field["list"]] if label == shown), shown)
        return whole

    def _keep(self, sent: int) -> None:
        place = self.look()["place"]
        self.press("Control+Enter")
        for _ in range(40):
            self.page.wait_for_timeout(5)
            here = self.look()
            if here["asked"]:
                self.press("1")  # a warning: the book says so
            elif here["place"] != place or len(self.host.sent) > sent:
                break
        self.page.wait_for_function(
            "(place) => document.getElementById('keying-place').textContent !== place", arg=place
        )


def _is_day(text: str) -> bool:
    return text.replace(".", "").isdecimal() and text.count(".") in (1, 2) and len(text) in (7, 10)


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
            slow = {each.letters: each for each in runs(1, ("KS", "HN"))}
            for each in slow.values():
                _latency(running, host, each, "from paper")
                _latency(running, host, scanned(each, host.pictures), "beside a scan")


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
    known = hashlib.sha256(Path(__file__).read_bytes())
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


MEASURE = """() => {
  window.answered = [];
  const list = document.getElementById("keying-list"), shown = new MessageChannel(), waiting = [];
  shown.port1.onmessage = () => {
    const { kind, begun } = waiting.shift();
    window.answered.push([kind(), performance.now() - begun]);
  };
  document.addEventListener("keydown", (event) => {
    const begun = event.timeStamp, { key } = event, field = document.activeElement, wasOpen = !list.hidden;
    const kind = () => {
      if (event.ctrlKey || key === "Shift" || key === "Control") return "other";
      if (document.activeElement !== field) return key.length === 1 ? "letter that moves on" : `${key} moves`;
      if (key.length > 1) return `${key} stays`;
      return list.hidden ? "letter without list" : wasOpen ? "letter, list stays" : "letter opens list";
    };
    requestAnimationFrame(() => {
      waiting.push({ kind, begun });
      shown.port2.postMessage(0);
    });
  }, true);
}"""


def _latency(running: Playwright, host: ScreenHost, run_: Run, where: str) -> None:
    """From the press of a key to the frame that shows it, on a processor slowed down."""
    host.packages[run_.id] = run_.package
    with opened(host, running, CHROMIUM, run_.id) as page:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.evaluate(MEASURE)
        keyer = Keyer(page, host, run_)
        for book in run_.cases[:3]:
            keyer.case(book)
        keys: list[tuple[str, float]] = page.evaluate("() => window.answered")
    half, most = _half_and_most([took for _, took in keys])
    print(f"  {run_.letters}, {where}: {len(keys)} keys on a CPU slowed {SLOWED} times: p50 {half:.0f} ms, p95 {most:.0f} ms"
          f"   goal: p95 at most {LATENCY_GOAL} ms", flush=True)  # fmt: skip
    kinds: dict[str, list[float]] = defaultdict(list)
    for kind, took in keys:
        kinds[kind].append(took)
    for kind, times in sorted(kinds.items(), key=lambda each: -len(each[1])):
        if len(times) >= FEW:
            print("    {:24}{:>5} keys{:>6.0f}{:>6.0f} ms".format(kind, len(times), *_half_and_most(times)), flush=True)


def _half_and_most(times: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
