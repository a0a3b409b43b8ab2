// The scan before and after, at the same size and the same place: both scroll and zoom together, the space bar changes
// one for the other in the same spot, so that the eye sees what was lost.
import { ask, dialogById } from "../../web/ts/parts/dialogs";
import { isTyping } from "../../web/ts/parts/keys";
import { keysAct, pageData } from "./parts/net";

interface Sheet {
  before: string;
  after: string;
}

interface ReviewData {
  sheets: Sheet[];
  before_label: string;
  after_label: string;
}

const STEP = 1.25;

class Review {
  private readonly panes: HTMLElement[];
  private readonly images: [HTMLImageElement, HTMLImageElement];
  private readonly captions: HTMLElement[];
  private sheet = 0;
  private isSwapped = false;
  private width = 0; // of both pictures on the screen
  private fit: "page" | "width" | "none" = "page";

  constructor(
    private readonly root: HTMLElement,
    private readonly data: ReviewData,
  ) {
    this.panes = [...root.querySelectorAll<HTMLElement>("[data-review-pane]")];
    this.captions = [...root.querySelectorAll<HTMLElement>("[data-review-caption]")];
    const made = this.panes.map((pane) => pane.appendChild(document.createElement("img")));
    this.images = made as [HTMLImageElement, HTMLImageElement];
    this.images.forEach((image) => image.addEventListener("load", () => this.draw()));
    this.panes.forEach((pane, place) => {
      const other = this.panes[1 - place];
      pane.addEventListener("scroll", () => other && this.follow(pane, other));
      pane.addEventListener("wheel", (event) => this.onWheel(event, pane), { passive: false });
      pane.addEventListener("pointerdown", (down) => this.drag(pane, down));
    });
    new ResizeObserver(() => this.draw()).observe(this.panes[0] ?? root);
    root.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-review-act]") : null;
      if (button) this.act(button.dataset["reviewAct"] ?? "");
    });
    document.addEventListener("keydown", (event) => this.onKey(event));
    this.show(0);
  }

  private show(sheet: number): void {
    const found = this.data.sheets[sheet];
    if (!found) return;
    this.sheet = sheet;
    this.images[0].src = found.before;
    this.images[1].src = found.after;
    this.label();
  }

  private label(): void {
    const names = [this.data.before_label, this.data.after_label];
    this.images.forEach((image, place) => (image.alt = names[place] ?? ""));
    this.captions.forEach((caption, place) => (caption.textContent = names[this.isSwapped ? 1 - place : place] ?? ""));
    this.panes.forEach((pane, place) => pane.setAttribute("aria-label", names[this.isSwapped ? 1 - place : place] ?? ""));
    this.root.classList.toggle("is-swapped", this.isSwapped);
    this.root.querySelector("[data-review-act=swap]")?.setAttribute("aria-pressed", String(this.isSwapped));
    const place = this.root.querySelector("[data-review-sheet]");
    if (place) place.textContent = `${this.sheet + 1}/${this.data.sheets.length}`;
  }

  /** The pictures change their panes: nothing is loaded or decoded anew, so that it flickers at once. */
  private swap(): void {
    this.isSwapped = !this.isSwapped;
    const [first, second] = this.isSwapped ? [1, 0] : [0, 1];
    const at = this.panes[0] ? { x: this.panes[0].scrollLeft, y: this.panes[0].scrollTop } : { x: 0, y: 0 };
    this.panes[0]?.append(this.images[first] as HTMLImageElement);
    this.panes[1]?.append(this.images[second] as HTMLImageElement);
    this.panes.forEach((pane) => pane.scrollTo(at.x, at.y));
    this.label();
  }

  private draw(): void {
    const pane = this.panes.find((each) => each.clientWidth > 0);
    const before = this.images[0];
    if (!pane || !before.naturalWidth) return;
    const shape = before.naturalHeight / before.naturalWidth;
    this.root.classList.toggle("is-flat", shape < 0.5); // a row of a table: one above the other is larger
    const wide = pane.clientWidth - 2;
    if (this.fit === "width") this.width = wide;
    if (this.fit === "page") this.width = Math.min(wide, (pane.clientHeight - 2) / shape);
    for (const image of this.images) {
      image.style.width = `${this.width}px`;
      image.style.height = `${this.width * shape}px`;
    }
    const scale = this.root.querySelector("[data-review-scale]");
    if (scale) scale.textContent = `${Math.round((this.width / before.naturalWidth) * 100)}%`;
  }

  private follow(pane: HTMLElement, other: HTMLElement): void {
    if (Math.abs(other.scrollLeft - pane.scrollLeft) > 0.5) other.scrollLeft = pane.scrollLeft;
    if (Math.abs(other.scrollTop - pane.scrollTop) > 0.5) other.scrollTop = pane.scrollTop;
  }

  private zoom(by: 1 | -1, pane = this.panes[0], at?: MouseEvent): void {
    if (!pane) return;
    const frame = pane.getBoundingClientRect();
    const x = at ? at.clientX - frame.left : frame.width / 2;
    const y = at ? at.clientY - frame.top : frame.height / 2;
    const ratio = by > 0 ? STEP : 1 / STEP;
    const largest = this.images[0].naturalWidth * 6;
    const to = Math.min(Math.max(this.width * ratio, 80), Math.max(largest, this.width));
    const grown = to / this.width;
    this.fit = "none";
    this.width = to;
    this.draw();
    pane.scrollTo((pane.scrollLeft + x) * grown - x, (pane.scrollTop + y) * grown - y);
  }

  private onWheel(event: WheelEvent, pane: HTMLElement): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1 : -1, pane, event);
  }

  private drag(pane: HTMLElement, down: PointerEvent): void {
    if (down.button !== 0 || down.pointerType !== "mouse") return;
    down.preventDefault();
    pane.focus({ preventScroll: true });
    const from = { x: down.clientX + pane.scrollLeft, y: down.clientY + pane.scrollTop };
    const move = (event: PointerEvent): void => pane.scrollTo(from.x - event.clientX, from.y - event.clientY);
    pane.setPointerCapture(down.pointerId);
    pane.addEventListener("pointermove", move);
    const end = (): void => pane.removeEventListener("pointermove", move);
    pane.addEventListener("pointerup", end, { once: true });
    pane.addEventListener("pointercancel", end, { once: true });
  }

  private onKey(event: KeyboardEvent): void {
    if (!keysAct(event) || isTyping(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    const onButton = event.target instanceof Element && event.target.closest("a, button, summary") !== null;
    if (event.key === " " && onButton) return;
    const acts: Record<string, string> = {
      " ": "swap", "+": "in", "=": "in", "-": "out", "0": "page", "9": "width", "]": "sheet_on", "[": "sheet_back",
      a: "accept", s: "rescan", c: "recrop", n: "next", p: "before",
    };
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }

  private act(name: string): void {
    const acts: Record<string, () => void> = {
      swap: () => this.swap(),
      in: () => this.zoom(1),
      out: () => this.zoom(-1),
      page: () => { this.fit = "page"; this.draw(); },
      width: () => { this.fit = "width"; this.draw(); },
      sheet_on: () => this.show(this.sheet + 1),
      sheet_back: () => this.show(this.sheet - 1),
    };
    if (acts[name]) acts[name]();
    else press(name);
  }
}

/** Press what the page offers under this name: a link, a button, or one that asks first. */
function press(name: string): void {
  const target = document.querySelector<HTMLElement>(`[data-review-key=${name}]`);
  if (!target) return;
  const dialog = dialogById(target.dataset["opensDialog"] ?? "");
  if (dialog) {
    void ask(dialog);
    dialog.querySelector<HTMLElement>("textarea")?.focus();
  } else target.click();
}

document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector<HTMLElement>("[data-review]");
  const data = pageData<ReviewData>("review-data");
  if (root && data) new Review(root, data);
});
