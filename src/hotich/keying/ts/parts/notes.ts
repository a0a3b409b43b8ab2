// Notes in the margin, keyed as typed annotations (keying/rules/annotations.py says what one looks like).
import { withSeparators } from "./dates";
import { make, part, write } from "./dom";
import type { Field } from "./completion";
import { tidy } from "./text";
import { say } from "./words";

export type Note = Record<string, unknown> & { kind: string };

const TEXTS = ["note_date_text", "text", "basis_number", "basis_date_text", "basis_authority", "field", "new_value"];
const DATES = new Set(["note_date_text", "basis_date_text"]);

export class Notes {
  list: Note[] = [];
  #at = -1;
  readonly #dialog = part<HTMLDialogElement>("keying-notes");
  readonly #kind = part<HTMLSelectElement>("note-kind");
  readonly #shown = part("keying-notes-list");

  constructor(
    kinds: readonly string[],
    fields: readonly Field[],
    private readonly onChange: () => void,
  ) {
    this.#kind.replaceChildren(...kinds.map((kind) => make("option", { value: kind }, say(`note_${kind}`))));
    const changeable = fields.filter(({ code }) => code !== "registration_number" && code !== "register_book_no");
    const none = make("option", { value: "" }, say("notes_no_field"));
    part("note-field").replaceChildren(none, ...changeable.map(({ code, label }) => make("option", { value: code }, label)));
    this.#dialog.addEventListener("keydown", (event) => this.#onKey(event));
    for (const name of DATES) {
      const input = this.#input(name);
      input.addEventListener("blur", () => (input.value = withSeparators(input.value)));
    }
    part("note-keep").addEventListener("click", () => this.#keep());
    part("note-close").addEventListener("click", () => this.#dialog.close());
  }

  /** Shows what is noted and a line for another; answers when the keyer is back in the form. */
  open(): Promise<void> {
    this.#edit(-1);
    this.#paint();
    this.#dialog.showModal();
    this.#kind.focus();
    return new Promise((resolve) => this.#dialog.addEventListener("close", () => resolve(), { once: true }));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229 || event.key !== "Enter") return;
    if (event.target instanceof HTMLButtonElement && !event.ctrlKey) return;
    event.preventDefault();
    if (event.ctrlKey) {
      if (this.#keep()) this.#dialog.close();
      return;
    }
    const inputs = [...this.#dialog.querySelectorAll<HTMLElement>("input, select, textarea")];
    const at = inputs.indexOf(event.target as HTMLElement) + (event.shiftKey ? -1 : 1);
    if (at >= inputs.length) this.#keep();
    else inputs[at]?.focus();
  }

  #input(name: string): HTMLInputElement {
    return part<HTMLInputElement>(`note-${name}`);
  }

  #keep(): boolean {
    const note: Note = { kind: this.#kind.value };
    for (const name of TEXTS) {
      const text = tidy(DATES.has(name) ? withSeparators(this.#input(name).value) : this.#input(name).value);
      if (text) note[name] = text;
    }
    if (!note["field"]) delete note["new_value"];
    const nothing = !note["text"] && !note["field"];
    const said = part("note-message");
    said.hidden = !nothing;
    if (nothing) {
      write(said, say("notes_empty"));
      this.#input("text").focus();
      return false;
    }
    if (this.#at >= 0) this.list[this.#at] = note;
    else this.list.push(note);
    this.#edit(-1);
    this.#paint();
    this.onChange();
    this.#kind.focus();
    return true;
  }

  #edit(at: number): void {
    this.#at = at;
    const note = this.list[at];
    if (note) this.#kind.value = note.kind;
    for (const name of TEXTS) this.#input(name).value = typeof note?.[name] === "string" ? (note[name] as string) : "";
    part("note-message").hidden = true;
    write(part("note-keep"), say(note ? "notes_change" : "notes_add"));
  }

  #paint(): void {
    this.#shown.replaceChildren(
      ...this.list.map((note, at) => {
        const words = [note["note_date_text"], note["text"] ?? note["new_value"]].filter(Boolean).join(" – ");
        const change = make("button", { type: "button", class: "btn btn-small btn-quiet" }, say("notes_edit"));
        const away = make("button", { type: "button", class: "btn btn-small btn-quiet" }, say("notes_remove"));
        change.addEventListener("click", () => {
          this.#edit(at);
          this.#kind.focus();
        });
        away.addEventListener("click", () => {
          this.list.splice(at, 1);
          this.#edit(-1);
          this.#paint();
          this.onChange();
          this.#kind.focus();
        });
        return make("li", {}, make("strong", {}, say(`note_${note.kind}`)), ` ${words} `, change, " ", away);
      }),
    );
    this.#shown.hidden = this.list.length === 0;
  }
}
