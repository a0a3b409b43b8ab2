// Where a field stands on the scan: the pane moves there when the field has the focus, a difference shows a cutting of it.
// Positions come as data and are set through the CSSOM, which a strict CSP allows.

type Box = [number, number, number, number];

const MARGIN = 0.008; // of the picture, beside a region
const LINE = 0.02; // above and below it: its neighbours show which one it is
const TALLEST = 150; // pixels of a cutting
const LARGEST = 1.1; // of the picture's own size: larger is no clearer
const SIDE = 15; // beside a cutting

function boxes(lists: ArrayLike<Element>): Map<string, Box> {
  const found = new Map<string, Box>();
  const given = Array.from(lists).flatMap((list) => [...list.querySelectorAll<HTMLElement>(":scope > [data-field]")]);
  given.forEach((each) => {
    const shares = (each.dataset["box"] ?? "").split(",").map(Number);
    const [left, top, right, bottom] = shares;
    if (left === undefined || top === undefined || right === undefined || bottom === undefined || shares.some(Number.isNaN)) return;
    found.set(each.dataset["field"] ?? "", [
      Math.max(0, left - MARGIN), Math.max(0, top - LINE), Math.min(1, right + MARGIN), Math.min(1, bottom + LINE),
    ]);
  });
  return found;
}

/** The cutting of a difference; it stays hidden where nobody has drawn the region of its field. */
export function cropOf(set: HTMLElement): void {
  const frame = set.querySelector<HTMLElement>("[data-crop]");
  const image = frame?.querySelector("img");
  const box = boxes(document.querySelectorAll("[data-regions]")).get(set.dataset["field"] ?? "");
  if (!frame || !image || !box) return;
  const draw = (): void => {
    if (!image.naturalWidth) return;
    frame.hidden = false;
    const [left, top, right, bottom] = box;
    const ratio = image.naturalHeight / image.naturalWidth;
    const room = (frame.parentElement?.clientWidth ?? frame.clientWidth) - 2 * SIDE;
    const wide = Math.min(room / (right - left), TALLEST / ((bottom - top) * ratio), image.naturalWidth * LARGEST);
    image.style.width = `${wide}px`;
    image.style.marginLeft = `${-left * wide}px`;
    image.style.marginTop = `${-top * wide * ratio}px`;
    frame.style.height = `${(bottom - top) * wide * ratio}px`;
    frame.style.maxWidth = `${(right - left) * wide}px`;
  };
  image.addEventListener("load", draw);
  draw();
}

/** The pane of each scan shows the region of whatever field has the focus: the list of its regions stands beside it. */
export function followFields(): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-viewer-pane]")];
  const lists = [...document.querySelectorAll("[data-regions]")];
  panes.forEach((pane) => {
    const own = pane.closest("[data-scan]")?.querySelector("[data-regions]");
    const found = boxes(own ? [own] : panes.length === 1 ? lists : []);
    if (found.size > 0) followIn(pane, found);
  });
}

function followIn(pane: HTMLElement, found: Map<string, Box>): void {
  const image = pane.querySelector("img");
  if (!image) return;
  let last: Box | undefined;
  const go = (): void => {
    if (!last || !image.naturalWidth) return;
    const middle = ((last[1] + last[3]) / 2) * image.clientHeight - pane.clientHeight / 2;
    // of a region wider than the pane its beginning: there the writing begins
    const spare = Math.max(0, pane.clientWidth - (last[2] - last[0]) * image.clientWidth);
    const side = last[0] * image.clientWidth - spare / 2;
    pane.scrollTo({ top: Math.max(0, middle), left: Math.max(0, side) });
  };
  image.addEventListener("load", () => requestAnimationFrame(go)); // the first field has the focus before its picture is here
  document.addEventListener("focusin", (event) => {
    const target = event.target;
    if (!(target instanceof HTMLElement)) return;
    const code = target.closest<HTMLElement>("[data-decision]")?.dataset["field"] ?? target.getAttribute("name") ?? "";
    last = found.get(code) ?? last;
    if (found.has(code)) go();
  });
}
