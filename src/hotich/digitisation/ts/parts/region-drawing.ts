// A box on the picture: its area, its badge with the number, the handles at its sides.
import { setAll, svgPart } from "./pane";
import type { Box, Region } from "./regions";

const SIDES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"] as const;

export interface Look {
  label: string;
  name: string; // for screen readers
  isChosen: boolean;
  unit: number; // pixels of the picture that make one on the screen
}

export function makeRegion(): SVGGElement {
  const made = svgPart("g", { tabindex: 0, role: "button" });
  made.append(svgPart("rect", { class: "region-area" }), svgPart("rect", { class: "region-badge" }), svgPart("text", { class: "region-number" }));
  for (const side of SIDES) made.append(svgPart("rect", { class: `region-handle is-${side}`, "data-side": side }));
  return made;
}

export function placeRegion(element: SVGGElement, each: Region, { label, name, isChosen, unit }: Look): void {
  const [left, top, right, bottom] = each.box;
  setAll(element, {
    class: `region is-${each.kind}${isChosen ? " is-chosen" : ""}`,
    "data-region": each.id, "aria-label": name, "aria-pressed": String(isChosen),
  });
  const [area, badge, text] = element.children as unknown as [SVGRectElement, SVGRectElement, SVGTextElement];
  setAll(area, { x: left, y: top, width: right - left, height: bottom - top });
  const wide = (label.length * 8 + 12) * unit;
  // beside the box where there is room (the number of the entry stands at its left edge), titles above it
  const isTitle = each.kind === "header" && top >= 10 * unit;
  const clear = isChosen ? 6 * unit : 0; // of the handle
  const x = !isTitle && left >= wide / 2 ? Math.max(left - wide - clear, 0) : left;
  const y = isTitle ? Math.max(top - 20 * unit, 0) : top;
  setAll(badge, { x, y, width: wide, height: 20 * unit });
  setAll(text, { x: x + wide / 2, y: y + 14.5 * unit, "font-size": 13 * unit, "text-anchor": "middle" });
  if (text.textContent !== label) text.textContent = label;
  for (const handle of element.querySelectorAll<SVGRectElement>("[data-side]")) placeHandle(handle, each.box, unit);
}

function placeHandle(handle: SVGRectElement, [left, top, right, bottom]: Box, unit: number): void {
  const side = handle.dataset["side"] ?? "";
  const x = side.includes("w") ? left : side.includes("e") ? right : (left + right) / 2;
  const y = side.includes("n") ? top : side.includes("s") ? bottom : (top + bottom) / 2;
  setAll(handle, { x: x - 5 * unit, y: y - 5 * unit, width: 10 * unit, height: 10 * unit });
}
