// The mouse or the pen on the page: a box is moved by its area, resized by its handles, drawn on free paper.
import { type Pane, follow } from "./pane";
import { type Box, type Size, fitted, moved, resized } from "./regions";

export interface Paper {
  readonly size: Size;
  readonly mayEdit: boolean;
  /** the hand moves the picture, not the boxes */
  isHand(): boolean;
  /** chosen by the pointer; the box it has now */
  take(id: number): Box | undefined;
  /** before the first change of a pull: what can be come back to */
  keep(): void;
  put(box: Box): void;
  sketch(box: Box | null): void;
  /** a box that was drawn; null for a mere click on free paper */
  drawn(box: Box | null): void;
}

const STILL = 3; // pixels of the screen a hand trembles
const LEAST = { width: 12, height: 8 }; // of the screen: less is a click, no box

export function onPointer(down: PointerEvent, pane: Pane, paper: Paper): void {
  const target = down.target instanceof Element ? down.target : null;
  if (paper.isHand() || down.button === 1) {
    down.preventDefault();
    pane.pan(down);
    return;
  }
  if (down.button !== 0) return;
  down.preventDefault();
  const holder = target?.closest<SVGGElement>("[data-region]");
  const side = target instanceof SVGElement ? target.dataset["side"] : undefined;
  if (holder) pull(down, pane, paper, Number(holder.dataset["region"]), side);
  else if (paper.mayEdit) draw(down, pane, paper);
}

function pull(down: PointerEvent, pane: Pane, paper: Paper, id: number, side: string | undefined): void {
  const box = paper.take(id);
  const from = pane.place(down);
  if (!box || !paper.mayEdit) return;
  let kept = false;
  follow(pane.svg, down, (event) => {
    const at = pane.place(event);
    const [dx, dy] = [at.x - from.x, at.y - from.y];
    if (!kept && Math.hypot(dx, dy) * pane.scale < STILL) return;
    if (!kept) paper.keep();
    kept = true;
    paper.put(side ? resized(box, side, dx, dy, paper.size) : moved(box, dx, dy, paper.size));
  });
}

function draw(down: PointerEvent, pane: Pane, paper: Paper): void {
  const from = pane.place(down);
  let box: Box | null = null;
  follow(
    pane.svg,
    down,
    (event) => {
      const at = pane.place(event);
      box = fitted([from.x, from.y, at.x, at.y], paper.size);
      paper.sketch(box);
    },
    () => {
      paper.sketch(null);
      const isBox = box && (box[2] - box[0]) * pane.scale >= LEAST.width && (box[3] - box[1]) * pane.scale >= LEAST.height;
      paper.drawn(isBox ? box : null);
    },
  );
}
