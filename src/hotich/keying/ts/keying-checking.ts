// Checking with the keyboard: Enter says "right" and goes on, 1 and 2 choose between two keyings, 3 types another value.
// The scan follows the field. Without this script the page is a plain form and works the same.

import { cropOf, followFields } from "./parts/check-regions";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A key still held from the page before must not pass a case nobody has seen. */
const SETTLING = 500;
const opened = performance.now();

function isControl(target: EventTarget | null): target is Control {
  if (target instanceof HTMLInputElement) return !["hidden", "checkbox", "radio", "submit", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function isTyped(event: KeyboardEvent): boolean {
  return !event.isComposing && event.keyCode !== 229 && !event.altKey && !event.metaKey;
}

function isTooSoon(event: KeyboardEvent): boolean {
  return event.repeat || performance.now() - opened < SETTLING;
}

/** The values beside the scan: all right, or corrected with a reason. */
class CheckForm {
  private readonly controls: Control[];
  private last: Control | null = null;

  constructor(private readonly form: HTMLFormElement) {
    const reason = form.querySelector("[data-check-reason]");
    this.controls = [...form.elements].filter((each): each is Control => isControl(each) && !reason?.contains(each));
    form.addEventListener("focusin", (event) => {
      if (isControl(event.target)) this.last = event.target;
    });
    form.addEventListener("input", () => this.draw());
    form.addEventListener("change", () => this.draw());
    document.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("pageshow", () => this.draw());
    this.draw();
  }

  private isChanged(control: Control): boolean {
    if (control instanceof HTMLSelectElement) {
      const first = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
      return control.value !== (first?.value ?? "");
    }
    return control.value !== control.defaultValue;
  }

  private get changed(): Control[] {
    return this.controls.filter((control) => this.isChanged(control));
  }

  private draw(): void {
    for (const control of this.controls) {
      control.closest(".f")?.classList.toggle("is-changed", this.isChanged(control));
    }
    const any = this.changed.length > 0;
    this.form.querySelector("[data-check-reason]")?.classList.toggle("is-wanted", any);
    document.querySelector("[data-label-right]")?.toggleAttribute("hidden", any);
    document.querySelector("[data-label-changed]")?.toggleAttribute("hidden", !any);
  }

  private onKey(event: KeyboardEvent): void {
    if (!isTyped(event) || document.querySelector("dialog[open]")) return;
    if (event.key === "F4" || event.key === "F8") return this.mark(event);
    if (event.key !== "Enter") return;
    const target = event.target;
    if (target instanceof HTMLTextAreaElement && !event.ctrlKey) return;
    if (target instanceof Element && target.closest("a, button, summary, [data-viewer]")) return;
    event.preventDefault();
    if (!isTooSoon(event)) this.pass();
  }

  private pass(): void {
    const code = this.form.querySelector<HTMLSelectElement>("[data-check-reason] select");
    if (this.changed.length > 0 && code && !code.value) {
      code.focus();
      code.scrollIntoView({ block: "nearest" });
      return;
    }
    this.form.requestSubmit();
  }

  private mark(event: KeyboardEvent): void {
    const text = event.key === "F4" ? this.form.dataset["illegible"] : this.form.dataset["notWritten"];
    if (!this.last || !text || !this.controls.includes(this.last)) return;
    event.preventDefault();
    this.last.value = text;
    this.last.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Differences: one after the other, each with A, B or a value of one's own. */
class Decisions {
  private readonly sets: HTMLElement[];

  constructor(private readonly form: HTMLFormElement) {
    this.sets = [...form.querySelectorAll<HTMLElement>("[data-decision]")];
    form.addEventListener("input", (event) => this.onInput(event));
    form.addEventListener("focusin", (event) => this.light(event.target));
    document.addEventListener("keydown", (event) => this.onKey(event));
    this.sets.forEach((set) => cropOf(set));
    this.go(0);
  }

  private radios(set: HTMLElement): HTMLInputElement[] {
    return [...set.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  }

  private current(target: EventTarget | null): number {
    const set = target instanceof Element ? target.closest<HTMLElement>("[data-decision]") : null;
    const here = set ? this.sets.indexOf(set) : -1;
    return here >= 0 ? here : this.sets.findIndex((each) => !this.radios(each).some((radio) => radio.checked));
  }

  private light(target: EventTarget | null): void {
    const here = target instanceof Element ? target.closest("[data-decision]") : null;
    this.sets.forEach((set) => set.classList.toggle("is-current", set === here));
  }

  private onInput(event: Event): void {
    if (!isControl(event.target)) return;
    const third = event.target.closest(".is-third")?.querySelector<HTMLInputElement>("input[type=radio]");
    if (third && event.target.value) third.checked = true;
  }

  private onKey(event: KeyboardEvent): void {
    if (!isTyped(event) || event.ctrlKey || document.querySelector("dialog[open]")) return;
    const typing = isControl(event.target) && !(event.target instanceof HTMLSelectElement);
    if (["1", "2", "3"].includes(event.key) && !typing) return this.choose(event);
    if (event.key !== "Enter") return;
    if (event.target instanceof Element && event.target.closest("a, button, summary, [data-viewer]")) return;
    event.preventDefault();
    if (isTooSoon(event)) return;
    const left = this.sets.findIndex((set) => !this.radios(set).some((radio) => radio.checked));
    if (left < 0) this.form.requestSubmit();
    else this.go(left);
  }

  private choose(event: KeyboardEvent): void {
    const place = this.current(event.target);
    const set = this.sets[place];
    const radio = set ? this.radios(set)[Number(event.key) - 1] : undefined;
    if (!set || !radio) return;
    event.preventDefault();
    radio.checked = true;
    const own = event.key === "3" ? set.querySelector<HTMLElement>(".is-third .f input, .is-third .f textarea, .is-third .f select") : null;
    if (own) own.focus();
    else this.go(place + 1);
  }

  /** The focus goes to a difference, or to the button below when all are passed. */
  private go(place: number): void {
    const set = this.sets[place];
    if (!set) {
      document.querySelector<HTMLButtonElement>("button[data-default]")?.focus();
      return;
    }
    const radios = this.radios(set);
    (radios.find((radio) => radio.checked) ?? radios[0])?.focus({ preventScroll: true });
    set.scrollIntoView({ block: "nearest" });
  }
}

document.addEventListener("DOMContentLoaded", () => {
  followFields(); // before the first field is given the focus
  document.querySelectorAll<HTMLFormElement>("[data-check-form]").forEach((form) => new CheckForm(form));
  document.querySelectorAll<HTMLFormElement>("[data-decisions]").forEach((form) => new Decisions(form));
  setTimeout(() => document.body.classList.add("is-ready"), SETTLING); // keys are heard from now on
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F10" || !isTyped(event) || document.querySelector("dialog[open]")) return;
    const button = document.querySelector<HTMLButtonElement>("button[data-returns]");
    if (!button) return;
    event.preventDefault();
    button.click();
  });
});
