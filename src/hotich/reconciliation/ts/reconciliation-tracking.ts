// Verifying with the keyboard: 1 to 5 say who is right about a fact and go on to the next one; [ and ] open the items
// beside this one. And ticking items of the list. Without this script the page is a plain form and works the same.

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["radio", "checkbox", "submit", "button"].includes(target.type);
}

class Verdicts {
  private readonly sets: HTMLElement[];

  constructor(private readonly form: HTMLFormElement) {
    this.sets = [...form.querySelectorAll<HTMLElement>("[data-verdict-field]")];
    document.body.classList.add("has-keys");
    document.addEventListener("keydown", (event) => this.onKey(event));
    this.go(this.firstOpen());
  }

  private radios(set: HTMLElement): HTMLInputElement[] {
    return [...set.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  }

  private firstOpen(): number {
    return this.sets.findIndex((set) => !this.radios(set).some((radio) => radio.checked));
  }

  private current(target: EventTarget | null): number {
    const set = target instanceof Element ? target.closest<HTMLElement>("[data-verdict-field]") : null;
    return set ? this.sets.indexOf(set) : this.firstOpen();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") || !/^[1-5]$/.test(event.key)) return;
    const place = this.current(event.target);
    const set = this.sets[place];
    const radio = set ? this.radios(set)[Number(event.key) - 1] : undefined;
    if (!set || !radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    const right = radio.hasAttribute("data-asks-right") ? set.querySelector<HTMLInputElement>(".tracking-right input") : null;
    if (right) right.focus();
    else this.go(place + 1 < this.sets.length ? place + 1 : -1);
  }

  /** The focus goes to a fact, or to the words when every fact has its verdict. */
  private go(place: number): void {
    const set = this.sets[place];
    if (!set) {
      this.form.querySelector<HTMLTextAreaElement>("[data-verdict-words]")?.focus({ preventScroll: false });
      return;
    }
    const radios = this.radios(set);
    (radios.find((radio) => radio.checked) ?? radios[0])?.focus({ preventScroll: true });
    set.scrollIntoView({ block: "nearest" });
  }
}

/** The list: how many are ticked, all of the page at once, and acts only once something is ticked. */
function watchTicks(form: HTMLFormElement): void {
  const ticks = [...form.querySelectorAll<HTMLInputElement>("td > input.tick")];
  const all = form.querySelector<HTMLInputElement>("[data-ticks-all]");
  const draw = (): void => {
    const chosen = ticks.filter((tick) => tick.checked).length;
    form.querySelectorAll("[data-ticked-count]").forEach((place) => (place.textContent = String(chosen)));
    form.querySelectorAll<HTMLButtonElement>("[data-needs-ticks]").forEach((button) => (button.disabled = chosen === 0));
    if (!all) return;
    all.checked = chosen > 0 && chosen === ticks.length;
    all.indeterminate = chosen > 0 && chosen < ticks.length;
  };
  if (ticks.length > 0) all?.removeAttribute("hidden");
  form.querySelector("[data-ticked-line]")?.removeAttribute("hidden");
  all?.addEventListener("change", () => {
    ticks.forEach((tick) => (tick.checked = all.checked));
    draw();
  });
  form.addEventListener("change", draw);
  window.addEventListener("pageshow", draw);
  draw();
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll<HTMLFormElement>("[data-ticks]").forEach(watchTicks);
  document.querySelectorAll<HTMLFormElement>("[data-verdicts]").forEach((form) => new Verdicts(form));
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const name = event.key === "[" ? "previous" : event.key === "]" ? "next" : "";
    const link = name ? document.querySelector<HTMLAnchorElement>(`a[data-${name}-item]`) : null;
    if (!link) return;
    event.preventDefault();
    link.click();
  });
});
