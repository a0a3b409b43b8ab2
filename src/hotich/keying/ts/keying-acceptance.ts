// Judging one case of a sample with the keyboard alone: Enter "this field is right", S "it is wrong", Ctrl+Enter save.

class Judge {
  private readonly save: HTMLButtonElement | null;

  constructor(private readonly form: HTMLFormElement) {
    this.save = form.querySelector("[data-judge-save]");
    form.addEventListener("keydown", (event) => this.onKey(event));
    form.addEventListener("change", () => this.tell());
    // the summary of empty fields opens by itself when the keys come to it: its boxes are then focused like any
    form.addEventListener("toggle", () => this.tell(), true);
    this.tell();
    if (document.activeElement === document.body || document.activeElement?.id === "main") this.boxes()[0]?.focus();
  }

  private boxes(): HTMLInputElement[] {
    const all = [...this.form.querySelectorAll<HTMLInputElement>("[data-judge-line] input[type=checkbox]")];
    return all.filter((box) => !box.disabled && box.offsetParent !== null);
  }

  private tell(): void {
    const wrong = this.form.querySelector("input[name=wrong]:checked") !== null;
    this.form.querySelector<HTMLElement>("[data-judge-right]")?.toggleAttribute("hidden", wrong);
    this.form.querySelector<HTMLElement>("[data-judge-wrong]")?.toggleAttribute("hidden", !wrong);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229 || event.altKey) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.save?.click();
      return;
    }
    const line = (event.target as HTMLElement).closest<HTMLElement>("[data-judge-line]");
    const box = line?.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (!line || !box || event.ctrlKey || event.metaKey) return;
    const inWords = event.target !== box;
    if (event.key === "Enter") {
      event.preventDefault(); // a field's Enter never sends the form
      this.step(box, event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.step(box, event.key === "ArrowDown" ? 1 : -1);
    } else if (!inWords && (event.key === "s" || event.key === "S")) {
      event.preventDefault();
      this.mark(line, box);
    } else if (event.key === " " && !inWords) {
      event.preventDefault();
      this.mark(line, box);
    }
  }

  private mark(line: HTMLElement, box: HTMLInputElement): void {
    box.checked = !box.checked;
    this.tell();
    if (box.checked) line.querySelector<HTMLInputElement>(".judge-words")?.focus();
  }

  private step(from: HTMLInputElement, by: number): void {
    const boxes = this.boxes();
    const next = boxes[boxes.indexOf(from) + by];
    if (next) {
      next.focus();
      next.closest("[data-judge-line]")?.scrollIntoView({ block: "nearest" });
    } else if (by > 0) this.save?.focus();
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll<HTMLFormElement>("form[data-judge]").forEach((form) => new Judge(form));
});
