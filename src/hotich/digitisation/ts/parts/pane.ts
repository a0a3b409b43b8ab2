// A picture that scrolls and zooms under a drawing: the scale, fitting, panning. Used by the editor and the corners.
import type { Size } from "./regions";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 1.25;
type Fit = "page" | "width" | "none";

export function svgPart<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, name);
  setAll(made, attributes);
  return made;
}

export function setAll(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

export class Pane {
  readonly svg: SVGSVGElement;
  scale = 1;
  private fit: Fit = "page";

  constructor(
    readonly room: HTMLElement,
    readonly size: Size,
    picture: string,
    label: string,
    private readonly onScale: () => void,
  ) {
    this.svg = svgPart("svg", { viewBox: `0 0 ${size.width} ${size.height}`, role: "group", "aria-label": label });
    const image = svgPart("image", { href: picture, width: size.width, height: size.height });
    image.addEventListener("error", () => room.dispatchEvent(new Event("picture:missing", { bubbles: true })));
    this.svg.append(image);
    room.replaceChildren(this.svg);
    room.addEventListener("wheel", this.onWheel, { passive: false });
    this.watcher = new ResizeObserver(() => this.apply());
    this.watcher.observe(room);
    this.apply();
  }

  private readonly watcher: ResizeObserver;

  /** No longer shown: another pane takes the room. */
  leave(): void {
    this.watcher.disconnect();
    this.room.removeEventListener("wheel", this.onWheel);
  }

  private readonly onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1 : -1, { x: event.clientX, y: event.clientY });
  };

  fitTo(fit: "page" | "width"): void {
    this.fit = fit;
    this.apply();
  }

  /** Larger (1) or smaller (-1); the place under the pointer, or the middle, stays where it is. */
  zoom(by: 1 | -1, at?: { x: number; y: number }): void {
    const frame = this.room.getBoundingClientRect();
    const x = (at?.x ?? frame.left + frame.width / 2) - frame.left;
    const y = (at?.y ?? frame.top + frame.height / 2) - frame.top;
    const before = this.scale;
    const middle = { x: (this.room.scrollLeft + x) / before, y: (this.room.scrollTop + y) / before };
    this.fit = "none";
    this.scale = Math.min(Math.max(before * (by > 0 ? STEP : 1 / STEP), 0.05), 6);
    this.apply();
    this.room.scrollTo(middle.x * this.scale - x, middle.y * this.scale - y);
  }

  private apply(): void {
    const wide = (this.room.clientWidth - 2) / this.size.width;
    const high = (this.room.clientHeight - 2) / this.size.height;
    if (this.fit === "width") this.scale = wide;
    if (this.fit === "page") this.scale = Math.min(wide, high);
    if (!(this.scale > 0)) this.scale = 0.1;
    setAll(this.svg, { width: this.size.width * this.scale, height: this.size.height * this.scale });
    this.onScale();
  }

  /** A place on the screen in pixels of the picture. */
  place(event: { clientX: number; clientY: number }): { x: number; y: number } {
    const frame = this.svg.getBoundingClientRect();
    return { x: (event.clientX - frame.left) / this.scale, y: (event.clientY - frame.top) / this.scale };
  }

  /** Bring a box into view when it is not. */
  show(box: [number, number, number, number]): void {
    const [left, top, right, bottom] = box.map((side) => side * this.scale) as [number, number, number, number];
    const room = this.room;
    if (left < room.scrollLeft || right > room.scrollLeft + room.clientWidth) room.scrollLeft = (left + right - room.clientWidth) / 2;
    if (top < room.scrollTop || bottom > room.scrollTop + room.clientHeight) room.scrollTop = (top + bottom - room.clientHeight) / 2;
  }

  pan(down: PointerEvent): void {
    const from = { x: down.clientX + this.room.scrollLeft, y: down.clientY + this.room.scrollTop };
    follow(this.svg, down, (event) => this.room.scrollTo(from.x - event.clientX, from.y - event.clientY));
  }
}

/** Follow a pointer until it is let go. */
export function follow(target: Element, down: PointerEvent, move: (event: PointerEvent) => void, end?: () => void): void {
  target.setPointerCapture(down.pointerId);
  const onMove = (event: Event): void => move(event as PointerEvent);
  const stop = (): void => {
    target.removeEventListener("pointermove", onMove);
    target.removeEventListener("pointerup", stop);
    target.removeEventListener("pointercancel", stop);
    end?.();
  };
  target.addEventListener("pointermove", onMove);
  target.addEventListener("pointerup", stop);
  target.addEventListener("pointercancel", stop);
}
