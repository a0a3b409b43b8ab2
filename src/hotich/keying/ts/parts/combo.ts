// The list of proposals of the field with the focus (ARIA combobox), and the first of them shown behind the text. The first
// answers each letter; the list comes when the hand rests: who types on reads no list, and waits for none.
//   → at the end of the text takes the first proposal; ↓ ↑ choose in the list; Enter takes what is chosen.
//   An entry of a list that is typed without its marks is chosen by itself: Enter takes it, Esc leaves what was typed.
import { make, part, write } from "./dom";
import type { Completion, Suggestion } from "./completion";
import type { Box } from "./form";
import type { Frame } from "./frame";
import type { Value } from "./shapes";

const LINE = 25; // px, as .k-list li in keying-entry.css
const FRAME = 6;
const LETTER = 7.6; // px, most are narrower
const WIDEST = 520;
const LONG = (WIDEST - 26) / LETTER; // letters: more do not fit into the widest list
const SHORT = 12; // letters that fit into every field

export class Combo {
  readonly list: HTMLElement;
  #box: Box | null = null;
  #found: Suggestion[] = [];
  #chosen = -1;
  #isOpen = false; // what counts for the keys; `list.hidden` is whether it stands on the screen yet
  #isCombo = false;
  #at: DOMRect | null = null;
  #asTyped = new Set<string>(); // what the keyer said stays as it was typed, by field

  constructor(
    holder: HTMLElement,
    private readonly completion: Completion,
    private readonly values: () => Record<string, Value>,
    private readonly frame: Frame,
    onPick: (suggestion: Suggestion) => void,
  ) {
    this.list = make("ul", { id: "keying-list", role: "listbox", class: "k-list", hidden: true, "aria-label": holder.dataset["listLabel"] ?? "" });
    part("keying-work").append(this.list); // beside form and table: neither may cut it off
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const option = event.target instanceof Element ? event.target.closest("li") : null;
      const picked = option ? this.#found[[...this.list.children].indexOf(option)] : undefined;
      if (picked) onPick(picked);
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What Enter would take: chosen with the arrows, or the first of a code list that begins as typed. */
  get chosen(): Suggestion | undefined {
    return this.#isOpen ? this.#found[this.#chosen] : undefined;
  }

  get first(): Suggestion | undefined {
    return this.#found[0];
  }

  /** Looks again for what the field with the focus may mean. */
  refresh(box: Box): void {
    // what must be asked of the layout is asked before anything is written: the browser has nothing to lay out anew then
    const tooLong = isTooLong(box.input);
    if (this.#box && this.#box !== box) this.leave();
    this.#box = box;
    this.#isCombo = box.input.getAttribute("role") === "combobox";
    const typed = box.input.value.normalize("NFC");
    this.#found = box.reason || !this.#isCombo ? [] : this.completion.suggest(box.field, typed, this.values());
    this.#chosen = -1;
    const strict = Boolean(box.field.strict);
    // of a code list the first that fits is chosen at once; a text is never taken for another unless somebody says so
    if (strict && typed && !this.#isExact(typed)) this.#chosen = 0;
    const spelled = this.#spelled(box, typed);
    if (spelled) {
      this.#found = [spelled, ...this.#found.filter(({ text }) => text !== spelled.text)];
      this.#chosen = 0;
    }
    const show = typed !== "" && this.#found.length > (strict || spelled ? 0 : 1);
    this.#show(show);
    this.#paintGhost(box, typed, tooLong);
  }

  #isExact(typed: string): boolean {
    return this.completion.isOnList(this.#box!.field, typed);
  }

  #spelled(box: Box, typed: string): Suggestion | undefined {
    if (box.reason || !this.#isCombo || !typed || this.#asTyped.has(`${box.field.code} ${typed}`)) return undefined;
    return this.completion.spelled(box.field, typed);
  }

  /** ↓ and ↑. Answers whether there was anything to choose from. */
  move(by: 1 | -1): boolean {
    if (!this.#found.length) return false;
    if (!this.#isOpen) {
      this.#chosen = by > 0 ? 0 : this.#found.length - 1;
      this.#show(true, true);
      return true;
    }
    const all = this.#found.length;
    this.#chosen = this.#chosen < 0 ? (by > 0 ? 0 : all - 1) : (this.#chosen + by + all) % all;
    this.#show(true, true);
    return true;
  }

  close(): boolean {
    if (!this.#isOpen) return false;
    const { input, field } = this.#box!;
    this.#asTyped.add(`${field.code} ${input.value.normalize("NFC")}`);
    this.#chosen = -1;
    this.#show(false);
    return true;
  }

  leave(): void {
    if (!this.#box) return;
    this.#found = [];
    this.#chosen = -1;
    this.#show(false);
    this.#clearGhost(this.#box);
    this.#box = null;
  }

  /** Opens or closes the list; what is chosen in it by an arrow is shown at once. */
  #show(show: boolean, atOnce = false): void {
    this.#isOpen = show && this.#found.length > 0;
    if (atOnce || !this.#isOpen) this.#paint();
    else this.frame.after("list", () => this.#paint());
  }

  #paint(): void {
    const box = this.#box;
    const { list } = this;
    if (box && this.#isOpen && list.hidden) this.#at = box.input.parentElement!.getBoundingClientRect();
    if (box && this.#isCombo) {
      setAttribute(box.input, "aria-expanded", String(this.#isOpen));
      setAttribute(box.input, "aria-activedescendant", this.#isOpen && this.#chosen >= 0 ? `keying-option-${this.#chosen}` : null);
    }
    if (!this.#isOpen) {
      if (!list.hidden) list.hidden = true;
      return;
    }
    this.#found.forEach((suggestion, at) => {
      const option = list.children[at] ?? list.appendChild(make("li", { role: "option", id: `keying-option-${at}` }));
      write(option, suggestion.label);
      option.classList.toggle("is-long", suggestion.label.length > LONG);
      setAttribute(option, "aria-selected", String(at === this.#chosen));
    });
    while (list.children.length > this.#found.length) list.lastElementChild!.remove();
    this.#putAt(this.#at!, this.#found.length * LINE + FRAME);
    if (list.hidden) list.hidden = false;
  }

  /** Under the field, or above it where there is no room. A list of known size lays out nothing but itself. */
  #putAt(field: DOMRect, high: number): void {
    const fits = field.bottom + high <= innerHeight || field.top < high;
    const longest = Math.max(...this.#found.map(({ label }) => label.length));
    const width = Math.min(WIDEST, Math.max(field.width, longest * LETTER + 26));
    const left = Math.max(0, Math.min(field.left, innerWidth - width - 8));
    const place = { top: fits ? field.bottom : field.top - high, left, width, height: high };
    for (const [name, size] of Object.entries(place)) {
      const text = `${Math.round(size)}px`;
      if (this.list.style.getPropertyValue(name) !== text) this.list.style.setProperty(name, text);
    }
  }

  #paintGhost(box: Box, typed: string, isTooLong: boolean): void {
    const first = this.#found[0];
    const caretAtEnd = box.input.value === "" || box.input.selectionStart === box.input.value.length;
    if (!first || !caretAtEnd || isTooLong) {
      this.#clearGhost(box);
      return;
    }
    const goesOn = first.text.startsWith(typed) && !box.field.strict;
    const rest = goesOn ? first.text.slice(typed.length) : `${typed ? "  " : ""}${box.field.strict ? first.label : first.text}`;
    write(box.ghost.firstElementChild!, box.input.value);
    write(box.ghost.lastElementChild!, goesOn ? rest : `${rest} →`);
  }

  #clearGhost(box: Box): void {
    for (const each of box.ghost.children) write(each, "");
  }
}

/** Whether the text is wider than its field; only a long one is measured. */
function isTooLong(input: Box["input"]): boolean {
  return input.value.length > SHORT && input.scrollWidth > input.clientWidth + 1;
}

function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
