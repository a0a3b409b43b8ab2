// The keys of the editor: each presses the button of its act ([data-act]).
import { isTyping } from "../../../web/ts/parts/keys";

const KEYS: Record<string, string> = {
  g: "grid", l: "lay", r: "turn", p: "corners", n: "new", h: "header", d: "duplicate", s: "split", u: "undo", o: "sort",
  m: "hand", delete: "delete", backspace: "delete", "+": "zoom_in", "=": "zoom_in", "-": "zoom_out", "0": "fit_page", "9": "fit_width",
  "[": "earlier", "]": "later", pageup: "before", pagedown: "next", escape: "cancel",
};
const WAYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The arrows on a box: the way it goes. */
export function wayOf(event: KeyboardEvent): [number, number] | null {
  const onRegion = event.target instanceof SVGElement && event.target.matches("[data-region]");
  return onRegion && !event.altKey ? (WAYS[event.key] ?? null) : null;
}

/** The act a key stands for; "" for none. While the corners are set, Enter sets them. */
export function actOf(event: KeyboardEvent, isCorners: boolean): string {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return withControl(event, key);
  if (event.altKey || isTyping(event.target)) return "";
  if (key === "enter") {
    const isElsewhere = event.target instanceof Element && event.target.closest("a, button, summary");
    return isElsewhere ? "" : isCorners ? "corners_save" : "confirm";
  }
  return event.shiftKey && key === "u" ? "redo" : (KEYS[key] ?? "");
}

function withControl(event: KeyboardEvent, key: string): string {
  if (key === "s") return "save";
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return "";
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" ? "redo" : "";
}
