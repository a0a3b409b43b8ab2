// The picture beside the form: it follows the field with the focus by the region map, and can be zoomed and dragged.
// Only a CSS transform moves it; a new picture is decoded before it is shown, so nothing flickers.

export type Region = [left: number, top: number, right: number, bottom: number];

const STEP = 1.25;
const LARGEST = 4;

export class Scan {
  readonly #sheet: HTMLElement;
  readonly #lit: HTMLElement;
  readonly #empty: HTMLElement;
  #image: HTMLImageElement | null = null;
  #address = "";
  #wide = 0; // of the zone
  #high = 0;
  #width = 1;
  #height = 1;
  #zoom = 1; // of the keyer, on top of what a region asks for
  #scale = 1;
  #x = 0;
  #y = 0;
  #isLit = false;
  #target: { region: Region | null; share: number } = { region: null, share: 0 };

  constructor(private readonly zone: HTMLElement) {
    this.#sheet = zone.querySelector<HTMLElement>("[data-sheet]")!;
    this.#lit = zone.querySelector<HTMLElement>("[data-lit]")!;
    this.#empty = zone.querySelector<HTMLElement>("[data-no-picture]")!;
    zone.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    zone.addEventListener("pointerdown", (event) => this.#drag(event));
    // asked for at a key, the size would make the browser lay the whole page out in between
    new ResizeObserver(([entry]) => {
      [this.#wide, this.#high] = [Math.round(entry!.contentRect.width), Math.round(entry!.contentRect.height)];
      this.#settle();
    }).observe(zone);
  }

  /** Shows a picture; null: there is none, `words` say why. */
  async show(picture: Blob | null, words: string): Promise<void> {
    const before = this.#address;
    if (!picture) {
      this.#image?.remove();
      this.#image = null;
      this.#address = "";
      this.#empty.textContent = words;
    } else {
      const image = new Image();
      this.#address = image.src = URL.createObjectURL(picture);
      image.alt = words;
      const mine = this.#address;
      await image.decode().catch(() => undefined);
      if (this.#address !== mine) return; // another one was asked for meanwhile
      [this.#width, this.#height] = [image.naturalWidth || 1, image.naturalHeight || 1];
      this.#sheet.style.width = `${this.#width}px`;
      this.#sheet.style.height = `${this.#height}px`;
      if (this.#image) this.#image.replaceWith(image);
      else this.#sheet.prepend(image);
      this.#image = image;
    }
    this.#empty.hidden = picture !== null;
    this.#sheet.hidden = picture === null;
    if (before) URL.revokeObjectURL(before);
    this.#settle();
  }

  /** Goes to where a field stands: its region, or without a map the share of its place in the form. A field that the map
   *  does not know leaves the picture where the keyer looks. */
  follow(region: Region | null, share: number, isMapped = false): void {
    this.#isLit = region !== null;
    if (region || !isMapped || !this.#target.region) {
      this.#target = { region, share };
      this.#settle();
    } else this.#lit.hidden = true;
  }

  zoom(by: 1 | -1 | 0): void {
    this.#zoom = by === 0 ? 1 : Math.min(LARGEST, Math.max(0.4, this.#zoom * (by > 0 ? STEP : 1 / STEP)));
    this.#settle();
  }

  /** Moves by most of a screenful; answers false at the end of the picture. */
  page(by: 1 | -1): boolean {
    if (!this.#image) return false;
    const high = this.#high;
    const least = Math.min(0, high - this.#height * this.#scale);
    const wanted = Math.min(0, Math.max(least, this.#y - by * high * 0.8));
    if (Math.abs(wanted - this.#y) < 2) return false;
    this.#place(this.#scale, this.#x, wanted);
    return true;
  }

  #settle(): void {
    const [wide, high] = [this.#wide, this.#high];
    if (!this.#image || !wide || !high) return;
    const whole = wide / this.#width;
    const { region, share } = this.#target;
    if (region) {
      const [left, top, right, bottom] = region;
      // the region fills the width, but stays small enough that its neighbours show which one it is
      const fits = Math.min((wide * 0.92) / ((right - left) * this.#width), (high * 0.45) / ((bottom - top) * this.#height));
      const scale = Math.max(whole, Math.min(fits, whole * 2.6)) * this.#zoom;
      const x = wide / 2 - ((left + right) / 2) * this.#width * scale;
      const y = high * 0.42 - ((top + bottom) / 2) * this.#height * scale;
      this.#light(region);
      this.#place(scale, this.#within(x, this.#width * scale, wide), this.#within(y, this.#height * scale, high));
      return;
    }
    this.#lit.hidden = true;
    const scale = whole * this.#zoom;
    const y = (high - this.#height * scale) * share;
    this.#place(scale, this.#within(this.#zoom === 1 ? 0 : this.#x, this.#width * scale, wide), this.#within(y, this.#height * scale, high));
  }

  /** A picture larger than the zone covers it; a smaller one stands in the middle. */
  #within(at: number, size: number, zone: number): number {
    return size <= zone ? (zone - size) / 2 : Math.min(0, Math.max(zone - size, at));
  }

  #light([left, top, right, bottom]: Region): void {
    const { style } = this.#lit;
    style.left = `${left * this.#width - 4}px`;
    style.top = `${top * this.#height - 4}px`;
    style.width = `${(right - left) * this.#width + 8}px`;
    style.height = `${(bottom - top) * this.#height + 8}px`;
    this.#lit.hidden = !this.#isLit;
  }

  #place(scale: number, x: number, y: number): void {
    [this.#scale, this.#x, this.#y] = [scale, x, y];
    this.#sheet.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  #wheel(event: WheelEvent): void {
    if (!this.#image) return;
    event.preventDefault();
    if (!event.ctrlKey) {
      this.#moveBy(-event.deltaX, -event.deltaY);
      return;
    }
    const factor = event.deltaY < 0 ? 1.12 : 1 / 1.12;
    const box = this.zone.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const scale = this.#scale * factor;
    this.#zoom = Math.min(LARGEST, Math.max(0.4, this.#zoom * factor));
    this.#place(scale, px - (px - this.#x) * factor, py - (py - this.#y) * factor);
  }

  #moveBy(dx: number, dy: number): void {
    const [wide, high] = [this.#wide, this.#high];
    const [w, h] = [this.#width * this.#scale, this.#height * this.#scale];
    this.#place(this.#scale, this.#within(this.#x + dx, w, wide), this.#within(this.#y + dy, h, high));
  }

  #drag(event: PointerEvent): void {
    if (event.button !== 0 || !this.#image || (event.target as Element).closest("button")) return;
    event.preventDefault(); // the field keeps the focus
    this.zone.setPointerCapture(event.pointerId);
    this.zone.classList.add("is-dragging");
    let [lastX, lastY] = [event.clientX, event.clientY];
    const move = (next: PointerEvent): void => {
      this.#moveBy(next.clientX - lastX, next.clientY - lastY);
      [lastX, lastY] = [next.clientX, next.clientY];
    };
    const stop = (): void => {
      this.zone.classList.remove("is-dragging");
      this.zone.removeEventListener("pointermove", move);
    };
    this.zone.addEventListener("pointermove", move);
    this.zone.addEventListener("pointerup", stop, { once: true });
    this.zone.addEventListener("pointercancel", stop, { once: true });
  }
}
