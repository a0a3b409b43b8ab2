// One-letter keys: "/" to the search box, "?" to the list of keys, j and k through a list. They can be switched off
// (WCAG 2.1.4), and never act while somebody types, an input method composes or a dialog is open.
import { dialogById, dialogIsOpen, open } from "./dialogs";
import { stepRow } from "./rows";

const KEPT = "hotich.keys";

export function watchKeys(): void {
  const box = document.querySelector<HTMLInputElement>("[data-keys-switch]");
  if (box) {
    box.checked = keysOn();
    box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", onKey);
}

function keysOn(): boolean {
  return localStorage.getItem(KEPT) !== "off";
}

/** Whether a letter typed now would go into a field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isTyping(event.target) || dialogIsOpen() || !keysOn()) return;
  if (act(event.key)) event.preventDefault();
}

function act(key: string): boolean {
  switch (key) {
    case "/": {
      const search = document.querySelector<HTMLInputElement>("[data-search]");
      search?.focus();
      search?.select();
      return search !== null;
    }
    case "?": {
      const help = dialogById("keys-help");
      if (help) open(help);
      return help !== null;
    }
    case "j":
    case "J":
      return stepRow(1);
    case "k":
    case "K":
      return stepRow(-1);
    default:
      return false;
  }
}
