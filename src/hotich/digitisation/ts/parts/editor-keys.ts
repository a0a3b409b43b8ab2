// The keys of the editor: each presses the button of its act ([data-act]).

export const KEYS: Record<string, string> = {
  g: "grid", l: "lay", r: "turn", p: "corners", n: "new", h: "header", d: "duplicate", s: "split", u: "undo", o: "sort",
  m: "hand", delete: "delete", backspace: "delete", "+": "zoom_in", "=": "zoom_in", "-": "zoom_out", "0": "fit_page", "9": "fit_width",
  "[": "earlier", "]": "later", pageup: "before", pagedown: "next", escape: "cancel",
};
export const WAYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
