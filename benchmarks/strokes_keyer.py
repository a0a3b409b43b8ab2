"""A driver that keys demo cases on the real keying screen as a practised keyer does.

It reads the "book", types Vietnamese in Telex, looks after every letter at the proposal behind the text and takes it (→, or ↓
and Enter) when it is what the book says; no mouse. It looks when the frame that answers its key is shown, no earlier, as
eyes do.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Page

from benchmarks.screen_host import ScreenHost
from benchmarks.strokes_cases import Run
from benchmarks.telex import telex_keys

CHROMIUM = os.environ.get("HOTICH_CHROMIUM", "/usr/bin/chromium")

# waits for the frame that answers a key
SHOWN = """() => { const shown = new MessageChannel(), waiting = [];
shown.port1.onmessage = () => waiting.shift()();
window.shown = () => new Promise((seen) => requestAnimationFrame(() => {
  waiting.push(seen);
  shown.port2.postMessage(0);
})); }"""
# what somebody at the screen sees of the field with the focus, of the list, and of a question
EYES = """() => { window.look = async () => {
  await shown();
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
        page.evaluate(SHOWN)
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
