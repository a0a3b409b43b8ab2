// The outbox as the keyer sees it: how many wait, were returned or refused, and each of them by its label, with the
// reason and what to do. The names come out of the store of this browser only.
import { ask, dialogById } from "../../../web/ts/parts/dialogs";
import type { Kept, Status } from "./shapes";
import type { Store } from "./store";
import { say, type Texts } from "./texts";

export interface Actions {
  /** Opens a case in the form again. */
  mend(kept: Kept): void;
}

const ORDER: Status[] = ["refused", "returned", "pending"];
const MOST_SHOWN = 100; // of one kind; the rest is counted

/** Paints into [data-outbox] inside `root`, again after every change. The lists are made only while they are open. */
export function watchOutbox(root: HTMLElement, store: Store, texts: Texts, actions: Actions): void {
  const box = root.querySelector<HTMLDetailsElement>("[data-outbox]")!;
  const panel = new Panel(root, box, store, texts, actions);
  store.onChange(() => panel.repaint());
  box.addEventListener("toggle", () => panel.repaint());
  panel.repaint();
}

class Panel {
  #painting = false;
  #again = false;
  readonly #lines = new Map<string, { print: string; line: HTMLLIElement }>();

  constructor(
    private readonly root: HTMLElement,
    private readonly box: HTMLDetailsElement,
    private readonly store: Store,
    private readonly texts: Texts,
    private readonly actions: Actions,
  ) {}

  repaint(): void {
    if (this.#painting) {
      this.#again = true;
      return;
    }
    this.#painting = true;
    void this.#paint().finally(() => {
      this.#painting = false;
      if (this.#again) {
        this.#again = false;
        this.repaint();
      }
    });
  }

  async #paint(): Promise<void> {
    const counts = await this.store.counts();
    const place = this.box.querySelector("[data-outbox-counts]")!;
    const shown = ORDER.filter((status) => counts[status] || status === "pending");
    place.replaceChildren(...shown.map((status) => this.#count(status, counts[status])));
    for (const status of ORDER) this.box.dataset[status] = String(counts[status]);
    if (this.box.open) await this.#paintLists(counts.pending + counts.returned + counts.refused);
  }

  #count(status: Status, number: number): HTMLElement {
    const badge = element("span", `outbox-count outbox-${status}`);
    badge.textContent = say(this.texts, `number_${status}`, { count: number });
    return badge;
  }

  async #paintLists(total: number): Promise<void> {
    const kept = await this.store.kept();
    const lists = this.box.querySelector("[data-outbox-lists]")!;
    const groups = ORDER.flatMap((status) => this.#group(status, kept));
    if (!total) groups.push(paragraph(say(this.texts, "empty"), "outbox-empty"));
    if (total > kept.length) {
      groups.push(paragraph(say(this.texts, "unreadable", { count: total - kept.length }), "notice notice-error"));
    }
    const focused = document.activeElement;
    lists.replaceChildren(...groups);
    if (focused instanceof HTMLElement && lists.contains(focused)) focused.focus();
    const known = new Set(kept.map((one) => one.item.client_id));
    for (const id of this.#lines.keys()) if (!known.has(id)) this.#lines.delete(id);
  }

  #group(status: Status, kept: Kept[]): HTMLElement[] {
    const own = kept.filter((one) => one.status === status);
    if (!own.length) return [];
    const group = element("section", `outbox-group outbox-${status}`);
    const title = element("h3", "");
    title.textContent = `${say(this.texts, status)} (${own.length})`;
    const list = element("ol", "outbox-items");
    list.append(...own.slice(0, MOST_SHOWN).map((one) => this.#line(one)));
    group.append(title, paragraph(say(this.texts, `${status}_hint`), "outbox-hint"), list);
    if (own.length > MOST_SHOWN) group.append(paragraph(say(this.texts, "more", { count: own.length - MOST_SHOWN })));
    return [group];
  }

  /** The line of an item is made once and stays, so that the focus in it does too, until something in it changes. */
  #line(kept: Kept): HTMLLIElement {
    const print = JSON.stringify([kept.item.revision, kept.status, kept.label, kept.problems, kept.text, kept.code]);
    const known = this.#lines.get(kept.item.client_id);
    if (known?.print === print) return known.line;
    const line = element("li", "");
    const label = element("span", "outbox-label");
    label.textContent = kept.label;
    line.append(label);
    const reasons = this.#reasons(kept);
    if (reasons) line.append(" ", spanned(reasons, "outbox-reason"));
    if (kept.status !== "pending") line.append(this.#buttons(kept));
    this.#lines.set(kept.item.client_id, { print, line });
    return line;
  }

  #reasons(kept: Kept): string {
    const texts = kept.problems.map((problem) => problem.text);
    const status = /^http_(\d+)$/.exec(kept.code)?.[1];
    if (status) texts.push(say(this.texts, "http", { status }));
    else if (kept.text) texts.push(kept.text);
    return [...new Set(texts)].join("; ");
  }

  #buttons(kept: Kept): HTMLElement {
    const place = element("span", "outbox-actions");
    place.append(this.#button("mend", kept, () => this.actions.mend(kept)));
    if (kept.status === "refused") {
      place.append(
        this.#button("retry", kept, () => void this.store.retry(kept.item.client_id)),
        this.#button("tell_leader", kept, () => void tellLeader(kept)),
        this.#button("drop", kept, () => void this.#drop(kept)),
      );
    }
    return place;
  }

  #button(code: string, kept: Kept, act: () => void): HTMLButtonElement {
    const button = element("button", code === "mend" ? "btn btn-small btn-primary" : "btn btn-small btn-quiet");
    button.type = "button";
    button.textContent = say(this.texts, code);
    button.setAttribute("aria-label", `${button.textContent}: ${kept.label}`);
    button.addEventListener("click", act);
    return button;
  }

  async #drop(kept: Kept): Promise<void> {
    const dialog = dialogById("outbox-drop");
    if (!dialog || !(await ask(dialog))) return;
    await this.store.drop(kept.item.client_id);
    this.root.querySelector<HTMLElement>("[data-outbox] summary")?.focus();
  }
}

/** What the leader needs to find the matter, and nothing a citizen would mind on a slip of paper. */
export const noteOf = (kept: Kept): string =>
  [kept.code || "-", kept.item.kind, kept.item.package, kept.item.item ?? "+", kept.item.client_id].join(" · ");

async function tellLeader(kept: Kept): Promise<void> {
  const [dialog, note] = [dialogById("outbox-tell"), document.getElementById("outbox-note")];
  if (!dialog || !note) return;
  note.textContent = noteOf(kept);
  if (await ask(dialog)) await navigator.clipboard?.writeText(note.textContent).catch(() => undefined);
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, classes: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  return made;
}

function spanned(text: string, classes: string): HTMLElement {
  const made = element("span", classes);
  made.textContent = text;
  return made;
}

function paragraph(text: string, classes = ""): HTMLElement {
  const made = element("p", classes);
  made.textContent = text;
  return made;
}
