// The boxes of a page as data: cases, and strips of column titles. No drawing here, nothing of the browser.

export type Box = [number, number, number, number]; // left, top, right, bottom in pixels of the flat page
export type Kind = "case" | "header";

export interface Region {
  id: number;
  kind: Kind;
  box: Box;
}

/** As the server keeps it: each case with the strip of titles that belongs to it. */
export interface SavedBox {
  box: Box;
  header: Box | null;
}

export interface Size {
  width: number;
  height: number;
}

export const SMALLEST = 24;

let last = 0;

export function region(kind: Kind, box: Box): Region {
  last += 1;
  return { id: last, kind, box };
}

export function fromSaved(saved: SavedBox[]): Region[] {
  const headers = new Map<string, Box>();
  for (const { header } of saved) if (header) headers.set(header.join(), header);
  return [...[...headers.values()].map((box) => region("header", box)), ...saved.map(({ box }) => region("case", box))];
}

/** A case has the nearest strip above it that stands over at least half of its width. */
export function toSaved(regions: Region[]): SavedBox[] {
  const headers = regions.filter((each) => each.kind === "header");
  return regions
    .filter((each) => each.kind === "case")
    .map(({ box }) => ({ box: rounded(box), header: headerOf(box, headers) }));
}

function headerOf(box: Box, headers: Region[]): Box | null {
  const above = headers.filter((each) => overlap(each.box, box) >= 0.5 && each.box[1] < box[1]);
  above.sort((one, other) => other.box[1] - one.box[1]);
  return above[0] ? rounded(above[0].box) : null;
}

/** How much of the narrower one's width both have in common. */
function overlap(one: Box, other: Box): number {
  const common = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  return common / Math.max(1, Math.min(one[2] - one[0], other[2] - other[0]));
}

export function rounded(box: Box): Box {
  return box.map((side) => Math.round(side * 10) / 10) as Box;
}

/** Reading order: column by column from the left (the two pages of an opening), each from the top. */
export function inReadingOrder(regions: Region[]): Region[] {
  const columns: Region[][] = [];
  for (const each of [...regions].sort((one, other) => one.box[0] - other.box[0])) {
    const column = columns.find((members) => members.some((member) => overlap(member.box, each.box) >= 0.5));
    if (column) column.push(each);
    else columns.push([each]);
  }
  return columns.flatMap((members) => members.sort((one, other) => one.box[1] - other.box[1]));
}

/** Moved, but never off the page. */
export function moved(box: Box, dx: number, dy: number, page: Size): Box {
  const x = Math.min(Math.max(dx, -box[0]), page.width - box[2]);
  const y = Math.min(Math.max(dy, -box[1]), page.height - box[3]);
  return [box[0] + x, box[1] + y, box[2] + x, box[3] + y];
}

/** Sides moved each for itself ("nw", "e", …); a box keeps a smallest size and stays on the page. */
export function resized(box: Box, sides: string, dx: number, dy: number, page: Size): Box {
  let [left, top, right, bottom] = box;
  if (sides.includes("w")) left = Math.min(Math.max(left + dx, 0), right - SMALLEST);
  if (sides.includes("e")) right = Math.max(Math.min(right + dx, page.width), left + SMALLEST);
  if (sides.includes("n")) top = Math.min(Math.max(top + dy, 0), bottom - SMALLEST);
  if (sides.includes("s")) bottom = Math.max(Math.min(bottom + dy, page.height), top + SMALLEST);
  return [left, top, right, bottom];
}

/** Any four numbers as a box on the page. */
export function fitted(box: Box, page: Size): Box {
  const left = Math.min(Math.max(Math.min(box[0], box[2]), 0), page.width - SMALLEST);
  const top = Math.min(Math.max(Math.min(box[1], box[3]), 0), page.height - SMALLEST);
  const right = Math.min(Math.max(box[0], box[2], left + SMALLEST), page.width);
  const bottom = Math.min(Math.max(box[1], box[3], top + SMALLEST), page.height);
  return [left, top, right, bottom];
}

export function rowsOf(box: Box, count: number): Box[] {
  const height = (box[3] - box[1]) / count;
  return Array.from({ length: count }, (_, row): Box => [box[0], box[1] + row * height, box[2], box[1] + (row + 1) * height]);
}

/** The next box of a row of boxes: as large, straight below; beside it where there is no room below. */
export function copyOf(box: Box, page: Size): Box {
  const high = box[3] - box[1];
  const wide = box[2] - box[0];
  if (box[3] + high <= page.height + 1) return fitted([box[0], box[3], box[2], box[3] + high], page);
  if (box[2] + wide <= page.width + 1) return fitted([box[2], box[1], box[2] + wide, box[3]], page);
  return moved(box, 20, 20, page);
}

/** What was done can be undone, and done again. */
export class History {
  private readonly past: string[] = [];
  private future: string[] = [];

  constructor(private readonly most = 200) {}

  keep(regions: Region[]): void {
    const now = JSON.stringify(regions);
    if (this.past.at(-1) === now) return;
    this.past.push(now);
    if (this.past.length > this.most) this.past.shift();
    this.future = [];
  }

  get mayUndo(): boolean {
    return this.past.length > 0;
  }

  get mayRedo(): boolean {
    return this.future.length > 0;
  }

  undo(present: Region[]): Region[] | null {
    return this.step(this.past, this.future, present);
  }

  redo(present: Region[]): Region[] | null {
    return this.step(this.future, this.past, present);
  }

  private step(from: string[], to: string[], present: Region[]): Region[] | null {
    const found = from.pop();
    if (found === undefined) return null;
    to.push(JSON.stringify(present));
    return JSON.parse(found) as Region[];
  }
}
