// Cards of pages by keyboard: arrows go from card to card, Alt + arrows move the page itself in the order of the book.
import { post } from "./net";

function cards(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("[data-page-card]")];
}

/** How many cards stand in one row now. */
function inRow(all: HTMLElement[]): number {
  const top = all[0]?.offsetTop;
  return Math.max(1, all.filter((card) => card.offsetTop === top).length);
}

function onKey(root: HTMLElement, event: KeyboardEvent): void {
  const card = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-page-card]") : null;
  if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target instanceof HTMLInputElement) return;
  const all = cards(root);
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -inRow(all), ArrowDown: inRow(all) };
  const by = steps[event.key];
  if (by === undefined) return;
  event.preventDefault();
  if (event.altKey) void move(root, card, Math.sign(by));
  else all[all.indexOf(card) + by]?.querySelector<HTMLElement>("a[href], button")?.focus();
}

async function move(root: HTMLElement, card: HTMLElement, by: number): Promise<void> {
  const all = cards(root);
  const other = all[all.indexOf(card) + by];
  const url = root.dataset["movesTo"];
  if (!other || !url) return;
  const focused = document.activeElement;
  if (by < 0) other.before(card);
  else other.after(card);
  if (focused instanceof HTMLElement) focused.focus();
  const answer = await post(url, { page: card.dataset["pageCard"], before: beforeWhom(card) });
  const told = root.querySelector<HTMLElement>("[data-order-told]");
  if (told) told.textContent = answer.text;
  if (!answer.ok) location.reload(); // what the screen shows must be what is kept
  else number(root);
}

/** The page that now follows the moved one; "" for the end. */
function beforeWhom(card: HTMLElement): string {
  const next = card.nextElementSibling;
  return next instanceof HTMLElement ? (next.dataset["pageCard"] ?? "") : "";
}

function number(root: HTMLElement): void {
  const first = Number(root.dataset["firstPosition"] ?? 1);
  cards(root).forEach((card, place) => {
    const shown = card.querySelector("[data-page-position]");
    if (shown) shown.textContent = String(first + place);
  });
}

export function watchOrder(): void {
  document.querySelectorAll<HTMLElement>("[data-page-cards]").forEach((root) => {
    root.addEventListener("keydown", (event) => onKey(root, event));
  });
}
