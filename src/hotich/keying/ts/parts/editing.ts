// Work in the fields: what a key does to the one with the focus, and what is said and proposed when it changes.
import { numberInYear } from "./carry";
import type { Combo } from "./combo";
import { readFigures, withSeparators } from "./dates";
import { part, write } from "./dom";
import type { Frame } from "./frame";
import { isFilled, type Box, type Form } from "./form";
import type { Judge } from "./judge";
import type { Meter } from "./meter";
import type { Value } from "./shapes";
import { bareKey, tidy } from "./text";
import { say } from "./words";

/** What the fields need to know of the case they stand in. */
export interface Around {
  /** The case kept before this one. */
  before(): Record<string, Value> | undefined;
  /** Numbers begin again each year ("year"), or go on through the book. */
  numberScope: string;
  /** The place expects a certain number, so a new year does not begin again at 1. */
  isExpected(): boolean;
  entered(box: Box): void;
  changed(): void;
}

/** An Enter this soon after the screen went on by itself was typed by habit, for the field before. */
const HABIT = 400; // ms

export class Editing {
  #jumped: { to: Box; at: number } | null = null;
  /** Fields just left, still to be judged. */
  readonly #behind = new Set<Box>();

  constructor(
    readonly form: Form,
    readonly combo: Combo,
    private readonly judge: Judge,
    private readonly meter: Meter,
    private readonly frame: Frame,
    private readonly around: Around,
  ) {
    for (const box of form.boxes) {
      box.input.addEventListener("focus", () => this.#entered(box));
      box.input.addEventListener("blur", () => this.#left(box));
      box.input.addEventListener("input", () => this.#typed(box));
    }
  }

  /** The field with the focus. */
  get box(): Box | undefined {
    return this.form.of(document.activeElement);
  }

  /** Enter: takes what is chosen in the list and goes to the next field that needs a key. */
  next(by: 1 | -1, all = false): void {
    const { box } = this;
    if (!box) return;
    const chosen = by > 0 && !all ? this.combo.chosen : undefined;
    if (chosen) {
      this.accept(chosen.text, chosen.whole);
      return;
    }
    if (by > 0 && !all && this.#isHabit(box)) return;
    this.#move(box, by, all);
  }

  /** Whether nothing was done in the field since the screen went on to it by itself; asked once. */
  #isHabit(box: Box): boolean {
    const jumped = this.#jumped;
    this.#jumped = null;
    return jumped?.to === box && !isFilled(box) && performance.now() - jumped.at < HABIT;
  }

  #move(box: Box, by: 1 | -1, all = false): void {
    const next = this.form.step(box, by, all);
    if (next) this.form.focus(next);
    else if (by > 0) part("keying-save").focus();
  }

  /** Puts a proposal into the field; a whole one sends the keyer on. */
  accept(text: string, whole: boolean): void {
    const { box } = this;
    if (!box) return;
    if (whole) return this.#fillAndGoOn(box, text);
    this.form.put(box, text);
    this.#typed(box);
    if (box.input.selectionStart !== text.length) box.input.setSelectionRange(text.length, text.length);
  }

  /** The field is left before its text is set: with the caret in it the browser would lay the page out at once. */
  #fillAndGoOn(box: Box, value: Value): void {
    this.meter.touch(performance.now());
    box.input.blur();
    this.form.put(box, value);
    this.tidyBox(box);
    this.#changedBox(box);
    this.#move(box, 1);
  }

  /** → at the end of the text: takes the first proposal. Answers whether there was one. */
  acceptFirst(): boolean {
    const { box } = this;
    const first = this.combo.first;
    const input = box?.input;
    if (!first || !input || input.selectionStart !== input.value.length) return false;
    this.accept(first.text, first.whole);
    return true;
  }

  /** F2: the value of the case before. Answers whether there was one. */
  copyField(): boolean {
    const { box } = this;
    const before = this.around.before();
    const value = box && before?.[box.field.code];
    if (!box || value === undefined) return false;
    this.#fillAndGoOn(box, value);
    return true;
  }

  /** Shift+F2: everything of the case before that is still blank here, but what names and numbers this case. */
  copyCase(): void {
    const before = this.around.before();
    if (!before) return;
    for (const box of this.form.boxes) {
      const value = before[box.field.code];
      if (value !== undefined && !isFilled(box) && box.field.kind !== "registration_number") this.form.put(box, value);
    }
    for (const section of this.form.parts) if (section.boxes.some(isFilled)) this.form.open(section, true);
    this.around.changed();
    this.refocus();
  }

  /** F4 and F8: why the field has nothing (or not all). The same key again takes it back. */
  because(reason: "illegible" | "not_written"): void {
    const { box } = this;
    if (!box) return;
    if (box.reason === reason) {
      this.form.because(box, "");
      if (box.before) box.input.value = box.before;
      this.#typed(box);
      return;
    }
    box.input.blur(); // as in #fillAndGoOn
    if (reason === "not_written" && box.input.value) [box.before, box.input.value] = [box.input.value, ""];
    this.form.because(box, reason);
    this.#changedBox(box);
    this.#move(box, 1);
  }

  /** Ctrl with an arrow: to the first field of the next or the former section, which is opened. */
  section(by: 1 | -1): void {
    const { box } = this;
    const at = box ? this.form.parts.indexOf(box.section) : -1;
    const next = this.form.parts[at + by];
    if (!next) return;
    if (box?.section.isRare && !box.section.boxes.some(isFilled)) this.form.open(box.section, false); // only passed through
    this.form.open(next, true);
    this.form.markPassed();
    this.form.focus(next.boxes[0]!);
  }

  get first(): Box | undefined {
    const wrong = this.form.boxes.find((box) => box.row.classList.contains("is-wrong"));
    return wrong ?? this.form.boxes.find((box) => !this.form.isPassed(box));
  }

  #entered(box: Box): void {
    this.#propose(box);
    // the caret is the answer to a key that moves on; what goes with the field may come a frame later
    this.frame.after("entered", () => {
      if (this.box !== box) return;
      const isCarried = box.row.classList.contains("is-carried");
      write(part("keying-hint"), (box.isAway && box.message.textContent) || (isCarried ? say("carried_hint") : box.field.hint));
      this.form.light(box.section);
      this.around.entered(box);
    });
  }

  #left(box: Box): void {
    this.tidyBox(box);
    box.touched = true;
    this.#behind.add(box);
    this.frame.after("judge", () => this.#lookBack());
  }

  #lookBack(): void {
    const left = [...this.#behind];
    this.#behind.clear();
    this.judge.look(this.form.values(), false);
    for (const section of new Set(left.map((box) => box.section))) this.form.count(section);
    const now = this.box;
    if (!now) this.combo.leave();
  }

  /** Figures of a date get their points, words are composed; the words themselves stay as the book has them. */
  tidyBox(box: Box): void {
    const { input, field } = box;
    const text = field.kind === "date" ? withSeparators(input.value) : input.value.normalize("NFC");
    const done = field.kind === "long_text" ? text : tidy(text);
    if (done !== input.value) input.value = done;
    if (field.code === "registration_date") this.#numberFollows(done);
  }

  /** A proposed number takes the year of the day of registration. */
  #numberFollows(day: string): void {
    const number = this.form.box("registration_number");
    const span = readFigures(day).span;
    if (!number || !span || !number.row.classList.contains("is-proposed")) return;
    const year = Math.floor(span.earliest / 10_000);
    const wanted = numberInYear(number.input.value, year, this.around.numberScope, this.around.isExpected());
    if (wanted !== number.input.value) this.form.put(number, wanted);
  }

  #typed(box: Box): void {
    this.meter.touch(performance.now());
    if (box.reason && box.reason !== "illegible" && box.input.value) this.form.because(box, "");
    if (box.field.list === "sex" && this.#sexKey(box)) return;
    this.#changedBox(box);
    if (document.activeElement === box.input) this.#propose(box);
  }

  /** Proposals are looked for once a frame, for what the field says then. */
  #propose(box: Box): void {
    this.frame.paint("proposals", () => document.activeElement === box.input && this.combo.refresh(box));
  }

  /** Sex by one key: the number of the list, or N for Nam and its neighbour M for Nữ. */
  #sexKey(box: Box): boolean {
    const key = bareKey(box.input.value);
    const value = { n: "1", m: "2", "1": "1", "2": "2", "3": "3" }[key];
    if (!value || [...box.input.value.trim()].length !== 1) return false;
    this.#fillAndGoOn(box, value);
    const to = this.box;
    this.#jumped = to ? { to, at: performance.now() } : null;
    return true;
  }

  #changedBox(box: Box): void {
    box.row.classList.remove("is-carried", "is-proposed");
    this.form.saidOf(box);
    this.judge.changed(box.field.code);
    if (box.row.classList.contains("is-wrong") || box.row.classList.contains("is-doubtful")) this.frame.after("judge", () => this.#lookBack());
    this.around.changed();
  }

  refocus(): void {
    const first = this.box ?? this.first;
    if (first) this.form.focus(first);
  }
}
