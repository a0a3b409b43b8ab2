// Dialogs: [data-opens-dialog="id"] opens, [data-closes-dialog] closes, and a submit button with [data-confirm="id"]
// asks first: its form is sent only after the dialog's confirming button.

let waiting: HTMLButtonElement | null = null;
const confirmed = new WeakSet<HTMLElement>();

export function dialogById(id: string): HTMLDialogElement | null {
  const found = document.getElementById(id);
  return found instanceof HTMLDialogElement ? found : null;
}

export function dialogIsOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

export function open(dialog: HTMLDialogElement): void {
  if (!dialog.open) dialog.showModal();
}

/** Ask in a dialog; the answer is true only when its confirming button was pressed. */
export function ask(dialog: HTMLDialogElement): Promise<boolean> {
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), { once: true });
    open(dialog);
  });
}

export function watchDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest<HTMLElement>("[data-opens-dialog]");
    if (opener) {
      const dialog = dialogById(opener.dataset["opensDialog"] ?? "");
      if (dialog) open(dialog);
      return;
    }
    if (target?.closest("[data-closes-dialog]")) {
      target.closest("dialog")?.close();
      return;
    }
    const asker = target?.closest<HTMLButtonElement>("button[data-confirm]");
    if (asker) askBeforeSending(event, asker);
  });
}

function askBeforeSending(event: Event, button: HTMLButtonElement): void {
  if (confirmed.delete(button)) return;
  const dialog = dialogById(button.dataset["confirm"] ?? "");
  if (!dialog || waiting) return;
  event.preventDefault();
  waiting = button;
  void ask(dialog).then((yes) => {
    waiting = null;
    if (!yes) return;
    confirmed.add(button);
    button.click();
  });
}
