// The form beside the scan: Enter to the next field, F4 and F8 put the marks for "cannot be read" and "not in the book",
// Alt+Page Up/Down to the case before and after. And choosing rows to approve. Without this script all pages still work.

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function isControl(target: EventTarget | null): target is Control {
  if (target instanceof HTMLInputElement) return !["hidden", "checkbox", "radio", "submit", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

class CaseForm {
  private last: Control | null = null;

  constructor(private readonly form: HTMLFormElement) {
    document.querySelector("[data-marks]")?.removeAttribute("hidden");
    form.addEventListener("focusin", (event) => {
      if (isControl(event.target)) this.last = event.target;
    });
    // the buttons stand below the scrolling fields, outside the form
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-inserts-mark]") : null;
      if (button) this.mark(button.dataset["insertsMark"] ?? "");
    });
    form.addEventListener("keydown", (event) => this.onKey(event));
    if (isControl(document.activeElement)) this.last = document.activeElement;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    const button = document.querySelector<HTMLElement>(`[data-inserts-mark][data-key="${event.key}"]`);
    if (button) {
      event.preventDefault();
      this.mark(button.dataset["insertsMark"] ?? "");
    } else if (event.key === "Enter" && isControl(event.target) && !(event.target instanceof HTMLTextAreaElement)) {
      event.preventDefault();
      this.step(event.target, event.shiftKey ? -1 : 1);
    }
  }

  private step(from: Control, by: 1 | -1): void {
    const controls = [...this.form.elements].filter((element): element is Control => isControl(element));
    const next = controls[controls.indexOf(from) + by];
    if (next) {
      next.focus();
      if (next instanceof HTMLInputElement) next.select();
    } else if (by > 0) {
      document.querySelector<HTMLButtonElement>("button[data-default]")?.focus();
    }
  }

  private mark(text: string): void {
    const control = this.last;
    if (!control) return;
    control.value = text;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.focus();
  }
}

function stepCase(event: KeyboardEvent): void {
  if (!event.altKey || !["PageUp", "PageDown"].includes(event.key)) return;
  const link = document.querySelector<HTMLAnchorElement>(event.key === "PageUp" ? "a[rel=prev]" : "a[rel=next]");
  if (!link) return;
  event.preventDefault();
  link.click();
}

/** Ctrl+Enter saves the case also when no field has the focus, as after an error. */
function saveCase(event: KeyboardEvent): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  if (event.target instanceof Element && event.target.closest("form, dialog")) return;
  document.querySelector<HTMLFormElement>("[data-case-form]")?.requestSubmit();
}

function watchChoice(form: HTMLFormElement): void {
  const ticks = [...form.querySelectorAll<HTMLInputElement>("td > input.tick")];
  const all = form.querySelector<HTMLInputElement>("[data-chooses-all]");
  const button = form.querySelector<HTMLButtonElement>("[data-needs-choice]");
  const draw = (): void => {
    const chosen = ticks.filter((tick) => tick.checked).length;
    document.querySelectorAll("[data-chosen-count]").forEach((place) => (place.textContent = String(chosen)));
    if (button) button.disabled = chosen === 0;
    if (!all) return;
    all.checked = chosen === ticks.length;
    all.indeterminate = chosen > 0 && chosen < ticks.length;
  };
  all?.removeAttribute("hidden");
  form.querySelector("[data-chosen-line]")?.removeAttribute("hidden");
  all?.addEventListener("change", () => {
    ticks.forEach((tick) => (tick.checked = all.checked));
    draw();
  });
  form.addEventListener("change", draw);
  window.addEventListener("pageshow", draw);
  draw();
}

/** The dialog is the confirmation: without script the server asks on a page of its own. */
function saysItConfirms(form: HTMLFormElement): void {
  const said = document.createElement("input");
  said.type = "hidden";
  said.name = "confirmed";
  said.value = "1";
  form.append(said);
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll<HTMLFormElement>("[data-case-form]").forEach((form) => new CaseForm(form));
  document.querySelectorAll<HTMLFormElement>("[data-chooses]").forEach(watchChoice);
  document.querySelectorAll<HTMLFormElement>("[data-confirms-by-script]").forEach(saysItConfirms);
  document.addEventListener("keydown", stepCase);
  document.addEventListener("keydown", saveCase);
  // A link that leads to a page asking the same thing as the dialog it opens.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-opens-dialog]") : null;
    if (link) event.preventDefault();
  });
});
