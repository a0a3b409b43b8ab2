// The four corners of the sheet on the page as it was delivered: drawn with the mouse, or moved with the arrow keys.
import { Pane, follow, setAll, svgPart } from "./pane";
import type { Size } from "./regions";

export type Corner = [number, number];

export class Corners {
  readonly pane: Pane;
  private readonly outline: SVGPolygonElement;
  private readonly dots: SVGGElement[];
  readonly points: Corner[];

  constructor(room: HTMLElement, size: Size, picture: string, start: Corner[] | null, names: string[], label: string) {
    const { width, height } = size;
    const [x, y] = [width * 0.04, height * 0.04];
    this.points = (start ?? ([[x, y], [width - x, y], [width - x, height - y], [x, height - y]] as Corner[])).map(
      ([left, top]): Corner => [Math.min(Math.max(left, 0), width), Math.min(Math.max(top, 0), height)],
    );
    this.outline = svgPart("polygon", { class: "sheet-outline" });
    this.dots = this.points.map((_, place) => this.dot(place, names[place] ?? ""));
    this.pane = new Pane(room, size, picture, label, () => this.draw());
    this.pane.svg.append(this.outline, ...this.dots);
    this.draw();
    this.dots[0]?.focus();
  }

  private dot(place: number, name: string): SVGGElement {
    const made = svgPart("g", { class: "sheet-corner", tabindex: 0, role: "button", "aria-label": name });
    made.append(svgPart("circle", {}), svgPart("circle", { class: "is-middle" }));
    made.addEventListener("pointerdown", (down) => {
      down.preventDefault();
      made.focus();
      follow(made, down, (event) => this.put(place, this.pane.place(event)));
    });
    made.addEventListener("keydown", (event) => this.onKey(event, place));
    return made;
  }

  private onKey(event: KeyboardEvent, place: number): void {
    const ways: Record<string, Corner> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    const point = this.points[place];
    if (!way || !point) return;
    event.preventDefault();
    const step = event.ctrlKey ? 10 : 1;
    this.put(place, { x: point[0] + way[0] * step, y: point[1] + way[1] * step });
  }

  private put(place: number, at: { x: number; y: number }): void {
    const { width, height } = this.pane.size;
    this.points[place] = [Math.min(Math.max(at.x, 0), width), Math.min(Math.max(at.y, 0), height)];
    this.draw();
  }

  private draw(): void {
    if (!this.pane) return;
    this.outline.setAttribute("points", this.points.map((point) => point.join(",")).join(" "));
    const unit = 1 / this.pane.scale;
    this.dots.forEach((dot, place) => {
      const [cx, cy] = this.points[place] ?? [0, 0];
      dot.querySelectorAll("circle").forEach((circle, ring) => setAll(circle, { cx, cy, r: (ring ? 2 : 13) * unit }));
    });
  }
}
