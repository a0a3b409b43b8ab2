"""From the press of a key to the frame that shows it, on a processor slowed down.

In the same run, taking turns with the cases, letters are typed into a page that has one bare field and nothing of ours: what
the browser takes for itself, and how fast the machine is just then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Page, Playwright

from benchmarks.screen_host import VIEWPORT, ScreenHost, opened
from benchmarks.strokes_cases import Run, scanned
from benchmarks.strokes_keyer import CHROMIUM, SHOWN, Keyer

SLOWED = 4  # times
GOAL = 50  # ms
FEW = 8  # keys of a kind: of fewer nothing is told
CASES = 3
BARE = "<!doctype html><title>.</title><input autofocus>"
LETTERS = "ho chu dem ten nguoi duoc khai sinh ngay thang nam sinh que quan"

MEASURE = """() => {
  window.answered = [];
  const list = document.getElementById("keying-list") ?? { hidden: true }, shown = new MessageChannel(), waiting = [];
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

Keys = list[tuple[str, float]]
"""Kind of key, milliseconds."""


def show_latency(running: Playwright, host: ScreenHost, shown: Iterable[Run]) -> None:
    """Key some cases of each, from paper and beside a scan, and print p50 and p95: of all keys, of each kind, and of the bare
    field."""
    every: list[tuple[Keys, Keys]] = []
    for run_ in shown:
        every.append(_keyed(running, host, run_, f"{run_.letters}, from paper"))
        every.append(_keyed(running, host, scanned(run_, host.pictures), f"{run_.letters}, beside a scan"))
    _print("all", [key for keys, _ in every for key in keys], [letter for _, letters in every for letter in letters])


def _keyed(running: Playwright, host: ScreenHost, run_: Run, what: str) -> tuple[Keys, Keys]:
    """What some cases of a register took, and letters in the bare field."""
    host.packages[run_.id] = run_.package
    with opened(host, running, CHROMIUM, run_.id) as page:
        bare = _bare_page(page)
        for each in (page, bare):
            each.evaluate(MEASURE)
        keyer = Keyer(page, host, run_)
        for book in run_.cases[:CASES]:
            with _slowed(bare):
                _type_bare(bare)
            with _slowed(page):
                keyer.case(book)
        keys, letters = _answered(page), _answered(bare)
    _print(what, keys, letters)
    return keys, letters


@contextmanager
def _slowed(page: Page) -> Iterator[None]:
    """This page in front and slowed down, no other: a page that is slowed keeps a processor busy even while it waits."""
    page.bring_to_front()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    yield
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()


def _bare_page(page: Page) -> Page:
    """A page with one field in the browser of this one."""
    assert page.context.browser
    bare = page.context.browser.new_context(viewport=VIEWPORT).new_page()
    bare.set_content(BARE)
    bare.evaluate(SHOWN)
    return bare


def _type_bare(bare: Page) -> None:
    field = bare.locator("input")
    field.fill("")
    field.focus()
    for letter in LETTERS:
        bare.keyboard.press("Space" if letter == " " else letter)
        bare.evaluate("shown()")


def _answered(page: Page) -> Keys:
    keys: Keys = page.evaluate("() => window.answered")
    return keys


def _print(what: str, keys: Keys, bare: Keys) -> None:
    half, most = _half_and_most([took for _, took in keys])
    half_bare, most_bare = _half_and_most([took for _, took in bare])
    print(f"  {what}: {len(keys)} keys on a CPU slowed {SLOWED} times: p50 {half:.0f} ms, p95 {most:.0f} ms"
          f"   goal: p95 at most {GOAL} ms", flush=True)  # fmt: skip
    print(f"    {'a bare field':24}{len(bare):>5} keys{half_bare:>6.0f}{most_bare:>6.0f} ms"
          f"   {half / half_bare:.1f} and {most / most_bare:.1f} times", flush=True)  # fmt: skip
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
