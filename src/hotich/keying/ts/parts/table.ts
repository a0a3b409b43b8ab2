// The table for books that are lists: a row a case, a column a main field. The fields of the current row are the very
// inputs of the form, moved into its cells; so keys, proposals and checks are the same in both layouts.
import { make, write } from "./dom";
import type { Box, Form } from "./form";
import { textsOf } from "./completion";
import type { PackageItem, Value } from "./shapes";
import { say } from "./words";

const MOST_COLUMNS = 8;
const KINDS = new Set(["name", "date", "registration_number", "page_number", "code", "text"]);

export class Table {
  readonly main: Box[];
  #current: HTMLTableRowElement | null = null;
  readonly #rows = new Map<string, HTMLTableRowElement>();

  constructor(
    private readonly body: HTMLTableSectionElement,
    head: HTMLTableRowElement,
    form: Form,
  ) {
    this.main = mainOf(form);
    const columns = this.main.map((box) => make("th", { scope: "col" }, box.field.label));
    head.replaceChildren(make("th", { scope: "col" }, say("column_place")), ...columns);
  }

  /** Draws every case with what is known of it. */
  draw(items: readonly { item: PackageItem; values: Record<string, Value>; words: string }[], onOpen: (id: string) => void): void {
    this.leave();
    this.#rows.clear();
    const rows = items.map(({ item, values, words }, place) => {
      const row = make("tr", {}, make("th", { scope: "row" }), ...this.main.map(() => make("td")));
      const opener = make("button", { type: "button", class: "k-open", tabindex: -1 }, String(item.number ?? place + 1));
      opener.addEventListener("click", () => onOpen(item.id));
      row.firstElementChild!.append(opener);
      this.#rows.set(item.id, row);
      this.#write(row, values, words);
      return row;
    });
    this.body.replaceChildren(...rows);
  }

  /** Moves the fields into the row of a case. */
  enter(id: string): void {
    this.leave();
    const row = this.#rows.get(id);
    if (!row) return;
    this.#current = row;
    row.setAttribute("aria-current", "true");
    this.main.forEach((box, at) => {
      row.cells[at + 1]!.replaceChildren(box.input.parentElement!);
      box.isAway = true;
      box.row.hidden = box.message.hidden;
      box.input.setAttribute("aria-label", box.field.label);
    });
    row.scrollIntoView({ block: "nearest" });
  }

  /** What is kept of a case is shown in its row, when the fields have left it. */
  update(id: string, values: Record<string, Value>, words: string): void {
    const row = this.#rows.get(id);
    if (row && row !== this.#current) this.#write(row, values, words);
  }

  /** Puts the fields back into the form. */
  leave(): void {
    for (const box of this.main) {
      const cell = box.input.parentElement!;
      const slot = box.row.children[1]!;
      if (cell.parentElement !== slot) slot.append(cell);
      box.isAway = false;
      box.row.hidden = false;
      box.input.removeAttribute("aria-label");
    }
    this.#current?.removeAttribute("aria-current");
    this.#current = null;
  }

  #write(row: HTMLTableRowElement, values: Record<string, Value>, words: string): void {
    const texts = textsOf(values);
    this.main.forEach((box, at) => {
      const raw = values[box.field.code];
      const reason = raw !== undefined && typeof raw !== "string" ? say(`reason_${raw.reason}`) : "";
      write(row.cells[at + 1]!, at === 0 && words ? words : (texts[box.field.code] ?? "") || reason);
    });
    row.classList.toggle("is-done", words !== "" || Object.keys(values).length > 0);
  }
}

/** Number and date, then what names the people; what goes on from case to case needs no column. */
function mainOf(form: Form): Box[] {
  const fit = form.boxes.filter(({ field, section }) => {
    if (section.isRare || !KINDS.has(field.kind)) return false;
    return field.need === "K" || field.need === "M" ? !field.carry || field.kind === "date" : false;
  });
  const chosen = fit.length > MOST_COLUMNS ? [...fit].sort((a, b) => Number(b.field.critical) - Number(a.field.critical)).slice(0, MOST_COLUMNS) : fit;
  return form.boxes.filter((box) => chosen.includes(box));
}
