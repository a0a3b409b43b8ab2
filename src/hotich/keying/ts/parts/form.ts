// The form in the order of the book: one row a field, built once a package; a case only changes what the rows hold.
import { say } from "./words";
import { make, write } from "./dom";
import type { Completion, Field } from "./completion";
import type { PackageData, Value } from "./shapes";
import { tidy } from "./text";

export interface Box {
  field: Field;
  row: HTMLElement;
  input: HTMLInputElement | HTMLTextAreaElement;
  ghost: HTMLElement;
  said: HTMLElement;
  why: HTMLElement;
  message: HTMLElement;
  section: Part;
  reason: string;
  /** What stood there before it was said that nothing is written. */
  before: string;
  touched: boolean;
  /** What `tell` said last: most fields have nothing new to say at a key. */
  told: string;
  /** Its field stands in the table: the row shows only what the checks say. */
  isAway: boolean;
  /** The last text that was tidied, and what came of it. */
  raw: string;
  text: string;
}
export interface Part {
  code: string;
  label: string;
  isRare: boolean;
  head: HTMLButtonElement;
  body: HTMLElement;
  count: HTMLElement;
  boxes: Box[];
}
interface RawSection {
  code: string;
  label: string;
  is_rare?: boolean;
  fields: Field[];
}

const NO_LIST = new Set(["registration_number", "book_number", "page_number", "long_text", "time"]);
/** Letters that surely fit into the two lines of a label; what is longer may have to be cut off. */
const LABEL = 34;
const FIGURES = new Set(["date", "page_number", "personal_id"]);

export class Form {
  readonly boxes: Box[] = [];
  readonly parts: Part[] = [];
  readonly #byCode = new Map<string, Box>();
  #lit: Part | null = null;
  readonly #byInput = new Map<EventTarget, Box>();

  constructor(
    root: HTMLElement,
    data: PackageData,
    private readonly completion: Completion,
  ) {
    root.replaceChildren();
    addEventListener("submit", (event) => event.target instanceof Element && event.target.classList.contains("k-row") && event.preventDefault());
    for (const section of data.form.sections as RawSection[]) root.append(this.#part(section));
  }

  box(code: string): Box | undefined {
    return this.#byCode.get(code);
  }

  of(target: EventTarget | null): Box | undefined {
    return target ? this.#byInput.get(target) : undefined;
  }

  /** What is in the form now; blank fields without a reason are left out. */
  values(): Record<string, Value> {
    const made: Record<string, Value> = {};
    for (const box of this.boxes) {
      const text = textOf(box);
      if (box.reason) made[box.field.code] = { text, reason: box.reason };
      else if (text) made[box.field.code] = text;
    }
    return made;
  }

  /** Puts a case into the form. */
  fill(values: Record<string, Value>, carried: ReadonlySet<string>, proposed: ReadonlySet<string>): void {
    for (const box of this.boxes) {
      const { code } = box.field;
      this.put(box, values[code] ?? "");
      box.row.classList.toggle("is-carried", carried.has(code));
      box.row.classList.toggle("is-proposed", proposed.has(code));
      box.touched = false;
      this.tell(box, "", "");
    }
    for (const part of this.parts) this.open(part, !part.isRare || part.boxes.some((box) => isFilled(box)));
    this.markPassed();
  }

  put(box: Box, value: Value): void {
    const text = typeof value === "string" ? value : value.text;
    if (box.input.value !== text) box.input.value = text;
    box.before = "";
    this.because(box, typeof value === "string" ? "" : value.reason);
  }

  /** Says why nothing (or not all) is there: "illegible", "not_written", "assigned" or "". */
  because(box: Box, reason: string): void {
    box.reason = reason;
    box.row.classList.toggle("has-reason", reason !== "");
    write(box.why, reason ? say(`reason_${reason}`) : "");
    this.saidOf(box);
  }

  saidOf(box: Box): void {
    const text = tidy(box.input.value);
    const said = box.field.strict ? this.completion.said(box.field, text) : "";
    write(box.said, said === text ? "" : said);
    box.input.parentElement!.classList.toggle("has-said", box.said.textContent !== "");
  }

  /** What the checks say under a field. */
  tell(box: Box, severity: string, text: string): void {
    const print = `${severity}|${text}`;
    if (box.told === print) return;
    box.told = print;
    box.row.classList.toggle("is-wrong", severity === "error");
    box.row.classList.toggle("is-doubtful", severity === "warning");
    box.row.classList.toggle("is-confirmed", severity === "confirmed");
    write(box.message, text);
    box.message.hidden = !text;
    box.input.dataset["tone"] = severity;
    if (box.isAway) box.row.hidden = !text;
    if (severity === "error") box.input.setAttribute("aria-invalid", "true");
    else box.input.removeAttribute("aria-invalid");
    const wanted = text ? box.message.id : null;
    if (wanted === null) box.input.removeAttribute("aria-describedby");
    else if (box.input.getAttribute("aria-describedby") !== wanted) box.input.setAttribute("aria-describedby", wanted);
  }

  open(part: Part, isOpen: boolean): void {
    part.head.setAttribute("aria-expanded", String(isOpen));
    part.body.hidden = !isOpen;
    this.count(part);
  }

  count(part: Part): void {
    const filled = part.boxes.filter(isFilled).length;
    write(part.count, filled || !part.body.hidden ? say("filled", { filled, total: part.boxes.length }) : say("section_closed"));
  }

  focus(box: Box): void {
    if (box.section.body.hidden) this.open(box.section, true);
    box.input.focus({ preventScroll: true });
    if (box.input.value && box.input instanceof HTMLInputElement) box.input.select();
    box.row.scrollIntoView({ block: "nearest" });
  }

  /** The heading of the section with the focus stays in sight. */
  light(part: Part): void {
    if (this.#lit === part) return;
    this.#lit?.head.closest(".kp")!.classList.remove("is-here");
    part.head.closest(".kp")!.classList.add("is-here");
    this.#lit = part;
  }

  /** The field after (or before) this one. Without `all` those are passed that need no key: see `isPassed`. */
  step(from: Box, by: 1 | -1, all: boolean): Box | null {
    let at = this.boxes.indexOf(from) + by;
    if (by > 0 && !all) at = this.#afterNobody(from, at);
    for (; at >= 0 && at < this.boxes.length; at += by) {
      const box = this.boxes[at]!;
      if (all || !this.isPassed(box)) return box;
    }
    return null;
  }

  /** Closed sections, what came from the case before, and what this book has never had, are passed by Enter. */
  isPassed(box: Box): boolean {
    if (box.section.body.hidden) return true;
    if (box.row.classList.contains("is-carried") && box.field.kind !== "date") return true;
    const seldom = box.field.need === "O" || box.field.need === "C";
    return seldom && !isFilled(box) && !this.completion.isUsed(box.field);
  }

  /** Shows which fields Enter passes by. */
  markPassed(): void {
    for (const box of this.boxes) box.row.classList.toggle("is-passed", this.isPassed(box));
  }

  /** Where somebody has no name there is nothing more to say of him: on to the first field that is not about him. */
  #afterNobody(from: Box, at: number): number {
    const stem = /^(.+)_full_name(_2)?$/.exec(from.field.code);
    const isNobody = from.field.need !== "M" || from.reason === "not_written";
    if (!stem || tidy(from.input.value) || !isNobody) return at;
    const [, who, which = ""] = stem;
    const about = (code: string): boolean => code.startsWith(`${who}_`) && code.endsWith(which);
    while (at < this.boxes.length && about(this.boxes[at]!.field.code)) at += 1;
    return at;
  }

  #part(section: RawSection): HTMLElement {
    const id = `part-${section.code}`;
    const count = make("span", { class: "kp-count" });
    const head = make("button", { type: "button", class: "kp-head", "aria-controls": id, tabindex: -1 }, make("span", {}, section.label), count);
    const body = make("div", { class: "kp-body", id });
    const made: Part = { code: section.code, label: section.label, isRare: Boolean(section.is_rare), head, body, count, boxes: [] };
    const tail = sharedTail(section.fields.map(({ label }) => label));
    for (const field of section.fields) {
      const box = this.#box(field, made, tail);
      made.boxes.push(box);
      this.boxes.push(box);
      this.#byCode.set(field.code, box);
      this.#byInput.set(box.input, box);
      body.append(box.row);
    }
    head.addEventListener("click", () => this.open(made, Boolean(made.body.hidden)));
    this.parts.push(made);
    return make("section", { class: "kp", "aria-label": section.label }, make("h3", { class: "kp-title" }, head), body);
  }

  #box(field: Field, section: Part, tail: string): Box {
    const id = `f-${field.code}`;
    const input = field.kind === "long_text" ? make("textarea", { id, rows: 2 }) : make("input", { id, type: "text" });
    const common = { name: field.code, form: `r-${field.code}`, autocomplete: "off", spellcheck: "false", autocapitalize: "off", class: "k-input" };
    for (const [name, value] of Object.entries(common)) input.setAttribute(name, value);
    if (FIGURES.has(field.kind)) input.setAttribute("inputmode", "numeric");
    if (!NO_LIST.has(field.kind)) {
      const combo = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "keying-list" };
      for (const [name, value] of Object.entries(combo)) input.setAttribute(name, value);
    }
    if (field.need === "K" || field.need === "M") input.setAttribute("aria-required", "true");
    const ghost = make("span", { class: "k-ghost", "aria-hidden": "true" }, make("span", { class: "k-typed" }), make("span", { class: "k-rest" }));
    const said = make("span", { class: "k-said" });
    const why = make("span", { class: "k-why" });
    const message = make("p", { class: "k-message", id: `m-${field.code}`, hidden: true });
    const label = make("label", { for: id, title: field.label });
    if (tail && field.label.endsWith(tail)) {
      label.append(field.label.slice(0, -tail.length), make("span", { class: "visually-hidden" }, tail));
    } else label.append(field.label);
    if (label.firstChild!.textContent!.length > LABEL) label.classList.add("is-long");
    if (field.need === "K" || field.need === "M") label.append(make("span", { class: "k-must", "aria-hidden": "true" }, " *"));
    // the browser lays out anew from the nearest box of known size that no grid and no flex box has placed: so the cell has a slot
    const slot = make("div", { class: "k-slot" }, make("div", { class: "k-cell" }, ghost, input, said, why));
    // a form of its own: at every letter the browser's autofill lays out anew each field of the form it is typed in
    const row = make("form", { id: `r-${field.code}`, class: `k-row k-${field.kind}`, autocomplete: "off" }, label, slot, message);
    return { field, row, input, ghost, said, why, message, section, reason: "", before: "", touched: false, told: "|", isAway: false, raw: "", text: "" };
  }
}

/** What is in a field, tidied; worked out anew only when it has changed. */
function textOf(box: Box): string {
  const { value } = box.input;
  if (value !== box.raw) [box.raw, box.text] = [value, tidy(value)];
  return box.text;
}

export function isFilled(box: Box): boolean {
  return box.reason !== "" || box.input.value.trim() !== "";
}

/** What most labels of a section end with ("… người mẹ"): the heading says it already, so it need not be read each time. */
export function sharedTail(labels: readonly string[]): string {
  const counted = new Map<string, number>();
  for (const label of labels) {
    const words = label.split(" ");
    for (let at = 1; at <= words.length - 2; at += 1) {
      const tail = ` ${words.slice(at).join(" ")}`;
      counted.set(tail, (counted.get(tail) ?? 0) + 1);
    }
  }
  const shared = [...counted].filter(([, times]) => times >= 3 && times >= labels.length * 0.6);
  return shared.reduce((best, [tail]) => (tail.length > best.length ? tail : best), "");
}
