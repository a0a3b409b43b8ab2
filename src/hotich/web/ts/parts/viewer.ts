// The page images beside a form: zoom, fit, turn, step, and drag to move. Sizes are set on the element by script,
// which a strict CSP allows; no style attribute is ever in the HTML.

const STEP = 1.25;
const SMALLEST = 0.1;
const LARGEST = 8;
type Fit = "width" | "page" | "none";

class Viewer {
  private readonly images: HTMLImageElement[];
  private page = 0;
  private scale = 1;
  private turns = 0;
  private fit: Fit = "width";

  constructor(
    private readonly root: HTMLElement,
    private readonly pane: HTMLElement,
  ) {
    this.images = [...pane.querySelectorAll<HTMLImageElement>("[data-viewer-image]")];
    root.addEventListener("click", (event) => this.onClick(event));
    pane.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    pane.addEventListener("keydown", (event) => this.onKey(event));
    this.images.forEach((image) => image.addEventListener("load", () => this.draw()));
    new ResizeObserver(() => this.draw()).observe(pane);
    letDrag(pane);
    this.draw();
  }

  private get image(): HTMLImageElement | undefined {
    return this.images[this.page];
  }

  private onClick(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
    if (!button) return;
    const { viewerStep, viewerZoom, viewerFit } = button.dataset;
    if (viewerStep) this.step(Number(viewerStep));
    else if (viewerZoom) this.zoom(viewerZoom === "in" ? 1 : -1);
    else if (viewerFit) this.fitTo(viewerFit === "page" ? "page" : "width");
    else if (button.hasAttribute("data-viewer-turn")) this.turn();
  }

  private onWheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1 : -1);
  }

  private onKey(event: KeyboardEvent): void {
    const acts: Record<string, () => void> = {
      "+": () => this.zoom(1),
      "=": () => this.zoom(1),
      "-": () => this.zoom(-1),
      "0": () => this.fitTo("width"),
    };
    const act = acts[event.key];
    if (!act || event.altKey) return;
    event.preventDefault();
    act();
  }

  private step(by: number): void {
    const next = Math.min(Math.max(this.page + by, 0), this.images.length - 1);
    if (next === this.page) return;
    this.image?.setAttribute("hidden", "");
    this.page = next;
    this.image?.removeAttribute("hidden");
    this.pane.scrollTo(0, 0);
    this.draw();
  }

  private zoom(by: 1 | -1): void {
    this.fit = "none";
    const next = this.scale * (by > 0 ? STEP : 1 / STEP);
    // A small image may already be shown beyond the limits by fitting it: then it may stay there, not jump back.
    this.scale = Math.min(Math.max(next, Math.min(SMALLEST, this.scale)), Math.max(LARGEST, this.scale));
    this.draw();
  }

  private fitTo(fit: Fit): void {
    this.fit = fit;
    this.draw();
  }

  private turn(): void {
    this.turns = (this.turns + 1) % 4;
    this.draw();
  }

  /** The image's size on the screen; a page on its side swaps its sides, and is moved back into the pane. */
  private draw(): void {
    const image = this.image;
    if (!image?.naturalWidth) return;
    const onSide = this.turns % 2 === 1;
    const wide = onSide ? image.naturalHeight : image.naturalWidth;
    const high = onSide ? image.naturalWidth : image.naturalHeight;
    const room = { wide: this.pane.clientWidth - 2, high: this.pane.clientHeight - 2 };
    if (this.fit === "width") this.scale = room.wide / wide;
    if (this.fit === "page") this.scale = Math.min(room.wide / wide, room.high / high);
    image.style.width = `${image.naturalWidth * this.scale}px`;
    image.style.height = `${image.naturalHeight * this.scale}px`;
    const shift = onSide ? ((image.naturalHeight - image.naturalWidth) * this.scale) / 2 : 0;
    image.style.margin = onSide ? `${-shift}px ${shift}px` : "";
    image.style.transform = this.turns ? `rotate(${this.turns * 90}deg)` : "";
    this.say("[data-viewer-page]", `${this.page + 1}/${this.images.length}`);
    this.say("[data-viewer-scale]", `${Math.round(this.scale * 100)}%`);
  }

  private say(selector: string, text: string): void {
    const place = this.root.querySelector(selector);
    if (place) place.textContent = text;
  }
}

function letDrag(pane: HTMLElement): void {
  pane.addEventListener("pointerdown", (down) => {
    if (down.button !== 0 || down.pointerType !== "mouse") return;
    const from = { x: down.clientX + pane.scrollLeft, y: down.clientY + pane.scrollTop };
    const move = (event: PointerEvent): void => pane.scrollTo(from.x - event.clientX, from.y - event.clientY);
    pane.setPointerCapture(down.pointerId);
    pane.addEventListener("pointermove", move);
    const end = (): void => pane.removeEventListener("pointermove", move);
    pane.addEventListener("pointerup", end, { once: true });
    pane.addEventListener("pointercancel", end, { once: true });
    pane.addEventListener("dragstart", (event) => event.preventDefault(), { once: true });
  });
}

const started = new WeakSet<HTMLElement>();

export function watchViewers(): void {
  document.querySelectorAll<HTMLElement>("[data-viewer]").forEach((root) => {
    const pane = root.querySelector<HTMLElement>("[data-viewer-pane]");
    if (!pane || started.has(root)) return;
    started.add(root);
    new Viewer(root, pane);
  });
}
