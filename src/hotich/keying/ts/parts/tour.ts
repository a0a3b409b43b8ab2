// The first-use tour: a few steps in plain words, each pointing at a part of the page. Shown once a browser and officer,
// again from the help. The page carries the words: {{ tour|json_script:"tour-data" }} (keying/views/tour.py).
import { pageData } from "../../../digitisation/ts/parts/net";

export interface TourStep {
  part: string; // [data-tour-part="…"]; "": the step points at nothing
  title: string;
  text: string;
}

export interface TourData {
  name: string;
  user: string; // whose first time it is
  steps: TourStep[];
  words: { step: string; back: string; next: string; end: string; skip: string };
}

const KEPT = "hotich.tour.";

/** Show the tour when this officer has not seen it here (unless `alone` is false); [data-tour-again] shows it again. */
export function watchTour(alone = true): void {
  const data = pageData<TourData>("tour-data");
  if (!data || data.steps.length === 0) return;
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-tour-again]")) showTour(data);
  });
  if (alone && !seen(data)) showTour(data);
}

function seen({ name, user }: TourData): boolean {
  try {
    return localStorage.getItem(`${KEPT}${name}.${user}`) !== null;
  } catch {
    return true; // a browser that keeps nothing would show it every time
  }
}

function remember({ name, user }: TourData): void {
  try {
    localStorage.setItem(`${KEPT}${name}.${user}`, new Date().toISOString().slice(0, 10));
  } catch {
    // shown again next time
  }
}

/** The steps one after the other; left with Esc, "skip" or at the end. The focus goes back to where it was. */
export function showTour(data: TourData): void {
  if (document.querySelector("dialog.tour[open]")) return;
  const before = document.activeElement;
  document.querySelectorAll<HTMLDialogElement>("dialog[open]").forEach((open) => open.close());
  const view = build(data);
  let place = 0;
  const show = (by: number): void => {
    place += by;
    if (place >= data.steps.length) return view.dialog.close();
    point(view, data, place);
  };
  view.next.addEventListener("click", () => show(1));
  view.back.addEventListener("click", () => show(-1));
  view.skip.addEventListener("click", () => view.dialog.close());
  view.dialog.addEventListener("close", () => {
    remember(data);
    unmark();
    view.dialog.remove();
    if (before instanceof HTMLElement || before instanceof SVGElement) before.focus();
  });
  document.body.append(view.dialog);
  view.dialog.showModal();
  show(0);
  view.next.focus();
}

interface View {
  dialog: HTMLDialogElement;
  count: HTMLElement;
  title: HTMLElement;
  text: HTMLElement;
  skip: HTMLButtonElement;
  back: HTMLButtonElement;
  next: HTMLButtonElement;
}

function build(data: TourData): View {
  const dialog = document.createElement("dialog");
  dialog.className = "tour";
  const count = add(dialog, "p", "tour-step");
  const title = add(dialog, "h2", "");
  const text = add(dialog, "p", "");
  title.id = "tour-title";
  text.id = "tour-text";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.setAttribute("aria-describedby", text.id);
  const actions = add(dialog, "div", "tour-actions");
  const button = (words: string, look: string): HTMLButtonElement => {
    const made = add(actions, "button", `btn btn-small ${look}`) as HTMLButtonElement;
    made.type = "button";
    made.textContent = words;
    return made;
  };
  const skip = button(data.words.skip, "btn-quiet");
  const back = button(data.words.back, "btn-quiet");
  const next = button(data.words.next, "btn-primary");
  return { dialog, count, title, text, skip, back, next };
}

function add(parent: Element, name: string, look: string): HTMLElement {
  const made = document.createElement(name);
  if (look) made.className = look;
  parent.append(made);
  return made;
}

function point(view: View, data: TourData, place: number): void {
  const step = data.steps[place];
  if (!step) return;
  const isLast = place === data.steps.length - 1;
  view.count.textContent = data.words.step.replace("{n}", String(place + 1)).replace("{all}", String(data.steps.length));
  view.title.textContent = step.title;
  view.text.textContent = step.text;
  view.back.disabled = place === 0;
  view.skip.hidden = isLast;
  view.next.textContent = isLast ? data.words.end : data.words.next;
  unmark();
  const target = step.part ? document.querySelector<HTMLElement>(`[data-tour-part="${step.part}"]`) : null;
  view.dialog.classList.remove("is-left", "is-top");
  if (!target) return;
  target.classList.add("tour-target");
  target.scrollIntoView({ block: "nearest" });
  const frame = target.getBoundingClientRect();
  const own = view.dialog.getBoundingClientRect();
  const covers = frame.right > own.left && frame.bottom > own.top;
  view.dialog.classList.toggle("is-left", covers && frame.left > window.innerWidth / 3);
  view.dialog.classList.toggle("is-top", covers && frame.left <= window.innerWidth / 3 && frame.top > window.innerHeight / 3);
}

function unmark(): void {
  document.querySelectorAll(".tour-target").forEach((each) => each.classList.remove("tour-target"));
}
