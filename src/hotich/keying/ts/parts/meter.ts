// How much work a case was: keys pressed and time at the form. Pauses of more than half a minute are left out.

const PAUSE = 30_000;
const MOVES = new Set(["Enter", "Tab", "Backspace", "Delete", "Insert", "Escape", "Home", "End", "PageUp", "PageDown"]);

export class Meter {
  strokes = 0;
  activeMs = 0;
  #last = 0;

  /** A key that types or moves; held modifiers and repeats of a held key are none. */
  key(event: KeyboardEvent, now: number): void {
    if (!event.repeat && counts(event)) this.strokes += 1;
    this.touch(now);
  }

  touch(now: number): void {
    const since = now - this.#last;
    if (this.#last && since > 0 && since <= PAUSE) this.activeMs += since;
    this.#last = now;
  }

  reset(strokes = 0, activeMs = 0): void {
    [this.strokes, this.activeMs, this.#last] = [strokes, activeMs, 0];
  }
}

function counts(event: KeyboardEvent): boolean {
  const { key } = event;
  return key.length === 1 || MOVES.has(key) || key.startsWith("Arrow") || /^F\d/.test(key) || key === "Process" || key === "Unidentified";
}
